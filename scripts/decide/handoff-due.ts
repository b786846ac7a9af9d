import type { Issue } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import { readRecord } from '../read/record.ts';
import type { Change, Changes } from './changes.ts';
import { DONE, isAwaited, minutesAfter } from './duty.ts';
import { NEEDED, READY } from './handoff.ts';
import { handoffFields, missingAmong } from './handoff-fields.ts';

/** `updated_at` may lag a comment by a minute. Source: platform sheet; architecture.md, "State". */
const LAG_MS = 60_000;

/** Whether an open issue is somebody's work, by its labels: what is paged or taken, and no mere paperwork. */
export function isOnHand({ state, labels }: Issue): boolean {
  const isTaken = labels.includes(DONE) || isAwaited(labels);
  return state === 'opened' && isTaken && !labels.includes('closure::blocked');
}

/** The last change of shift, where an issue may have to be handed over on its account. */
export function changeFor(issue: Issue, { handoff }: Installation, { last }: Changes): Change | undefined {
  return handoff.mode !== 'off' && last && isOnHand(issue) && issue.createdAt < last.at ? last : undefined;
}

/**
 * Whether an issue is to be looked at on account of a hand-off, by what a list alone tells of it: its label is to change
 * before the end of a shift, or the change of shift came and nobody touched the issue since. What was touched since is
 * looked at on account of that.
 */
export function isHandoffDue(
  issue: Issue,
  config: Installation,
  { changes, now }: { changes: Changes; now: Date },
): boolean {
  const isLabelled = issue.labels.includes(NEEDED) || issue.labels.includes(READY);
  if (issue.state === 'closed' || config.handoff.mode === 'off') return false;
  const wanted = isOnHand(issue) ? labelDue(issue, config, changes, now) : undefined;
  if (wanted === undefined ? isLabelled : !issue.labels.includes(wanted)) return true;
  const change = changeFor(issue, config, changes);
  return change !== undefined && Date.parse(issue.updatedAt) < Date.parse(change.at) + LAG_MS;
}

function labelDue(issue: Issue, config: Installation, { next }: Changes, now: Date): string | undefined {
  const { before_minutes: minutes } = config.handoff;
  if (!next || minutes === 0 || now.toISOString() < minutesAfter(next.at, -minutes)) return undefined;
  const read = readRecord(issue.description, config.time_zone, config.form);
  return missingAmong(handoffFields(read)).length > 0 ? NEEDED : READY;
}
