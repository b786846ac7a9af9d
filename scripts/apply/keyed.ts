import { AnswerLost } from '../gitlab/errors.ts';
import type { GitLab, Issue, NewIssue, Source, User } from '../gitlab/port.ts';
import { keyLine } from '../read/keys.ts';
import type { Tools } from './reconcile.ts';

/**
 * Where issues with keys are, as whom they are created, and how to wait for what GitLab does not show yet. `isAnothers` says
 * of an issue whether it is on record as another's, whatever key people have written there.
 */
export type Keeper = {
  gitlab: GitLab;
  me: User;
  formerIds: readonly number[];
  project: Source;
  sleep: (ms: number) => Promise<void>;
  isAnothers?: (issue: Issue) => Promise<boolean>;
};

/** A keeper of issues in a project, by what a run works with. */
export function keeperIn(project: Source, me: User, { gitlab, config, bounds }: Tools): Keeper {
  return { gitlab, me, formerIds: config.bot.former_ids, project, sleep: bounds.sleep };
}

const MOST_TRIES = 2;
/** A list may be behind what was written, by as long as a replica of the database is. */
const LOOK_AGAIN_AFTER_MS = [1_000, 4_000];

/** The issues of a key, of which there should be one: the lowest number, which stays, comes first. */
export async function findByKey(key: string, { gitlab, me, formerIds, project, isAnothers }: Keeper): Promise<Issue[]> {
  const found = await gitlab.issues(project, { state: 'all', search: key.split(' ').at(-1) ?? key });
  const ours = [me.id, ...formerIds];
  const keyed: Issue[] = [];
  for (const issue of found.filter(({ author }) => ours.includes(author.id))) {
    if (issue.description.split('\n')[0]?.trim() !== keyLine(key)) continue;
    if (!(await isAnothers?.(issue))) keyed.push(issue);
  }
  return keyed.sort((a, b) => a.iid - b.iid);
}

/**
 * The issues of a key, created unless there is one. Whatever lists show, what was created counts; a creation whose answer
 * was lost is looked for, patiently, before it is repeated. `there` is what was found just now, if it was looked for.
 */
export async function createOnce(
  key: string,
  describe: () => NewIssue,
  keeper: Keeper,
  there?: Issue[],
): Promise<[Issue, ...Issue[]]> {
  const before = there ?? (await findByKey(key, keeper));
  if (isSome(before)) return before;
  const issue = describe();
  const wanted = { ...issue, description: `${keyLine(key)}\n${issue.description}` };
  const created = await create(key, wanted, keeper);
  const shown = await findByKey(key, keeper);
  const all = [...new Map([...created, ...shown].map((each) => [each.iid, each])).values()];
  const sorted = all.sort((a, b) => a.iid - b.iid);
  if (!isSome(sorted)) throw new Error('what was created is among what there is');
  return sorted;
}

/** Closes what two pipelines created at once, as duplicates of the one that stays. */
export async function closeDuplicates([first, ...others]: readonly Issue[], { gitlab }: Keeper): Promise<void> {
  for (const other of others.filter(({ state }) => state === 'opened')) {
    await gitlab.addNote(other, `/duplicate #${first?.iid ?? 0}`);
  }
}

async function create(key: string, wanted: NewIssue, keeper: Keeper): Promise<Issue[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return [await keeper.gitlab.createIssue(keeper.project.id, wanted)];
    } catch (error) {
      if (!(error instanceof AnswerLost)) throw error;
      const found = await lookAgain(key, keeper);
      if (found.length > 0) return found;
      if (attempt === MOST_TRIES) throw error;
    }
  }
}

async function lookAgain(key: string, keeper: Keeper): Promise<Issue[]> {
  let found = await findByKey(key, keeper);
  for (const pauseMs of LOOK_AGAIN_AFTER_MS) {
    if (found.length > 0) break;
    await keeper.sleep(pauseMs);
    found = await findByKey(key, keeper);
  }
  return found;
}

function isSome(issues: Issue[]): issues is [Issue, ...Issue[]] {
  return issues.length > 0;
}
