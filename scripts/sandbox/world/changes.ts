import { may, mayEdit, maySetMetadata } from './access.ts';
import { badParameter, forbidden } from './errors.ts';
import { recordReopening, recordSeverity, resolveEscalation } from './incidents.ts';
import { setLabels } from './labels.ts';
import type { Account, Project, StoredIssue } from './records.ts';
import { noteChanges } from './system-notes.ts';
import type { World } from './world.ts';

/** What may be changed of an issue, names and meaning as in `PUT /projects/:id/issues/:iid`. Source: GitLab docs, api/issues. */
export type IssueChanges = {
  title?: string;
  description?: string;
  labels?: string[];
  addLabels?: string[];
  removeLabels?: string[];
  assigneeIds?: number[];
  stateEvent?: string;
  type?: StoredIssue['type'];
  severity?: StoredIssue['severity'];
  confidential?: boolean;
  locked?: boolean;
  dueDate?: string | null;
};

const STATE_EVENTS: readonly string[] = ['close', 'reopen'];

/**
 * Changes an issue as a user does, the state first: with events of labels and state, system notes, and one webhook event
 * for the state and one for all else. Source: app/services/issuable_base_service.rb, update; platform sheet, section 2.
 */
export function changeIssue(world: World, actor: Account, issue: StoredIssue, changes: IssueChanges): void {
  const { stateEvent } = changes;
  if (stateEvent !== undefined && !STATE_EVENTS.includes(stateEvent)) {
    throw badParameter('state_event does not have a valid value');
  }
  if (stateEvent !== undefined) setState(world, actor, issue, stateEvent === 'close' ? 'closed' : 'opened');
  const before = structuredClone(issue);
  if (!editIssue(world, actor, issue, changes)) return;
  issue.updatedAt = world.now();
  world.tell({ kind: 'issue', issue, actorId: actor.id, action: 'update', before });
}

/**
 * What a caller may change of an issue: 403 where nothing, and else what takes a role is left out without a word.
 * Source: app/services/issuable_base_service.rb, filter_params; app/policies/issue_policy.rb.
 */
export function permitted(world: World, actor: Account, issue: StoredIssue, changes: IssueChanges): IssueChanges {
  if (!mayEdit(world, actor, issue)) throw forbidden();
  const project = world.projectOf(issue);
  const { title, description, stateEvent, ...metadata } = changes;
  const own = Object.entries({ title, description, stateEvent }).filter(([, value]) => value !== undefined);
  const rest = maySetMetadata(world, actor, issue) ? { ...metadata } : {};
  if (rest.type === 'incident' && !may(actor, project, 'create an incident')) delete rest.type;
  return { ...Object.fromEntries(own), ...rest };
}

/**
 * Closes or reopens; where it is so already, nothing happens and nobody is told (platform sheet, section 5), nor where
 * somebody reopens what is locked (app/policies/issue_policy.rb). Reopening forgets what it was closed for
 * (app/models/issue.rb, clear_closure_reason_references).
 */
export function setState(
  world: World,
  actor: Account,
  issue: StoredIssue,
  state: StoredIssue['state'],
  mergeRequestId: number | null = null,
): void {
  if (issue.state === state || (state === 'opened' && issue.locked)) return;
  const before = structuredClone(issue);
  const at = world.now();
  const isClosed = state === 'closed';
  Object.assign(issue, {
    state,
    updatedAt: at,
    closedAt: isClosed ? at : null,
    closedById: isClosed ? actor.id : null,
  });
  if (!isClosed) Object.assign(issue, { duplicatedToId: null, movedToId: null });
  const change = { id: world.nextId(), issueId: issue.id, userId: actor.id, createdAt: at, mergeRequestId };
  world.stateChanges.add({ ...change, state: isClosed ? 'closed' : 'reopened' });
  if (isClosed) resolveEscalation(world, actor, issue);
  else recordReopening(world, actor, issue);
  world.tell({ kind: 'issue', issue, actorId: actor.id, action: isClosed ? 'close' : 'reopen', before });
}

/** Changes all but the state, and says whether that changed anything; nobody is told. */
export function editIssue(world: World, actor: Account, issue: StoredIssue, changes: IssueChanges): boolean {
  const before = structuredClone(issue);
  const { labels = issue.labels, addLabels = [], removeLabels = [], assigneeIds, type, severity, ...plain } = changes;
  delete plain.stateEvent;
  Object.assign(issue, plain);
  if (type !== undefined) issue.type = type;
  if (severity !== undefined && issue.type === 'incident') {
    if (severity !== issue.severity) recordSeverity(world, actor, issue, severity);
    issue.severity = severity;
  }
  if (assigneeIds) {
    const most = world.projectOf(issue).hasSeveralAssignees ? assigneeIds.length : 1;
    issue.assigneeIds = assigneeIds.filter((id) => id !== 0 && world.userById(id)).slice(0, most);
  }
  setLabels(
    world,
    actor,
    issue,
    [...labels, ...addLabels].filter((name) => !removeLabels.includes(name)),
  );
  noteChanges(world, actor, before, issue);
  return JSON.stringify(before) !== JSON.stringify(issue);
}

/** A new issue of a project, as bare as can be; nobody is told. */
export function createIssue(
  world: World,
  author: Account,
  project: Project,
  title: string,
  type: StoredIssue['type'],
): StoredIssue {
  const at = world.now();
  const iid = project.nextIid;
  project.nextIid += 1;
  return world.addIssue({
    ...{ id: world.nextId(), iid, projectId: project.id, title, description: null, authorId: author.id, type },
    ...{ assigneeIds: [], labels: [], severity: 'UNKNOWN', escalationStatus: 'TRIGGERED', state: 'opened' },
    ...{ confidential: false, locked: false, dueDate: null, createdAt: at, updatedAt: at },
    ...{ closedAt: null, closedById: null, movedToId: null, duplicatedToId: null },
  });
}
