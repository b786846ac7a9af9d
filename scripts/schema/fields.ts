import incident from '../../schemas/incident.schema.json' with { type: 'json' };

/** How the text of a field is read. */
export type Reads =
  | 'prose'
  | 'user'
  | 'users'
  | 'time'
  | 'severity'
  | 'text'
  | 'entries'
  | 'items'
  | 'correspondence'
  | 'references'
  | 'group'
  | 'outcome'
  | 'rca'
  | 'notes';

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
};

type Property = {
  title?: string;
  properties?: Record<string, Property>;
  'x-section'?: string;
  'x-also'?: string[];
  'x-reads'?: string;
  'x-code'?: string;
  'x-help'?: string;
  'x-hint'?: string;
};

const properties = incident.properties as Record<string, Property>;

/** Sections in the order of the template, each with the other names people give it. */
export const SECTIONS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(incident['x-sections']));

/** All fields that people write, those of the hand-off included. */
export const FIELDS: readonly Field[] = Object.entries(properties).flatMap(([key, property]) => {
  const section = property['x-section'] ?? '';
  if (property['x-reads'] !== 'group') return [toField([key], property, section)];
  return Object.entries(property.properties ?? {}).map(([inner, nested]) => toField([key, inner], nested, section));
});

function toField(path: Field['path'], property: Property, section: string): Field {
  return {
    path,
    section,
    title: property.title ?? path.join('.'),
    also: property['x-also'] ?? [],
    reads: (property['x-reads'] ?? 'text') as Reads,
    code: property['x-code'] ?? '',
    help: property['x-help'] ?? '',
    hint: property['x-hint'] ?? '',
  };
}

/** The field at a place of the record, such as `owner` or `handoff/bridge`. */
export function fieldAt(path: readonly string[]): Field | undefined {
  return FIELDS.find((field) => field.path.every((part, index) => part === path[index]));
}

/** A part of the record that has reason codes of its own, such as the reason of an outcome, and how deep it lies. */
export type Part = { code: string; help: string; depth: number };

/** The code and help of the innermost part of the record that a JSON pointer's segments lead to. */
export function partAt(path: readonly string[]): Part | undefined {
  let found: Part | undefined;
  let level: Record<string, Property> | undefined = properties;
  for (const [index, segment] of path.entries()) {
    const property: Property | undefined = level && Object.hasOwn(level, segment) ? level[segment] : undefined;
    if (property?.['x-code'] !== undefined)
      found = { code: property['x-code'], help: property['x-help'] ?? '', depth: index + 1 };
    level = property?.properties;
  }
  return found;
}
