import standalone from 'ajv/dist/standalone/index.js';
import { createAjv } from '../schema/engine.ts';
import { MADE } from '../schema/made.ts';
import { briefly } from '../schema/ours.ts';
import { SCHEMAS } from '../schema/schemas.ts';

/** The validators of our schemas as JavaScript modules, by the ids of the schemas. */
export function compileValidators(): Record<string, string> {
  const ids = [...Object.values(SCHEMAS), ...MADE].map(({ $id }) => String($id));
  const full = ids.map((id) => [id, toModule(id)] as const);
  return Object.fromEntries([...full, ...BRIEF.map((id) => [briefly(id), toModule(id, true)] as const)]);
}

/** What each run reads, is large, and nearly always in order. */
const BRIEF = ['urn:watchkeeper:config'];

function toModule(id: string, isBrief = false): string {
  // An engine for each, since what one was asked before is in the names that it gives.
  const ajv = createAjv(MADE, true);
  if (isBrief) Object.assign(ajv.opts, { allErrors: false, verbose: false, messages: false, inlineRefs: false });
  const validator = ajv.getSchema(id);
  if (!validator) throw new Error(`no schema is called ${id}`);
  const code = standalone.default(ajv, validator);
  return `import { FORMATS, KEYWORDS } from 'scripts/schema/keywords.ts';\n${isBrief ? withoutWords(code) : code}`;
}

/** Without all that a validator could say of a fault, and what only people read in its schemas. The library writes one statement a line. */
function withoutWords(code: string): string {
  return code.split('\n').map(withoutWordsIn).join('\n');
}

function withoutWordsIn(line: string): string {
  const [start] = /^(?:validate\d+\.errors = \[|const \w+ = )/.exec(line) ?? [''];
  const rest = line.slice(start.length);
  if (start === '' || !rest.startsWith('{')) return line;
  const end = rest.lastIndexOf('}') + 1;
  if (rest.startsWith('{instancePath')) return `${start}{}${rest.slice(end)}`;
  if (!start.startsWith('const schema')) return line;
  const bare = JSON.stringify(JSON.parse(rest.slice(0, end)), (key, value: unknown) =>
    isForPeople(key, value) ? undefined : value,
  );
  return `${start}${bare}${rest.slice(end)}`;
}

function isForPeople(key: string, value: unknown): boolean {
  return (
    (/^(?:description|title)$/.test(key) && typeof value === 'string') || (key === 'examples' && Array.isArray(value))
  );
}
