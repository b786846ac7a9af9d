import { _, Ajv2020, type Code, type KeywordCxt } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import { faultsOf, type Fault } from './fault.ts';
import { FORMATS, KEYWORDS } from './keywords.ts';
import { SCHEMAS, type Schema } from './schemas.ts';
import { escape, everyPart } from './tree.ts';

/** Holds values against schemas by their ids. `flawsOf` says what is wrong with a schema itself, by JSON pointer. */
export type Engine = {
  check: (id: string, value: unknown) => Fault[];
  flawsOf: (schema: Schema) => { pointer: string; says: string }[];
};

/**
 * Patterns are held against whatever people write, so they run in linear time (RE2: no look-around, no back-references);
 * otherwise one line of a description could hang every job.
 */
const regExp = Object.assign((pattern: string) => RE2JS.compile(pattern), { code: 'RE2JS.compile' });

/** What validators that are written down (see `scripts/build`) import from `keywords.ts`. */
const IMPORTED = { formats: _`FORMATS`, keywords: _`KEYWORDS` } as const;

/**
 * The library with our keywords, formats and schemas, and with `more`. Throws where one of these is broken. Where all of them
 * are ours, patterns are Node's own, since a test holds that each takes linear time, and defaults are filled in.
 */
export function createAjv(more: readonly Schema[], areOurs: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    ...{ allErrors: true, verbose: true, ownProperties: true, useDefaults: areOurs, allowUnionTypes: true },
    ...{ strictRequired: false, strictTypes: false, strictTuples: false, logger: false },
    code: areOurs ? { source: true, esm: true, lines: true, formats: IMPORTED.formats } : { regExp },
  });
  for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format);
  addKeywords(ajv, areOurs);
  for (const schema of [...Object.values(SCHEMAS), ...more]) ajv.addSchema(schema);
  return ajv;
}

/** An engine for schemas beside ours, which are `more`. */
export function createEngine(more: readonly Schema[] = [], areOurs = false): Engine {
  const ajv = createAjv(more, areOurs);
  return {
    check: (id, value) => {
      const validator = ajv.getSchema(id);
      if (!validator) throw new Error(`no schema is called ${id}`);
      return faultsOf(validator, value);
    },
    flawsOf: (schema) => {
      const isSound = ajv.validateSchema(schema);
      const errors = isSound === true ? [] : (ajv.errors ?? []);
      const refused = errors.map(({ instancePath, message }) => ({
        pointer: instancePath,
        says: `${message ?? 'is wrong'}.`,
      }));
      return [...refused, ...everyPart(schema).flatMap(({ pointer, part }) => keywordFlaws(ajv, part, pointer))];
    },
  };
}

/** One line that can break out of nothing: it stands in comments, templates and tables. */
const TEXT = { type: 'string', pattern: '^[^\\r\\n\\x{2028}\\x{2029}]+$', not: { pattern: '```|<!--|-->' } } as const;
/** The same for words that stand bare in comments: what might mention somebody or open HTML is in inline code. */
const WORDS = {
  ...TEXT,
  pattern:
    '^(?:[^\\r\\n\\x{2028}\\x{2029}`@<]|@(?:[^\\w\\r\\n\\x{2028}\\x{2029}`@<]|$)|`[^`\\r\\n\\x{2028}\\x{2029}]*`)+$',
} as const;
/** What a label or a heading can be read as again. */
const NAME = { type: 'string', pattern: '^[^\\r\\n:*_`|<>#@\\x{FF1A}]{1,60}$' } as const;
const NAMES = { type: 'array', items: NAME } as const;

/** What our own words in schemas must look like. */
const ANNOTATIONS = {
  'x-sections': { type: 'object', additionalProperties: NAMES },
  'x-section': NAME,
  'x-also': NAMES,
  'x-reads': TEXT,
  'x-code': { type: 'string', pattern: '^[A-Z][A-Z0-9_]{1,60}$' },
  'x-help': WORDS,
  'x-hint': TEXT,
} as const;

/** A keyword that is a question about a text, so that what is written down asks the same one. */
function asking(name: keyof typeof KEYWORDS): (context: KeywordCxt) => void {
  return (context) => {
    const code: Code = _`${IMPORTED.keywords}.${name === 'filled' ? _`filled` : _`reasoned`}`;
    const question = context.gen.scopeValue('keyword', { ref: KEYWORDS[name], key: name, code });
    context.fail(_`!${question}(${context.data}, ${context.schema as string})`);
  };
}

/** What is said of our schemas is held against `ANNOTATIONS` by a test alone. */
function addKeywords(ajv: Ajv2020, areOurs: boolean): void {
  for (const [keyword, metaSchema] of Object.entries(ANNOTATIONS))
    ajv.addKeyword(areOurs ? { keyword } : { keyword, metaSchema });
  ajv.addKeyword({
    keyword: 'filled',
    type: 'string',
    schemaType: ['boolean', 'string'],
    metaSchema: { enum: [true, 'or none'] },
    code: asking('filled'),
    error: { message: 'must be filled in: placeholders do not count' },
  });
  ajv.addKeyword({
    keyword: 'reasoned',
    type: 'string',
    schemaType: 'number',
    metaSchema: { type: 'integer', minimum: 1 },
    code: asking('reasoned'),
    error: { message: 'must give a reason of 20 letters or digits, or a reference' },
  });
}

const BY_POINTER = 'is not read here: refer by the path of a file and a JSON pointer.';

/** Keywords of JSON Schema, or of its engine, that do harm here or that nothing here follows. */
const REFUSED: Readonly<Partial<Record<string, string>>> = {
  $async: 'is not read here: a schema is checked at once.',
  ...Object.fromEntries(['$anchor', '$dynamicAnchor', '$dynamicRef'].map((keyword) => [keyword, BY_POINTER])),
};

/** What the engine would say only once it meets the value, and without its place. */
function brokenValue(ajv: Ajv2020, keyword: string, value: unknown): string | undefined {
  if (keyword === 'format' && typeof value === 'string' && !Object.hasOwn(ajv.formats, value)) {
    return `${JSON.stringify(value)} is no format known here. Known are ${Object.keys(ajv.formats).join(', ')}.`;
  }
  if (keyword === 'enum' && Array.isArray(value) && value.length === 0) return 'lists nothing.';
  if (keyword !== 'pattern' || typeof value !== 'string') return undefined;
  try {
    RE2JS.compile(value);
    return undefined;
  } catch (error) {
    return `${error instanceof Error ? error.message : 'is no regular expression'}.`;
  }
}

/** Keywords that nobody knows are misspelt ones, and our own words have a form. */
function keywordFlaws(ajv: Ajv2020, part: Schema, pointer: string): { pointer: string; says: string }[] {
  return Object.entries(part).flatMap(([keyword, value]) => {
    const place = `${pointer}/${escape(keyword)}`;
    const refusal =
      (Object.hasOwn(REFUSED, keyword) ? REFUSED[keyword] : undefined) ?? brokenValue(ajv, keyword, value);
    if (refusal !== undefined) return [{ pointer: place, says: refusal }];
    if (!Object.hasOwn(ajv.RULES.keywords, keyword))
      return [{ pointer: place, says: 'is no keyword of JSON Schema, and none of ours.' }];
    const demanded = Object.hasOwn(ANNOTATIONS, keyword) ? ANNOTATIONS[keyword as keyof typeof ANNOTATIONS] : undefined;
    if (!demanded || ajv.validate(demanded, value)) return [];
    return [{ pointer: place, says: `${ajv.errors?.[0]?.message ?? 'is wrong'}.` }];
  });
}
