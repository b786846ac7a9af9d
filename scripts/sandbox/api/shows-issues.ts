import type { Award, IssueLink, LabelChange, Project, StateChange, StoredIssue, StoredNote } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { showUser } from './shows-people.ts';

/** An issue as the API shows it. Source: GitLab docs, api/issues; schema public_api/v4/issue.json. */
export function showIssue(world: World, issue: StoredIssue, base: string): object {
  const project = world.projectOf(issue);
  const assignees = issue.assigneeIds.map((id) => showUser(world.userById(id), base));
  const notes = world.notes.of(issue).filter(({ system }) => !system);
  const emoji = world.awards.of(issue).filter(({ noteId }) => noteId === null);
  const tasks = [...(issue.description ?? '').matchAll(/^\s*[-*+]\s+\[([ xX])\]/gm)].map(([, mark]) => mark !== ' ');
  return {
    ...{ id: issue.id, iid: issue.iid, project_id: project.id, title: issue.title, description: issue.description },
    ...{ state: issue.state, created_at: issue.createdAt, updated_at: issue.updatedAt, closed_at: issue.closedAt },
    closed_by: showUser(world.userById(issue.closedById), base),
    ...{ labels: [...issue.labels].sort(), milestone: null, assignees, assignee: assignees[0] ?? null },
    author: showUser(world.userById(issue.authorId), base),
    ...{ type: issue.type.toUpperCase(), issue_type: issue.type, severity: issue.severity },
    ...{ user_notes_count: notes.length, merge_requests_count: 0 },
    upvotes: emoji.filter(({ name }) => name === 'thumbsup').length,
    downvotes: emoji.filter(({ name }) => name === 'thumbsdown').length,
    ...{ due_date: issue.dueDate, confidential: issue.confidential, discussion_locked: issue.locked || null },
    ...{
      weight: null,
      has_tasks: tasks.length > 0,
      task_status: `${tasks.filter(Boolean).length} of ${tasks.length} checklist items completed`,
    },
    ...{
      moved_to_id: issue.movedToId,
      imported: false,
      imported_from: 'none',
      service_desk_reply_to: null,
      start_date: null,
    },
    web_url: `${base}/${project.path}/-/issues/${issue.iid}`,
    references: { short: `#${issue.iid}`, relative: `#${issue.iid}`, full: `${project.path}#${issue.iid}` },
    time_stats: { time_estimate: 0, total_time_spent: 0, human_time_estimate: null, human_total_time_spent: null },
    task_completion_status: { count: tasks.length, completed_count: tasks.filter(Boolean).length },
    _links: linksIn(world, issue, base),
  };
}

function linksIn(world: World, issue: StoredIssue, base: string): object {
  const project = `${base}/api/v4/projects/${issue.projectId}`;
  const self = `${project}/issues/${issue.iid}`;
  return {
    ...{ self, notes: `${self}/notes`, award_emoji: `${self}/award_emoji`, project },
    closed_as_duplicate_of: duplicateLink(world, issue, base),
  };
}

function duplicateLink(world: World, issue: StoredIssue, base: string): string | null {
  const target = world.issueById(issue.duplicatedToId ?? 0);
  return target ? `${base}/api/v4/projects/${target.projectId}/issues/${target.iid}` : null;
}

/** An issue alone says also whether the caller has subscribed to it. Source: lib/api/entities/issue.rb. */
export function showWholeIssue(world: World, issue: StoredIssue, base: string): object {
  return { ...showIssue(world, issue, base), subscribed: false };
}

/** A comment as the API shows it. Source: GitLab docs, api/notes; schema public_api/v4/notes.json. */
export function showNote(world: World, note: StoredNote, issue: StoredIssue, base: string): object {
  const author = showUser(world.userById(note.authorId), base);
  return {
    ...{ id: note.id, type: null, body: note.body, attachment: null, author, created_at: note.createdAt },
    ...{ updated_at: note.updatedAt, system: note.system, noteable_id: issue.id, noteable_type: 'Issue' },
    ...{ project_id: issue.projectId, resolvable: false, confidential: note.internal, internal: note.internal },
    ...{ imported: false, imported_from: 'none', noteable_iid: issue.iid, commands_changes: {} },
  };
}

/** Source: GitLab docs, api/resource_state_events; `resource_id` is the global id. */
export function showStateEvent(world: World, change: StateChange, base: string): object {
  const { id, userId, issueId, state, createdAt, mergeRequestId } = change;
  return {
    ...{ id, user: showUser(world.userById(userId), base), created_at: createdAt, resource_type: 'Issue' },
    ...{ resource_id: issueId, source_commit: null, source_merge_request_id: mergeRequestId, state },
  };
}

/** The label is null where it was deleted since. Source: GitLab docs, api/resource_label_events. */
export function showLabelEvent(world: World, change: LabelChange, project: Project, base: string): object {
  const label = world.labelOf(project, change.label);
  return {
    ...{ id: change.id, user: showUser(world.userById(change.userId), base), created_at: change.createdAt },
    ...{ resource_type: 'Issue', resource_id: change.issueId, action: change.action },
    label: label ? { id: label.id, name: label.name, color: label.color, description: label.description } : null,
  };
}

/** Source: GitLab docs, api/emoji_reactions. */
export function showAward(world: World, { id, name, userId, noteId, issueId, createdAt }: Award, base: string): object {
  return {
    ...{ id, name, user: showUser(world.userById(userId), base), created_at: createdAt, updated_at: createdAt },
    ...{ awardable_id: noteId ?? issueId, awardable_type: noteId === null ? 'Issue' : 'Note', url: null },
  };
}

/** A linked issue in the list of links. Source: GitLab docs, api/issue_links. */
export function showLinked(world: World, link: IssueLink, other: StoredIssue, base: string): object {
  return { ...showIssue(world, other, base), issue_link_id: link.id, link_type: link.type, ...linkTimes(link) };
}

export function showLink(world: World, link: IssueLink, base: string): object {
  const end = (id: number): object | null => {
    const issue = world.issueById(id);
    return issue ? showWholeIssue(world, issue, base) : null;
  };
  const ends = { source_issue: end(link.issueId), target_issue: end(link.targetId) };
  return { id: link.id, ...ends, link_type: link.type, ...linkTimes(link) };
}

function linkTimes({ createdAt }: IssueLink): object {
  return { link_created_at: createdAt, link_updated_at: createdAt };
}
