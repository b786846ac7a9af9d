import { NotFound } from '../gitlab/errors.ts';
import type { GitLab, Issue, IssueQuery, Source } from '../gitlab/port.ts';
import type { Config } from '../schema/types.gen.ts';
import { analysisPlaces } from './analyses.ts';
import { issueKey } from './candidates.ts';
import { placeNotThere, placesOf, projectOr, sourcesOf } from './config.ts';
import { isLogIssue } from './logs.ts';
import { isIncident } from './snapshot.ts';

/** What the history is made of, as lists show it: what changed since a time, and all that is open. */
export type PastLists = Record<'incidents' | 'logs' | 'followUps' | 'analyses', Issue[]>;

/** The label of what was reopened, by which an incident is known that has lost its mark since. */
const BLOCKED = 'closure::blocked';

/**
 * Lists what reports tell of. What is open and untouched is asked for first: what is touched meanwhile comes with the second
 * list. `since` is an ISO time. Throws a SetupError for a project or group that GitLab does not show us.
 */
export async function listPast(
  gitlab: GitLab,
  config: Config,
  since: string,
  botIds: readonly number[],
): Promise<PastLists> {
  const both: IssueQuery[] = [
    { state: 'opened', updatedBefore: since },
    { state: 'all', updatedAfter: since },
  ];
  const labelled = (label: string): IssueQuery[] => both.map((query) => ({ ...query, labels: [label] }));
  const byType = both.map((query): IssueQuery => ({ ...query, type: 'incident' }));
  const byLabel = config.incident.labels.flatMap(labelled).map((query): IssueQuery => ({ ...query, type: 'issue' }));
  const unmarked: IssueQuery = { state: 'all', type: 'issue', labels: [BLOCKED] };
  const {
    follow_ups: { mode, label, project, projects },
    rca,
    shift_log: shiftLog,
  } = config;
  const home = projectOr(shiftLog.project, config);
  const incidents = await listAll(gitlab, config, sourcesOf(config), [...byType, ...byLabel, unmarked]);
  const workplaces = mode === 'off' ? [] : placesOf([project, ...Object.values(projects)], config);
  const followUps = await listAll(gitlab, config, workplaces, labelled(label));
  const desks = rca.mode === 'off' ? [] : analysisPlaces(config);
  const analyses = await listAll(gitlab, config, desks, labelled(rca.label));
  const logs = await listAll(gitlab, config, home ? [home] : [], labelled(shiftLog.label).slice(1));
  const isOther = (issue: Issue): boolean => isLogIssue(issue, botIds, config) || issue.labels.includes(rca.label);
  return {
    incidents: incidents.filter((issue) => isIncident(issue, config) || !isOther(issue)),
    followUps: followUps.filter((issue) => goesOnHere(issue) && !isIncident(issue, config)),
    analyses: analyses.filter((issue) => goesOnHere(issue) && !isIncident(issue, config)),
    logs: logs.filter((issue) => isLogIssue(issue, botIds, config)),
  };
}

/** What was closed as a duplicate, or moved, is not done: it goes on elsewhere. */
function goesOnHere({ isDuplicate, movedToId }: Issue): boolean {
  return !isDuplicate && movedToId === undefined;
}

/** What several lists of several places show, each issue once, the oldest of a project first. */
async function listAll(
  gitlab: GitLab,
  config: Config,
  places: readonly Source[],
  queries: readonly IssueQuery[],
): Promise<Issue[]> {
  const found = new Map<string, Issue>();
  for (const place of places) {
    for (const query of queries) {
      for (const issue of await listOne(gitlab, config, place, query)) found.set(issueKey(issue), issue);
    }
  }
  return [...found.values()].sort((a, b) => a.projectId - b.projectId || a.iid - b.iid);
}

async function listOne(gitlab: GitLab, config: Config, place: Source, query: IssueQuery): Promise<Issue[]> {
  try {
    return await gitlab.issues(place, query);
  } catch (cause) {
    if (!(cause instanceof NotFound)) throw cause;
    throw placeNotThere(place, 'follow_ups, rca or shift_log', config, cause);
  }
}
