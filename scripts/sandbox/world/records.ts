import type { Hook, Pipeline, Schedule, Trigger } from './automation.ts';
import type { Board } from './boards.ts';
import type { ProtectedBranch } from './protection.ts';
import type { MergeRequest, Repository } from './repository.ts';
import type { ProjectSettings } from './settings.ts';
import type { Grant } from './tokens.ts';
import type { Variable } from './variables.ts';

/** The access levels of GitLab. Source: GitLab docs, api/members. */
export const LEVEL = {
  none: 0,
  guest: 10,
  planner: 15,
  reporter: 20,
  developer: 30,
  maintainer: 40,
  owner: 50,
} as const;

/** Somebody with an account. `deactivated` and `blocked` people cannot sign in, nor can their tokens. */
export type Account = {
  id: number;
  username: string;
  name: string;
  token: string;
  /** What the token may do. */
  grant: Grant;
  /** Whether it was taken back, or ended before its day. Source: GitLab docs, user/profile/personal_access_tokens. */
  tokenState: 'active' | 'expired' | 'revoked';
  state: 'active' | 'blocked' | 'deactivated';
  bot: boolean;
  createdAt: string;
};

export type Label = { id: number; name: string; color: string; description: string | null };

export type Group = {
  id: number;
  path: string;
  labels: Map<string, Label>;
  /** Access levels by user id. */
  members: Map<number, number>;
  hooks: Hook[];
};

export type Project = {
  id: number;
  /** Full path, `group/project`. */
  path: string;
  /** Paths that it had before it was moved; calls to them are sent on. Source: GitLab docs, api/rest, redirects. */
  formerPaths: string[];
  groupId: number;
  createdAt: string;
  /** Access levels by user id; the members of its groups are in it. */
  members: Map<number, number>;
  /** Labels by name. */
  labels: Map<string, Label>;
  hooks: Hook[];
  triggers: Trigger[];
  schedules: Schedule[];
  pipelines: Pipeline[];
  mergeRequests: MergeRequest[];
  repository: Repository;
  protectedBranches: ProtectedBranch[];
  variables: Variable[];
  boards: Board[];
  settings: ProjectSettings;
  /** Who may set pipeline variables. Source: GitLab docs, ci/variables, restrict pipeline variables. */
  pipelineVariablesRole: 'no_one_allowed' | 'developer' | 'maintainer' | 'owner';
  /** Whether an issue may have several assignees: Premium and up. Source: GitLab docs, user/project/issues/multiple_assignees_for_issues. */
  hasSeveralAssignees: boolean;
  /** Whether only what a pipeline has passed is merged. Source: GitLab docs, user/project/merge_requests/auto_merge. */
  mustSucceed: boolean;
  nextIid: number;
  /** The files of its generic packages. */
  packages: PackageFile[];
};

/** A file of a version of a generic package. Source: GitLab docs, user/packages/generic_packages. */
export type PackageFile = {
  id: number;
  name: string;
  version: string;
  file: string;
  bytes: Uint8Array;
  createdAt: string;
};

export type Severity = 'UNKNOWN' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
export type EscalationStatus = 'TRIGGERED' | 'ACKNOWLEDGED' | 'RESOLVED' | 'IGNORED';

export type StoredIssue = {
  /** The global id, never the iid. */
  id: number;
  iid: number;
  projectId: number;
  title: string;
  description: string | null;
  authorId: number;
  assigneeIds: number[];
  labels: string[];
  type: 'issue' | 'incident' | 'task';
  severity: Severity;
  /** Of incidents alone. Source: GitLab docs, operations/incident_management/manage_incidents. */
  escalationStatus: EscalationStatus;
  state: 'opened' | 'closed';
  confidential: boolean;
  locked: boolean;
  dueDate: string | null;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedById: number | null;
  movedToId: number | null;
  duplicatedToId: number | null;
};

/** What belongs to an issue, by its global id. */
type OfIssue = { id: number; issueId: number };

export type StoredNote = OfIssue & {
  body: string;
  authorId: number;
  system: boolean;
  internal: boolean;
  createdAt: string;
  updatedAt: string;
};

export type StateChange = OfIssue & {
  userId: number;
  state: 'closed' | 'reopened';
  createdAt: string;
  mergeRequestId: number | null;
};

export type LabelChange = OfIssue & { userId: number; action: 'add' | 'remove'; label: string; createdAt: string };

/** An entry of an incident's timeline. Source: GitLab docs, operations/incident_management/incident_timeline_events. */
export type TimelineEvent = OfIssue & {
  authorId: number;
  note: string;
  /** What wrote it: `comment` for people, else the kind of change that GitLab noted by itself. */
  action: string;
  editable: boolean;
  occurredAt: string;
  createdAt: string;
  tags: string[];
};

/** An emoji that somebody gave an issue or, where `noteId` is set, a comment. Source: GitLab docs, api/emoji_reactions. */
export type Award = OfIssue & { name: string; userId: number; noteId: number | null; createdAt: string };

/** A link from the issue that it belongs to. Source: GitLab docs, api/issue_links. */
export type IssueLink = OfIssue & { targetId: number; type: 'relates_to'; createdAt: string };

/** What happened to an issue. */
export type IssueHappening =
  | {
      kind: 'issue';
      issue: StoredIssue;
      actorId: number;
      action: 'open' | 'update' | 'close' | 'reopen';
      before: StoredIssue | undefined;
    }
  | { kind: 'note'; issue: StoredIssue; actorId: number; action: 'create' | 'update'; note: StoredNote }
  | { kind: 'emoji'; issue: StoredIssue; actorId: number; action: 'award' | 'revoke'; award: Award };

/** What happened, for those who deliver webhooks and e-mails. */
export type Happening =
  | IssueHappening
  | {
      kind: 'merge_request';
      mergeRequest: MergeRequest;
      actorId: number;
      action: 'open' | 'update' | 'close' | 'reopen' | 'merge';
    };
