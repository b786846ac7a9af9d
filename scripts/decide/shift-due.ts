import type { Installation } from '../read/config.ts';
import { changesAround } from './changes.ts';
import { dayFrom } from './digest.ts';
import { minutesAfter } from './duty.ts';
import { windowsEnding } from './review.ts';
import { hasRoster } from './roster.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * Whether something became due for a shift within the last `lookBackMs`: it began, its end came near, a hand-off was to be
 * accepted, or a review window is to be told, by day.
 */
export function isShiftDue(config: Installation, now: Date, lookBackMs: number): boolean {
  if (!hasRoster(config)) return false;
  const { last, next } = changesAround(config, now);
  const { before_minutes: before, accept_minutes: accept } = config.handoff;
  const windows = windowsEnding(config, new Date(now.getTime() - 2 * DAY_MS), now).map(({ end }) => end);
  const moments = [
    ...(last ? [last.at, minutesAfter(last.at, accept)] : []),
    ...(next ? [minutesAfter(next.at, -before)] : []),
    ...windows.flatMap((end) => [end, dayFrom(new Date(end), config).toISOString()]),
  ];
  return moments.some((at) => at <= now.toISOString() && now.getTime() - Date.parse(at) <= lookBackMs);
}
