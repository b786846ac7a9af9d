import pMap from 'p-map';
import { NotFound } from '../gitlab/errors.ts';
import type { GitLab, Issue, IssueQuery, IssueRef, Source } from '../gitlab/port.ts';
import type { Config } from '../schema/types.gen.ts';
import { sourceNotThere, sourcesOf } from './config.ts';
import { sharesOf, type Shard } from './shards.ts';
import { EYES } from './snapshot.ts';

/** Which incidents a sweep examines. `deep` looks at all, whatever their labels say and however long untouched. */
export type SweepScope = {
  deep: boolean;
  now: Date;
  closedSince: string;
  /** Open issues that nobody touched since then are not even listed; absent: all are. */
  touchedSince?: string | undefined;
  shard: Shard;
  /** A label whose open issues are examined though they are no incidents, and reviewed. */
  alsoLabelled?: string;
  /** Whether something became due for an issue that nobody touched. */
  isDue: (issue: Issue) => boolean;
  /** Since when (ISO 8601) an issue waits to be looked at. */
  waitsSince: (issue: Issue) => string;
};

/** The incidents to examine, whoever waits longest first, and how many were listed and left alone. */
export type Candidates = { examine: Issue[]; untouched: number };

/** Labels under which a closed incident is settled; a deep sweep does not trust them. */
export const SETTLED = ['closure::verified', 'closure::exempt', 'closure::changed'];
const REVIEW_DUE = 'review::due';
const LAG_MS = 60_000;
const CONCURRENCY = 8;

/**
 * Lists the incidents of all sources, page by page, so that what is left alone is not held. Throws a SetupError for a source
 * that GitLab does not show us.
 */
export async function readCandidates(gitlab: GitLab, config: Config, scope: SweepScope): Promise<Candidates> {
  const found = new Map<string, Issue>();
  const standing = new Map<string, Issue>();
  const left = new Set<string>();
  const take = (issue: Issue): void => {
    if (isTouched(issue, config, scope)) found.set(issueKey(issue), issue);
    else if (isStanding(issue, scope)) standing.set(issueKey(issue), issue);
    else left.add(issueKey(issue));
  };
  const lists = sharesOf(sourcesOf(config), scope.shard).flatMap(({ source, part }) =>
    queriesOf(config, listingOf(scope)).map((query) => ({ source, part, query })),
  );
  await pMap(
    lists,
    async ({ source, part, query }) => {
      for await (const page of pagesOf(gitlab, source, query)) {
        page.filter(({ iid }) => iid % part.total === part.index - 1).forEach(take);
      }
    },
    { concurrency: CONCURRENCY },
  );
  const waiting = [...standing.values()].filter((issue) => !found.has(issueKey(issue)));
  const seen = await seenAmong(waiting, gitlab);
  for (const issue of seen) found.set(issueKey(issue), issue);
  const untouched = [...left].filter((key) => !found.has(key) && !standing.has(key)).length;
  const examine = [...found.values()].map((issue) => ({ issue, since: scope.waitsSince(issue) }));
  examine.sort((a, b) => (a.since < b.since ? -1 : 1));
  return { examine: examine.map(({ issue }) => issue), untouched: untouched + waiting.length - seen.length };
}

/** What to list: what was closed since, but for some labels; what bears a label as if it were an incident; what is on call. */
type Listing = {
  closedSince: string;
  touchedSince?: string | undefined;
  withoutLabels?: readonly string[];
  moreLabels?: readonly string[];
  alsoLabelled?: string;
};

/** Once a day also what is settled, and what lost its mark after the gate had blocked it. */
function listingOf({ deep, closedSince, touchedSince, alsoLabelled }: SweepScope): Listing {
  return {
    ...{ closedSince, touchedSince: deep ? undefined : touchedSince },
    ...(deep ? { moreLabels: ['closure::blocked'] } : { withoutLabels: SETTLED }),
    ...(alsoLabelled === undefined ? {} : { alsoLabelled }),
  };
}

/**
 * The open incidents of all sources, and those that were closed since, as far as they `concern` a shift; one of several lists may
 * show one twice, which is once here.
 */
export async function listForShift(
  gitlab: GitLab,
  config: Config,
  listing: Pick<Listing, 'closedSince' | 'alsoLabelled'>,
  concerns: (issue: Issue) => boolean,
): Promise<Issue[]> {
  const found = new Map<string, Issue>();
  for (const source of sourcesOf(config)) {
    for (const query of queriesOf(config, listing)) {
      for await (const page of pagesOf(gitlab, source, query))
        for (const issue of page.filter(concerns)) found.set(issueKey(issue), issue);
    }
  }
  return [...found.values()];
}

/** Four lists a source: open and lately closed, by type, and by label where the type is another; one more for what is on call. */
function queriesOf(
  config: Config,
  { closedSince, touchedSince, withoutLabels, moreLabels = [], alsoLabelled }: Listing,
): IssueQuery[] {
  const closed: IssueQuery = {
    ...{ state: 'closed', type: 'incident', updatedAfter: closedSince },
    ...(withoutLabels ? { withoutLabels } : {}),
  };
  const open: IssueQuery = {
    ...{ state: 'opened', type: 'incident' },
    ...(touchedSince === undefined ? {} : { updatedAfter: touchedSince }),
  };
  const byType = [open, closed];
  const labels = [...config.incident.labels, ...moreLabels];
  const byLabel = byType.flatMap((query) =>
    labels.map((label) => ({ ...query, type: 'issue' as const, labels: [label] })),
  );
  // Where all that is open is listed, only what is no incident is left to be listed for being on call.
  const isListed = touchedSince === undefined;
  const onCall: IssueQuery[] =
    alsoLabelled === undefined || (isListed && labels.includes(alsoLabelled))
      ? []
      : [{ state: 'opened', type: isListed ? 'issue' : 'both', labels: [alsoLabelled] }];
  return [...byType, ...byLabel, ...onCall];
}

async function* pagesOf(gitlab: GitLab, source: Source, query: IssueQuery): AsyncGenerator<Issue[]> {
  try {
    yield* gitlab.issuePages(source, query);
  } catch (cause) {
    if (!(cause instanceof NotFound)) throw cause;
    throw sourceNotThere(source, cause);
  }
}

/** Whether a review is due that somebody may have given by an emoji, of which no time tells. */
function isStanding({ state, labels }: Issue, { alsoLabelled }: SweepScope): boolean {
  return (
    state === 'opened' && labels.includes(REVIEW_DUE) && alsoLabelled !== undefined && labels.includes(alsoLabelled)
  );
}

/**
 * Of issues whose review is due, and that nobody else woke us for, those that somebody has looked at since: an emoji moves no
 * time (platform sheet), so that it is read.
 */
async function seenAmong(standing: readonly Issue[], gitlab: GitLab): Promise<Issue[]> {
  const look = async (issue: Issue): Promise<Issue[]> => {
    const sinceMs = Date.parse(issue.updatedAt) - LAG_MS;
    // Whatever goes wrong here goes wrong when it is examined, where it stops no other.
    const emojis = await gitlab.emojis(issue).catch(() => undefined);
    const isSeen = emojis?.some(({ name, createdAt }) => name === EYES && Date.parse(createdAt) >= sinceMs);
    return (isSeen ?? true) ? [issue] : [];
  };
  return (await pMap(standing, look, { concurrency: CONCURRENCY })).flat();
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
