import type { Issue } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import { isDay } from './day.ts';
import { call } from './merge.ts';
import { engineerOnCall } from './on-call.ts';
import type { CallComment } from './plan.ts';
import type { Review, ReviewWindow } from './review.ts';

const QUARTER_MS = 15 * 60_000;
const MOST_NAMED = 50;

/**
 * What a digest tells of one issue on call: who looked at it, and since when it is on call, where it was examined; what
 * was not is known by its label alone.
 */
export type Looked = { issue: Issue; examined?: { reviews: readonly Review[]; since: string } };

/** The first quarter of an hour from a time on at which it is day. */
export function dayFrom(time: Date, config: Installation): Date {
  for (let quarter = 0; quarter < 96; quarter += 1) {
    const at = new Date(time.getTime() + quarter * QUARTER_MS);
    if (isDay(at, config)) return at;
  }
  return time;
}

/** The slot of the digest of a window: one for each that ends. */
export function digestSlot({ end }: ReviewWindow): string {
  return `digest-${end.replace(/\D/g, '').slice(0, 12)}`;
}

/**
 * What a digest says of a window: which issues nobody looked at in it, who looked at the others, and what else waits. Whom
 * it asks to act is mentioned; nothing is said where there is nothing to say.
 */
export function digestOf(
  window: ReviewWindow,
  looked: readonly Looked[],
  config: Installation,
  now: Date,
): CallComment | undefined {
  const named = (issues: readonly Looked[]): string[] =>
    issues
      .map(({ issue }) => issue.reference)
      .sort()
      .slice(0, MOST_NAMED);
  const missed = looked.filter((each) => isMissed(each, window));
  const seen = looked.flatMap(({ issue, examined }) => {
    const review = examined?.reviews.find((each) => isIn(window, each.at));
    return review ? [{ reference: issue.reference, by: review.by, at: review.at, what: review.what }] : [];
  });
  const updates = looked.filter(({ issue }) => issue.labels.includes('update::due'));
  const asks = missed.length + updates.length > 0;
  if (!asks && seen.length === 0) return undefined;
  const view = {
    ...{ words: 'digest' as const, start: window.start, end: window.end, engineer: window.engineer },
    tell: asks ? engineerOnCall(config, now) : [],
    missed: named(missed),
    seen: seen.sort((a, b) => (a.reference < b.reference ? -1 : 1)).slice(0, MOST_NAMED),
    updates: named(updates),
  };
  return call(digestSlot(window), 'call', { at: window.end }, view);
}

/** Whether an issue was on call before a window began, and nobody looked at it before the window ended. */
function isMissed({ issue, examined }: Looked, window: ReviewWindow): boolean {
  if (!examined) return issue.labels.includes('review::due');
  return Date.parse(examined.since) < Date.parse(window.start) && !examined.reviews.some(({ at }) => isIn(window, at));
}

function isIn({ start, end }: ReviewWindow, at: string): boolean {
  return Date.parse(at) >= Date.parse(start) && Date.parse(at) < Date.parse(end);
}
