import type { IssueQuery, Source } from './issue-query.ts';
import type { MergeRequests } from './merge-request-port.ts';

export type { IssueQuery, Source };

/** An issue by its numeric project id and its iid (the number people see, never the global id). */
export type IssueRef = { projectId: number; iid: number };

export type User = { id: number; username: string };

export type Severity = 1 | 2 | 3 | 4;

/** An issue as GitLab has it. Times are ISO 8601 in UTC. Text fields are people's text. */
export type Issue = IssueRef & {
  /** `group/project#12`. */
  reference: string;
  webUrl: string;
  title: string;
  description: string;
  state: 'opened' | 'closed';
  /** GitLab's own type: is it an incident? */
  isIncidentType: boolean;
  labels: string[];
  assignees: User[];
  /** GitLab's own severity; absent where it is UNKNOWN. */
  severity: Severity | undefined;
  confidential: boolean;
  /** Nobody reopens it while its discussion is locked. Source: app/policies/issue_policy.rb. */
  locked: boolean;
  createdAt: string;
  updatedAt: string;
  closedAt: string | undefined;
  closedBy: User | undefined;
  /** The last day of its time, YYYY-MM-DD. */
  dueOn: string | undefined;
  author: User;
  movedToId: number | undefined;
  /** The issue that this one was closed as a duplicate of, in GitLab's own sense. */
  duplicateOf: IssueRef | undefined;
  /** Whether GitLab says that it is a duplicate, though of what may be hidden. */
  isDuplicate: boolean;
};

/** A comment, or GitLab's own record of a change (`system`). */
export type Note = { id: number; body: string; author: User; system: boolean; createdAt: string };

/** The comments of an issue, and when it was last touched as they were read. Not `isExact`: times are those of whole seconds. */
export type Glance = { notes: Note[]; updatedAt?: string; isExact: boolean };

export type StateEvent = { id: number; state: string; user: User | undefined; createdAt: string };

export type LabelEvent = {
  id: number;
  action: 'add' | 'remove';
  label: string | undefined;
  user: User | undefined;
  createdAt: string;
};

/** What to change of an issue; labels are added and removed one by one, never replaced as a list. */
export type IssueChange = {
  addLabels: string[];
  removeLabels: string[];
  state?: 'reopen' | 'close';
  /** Who is assigned from then on; GitLab Free takes the first alone, and nobody is `[]`. */
  assigneeIds?: number[];
};

/** An emoji that somebody gave an issue itself, not one of its comments. `name` has no colons. */
export type Emoji = { id: number; name: string; user: User; createdAt: string };

/** An issue to create. Where the bot may not create incidents, GitLab makes it a plain issue. */
export type NewIssue = {
  title: string;
  description: string;
  labels: string[];
  confidential: boolean;
  assigneeIds: number[];
  isIncident: boolean;
  /** The last day of its time, YYYY-MM-DD. */
  dueOn?: string;
};

/** An issue by its numbers and by the name that GraphQL wants, `group/project#12`. */
export type NamedIssue = IssueRef & { reference: string };

/** An entry of an incident's timeline; GitLab writes some itself. `note` is Markdown, times are ISO 8601 in UTC. */
export type TimelineEvent = { id: string; occurredAt: string; note: string; author: User | undefined };

/**
 * A pipeline to start in a project, with inputs of its CI file. With a job's own token it starts as whom that job runs,
 * else as the bot.
 */
export type PipelineStart = {
  projectId: number;
  ref: string;
  inputs: Record<string, string | number>;
  jobToken?: string;
};

/** A pipeline that ran. */
export type PipelineRun = { id: number; createdAt: string };

/**
 * What Watchkeeper asks of GitLab and tells it. Questions that answer 404 for a thing that may be gone give `undefined`;
 * everything else that fails throws one of the errors of `gitlab/errors.ts` or a `SetupError`.
 */
export type GitLab = MergeRequests & {
  me(): Promise<User>;
  /** The last day of the bot's token (YYYY-MM-DD), where it has one. */
  tokenEndsOn(): Promise<string | undefined>;
  user(id: number): Promise<User | undefined>;
  /** The user of that name, whatever its case. */
  userNamed(username: string): Promise<User | undefined>;
  issue(ref: IssueRef): Promise<Issue | undefined>;
  /** The issue that `group/project#12` names, also under a former path; what is no such reference names none. */
  issueAt(reference: string): Promise<Issue | undefined>;
  issues(source: Source, query: IssueQuery): Promise<Issue[]>;
  /** The same, page by page, oldest first. */
  issuePages(source: Source, query: IssueQuery): AsyncIterable<Issue[]>;
  /** How many issues a list has, by GitLab's own count. */
  countIssues(source: Source, query: IssueQuery): Promise<number>;
  notes(ref: IssueRef): Promise<Note[]>;
  /** The comments of an issue, as of one of many; `isAgain` where exact times no longer matter. */
  glance(issue: NamedIssue, isAgain?: boolean): Promise<Glance>;
  /** The emoji on the issue itself. */
  emojis(ref: IssueRef): Promise<Emoji[]>;
  /** An incident's timeline, by when things occurred; none where the bot may not see it. */
  timeline(issue: NamedIssue): Promise<TimelineEvent[]>;
  stateEvents(ref: IssueRef): Promise<StateEvent[]>;
  labelEvents(ref: IssueRef): Promise<LabelEvent[]>;
  /** The access level (30 Developer, 40 Maintainer, ...) of an active member, inherited ones included; 0 for others. */
  accessLevel(projectId: number, userId: number): Promise<number>;
  /** The full path of a group, if the bot may see it. */
  groupPath(id: number): Promise<string | undefined>;
  hasProject(id: number): Promise<boolean>;
  /** Throws `AnswerLost` where the comment may stand although no answer came: read again before repeating. */
  addNote(ref: IssueRef, body: string): Promise<void>;
  /**
   * A comment that changes its issue too, by quick actions: labels that exist, and the state. Gives whether GitLab says that
   * all of it is done; what is not, it does not tell. Asks and throws as `changeIssue` and `addNote`.
   */
  sayAndChange(
    ref: IssueRef,
    body: string,
    change: Omit<IssueChange, 'assigneeIds'>,
    isOvertaken: () => Promise<boolean>,
  ): Promise<boolean>;
  editNote(ref: IssueRef, noteId: number, body: string): Promise<void>;
  /** Unlocks the discussion of an issue. */
  unlock(ref: IssueRef): Promise<void>;
  /** Deleting what is gone already is no error. */
  deleteNote(ref: IssueRef, noteId: number): Promise<void>;
  /** Asks, when it is its turn to write, whether the change is out of date; throws `Overtaken` if so. */
  changeIssue(ref: IssueRef, change: IssueChange, isOvertaken: () => Promise<boolean>): Promise<Issue>;
  /** Gives a comment an emoji. That it has it from us already, or is gone, is no error. */
  addEmoji(ref: IssueRef, noteId: number, name: string): Promise<void>;
  /** Throws `AnswerLost` where the issue may stand although no answer came. */
  createIssue(projectId: number | string, issue: NewIssue): Promise<Issue>;
  /** Links two issues as related; that they are already is no error. */
  relate(ref: IssueRef, other: IssueRef): Promise<void>;
  /** Throws `Refused` with GitLab's words where the issue is no incident or the bot no Developer. */
  setEscalationStatus(issue: NamedIssue, status: 'ACKNOWLEDGED'): Promise<void>;
  /** Throws `Refused` with GitLab's words, and `AnswerLost` where the entry may stand although no answer came. */
  addTimelineEvent(issue: NamedIssue, event: { occurredAt: string; note: string }): Promise<void>;
  /** Throws `Refused` with GitLab's words, and `AnswerLost` where the pipeline may run although no answer came. */
  startPipeline(start: PipelineStart): Promise<void>;
  /** When the successful pipelines of schedules were created since a time, oldest first; `undefined` where the bot may not see them. */
  scheduledPipelines(projectId: number, since: string): Promise<PipelineRun[] | undefined>;
};

/** What is asked of one issue before anything is decided of it; a recorded incident can answer all of it. */
export type Questions = Pick<
  GitLab,
  'user' | 'userNamed' | 'issue' | 'notes' | 'emojis' | 'stateEvents' | 'labelEvents' | 'accessLevel'
>;

/** How many calls a run has made so far. */
export type CallCount = { reads: number; writes: number };

/** Makes writes wait for their turn, by kind, so that the limits per minute are kept. */
export type WritePace = {
  note: <T>(call: () => Promise<T>) => Promise<T>;
  issue: <T>(call: () => Promise<T>) => Promise<T>;
};
