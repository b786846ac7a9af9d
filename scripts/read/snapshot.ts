import type { Emoji, GitLab, Issue, Note, Severity, User } from '../gitlab/port.ts';
import type { AckFacts, Config, GateFacts } from '../schema/types.gen.ts';
import { readActs, type Act } from './acts.ts';
import type { Command } from './commands.ts';
import { CLOSING, readGiven } from './given.ts';
import { isOff, labelledSince, notedSeverity, readDuplicate } from './history.ts';
import type { Installation } from './config.ts';
import { factsOf, readMarkers, type Marked } from './markers.ts';
import { readRecord, type ReadRecord } from './record.ts';

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
  /** The alarm went off again. */
  alarmReopened?: boolean;
  /** The severity of a priority that was set in PagerDuty, where people have set no other. */
  severity?: Severity;
  /** A note that somebody wrote in PagerDuty: by whom, as far as we know them. People's text. */
  pageNote?: { at: string; by: string; text: string };
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
  labelledBy?: User;
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

/**
 * What a reader is told beside the issue: what an event observed, and since when a review of it may matter, or that it came
 * on call (ISO times).
 */
export type Beside = { observed: Observed; review?: string; announced?: string };

/** Reads what the rules need of an issue: always its notes, and only what is asked for by what they say. */
export async function readSnapshot(
  gitlab: GitLab,
  issue: Issue,
  me: User,
  config: Installation,
  { observed, review, announced }: Beside = { observed: {} },
): Promise<Snapshot> {
  const notes = await gitlab.notes(issue);
  const botIds = [me.id, ...config.bot.former_ids];
  const marked = readMarkers(notes, me, config.bot.former_ids);
  const [gate, duty] = [factsOf('gate', marked), factsOf('ack', marked)];
  const warnings = [gate.warning, duty.warning].filter((warning) => warning !== undefined);
  const wasHandled = marked.some(({ slot }) => slot === 'gate') || duty.facts?.at !== undefined;
  const incident = isIncident(issue, config) ? 'now' : wasHandled ? 'once' : 'no';
  const comments = readComments(notes, botIds);
  const emojis = review === undefined ? undefined : await gitlab.emojis(issue);
  // What somebody has taken needs no announcement, and no read for one.
  const isAnnounced = duty.facts?.at !== undefined || marked.some(({ slot }) => slot === 'on-call');
  const isOlder = review !== undefined && issue.createdAt < review;
  const times = [isOlder ? review : undefined, isAnnounced ? undefined : announced];
  const labelled = await labelledSince(gitlab, issue, config.review.label, times);
  const facts = { gate: gate.facts, duty: duty.facts };
  const base = { issue, me, incident, marked, warnings, comments, emojis, ...labelled, ...facts, observed } as const;
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

function readComments(notes: readonly Note[], botIds: readonly number[]): Remarked[] {
  return notes
    .filter(({ system, author }) => !system && !botIds.includes(author.id))
    .map(({ id, author, createdAt }) => ({ noteId: id, author, at: createdAt }))
    .sort((a, b) => a.noteId - b.noteId);
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

/** Where the bot closed for somebody who commanded it, that person is who closed. */
function withCloser(issue: Issue, commands: readonly Given[], botIds: readonly number[]): Issue {
  if (!issue.closedBy || !botIds.includes(issue.closedBy.id)) return issue;
  const closing = commands.findLast(({ name, at }) => CLOSING.includes(name) && at <= (issue.closedAt ?? at));
  return closing ? { ...issue, closedBy: closing.author } : issue;
}
