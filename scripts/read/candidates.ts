import pMap from 'p-map';
import { NotFound } from '../gitlab/errors.ts';
import type { GitLab, Issue, IssueQuery, IssueRef, Source } from '../gitlab/port.ts';
import type { Config } from '../schema/types.gen.ts';
import { sourceNotThere, sourcesOf } from './config.ts';
import { EYES } from './snapshot.ts';

/** Which incidents a sweep examines. `deep` looks at all, whatever their labels say and however long untouched. */
export type SweepScope = {
  deep: boolean;
  now: Date;
  closedSince: string;
  shard: { index: number; total: number };
  /** A label whose open issues are examined though they are no incidents, and reviewed. */
  alsoLabelled?: string;
  /** Whether something became due for an issue that nobody touched. */
  isDue: (issue: Issue) => boolean;
};

/** The incidents to examine, oldest first, and how many were listed and left alone. */
export type Candidates = { examine: Issue[]; untouched: number };

/** Labels under which a closed incident is settled; a deep sweep does not trust them. */
export const SETTLED = ['closure::verified', 'closure::exempt', 'closure::changed'];
const REVIEW_DUE = 'review::due';
const LAG_MS = 60_000;
const CONCURRENCY = 8;

/** Lists the incidents of all sources. Throws a SetupError for a source that GitLab does not show us. */
export async function readCandidates(gitlab: GitLab, config: Config, scope: SweepScope): Promise<Candidates> {
  const sources = sourcesOf(config);
  const bySource = sources.length >= scope.shard.total && scope.shard.total > 1;
  const mine = bySource
    ? sources.filter((_source, index) => index % scope.shard.total === scope.shard.index - 1)
    : sources;
  const found = new Map<string, Issue>();
  const left: Issue[] = [];
  for (const source of mine) {
    for (const issue of await listSource(gitlab, source, config, listingOf(scope))) {
      if (!bySource && issue.iid % scope.shard.total !== scope.shard.index - 1) continue;
      if (isTouched(issue, config, scope)) found.set(issueKey(issue), issue);
      else left.push(issue);
    }
  }
  const seen = await seenAmong(left, gitlab, scope);
  for (const issue of seen) found.set(issueKey(issue), issue);
  const untouched = left.length - seen.length;
  const examine = [...found.values()].sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
  return { examine, untouched };
}

/** What to list: what was closed since, but for some labels; what bears a label as if it were an incident; what is on call. */
type Listing = {
  closedSince: string;
  withoutLabels?: readonly string[];
  moreLabels?: readonly string[];
  alsoLabelled?: string;
};

/** Once a day also what is settled, and what lost its mark after the gate had blocked it. */
function listingOf({ deep, closedSince, alsoLabelled }: SweepScope): Listing {
  return {
    closedSince,
    ...(deep ? { moreLabels: ['closure::blocked'] } : { withoutLabels: SETTLED }),
    ...(alsoLabelled === undefined ? {} : { alsoLabelled }),
  };
}

/** All open incidents of all sources, and those that were closed since; one of several lists may show one twice, which is once here. */
export async function listForShift(
  gitlab: GitLab,
  config: Config,
  listing: Pick<Listing, 'closedSince' | 'alsoLabelled'>,
): Promise<Issue[]> {
  const found = new Map<string, Issue>();
  for (const source of sourcesOf(config)) {
    for (const issue of await listSource(gitlab, source, config, listing)) found.set(issueKey(issue), issue);
  }
  return [...found.values()];
}

/** Four lists a source: open and lately closed, by type, and by label where the type is another; one more for what is on call. */
async function listSource(
  gitlab: GitLab,
  source: Source,
  config: Config,
  { closedSince, withoutLabels, moreLabels = [], alsoLabelled }: Listing,
): Promise<Issue[]> {
  const closed: IssueQuery = {
    ...{ state: 'closed', type: 'incident', updatedAfter: closedSince },
    ...(withoutLabels ? { withoutLabels } : {}),
  };
  const byType: IssueQuery[] = [{ state: 'opened', type: 'incident' }, closed];
  const labels = [...config.incident.labels, ...moreLabels];
  const byLabel = byType.flatMap((query) =>
    labels.map((label) => ({ ...query, type: 'issue' as const, labels: [label] })),
  );
  const onCall: IssueQuery[] =
    alsoLabelled === undefined || labels.includes(alsoLabelled)
      ? []
      : [{ state: 'opened', type: 'issue', labels: [alsoLabelled] }];
  try {
    const lists = [];
    for (const query of [...byType, ...byLabel, ...onCall]) lists.push(await gitlab.issues(source, query));
    return lists.flat();
  } catch (cause) {
    if (!(cause instanceof NotFound)) throw cause;
    throw sourceNotThere(source, cause);
  }
}

/**
 * Of issues whose review is due, and that nobody else woke us for, those that somebody has looked at since: an emoji moves no
 * time (platform sheet), so that it is read.
 */
async function seenAmong(issues: readonly Issue[], gitlab: GitLab, { alsoLabelled }: SweepScope): Promise<Issue[]> {
  const isStanding = ({ state, labels }: Issue): boolean =>
    state === 'opened' && labels.includes(REVIEW_DUE) && alsoLabelled !== undefined && labels.includes(alsoLabelled);
  const look = async (issue: Issue): Promise<Issue[]> => {
    const sinceMs = Date.parse(issue.updatedAt) - LAG_MS;
    // Whatever goes wrong here goes wrong when it is examined, where it stops no other.
    const emojis = await gitlab.emojis(issue).catch(() => undefined);
    const isSeen = emojis?.some(({ name, createdAt }) => name === EYES && Date.parse(createdAt) >= sinceMs);
    return (isSeen ?? true) ? [issue] : [];
  };
  return (await pMap(issues.filter(isStanding), look, { concurrency: CONCURRENCY })).flat();
}

/** Times may lag a comment by a minute, hence the slack. */
function isTouched(issue: Issue, config: Config, { deep, now, closedSince, isDue }: SweepScope): boolean {
  if (issue.state === 'closed') return (issue.closedAt ?? issue.updatedAt) >= closedSince;
  return deep || Date.parse(issue.updatedAt) >= now.getTime() - lookBackMs(config) || isDue(issue);
}

/** What tells an issue from all others of all projects. */
export function issueKey({ projectId, iid }: IssueRef): string {
  return `${projectId}#${iid}`;
}

/** How far back a sweep looks for what the one before may not have seen, in ms. */
export function lookBackMs({ sweep }: Config): number {
  return 2 * sweep.interval_minutes * 60_000 + LAG_MS;
}
