import { SetupError } from '../ci/errors.ts';
import type { Target } from './apply.ts';
import type { Change } from './difference.ts';

/** Edits the issue itself. Throws a SetupError where GitLab says that it is done, and its state is as before. */
export async function changeIssue(
  { addLabels, removeLabels, state, assignee, unassign = [] }: Change,
  target: Target,
): Promise<void> {
  const { issue, gitlab, isOvertaken } = target;
  const others = issue.assignees.map(({ id }) => id).filter((id) => id !== assignee && !unassign.includes(id));
  const changed = await gitlab.changeIssue(
    issue,
    {
      ...{ addLabels, removeLabels },
      ...(state ? { state } : {}),
      ...(assignee === undefined ? {} : { assigneeIds: [assignee, ...others] }),
    },
    isOvertaken,
  );
  if (state && changed.state !== (state === 'reopen' ? 'opened' : 'closed')) {
    throw new SetupError(
      `${issue.reference}: GitLab did not ${state} it. Give the bot the role Developer in the project.`,
    );
  }
}
