import { NotFound } from '../gitlab/errors.ts';
import type { GitLab, Issue, IssueQuery, Source } from '../gitlab/port.ts';
import type { Config } from '../schema/types.gen.ts';
import { sourceNotThere, sourcesOf } from './config.ts';

/** Which incidents a sweep examines. `deep` looks at all, whatever their labels say and however long untouched. */
export type SweepScope = { deep: boolean; now: Date; closedSince: string; shard: { index: number; total: number } };

/** The incidents to examine, oldest first, and how many were listed and left alone. */
export type Candidates = { examine: Issue[]; untouched: number };

/** Labels under which a closed incident is settled; a deep sweep does not trust them. */
const SETTLED = ['closure::verified', 'closure::exempt', 'closure::changed'];
const LAG_MS = 60_000;

/** Lists the incidents of all sources. Throws a SetupError for a source that GitLab does not show us. */
export async function readCandidates(gitlab: GitLab, config: Config, scope: SweepScope): Promise<Candidates> {
  const sources = sourcesOf(config);
  const bySource = sources.length >= scope.shard.total && scope.shard.total > 1;
  const mine = bySource
    ? sources.filter((_source, index) => index % scope.shard.total === scope.shard.index - 1)
    : sources;
  const found = new Map<string, Issue>();
  let untouched = 0;
  for (const source of mine) {
    for (const issue of await listSource(gitlab, source, config, scope)) {
      if (!bySource && issue.iid % scope.shard.total !== scope.shard.index - 1) continue;
      if (isTouched(issue, config, scope)) found.set(`${issue.projectId}#${issue.iid}`, issue);
      else untouched += 1;
    }
  }
  const examine = [...found.values()].sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
  return { examine, untouched };
}

/** Four lists a source: open and lately closed, by type, and by label where the type is another. */
async function listSource(gitlab: GitLab, source: Source, config: Config, scope: SweepScope): Promise<Issue[]> {
  const closed: IssueQuery = {
    state: 'closed',
    type: 'incident',
    updatedAfter: scope.closedSince,
    ...(scope.deep ? {} : { withoutLabels: SETTLED }),
  };
  const byType: IssueQuery[] = [{ state: 'opened', type: 'incident' }, closed];
  // Once a day also what lost its mark after the gate had blocked it.
  const labels = scope.deep ? [...config.incident.labels, 'closure::blocked'] : config.incident.labels;
  const byLabel = byType.flatMap((query) =>
    labels.map((label) => ({ ...query, type: 'issue' as const, labels: [label] })),
  );
  try {
    const lists = [];
    for (const query of [...byType, ...byLabel]) lists.push(await gitlab.issues(source, query));
    return lists.flat();
  } catch (cause) {
    if (!(cause instanceof NotFound)) throw cause;
    throw sourceNotThere(source, cause);
  }
}

/** Times may lag a comment by a minute, hence the slack. */
function isTouched(issue: Issue, config: Config, { deep, now, closedSince }: SweepScope): boolean {
  if (issue.state === 'closed') return (issue.closedAt ?? issue.updatedAt) >= closedSince;
  const lookBackMs = 2 * config.sweep.interval_minutes * 60_000 + LAG_MS;
  return deep || Date.parse(issue.updatedAt) >= now.getTime() - lookBackMs;
}
