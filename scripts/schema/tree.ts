import type { Schema } from './schemas.ts';

/** Schemas by their `$id`. */
export type Registry = ReadonlyMap<string, Schema>;

/** A schema, and the id of the document in which it stands, by which its local references are read. */
export type Placed = { schema: Schema; base: string };

const MAPS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const SINGLES =
  'items if then else not contains additionalProperties unevaluatedProperties unevaluatedItems propertyNames';

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schemas that stand directly in a schema, each with its JSON pointer from there. */
function partsOf(schema: Schema): { pointer: string; part: Schema }[] {
  const inMaps = MAPS.flatMap((keyword) => entriesOf(schema[keyword], `/${keyword}`));
  const inLists = LISTS.flatMap((keyword) => entriesOf(schema[keyword], `/${keyword}`));
  const single = SINGLES.split(' ').map((keyword) => ({ pointer: `/${keyword}`, part: schema[keyword] }));
  return [...inMaps, ...inLists, ...single].flatMap(({ pointer, part }) => (isSchema(part) ? [{ pointer, part }] : []));
}

function entriesOf(value: unknown, pointer: string): { pointer: string; part: unknown }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([key, part]) => ({ pointer: `${pointer}/${escape(key)}`, part: part as unknown }));
}

/** A schema and all that stand in it, each with its JSON pointer. */
export function everyPart(schema: Schema, pointer = ''): { pointer: string; part: Schema }[] {
  const below = partsOf(schema).flatMap((inner) => everyPart(inner.part, pointer + inner.pointer));
  return [{ pointer, part: schema }, ...below];
}

/** The schema that a `$ref` leads to, if there is one. References are absolute ids or local, `#/...`. */
export function follow(ref: string, base: string, registry: Registry): Placed | undefined {
  const [id = '', pointer = ''] = ref.split('#');
  const target = id === '' ? base : id;
  let found: unknown = registry.get(target);
  for (const segment of pointer.split('/').slice(1)) {
    const key = unescape(decode(segment));
    found = (isSchema(found) || Array.isArray(found)) && Object.hasOwn(found, key) ? (found as Schema)[key] : undefined;
  }
  return isSchema(found) ? { schema: found, base: target } : undefined;
}

/**
 * The schemas that say something of the same value as this one, itself last: what its `$ref` and its `allOf` lead to,
 * and, with `conditional`, the branches of its conditions.
 */
export function layersOf(placed: Placed, registry: Registry, conditional = false, seen = new Set<Schema>()): Placed[] {
  const { schema, base } = placed;
  if (seen.has(schema)) return [];
  seen.add(schema);
  const referred = typeof schema['$ref'] === 'string' ? follow(schema['$ref'], base, registry) : undefined;
  const all = Array.isArray(schema['allOf']) ? (schema['allOf'] as unknown[]) : [];
  const branches = conditional ? [schema['then'], schema['else']] : [];
  const parts = [...all, ...branches].filter(isSchema).map((part) => ({ schema: part, base }));
  const below = [...(referred ? [referred] : []), ...parts];
  return [...below.flatMap((part) => layersOf(part, registry, conditional, seen)), placed];
}

/** In a reference, a pointer is percent-encoded (RFC 6901, section 6); what is no such code stands for itself. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

/** One segment of a JSON pointer, as it is written (RFC 6901). */
export function escape(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** One segment of a JSON pointer, as it is meant. */
export function unescape(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
