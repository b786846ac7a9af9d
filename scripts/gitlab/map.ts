import { LeftOver } from '../ci/errors.ts';
import type {
  Emoji,
  Issue,
  IssueRef,
  LabelEvent,
  Note,
  PipelineRun,
  Severity,
  StateEvent,
  TimelineEvent,
  User,
} from './port.ts';

/** What the API sends of an issue, as far as we read it. Source: GitLab docs, api/issues. */
export type RawIssue = {
  iid: number;
  project_id: number;
  title: string;
  description: string | null;
  state: string;
  issue_type?: string | null;
  type?: string | null;
  labels?: (string | { name: string } | null)[] | null;
  assignees?: RawUser[] | null;
  author: RawUser | null;
  severity?: string | null;
  confidential?: boolean | null;
  discussion_locked?: boolean | null;
  created_at: string;
  updated_at: string;
  closed_at?: string | null;
  closed_by?: RawUser | null;
  due_date?: string | null;
  moved_to_id?: number | null;
  web_url: string;
  references?: { full?: string } | null;
  _links?: { closed_as_duplicate_of?: string | null } | null;
};

export type RawUser = { id: number; username: string };
type RawNote = { id: number; body: string; author: RawUser; system?: boolean | null; created_at: string };
type RawEmoji = { id: number; name: string; user: RawUser; created_at: string };
/** What GraphQL sends of an entry of a timeline. Source: GitLab docs, api/graphql/reference, TimelineEventType. */
export type RawTimelineEvent = {
  id: string;
  occurredAt: string;
  note?: string | null;
  author?: { id: string; username: string } | null;
};
type RawStateEvent = { id: number; state: string; user?: RawUser | null; created_at: string };
type RawLabelEvent = {
  id: number;
  action: string;
  label?: { name: string } | null;
  user?: RawUser | null;
  created_at: string;
};

const SEVERITIES: Readonly<Record<string, Severity>> = { CRITICAL: 1, HIGH: 2, MEDIUM: 3, LOW: 4 };

export function toUser(raw: RawUser | null): User {
  const isUser = raw !== null && Number.isInteger(raw.id) && typeof raw.username === 'string';
  demandShape(isUser, 'a user');
  return { id: raw.id, username: raw.username };
}

/** A list of the API, each item mapped. */
export function toList<T>(answer: unknown, map: (raw: never) => T): T[] {
  demandShape(Array.isArray(answer), 'a list');
  return (answer as never[]).map(map);
}

/** What answers in another shape is no GitLab, or one in trouble: nothing is guessed. */
export function demandShape(isKnown: boolean, what: string): asserts isKnown {
  if (!isKnown)
    throw new LeftOver(
      `GitLab answered something else than ${what}; nothing was done with it, the next run asks again.`,
    );
}

/** Whether it is a time that can be read. */
export function isTime(time: unknown): boolean {
  return typeof time === 'string' && !Number.isNaN(Date.parse(time));
}

/** One way of writing times, to the millisecond, so that two of them compare as text: a second may hold two closings. */
/** A time in UTC, as `toISOString` writes it. */
export function toTime(time: string): string {
  return new Date(time).toISOString();
}

export function toIssue(raw: RawIssue | null): Issue {
  const times = [raw?.created_at, raw?.updated_at, raw?.closed_at ?? raw?.created_at];
  demandShape(raw !== null && Number.isInteger(raw.iid) && times.every(isTime), 'an issue');
  const labels = raw.labels ?? [];
  demandShape(Array.isArray(labels), 'labels');
  const duplicate = raw._links?.closed_as_duplicate_of ?? undefined;
  return {
    projectId: raw.project_id,
    iid: raw.iid,
    reference: raw.references?.full ?? `${raw.project_id}#${raw.iid}`,
    webUrl: raw.web_url,
    title: raw.title,
    description: raw.description ?? '',
    state: raw.state === 'closed' ? 'closed' : 'opened',
    isIncidentType: (raw.issue_type ?? raw.type ?? '').toLowerCase() === 'incident',
    labels: labels.flatMap((label) => (typeof label === 'string' ? label : (label?.name ?? []))),
    assignees: (raw.assignees ?? []).map(toUser),
    severity: SEVERITIES[(raw.severity ?? '').toUpperCase()],
    confidential: raw.confidential === true,
    locked: raw.discussion_locked === true,
    createdAt: toTime(raw.created_at),
    updatedAt: toTime(raw.updated_at),
    // Very old issues were closed before GitLab kept the time; they are history.
    closedAt: raw.state === 'closed' ? toTime(raw.closed_at ?? raw.created_at) : undefined,
    closedBy: raw.closed_by ? toUser(raw.closed_by) : undefined,
    dueOn: raw.due_date ?? undefined,
    author: toUser(raw.author),
    movedToId: raw.moved_to_id ?? undefined,
    duplicateOf: toRef(duplicate),
    isDuplicate: duplicate !== undefined,
  };
}

/** `_links` give addresses of the API, such as `https://host/api/v4/projects/1/issues/75`. */
function toRef(address: string | undefined): IssueRef | undefined {
  const match = /\/projects\/(\d+)\/issues\/(\d+)$/.exec(address ?? '');
  return match ? { projectId: Number(match[1]), iid: Number(match[2]) } : undefined;
}

export function toNote(raw: RawNote | null): Note {
  const isNote = raw !== null && Number.isInteger(raw.id) && typeof raw.body === 'string' && isTime(raw.created_at);
  demandShape(isNote, 'a comment');
  const { id, body, author, system, created_at } = raw;
  return { id, body, author: toUser(author), system: system === true, createdAt: toTime(created_at) };
}

export function toEmoji(raw: RawEmoji | null): Emoji {
  const isEmoji = raw !== null && Number.isInteger(raw.id) && typeof raw.name === 'string' && isTime(raw.created_at);
  demandShape(isEmoji, 'an emoji');
  return { id: raw.id, name: raw.name, user: toUser(raw.user), createdAt: toTime(raw.created_at) };
}

export function toTimelineEvent(raw: RawTimelineEvent | null): TimelineEvent {
  demandShape(raw !== null && typeof raw.id === 'string' && isTime(raw.occurredAt), 'an entry of a timeline');
  const { id, occurredAt, note, author } = raw;
  const person = author ? toUser({ id: numberIn(author.id), username: author.username }) : undefined;
  return { id, occurredAt: toTime(occurredAt), note: note ?? '', author: person };
}

/** The number in a global id such as `gid://gitlab/User/7`. */
export function numberIn(globalId: string): number {
  return Number(/\/(\d+)$/.exec(globalId)?.[1]);
}

export function toStateEvent(raw: RawStateEvent | null): StateEvent {
  demandShape(raw !== null, 'an event');
  const { id, state, user, created_at } = raw;
  demandShape(isTime(created_at), 'an event');
  return { id, state, user: user ? toUser(user) : undefined, createdAt: toTime(created_at) };
}

export function toLabelEvent(raw: RawLabelEvent | null): LabelEvent {
  demandShape(raw !== null, 'an event');
  const { id, action, label, user, created_at } = raw;
  demandShape(isTime(created_at), 'an event');
  return {
    id,
    action: action === 'remove' ? 'remove' : 'add',
    label: label?.name,
    user: user ? toUser(user) : undefined,
    createdAt: toTime(created_at),
  };
}

export function toPipelineRun(raw: { id: number; created_at: string } | null): PipelineRun {
  demandShape(raw !== null && Number.isInteger(raw.id) && isTime(raw.created_at), 'a pipeline');
  return { id: raw.id, createdAt: toTime(raw.created_at) };
}

/** The level of an active member (30 Developer, ...); 0 for others. Source: GitLab docs, api/members. */
export function toLevel(member: { state: string; access_level: number } | undefined): number {
  return member?.state === 'active' ? member.access_level : 0;
}

/** gitbeaker's own types promise more than GitLab sends; ours say what we read. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the one place that casts an answer
export function raw<T>(answer: unknown): T {
  return answer as T;
}
