import { readFile } from 'node:fs/promises';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { SetupError } from '../ci/errors.ts';
import type { Source } from '../gitlab/port.ts';
import type { Config } from '../schema/types.gen.ts';
import { validate, type Fault } from '../schema/validate.ts';

/** Reads and checks the configuration file. Throws a SetupError that names file, line and path of each mistake. */
export async function readConfig(path: string): Promise<Config> {
  const text = await readText(path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'error', merge: false });
  const place = (offset: number): string => `${path}:${lines.linePos(offset).line}:${lines.linePos(offset).col}`;
  const broken = document.errors[0] ?? document.warnings[0];
  if (broken) throw new SetupError(`${place(broken.pos[0])}: ${broken.message.split('\n')[0] ?? 'no YAML'}`);
  const checked = validate('config', toValue(document, path));
  if (checked.ok) return checked.value;
  const placed = checked.faults.map((fault) => ({ offset: offsetOf(document, fault), says: explain(fault) }));
  const mistakes = placed.sort((a, b) => a.offset - b.offset).map(({ offset, says }) => `${place(offset)}: ${says}`);
  throw new SetupError(`${[...new Set(mistakes)].join('; ')}. See README.md, "Configuration".`);
}

/** The watched projects and groups, in the order of the file. */
export function sourcesOf(config: Config): Source[] {
  const toId = (id: number | string): number | string => (/^\d+$/.test(String(id)) ? Number(id) : id);
  return config.sources.map(({ project, group }) =>
    project === undefined ? { kind: 'group', id: toId(group ?? '') } : { kind: 'project', id: toId(project) },
  );
}

/** The mistake of a configured source that GitLab does not show us. */
export function sourceNotThere({ kind, id }: Source, cause?: unknown): SetupError {
  const cure = 'Correct sources in the configuration, or give the bot the role Developer there.';
  return new SetupError(`The ${kind} ${id} does not exist, or the bot may not see it. ${cure}`, { cause });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(`The configuration cannot be read: ${reason}. Write one, or name it in WATCHKEEPER_CONFIG.`, {
      cause,
    });
  }
}

function toValue(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 });
  } catch (cause) {
    throw new SetupError(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Where the faulty value stands; for a superfluous key, the key itself. */
function offsetOf(document: Document, fault: Fault): number {
  const path = fault.instancePath.split('/').slice(1).map(unescape);
  const node = document.getIn(path, true);
  const extra = (fault.params as { additionalProperty?: string }).additionalProperty;
  const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === extra) : undefined;
  const place = pair?.key ?? node;
  return isNode(place) ? (place.range?.[0] ?? 0) : 0;
}

function unescape(segment: string): string | number {
  return /^\d+$/.test(segment) ? Number(segment) : segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

function explain({ instancePath, keyword, message, params }: Fault): string {
  const where = instancePath === '' ? 'the file' : instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'additionalProperties') {
    return `${where} has no option ${JSON.stringify((params as { additionalProperty: string }).additionalProperty)}`;
  }
  if (keyword === 'enum')
    return `${where} must be one of ${(params as { allowedValues: unknown[] }).allowedValues.join(', ')}`;
  return `${where} ${message}`;
}
