import { ApiError } from './errors.ts';
import { LEVEL, type Account, type Project, type StoredIssue } from './records.ts';
import type { World } from './world.ts';

/** The level that a user has in a project; somebody who is blocked has none. */
export function levelOf(user: Account, project: Project): number {
  return user.state === 'active' ? (project.members.get(user.id) ?? LEVEL.none) : LEVEL.none;
}

/** Confidential issues are for Planner and up, their author and their assignees. Source: GitLab docs, user/permissions. */
export function canSee(world: World, user: Account, issue: StoredIssue): boolean {
  const level = levelOf(user, world.projectOf(issue));
  if (level < LEVEL.guest) return false;
  return !issue.confidential || level >= LEVEL.planner || isParty(user, issue);
}

/** Internal notes are for Planner and up, and being author or assignee does not help. Source: GitLab docs, user/permissions. */
export function canReadInternal(world: World, user: Account, issue: StoredIssue): boolean {
  return levelOf(user, world.projectOf(issue)) >= LEVEL.planner;
}

/**
 * Ordinary issues are edited by Planner and up, incidents by Reporter and up, both also by author and assignees.
 * Source: GitLab docs, user/permissions, and operations/incident_management/manage_incidents.
 */
export function demandEdit(world: World, user: Account, issue: StoredIssue): void {
  const needed = issue.type === 'incident' ? LEVEL.reporter : LEVEL.planner;
  const may = levelOf(user, world.projectOf(issue)) >= needed || isParty(user, issue);
  if (!may) throw new ApiError(403, { message: '403 Forbidden' });
}

/** Only members speak where the discussion is locked. Source: GitLab docs, user/discussions, lock. */
export function demandSpeak(world: World, user: Account, issue: StoredIssue): void {
  if (issue.locked && levelOf(user, world.projectOf(issue)) < LEVEL.reporter) {
    throw new ApiError(403, { message: '403 Forbidden' });
  }
}

/** The issue, if the user may see it; else 404, as GitLab answers for both. Source: GitLab docs, api/rest/troubleshooting. */
export function visibleIssue(world: World, user: Account, project: Project, iid: string): StoredIssue {
  const issue = /^\d+$/.test(iid) ? world.issue(project.id, Number(iid)) : undefined;
  if (!issue || !canSee(world, user, issue)) throw new ApiError(404, { message: '404 Issue Not Found' });
  return issue;
}

/** The project by id or path, if the user is a member; else 404. */
export function visibleProject(world: World, user: Account, idOrPath: string): Project {
  const found = world.projects.find(
    ({ id, path }) => String(id) === idOrPath || path.toLowerCase() === idOrPath.toLowerCase(),
  );
  if (!found || levelOf(user, found) < LEVEL.guest) throw new ApiError(404, { message: '404 Project Not Found' });
  return found;
}

function isParty(user: Account, issue: StoredIssue): boolean {
  return issue.authorId === user.id || issue.assigneeIds.includes(user.id);
}
