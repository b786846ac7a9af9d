/** A project or group, by id or full path. */
export type Source = { kind: 'project' | 'group'; id: number | string };

/** Which issues of a source to list. Times are ISO 8601, and included. */
export type IssueQuery = {
  state: 'opened' | 'closed' | 'all';
  /** Absent: of all types that GitLab lists with issues, tasks among them; `both` are issues and incidents. */
  type?: 'incident' | 'issue' | 'both';
  /** Words that title or description contain. */
  search?: string;
  labels?: readonly string[];
  withoutLabels?: readonly string[];
  /** Id of the user who created it. */
  author?: number;
  updatedAfter?: string;
  updatedBefore?: string;
  createdAfter?: string;
  createdBefore?: string;
};
