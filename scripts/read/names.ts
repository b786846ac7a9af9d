import type { Field } from '../schema/fields.ts';
import type { Form } from '../schema/form.ts';
import { plainName } from '../schema/plain-name.ts';
import { unwrap } from './values.ts';

/** The names that a form gives sections and fields, as they are compared. */
type Names = { sections: ReadonlyMap<string, string>; fields: ReadonlyMap<string, readonly Field[]> };

const known = new WeakMap<Form, Names>();

function namesOf(form: Form): Names {
  const before = known.get(form);
  if (before) return before;
  const sections = new Map<string, string>();
  for (const [name, others] of form.sections) {
    for (const written of [name, ...others]) sections.set(plainName(written), name);
  }
  const fields = new Map<string, Field[]>();
  for (const field of form.fields) {
    const key = field.path.at(-1) ?? '';
    for (const written of new Set([field.title, key, ...field.also].map(plainName))) {
      fields.set(written, [...(fields.get(written) ?? []), field]);
    }
  }
  const names = { sections, fields };
  known.set(form, names);
  return names;
}

/** The section that a heading names, whatever its case and punctuation. */
export function sectionNamed(heading: string, form: Form): string | undefined {
  return heading.length > 200 ? undefined : namesOf(form).sections.get(plainName(unwrap(heading)));
}

/**
 * The field that a label names. Within the hand-off its own fields come first; elsewhere they do not count, because
 * "Related issues" and "Summary" are sections too.
 */
export function fieldNamed(label: string, section: string | undefined, form: Form): Field | undefined {
  if (label.length > 200) return undefined;
  const found = namesOf(form).fields.get(plainName(label)) ?? [];
  const here = found.find((field) => field.section === section);
  return here ?? (section === 'Hand-off' ? undefined : found.find((field) => field.path.length === 1));
}

/** A heading that is a field's own title. Other names of fields ("Resolved") are common words and do not count here. */
export function fieldTitled(heading: string, form: Form): Field | undefined {
  const field = fieldNamed(heading, undefined, form);
  const titles = field ? [field.title, ...(field.code === 'RCA' ? ['RCA'] : [])] : [];
  return titles.some((title) => plainName(title) === plainName(heading)) ? field : undefined;
}
