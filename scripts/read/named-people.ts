import type { InstallationQuestions } from '../gitlab/installation-port.ts';
import type { Config } from '../schema/types.gen.ts';
import { sourcesOf } from './config.ts';
import { withoutAt } from './people.ts';
import type { PersonStanding } from './standing.ts';

/** Everybody whom the configuration names as a person, once. */
export function namedPeople(config: Config): string[] {
  const { roster, managers, people } = config;
  const duties = [roster?.engineers, roster?.managers];
  const names = duties.flatMap((duty) => [
    ...(duty?.layers ?? []).flatMap(({ rotation }) => rotation),
    ...(duty?.fallback === undefined ? [] : [duty.fallback]),
  ]);
  const bare = [...names, ...managers, ...people.map(({ gitlab }) => gitlab)].map(withoutAt);
  return [...new Map(bare.map((name) => [name.toLowerCase(), name])).values()];
}

/** Those whom the configuration names, as GitLab knows them, and their level where incidents are. */
export async function readPeople(asOwn: InstallationQuestions, config: Config): Promise<PersonStanding[]> {
  const [source] = sourcesOf(config);
  const standing: PersonStanding[] = [];
  for (const username of namedPeople(config)) {
    const account = await asOwn.accountNamed(username);
    standing.push({ username, account, level: account && source ? await asOwn.levelIn(source, account.id) : 0 });
  }
  return standing;
}
