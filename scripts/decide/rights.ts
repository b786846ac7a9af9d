import type { CommandName } from '../read/commands.ts';
import type { Given } from '../read/snapshot.ts';
import type { Config } from '../schema/types.gen.ts';

/** GitLab's access levels. Source: GitLab docs, api/members, roles. */
const LEVELS = { guest: 10, reporter: 20, developer: 30, maintainer: 40, owner: 50 } as const;

/** The on-call managers, as user names in small letters: those of the configuration, and of the roster at that moment. */
export function managersOf(config: Config): string[] {
  return config.managers.map((manager) => manager.replace(/^@/, '').toLowerCase());
}

/** Whether a command's author may give it now, by role or as an on-call manager. */
export function mayCommand({ name, author, accessLevel }: Given, config: Config): boolean {
  const isManager = managersOf(config).includes(author.username.toLowerCase());
  return accessLevel >= LEVELS[roleFor(name, config)] || (accessLevel > 0 && isManager);
}

/** The role that a command asks for. Who may read an issue may ask what is missing and who is on call. */
function roleFor(name: CommandName, { commands }: Config): keyof typeof LEVELS {
  const roles: Readonly<Record<CommandName, keyof typeof LEVELS>> = {
    ack: commands.ack,
    reviewed: commands.reviewed,
    check: 'guest',
    update: commands.update,
    'false-positive': commands.close,
    resolved: commands.close,
    'tracked-in': commands.close,
    handoff: 'developer',
    accept: 'developer',
    transfer: commands.transfer,
    major: commands.major,
    active: commands.active,
    override: commands.override,
    rca: 'developer',
    'severity-confirmed': commands.severity_confirmed,
    who: 'guest',
    help: 'guest',
  };
  return roles[name];
}
