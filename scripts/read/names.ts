import { FIELDS, SECTIONS, type Field } from '../schema/fields.ts';
import { unwrap } from './values.ts';

/** A name as it is compared: case, punctuation, numbering, pictures and remarks in brackets do not count. */
export function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/:[a-z0-9_+-]{1,40}:|\([^()]*\)/g, ' ')
    .replace(/^[^\p{L}]+/u, '')
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

const sections = new Map<string, string>();
for (const [name, others] of SECTIONS) {
  for (const written of [name, ...others]) sections.set(plainName(written), name);
}

const byName = new Map<string, Field[]>();
for (const field of FIELDS) {
  const key = field.path.at(-1) ?? '';
  for (const written of new Set([field.title, key, ...field.also].map(plainName))) {
    byName.set(written, [...(byName.get(written) ?? []), field]);
  }
}

/** The section that a heading names, whatever its case and punctuation. */
export function sectionNamed(heading: string): string | undefined {
  return heading.length > 200 ? undefined : sections.get(plainName(unwrap(heading)));
}

/**
 * The field that a label names. Within the hand-off its own fields come first; elsewhere they do not count, because
 * "Related issues" and "Summary" are sections too.
 */
export function fieldNamed(label: string, section: string | undefined): Field | undefined {
  if (label.length > 200) return undefined;
  const found = byName.get(plainName(label)) ?? [];
  const here = found.find((field) => field.section === section);
  return here ?? (section === 'Hand-off' ? undefined : found.find((field) => field.path.length === 1));
}
