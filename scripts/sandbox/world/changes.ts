import { ApiError } from './errors.ts';
import type { Account, Project, StoredIssue } from './records.ts';
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

/** Changes an issue as a user does: with label and state events, system notes, and one webhook event per kind of change. */
export function changeIssue(world: World, actor: Account, issue: StoredIssue, changes: IssueChanges): void {
  const before = structuredClone(issue);
  applyFields(world, actor, issue, changes);
  applyLabels(world, actor, issue, changes);
  const edited = JSON.stringify(before) !== JSON.stringify(issue);
  if (edited) {
    issue.updatedAt = world.now();
    world.tell({ kind: 'issue', issue, actorId: actor.id, action: 'update', before });
  }
  if (changes.stateEvent !== undefined) applyState(world, actor, issue, changes.stateEvent);
}

/** Closes or reopens; where it is so already, nothing happens and nobody is told. Source: platform sheet, section 5. */
function applyState(world: World, actor: Account, issue: StoredIssue, event: string): void {
  if (event !== 'close' && event !== 'reopen') {
    throw new ApiError(400, { error: 'state_event does not have a valid value' });
  }
  const state = event === 'close' ? 'closed' : 'opened';
  if (issue.state === state) return;
  const before = structuredClone(issue);
  const at = world.now();
  issue.state = state;
  issue.updatedAt = at;
  issue.closedAt = state === 'closed' ? at : null;
  issue.closedById = state === 'closed' ? actor.id : null;
  if (state === 'opened') issue.duplicatedToId = null;
  const change = { id: world.nextId(), issueId: issue.id, userId: actor.id, createdAt: at, mergeRequestId: null };
  world.stateChanges.add({ ...change, state: state === 'closed' ? 'closed' : 'reopened' });
  world.tell({ kind: 'issue', issue, actorId: actor.id, action: event, before });
}

function applyFields(world: World, actor: Account, issue: StoredIssue, changes: IssueChanges): void {
  if (changes.title !== undefined) issue.title = changes.title;
  if (changes.description !== undefined) issue.description = changes.description;
  if (changes.severity !== undefined) issue.severity = changes.severity;
  if (changes.locked !== undefined) issue.locked = changes.locked;
  if (changes.dueDate !== undefined) issue.dueDate = changes.dueDate;
  if (changes.confidential !== undefined) issue.confidential = changes.confidential;
  if (changes.type !== undefined && changes.type !== issue.type) {
    writeSystemNote(world, actor, issue, `changed type from ${issue.type} to ${changes.type}`);
    issue.type = changes.type;
  }
  if (changes.assigneeIds !== undefined) assign(world, actor, issue, changes.assigneeIds);
}

/** Self-assignment is the system note `assigned to @x`, written by x. Source: platform sheet, section 5. */
function assign(world: World, actor: Account, issue: StoredIssue, ids: number[]): void {
  const wanted = ids.filter((id) => id !== 0 && world.userById(id));
  for (const id of wanted.filter((one) => !issue.assigneeIds.includes(one))) {
    writeSystemNote(world, actor, issue, `assigned to @${world.userById(id)?.username ?? ''}`);
  }
  for (const id of issue.assigneeIds.filter((one) => !wanted.includes(one))) {
    writeSystemNote(world, actor, issue, `unassigned @${world.userById(id)?.username ?? ''}`);
  }
  issue.assigneeIds = wanted;
}

/** Unknown labels are created, and siblings of a scope stay: labels are exclusive on paid tiers only. Source: traps 12. */
function applyLabels(world: World, actor: Account, issue: StoredIssue, changes: IssueChanges): void {
  const base = changes.labels ?? issue.labels;
  const added = [...base, ...(changes.addLabels ?? [])].filter((name) => !changes.removeLabels?.includes(name));
  const wanted = [...new Set(added)];
  const project = world.projectOf(issue);
  for (const name of wanted) ensureLabel(world, project, name);
  const log = (label: string, action: 'add' | 'remove'): void => {
    world.labelChanges.add({
      id: world.nextId(),
      issueId: issue.id,
      userId: actor.id,
      action,
      label,
      createdAt: world.now(),
    });
  };
  for (const name of wanted.filter((one) => !issue.labels.includes(one))) log(name, 'add');
  for (const name of issue.labels.filter((one) => !wanted.includes(one))) log(name, 'remove');
  issue.labels = wanted;
}

/** Makes sure that a project has a label. */
function ensureLabel(world: World, project: Project, name: string): void {
  if (!project.labels.has(name))
    project.labels.set(name, { id: world.nextId(), name, color: '#6699cc', description: null });
}

/** GitLab's own record of a change among the notes; it fires no webhook. Source: platform sheet, section 1.6. */
export function writeSystemNote(world: World, actor: Account, issue: StoredIssue, body: string): void {
  const at = world.now();
  const note = {
    id: world.nextId(),
    issueId: issue.id,
    body,
    authorId: actor.id,
    internal: false,
    createdAt: at,
    updatedAt: at,
  };
  world.notes.add({ ...note, system: true });
}

/** A new issue; the incident type falls back to a plain issue for those below Reporter. Source: platform sheet, section 4. */
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
