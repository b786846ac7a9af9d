import type { Account, Project, StoredIssue } from '../world/records.ts';
import type { World } from '../world/world.ts';

export type Payload = Record<string, unknown>;

/** `assignees` is absent where there are none. Source: traps 14. */
export function people(world: World, issue: StoredIssue): Payload {
  const assignees = issue.assigneeIds.map((id) => toUser(world.userById(id), id));
  return { labels: labelsOf(world, issue), ...(assignees.length > 0 ? { assignees } : {}) };
}

/** Who did it, and in which project. */
export function context(world: World, project: Project, actorId: number, base: string): Payload {
  const url = `${base}/${project.path}`;
  const name = project.path.split('/').at(-1);
  return {
    user: toUser(world.userById(actorId), actorId),
    project: projectAttributes(project, base),
    repository: { name, url, description: null, homepage: url },
  };
}

/** A project in a payload. Source: GitLab docs, user/project/integrations/webhook_events. */
export function projectAttributes({ id, path, repository }: Project, base: string): Payload {
  const url = `${base}/${path}`;
  const [name, namespace] = [path.split('/').at(-1), path.split('/')[0]];
  const [git, ssh] = [`${url}.git`, `ssh://git@localhost/${path}.git`];
  return {
    ...{ id, name, description: null, web_url: url, avatar_url: null, git_ssh_url: ssh, git_http_url: git },
    ...{ namespace, visibility_level: 0, path_with_namespace: path, default_branch: repository.defaultBranch },
    ...{ ci_config_path: null, homepage: url, url, ssh_url: ssh, http_url: git },
  };
}

function toUser(user: Account | undefined, id: number): Payload {
  return { id, name: user?.name, username: user?.username, avatar_url: null, email: '[REDACTED]' };
}

function labelsOf(world: World, issue: StoredIssue): Payload[] {
  const project = world.projectOf(issue);
  return issue.labels.map((title) => {
    const label = world.labelOf(project, title);
    const { id, color, description } = label ?? {};
    return {
      id,
      title,
      color,
      project_id: project.id,
      template: false,
      description,
      type: 'ProjectLabel',
      group_id: null,
    };
  });
}

/** An issue as webhooks show it. */
export function issueAttributes(world: World, issue: StoredIssue, base: string): Payload {
  const { id, iid, title, description, projectId, state, confidential, assigneeIds } = issue;
  return {
    ...{ id, iid, title, description, project_id: projectId, author_id: issue.authorId, confidential, state },
    ...{ assignee_ids: assigneeIds, assignee_id: assigneeIds[0] ?? null, discussion_locked: issue.locked || null },
    ...{ state_id: state === 'opened' ? 1 : 2, severity: issue.severity.toLowerCase(), labels: labelsOf(world, issue) },
    ...(issue.type === 'incident' ? { escalation_status: issue.escalationStatus.toLowerCase() } : {}),
    ...{ type: issue.type.charAt(0).toUpperCase() + issue.type.slice(1), due_date: issue.dueDate, milestone_id: null },
    ...{ moved_to_id: issue.movedToId, duplicated_to_id: issue.duplicatedToId, created_at: issue.createdAt },
    ...{ updated_at: rubyTime(issue.updatedAt), closed_at: issue.closedAt && rubyTime(issue.closedAt), weight: null },
    url: `${base}/${world.projectOf(issue).path}/-/issues/${iid}`,
  };
}

/** The second shape in which times come. */
export function rubyTime(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}

const CHANGEABLE = [
  ...['title', 'description', 'closed_at', 'state_id', 'updated_at', 'confidential', 'severity', 'labels', 'due_date'],
  ...['escalation_status', 'moved_to_id', 'duplicated_to_id', 'discussion_locked'],
];

/** Source: lib/gitlab/hook_data/issue_builder.rb, safe attributes; there is no `state` among them. */
export function changesBetween(world: World, before: StoredIssue, after: StoredIssue): Payload {
  const [old, now] = [issueAttributes(world, before, ''), issueAttributes(world, after, '')];
  const differing = CHANGEABLE.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]));
  return Object.fromEntries(differing.map((key) => [key, { previous: old[key], current: now[key] }]));
}
