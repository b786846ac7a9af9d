import type { Installation } from '../read/config.ts';
import type { Issue } from '../gitlab/port.ts';
import { changesAround } from './changes.ts';
import { LADDER_MS } from './due.ts';
import { isOnDuty, minutesAfter } from './duty.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
/** What is not severe is reminded by day, which may be after a weekend. */
const NIGHTS_MS = 3 * DAY_MS;

/**
 * Since when (ISO 8601) an open issue was touched at the latest, if anything can be due for it that was not due long before,
 * so that what is older need not be listed. Nothing where all are asked for: around a change of shift, when each one is
 * handed over however old it is. What earlier runs missed before that a deep sweep finds. Issues on call are listed by their
 * label, whatever their age.
 */
export function touchedSince(config: Installation, now: Date, lookBackMs: number): string | undefined {
  const ago = (ms: number): string => new Date(now.getTime() - ms).toISOString();
  if (!isOnDuty(config)) return ago(lookBackMs);
  if (isHandingOver(config, now, lookBackMs)) return undefined;
  const { severity_1: first, severity_2: second, severity_3: third, severity_4: fourth } = config.updates;
  const longestMs = Math.max(first, second, third, fourth) * MINUTE_MS;
  return ago(Math.max(lookBackMs, LADDER_MS, longestMs + NIGHTS_MS));
}

/** From when labels tell of the coming end of a shift until two sweeps after its change. */
function isHandingOver(config: Installation, now: Date, lookBackMs: number): boolean {
  const { mode, before_minutes: before } = config.handoff;
  if (mode === 'off') return false;
  const { last, next } = changesAround(config, now);
  const isComing = next !== undefined && before > 0 && now.toISOString() >= minutesAfter(next.at, -before);
  return isComing || (last !== undefined && now.getTime() - Date.parse(last.at) <= lookBackMs);
}

/** Labels of the duty and of paperwork: what bears none is nobody's work yet. */
const AT_WORK = /^(?:ack|handoff|update|review|closure)::/;

/**
 * Whether an issue can be of any concern to a shift that began at the earliest at `since` (ISO 8601): it is somebody's work, on
 * call, closed of late, or so new that it may be a page. The many others are listed and not held.
 */
export function mayConcernShift(issue: Issue, { review }: Installation, since: string, now: Date): boolean {
  const { state, labels, createdAt } = issue;
  const isNew = createdAt >= since || now.getTime() - Date.parse(createdAt) <= LADDER_MS;
  return state === 'closed' || isNew || labels.some((label) => label === review.label || AT_WORK.test(label));
}
