import { SetupError } from '../ci/errors.ts';
import type { Issue, Note, Severity, User } from '../gitlab/port.ts';
import { marker } from './markers.ts';
import type { Member, Recording } from './recording.ts';

/** The files of an incident that was written down as a test case. */
export const CASE_FILES = { description: 'description.md', beside: 'issue.yml' } as const;

/** What `issue.yml` may say, and by which test a value is one of these; see CONTRIBUTING.md. */
const KNOWN: Readonly<Record<string, (value: unknown) => boolean>> = {
  kind: (value) => value === 'analysis',
  type: (value) => value === 'incident' || value === 'issue',
  labels: isTexts,
  assignees: isTexts,
  closed_by: isText,
  severity: (value) => [1, 2, 3, 4].includes(value as number),
  duplicate_of: isText,
  moved: (value) => value === true,
  acknowledged: (value) => isObject(value) && isText(value['by']) && isTime(value['at']),
  comments: (value) => Array.isArray(value) && value.every(isComment),
  gate: isObject,
  config: isObject,
  occasion: isText,
};

type Comment = { by: string; role: string; body: string };
type Beside = {
  kind?: string;
  type?: string;
  labels?: string[];
  assignees?: string[];
  closed_by?: string;
  severity?: Severity;
  duplicate_of?: string;
  moved?: true;
  acknowledged?: { by: string; at: string };
  comments?: Comment[];
  gate?: object;
  config?: object;
};

const ROLES: Readonly<Record<string, number>> = { guest: 10, reporter: 20, developer: 30, maintainer: 40 };
const BOT: User = { id: 900, username: 'watchkeeper-bot' };
const [CREATED, CLOSED, LOOKED] = ['2026-11-20T01:58:00.000Z', '2026-11-20T09:45:00.000Z', '2026-11-20T10:00:00.000Z'];
const PLACE = { projectId: 42, iid: 7, reference: 'sirt/incidents#7' };
const HOST = 'https://gitlab.example.com/sirt/incidents/-/issues/';

/**
 * An incident that was written down as a description and what GitLab knows beside it: closed at 09:45, and looked at a quarter
 * of an hour later. Throws a SetupError that names `file` and the key that is wrong.
 */
export function readCase(
  description: string,
  file: string | undefined,
  value: unknown,
): { recording: Recording; configPart?: object } {
  const beside = demandBeside(file ?? CASE_FILES.beside, value);
  const { comments = [], acknowledged, closed_by: closer = 'ana', gate, config } = beside;
  const members = membersOf(beside, closer);
  const person = (name: string): User => members.find(({ username }) => username === name) ?? BOT;
  const notes = [
    ...(gate ? [noteOf(1, CREATED, BOT, marker('gate', { state: 'open', ...gate }))] : []),
    ...(acknowledged ? [noteOf(2, CREATED, BOT, acknowledgement(acknowledged, person))] : []),
    ...comments.map(({ by, body }, index) => noteOf(100 + index, minutesAfter(CLOSED, index - 5), person(by), body)),
  ];
  const { issue, others } = issueOf(description, beside, person(closer), person);
  const rest = { stateEvents: [], labelEvents: [], emojis: [], warnings: [] };
  const recording = {
    ...rest,
    issue,
    notes,
    members,
    others,
    at: LOOKED,
    me: BOT,
    isAnalysis: beside.kind === 'analysis',
  };
  return { recording, ...(config ? { configPart: config } : {}) };
}

function issueOf(
  description: string,
  beside: Beside,
  closedBy: User,
  person: (name: string) => User,
): Pick<Recording, 'issue' | 'others'> {
  const { labels = [], assignees = [], duplicate_of: duplicate, severity } = beside;
  const isIncidentType = beside.type !== 'issue' && beside.kind === undefined;
  const issue: Issue = {
    ...{ ...PLACE, webUrl: `${HOST}${PLACE.iid}`, title: 'A recorded incident', description, state: 'closed' },
    ...{ isIncidentType, labels, assignees: assignees.map(person), severity, confidential: false, locked: false },
    ...{ createdAt: CREATED, updatedAt: CLOSED, closedAt: CLOSED, closedBy, dueOn: undefined, author: closedBy },
    ...{
      movedToId: beside.moved ? 99 : undefined,
      duplicateOf: duplicate === undefined ? undefined : { projectId: 42, iid: 12 },
    },
    isDuplicate: duplicate !== undefined,
  };
  const other: Issue = {
    ...{
      ...issue,
      iid: 12,
      reference: 'sirt/incidents#12',
      webUrl: `${HOST}12`,
      title: 'Another',
      description: '',
      labels: [],
    },
    ...{ state: 'opened', closedAt: undefined, closedBy: undefined, movedToId: undefined, duplicateOf: undefined },
    ...{ isDuplicate: false, isIncidentType: duplicate !== 'no incident' },
  };
  return { issue, others: duplicate === undefined ? [] : [{ issue: other, notes: [] }] };
}

function membersOf({ comments = [], acknowledged, assignees = [] }: Beside, closer: string): Member[] {
  const names = [closer, ...assignees, ...(acknowledged ? [acknowledged.by] : []), ...comments.map(({ by }) => by)];
  return [...new Set(names)].map((username, index): Member => {
    const role = comments.find(({ by }) => by === username)?.role ?? 'developer';
    return { id: index + 1, username, level: ROLES[role] ?? 0 };
  });
}

function acknowledgement({ by, at }: { by: string; at: string }, person: (name: string) => User): string {
  const { id } = person(by);
  return marker('ack', { by: id, owner: id, at: new Date(at).toISOString(), how: 'command' });
}

function noteOf(id: number, createdAt: string, author: User, body: string): Note {
  return { id, createdAt, author, body, system: false };
}

function minutesAfter(time: string, minutes: number): string {
  return new Date(Date.parse(time) + minutes * 60_000).toISOString();
}

function demandBeside(file: string, value: unknown): Beside {
  if (!isObject(value)) throw new SetupError(`${file} is no list of keys and values. See CONTRIBUTING.md.`);
  for (const [key, given] of Object.entries(value)) {
    const isRight = Object.hasOwn(KNOWN, key) ? KNOWN[key] : undefined;
    if (!isRight)
      throw new SetupError(`${file}: ${key} is nothing that a case says of its issue. See CONTRIBUTING.md.`);
    if (!isRight(given)) throw new SetupError(`${file}: ${key} is not as a case has it. See CONTRIBUTING.md.`);
  }
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isTime(value: unknown): boolean {
  return (typeof value === 'string' || value instanceof Date) && !Number.isNaN(new Date(value).getTime());
}

function isComment(value: unknown): boolean {
  return isObject(value) && isText(value['by']) && isText(value['body']) && Object.hasOwn(ROLES, String(value['role']));
}
