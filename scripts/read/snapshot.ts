import type { Emoji, GitLab, Issue, Note, User } from '../gitlab/port.ts';
import type { AckFacts, Config, GateFacts } from '../schema/types.gen.ts';
import { readActs, type Act } from './acts.ts';
import type { Command } from './commands.ts';
import { CLOSING, readGiven } from './given.ts';
import type { Installation } from './config.ts';
import { factsOf, readMarkers, type Marked } from './markers.ts';
import { readRecord, type ReadRecord } from './record.ts';
import { severityOfLabel } from './values.ts';

/** The label that silences Watchkeeper for an issue, once a Maintainer has set it. */
const OFF_LABEL = 'watchkeeper::off';
const MAINTAINER = 40;

/** The issue that GitLab says this one duplicates: whether the work can go on there. */
export type DuplicateTarget = { reference: string; isIncident: boolean; isExempt: boolean };

/** Somebody acknowledged the page: who (where we know them), when, by which route, and the comment or record that shows it. */
export type Observation = { by: User | undefined; at: string; how: string; noteId?: number };

/** What only an outside system knows of an incident, as an event of it tells. */
export type Observed = {
  acknowledged?: Observation;
  /** The PagerDuty incident that the issue was made for. */
  pagerduty?: string;
  pagedAt?: string;
  escalatedAt?: string;
  alarmResolvedAt?: string;
};

/** A command with the access level that its author has now. */
export type Given = Command & { accessLevel: number };

/** A person's comment, whatever it says. */
export type Remarked = { noteId: number; author: User; at: string };

/** An issue as it stands, with all that the rules ask of it. */
export type Snapshot = {
  issue: Issue;
  me: User;
  /** Whether it is an incident by its type or labels now, or only because it once was handled as one. */
  incident: 'now' | 'once' | 'no';
  read: ReadRecord;
  marked: Marked[];
  gate: GateFacts | undefined;
  /** The recorded acknowledgement: who owns the incident on account of it, and when it was. */
  ack: { by: User; at: string } | undefined;
  /** What the duty's comment remembers. */
  duty: AckFacts | undefined;
  observed: Observed;
  /** Assignments and acknowledgements by GitLab's own record. */
  acts: Act[];
  /** What people wrote, oldest first. */
  comments: Remarked[];
  /** Commands that are still to be answered, and those that count for as long as they stand. */
  commands: Given[];
  /** Commands that were done and answered. */
  done: Command[];
  /** The people that commands name, by user name in small letters, with their access level. */
  named: ReadonlyMap<string, User & { accessLevel: number }>;
  /** All who are known by their id. */
  people: ReadonlyMap<number, User>;
  /** Emoji on the issue; read only where a review may depend on them. */
  emojis: Emoji[] | undefined;
  /** When it came on call, where that was not long ago. */
  labelledAt: string | undefined;
  /** When a person last reopened it; read only where an override depends on it. */
  reopenedAt: string | undefined;
  duplicate: DuplicateTarget | undefined;
  /** Who closed it, or, once the gate has reopened it, who had, if they are about. */
  closer: User | undefined;
  /** The highest severity that its labels and GitLab's own record ever gave it, where that was read. */
  formerSeverity: number | undefined;
  /** Silenced by a Maintainer. */
  off: boolean;
  warnings: string[];
};

/** Whether an issue is an incident by GitLab's type or by a configured label. */
export function isIncident(issue: Issue, config: Config): boolean {
  return issue.isIncidentType || issue.labels.some((label) => config.incident.labels.includes(label));
}

/** What a reader is told beside the issue: what an event observed, and since when a review of it may matter (ISO time). */
export type Beside = { observed: Observed; review?: string };

/** Reads what the rules need of an issue: always its notes, and only what is asked for by what they say. */
export async function readSnapshot(
  gitlab: GitLab,
  issue: Issue,
  me: User,
  config: Installation,
  { observed, review }: Beside = { observed: {} },
): Promise<Snapshot> {
  const notes = await gitlab.notes(issue);
  const botIds = [me.id, ...config.bot.former_ids];
  const marked = readMarkers(notes, me, config.bot.former_ids);
  const [gate, duty] = [factsOf('gate', marked), factsOf('ack', marked)];
  const warnings = [gate.warning, duty.warning].filter((warning) => warning !== undefined);
  const wasHandled = marked.some(({ slot }) => slot === 'gate') || duty.facts?.at !== undefined;
  const incident = isIncident(issue, config) ? 'now' : wasHandled ? 'once' : 'no';
  const comments = notes
    .filter(({ system, author }) => !system && !botIds.includes(author.id))
    .map(({ id, author, createdAt }) => ({ noteId: id, author, at: createdAt }))
    .sort((a, b) => a.noteId - b.noteId);
  const emojis = review === undefined ? undefined : await gitlab.emojis(issue);
  const labelledAt = review === undefined ? undefined : await labelledSince(gitlab, issue, config.review.label, review);
  const facts = { gate: gate.facts, duty: duty.facts };
  const base = { issue, me, incident, marked, warnings, comments, emojis, labelledAt, ...facts, observed } as const;
  const isWatched = incident !== 'no' || issue.labels.includes(config.review.label);
  const off = isWatched && (await isOff(gitlab, issue, warnings));
  if (!isWatched || off) return { ...base, ...NOTHING, read: readRecord('', config.time_zone, config.form), off };
  const read = readRecord(issue.description, config.time_zone, config.form);
  const given = await readGiven(gitlab, issue, notes, botIds, base, read.record.stakeholders ?? []);
  return {
    ...base,
    ...given,
    issue: withCloser(issue, given.commands, botIds),
    read,
    off,
    acts: readActs(notes),
    ...(await readElsewhere(gitlab, notes, base, config)),
  };
}

const NOTHING = {
  ack: undefined,
  acts: [],
  commands: [],
  done: [],
  named: new Map<string, never>(),
  people: new Map<number, User>(),
  reopenedAt: undefined,
  duplicate: undefined,
  closer: undefined,
  formerSeverity: undefined,
};

type Base = Pick<
  Snapshot,
  'issue' | 'me' | 'marked' | 'gate' | 'duty' | 'warnings' | 'comments' | 'emojis' | 'observed'
>;

async function readElsewhere(
  gitlab: GitLab,
  notes: Note[],
  { issue, me, gate, duty, emojis, observed }: Base,
  config: Config,
): Promise<Pick<Snapshot, 'ack' | 'people' | 'duplicate' | 'closer' | 'formerSeverity'>> {
  const seen = [
    ...issue.assignees,
    ...(issue.closedBy ? [issue.closedBy] : []),
    ...notes.map(({ author }) => author),
    ...(emojis ?? []).map(({ user }) => user),
    ...(observed.acknowledged?.by ? [observed.acknowledged.by] : []),
  ];
  const people = new Map(seen.map((user) => [user.id, user]));
  for (const id of [duty?.by, duty?.owner, ...(duty?.engaged ?? [])]) {
    const user = id === undefined || people.has(id) ? undefined : await gitlab.user(id);
    if (user) people.set(user.id, user);
  }
  const owner = people.get(duty?.owner ?? duty?.by ?? 0);
  return {
    people,
    ack: owner && duty?.at !== undefined ? { by: owner, at: duty.at } : undefined,
    duplicate: await readDuplicate(gitlab, issue, me, config),
    formerSeverity: gate ? undefined : notedSeverity(notes),
    closer: issue.closedBy ?? people.get(gate?.closed_by ?? 0),
  };
}

/** When a label was last added since a time; what was not touched since then was not labelled since then. */
async function labelledSince(gitlab: GitLab, issue: Issue, label: string, since: string): Promise<string | undefined> {
  if (issue.updatedAt < since || issue.createdAt >= since) return undefined;
  const events = await gitlab.labelEvents(issue);
  const added = events.filter((event) => event.action === 'add' && event.label === label && event.createdAt >= since);
  return added.at(-1)?.createdAt;
}

/** Where the bot closed for somebody who commanded it, that person is who closed. */
function withCloser(issue: Issue, commands: readonly Given[], botIds: readonly number[]): Issue {
  if (!issue.closedBy || !botIds.includes(issue.closedBy.id)) return issue;
  const closing = commands.findLast(({ name, at }) => CLOSING.includes(name) && at <= (issue.closedAt ?? at));
  return closing ? { ...issue, closedBy: closing.author } : issue;
}

/** The highest severity by GitLab's own notes on that field. Source: GitLab's system notes, severity of incidents. */
function notedSeverity(notes: readonly Note[]): number | undefined {
  const changed = /^changed the severity to \*\*.{1,40} - S([1-4])\*\*/;
  const levels = notes.flatMap(({ system, body }) => (system ? (changed.exec(body)?.[1] ?? []) : []));
  return levels.length > 0 ? Math.min(...levels.map(Number)) : undefined;
}

/**
 * What a low severity was before the gate had facts of its own, by the history of its labels. It costs a read, so it is
 * asked for only where an incident would be verified; `undefined` where there is nothing to ask.
 */
export async function readHistory(gitlab: GitLab, snapshot: Snapshot): Promise<Snapshot | undefined> {
  const { issue, gate, formerSeverity } = snapshot;
  if (gate || !issue.labels.some((label) => (severityOfLabel(label) ?? 0) > 2)) return undefined;
  const events = await gitlab.labelEvents(issue);
  const levels = events.flatMap(({ label }) => severityOfLabel(label ?? '') ?? []);
  return { ...snapshot, formerSeverity: Math.min(formerSeverity ?? 4, ...levels) };
}

/** A target that cannot be read gets the benefit of the doubt; one that is exempt itself would end the trail. */
async function readDuplicate(
  gitlab: GitLab,
  issue: Issue,
  me: User,
  config: Config,
): Promise<DuplicateTarget | undefined> {
  if (!issue.isDuplicate) return undefined;
  const target = issue.duplicateOf && (await gitlab.issue(issue.duplicateOf));
  if (!target) return { reference: '', isIncident: true, isExempt: false };
  const native = target.isDuplicate || target.movedToId !== undefined;
  const isExempt =
    native || (target.labels.includes('closure::exempt') && (await isMarkedExempt(gitlab, target, me, config)));
  return { reference: target.reference, isIncident: isIncident(target, config), isExempt };
}

async function isMarkedExempt(gitlab: GitLab, target: Issue, me: User, config: Config): Promise<boolean> {
  const marked = readMarkers(await gitlab.notes(target), me, config.bot.former_ids);
  return factsOf('gate', marked).facts?.state === 'exempt';
}

async function isOff(gitlab: GitLab, issue: Issue, warnings: string[]): Promise<boolean> {
  if (!issue.labels.includes(OFF_LABEL)) return false;
  const events = await gitlab.labelEvents(issue);
  const setBy = events.filter(({ action, label }) => action === 'add' && label === OFF_LABEL).at(-1)?.user;
  if (setBy && (await gitlab.accessLevel(issue.projectId, setBy.id)) >= MAINTAINER) return true;
  warnings.push(`the label ${OFF_LABEL} was not set by a Maintainer and does not count`);
  return false;
}
