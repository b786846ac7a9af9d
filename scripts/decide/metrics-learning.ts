import type { AnalysisOnRecord, FollowUpNumbers, FollowUpOnRecord } from '../schema/types.gen.ts';
import { rateOf, type Period } from './clocks.ts';
import type { DayClock } from './day.ts';

/** An issue that is to be closed by the end of a day: its clock runs from `since`. */
export type Task = { since: string; dueOn: string; closedAt: string | undefined };

/** A follow-up as a task: its clock starts when it was labelled. */
export function followUpTask({ labelled_at: since, due_on: dueOn, ...rest }: FollowUpOnRecord): Task {
  return { since, dueOn, closedAt: closedAtOf(rest) };
}

/** A root cause analysis as a task. */
export function analysisTask({ created_at: since, due_on: dueOn, ...rest }: AnalysisOnRecord): Task {
  return { since, dueOn, closedAt: closedAtOf(rest) };
}

/**
 * How many tasks were to be done in a period and were, and how many are open at its end. A last day belongs to the period in
 * which it ends by `clock`, and counts once it is over; `end` is when the period is over, or now.
 */
export function measureTasks(tasks: readonly Task[], { from }: Period, end: Date, clock: DayClock): FollowUpNumbers {
  const [first, last] = [clock(from).day, clock(end).day];
  const due = tasks.filter(({ dueOn }) => dueOn >= first && dueOn < last);
  const onTime = due.filter(({ dueOn, closedAt }) => closedAt !== undefined && clock(new Date(closedAt)).day <= dueOn);
  const open = tasks.filter(({ since, closedAt }) => isBefore(since, end) && !isBefore(closedAt, end));
  return {
    ...{ due: due.length, on_time: onTime.length, rate: rateOf(onTime.length, due.length) },
    ...{ open: open.length, overdue: open.filter(({ dueOn }) => dueOn < last).length },
  };
}

/** When it was closed for good: GitLab keeps the time of a closing that was taken back. */
function closedAtOf({ state, closed_at: closedAt }: Pick<FollowUpOnRecord, 'state' | 'closed_at'>): string | undefined {
  return state === 'closed' ? closedAt : undefined;
}

function isBefore(at: string | undefined, moment: Date): boolean {
  return at !== undefined && Date.parse(at) < moment.getTime();
}
