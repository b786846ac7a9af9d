import type { Field } from './fields.ts';
import type { Schema } from './schemas.ts';
import { isSchema } from './tree.ts';

const AT = '2026-11-20T02:07:00Z';

/** A text that says enough. */
export const TEXT = 'a sentence that says enough for somebody who was not there';

const BY_FORMAT: Readonly<Record<string, string>> = {
  'gitlab-user': '@ana',
  'gitlab-reference': '#12',
  'time-zone': 'UTC',
  'date-time': AT,
  date: '2026-11-20',
  uri: 'https://example.com/12',
  email: 'ana@example.com',
};

/**
 * A value that a field's schema would take, if any simple one would: one that it gives itself (`examples`, `const`,
 * `enum`), else one made by how it is read and by its format and bounds.
 */
export function sampleOf({ reads, examples }: Field, limits: Schema): unknown {
  const given = [...examples, ...firstOf(limits['examples']), ...firstOf(limits['enum'])];
  if ('const' in limits) return limits['const'];
  if (given.length > 0) return given[0];
  if (reads === 'number') return numberWithin(limits);
  if (reads === 'yes or no') return true;
  if (reads === 'rca') return { decision: 'requested' };
  const { items } = limits;
  const inside = isSchema(items) ? items : {};
  if (reads === 'users') return several(limits, (index) => `@ana${index}`);
  if (reads === 'references') return several(limits, (index) => `#1${index}`);
  if (reads === 'items') return several(limits, (index) => textWithin(inside, index));
  if (reads === 'notes') return several(limits, (index) => ({ kind: 'process', text: `${TEXT} ${index}` }));
  if (reads === 'entries') return several(limits, (index) => ({ at: AT, text: `${TEXT} ${index}` }));
  if (reads === 'correspondence')
    return several(limits, (index) => ({ at: AT, audience: 'internal', text: `${TEXT} ${index}` }));
  if (reads === 'user') return '@ana';
  return reads === 'time' ? AT : textWithin(limits, 0);
}

function firstOf(list: unknown): unknown[] {
  return Array.isArray(list) ? list.slice(0, 1) : [];
}

function several(limits: Schema, make: (index: number) => unknown): unknown[] {
  const least = boundOf(limits, 'minItems') ?? 1;
  return Array.from({ length: Math.min(Math.max(least, 1), 1000) }, (_empty, index) => make(index));
}

function numberWithin(limits: Schema): number {
  const above = boundOf(limits, 'exclusiveMinimum');
  const most = boundOf(limits, 'maximum');
  const least = boundOf(limits, 'minimum') ?? (above === undefined ? undefined : above + 1) ?? Math.min(1, most ?? 1);
  const step = boundOf(limits, 'multipleOf') ?? 0;
  return step > 0 ? Math.ceil(least / step) * step : least;
}

function textWithin(limits: Schema, index: number): string {
  const { format } = limits;
  const known = typeof format === 'string' ? BY_FORMAT[format] : undefined;
  if (known !== undefined) return known;
  const least = Math.min(boundOf(limits, 'minLength') ?? 0, 100_000);
  const most = boundOf(limits, 'maxLength') ?? Number.POSITIVE_INFINITY;
  const text = index === 0 ? TEXT : `${index} ${TEXT}`;
  return text
    .repeat(Math.max(1, Math.ceil(least / text.length)))
    .slice(0, Math.max(most, 0))
    .trim();
}

function boundOf(limits: Schema, keyword: string): number | undefined {
  const bound = limits[keyword];
  return typeof bound === 'number' ? bound : undefined;
}
