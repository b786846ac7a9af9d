import type { Installation } from '../read/config.ts';
import { factsOf } from '../read/markers.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { LogFacts } from '../schema/types.gen.ts';
import { isDay } from './day.ts';
import { digestOf, digestSlot } from './digest.ts';
import { NO_PART } from './merge.ts';
import type { Part } from './plan.ts';
import { reviewWindows, type ReviewWindow } from './review.ts';
import type { Watch } from './watch.ts';

/** Reviews are read so far back; a window that ended before is not told any more. */
const MOST_LATE_MS = 36 * 3_600_000;

/** The digests of a shift's review windows, and which windows were told, with what they came to. */
export type Told = { part: Part; told: LogFacts['windows'] };

/** The review windows of a shift that are to be told now: they ended, it is day where the team is, and nobody told them yet. */
export function windowsToTell(
  { start, end, engineer }: Watch['shift'],
  told: LogFacts['windows'],
  config: Installation,
  now: Date,
): ReviewWindow[] {
  if (config.review.mode !== 'enforce' || !isDay(now, config)) return [];
  const known = new Set(told.map((window) => Date.parse(window.end)));
  return reviewWindows(config, { start, end, engineer }).filter(
    (window) => window.end <= now.toISOString() && !known.has(Date.parse(window.end)),
  );
}

/** Tells each review window of the shift once: a call where something was missed, and never by night. */
export function decideDigests(log: Snapshot, { shift, looked }: Watch, config: Installation, now: Date): Told {
  const before = factsOf('log', log.marked).facts?.windows ?? [];
  if (!looked) return { part: NO_PART, told: before };
  const told = windowsToTell(shift, before, config, now).map((window) => {
    const isLate = now.getTime() - Date.parse(window.end) > MOST_LATE_MS;
    const digest = isLate ? undefined : digestOf(window, looked, config, now);
    const isPosted = log.marked.some(({ slot }) => slot === digestSlot(window));
    const { seen = [], missed = [] } = digest?.view.words === 'digest' ? digest.view : {};
    return {
      comments: digest && !isPosted ? [digest] : [],
      window: { end: window.end, seen: seen.length, missed: missed.length },
    };
  });
  return {
    part: { ...NO_PART, comments: told.flatMap(({ comments }) => comments) },
    told: [...before, ...told.map(({ window }) => window)],
  };
}
