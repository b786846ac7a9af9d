import { READS, toField, type Field, type Reads } from './fields.ts';
import { idIn, OUR_FORM, type Form, type OwnSchemas } from './form.ts';
import { plainName } from './plain-name.ts';
import type { Schema } from './schemas.ts';
import type { Flaw } from './soundness.ts';
import { escape, everyPart, isSchema } from './tree.ts';

/** What JSON type a field's text becomes, by how it is read; the rest of the ways are for our own fields alone. */
const TYPES: Partial<Record<Reads, string[]>> = {
  prose: ['string'],
  text: ['string'],
  user: ['string'],
  time: ['string'],
  choice: ['string'],
  number: ['integer', 'number'],
  'yes or no': ['boolean'],
  users: ['array'],
  items: ['array'],
  references: ['array'],
  entries: ['array'],
  correspondence: ['array'],
};

/** What is wrong with the fields that a project's own schemas describe. */
export function flawsOfFields(own: OwnSchemas, form: Form): Flaw[] {
  const documents = [...new Set([...Object.values(own.roles), ...own.others])];
  const described = documents.flatMap((document) =>
    propertiesIn(document).flatMap(({ pointer, name, property }) => {
      const place = { id: idIn(document), pointer };
      return flawOf(name, property).map((says) => ({ ...place, says }));
    }),
  );
  const { incident } = own.roles;
  return [
    ...described,
    ...(incident ? withoutSection(incident) : []),
    ...clashes(documents, form),
    ...sameSections(documents, form),
  ];
}

/** All that stands below any `properties` with words of ours on it. */
function propertiesIn(document: Schema): { pointer: string; name: string; property: Schema }[] {
  return everyPart(document).flatMap(({ pointer, part }) => {
    const properties = isSchema(part['properties']) ? Object.entries(part['properties']) : [];
    return properties.flatMap(([name, property]) =>
      isSchema(property) ? [{ pointer: `${pointer}/properties/${escape(name)}`, name, property }] : [],
    );
  });
}

function flawOf(name: string, property: Schema): string[] {
  const ours = OUR_FORM.fieldAt([name]);
  const { 'x-reads': written, title } = property;
  if (ours && written !== undefined && written !== ours.reads)
    return [`${name} is a field of ours, which is read as ${ours.reads}. Take x-reads out.`];
  if (typeof title === 'string' && /[\r\n@<`]/.test(title))
    return [`its title ${JSON.stringify(title)} stands in comments: one line, without @, < and backticks.`];
  if (typeof property['x-section'] !== 'string' || ours) return [];
  if (typeof title === 'string' && !/^[^\n:*_`|<>#@：]{0,59}\p{L}[^\n:*_`|<>#@：]{0,59}$/u.test(title))
    return [
      `its title ${JSON.stringify(title)} could not be read as a label: one line of at most 60 characters, with letters, without colons or marks.`,
    ];
  if (!/^[A-Za-z]\w*$/.test(name) || name in Object.prototype)
    return [
      `${JSON.stringify(name)} is no name for a field: letters, digits and underscores, and no word of JavaScript's own.`,
    ];
  if (['Incident', '__proto__'].includes(property['x-section']))
    return ['x-section names the whole record. Choose the heading under which it is written.'];
  const { type } = property;
  const { reads } = toField([name], property, property['x-section']);
  const allowed = TYPES[reads];
  const ways = Object.keys(TYPES).join(', ');
  if (!READS.includes(reads)) return [`x-reads ${JSON.stringify(reads)} is no way of reading. Known are ${ways}.`];
  if (!allowed) return [`x-reads ${JSON.stringify(reads)} is for our own field. Others are read as ${ways}.`];
  if (typeof type === 'string' && !allowed.includes(type)) {
    return [
      `is of type ${type}, and what is read as ${reads} becomes ${allowed.join(' or ')}. Change its type or its x-reads.`,
    ];
  }
  return [];
}

/** Properties of the record that people could write nowhere. */
function withoutSection(incident: Schema): Flaw[] {
  const levels = [{ pointer: '', part: incident }, ...rootLevels(incident)];
  return levels.flatMap(({ pointer, part }) => {
    const properties = isSchema(part['properties']) ? Object.entries(part['properties']) : [];
    const lost = properties.filter(([name, property]) => {
      const says = isSchema(property) ? property : {};
      return (
        Object.keys(OUR_FORM.propertyAt([name])).length === 0 &&
        says['x-section'] === undefined &&
        says['$ref'] === undefined
      );
    });
    return lost.map(([name]) => ({
      id: idIn(incident),
      pointer: `${pointer}/properties/${escape(name)}`,
      says: 'has no x-section, so that people can write it nowhere. Say under which heading it belongs.',
    }));
  });
}

function rootLevels(schema: Schema): { pointer: string; part: Schema }[] {
  const all = Array.isArray(schema['allOf']) ? (schema['allOf'] as unknown[]) : [];
  return all.flatMap((part, index) => (isSchema(part) ? [{ pointer: `/allOf/${index}`, part }] : []));
}

/** Two fields that could not be told apart, in a description or by their reason codes. */
function clashes(documents: readonly Schema[], form: Form): Flaw[] {
  return form.fields.flatMap((field, index) => {
    const taken = form.fields.slice(0, index).flatMap((other) => {
      const written = [other.title, other.path.at(-1) ?? '', ...other.also];
      const names =
        other.section === field.section ? written.filter((name) => namesOf(field).includes(plainName(name))) : [];
      const what = field.code !== '' && other.code === field.code ? [`the x-code ${field.code}`] : [];
      return [...names.map((name) => `the name ${JSON.stringify(name)}`), ...what].map((shared) => ({ other, shared }));
    });
    const [first] = taken;
    if (!first) return [];
    const [place] = [field, first.other].flatMap(({ path }) => placesOf(path.at(-1) ?? '', documents));
    const says = `${field.path.join('.')} and ${first.other.path.join('.')} share ${first.shared}. Give each its own.`;
    return place ? [{ ...place, says }] : [];
  });
}

function namesOf({ title, also, path }: Field): string[] {
  return [...new Set([title, path.at(-1) ?? '', ...also].map(plainName))];
}

/** Two sections that one heading would name: what stands below it could only belong to one of them. */
function sameSections(documents: readonly Schema[], form: Form): Flaw[] {
  const names = [...form.sections].flatMap(([section, also]) =>
    [section, ...also].map((name) => ({ section, plain: plainName(name), name })),
  );
  return names.flatMap(({ section, plain, name }, index) => {
    const twin = names.slice(0, index).find((other) => other.plain === plain && other.section !== section);
    const [first] = documents;
    if (!twin || !first) return [];
    const places = documents.flatMap((document) =>
      everyPart(document).map((part) => ({ id: idIn(document), ...part })),
    );
    const isNamed = ({ part }: { part: Schema }): boolean =>
      [section, twin.section].includes(String(part['x-section'])) ||
      (isSchema(part['x-sections']) && (section in part['x-sections'] || twin.section in part['x-sections']));
    const { id, pointer } = places.find(isNamed) ?? { id: idIn(first), pointer: '' };
    return [
      {
        id,
        pointer,
        says: `the heading ${JSON.stringify(name)} names two sections, ${twin.section} and ${section}. Use the name of the one that is there, or another.`,
      },
    ];
  });
}

function placesOf(key: string, documents: readonly Schema[]): { id: string; pointer: string }[] {
  return documents.flatMap((document) =>
    propertiesIn(document)
      .filter(({ name }) => name === key)
      .map(({ pointer }) => ({ id: idIn(document), pointer })),
  );
}
