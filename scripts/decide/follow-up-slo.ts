import { factsOf } from '../read/markers.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { endOfDay } from '../read/time.ts';
import type { Installation } from '../read/config.ts';
import type { FollowUpOnRecord } from '../schema/types.gen.ts';
import { isDay } from './day.ts';
import { wait } from './gate-decision.ts';
import type { Decided } from './incident.ts';
import { call, mergeRuled, NO_PART } from './merge.ts';
import { whoSeesToIt } from './on-call.ts';
import type { Part } from './plan.ts';

const DAY_MS = 86_400_000;
/** So much of its time may pass before a follow-up is a near miss. */
const NEAR = 0.75;

export const [NEAR_MISS, MISSED] = ['slo::near-miss', 'slo::missed'] as const;

/** How a follow-up stands by its time, which begins on the day that it was labelled and ends with its last day. */
export type Slo = 'in time' | 'near miss' | 'missed';

/** How an open follow-up stands at a time; a closed one is in time. */
export function sloOf({ state, labelled_at: from, due_on: dueOn }: FollowUpOnRecord, timeZone: string, now: Date): Slo {
  if (state === 'closed') return 'in time';
  const endMs = endOfDay(dueOn, timeZone)?.getTime();
  if (endMs === undefined) throw new Error('what is due is due on a day');
  if (now.getTime() >= endMs) return 'missed';
  const beganMs = Date.parse(from);
  return now.getTime() >= beganMs + NEAR * (endMs - beganMs) ? 'near miss' : 'in time';
}

/**
 * What must be true of an open follow-up: its label says whether its time is nearly over, or over, and then whoever is assigned,
 * else the managers, are reminded every so many days, by day. A closed one keeps the label that it had.
 */
export function decideSlo(snapshot: Snapshot, record: FollowUpOnRecord, config: Installation, now: Date): Decided {
  const { finding } = wait('not an incident');
  const slo = sloOf(record, config.time_zone, now);
  if (snapshot.issue.state === 'closed') return { ...mergeRuled([]), finding };
  const label = { 'in time': undefined, 'near miss': NEAR_MISS, missed: MISSED }[slo];
  const labels = {
    present: label === undefined ? [] : [label],
    absent: [NEAR_MISS, MISSED].filter((each) => each !== label),
  };
  const nudge = slo === 'missed' ? nudgeFor(snapshot, record, config, now) : NO_PART;
  const ruled = mergeRuled([
    ['due date', { labels }],
    ['due date', nudge],
  ]);
  return { ...ruled, finding };
}

function nudgeFor(
  { issue, marked }: Snapshot,
  { due_on: dueOn }: FollowUpOnRecord,
  config: Installation,
  now: Date,
): Part {
  const { mode, nudge_days: everyDays } = config.follow_ups;
  const { at } = factsOf('nudge', marked).facts ?? {};
  const isLate = at === undefined || now.getTime() - Date.parse(at) >= everyDays * DAY_MS;
  if (mode !== 'enforce' || everyDays === 0 || !isLate || !isDay(now, config)) return NO_PART;
  const view = { words: 'nudge' as const, ...whoSeesToIt(issue, config, now), dueOn };
  return { ...NO_PART, comment: call('nudge', 'call', { at: now.toISOString() }, view) };
}
