import { LEVELS } from '../gitlab/levels.ts';
import { namedPeople } from '../read/named-people.ts';
import { isSameUser } from '../read/people.ts';
import type { Standing } from '../read/standing.ts';
import type { Config } from '../schema/types.gen.ts';
import type { Finding } from './findings.ts';

/** Whom the configuration names: whether they are there, may do what they are to do, and can be reached as the ladder says. */
export function peopleFindings({ people }: Standing, config: Config): Finding[] {
  const ladders = [config.escalation?.steps ?? [], ...Object.values(config.escalation?.by_severity ?? {})].flat();
  const ways = new Set(ladders.flatMap(({ via = [] }) => via));
  const needed = LEVELS[config.commands.ack];
  const isEscalated = (name: string): boolean =>
    namedPeople({ ...config, people: [] }).some((one) => isSameUser(one, name));
  return people.flatMap(({ username, account, level }): Finding[] => {
    const where = `@${username}`;
    if (!account?.isActive) return [{ code: 'PERSON_UNKNOWN', where, about: { user: username } }];
    const card = config.people.find(({ gitlab }) => isSameUser(gitlab, username));
    const isMissing = (way: 'slack' | 'pagerduty', known: string | undefined): boolean =>
      ways.has(way) && known === undefined && isEscalated(username);
    return [
      ...(level >= needed
        ? []
        : [{ code: 'PERSON_ROLE' as const, where, about: { user: username, role: config.commands.ack } }]),
      ...(isMissing('slack', card?.slack_id)
        ? [{ code: 'PERSON_NOT_IN_SLACK' as const, where, about: { user: username } }]
        : []),
      ...(isMissing('pagerduty', card?.pagerduty_email)
        ? [{ code: 'PERSON_NOT_IN_PAGERDUTY' as const, where, about: { user: username } }]
        : []),
    ];
  });
}
