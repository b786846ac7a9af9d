import { inspect } from 'node:util';
import pMap from 'p-map';
import { LeftOver, SetupError } from '../ci/errors.ts';
import { digestsDue } from '../decide/digest.ts';
import { isDue } from '../decide/due.ts';
import { hasRoster } from '../decide/roster.ts';
import { gateSince } from '../decide/situation.ts';
import type { Issue, User } from '../gitlab/port.ts';
import { lookBackMs, readCandidates, type SweepScope } from '../read/candidates.ts';
import { leftOf, toLeft, type Left } from './left.ts';
import { postDigests } from './shift-log.ts';
import { reconcile, type Reconciled, type Tools } from './reconcile.ts';

/** What a sweep did, and what it had to leave. */
export type Swept = {
  incidents: Reconciled[];
  untouched: number;
  leftOver: Left[];
  /** What was done beside single incidents, in words. */
  also: string[];
};

export type SweepOptions = { deep: boolean; shard: { index: number; total: number }; progress: (line: string) => void };

const CONCURRENCY = 8;
const PROGRESS_EVERY = 50;

/** Reconciles the incidents of all sources that may need it. One that fails, or crashes us, does not stop the others. */
export async function sweep(tools: Tools, { deep, shard, progress }: SweepOptions): Promise<Swept> {
  const { gitlab, config } = tools;
  const me = await gitlab.me();
  const { examine, untouched } = await readCandidates(gitlab, config, scopeOf(tools, { deep, shard }));
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
    if (done % PROGRESS_EVERY === 0) progress(`examining ${done} of ${examine.length} incidents`);
    try {
      if (isOver) throw new LeftOver('not tried, because GitLab asked for a long pause; the next run goes on.');
      const done = await reconcile(issue, me, { ...tools, isSweep: true });
      leftOver.push(...leftOf(done));
      return [done];
    } catch (error) {
      leave(issue, error);
      return [];
    }
  };
  const results = await pMap(examine, examineOne, { concurrency: CONCURRENCY });
  const incidents = results.flat();
  const also = await digests(incidents, me, tools, leftOver);
  return { incidents, untouched, leftOver, also };
}

/** What a sweep looks at: by the gate, by what is due or goes into a digest, and what is on call though it is no incident. */
function scopeOf({ config, now }: Tools, { deep, shard }: Pick<SweepOptions, 'deep' | 'shard'>): SweepScope {
  const isDigestDue = digestsDue(config, now, lookBackMs(config)).length > 0;
  return {
    ...{ deep, now, shard, closedSince: gateSince(config, now) },
    ...(hasRoster(config) && config.review.mode !== 'off' ? { alsoLabelled: config.review.label } : {}),
    isDue: (issue) =>
      (isDigestDue && issue.labels.includes(config.review.label)) || isDue(issue, config, now, lookBackMs(config)),
  };
}

/** A digest that fails is left over like an incident. */
async function digests(done: readonly Reconciled[], me: User, tools: Tools, leftOver: Left[]): Promise<string[]> {
  try {
    return await postDigests(done, me, tools);
  } catch (error) {
    if (!(error instanceof LeftOver) && !(error instanceof SetupError)) throw error;
    leftOver.push(toLeft('shift log', error));
    return [];
  }
}
