import { LeftOver } from '../ci/errors.ts';
import { AnswerLost } from '../gitlab/errors.ts';
import type { GitLab, Issue, NewIssue, Source, User } from '../gitlab/port.ts';

/** The hidden first line of an issue that Watchkeeper creates, by which it is found again. Ids and times alone. */
export function keyLine(key: string): string {
  return `<!-- watchkeeper:${key} -->`;
}

/** Where issues with keys are, and as whom they are created. */
export type Keeper = { gitlab: GitLab; me: User; formerIds: readonly number[]; project: Source };

/** The issue of a key, if there is one: of several the one with the lowest number, which stays. */
export async function findByKey(key: string, { gitlab, me, formerIds, project }: Keeper): Promise<Issue[]> {
  const found = await gitlab.issues(project, { state: 'all', search: key.split(' ').at(-1) ?? key });
  const ours = [me.id, ...formerIds];
  return found
    .filter(
      ({ description, author }) => ours.includes(author.id) && description.split('\n')[0]?.trim() === keyLine(key),
    )
    .sort((a, b) => a.iid - b.iid);
}

/**
 * Creates the issue of a key unless it is there. Of several that two pipelines created at once the lowest number stays, and
 * the others are closed as its duplicates; a creation whose answer was lost is looked for before it is repeated.
 */
export async function createOnce(key: string, issue: NewIssue, keeper: Keeper): Promise<Issue> {
  const { gitlab, project } = keeper;
  const [there] = await findByKey(key, keeper);
  if (there) return there;
  const wanted = { ...issue, description: `${keyLine(key)}\n${issue.description}` };
  try {
    await gitlab.createIssue(project.id, wanted);
  } catch (error) {
    if (!(error instanceof AnswerLost)) throw error;
    if ((await findByKey(key, keeper)).length === 0) await gitlab.createIssue(project.id, wanted);
  }
  const [first, ...others] = await findByKey(key, keeper);
  if (!first) throw new LeftOver('GitLab took an issue and does not show it; the next run goes on.');
  for (const other of others.filter(({ state }) => state === 'opened')) {
    await gitlab.addNote(other, `/duplicate #${first.iid}`);
  }
  return first;
}
