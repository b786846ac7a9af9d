import leven from 'leven';
import type { Form } from '../schema/form.ts';
import { lineIn, type Unit } from './markdown.ts';
import { plainName } from '../schema/plain-name.ts';
import { fieldNamed } from './names.ts';
import { splitLabel } from './values.ts';

/**
 * A name that is none of ours but nearly so, or one of ours where it is not read: what was written, where, and what was
 * probably meant.
 */
export type Stray = {
  kind: 'heading' | 'heading of a field' | 'field' | 'key' | 'homeless field';
  given: string;
  line: number;
  /** The name that was probably meant; missing for a key of a record's YAML block that is like none. */
  meant?: string;
  /** The section or, as a path such as `handoff/bridge`, the field that the meant name stands for. */
  means?: { section: string; field?: string };
};

const LONGEST = 40;

/** A description may have any number of names that are none of ours; so many are looked at. */
const MOST_LOOKS = 1000;

/** Looks at the names of a description that are none of ours, and keeps those that are nearly so. */
export class StrayFinder {
  readonly found: Stray[] = [];
  private looks = 0;
  private readonly form: Form;

  constructor(form: Form) {
    this.form = form;
  }

  /** A heading that names no section and no field. */
  lookAtHeading(given: string, line: number): void {
    const sections = [...this.form.sections].flatMap(([section, also]) =>
      [section, ...also].map((name) => ({ name, section })),
    );
    const own = this.form.fields.filter(({ path }) => path.length === 1);
    const fields = own.map(({ title, section, path }) => ({
      name: title,
      section,
      field: path.join('/'),
    }));
    this.look('heading', given, line, [...sections, ...fields]);
  }

  /** A label or a key that names no field of its section; of a whole record in YAML, no field at all. */
  lookAtName(kind: 'field' | 'key', given: string, line: number, section = ''): void {
    const fields = this.form.fields.filter((field) => section === 'Incident' || field.section === section);
    const names = fields.flatMap(({ title, also, path, section: home }) =>
      [title, path.at(-1) ?? '', ...also].map((name) => ({ name, section: home, field: path.join('/') })),
    );
    this.look(kind, given, line, names, kind === 'key' && section === 'Incident');
  }

  /** A text under no heading of ours: its labels may name fields. */
  lookAtText(unit: Unit): void {
    if (unit.kind !== 'text' || unit.quoted || this.found.length >= MOST_LOOKS) return;
    for (const [index, text] of unit.text.split('\n').entries()) {
      const label = splitLabel(text.trim())?.label ?? '';
      const field = label === '' ? undefined : fieldNamed(label, undefined, this.form);
      if (!field) continue;
      const { section, path } = field;
      const means = { section, field: path.join('/') };
      this.found.push({ kind: 'homeless field', given: label, line: lineIn(unit, index), meant: section, means });
    }
  }

  private look(kind: Stray['kind'], given: string, line: number, names: readonly Named[], always = false): void {
    this.looks += 1;
    if (this.looks > MOST_LOOKS) return;
    const meant = nearest(
      given,
      names.map(({ name }) => name),
    );
    const { section, field } = names.find(({ name }) => name === meant) ?? { section: '' };
    const means = { section, ...(field === undefined ? {} : { field }) };
    const isField = kind === 'heading' && field !== undefined && section !== meant;
    if (meant !== undefined)
      this.found.push({ kind: isField ? 'heading of a field' : kind, given, line, meant, means });
    else if (always) this.found.push({ kind, given, line });
  }
}

/** Of some names, the one that a misspelt one was meant to be, if one is near enough. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const written = plainName(given);
  if (written.length > LONGEST) return undefined;
  // Short words are too near each other, and few people misspell the first letter.
  const allowed = written.length < 4 ? 0 : written.length < 10 ? 1 : 2;
  const ranked = names.map((name) => ({ name, apart: leven(written, plainName(name), { maxDistance: allowed + 1 }) }));
  const near = ranked.filter(({ name, apart }) => apart <= allowed && plainName(name).charAt(0) === written.charAt(0));
  const [best] = near.sort((a, b) => a.apart - b.apart);
  return best?.name;
}

type Named = { name: string; section: string; field?: string };
