import type { IssueChange, NewIssue } from './port.ts';

/** A change as `PUT /issues` takes it; assigning the user 0 assigns nobody. Source: GitLab docs, api/issues, edit an issue. */
export function toEdit({ addLabels, removeLabels, state, assigneeIds }: IssueChange): {
  addLabels?: string;
  removeLabels?: string;
  stateEvent?: string;
  assigneeIds?: number[];
} {
  return {
    ...(addLabels.length > 0 ? { addLabels: addLabels.join(',') } : {}),
    ...(removeLabels.length > 0 ? { removeLabels: removeLabels.join(',') } : {}),
    ...(state ? { stateEvent: state } : {}),
    ...(assigneeIds ? { assigneeIds: assigneeIds.length > 0 ? assigneeIds : [0] } : {}),
  };
}

/** What `POST /issues` takes beside the title. */
export function toCreate({ description, labels, confidential, assigneeIds, isIncident, dueOn }: NewIssue): {
  description: string;
  confidential: boolean;
  issueType: string;
  labels?: string;
  assigneeIds?: number[];
  dueDate?: string;
} {
  return {
    ...{ description, confidential, issueType: isIncident ? 'incident' : 'issue' },
    ...(labels.length > 0 ? { labels: labels.join(',') } : {}),
    ...(assigneeIds.length > 0 ? { assigneeIds } : {}),
    ...(dueOn === undefined ? {} : { dueDate: dueOn }),
  };
}

type Sayable = Omit<IssueChange, 'assigneeIds'>;

/** A change as quick actions, one a line. Source: GitLab docs, user/project/quick_actions. */
export function toQuickActions({ addLabels, removeLabels, state }: Sayable): string {
  const named = (labels: readonly string[]): string => labels.map((label) => `~"${label}"`).join(' ');
  return [
    ...(addLabels.length > 0 ? [`/label ${named(addLabels)}`] : []),
    ...(removeLabels.length > 0 ? [`/unlabel ${named(removeLabels)}`] : []),
    ...(state ? [`/${state}`] : []),
  ].join('\n');
}

/**
 * Whether the answer to a comment says that all its quick actions were done: a label that does not exist, or what one may
 * not, is left out. Source: app/services/quick_actions/interpret_service.rb, whose updates are `commands_changes`.
 */
export function wasDone({ addLabels, removeLabels, state }: Sayable, answer: unknown): boolean {
  const said = (answer as { commands_changes?: Record<string, unknown> } | null)?.commands_changes ?? {};
  const count = (ids: unknown): number => (Array.isArray(ids) ? ids.length : 0);
  return (
    said['state_event'] === state &&
    count(said['add_label_ids']) === addLabels.length &&
    count(said['remove_label_ids']) === removeLabels.length
  );
}
