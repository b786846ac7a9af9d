import type { Spread } from '../schema/types.gen.ts';

/** A stretch of time; its end is the first moment that does not belong to it. */
export type Period = { from: Date; to: Date };

const MINUTE_MS = 60_000;

/** Whether a time (ISO 8601) lies in a period; what is not known lies in none. */
export function isIn(at: string | undefined, { from, to }: Period): boolean {
  const ms = at === undefined ? NaN : Date.parse(at);
  return ms >= from.getTime() && ms < to.getTime();
}

/** Minutes from one time to another (ISO 8601); undefined where one is not known, or they are out of order. */
export function minutesBetween(start: string | undefined, end: string | undefined): number | undefined {
  if (start === undefined || end === undefined) return undefined;
  const ms = Date.parse(end) - Date.parse(start);
  return ms >= 0 ? ms / MINUTE_MS : undefined;
}

/** Median and 90th percentile of those minutes that are known, to the hundredth. */
export function spreadOf(minutes: readonly (number | undefined)[]): Spread {
  const sorted = minutes.filter((each) => each !== undefined).sort((a, b) => a - b);
  return { count: sorted.length, median_minutes: quantile(sorted, 0.5), p90_minutes: quantile(sorted, 0.9) };
}

/** A part of a whole, between 0 and 1 and to four decimals; null where there is nothing to divide by. */
export function rateOf(part: number, whole: number): number | null {
  return whole === 0 ? null : round(part / whole, 4);
}

/** A number to so many decimals. */
export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/**
 * The value at a share of the way from the least to the greatest, on a line between the two beside it where it falls
 * between them. Source: Hyndman and Fan 1996, definition 7, which is also PERCENTILE.INC of spreadsheets.
 */
function quantile(sorted: readonly number[], share: number): number | null {
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below === undefined || above === undefined ? null : round(below + (above - below) * (place % 1), 2);
}
