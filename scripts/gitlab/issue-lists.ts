import { Refused } from './errors.ts';
import { demandShape, toIssue, toList } from './map.ts';
import type { GitLab, Issue, IssueQuery, Source } from './port.ts';

/** What of the client is needed here. */
type Issues = {
  all: (options: object) => Promise<unknown>;
  requester: {
    get: (endpoint: string, options: object) => Promise<{ body: unknown; headers?: Readonly<Record<string, string>> }>;
  };
};

const PAGE = 100;

/** Lists of issues and how long they are. Source: GitLab docs, api/issues. */
export function createIssueLists(issues: Issues): Pick<GitLab, 'issues' | 'issuePages' | 'countIssues'> {
  const paging = { hasKeyset: true };
  const issuePages: GitLab['issuePages'] = (source, query) => pages(issues, source, query, paging);
  const list: GitLab['issues'] = async (source, query) => {
    const found: Issue[] = [];
    for await (const page of issuePages(source, query)) found.push(...page);
    return found;
  };
  return {
    issuePages,
    issues: list,
    countIssues: async (source, query) => {
      const { kind, id } = source;
      const where = kind === 'project' ? { projectId: id } : { groupId: id };
      const asked = { ...where, ...optionsOf(query), perPage: 1, page: 1, showExpanded: true };
      const { paginationInfo } = (await issues.all(asked)) as { paginationInfo?: { total?: number } };
      const total = paginationInfo?.total;
      // Above 10,000 GitLab does not say how many there are. Source: GitLab docs, api/rest, pagination.
      return Number.isInteger(total) ? Number(total) : (await list(source, query)).length;
    },
  };
}

function optionsOf(query: IssueQuery): object {
  return {
    ...{ state: query.state, scope: 'all', perPage: PAGE, orderBy: 'created_at', sort: 'asc' },
    ...(query.type === undefined || query.type === 'both' ? {} : { issueType: query.type }),
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

type Page = { issues: Issue[]; next: object | undefined };

/**
 * Keyset pages where GitLab has them (project issues since 18.3), else offset pages; the next one is on its way while one is
 * worked on. Source: GitLab docs, api/rest, keyset-based pagination: what does not support it answers 405.
 */
async function* pages(
  issues: Issues,
  source: Source,
  query: IssueQuery,
  paging: { hasKeyset: boolean },
): AsyncGenerator<Issue[]> {
  const get = (more: object): Promise<Page> => getPage(issues, source, query, more);
  let coming: Promise<Page> | undefined = first(get, source, paging);
  while (coming) {
    const page: Page = await coming;
    coming = page.next && get(page.next);
    // Whoever stops here does not wait for it.
    coming?.catch(() => undefined);
    yield page.issues;
  }
}

async function first(
  get: (more: object) => Promise<Page>,
  source: Source,
  paging: { hasKeyset: boolean },
): Promise<Page> {
  if (source.kind === 'group' || !paging.hasKeyset) return get({});
  try {
    return await get({ pagination: 'keyset' });
  } catch (error) {
    if (!(error instanceof Refused) || ![400, 405].includes(error.status)) throw error;
    paging.hasKeyset = false;
    return get({});
  }
}

/** One list shows one type or all of them, so that of two types the others are left out here. */
async function getPage(issues: Issues, { kind, id }: Source, query: IssueQuery, more: object): Promise<Page> {
  const endpoint = `${kind}s/${encodeURIComponent(id)}/issues`;
  const { body, headers } = await issues.requester.get(endpoint, { searchParams: { ...optionsOf(query), ...more } });
  const listed = toList(body, (raw: { issue_type?: string | null; type?: string | null } | null) => raw);
  const typeOf = (raw: (typeof listed)[number]): string => (raw?.issue_type ?? raw?.type ?? 'issue').toLowerCase();
  const wanted = listed.filter((raw) => query.type !== 'both' || ['issue', 'incident'].includes(typeOf(raw)));
  return { issues: toList(wanted, toIssue), next: nextOf(headers?.['link'] ?? '') };
}

/**
 * What the address of the next page asks for beside what we ask anyway: a cursor, or a number. Addresses may hold commas.
 * Throws a LeftOver where it asks for neither, since half a list is none. Source: RFC 8288, section 3.
 */
function nextOf(link: string): object | undefined {
  const next = link.split(/,(?=\s*<)/).find((part) => /;\s*rel="?next"?\s*(?:;|$)/.test(part));
  if (next === undefined) return undefined;
  const asked = new URLSearchParams(/\?([^>#]*)/.exec(next)?.[1] ?? '');
  const [cursor, page] = [asked.get('cursor'), asked.get('page')];
  demandShape(cursor !== null || page !== null, 'a link to the next page');
  return cursor === null ? { page } : { cursor, pagination: 'keyset' };
}
