import type { Emoji, Issue, Note, Questions, Severity, User } from '../gitlab/port.ts';
import type { AckFacts, Config, GateFacts, HandoffFacts } from '../schema/types.gen.ts';
import { readActs, type Act } from './acts.ts';
import type { Command } from './commands.ts';
import { CLOSING, readGiven } from './given.ts';
import { idsIn, readElsewhere } from './elsewhere.ts';
import { isOff, labelledSince } from './history.ts';
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

/** The emoji on an issue that shows that somebody looked. */
export const EYES = 'eyes';

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
  /** Who is responsible by the latest hand-off. */
  handoff: HandoffFacts | undefined;
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
  /** A merge request names it, by GitLab's own note: without one GitLab finds none that would close it. */
  isMentioned?: boolean;
  warnings: string[];
};

/** Whether an issue is an incident by GitLab's type or by a configured label. */
export function isIncident(issue: Issue, config: Config): boolean {
  return issue.isIncidentType || issue.labels.some((label) => config.incident.labels.includes(label));
}

/**
 * What a reader is told beside the issue: what an event observed, since when a review of it may matter, or that it came
 * on call (ISO times), the user name of who is on call, and a change of shift since when somebody else may be responsible.
 */
export type Beside = {
  observed: Observed;
  review?: string;
  announced?: string;
  onCall?: string;
  change?: { at: string; names: readonly string[] };
};

/** Reads what the rules need of an issue: always its notes, and only what is asked for by what they say. */
export async function readSnapshot(
  gitlab: Questions,
  issue: Issue,
  me: User,
  config: Installation,
  { observed, review, announced, onCall, change }: Beside = { observed: {} },
): Promise<Snapshot> {
  const notes = await gitlab.notes(issue);
  const botIds = [me.id, ...config.bot.former_ids];
  const marked = readMarkers(notes, me, config.bot.former_ids);
  const { warnings, ...facts } = remembered(marked);
  const wasHandled = marked.some(({ slot }) => slot === 'gate') || facts.duty?.at !== undefined;
  const incident = isIncident(issue, config) ? 'now' : wasHandled ? 'once' : 'no';
  const emojis = review === undefined ? undefined : await gitlab.emojis(issue);
  // What somebody has taken needs no announcement, and no read for one.
  const isAnnounced = facts.duty?.at !== undefined || marked.some(({ slot }) => slot === 'on-call');
  const isOlder = review !== undefined && issue.createdAt < review;
  const times = [isOlder ? review : undefined, isAnnounced ? undefined : announced];
  const labelled = await labelledSince(gitlab, issue, config.review.label, times);
  const isMentioned = notes.some(({ system, body }) => system && body.startsWith('mentioned in merge request '));
  const around = { comments: readComments(notes, botIds), emojis, ...labelled, observed, isMentioned } as const;
  const base = { issue, me, incident, marked, warnings, ...facts, ...around } as const;
  const isWatched = incident !== 'no' || issue.labels.includes(config.review.label);
  const off = isWatched && (await isOff(gitlab, issue, warnings));
  if (!isWatched || off) return { ...base, ...NOTHING, read: readRecord('', config.time_zone, config.form), off };
  const read = readRecord(issue.description, config.time_zone, config.form);
  const { stakeholders = [] } = read.record;
  const given = await readGiven(gitlab, issue, notes, botIds, base, { stakeholders, onCall });
  const isNewChange = change !== undefined && (facts.handoff?.at ?? '') < change.at;
  const who = { ids: idsIn(facts, issue, given.commands, config), names: isNewChange ? change.names : [] };
  return {
    ...base,
    ...given,
    issue: withCloser(issue, given.commands, botIds),
    read,
    off,
    acts: readActs(notes),
    ...(await readElsewhere(gitlab, notes, base, config, who)),
  };
}

/** What the comments of the slots that have facts of their own remember; on a shift log its own remembers what was answered. */
function remembered(marked: readonly Marked[]): Pick<Snapshot, 'gate' | 'duty' | 'handoff' | 'warnings'> {
  const [gate, ack, handoff, log] = [
    factsOf('gate', marked),
    factsOf('ack', marked),
    factsOf('handoff', marked),
    factsOf('log', marked),
  ];
  const answered = log.facts?.answered;
  return {
    ...{ gate: gate.facts, duty: ack.facts ?? (answered ? { answered } : undefined), handoff: handoff.facts },
    warnings: [gate, ack, handoff, log].flatMap(({ warning }) => warning ?? []),
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

/** Where the bot closed for somebody who commanded it, that person is who closed. */
function withCloser(issue: Issue, commands: readonly Given[], botIds: readonly number[]): Issue {
  if (!issue.closedBy || !botIds.includes(issue.closedBy.id)) return issue;
  const closing = commands.findLast(({ name, at }) => CLOSING.includes(name) && at <= (issue.closedAt ?? at));
  return closing ? { ...issue, closedBy: closing.author } : issue;
}
