import type { GitLab, PipelineRun, Source } from '../gitlab/port.ts';
import type { Config } from '../schema/types.gen.ts';
import { issueKey } from './candidates.ts';
import { sourcesOf } from './config.ts';
import type { Period } from './period.ts';

/**
 * What GitLab itself says of a period, for an auditor to hold ours against: how many incidents were created in it, and which
 * scheduled pipelines of Watchkeeper's own project succeeded, where the bot may see them.
 */
export type OwnAccount = { incidents: number; sweeps: PipelineRun[] | undefined };

/** Asks GitLab for its own count and its pipelines. `ownProjectId` is Watchkeeper's project, where a job knows it. */
export async function readOwnAccount(
  gitlab: GitLab,
  config: Config,
  period: Period,
  ownProjectId: number | undefined,
): Promise<OwnAccount> {
  const runs = ownProjectId === undefined ? undefined : await gitlab.scheduledPipelines(ownProjectId, period.from);
  return {
    incidents: await countIncidents(gitlab, config, period),
    sweeps: runs?.filter(({ createdAt }) => createdAt < period.to),
  };
}

/**
 * By type, and by each label what no count before had; what two sources may both show is listed, so that it counts once.
 * GitLab includes the time until when it looks, and knows milliseconds.
 */
async function countIncidents(gitlab: GitLab, config: Config, { from, to }: Period): Promise<number> {
  const { labels } = config.incident;
  const within = { state: 'all', createdAfter: from, createdBefore: justBefore(to) } as const;
  const queries = [
    { ...within, type: 'incident' as const },
    ...labels.map((label, index) => {
      const before = labels.slice(0, index);
      return {
        ...within,
        type: 'issue' as const,
        labels: [label],
        ...(before.length > 0 ? { withoutLabels: before } : {}),
      };
    }),
  ];
  const sources = sourcesOf(config);
  if (areApart(sources)) {
    let count = 0;
    for (const source of sources) for (const query of queries) count += await gitlab.countIssues(source, query);
    return count;
  }
  const found = new Set<string>();
  for (const source of sources) {
    for (const query of queries) for (const issue of await gitlab.issues(source, query)) found.add(issueKey(issue));
  }
  return found.size;
}

function justBefore(time: string): string {
  return new Date(Date.parse(time) - 1).toISOString();
}

/** Whether no issue can be in two of them: there is one, or all are projects by different ids. */
function areApart(sources: readonly Source[]): boolean {
  const ids = sources.flatMap(({ kind, id }) => (kind === 'project' && typeof id === 'number' ? [id] : []));
  return sources.length === 1 || new Set(ids).size === sources.length;
}
