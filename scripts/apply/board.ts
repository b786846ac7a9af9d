import { mergeParts, NO_PART } from '../decide/merge.ts';
import type { CallComment } from '../decide/plan.ts';
import type { Issue, User } from '../gitlab/port.ts';
import { readMarkers } from '../read/markers.ts';
import { applyActions } from './apply.ts';
import { difference, type Action } from './difference.ts';
import type { Tools } from './reconcile.ts';

/**
 * Keeps one comment of ours on an issue of which nothing else is decided, edited in place; nothing is written where it says so
 * already, nor in a dry run. Gives what was written, or would be.
 */
export async function keepBoard(
  issue: Issue,
  comment: CallComment,
  me: User,
  { gitlab, config, dryRun }: Tools,
): Promise<Action[]> {
  const marked = readMarkers(await gitlab.notes(issue), me, config.bot.former_ids);
  const actions = difference(mergeParts([{ ...NO_PART, comment }]), { issue, marked });
  const isOvertaken = (): Promise<boolean> => Promise.resolve(false);
  if (!dryRun) await applyActions(actions, { issue, me, gitlab, isOvertaken, warn: () => undefined });
  return actions;
}
