import { inspect } from 'node:util';
import pMap from 'p-map';
import { LeftOver, SetupError } from '../ci/errors.ts';
import type { Issue } from '../gitlab/port.ts';
import { leftOf, toLeft, type Left } from './left.ts';
import type { Reconciled } from './reconcile.ts';

/** What became of many issues, and what was left of them. */
export type Examined = { incidents: Reconciled[]; leftOver: Left[] };

const CONCURRENCY = 8;
const PROGRESS_EVERY = 50;

/** Looks at issues, eight at a time. One that fails, or crashes us, does not stop the others; a long pause ends them all. */
export async function examine(
  issues: readonly Issue[],
  look: (issue: Issue) => Promise<Reconciled>,
  progress: (line: string) => void,
): Promise<Examined> {
  const leftOver: Left[] = [];
  let isOver = false;
  let done = 0;
  const leave = (issue: Issue, error: unknown): void => {
    isOver ||= error instanceof LeftOver && error.endsRun;
    const { reference } = issue;
    if (error instanceof LeftOver || error instanceof SetupError) leftOver.push(toLeft(reference, error));
    else leftOver.push({ reference, reason: `crashed: ${inspect(error)}`, to: 'us' });
  };
  const examineOne = async (issue: Issue): Promise<Reconciled[]> => {
    done += 1;
    if (done % PROGRESS_EVERY === 0) progress(`examining ${done} of ${issues.length} incidents`);
    try {
      if (isOver) throw new LeftOver('not tried, because GitLab asked for a long pause; the next run goes on.');
      const reconciled = await look(issue);
      leftOver.push(...leftOf(reconciled));
      return [reconciled];
    } catch (error) {
      leave(issue, error);
      return [];
    }
  };
  const results = await pMap(issues, examineOne, { concurrency: CONCURRENCY });
  return { incidents: results.flat(), leftOver };
}
