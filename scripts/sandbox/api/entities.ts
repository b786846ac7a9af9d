import type { Account, LabelChange, Project, StateChange, StoredIssue, StoredNote } from '../world/records.ts';
import type { World } from '../world/world.ts';

/** A user as the API shows it. Source: GitLab's schema public_api/v4/user/basic.json; docs, api/users. */
export function toUserJson(user: Account | undefined, base: string): object | null {
  if (!user) return null;
  const { id, username, name, state } = user;
  return {
    id,
    username,
    name,
    state,
    locked: false,
    avatar_url: `${base}/avatar/${id}.png`,
    web_url: `${base}/${username}`,
  };
}

/** An issue as the API shows it. Source: GitLab docs, api/issues; schema public_api/v4/issue.json. */
export function toIssueJson(world: World, issue: StoredIssue, base: string): object {
  const project = world.projectOf(issue);
  const assignees = issue.assigneeIds.map((id) => toUserJson(world.userById(id), base));
  const self = `${base}/api/v4/projects/${project.id}/issues/${issue.iid}`;
  const notes = world.notes.of(issue).filter(({ system }) => !system);
  return {
    ...{ id: issue.id, iid: issue.iid, project_id: project.id, title: issue.title, description: issue.description },
    ...{ state: issue.state, created_at: issue.createdAt, updated_at: issue.updatedAt, closed_at: issue.closedAt },
    closed_by: toUserJson(world.userById(issue.closedById), base),
    ...{ labels: [...issue.labels].sort(), milestone: null, assignees, assignee: assignees[0] ?? null },
    author: toUserJson(world.userById(issue.authorId), base),
    ...{
      type: issue.type.toUpperCase(),
      issue_type: issue.type,
      severity: issue.severity,
      user_notes_count: notes.length,
    },
    ...{ merge_requests_count: 0, upvotes: 0, downvotes: 0, due_date: issue.dueDate, confidential: issue.confidential },
    ...{ discussion_locked: issue.locked || null, weight: null, has_tasks: false, moved_to_id: issue.movedToId },
    ...{ imported: false, imported_from: 'none', service_desk_reply_to: null },
    web_url: `${base}/${project.path}/-/issues/${issue.iid}`,
    references: { short: `#${issue.iid}`, relative: `#${issue.iid}`, full: `${project.path}#${issue.iid}` },
    time_stats: { time_estimate: 0, total_time_spent: 0, human_time_estimate: null, human_total_time_spent: null },
    task_completion_status: { count: 0, completed_count: 0 },
    _links: {
      ...{
        self,
        notes: `${self}/notes`,
        award_emoji: `${self}/award_emoji`,
        project: `${base}/api/v4/projects/${project.id}`,
      },
      closed_as_duplicate_of: duplicateLink(world, issue, base),
    },
  };
}

function duplicateLink(world: World, issue: StoredIssue, base: string): string | null {
  const target = world.issues.find(({ id }) => id === issue.duplicatedToId);
  return target ? `${base}/api/v4/projects/${target.projectId}/issues/${target.iid}` : null;
}

/** A comment as the API shows it. Source: GitLab docs, api/notes; schema public_api/v4/notes.json. */
export function toNoteJson(world: World, note: StoredNote, issue: StoredIssue, base: string): object {
  return {
    ...{
      id: note.id,
      type: null,
      body: note.body,
      attachment: null,
      author: toUserJson(world.userById(note.authorId), base),
    },
    ...{ created_at: note.createdAt, updated_at: note.updatedAt, system: note.system, noteable_id: issue.id },
    ...{ noteable_type: 'Issue', project_id: issue.projectId, resolvable: false, confidential: note.internal },
    ...{
      internal: note.internal,
      imported: false,
      imported_from: 'none',
      noteable_iid: issue.iid,
      commands_changes: {},
    },
  };
}

/** Source: GitLab docs, api/resource_state_events; `resource_id` is the global id. */
export function toStateEventJson(
  world: World,
  { id, userId, issueId, state, createdAt }: StateChange,
  base: string,
): object {
  const user = toUserJson(world.userById(userId), base);
  return {
    id,
    user,
    created_at: createdAt,
    resource_type: 'Issue',
    resource_id: issueId,
    source_commit: null,
    source_merge_request_id: null,
    state,
  };
}

/** Source: GitLab docs, api/resource_label_events. */
export function toLabelEventJson(world: World, change: LabelChange, project: Project, base: string): object {
  const label = project.labels.get(change.label);
  return {
    ...{ id: change.id, user: toUserJson(world.userById(change.userId), base), created_at: change.createdAt },
    ...{ resource_type: 'Issue', resource_id: change.issueId, action: change.action },
    label: label ? { id: label.id, name: label.name, color: label.color, description: label.description } : null,
  };
}

/** Source: GitLab docs, api/project_members. */
export function toMemberJson(user: Account | undefined, level: number, base: string): object {
  const created = '2026-01-05T09:00:00.000Z';
  return {
    ...toUserJson(user, base),
    access_level: level,
    created_at: created,
    expires_at: null,
    membership_state: 'active',
  };
}
