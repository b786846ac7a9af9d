import type { Issue, IssueRef, Note, Source } from './port.ts';

/** An account: whether GitLab marks it as no person's, and whether it may act. */
export type Account = { id: number; username: string; isBot: boolean; isActive: boolean };

/** What a token says of itself; `expiresOn` is a day (YYYY-MM-DD). */
export type AccessToken = { scopes: string[]; expiresOn: string | undefined };

/** A project as far as an installation depends on it. `variablesRole` is who may set variables of pipelines, where GitLab says it. */
export type ProjectState = {
  id: number;
  path: string;
  webUrl: string;
  defaultBranch: string | undefined;
  visibility: string;
  /** Whether whoever may see the project may read its job logs. */
  isPublicCi: boolean;
  variablesRole: string | undefined;
};

/** A label; `color` is `#` and six digits in lower case; one that is not the project's own is a group's above it. */
export type LabelState = { id: number; name: string; color: string; description: string; isOwn: boolean };

/** A webhook. `events` are GitLab's names without `_events`; of what is masked in its address only the names are known. */
export type HookState = {
  id: number;
  name: string;
  description: string;
  url: string;
  events: string[];
  template: string;
  masked: string[];
  /** `executable`, `temporarily_disabled` or `disabled`. */
  status: string;
  disabledUntil: string | undefined;
};

/** How a delivery of a webhook went; `status` is GitLab's, a number or `internal error`. */
export type DeliveryState = { status: string; at: string };

/** A pipeline schedule; `ref` is the branch alone. */
export type ScheduleState = {
  id: number;
  description: string;
  ref: string;
  cron: string;
  zone: string;
  isActive: boolean;
  inputs: Record<string, string>;
  owner: Account | undefined;
};

/** A trigger token; `token` is whole for its owner alone. */
export type TriggerState = { id: number; description: string; token: string; owner: Account | undefined };

/** A CI/CD variable; `value` is unknown where it is hidden. */
export type VariableState = {
  key: string;
  value: string | undefined;
  isMasked: boolean;
  isProtected: boolean;
  /** The environments whose jobs get it; `*` is all jobs. */
  scope: string;
};

/** An issue board, and the labels that its lists are of. */
export type BoardState = { id: number; name: string; lists: string[] };

/** Who may push to a protected branch, or merge into it: the lowest level that may. */
export type Protection = { pushLevel: number; mergeLevel: number };

/** A file that a commit writes. */
export type FileText = { path: string; text: string };

/** A label as it is to be. */
export type WantedLabel = Pick<LabelState, 'name' | 'color' | 'description'>;

/** A webhook as it is to be; `{trigger_token}` in its address is masked. */
export type WantedHook = Pick<HookState, 'name' | 'url' | 'events' | 'template'>;

/** What an address is masked with: our trigger token, with its id. */
export type TriggerToken = { id: number; token: string };

/** A schedule as it is to be. */
export type WantedSchedule = Pick<ScheduleState, 'description' | 'ref' | 'cron' | 'inputs'> & { zone?: string };

/**
 * What setup asks of GitLab. What is not there is `undefined`; what the token may not see throws `Forbidden`. Source: GitLab
 * docs, api/projects, api/project_webhooks, api/pipeline_schedules, api/pipeline_triggers, api/personal_access_tokens.
 */
export type InstallationQuestions = {
  version(): Promise<{ version: string; isEnterprise: boolean | undefined } | undefined>;
  account(): Promise<Account>;
  accountOf(id: number): Promise<Account | undefined>;
  accountNamed(username: string): Promise<Account | undefined>;
  accessToken(): Promise<AccessToken | undefined>;
  project(id: number | string): Promise<ProjectState | undefined>;
  /** The level of an active member, inherited ones included; 0 for others. */
  levelIn(place: Source, userId: number): Promise<number>;
  labels(place: Source): Promise<LabelState[]>;
  hooks(place: Source): Promise<HookState[]>;
  /** Of the last days, newest first. */
  deliveries(place: Source, hookId: number): Promise<DeliveryState[]>;
  /** The few issues that were changed last, the last first. */
  recentIssues(place: Source): Promise<Issue[]>;
  /** The last hundred comments of an issue. */
  lastNotes(ref: IssueRef): Promise<Note[]>;
  /** When the last pipeline that a trigger started was created. */
  lastTriggeredAt(projectId: number): Promise<string | undefined>;
  schedules(projectId: number): Promise<ScheduleState[]>;
  triggers(projectId: number): Promise<TriggerState[]>;
  variables(projectId: number): Promise<VariableState[]>;
  boards(projectId: number): Promise<BoardState[]>;
  /** The versions of our package in the registry of the project. */
  packages(projectId: number): Promise<string[]>;
  /** The rule that a branch falls under, by its name or by a pattern. */
  protection(projectId: number, branch: string): Promise<Protection | undefined>;
  hasBranch(projectId: number, branch: string): Promise<boolean>;
  /** The text of a file on a branch. */
  file(projectId: number, branch: string, path: string): Promise<string | undefined>;
  /** The address of the open merge request from a branch. */
  openMergeRequest(projectId: number, branch: string): Promise<string | undefined>;
};

/** What setup tells GitLab. What GitLab does not take throws `Refused` with its words. */
export type InstallationCommands = {
  addLabel(place: Source, label: WantedLabel): Promise<void>;
  changeLabel(place: Source, id: number, label: WantedLabel): Promise<void>;
  addHook(place: Source, hook: WantedHook, trigger: TriggerToken): Promise<void>;
  /** Changes what a webhook is told of, and how; its address, and what masks it, cannot be changed. */
  changeHook(place: Source, id: number, hook: WantedHook): Promise<void>;
  removeHook(place: Source, id: number): Promise<void>;
  addSchedule(projectId: number, schedule: WantedSchedule): Promise<void>;
  changeSchedule(projectId: number, id: number, schedule: WantedSchedule, inputsBefore: string[]): Promise<void>;
  /** Makes the account that asks its owner. */
  takeSchedule(projectId: number, id: number): Promise<void>;
  removeSchedule(projectId: number, id: number): Promise<void>;
  addTrigger(projectId: number, description: string): Promise<TriggerToken>;
  removeTrigger(projectId: number, id: number): Promise<void>;
  /** Masked, and protected. */
  setVariable(projectId: number, key: string, value: string, isNew: boolean): Promise<void>;
  changeProject(projectId: number, change: { variablesRole?: string; isPublicCi?: boolean }): Promise<void>;
  protect(projectId: number, branch: string): Promise<void>;
  removeBranch(projectId: number, branch: string): Promise<void>;
  addBoard(projectId: number, name: string): Promise<number>;
  addList(projectId: number, boardId: number, labelId: number): Promise<void>;
  /** Writes files in one commit, onto `branch`; where that is new, from `startBranch`. */
  commit(
    projectId: number,
    files: readonly (FileText & { isNew: boolean })[],
    to: { branch: string; startBranch?: string; message: string },
  ): Promise<void>;
  addPackage(projectId: number, version: string, program: Uint8Array): Promise<void>;
  addMergeRequest(projectId: number, from: string, to: string, title: string): Promise<void>;
};

export type Installer = InstallationQuestions & InstallationCommands;
