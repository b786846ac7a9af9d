import { inspect } from 'node:util';
import pMap from 'p-map';
import { LeftOver, SetupError } from '../ci/errors.ts';
import type { Issue, User } from '../gitlab/port.ts';
import { leftOf, toLeft, type Left } from './left.ts';
import { again, reconcile, type Reconciled, type Tools } from './reconcile.ts';

/** A look at one issue, by whichever rules are its own. */
export type Look = { reference: string; look: () => Promise<Reconciled> };

/** What became of many issues, and what was left of them. */
export type Examined = { incidents: Reconciled[]; leftOver: Left[] };

const AT_ONCE = 60;
const PROGRESS_EVERY = 50;

/** How a run looks at an incident that nobody woke it for: with others, and as it stands by then. */
export function lookUnasked(me: User, tools: Tools): (issue: Issue) => Look {
  const { gitlab, bounds } = tools;
  const sweeping = { ...tools, isSweep: true };
  return (issue) => ({
    reference: issue.reference,
    look: async () => {
      // Who looked, and when, goes on record elsewhere too.
      if (isReviewed(issue, tools)) return reconcile(issue, me, sweeping);
      const readAtMs = bounds.now();
      const glance = await gitlab.glance(issue);
      const isAsListed = glance.updatedAt === undefined || isSameSecond(glance.updatedAt, issue.updatedAt);
      if (isAsListed) return reconcile(issue, me, sweeping, {}, { ...glance, readAtMs });
      return reconcile(await again(issue, gitlab), me, sweeping);
    },
  });
}

function isReviewed({ labels }: Issue, { config }: Tools): boolean {
  return config.review.mode !== 'off' && labels.includes(config.review.label);
}

/** GraphQL tells whole seconds. */
function isSameSecond(a: string, b: string): boolean {
  return a.slice(0, 19) === b.slice(0, 19);
}

/** Looks at issues, so many at a time that their reads fill queries; what they call is bounded elsewhere. One that fails, or crashes us, does not stop the others; a long pause ends them all. */
export async function examine(looks: readonly Look[], progress: (line: string) => void): Promise<Examined> {
  const leftOver: Left[] = [];
  let isOver = false;
  let done = 0;
  const leave = (reference: string, error: unknown): void => {
    isOver ||= error instanceof LeftOver && error.endsRun;
    if (error instanceof LeftOver || error instanceof SetupError) leftOver.push(toLeft(reference, error));
    else leftOver.push({ reference, reason: `crashed: ${inspect(error)}`, to: 'us' });
  };
  const examineOne = async ({ reference, look }: Look): Promise<Reconciled[]> => {
    done += 1;
    if (done % PROGRESS_EVERY === 0) progress(`examining ${done} of ${looks.length} incidents`);
    try {
      if (isOver) throw new LeftOver('not tried, because GitLab asked for a long pause; the next run goes on.');
      const reconciled = await look();
      leftOver.push(...leftOf(reconciled));
      return [reconciled];
    } catch (error) {
      leave(reference, error);
      return [];
    }
  };
  const results = await pMap(looks, examineOne, { concurrency: AT_ONCE });
  return { incidents: results.flat(), leftOver };
}
