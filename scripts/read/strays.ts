import leven from 'leven';
import type { Form } from '../schema/form.ts';
import { fieldNamed, plainName } from './names.ts';

/**
 * A name that is none of ours but nearly so, or one of ours where it is not read: what was written, where, and what was
 * probably meant.
 */
export type Stray = {
  kind: 'heading' | 'field' | 'key' | 'homeless field';
  given: string;
  line: number;
  /** The name that was probably meant; missing for a key of a record's YAML block that is like none. */
  meant?: string;
  /** The section or, as a path such as `handoff/bridge`, the field that the meant name stands for. */
  means?: { section: string; field?: string };
};

const LONGEST = 40;

/** Looks whether a heading is nearly the name of a section or of a field. */
export function strayHeading(given: string, line: number, form: Form): Stray[] {
  const sections = [...form.sections].flatMap(([section, also]) =>
    [section, ...also].map((name) => ({ name, section })),
  );
  const fields = form.fields.map(({ title, section, path }) => ({ name: title, section, field: path.join('/') }));
  return toStray('heading', given, line, [...sections, ...fields]);
}

/** Looks whether a label or a key is nearly the name of a field of this section; of any field in a whole record. */
export function strayName(kind: 'field' | 'key', given: string, line: number, section: string, form: Form): Stray[] {
  const fields = form.fields.filter((field) => section === 'Incident' || field.section === section);
  const names = fields.flatMap(({ title, also, path, section: home }) =>
    [title, path.at(-1) ?? '', ...also].map((name) => ({ name, section: home, field: path.join('/') })),
  );
  const isRecord = kind === 'key' && section === 'Incident';
  return toStray(kind, given, line, names, isRecord);
}

/** A label that names a field, but stands under no heading of ours. */
export function homelessField(given: string, line: number, form: Form): Stray[] {
  const field = fieldNamed(given, undefined, form);
  if (!field || plainName(field.title) !== plainName(given)) return [];
  const { section, path } = field;
  return [{ kind: 'homeless field', given, line, meant: section, means: { section, field: path.join('/') } }];
}

/** Of some names, the one that a misspelt one was meant to be, if one is near enough. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const written = plainName(given);
  if (written.length < 3 || written.length > LONGEST) return undefined;
  const allowed = written.length <= 5 ? 1 : written.length <= 9 ? 2 : 3;
  const ranked = names.map((name) => ({ name, apart: leven(written, plainName(name), { maxDistance: allowed + 1 }) }));
  const [best] = ranked.filter(({ apart }) => apart <= allowed).sort((a, b) => a.apart - b.apart);
  return best?.name;
}

type Named = { name: string; section: string; field?: string };

function toStray(kind: Stray['kind'], given: string, line: number, names: readonly Named[], always = false): Stray[] {
  const meant = nearest(
    given,
    names.map(({ name }) => name),
  );
  if (meant === undefined) return always ? [{ kind, given, line }] : [];
  const { section, field } = names.find(({ name }) => name === meant) ?? { section: '' };
  return [{ kind, given, line, meant, means: { section, ...(field === undefined ? {} : { field }) } }];
}
