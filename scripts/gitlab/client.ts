import {
  Commits,
  Groups,
  IssueAwardEmojis,
  IssueLabelEvents,
  IssueLinks,
  IssueNoteAwardEmojis,
  IssueNotes,
  Issues,
  IssueStateEvents,
  MergeRequestNotes,
  MergeRequests,
  PersonalAccessTokens,
  Pipelines,
  ProjectMembers,
  Projects,
  Users,
} from '@gitbeaker/rest';
import { SetupError } from '../ci/errors.ts';
import { Overtaken } from './errors.ts';
import { orUndefined, unlessThere } from './forgive.ts';
import { createGlance } from './glance.ts';
import { createGraphql } from './graphql.ts';
import { createIncidents } from './incidents.ts';
import {
  raw,
  toEmoji,
  toIssue,
  toLabelEvent,
  toLevel,
  toList,
  toStateEvent,
  toUser,
  type RawIssue,
  type RawUser,
} from './map.ts';
import { createComments } from './comments.ts';
import { toCreate, toEdit } from './edits.ts';
import { createMergeRequests } from './merge-requests.ts';
import { createIssueLists } from './issue-lists.ts';
import { createPipelines } from './pipelines.ts';
import type { GitLab, Issue, IssueChange, IssueRef, WritePace } from './port.ts';
import { followReference } from './reference.ts';
import { createPost, createRequester, type Caller } from './requester.ts';
import type { Traffic } from './traffic.ts';

/** Where GitLab is (its address, without `/api/v4`), as whom we speak, and how calls are made. */
export type ClientOptions = { address: string; token: string; call: Caller; traffic: Traffic; writes: WritePace };

type Service = ConstructorParameters<typeof Users>[0];

const PAGE = 100;

/** The one client of GitLab's REST API. All pages, numeric ids, times in UTC; see `caller.ts` for how it calls. */
export function createGitLab({ address, token, call, traffic, writes }: ClientOptions): GitLab {
  const service = { host: address, token, requesterFn: createRequester(call), rateLimits: {} };
  const post = createPost(call);
  const issues = new Issues(service);
  const graphql = createGraphql(post, { address, token });
  const comments = createComments(
    { notes: new IssueNotes(service), emojis: new IssueNoteAwardEmojis(service) },
    writes,
    (path, body) => post({ url: `${address}/api/v4/${path}`, body, token, outdates: true }),
  );
  return {
    ...createReader(service),
    ...comments,
    glance: createGlance(graphql, comments.notes, traffic),
    ...createIncidents(graphql, writes),
    ...createPipelines(post, { address, token, writes }, new Pipelines(service)),
    ...createIssueLists(issues),
    ...createMergeRequests(
      {
        ...{ mergeRequests: new MergeRequests(service), notes: new MergeRequestNotes(service) },
        ...{ commits: new Commits(service), issues },
      },
      writes,
    ),
    issue: ({ projectId, iid }) => showIssue(issues, projectId, iid),
    issueAt: (reference) => followReference(reference, address, (project, iid) => showIssue(issues, project, iid)),
    ...createIssueCommands(service, issues, writes),
  };
}

type IssueCommands = Pick<GitLab, 'unlock' | 'changeIssue' | 'createIssue' | 'relate'>;

function createIssueCommands(service: Service, issues: Issues, writes: WritePace): IssueCommands {
  return {
    unlock: async ({ projectId, iid }) => {
      await writes.issue(() => issues.edit(projectId, iid, { discussionLocked: false }));
    },
    changeIssue: ({ projectId, iid }: IssueRef, change: IssueChange, isOvertaken) =>
      writes.issue(async () => {
        if (await isOvertaken()) throw new Overtaken();
        return toIssue(raw<RawIssue>(await issues.edit(projectId, iid, toEdit(change))));
      }),
    createIssue: (projectId, issue) =>
      writes.issue(async () => toIssue(raw<RawIssue>(await issues.create(projectId, issue.title, toCreate(issue))))),
    relate: async ({ projectId, iid }, other) => {
      const links = new IssueLinks(service);
      await writes.note(() => unlessThere(() => links.create(projectId, iid, other.projectId, other.iid)));
    },
  };
}

type People = Pick<GitLab, 'me' | 'tokenEndsOn' | 'user' | 'userNamed' | 'accessLevel'>;
type Events = Pick<GitLab, 'stateEvents' | 'labelEvents' | 'emojis'>;

function createReader(service: Service): People & Events & Pick<GitLab, 'groupPath' | 'hasProject'> {
  return {
    ...createPeople(service),
    ...createEvents(service),
    hasProject: async (id) => (await orUndefined(() => new Projects(service).show(id))) !== undefined,
    groupPath: async (id) => {
      const group = raw<{ full_path: string } | undefined>(await orUndefined(() => new Groups(service).show(id)));
      return group?.full_path;
    },
  };
}

function createPeople(service: Service): People {
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
    tokenEndsOn: async () => {
      const shown = await orUndefined(() => new PersonalAccessTokens(service).show());
      return raw<{ expires_at?: string | null } | undefined>(shown)?.expires_at ?? undefined;
    },
    user: (id) => orUndefined(async () => toUser(raw<RawUser>(await users.show(id)))),
    userNamed: async (username) => toList(await users.all({ username }), toUser)[0],
    accessLevel: async (projectId, userId) => {
      const found = await orUndefined(() => members.show(projectId, userId, { includeInherited: true }));
      return toLevel(raw(found));
    },
  };
}

function createEvents(service: Service): Events {
  const all = { perPage: PAGE };
  return {
    stateEvents: async ({ projectId, iid }) =>
      toList(await new IssueStateEvents(service).all(projectId, iid, all), toStateEvent),
    labelEvents: async ({ projectId, iid }) =>
      toList(await new IssueLabelEvents(service).all(projectId, iid, all), toLabelEvent),
    emojis: async ({ projectId, iid }) => toList(await new IssueAwardEmojis(service).all(projectId, iid, all), toEmoji),
  };
}

function showIssue(issues: Issues, projectId: number | string, iid: number): Promise<Issue | undefined> {
  return orUndefined(async () => toIssue(raw<RawIssue>(await issues.show(iid, { projectId }))));
}
