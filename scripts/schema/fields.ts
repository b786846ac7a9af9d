import type { Schema } from './schemas.ts';
import { isSchema, layersOf, type Placed, type Registry } from './tree.ts';

/** How the text of a field is read. */
export const READS = [
  ...([
    'prose',
    'user',
    'users',
    'time',
    'severity',
    'text',
    'entries',
    'items',
    'correspondence',
    'references',
  ] as const),
  ...(['group', 'outcome', 'rca', 'notes', 'actions', 'number', 'yes or no', 'choice'] as const),
];
export type Reads = (typeof READS)[number];

/** A field of the incident record, as its schema describes it. `path` is where it lies in the record. */
export type Field = {
  path: [string] | [string, string];
  title: string;
  section: string;
  also: string[];
  reads: Reads;
  code: string;
  help: string;
  hint: string;
  /** What may be chosen, where `reads` is a choice. */
  choices: string[];
  /** Values that pass, as the schema gives them. */
  examples: unknown[];
};

/** A part of the record that has reason codes of its own, such as the reason of an outcome, and how deep it lies. */
export type Part = { code: string; help: string; depth: number };

/** The properties that a schema gives a value, each with all that is said of it, nearest to the schema's root last. */
export function propertiesOf(placed: Placed, registry: Registry, conditional = false): Map<string, Schema> {
  const merged = new Map<string, Schema>();
  for (const { schema, base } of layersOf(placed, registry, conditional)) {
    const properties = isSchema(schema['properties']) ? schema['properties'] : {};
    for (const [name, property] of Object.entries(properties)) {
      if (!isSchema(property)) continue;
      const layers = layersOf({ schema: property, base }, registry).map((layer) => layer.schema);
      merged.set(name, Object.assign({}, merged.get(name), ...layers) as Schema);
    }
  }
  return merged;
}

/** The field that a property is; `section` is where people write it. */
export function toField(path: Field['path'], property: Schema, section: string): Field {
  const text = (keyword: string): string => (typeof property[keyword] === 'string' ? property[keyword] : '');
  const list = (keyword: string): unknown[] =>
    Array.isArray(property[keyword]) ? (property[keyword] as unknown[]) : [];
  const title = text('title') || sentence(path.at(-1) ?? '');
  return {
    ...{ path, title, section, also: list('x-also').map(String), code: text('x-code'), help: text('x-help') },
    ...{ reads: (text('x-reads') || readsByType(property)) as Reads, hint: text('x-hint') || title.toLowerCase() },
    ...{ choices: list('enum').filter((choice) => typeof choice === 'string'), examples: list('examples') },
  };
}

/** `data_protection` as `Data protection`. */
function sentence(key: string): string {
  const words = key.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function readsByType({ type, format, enum: choices }: Schema): Reads {
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'boolean') return 'yes or no';
  if (type === 'array') return 'items';
  if (Array.isArray(choices)) return choices.every((choice) => typeof choice === 'number') ? 'number' : 'choice';
  if (format === 'gitlab-user') return 'user';
  return format === 'date-time' ? 'time' : 'text';
}

/** The innermost part with a code of its own that a JSON pointer's segments lead to, through the entries of lists too. */
export function partAt(path: readonly string[], properties: ReadonlyMap<string, Schema>): Part | undefined {
  let found: Part | undefined;
  let level: ReadonlyMap<string, Schema> | undefined = properties;
  let entry: Schema | undefined;
  for (const [index, segment] of path.entries()) {
    const property: Schema | undefined = entry && /^\d+$/.test(segment) ? entry : level?.get(segment);
    entry = isSchema(property?.['items']) ? property['items'] : undefined;
    const { 'x-code': code, 'x-help': help } = property ?? {};
    if (typeof code === 'string') found = { code, help: typeof help === 'string' ? help : '', depth: index + 1 };
    const below: unknown = property?.['properties'];
    level = isSchema(below)
      ? new Map(Object.entries(below).filter((entry): entry is [string, Schema] => isSchema(entry[1])))
      : undefined;
  }
  return found;
}
