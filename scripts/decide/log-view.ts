import type { Installation } from '../read/config.ts';
import { factsOf } from '../read/markers.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { digest } from '../schema/digest.ts';
import type { LogFacts } from '../schema/types.gen.ts';
import { NO_PART } from './merge.ts';
import type { LogComment, Part } from './plan.ts';
import { reviewWindows } from './review.ts';
import type { OnHand, PageOfShift, Watch } from './watch.ts';
import type { LogView } from './words.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const MOST_PAGES = 100;

/**
 * The one comment in which a shift log tells of its shift: what is open, the review windows, the pages, the hand-off. It is
 * kept current until an hour after the shift, and then only where a page or a window has more to tell.
 */
export function boardOf(
  { marked }: Snapshot,
  watch: Watch,
  facts: Omit<LogFacts, 'said'>,
  config: Installation,
  now: Date,
): Part {
  const before = factsOf('log', marked).facts;
  const { end } = watch.shift;
  const view = viewOf(watch, facts, config, now);
  const said = digest(view);
  const isSettled = before !== undefined && before.at >= end && now.getTime() > Date.parse(end) + HOUR_MS;
  const isNews = said !== before?.said || (now.toISOString() >= end && before.at < end);
  const kept = { ...facts, said: isSettled ? (before.said ?? said) : said };
  const at = isNews && !isSettled ? now.toISOString() : facts.at;
  const comment: LogComment = { slot: 'log', delivery: 'board', facts: { ...kept, at }, view };
  return { ...NO_PART, comment };
}

function viewOf(watch: Watch, { windows }: Omit<LogFacts, 'said'>, config: Installation, now: Date): LogView {
  const { shift, before, after } = watch;
  const told = new Map(windows.map((window) => [Date.parse(window.end), window]));
  return {
    ...{ words: 'log', engineer: shift.engineer, start: shift.start, end: shift.end },
    ...{ open: bySeverity(watch.onHand), paperwork: watch.paperwork },
    windows: reviewWindows(config, shift).map(({ start, end }) => {
      const known = told.get(Date.parse(end));
      const state = known ? 'told' : end <= now.toISOString() ? 'over' : 'to come';
      return { start, end, state, seen: known?.seen ?? 0, missed: known?.missed ?? 0 };
    }),
    pages: watch.pages.slice(0, MOST_PAGES).map(toRow),
    more: Math.max(0, watch.pages.length - MOST_PAGES),
    ...{ before: before?.reference ?? '', beforeBy: before?.engineer ?? '' },
    ...{ after: after?.reference ?? '', afterBy: after?.engineer ?? '', handedAt: after ? shift.end : '' },
  };
}

function bySeverity(onHand: readonly OnHand[]): LogView['open'] {
  return ([1, 2, 3, 4, undefined] as const).flatMap((severity) => {
    const of = onHand.filter((each) => each.severity === severity);
    const references = of.map(({ issue }) => issue.reference).sort();
    return of.length > 0 ? [{ severity: severity === undefined ? 'none yet' : `S${severity}`, references }] : [];
  });
}

function toRow({ issue, at, acknowledgedAt }: PageOfShift): LogView['pages'][number] {
  const ms = acknowledgedAt === undefined ? undefined : Date.parse(acknowledgedAt) - Date.parse(at);
  return {
    ...{ reference: issue.reference, at, isOpen: issue.state === 'opened' },
    minutes: ms === undefined ? null : Math.max(0, Math.round(ms / MINUTE_MS)),
  };
}
