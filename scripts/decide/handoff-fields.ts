import type { ReadRecord } from '../read/record.ts';
import { checksOf } from './closure.ts';
import { merged, toUnmet } from './demands.ts';
import type { Check } from './plan.ts';

/** A field of the hand-off as it stands: people's text, and what is wrong with it. */
export type HandoffField = { title: string; text: string; isMissing: boolean };

/** What the hand-off schema demands, and what is wrong with the shape of that section. */
export function handoffChecks(read: ReadRecord): Check[] {
  const faults = read.form.check('handoff', read.record.handoff ?? {});
  const unmet = merged(faults.map((fault) => toUnmet(fault, ['handoff'], read.form)));
  return checksOf({ read }, unmet, (field) => field === 'handoff');
}

/** The hand-off's fields in the order of the form. Source: the on-call guide, hand-off: the six things to tell. */
export function handoffFields(read: ReadRecord): HandoffField[] {
  const failed = new Set(handoffChecks(read).map(({ field }) => field));
  const values = (read.record.handoff ?? {}) as Readonly<Record<string, unknown>>;
  const fields = read.form.fields.filter(({ path }) => path[0] === 'handoff');
  return fields.map(({ path, title }) => {
    const field = path.join('/');
    const text = toText(values[path[1] ?? '']);
    return { title, text, isMissing: failed.has(field) || (failed.has('handoff') && text === '') };
  });
}

/** The titles of the fields that are missing or wrong. */
export function missingAmong(fields: readonly HandoffField[]): string[] {
  return fields.flatMap(({ title, isMissing }) => (isMissing ? [title] : []));
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join(', ');
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : '';
}
