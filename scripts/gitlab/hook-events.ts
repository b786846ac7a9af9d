/** The classes of events that a webhook may hear of, as GitLab's names without `_events`. Source: GitLab docs, api/project_webhooks. */
export const HOOK_EVENTS = [
  ...['push', 'tag_push', 'issues', 'confidential_issues', 'merge_requests', 'note', 'confidential_note'],
  ...['job', 'pipeline', 'wiki_page', 'deployment', 'releases', 'milestone', 'feature_flag', 'emoji'],
  ...['resource_access_token', 'subgroup', 'member', 'project', 'vulnerability'],
] as const;

/** How a webhook says which trigger token masks its address: GitLab shows nobody which. */
export function describeHook(triggerId: number): string {
  return `Starts pipelines by the trigger token ${triggerId}`;
}
