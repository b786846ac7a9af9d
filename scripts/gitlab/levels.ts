import type { Protection } from './installation-port.ts';

/** GitLab's access levels. Source: GitLab docs, api/members, roles. */
export const LEVELS = { guest: 10, reporter: 20, developer: 30, maintainer: 40, owner: 50 } as const;

/** Whether somebody of a level may push to a branch that falls under this rule, or under none. */
export function mayPush(level: number, protection: Protection | undefined): boolean {
  return level >= Math.max(LEVELS.developer, protection?.pushLevel ?? LEVELS.developer);
}
