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
