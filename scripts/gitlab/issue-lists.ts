import { Refused } from './errors.ts';
import { toIssue, toList } from './map.ts';
import type { GitLab, Issue, IssueQuery, Source } from './port.ts';

/** What of the client is needed here. */
type Issues = { all: (options: object) => Promise<unknown> };

const PAGE = 100;

/** Lists of issues and how long they are. Source: GitLab docs, api/issues. */
export function createIssueLists(issues: Issues): Pick<GitLab, 'issues' | 'countIssues'> {
  const paging = { hasKeyset: true };
  return {
    issues: (source, query) => listIssues(issues, source, query, paging),
    countIssues: async (source, query) => {
      const asked = { ...optionsOf(source, query), perPage: 1, page: 1, showExpanded: true };
      const { paginationInfo } = (await issues.all(asked)) as { paginationInfo?: { total?: number } };
      const total = paginationInfo?.total;
      // Above 10,000 GitLab does not say how many there are. Source: GitLab docs, api/rest, pagination.
      return Number.isInteger(total) ? Number(total) : (await listIssues(issues, source, query, paging)).length;
    },
  };
}

function optionsOf(source: Source, query: IssueQuery): object {
  return {
    ...(source.kind === 'project' ? { projectId: source.id } : { groupId: source.id }),
    ...{ state: query.state, scope: 'all', perPage: PAGE, orderBy: 'created_at', sort: 'asc' },
    ...(query.type === undefined ? {} : { issueType: query.type }),
    ...(query.search === undefined ? {} : { search: query.search, in: 'description' }),
    ...(query.labels ? { labels: query.labels.join(',') } : {}),
    ...(query.withoutLabels ? { not: { labels: query.withoutLabels.join(',') } } : {}),
    ...(query.author === undefined ? {} : { authorId: query.author }),
    ...(query.updatedAfter === undefined ? {} : { updatedAfter: query.updatedAfter }),
    ...(query.updatedBefore === undefined ? {} : { updatedBefore: query.updatedBefore }),
    ...(query.createdAfter === undefined ? {} : { createdAfter: query.createdAfter }),
    ...(query.createdBefore === undefined ? {} : { createdBefore: query.createdBefore }),
  };
}

/**
 * Keyset pages where GitLab has them (project issues since 18.3), else offset pages. Source: GitLab docs, api/rest,
 * keyset-based pagination: what does not support it answers 405.
 */
async function listIssues(
  issues: Issues,
  source: Source,
  query: IssueQuery,
  paging: { hasKeyset: boolean },
): Promise<Issue[]> {
  const options = optionsOf(source, query);
  const all = async (more: object): Promise<Issue[]> => toList(await issues.all({ ...options, ...more }), toIssue);
  if (source.kind === 'group' || !paging.hasKeyset) return all({});
  try {
    return await all({ pagination: 'keyset' });
  } catch (error) {
    if (!(error instanceof Refused) || ![400, 405].includes(error.status)) throw error;
    paging.hasKeyset = false;
    return all({});
  }
}
