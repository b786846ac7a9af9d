import { isSameUser } from '../read/people.ts';
import { coverOf, fallbackOf, hasRoster, type RosterConfig } from './roster.ts';

/** A change of shift: when (ISO 8601 in UTC), and from whom to whom the duty goes (user names without their @). */
export type Change = { at: string; from: string; to: string };

/** The change of shift that was last, and the one that comes next, as far as they are within eight days. */
export type Changes = { last?: Change; next?: Change };

/** No turn on call is longer than a week. */
const SPAN_MS = 8 * 24 * 3_600_000;

/**
 * The changes of shift around a moment: whenever the engineer on call becomes another, by the end of a shift or an
 * override. Where nobody or several are on call the fallback is; of what PagerDuty does not tell, nothing is known.
 */
export function changesAround(config: RosterConfig, now: Date): Changes {
  if (!hasRoster(config)) return {};
  const turns = turnsOf(config, new Date(now.getTime() - SPAN_MS), new Date(now.getTime() + SPAN_MS));
  const changes = turns.slice(1).flatMap(({ start, user }, index): Change[] => {
    const before = turns[index];
    return before && !isSameUser(before.user, user)
      ? [{ at: new Date(start).toISOString(), from: before.user, to: user }]
      : [];
  });
  const last = changes.findLast(({ at }) => at <= now.toISOString());
  const next = changes.find(({ at }) => at > now.toISOString());
  return { ...(last ? { last } : {}), ...(next ? { next } : {}) };
}

type Turn = { start: string; user: string };

function turnsOf(config: RosterConfig, from: Date, to: Date): Turn[] {
  const { stretches, gaps, overlaps } = coverOf(config, 'engineers', from, to);
  const fallback = fallbackOf(config, 'engineers');
  const unclear = config.roster?.pagerduty ? overlaps : [...gaps, ...overlaps];
  const stoodIn = unclear.flatMap(({ from: start }) => (fallback === undefined ? [] : [{ start, user: fallback }]));
  return [...stretches, ...stoodIn].sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
}
