import type { GitLab, Issue, IssueRef, Note, User } from '../gitlab/port.ts';
import type { Config, GateFacts } from '../schema/types.gen.ts';
import { readCommands, type Command } from './commands.ts';
import type { Installation } from './config.ts';
import { factsOf, readMarkers, type Marked } from './markers.ts';
import { readRecord, type ReadRecord } from './record.ts';
import { severityOfLabel } from './values.ts';

/** The label that silences Watchkeeper for an issue, once a Maintainer has set it. */
const OFF_LABEL = 'watchkeeper::off';
const MAINTAINER = 40;

/** The issue that GitLab says this one duplicates: whether the work can go on there. */
export type DuplicateTarget = { reference: string; isIncident: boolean; isExempt: boolean };

/** An issue as it stands, with all that the rules ask of it. */
export type Snapshot = {
  issue: Issue;
  me: User;
  /** Whether it is an incident by its type or labels now, or only because it once was handled as one. */
  incident: 'now' | 'once' | 'no';
  read: ReadRecord;
  marked: Marked[];
  gate: GateFacts | undefined;
  /** The recorded acknowledgement. */
  ack: { by: User; at: string } | undefined;
  /** Commands with the access level that their author has now. */
  commands: (Command & { accessLevel: number })[];
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

/** Reads what the rules need of an issue: always its notes, and only what is asked for by what they say. */
export async function readSnapshot(gitlab: GitLab, issue: Issue, me: User, config: Installation): Promise<Snapshot> {
  const notes = await gitlab.notes(issue);
  const marked = readMarkers(notes, me, config.bot.former_ids);
  const { facts: gate, warning } = factsOf('gate', marked);
  const incident = isIncident(issue, config) ? 'now' : marked.some(({ slot }) => slot === 'gate') ? 'once' : 'no';
  const warnings = warning === undefined ? [] : [warning];
  const base = { issue, me, incident, marked, gate, warnings } as const;
  if (incident === 'no') return { ...base, ...NOTHING, read: readRecord('', config.time_zone, config.form) };
  const read = readRecord(issue.description, config.time_zone, config.form);
  const off = await isOff(gitlab, issue, warnings);
  if (off || (issue.state === 'opened' && !gate)) return { ...base, ...NOTHING, read, off };
  return {
    ...base,
    read,
    off,
    ...(await readRights(gitlab, issue, notes, [me.id, ...config.bot.former_ids])),
    ...(await readElsewhere(gitlab, issue, { marked, notes, me, gate, warnings }, config)),
  };
}

const NOTHING = {
  ack: undefined,
  commands: [],
  reopenedAt: undefined,
  duplicate: undefined,
  closer: undefined,
  formerSeverity: undefined,
  off: false,
};

async function readRights(
  gitlab: GitLab,
  issue: IssueRef,
  notes: Note[],
  botIds: number[],
): Promise<Pick<Snapshot, 'commands' | 'reopenedAt'>> {
  const commands = readCommands(notes, botIds);
  const authors = [...new Set(commands.map(({ author }) => author.id))];
  const levels = new Map(
    await Promise.all(authors.map(async (id) => [id, await gitlab.accessLevel(issue.projectId, id)] as const)),
  );
  const withLevels = commands.map((command) => ({ ...command, accessLevel: levels.get(command.author.id) ?? 0 }));
  if (!commands.some(({ name }) => name === 'override')) return { commands: withLevels, reopenedAt: undefined };
  const events = await gitlab.stateEvents(issue);
  const byPeople = events.filter(({ state, user }) => state === 'reopened' && !botIds.includes(user?.id ?? 0));
  return {
    commands: withLevels,
    reopenedAt: byPeople
      .map(({ createdAt }) => createdAt)
      .sort()
      .at(-1),
  };
}

type Around = { marked: Marked[]; notes: Note[]; me: User; gate: GateFacts | undefined; warnings: string[] };

async function readElsewhere(
  gitlab: GitLab,
  issue: Issue,
  { marked, notes, me, gate, warnings }: Around,
  config: Config,
): Promise<Pick<Snapshot, 'ack' | 'duplicate' | 'closer' | 'formerSeverity'>> {
  const known = [...issue.assignees, ...(issue.closedBy ? [issue.closedBy] : []), ...notes.map(({ author }) => author)];
  const { facts: ack, warning } = factsOf('ack', marked);
  if (warning !== undefined) warnings.push(warning);
  const by = ack && (known.find(({ id }) => id === ack.by) ?? (await gitlab.user(ack.by)));
  return {
    ack: ack && by && { by, at: ack.at },
    duplicate: await readDuplicate(gitlab, issue, me, config),
    formerSeverity: gate ? undefined : notedSeverity(notes),
    closer: issue.closedBy ?? known.find(({ id }) => id === gate?.closed_by),
  };
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
