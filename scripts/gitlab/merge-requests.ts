import { orUndefined } from './forgive.ts';
import { demandShape, toIssue, toList, toNote, toUser, type RawIssue, type RawUser } from './map.ts';
import type { MergeRequest, MergeRequestRef, MergeRequests, StandingStatus } from './merge-request-port.ts';
import type { WritePace } from './port.ts';

type RawMergeRequest = {
  iid: number;
  project_id: number;
  state: string;
  sha?: string | null;
  source_project_id?: number | null;
  author: RawUser | null;
  references?: { full?: string } | null;
  head_pipeline?: { id: number; project_id?: number | null; sha: string } | null;
};
type RawStatus = { status: string; description?: string | null; pipeline_id?: number | null };

type Paging = { perPage: number; showExpanded?: false };
type StatusOptions = { name: string; description: string; pipelineId?: number; ref?: string };

/** What of the client is needed here. */
type Resources = {
  mergeRequests: {
    show: (projectId: number, iid: number) => Promise<unknown>;
    allIssuesClosed: (projectId: number, iid: number, options: Paging) => Promise<unknown>;
  };
  issues: {
    allClosedByMergeRequestst: (projectId: number, iid: number, options: Paging) => Promise<unknown>;
    allRelatedMergeRequests: (projectId: number, iid: number, options: Paging) => Promise<unknown>;
  };
  notes: {
    all: (projectId: number, iid: number, options: Paging) => Promise<unknown>;
    create: (projectId: number, iid: number, body: string) => Promise<unknown>;
    edit: (projectId: number, iid: number, noteId: number, options: { body: string }) => Promise<unknown>;
    remove: (projectId: number, iid: number, noteId: number) => Promise<unknown>;
  };
  commits: {
    allStatuses: (projectId: number, sha: string, options: Paging & { name: string }) => Promise<unknown>;
    editStatus: (
      projectId: number,
      sha: string,
      state: 'failed' | 'success',
      options: StatusOptions,
    ) => Promise<unknown>;
  };
};

const ALL: Paging = { perPage: 100 };

/** Merge requests, their comments, and the statuses of their commits. Source: GitLab docs, api/merge_requests, api/commits. */
export function createMergeRequests(resources: Resources, writes: WritePace): MergeRequests {
  const { mergeRequests, issues, commits } = resources;
  return {
    ...createNotes(resources.notes, writes),
    mergeRequest: ({ projectId, iid }) =>
      orUndefined(async () => toMergeRequest((await mergeRequests.show(projectId, iid)) as RawMergeRequest | null)),
    closedByMerging: async ({ projectId, iid }) =>
      toList(await mergeRequests.allIssuesClosed(projectId, iid, ALL), toIssueOrNone).flatMap((issue) => issue ?? []),
    mergeRequestsOf: async ({ projectId, iid }, relation) => {
      const found =
        relation === 'closing'
          ? await issues.allClosedByMergeRequestst(projectId, iid, ALL)
          : await issues.allRelatedMergeRequests(projectId, iid, ALL);
      return toList(found, toMergeRequest).filter(({ state }) => state === 'opened');
    },
    commitStatuses: async ({ projectId, sha }, name) =>
      toList(await commits.allStatuses(projectId, sha, { ...ALL, name }), toStatus),
    setCommitStatus: async ({ projectId, sha, pipelineId, ref }, { name, state, description }) => {
      const at = { ...(pipelineId === undefined ? {} : { pipelineId }), ...(ref === undefined ? {} : { ref }) };
      await writes.note(() => commits.editStatus(projectId, sha, state, { name, description, ...at }));
    },
  };
}

type Notes = Pick<
  MergeRequests,
  'mergeRequestNotes' | 'addMergeRequestNote' | 'editMergeRequestNote' | 'deleteMergeRequestNote'
>;

function createNotes(notes: Resources['notes'], writes: WritePace): Notes {
  return {
    mergeRequestNotes: async ({ projectId, iid }: MergeRequestRef) =>
      toList(await notes.all(projectId, iid, ALL), toNote),
    addMergeRequestNote: async ({ projectId, iid }, body) => {
      await writes.note(() => notes.create(projectId, iid, body));
    },
    editMergeRequestNote: async ({ projectId, iid }, noteId, body) => {
      await writes.note(() => notes.edit(projectId, iid, noteId, { body }));
    },
    deleteMergeRequestNote: async ({ projectId, iid }, noteId) => {
      await orUndefined(() => notes.remove(projectId, iid, noteId));
    },
  };
}

function toMergeRequest(raw: RawMergeRequest | null): MergeRequest {
  const isOne = raw !== null && Number.isInteger(raw.iid) && Number.isInteger(raw.project_id);
  demandShape(isOne && typeof raw.state === 'string', 'a merge request');
  const { iid, project_id: projectId, head_pipeline: pipeline } = raw;
  const sourceProjectId = raw.source_project_id ?? undefined;
  return {
    ...{ projectId, iid, reference: raw.references?.full ?? `${projectId}!${iid}` },
    ...{ state: raw.state === 'opened' ? 'opened' : 'over', sha: raw.sha ?? undefined, sourceProjectId },
    author: toUser(raw.author),
    headPipeline: pipeline
      ? { id: pipeline.id, projectId: pipeline.project_id ?? sourceProjectId ?? projectId, sha: pipeline.sha }
      : undefined,
  };
}

/** What lies in another tool's tracker is named too, and is no issue of GitLab's. Source: GitLab docs, api/merge_requests, closes_issues. */
function toIssueOrNone(raw: RawIssue | null): ReturnType<typeof toIssue> | undefined {
  return raw !== null && !Object.hasOwn(raw, 'iid') ? undefined : toIssue(raw);
}

function toStatus(raw: RawStatus | null): StandingStatus {
  demandShape(raw !== null && typeof raw.status === 'string', 'a status');
  return { state: raw.status, description: raw.description ?? '', pipelineId: raw.pipeline_id ?? undefined };
}
