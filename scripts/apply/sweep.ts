import pMap from 'p-map';
import { LeftOver } from '../ci/errors.ts';
import { gateSince } from '../decide/situation.ts';
import { readCandidates } from '../read/candidates.ts';
import { reconcile, type Reconciled, type Tools } from './reconcile.ts';

/** What a sweep did, and what it had to leave to the next one. */
export type Swept = { incidents: Reconciled[]; untouched: number; leftOver: { reference: string; reason: string }[] };

export type SweepOptions = { deep: boolean; shard: { index: number; total: number }; progress: (line: string) => void };

const CONCURRENCY = 8;
const PROGRESS_EVERY = 50;

/** Reconciles the incidents of all sources that may need it. One that fails does not stop the others. */
export async function sweep(tools: Tools, { deep, shard, progress }: SweepOptions): Promise<Swept> {
  const { gitlab, config, now } = tools;
  const me = await gitlab.me();
  const closedSince = gateSince(config, now);
  const { examine, untouched } = await readCandidates(gitlab, config, { deep, now, closedSince, shard });
  const leftOver: Swept['leftOver'] = [];
  let done = 0;
  const results = await pMap(
    examine,
    async (issue) => {
      const result = await reconcile(issue, me, tools).catch((error: unknown) => {
        if (!(error instanceof LeftOver)) throw error;
        leftOver.push({ reference: issue.reference, reason: error.message });
      });
      done += 1;
      if (done % PROGRESS_EVERY === 0) progress(`examined ${done} of ${examine.length} incidents`);
      return result ? [result] : [];
    },
    { concurrency: CONCURRENCY },
  );
  return { incidents: results.flat(), untouched, leftOver };
}
