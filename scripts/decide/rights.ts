import { LEVELS } from '../gitlab/levels.ts';
import type { CommandName } from '../read/commands.ts';
import { isSameUser } from '../read/people.ts';
import type { Given } from '../read/snapshot.ts';
import type { Config } from '../schema/types.gen.ts';
import { managerAt } from './roster.ts';

/** Whether somebody is an on-call manager of the configuration, or on duty as one by the roster at that moment. */
export function isManager(username: string, config: Config, at: string): boolean {
  const names = [...config.managers, managerAt(config, new Date(at))?.user ?? ''];
  return names.some((name) => isSameUser(name, username));
}

/** Whether a command's author may give it now, by role or as an on-call manager. */
export function mayCommand({ name, author, accessLevel, at }: Given, config: Config): boolean {
  return accessLevel >= LEVELS[roleFor(name, config)] || (accessLevel > 0 && isManager(author.username, config, at));
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
    handoff: commands.handoff,
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
