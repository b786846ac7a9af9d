import type { Period } from '../../scripts/decide/clocks.ts';
import type { Installation } from '../../scripts/read/config.ts';
import type { AnalysisOnRecord, FollowUpOnRecord, History, Life, ShiftOnRecord } from '../../scripts/schema/types.gen.ts';
import { ana, ben, bot, config } from './snapshot.ts';

/*
 * A quarter of thirteen weeks, from a Monday: 300 incidents, one every 7 hours and 12 minutes, 182 shifts of 12 hours, 90
 * follow-ups and 12 analyses. What happened when follows from the number of each alone, so that every total can be counted.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.parse('2026-07-06T00:00:00Z');

/** The quarter: 91 days. */
export const QUARTER: Period = { from: new Date(START_MS), to: new Date(START_MS + 91 * DAY_MS) };

/** A week after its end. */
export const AFTER_QUARTER = new Date(START_MS + 98 * DAY_MS);

/** Days from 09:00 to 18:00; @ana lives by UTC, @ben in New York, which is four hours behind all quarter. */
export function quarterConfig(more: object = {}): Installation {
  const people = [{ gitlab: '@ana' }, { gitlab: '@ben', time_zone: 'America/New_York' }];
  return config({ people, gate: { since: '2026-07-01T00:00:00Z' }, ...more });
}

/** The history of the quarter. */
export function quarter(): History {
  const count = <T>(length: number, make: (n: number) => T): T[] => Array.from({ length }, (_, n) => make(n));
  return {
    ...{ version: 1, of: 'quarter', taken_at: AFTER_QUARTER.toISOString(), bot: bot.id },
    people: [ana, ben, bot].map(({ id, username }) => ({ id, username })),
    incidents: count(300, incident),
    shifts: count(182, shift),
    follow_ups: count(90, followUp),
    analyses: count(12, analysis),
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
const dayOf = (day: number): string => iso(START_MS + day * DAY_MS).slice(0, 10);
const at = (day: number, hours: number): string => iso(START_MS + day * DAY_MS + hours * HOUR_MS);

function address(iid: number): Pick<Life, 'project' | 'iid' | 'reference' | 'url'> {
  return { project: 42, iid, reference: `sirt/incidents#${iid}`, url: `https://gitlab.example.com/sirt/incidents/-/issues/${iid}` };
}

/**
 * Incident i. Taken and owned after i % 20 minutes, escalated where that is 15 or more; mitigated after 20 to 100 minutes
 * where i is even; closed after 60 to 330 minutes. Every 25th has no severity, every third is confidential. i % 15 = 7 are
 * false positives, i % 50 = 11 duplicates, i % 60 = 5 overridden, i % 100 = 78 disputed after three reopenings, i % 100 = 50
 * still open. i % 10 = 3 were reopened once.
 */
function incident(i: number): Life {
  const paged = START_MS + i * 7.2 * HOUR_MS;
  const tenth = i % 10;
  const after = (minutes: number): string => iso(paged + minutes * MINUTE_MS);
  const taken = { at: after(i % 20), by: i % 2 === 0 ? ana.id : ben.id, source: 10_000 + i };
  return {
    ...{ ...address(i + 1), confidential: i % 3 === 0, ...(i % 3 === 0 ? {} : { title: `Incident ${i}` }) },
    ...{ created_at: iso(paged), paged_at: iso(paged), page_source: 20_000 + i, labels: ['ack::done', 'oncall'] },
    ...(i % 25 === 24 ? {} : { severity: ((i % 4) + 1) as 1 | 2 | 3 | 4 }),
    ...{ acknowledged: { ...taken, how: 'command' }, owned: taken, owner: taken.by },
    ...(i % 2 === 0 ? { mitigated_at: after(20 + tenth * 10) } : {}),
    escalations: i % 20 >= 15 ? [{ at: after(15), source: 30_000 + i }] : [],
    ...{ handoffs: [], follow_ups: [] },
    ...ending(i, (minutes) => after(60 + tenth * 30 + minutes)),
  };
}

type Ending = Pick<Life, 'state' | 'updated_at' | 'closes' | 'reopens' | 'missing'> & Partial<Life>;

/** How incident i was closed; `after` gives the time so many minutes after its first closing. */
function ending(i: number, after: (minutes: number) => string): Ending {
  const closer = i % 2 === 0 ? ana.id : ben.id;
  if (i % 100 === 50) return { state: 'opened', updated_at: after(0), closes: [], reopens: [], missing: [] };
  const isDisputed = i % 100 === 78;
  const reopened = isDisputed ? 3 : i % 10 === 3 ? 1 : 0;
  const closes = Array.from({ length: reopened + 1 }, (_, n) => ({ at: after(n * 60), by: closer, source: 40_000 + 10 * i + 2 * n }));
  const reopens = closes.slice(1).map(({ source }, n) => ({ at: after(n * 60 + 1), by: bot.id, by_gate: true, source: source - 1 }));
  const codes = reopened === 0 ? [] : i % 20 === 3 ? ['OWNER_MISSING', 'IMPROVEMENT_NOTES_MISSING'] : ['IMPROVEMENT_NOTES_MISSING'];
  const last = after(reopened * 60);
  const judged = after(reopened * 60 + 1);
  const ended = { state: 'closed' as const, closed_at: last, updated_at: judged, closes, reopens, missing: codes };
  if (isDisputed) return { ...ended, gate: 'disputed' };
  if (i % 50 === 11) return { ...ended, gate: 'exempt', exemption: 'DUPLICATE' };
  if (i % 60 === 5) return { ...ended, gate: 'exempt', exemption: 'OVERRIDDEN', override: { at: last, by: 3, source: 50_000 + i } };
  const verified = { at: judged, source: 60_000 + i, schema: 'a'.repeat(32), config: 'c'.repeat(40), notes: [70_000 + i] };
  return { ...ended, gate: 'verified', verified, outcome: i % 15 === 7 ? 'false positive' : 'resolved' };
}

/**
 * Shift s. @ana's begin at midnight, @ben's at noon. In the first window 3 issues were looked at and every tenth shift missed
 * one; in the second of @ana's 2 were, in @ben's there was none. All but the first took over 2 incidents, one of them
 * incomplete where s % 4 = 0, and accepted after 0, 20 or 40 minutes, where s % 30 = 29 not at all.
 */
function shift(s: number): ShiftOnRecord {
  const start = START_MS + s * 12 * HOUR_MS;
  const [me, other] = s % 2 === 0 ? [ana, ben] : [ben, ana];
  const pages = Array.from({ length: 300 }, (_, i) => ({ project: 42, iid: i + 1, ms: START_MS + i * 7.2 * HOUR_MS }));
  const handoff = { at: iso(start), from: other.id, to: me.id, source: 80_000 + s, incidents: 2, complete: s % 4 === 0 ? 1 : 2 };
  const accepted = s % 30 === 29 ? {} : { accepted_at: iso(start + (s % 3) * 20 * MINUTE_MS), accepted_by: me.id };
  return {
    ...{ ...address(1000 + s), start: iso(start), end: iso(start + 12 * HOUR_MS), updated_at: iso(start + 12 * HOUR_MS), engineer: me.id },
    pages: pages.filter(({ ms }) => ms >= start && ms < start + 12 * HOUR_MS).map(({ ms, ...page }) => ({ ...page, at: iso(ms) })),
    windows: [
      { end: iso(start + 6 * HOUR_MS), seen: 3, missed: s % 10 === 0 ? 1 : 0 },
      { end: iso(start + 12 * HOUR_MS), seen: s % 2 === 0 ? 2 : 0, missed: 0 },
    ],
    ...(s === 0 ? {} : { handoff: { ...handoff, ...accepted } }),
  };
}

/** Follow-up j, of day j, has seven days; it was closed on the day j % 10 days later, where that is 9 not at all. */
function followUp(j: number): FollowUpOnRecord {
  const [made, closed] = [at(j, 10), at(j + (j % 10), 10)];
  const isClosed = j % 10 !== 9;
  return {
    ...{ ...address(2000 + j), confidential: false, title: `Follow-up ${j}`, severity: 1, kind: 'process', assignees: [ana.id] },
    ...{ created_at: made, labelled_at: made, updated_at: made, due_on: dayOf(j + 7), incident: { project: 42, iid: j + 1 } },
    ...(isClosed ? { state: 'closed', closed_at: closed } : { state: 'opened' }),
  };
}

/** Analysis a, of the Monday of week a, has nine days; those of even weeks were closed on their last day, those of odd weeks the day after, the last never. */
function analysis(a: number): AnalysisOnRecord {
  const due = 7 * a + 9;
  const made = at(7 * a, 10);
  const closed = a % 2 === 0 ? at(due, 23.5) : at(due + 1, 0.5);
  return {
    ...{ ...address(3000 + a), created_at: made, updated_at: made, due_on: dayOf(due), incident: { project: 42, iid: a + 1 } },
    ...(a === 11 ? { state: 'opened' } : { state: 'closed', closed_at: closed, verified_at: closed }),
  };
}
