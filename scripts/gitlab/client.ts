import {
  Groups,
  IssueLabelEvents,
  IssueNotes,
  Issues,
  IssueStateEvents,
  ProjectMembers,
  Projects,
  Users,
} from '@gitbeaker/rest';
import { SetupError } from '../ci/errors.ts';
import { NotFound, Overtaken, Refused } from './errors.ts';
import { toIssue, toLabelEvent, toList, toNote, toStateEvent, toUser, type RawIssue, type RawUser } from './map.ts';
import type { CallCount, GitLab, Issue, IssueChange, IssueQuery, IssueRef, Source } from './port.ts';
import { createRequester, type Bounds } from './requester.ts';

/** Where GitLab is (its address, without `/api/v4`), as whom we speak, and what bounds the calls. */
export type ClientOptions = { address: string; token: string; bounds: Bounds; count: CallCount; writes: WritePace };

/** Makes writes wait for their turn, by kind, so that the limits per minute are kept. */
export type WritePace = {
  note: <T>(call: () => Promise<T>) => Promise<T>;
  issue: <T>(call: () => Promise<T>) => Promise<T>;
};

const PAGE = 100;

/** The one client of GitLab's REST API. All pages, numeric ids, times in UTC; see `requester.ts` for how it calls. */
export function createGitLab({ address, token, bounds, count, writes }: ClientOptions): GitLab {
  const service = { host: address, token, requesterFn: createRequester(bounds, count), rateLimits: {} };
  const issues = new Issues(service);
  const notes = new IssueNotes(service);
  const paging = { hasKeyset: true };
  return {
    ...createReader(service),
    issue: ({ projectId, iid }) =>
      orUndefined(async () => toIssue(raw<RawIssue>(await issues.show(iid, { projectId })))),
    issues: (source, query) => listIssues(issues, source, query, paging),
    notes: async ({ projectId, iid }) =>
      toList(await notes.all(projectId, iid, { perPage: PAGE, sort: 'desc', orderBy: 'created_at' }), toNote),
    addNote: async ({ projectId, iid }, body) => {
      await writes.note(() => notes.create(projectId, iid, body));
    },
    editNote: async ({ projectId, iid }, noteId, body) => {
      await writes.note(() => notes.edit(projectId, iid, noteId, { body }));
    },
    unlock: async ({ projectId, iid }) => {
      await writes.issue(() => issues.edit(projectId, iid, { discussionLocked: false }));
    },
    deleteNote: async ({ projectId, iid }, noteId) => {
      await orUndefined(() => notes.remove(projectId, iid, noteId));
    },
    changeIssue: ({ projectId, iid }: IssueRef, change: IssueChange, isOvertaken) =>
      writes.issue(async () => {
        if (await isOvertaken()) throw new Overtaken();
        return toIssue(raw<RawIssue>(await issues.edit(projectId, iid, toEdit(change))));
      }),
  };
}

function createReader(
  service: ConstructorParameters<typeof Users>[0],
): Pick<GitLab, 'me' | 'user' | 'stateEvents' | 'labelEvents' | 'accessLevel' | 'groupPath' | 'hasProject'> {
  const users = new Users(service);
  const members = new ProjectMembers(service);
  return {
    me: async () => {
      const me = await orUndefined(() => users.showCurrentUser());
      if (me === undefined)
        throw new SetupError(
          'There is no GitLab API at this address. Set GITLAB_URL to that of GitLab, path included.',
        );
      return toUser(raw<RawUser | null>(me));
    },
    user: (id) => orUndefined(async () => toUser(raw<RawUser>(await users.show(id)))),
    stateEvents: async ({ projectId, iid }) => {
      const events = await new IssueStateEvents(service).all(projectId, iid, { perPage: PAGE });
      return toList(events, toStateEvent);
    },
    labelEvents: async ({ projectId, iid }) => {
      const events = await new IssueLabelEvents(service).all(projectId, iid, { perPage: PAGE });
      return toList(events, toLabelEvent);
    },
    accessLevel: async (projectId, userId) => {
      const found = await orUndefined(() => members.show(projectId, userId, { includeInherited: true }));
      const member = raw<{ state: string; access_level: number } | undefined>(found);
      return member?.state === 'active' ? member.access_level : 0;
    },
    hasProject: async (id) => (await orUndefined(() => new Projects(service).show(id))) !== undefined,
    groupPath: async (id) => {
      const group = raw<{ full_path: string } | undefined>(await orUndefined(() => new Groups(service).show(id)));
      return group?.full_path;
    },
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
  const options = {
    ...(source.kind === 'project' ? { projectId: source.id } : { groupId: source.id }),
    ...{ state: query.state, issueType: query.type, scope: 'all', perPage: PAGE, orderBy: 'created_at', sort: 'asc' },
    ...(query.labels ? { labels: query.labels.join(',') } : {}),
    ...(query.withoutLabels ? { not: { labels: query.withoutLabels.join(',') } } : {}),
    ...(query.updatedAfter === undefined ? {} : { updatedAfter: query.updatedAfter }),
  } as const;
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

function toEdit({ addLabels, removeLabels, state }: IssueChange): Record<string, string> {
  return {
    ...(addLabels.length > 0 ? { addLabels: addLabels.join(',') } : {}),
    ...(removeLabels.length > 0 ? { removeLabels: removeLabels.join(',') } : {}),
    ...(state ? { stateEvent: state } : {}),
  };
}

/** gitbeaker's own types promise more than GitLab sends; ours say what we read. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the one place that casts an answer
function raw<T>(answer: unknown): T {
  return answer as T;
}

async function orUndefined<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}
