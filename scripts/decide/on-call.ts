import type { Issue } from '../gitlab/port.ts';
import { withoutAt } from '../read/people.ts';
import { engineerAt, managerAt, type RosterConfig } from './roster.ts';

/**
 * The user names of the managers on call, each once: whoever is on duty by the roster first, then those of `managers`,
 * then the others of the managers' rotation, so that there is a second manager to go to.
 */
export function managersOnCall(config: RosterConfig, at: Date): string[] {
  const onDuty = managerAt(config, at);
  const rotation = (config.roster?.managers?.layers ?? []).flatMap((layer) => layer.rotation);
  const names = [...config.managers, ...rotation].map((name) => withoutAt(name));
  return [...new Set([...(onDuty ? [onDuty.user] : []), ...names])];
}

/** The user name of the engineer on call; none without a roster. */
export function engineerOnCall(config: RosterConfig, at: Date): string[] {
  const onDuty = engineerAt(config, at);
  return onDuty ? [onDuty.user] : [];
}

/** The user names of who sees to an issue: whoever is assigned, else the manager on call. */
export function whoSeesToIt(
  { assignees }: Pick<Issue, 'assignees'>,
  config: RosterConfig,
  at: Date,
): { tell: string[]; isAssigned: boolean } {
  const assigned = assignees.map(({ username }) => username);
  const isAssigned = assigned.length > 0;
  return { tell: isAssigned ? assigned : managersOnCall(config, at).slice(0, 1), isAssigned };
}
