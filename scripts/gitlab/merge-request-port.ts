import type { Issue, IssueRef, Note, User } from './port.ts';

/** A merge request by the id of the project that it would be merged into, and its number there. */
export type MergeRequestRef = { projectId: number; iid: number };

/** A merge request as GitLab has it. */
export type MergeRequest = MergeRequestRef & {
  /** `group/project!12`. */
  reference: string;
  state: 'opened' | 'over';
  /** The head commit; absent where the branch is gone. */
  sha: string | undefined;
  /** Another project where it comes from a fork; absent where that is gone. */
  sourceProjectId: number | undefined;
  author: User;
  /** The pipeline by which GitLab decides whether it may be merged, and the commit that it ran on. */
  headPipeline: { id: number; projectId: number; sha: string } | undefined;
};

/** Where the status of a commit lies: in a project, and there in a certain pipeline or in that of a ref, where one is named. */
export type StatusPlace = { projectId: number; sha: string; pipelineId?: number; ref?: string };

/** A status of a commit. The description has 255 characters at the most. */
export type CommitStatus = { name: string; state: 'failed' | 'success'; description: string };

/** A status as it stands; whatever its state, and its description may be another tool's. */
export type StandingStatus = { state: string; description: string; pipelineId: number | undefined };

/** What Watchkeeper asks of GitLab's merge requests and commits, and tells them. It fails as the rest of the port does. */
export type MergeRequests = {
  mergeRequest(ref: MergeRequestRef): Promise<MergeRequest | undefined>;
  /** The issues that merging would close, those that the bot may see. */
  closedByMerging(ref: MergeRequestRef): Promise<Issue[]>;
  /** The open merge requests that would close an issue, or, by `naming`, that name it; of a closed issue GitLab tells the latter alone. */
  mergeRequestsOf(issue: IssueRef, relation: 'closing' | 'naming'): Promise<MergeRequestRef[]>;
  mergeRequestNotes(ref: MergeRequestRef): Promise<Note[]>;
  /** Throws `AnswerLost` where the comment may stand although no answer came. */
  addMergeRequestNote(ref: MergeRequestRef, body: string): Promise<void>;
  editMergeRequestNote(ref: MergeRequestRef, noteId: number, body: string): Promise<void>;
  /** Deleting what is gone already is no error. */
  deleteMergeRequestNote(ref: MergeRequestRef, noteId: number): Promise<void>;
  /** The latest statuses of that name, one of each pipeline of the commit. Throws `NotFound` where the commit or the project is none. */
  commitStatuses(place: StatusPlace, name: string): Promise<StandingStatus[]>;
  setCommitStatus(place: StatusPlace, status: CommitStatus): Promise<void>;
};
