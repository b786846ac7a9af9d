import { ApiError, forbidden, notFound } from './errors.ts';
import { LEVEL, type Account, type Project, type StoredIssue } from './records.ts';
import type { World } from './world.ts';

/**
 * The role that each operation takes in a project. Source: GitLab docs, user/permissions; for incidents also
 * operations/incident_management/manage_incidents; platform sheet, section 4.
 */
const TAKES = {
  'create an issue': LEVEL.guest,
  'create an incident': LEVEL.reporter,
  'edit an issue': LEVEL.planner,
  'edit an incident': LEVEL.reporter,
  'delete an issue': LEVEL.owner,
  'read internal notes': LEVEL.planner,
  'speak where it is locked': LEVEL.guest,
  "edit others' comments": LEVEL.maintainer,
  'set the severity': LEVEL.reporter,
  'set the escalation status': LEVEL.developer,
  'write the timeline': LEVEL.developer,
  'manage labels': LEVEL.planner,
  'manage boards': LEVEL.planner,
  'read code': LEVEL.reporter,
  'push code': LEVEL.developer,
  'see packages': LEVEL.reporter,
  'publish packages': LEVEL.developer,
  'see statuses': LEVEL.reporter,
  'see pipelines': LEVEL.reporter,
  'run a pipeline': LEVEL.developer,
  'see schedules': LEVEL.developer,
  "edit others' schedules": LEVEL.maintainer,
  'manage triggers': LEVEL.maintainer,
  'manage hooks': LEVEL.maintainer,
  'manage variables': LEVEL.maintainer,
  'edit the project': LEVEL.maintainer,
} as const;

export type Operation = keyof typeof TAKES;

/** The level that a user has in a project; somebody who is blocked or deactivated has none. */
export function levelOf(user: Account, project: Project): number {
  return user.state === 'active' ? (project.members.get(user.id) ?? LEVEL.none) : LEVEL.none;
}

/** Where jobs are public, whoever sees the project sees its pipelines. Source: GitLab docs, ci/pipelines/settings. */
export function may(user: Account, project: Project, operation: Operation): boolean {
  const isPublic = operation === 'see pipelines' && project.settings.publicJobs && sees(user, project);
  return isPublic || levelOf(user, project) >= TAKES[operation];
}

/** Members see a project, and everybody who signs in one that is not private. Source: GitLab docs, user/public_access. */
export function sees(user: Account, project: Project): boolean {
  return levelOf(user, project) >= LEVEL.guest || project.settings.visibility !== 'private';
}

/** Throws 403 where a user may not. */
export function demand(user: Account, project: Project, operation: Operation): void {
  if (!may(user, project, operation)) throw forbidden();
}

/** Confidential issues are for Planner and up, their author and their assignees. Source: GitLab docs, user/permissions. */
export function canSee(world: World, user: Account, issue: StoredIssue): boolean {
  const project = world.projectOf(issue);
  const level = levelOf(user, project);
  if (!sees(user, project)) return false;
  return !issue.confidential || level >= LEVEL.planner || isParty(user, issue);
}

/** Internal notes are for Planner and up, and being author or assignee does not help. Source: GitLab docs, user/permissions. */
export function canReadInternal(world: World, user: Account, issue: StoredIssue): boolean {
  return may(user, world.projectOf(issue), 'read internal notes');
}

/** Labels, assignees, due date, confidentiality: not for an author or assignee without the role. Source: app/policies/issue_policy.rb. */
export function maySetMetadata(world: World, user: Account, issue: StoredIssue): boolean {
  return may(user, world.projectOf(issue), issue.type === 'incident' ? 'edit an incident' : 'edit an issue');
}

/**
 * Title, description and state are also for the author and the assignees, but not of an incident. Source: issue_policy.rb,
 * is_incident and not reporter_access.
 */
export function mayEdit(world: World, user: Account, issue: StoredIssue): boolean {
  const isOwn = issue.type !== 'incident' && canSee(world, user, issue) && isParty(user, issue);
  return isOwn || maySetMetadata(world, user, issue);
}

/** Only members speak where the discussion is locked. Source: GitLab docs, user/discussions, lock. */
export function demandSpeak(world: World, user: Account, issue: StoredIssue): void {
  if (issue.locked) demand(user, world.projectOf(issue), 'speak where it is locked');
}

/** The issue, if the user may see it; else 404, as GitLab answers for both. Source: GitLab docs, api/rest/troubleshooting. */
export function visibleIssue(world: World, user: Account, project: Project, iid: string): StoredIssue {
  const issue = /^\d+$/.test(iid) ? world.issue(project.id, Number(iid)) : undefined;
  if (!issue || !canSee(world, user, issue)) throw notFound('Issue');
  return issue;
}

/**
 * The project by id or path, if the user is a member; else 404. A path that it had before is answered 301, with a
 * `Location`. Source: GitLab docs, api/rest, redirects.
 */
export function visibleProject(world: World, user: Account, idOrPath: string): Project {
  const path = idOrPath.toLowerCase();
  const found = world.projects.find(({ id, path: full }) => String(id) === idOrPath || full.toLowerCase() === path);
  if (found && sees(user, found)) return found;
  const moved = world.projects.find(({ formerPaths }) => formerPaths.some((former) => former.toLowerCase() === path));
  if (moved && sees(user, moved)) {
    throw new ApiError(301, { message: '301 Moved Permanently' }, { 'x-project': String(moved.id) });
  }
  throw notFound('Project');
}

function isParty(user: Account, issue: StoredIssue): boolean {
  return issue.authorId === user.id || issue.assigneeIds.includes(user.id);
}
