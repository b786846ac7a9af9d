import { sees } from './access.ts';
import { ApiError, forbidden, notFound } from './errors.ts';
import { LEVEL, type Account, type Group, type Project } from './records.ts';
import type { World } from './world.ts';

/** Makes somebody a member of a group, and with that of its projects; a higher level there stays. Source: GitLab docs, user/group. */
export function joinGroup(world: World, group: Group, user: Account, level: number): void {
  group.members.set(user.id, level);
  for (const project of projectsIn(world, group)) {
    project.members.set(user.id, Math.max(level, project.members.get(user.id) ?? LEVEL.none));
  }
}

/** The group, if the caller is a member of it or of a project in it; else 404. Source: GitLab docs, api/groups. */
export function visibleGroup(world: World, user: Account, idOrPath: string): Group {
  const group = world.groups.find(({ id, path }) => String(id) === idOrPath || path === idOrPath.toLowerCase());
  const isSeen = group && (groupLevelOf(user, group) > 0 || projectsIn(world, group).some((one) => sees(user, one)));
  if (!isSeen) throw notFound('Group');
  return group;
}

/** Throws 403 for somebody of a lower level in the group. Source: GitLab docs, user/permissions, group permissions. */
export function demandInGroup(user: Account, group: Group, level: number): void {
  if (groupLevelOf(user, group) < level) throw forbidden();
}

/**
 * Webhooks of groups are for Premium and up, and unknown to the Community Edition. Source: GitLab docs, api/group_webhooks;
 * ee/lib/api/group_hooks.rb.
 */
export function demandGroupHooks({ instance: { isEnterprise, tier } }: World): void {
  if (!isEnterprise) throw new ApiError(404, { error: '404 Not Found' });
  if (tier === 'free') throw forbidden();
}

export function projectsIn(world: World, { path }: Group): Project[] {
  return world.projects.filter((project) => project.path.startsWith(`${path}/`));
}

function groupLevelOf(user: Account, { members }: Group): number {
  return user.state === 'active' ? (members.get(user.id) ?? LEVEL.none) : LEVEL.none;
}
