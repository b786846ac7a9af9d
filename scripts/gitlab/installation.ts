import {
  Branches,
  Commits,
  GroupHooks,
  GroupLabels,
  GroupMembers,
  IssueNotes,
  Issues,
  MergeRequests,
  Metadata,
  Packages,
  Pipelines,
  PersonalAccessTokens,
  PipelineSchedules,
  PipelineTriggerTokens,
  ProjectHooks,
  ProjectIssueBoards,
  ProjectLabels,
  ProjectMembers,
  Projects,
  ProjectVariables,
  ProtectedBranches,
  RepositoryFiles,
  Users,
} from '@gitbeaker/rest';
import { orUndefined } from './forgive.ts';
import type { Installer, InstallationQuestions } from './installation-port.ts';
import {
  toAccessToken,
  toAccount,
  toBoard,
  toDelivery,
  toHook,
  toLabel,
  toProject,
  toSchedule,
  toTrigger,
  toVariable,
  toVersion,
} from './installation-map.ts';
import { createCommands } from './installing.ts';
import { askCode, askIssues } from './installation-code.ts';
import { raw, toLevel, toList } from './map.ts';
import type { CallCount, Source } from './port.ts';
import type { Bounds } from '../ci/network.ts';
import { createCaller } from './caller.ts';
import { createRequester, createUpload } from './requester.ts';
import { createTraffic } from './traffic.ts';

const ALL = { perPage: 100 };
/** Deliveries are told of the last week, and a few of them say how it goes. */
const FEW = { perPage: 20, page: 1 };

/** What setup works with, as one account. See `caller.ts` for how it calls. */
export function createInstaller(options: {
  address: string;
  token: string;
  bounds: Bounds;
  count: CallCount;
}): Installer {
  const call = createCaller({ ...options, traffic: createTraffic(options.bounds.now, 1) });
  const service = {
    ...{ host: options.address, token: options.token, rateLimits: {} },
    requesterFn: createRequester(call),
  };
  const resources = openResources(service);
  const upload = createUpload(call, options.token);
  return {
    ...askAccounts(resources),
    ...askPlaces(resources),
    ...askIssues(resources),
    ...askHome(resources),
    ...askCode(resources),
    ...createCommands(resources),
    addPackage: (projectId, version, program) =>
      upload(
        `${options.address}/api/v4/projects/${projectId}/packages/generic/watchkeeper/${version}/watchkeeper.cjs`,
        program,
      ),
  };
}

export type Resources = ReturnType<typeof openResources>;

function openResources(service: ConstructorParameters<typeof Users>[0]) {
  const [projectLabels, groupLabels] = [new ProjectLabels(service), new GroupLabels(service)];
  const [projectHooks, groupHooks] = [new ProjectHooks(service), new GroupHooks(service)];
  const [projectMembers, groupMembers] = [new ProjectMembers(service), new GroupMembers(service)];
  return {
    labelsOf: ({ kind }: Source) => (kind === 'project' ? projectLabels : groupLabels),
    hooksOf: ({ kind }: Source) => (kind === 'project' ? projectHooks : groupHooks),
    membersOf: ({ kind }: Source) => (kind === 'project' ? projectMembers : groupMembers),
    ...{ users: new Users(service), tokens: new PersonalAccessTokens(service), metadata: new Metadata(service) },
    ...{ projects: new Projects(service), schedules: new PipelineSchedules(service) },
    ...{ triggers: new PipelineTriggerTokens(service), variables: new ProjectVariables(service) },
    ...{ packages: new Packages(service), pipelines: new Pipelines(service) },
    repository: new Branches(service),
    ...{ issues: new Issues(service), notes: new IssueNotes(service) },
    ...{ boards: new ProjectIssueBoards(service), branches: new ProtectedBranches(service) },
    ...{
      files: new RepositoryFiles(service),
      commits: new Commits(service),
      mergeRequests: new MergeRequests(service),
    },
  };
}

function askAccounts({
  users,
  tokens,
  metadata,
}: Resources): Pick<InstallationQuestions, 'version' | 'account' | 'accountOf' | 'accountNamed' | 'accessToken'> {
  return {
    version: async () => orUndefined(async () => toVersion(raw(await metadata.show()))),
    account: async () => toAccount(raw(await users.showCurrentUser())),
    accountOf: (id) => orUndefined(async () => toAccount(raw(await users.show(id)))),
    accountNamed: async (username) => toList(await users.all({ username }), toAccount)[0],
    // A token that is no access token, such as a job's, has none to show. Source: GitLab docs, api/personal_access_tokens.
    accessToken: () => orUndefined(async () => toAccessToken(raw(await tokens.show()))),
  };
}

function askPlaces({
  labelsOf,
  hooksOf,
  membersOf,
}: Resources): Pick<InstallationQuestions, 'levelIn' | 'labels' | 'hooks' | 'deliveries'> {
  return {
    levelIn: async (place, userId) => {
      const found = await orUndefined(() => membersOf(place).show(place.id, userId, { includeInherited: true }));
      return toLevel(raw(found));
    },
    labels: async (place) => toList(await labelsOf(place).all(place.id, ALL), toLabel),
    hooks: async (place) => toList(await hooksOf(place).all(place.id, ALL), toHook),
    deliveries: async (place, hookId) => {
      const path = `${place.id === Number(place.id) ? place.id : encodeURIComponent(place.id)}/hooks/${hookId}/events`;
      const { body } = await hooksOf(place).requester.get(path, { searchParams: FEW });
      return toList(body, toDelivery);
    },
  };
}

function askHome({
  projects,
  schedules,
  triggers,
  variables,
  boards,
  packages,
}: Resources): Pick<InstallationQuestions, 'project' | 'schedules' | 'triggers' | 'variables' | 'boards' | 'packages'> {
  return {
    project: (id) => orUndefined(async () => toProject(raw(await projects.show(id)))),
    // Lists leave out the inputs. Source: GitLab docs, api/pipeline_schedules.
    schedules: async (projectId) => {
      const listed = toList(await schedules.all(projectId, ALL), ({ id }: { id: number }) => id);
      return Promise.all(listed.map(async (id) => toSchedule(raw(await schedules.show(projectId, id)))));
    },
    triggers: async (projectId) => toList(await triggers.all(projectId, ALL), toTrigger),
    variables: async (projectId) => toList(await variables.all(projectId, ALL), toVariable),
    boards: async (projectId) => toList(await boards.all(projectId, ALL), toBoard),
    packages: async (projectId) => {
      const asked = { projectId, packageName: 'watchkeeper', ...ALL };
      const named = await packages.all(asked);
      return toList(named, ({ version }: { version: string }) => version);
    },
  };
}
