import type { Act, Life } from '../schema/types.gen.ts';
import { ESCALATED, isAwaited } from './duty.ts';
import { UPDATE_DUE } from './updates.ts';

/** What an incident needs attention for, in words of ours; what presses most first. */
export const REASONS: readonly { why: string; holds: (life: Life) => boolean }[] = [
  { why: 'escalated', holds: (life) => isUnacknowledged(life) && life.labels.includes(ESCALATED) },
  { why: 'not acknowledged', holds: (life) => isUnacknowledged(life) && !life.labels.includes(ESCALATED) },
  { why: 'disputed', holds: ({ gate }) => gate === 'disputed' },
  { why: 'blocked', holds: ({ gate, state }) => gate === 'blocked' && state === 'opened' },
  { why: 'update due', holds: ({ labels, state }) => state === 'opened' && labels.includes(UPDATE_DUE) },
  { why: 'review due', holds: ({ labels, state }) => state === 'opened' && labels.includes('review::due') },
];

/** How much an incident presses: the place of the first reason, or behind all where there is none. */
export function rankOf(life: Life): number {
  const rank = REASONS.findIndex(({ holds }) => holds(life));
  return rank === -1 ? REASONS.length : rank;
}

/** The more severe first, then the older. One without a severity comes after S2: nobody knows yet. */
export function bySeverityAndAge(a: Life, b: Life): number {
  const [one, other] = [a.severity ?? 2.5, b.severity ?? 2.5];
  return one - other || Date.parse(a.paged_at) - Date.parse(b.paged_at) || a.project - b.project || a.iid - b.iid;
}

/** Whether somebody is to acknowledge an incident, and nobody has. */
export function isUnacknowledged({ state, labels, acknowledged }: Life): boolean {
  return state === 'opened' && acknowledged === undefined && isAwaited(labels);
}

/** When it was closed (ISO 8601); a record without says it by the last closing, else by the last change. */
export function closedAt({ closed_at: at, closes, updated_at: changed }: Life): string {
  const last: Act | undefined = closes.at(-1);
  return at ?? last?.at ?? changed;
}
