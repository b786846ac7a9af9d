import type { HookEvent } from '../world/automation.ts';
import type { IssueHappening, StoredIssue } from '../world/records.ts';
import type { World } from '../world/world.ts';

/**
 * The webhook body for something that happened. Incidents come as object_kind `issue` or `work_item`, depending on how
 * they were edited; `assignees` is absent when there are none; times come in two shapes; labels have a `title`, not a name.
 * Source: platform sheet, section 2; GitLab docs, user/project/integrations/webhook_events.
 */
export function toPayload(world: World, happening: IssueHappening, kind: 'issue' | 'work_item', base: string): object {
  const { issue } = happening;
  const about = toContext(world, happening, base);
  const attributes = toAttributes(world, issue, base);
  if (happening.kind === 'note') {
    const { note, action } = happening;
    const { id, body, internal } = note;
    return {
      ...{ object_kind: 'note', event_type: issue.confidential || internal ? 'confidential_note' : 'note' },
      ...{ ...about, project_id: issue.projectId },
      object_attributes: {
        ...{ id, note: body, noteable_type: 'Issue', noteable_id: issue.id },
        system: false,
        internal,
        action,
      },
      issue: attributes,
    };
  }
  const { action, before } = happening as IssueHappening & { kind: 'issue' };
  const assignees = issue.assigneeIds.map((id) => ({
    id,
    username: world.userById(id)?.username,
    email: '[REDACTED]',
  }));
  return {
    ...{ object_kind: kind, event_type: issue.confidential ? `confidential_${kind}` : kind, ...about },
    object_attributes: { ...attributes, action },
    labels: attributes['labels'],
    changes: before ? changesBetween(world, before, issue) : {},
    ...(assignees.length > 0 ? { assignees } : {}),
  };
}

function toContext(world: World, { issue, actorId }: IssueHappening, base: string): object {
  const actor = world.userById(actorId);
  const { id, path } = world.projectOf(issue);
  const url = `${base}/${path}`;
  return {
    user: { id: actorId, name: actor?.name, username: actor?.username, avatar_url: null, email: '[REDACTED]' },
    project: { id, name: path, web_url: url, path_with_namespace: path, default_branch: 'main' },
    repository: { name: path, homepage: url },
  };
}

/** The class of events that a hook must have switched on to hear of this. */
export function hookEvent(happening: IssueHappening): HookEvent {
  if (happening.kind === 'note')
    return happening.issue.confidential || happening.note.internal ? 'confidential_note' : 'note';
  return happening.issue.confidential ? 'confidential_issues' : 'issues';
}

/** `{{object_attributes.iid}}` and the like; arrays cannot be reached, and what is absent is empty. */
export function renderHookTemplate(template: string, payload: object): string {
  return template.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_whole, path: string) => {
    let value: unknown = payload;
    for (const part of path.split('.'))
      value =
        value !== null && typeof value === 'object' && !Array.isArray(value)
          ? (value as Record<string, unknown>)[part]
          : undefined;
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isPlain ? JSON.stringify(String(value)).slice(1, -1) : '';
  });
}

function toAttributes(world: World, issue: StoredIssue, base: string): Record<string, unknown> {
  const project = world.projectOf(issue);
  const labels = issue.labels.map((name) => ({
    id: project.labels.get(name)?.id,
    title: name,
    type: 'ProjectLabel',
    project_id: project.id,
  }));
  return {
    ...{ id: issue.id, iid: issue.iid, title: issue.title, description: issue.description, project_id: project.id },
    ...{
      author_id: issue.authorId,
      assignee_ids: issue.assigneeIds,
      confidential: issue.confidential,
      state: issue.state,
    },
    ...{ state_id: issue.state === 'opened' ? 1 : 2, severity: issue.severity.toLowerCase(), labels },
    type: issue.type.charAt(0).toUpperCase() + issue.type.slice(1),
    ...{
      created_at: issue.createdAt,
      updated_at: rubyTime(issue.updatedAt),
      closed_at: issue.closedAt && rubyTime(issue.closedAt),
    },
    url: `${base}/${project.path}/-/issues/${issue.iid}`,
  };
}

function rubyTime(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}

function changesBetween(world: World, before: StoredIssue, after: StoredIssue): object {
  const [old, now] = [toAttributes(world, before, ''), toAttributes(world, after, '')];
  const keys = ['title', 'description', 'closed_at', 'state_id', 'updated_at', 'confidential', 'severity', 'labels'];
  const differing = keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]));
  return Object.fromEntries(differing.map((key) => [key, { previous: old[key], current: now[key] }]));
}
