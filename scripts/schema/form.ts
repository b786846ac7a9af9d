import { digest } from './digest.ts';
import { createEngine, type Engine } from './engine.ts';
import type { Fault } from './fault.ts';
import { partAt, propertiesOf, toField, type Field, type Part } from './fields.ts';
import { checkOurs } from './ours.ts';
import { SCHEMAS, type Schema } from './schemas.ts';
import { isSchema, layersOf, type Registry } from './tree.ts';

/** What a project's own schemas may take the place of. */
export const ROLES = ['incident', 'closure', 'handoff'] as const;
export type Role = (typeof ROLES)[number];

/** A project's own schemas: by what each takes the place of, and the files that they refer to. All bear an `$id`. */
export type OwnSchemas = { roles: Partial<Record<Role, Schema>>; others: readonly Schema[] };

/**
 * The form in force: which sections and fields an incident has, what closing and handing over demand of them, and how
 * each is called. It is made of our schemas, or of a project's own ones.
 */
export type Form = {
  /** Sections in the order of the template, each with the other names people give it. */
  sections: ReadonlyMap<string, readonly string[]>;
  /** All fields that people write, those of the hand-off included, in the order of the template. */
  fields: readonly Field[];
  /** The field at a place of the record, such as `owner` or `handoff/bridge`. */
  fieldAt: (path: readonly string[]) => Field | undefined;
  /** All that the schemas in force say of the field at a place of the record. */
  propertyAt: (path: readonly string[]) => Schema;
  partAt: (path: readonly string[]) => Part | undefined;
  /** What a schema in force finds wrong with a record (or, for `handoff`, with its hand-off). */
  check: (role: Role, value: unknown) => Fault[];
  /** Of all schemas that it is made of. */
  hash: string;
  registry: Registry;
};

const NONE: OwnSchemas = { roles: {}, others: [] };
const SHORT = (role: Role): string => `urn:watchkeeper:${role}`;

/**
 * Makes the form of a project. Its own schemas must be sound, see `flawsOf`; broken ones throw. `areOurs` if all of them are
 * ours, so that `ours.ts` knows them.
 */
export function createForm(own: OwnSchemas = NONE, areOurs = own === NONE): Form {
  const idOf = (role: Role): string => (own.roles[role] ? idIn(own.roles[role]) : SHORT(role));
  const inForce: Schema = { $id: 'urn:watchkeeper:incident:in-force', $ref: idOf('incident') };
  const more = [inForce, ...new Set([...Object.values(own.roles), ...own.others])];
  let content: Content | undefined;
  const contentOf = (): Content => (content ??= readContent(more, idOf));
  // Broken schemas throw here; ours are sound, and most events ask nothing of the form.
  if (!areOurs) contentOf();
  let engine: Engine | undefined;
  let hash: string | undefined;
  return {
    get sections() {
      return contentOf().sections;
    },
    get registry() {
      return contentOf().registry;
    },
    get fields() {
      return contentOf().fields;
    },
    partAt: (path) => partAt(path, contentOf().properties),
    propertyAt: (path) => propertyAt(path, contentOf().properties),
    fieldAt: (path) => contentOf().fields.find((field) => field.path.every((part, index) => part === path[index])),
    check: (role, value) => {
      if (areOurs) return checkOurs(idOf(role), value);
      engine ??= createEngine(more);
      return engine.check(idOf(role), value);
    },
    get hash() {
      return (hash ??= digest([
        ...ROLES.map((role) => SCHEMAS[role]),
        ...ROLES.map((role) => own.roles[role] ?? null),
        own.others,
      ]));
    },
  };
}

function propertyAt([first = '', inner]: readonly string[], properties: ReadonlyMap<string, Schema>): Schema {
  const property = properties.get(first) ?? {};
  const below = isSchema(property['properties']) ? property['properties'][inner ?? ''] : undefined;
  return inner === undefined ? property : isSchema(below) ? below : {};
}

/** What schemas say of a record. */
type Content = Pick<Form, 'registry' | 'sections' | 'fields'> & { properties: ReadonlyMap<string, Schema> };

function readContent(more: readonly Schema[], idOf: (role: Role) => string): Content {
  const registry: Registry = new Map([...Object.values(SCHEMAS), ...more].map((schema) => [idIn(schema), schema]));
  const properties = recordProperties(registry, idOf);
  const unordered = fieldsOf(properties);
  const sections = sectionsOf(registry, idOf, unordered);
  const order = [...sections.keys()];
  const fields = unordered.sort((a, b) => order.indexOf(a.section) - order.indexOf(b.section));
  return { registry, properties, sections, fields };
}

/** The `$id` of a schema; who reads schemas sees to it that they have one. */
export function idIn(schema: Schema): string {
  const { $id: id } = schema;
  if (typeof id !== 'string') throw new Error('a schema has no $id');
  return id;
}

/** The form of a project without schemas of its own. */
export const OUR_FORM: Form = createForm();

/**
 * The record's properties: those of the incident schema, and those to which the closure schema gives a section. What
 * bears the name of one of our fields has our words for it, unless it has its own.
 */
function recordProperties(registry: Registry, idOf: (role: Role) => string): Map<string, Schema> {
  const at = (id: string, conditional = false): Map<string, Schema> =>
    propertiesOf({ schema: registry.get(id) ?? {}, base: id }, registry, conditional);
  const ours = at(SHORT('incident'));
  const own = new Map([...at(idOf('incident'))].map(([name, property]) => [name, { ...ours.get(name), ...property }]));
  for (const [name, property] of at(idOf('closure'), true)) {
    if (typeof property['x-section'] === 'string' && !own.has(name)) own.set(name, property);
  }
  const handoff = own.get('handoff') ?? ours.get('handoff');
  const inner = Object.fromEntries(at(idOf('handoff')));
  return own.set('handoff', { ...handoff, properties: inner });
}

function fieldsOf(properties: ReadonlyMap<string, Schema>): Field[] {
  return [...properties].flatMap(([key, property]) => {
    const section = property['x-section'];
    if (typeof section !== 'string') return [];
    if (property['x-reads'] !== 'group') return [toField([key], property, section)];
    const inner = isSchema(property['properties']) ? Object.entries(property['properties']) : [];
    return inner.flatMap(([name, nested]) => (isSchema(nested) ? [toField([key, name], nested, section)] : []));
  });
}

/** Ours that have fields, then those that own fields name; with all the other names that any layer gives them. */
function sectionsOf(registry: Registry, idOf: (role: Role) => string, fields: readonly Field[]): Map<string, string[]> {
  const root = (id: string): Schema => registry.get(id) ?? {};
  const layers = ['urn:watchkeeper:incident', idOf('incident'), idOf('closure')].flatMap((id) =>
    layersOf({ schema: root(id), base: id }, registry, true).map(({ schema }) => schema),
  );
  const named = layers.flatMap((schema) => Object.entries((schema['x-sections'] ?? {}) as Record<string, string[]>));
  const used = new Set(['Incident', ...fields.map(({ section }) => section)]);
  const names = [...named.map(([name]) => name), ...used].filter((name) => used.has(name));
  return new Map(
    [...new Set(names)].map((name) => [
      name,
      [...new Set(named.flatMap(([other, also]) => (other === name ? also : [])))],
    ]),
  );
}
