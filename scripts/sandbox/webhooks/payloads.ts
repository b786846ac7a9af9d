import {
  changesBetween,
  context,
  issueAttributes,
  people,
  projectAttributes,
  rubyTime,
  type Payload,
} from './payload-parts.ts';
import type { HookEvent } from '../world/automation.ts';
import { closingIssues } from '../world/merging.ts';
import type { Account, Happening, IssueHappening, Project } from '../world/records.ts';
import type { World } from '../world/world.ts';

/**
 * The webhook body for something that happened. Incidents come as object_kind `issue` or `work_item`, depending on how
 * they were edited; `assignees` is absent when there are none; times come in two shapes; labels have a `title`, not a name.
 * Source: platform sheet, section 2; GitLab docs, user/project/integrations/webhook_events.
 */
export function toPayload(world: World, happening: Happening, kind: 'issue' | 'work_item', base: string): Payload {
  const about = context(world, projectOfHappening(world, happening), happening.actorId, base);
  if (happening.kind === 'merge_request') return mergeRequestPayload(world, happening, about, base);
  const attributes = issueAttributes(world, happening.issue, base);
  if (happening.kind === 'note') return notePayload(happening, about, attributes);
  if (happening.kind === 'emoji') return emojiPayload(happening, about, attributes);
  const { issue, action, before } = happening;
  const changes = before ? changesBetween(world, before, issue) : {};
  const eventType = issue.confidential ? `confidential_${kind}` : kind;
  const shown = { ...attributes, action };
  return {
    object_kind: kind,
    event_type: eventType,
    ...about,
    object_attributes: shown,
    ...people(world, issue),
    changes,
  };
}

/** The test button sends the newest issue, with no action and no changes. Source: app/services/test_hooks/project_service.rb. */
export function toTestPayload(world: World, project: Project, caller: Account, base: string): Payload {
  const about = context(world, project, caller.id, base);
  const issue = world.issues.findLast(({ projectId }) => projectId === project.id);
  if (!issue) return { object_kind: 'issue', event_type: 'issue', ...about, object_attributes: {} };
  const attributes = issueAttributes(world, issue, base);
  return {
    object_kind: 'issue',
    event_type: 'issue',
    ...about,
    object_attributes: attributes,
    ...people(world, issue),
  };
}

/** A bot's token that is about to end. Source: GitLab docs, webhook_events, project and group access token events. */
export function toExpiryPayload(project: Project, { id: userId, grant }: Account, base: string): Payload {
  return {
    ...{ object_kind: 'access_token', project: projectAttributes(project, base) },
    object_attributes: {
      ...{ user_id: userId, created_at: rubyTime(grant.createdAt), id: grant.id, name: grant.name },
      expires_at: grant.expiresAt,
    },
    event_name: 'expiring_access_token',
  };
}

/** The class of events that a hook must have switched on to hear of this. Source: app/services/notes/post_process_service.rb. */
export function hookEvent(happening: Happening): HookEvent {
  if (happening.kind === 'merge_request') return 'merge_requests';
  if (happening.kind === 'emoji') return 'emoji';
  if (happening.kind === 'note') {
    return happening.issue.confidential || happening.note.internal ? 'confidential_note' : 'note';
  }
  return happening.issue.confidential ? 'confidential_issues' : 'issues';
}

export function projectOfHappening(world: World, happening: Happening): Project {
  return world.projectOf(happening.kind === 'merge_request' ? happening.mergeRequest : happening.issue);
}

function notePayload(
  { issue, note, action }: IssueHappening & { kind: 'note' },
  about: Payload,
  attributes: Payload,
): Payload {
  const { id, body, internal, authorId, createdAt, updatedAt } = note;
  return {
    ...{ object_kind: 'note', event_type: issue.confidential || internal ? 'confidential_note' : 'note' },
    ...{ ...about, project_id: issue.projectId },
    object_attributes: {
      ...{ id, note: body, description: body, noteable_type: 'Issue', noteable_id: issue.id, author_id: authorId },
      ...{ system: false, internal, created_at: rubyTime(createdAt), updated_at: rubyTime(updatedAt), action },
      ...{ project_id: issue.projectId, type: null, url: `${String(attributes['url'])}#note_${id}` },
    },
    issue: attributes,
  };
}

function emojiPayload(
  { issue, award, action }: IssueHappening & { kind: 'emoji' },
  about: Payload,
  attributes: Payload,
): Payload {
  const { id, name, userId, noteId, createdAt } = award;
  return {
    ...{ object_kind: 'emoji', event_type: action, ...about, project_id: issue.projectId },
    object_attributes: {
      ...{
        id,
        name,
        user_id: userId,
        awardable_id: noteId ?? issue.id,
        awardable_type: noteId === null ? 'Issue' : 'Note',
      },
      ...{
        created_at: rubyTime(createdAt),
        updated_at: rubyTime(createdAt),
        action,
        awarded_on_url: attributes['url'],
      },
    },
    issue: attributes,
  };
}

function mergeRequestPayload(
  world: World,
  { mergeRequest, action, actorId }: Happening & { kind: 'merge_request' },
  about: Payload,
  base: string,
): Payload {
  const { id, iid, title, description, state, sha, projectId, sourceProjectId } = mergeRequest;
  const actor = world.userById(actorId);
  return {
    ...{ object_kind: 'merge_request', event_type: 'merge_request', ...about },
    object_attributes: {
      ...{ id, iid, title, description, state, action, target_project_id: projectId },
      ...{ source_project_id: sourceProjectId, author_id: mergeRequest.authorId },
      ...{ source_branch: mergeRequest.sourceBranch, target_branch: mergeRequest.targetBranch },
      ...{ last_commit: { id: sha }, created_at: mergeRequest.createdAt, updated_at: rubyTime(mergeRequest.updatedAt) },
      ...{ url: `${base}/${world.projectOf(mergeRequest).path}/-/merge_requests/${iid}`, draft: false },
      closing_issues: actor ? closingIssues(world, actor, mergeRequest).length : 0,
    },
    ...{ labels: [], changes: {} },
  };
}
