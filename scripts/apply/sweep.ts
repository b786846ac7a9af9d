import { changesAround } from '../decide/changes.ts';
import { isDue, waitsSince } from '../decide/due.ts';
import { isHandoffDue } from '../decide/handoff-due.ts';
import { touchedSince } from '../decide/horizon.ts';
import { hasRoster } from '../decide/roster.ts';
import { isShiftDue } from '../decide/shift-due.ts';
import { gateSince } from '../decide/situation.ts';
import type { Issue } from '../gitlab/port.ts';
import { isAnalysisIssue } from '../read/analyses.ts';
import { lookBackMs, readCandidates, type SweepScope } from '../read/candidates.ts';
import { isLogIssue } from '../read/logs.ts';
import type { Shard } from '../read/shards.ts';
import type { Also } from '../render/steps.ts';
import { examine, lookUnasked, type Examined } from './examine.ts';
import { followMergeRequests } from './merge-requests.ts';
import type { Tools } from './reconcile.ts';
import { tendShifts } from './shift.ts';

/** What a sweep did, and what it had to leave. */
export type Swept = Examined & {
  untouched: number;
  /** What was done beside single incidents, in words. */
  also: Also[];
};

export type SweepOptions = { deep: boolean; shard: Shard; progress: (line: string) => void };

/**
 * Reconciles the incidents of all sources that may need it. Where something became due for a shift of late, and this sweep
 * sees all there is, it tends the shift too, so that a schedule that did not run is made up for.
 */
export async function sweep(tools: Tools, { deep, shard, progress }: SweepOptions): Promise<Swept> {
  const { gitlab, config, now } = tools;
  const me = await gitlab.me();
  const { examine: found, untouched } = await readCandidates(gitlab, config, scopeOf(tools, { deep, shard }));
  // A shift log or an analysis that is blocked bears a label of incidents.
  const botIds = [me.id, ...config.bot.former_ids];
  const isOther = (issue: Issue): boolean =>
    isLogIssue(issue, botIds, config) || isAnalysisIssue(issue, botIds, config);
  const incidents = found.filter((issue) => !isOther(issue));
  const examined = await examine(incidents.map(lookUnasked(me, tools)), progress);
  const { also, leftOver } = await followMergeRequests(examined.incidents, me, tools);
  const swept = { incidents: examined.incidents, leftOver: [...examined.leftOver, ...leftOver] };
  if (shard.total > 1 || !isShiftDue(config, now, lookBackMs(config))) return { ...swept, untouched, also };
  const tended = await tendShifts(me, tools, { done: swept.incidents, progress });
  return {
    incidents: [...swept.incidents, ...tended.incidents],
    leftOver: [...swept.leftOver, ...tended.leftOver],
    ...{ untouched, also: [...also, ...tended.also] },
  };
}

/** What a sweep looks at: by the gate, by what is due, and what is on call though it is no incident. */
function scopeOf({ config, now }: Tools, { deep, shard }: Pick<SweepOptions, 'deep' | 'shard'>): SweepScope {
  const around = { changes: changesAround(config, now), now };
  return {
    ...{ deep, now, shard, closedSince: gateSince(config, now) },
    touchedSince: touchedSince(config, now, lookBackMs(config)),
    waitsSince: (issue) => waitsSince(issue, config, now, lookBackMs(config)),
    ...(hasRoster(config) && config.review.mode !== 'off' ? { alsoLabelled: config.review.label } : {}),
    isDue: (issue) => isDue(issue, config, now, lookBackMs(config)) || isHandoffDue(issue, config, around),
  };
}
