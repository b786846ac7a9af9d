import type { Snapshot } from '../read/snapshot.ts';
import type { Config } from '../schema/types.gen.ts';
import { needsLittle, type Closing } from './closing.ts';
import { pagedAt } from './duty.ts';
import type { Reason } from './plan.ts';

const HOUR_MS = 3_600_000;

/**
 * Why a decision on a root cause analysis is asked for though the severity alone would not: a label of the incident, or how
 * long it lasted. Only what was resolved, or is not said yet to be anything else, is asked.
 */
export function askingForAnalysis(
  snapshot: Snapshot,
  closing: Closing,
  { rca }: Config,
  now: Date,
): Reason | undefined {
  if (needsLittle(closing.outcome)) return undefined;
  const label = rca.labels.find((each) => snapshot.issue.labels.includes(each));
  if (label !== undefined) return { label };
  const hours = hoursOf(snapshot, rca.after_hours, now);
  return rca.after_hours > 0 && hours >= rca.after_hours ? { hours } : undefined;
}

/**
 * How many whole hours lie between the page, or the detection where that was earlier, and the resolution: as it is written,
 * else the first closing. Of one that goes on at most `enough` count, so that what is said of it does not change by the hour.
 */
function hoursOf(snapshot: Snapshot, enough: number, now: Date): number {
  const { issue, gate, read } = snapshot;
  const { detected_at: detectedAt, resolved_at: resolvedAt } = read.record;
  const written = instant(resolvedAt) ?? instant(gate?.first_closed_at ?? issue.closedAt);
  const startMs = Math.min(Date.parse(pagedAt(snapshot)), instant(detectedAt) ?? Infinity);
  const hours = Math.floor(((written ?? now.getTime()) - startMs) / HOUR_MS);
  return written === undefined ? Math.min(hours, enough) : hours;
}

/** A time that was read, in ms; what stayed prose is none. */
function instant(time: string | undefined): number | undefined {
  const ms = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time ?? '') ? Date.parse(time ?? '') : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
