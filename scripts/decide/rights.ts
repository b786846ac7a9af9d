import type { Snapshot } from '../read/snapshot.ts';
import type { Config } from '../schema/types.gen.ts';

type Given = Snapshot['commands'][number];

/** GitLab's access levels. Source: GitLab docs, api/members, roles. */
const LEVELS = { reporter: 20, developer: 30, maintainer: 40, owner: 50 } as const;

/** Whether somebody is one of the on-call managers of the configuration. */
function isManager(username: string, config: Config): boolean {
  return config.managers.some((manager) => manager.toLowerCase() === `@${username}`.toLowerCase());
}

/** Whether a command's author may give it now, by role or as an on-call manager. */
export function mayCommand({ name, author, accessLevel }: Given, config: Config): boolean {
  const role = {
    override: config.commands.override,
    'severity-confirmed': config.commands.severity_confirmed,
    active: config.commands.active,
  }[name];
  return accessLevel >= LEVELS[role] || (accessLevel > 0 && isManager(author.username, config));
}
