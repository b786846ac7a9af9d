import type { Account, InstallationQuestions, TriggerState } from '../gitlab/installation-port.ts';
import { LEVELS } from '../gitlab/levels.ts';
import type { Source } from '../gitlab/port.ts';

type Asked = { asOwn: InstallationQuestions; asBot: InstallationQuestions };

/** What is said of an owner there is too little to tell a bot from a person; who is no Developer any more starts no pipeline. */
export async function withOwners<T extends { owner: Account | undefined }>(
  gitlab: InstallationQuestions,
  place: Source,
  owned: readonly T[],
): Promise<T[]> {
  const ids = [...new Set(owned.flatMap(({ owner }) => owner?.id ?? []))];
  const accounts = await Promise.all(
    ids.map(async (id) => {
      const [account, level] = [await gitlab.accountOf(id), await gitlab.levelIn(place, id)];
      return account && { ...account, isActive: account.isActive && level >= LEVELS.developer };
    }),
  );
  return owned.map((each) => ({ ...each, owner: accounts.find((account) => account?.id === each.owner?.id) }));
}

/** A token is shown whole to its owner, who may be the bot. */
export async function readTriggers(
  { asOwn, asBot }: Asked,
  projectId: number,
  alsoAsBot: boolean,
): Promise<TriggerState[]> {
  const seen = await asOwn.triggers(projectId);
  const own = alsoAsBot ? await asBot.triggers(projectId) : [];
  return seen.map(
    (trigger) => own.find(({ id, token }) => id === trigger.id && token.length > trigger.token.length) ?? trigger,
  );
}
