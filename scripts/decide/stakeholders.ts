import type { Installation } from '../read/config.ts';
import { toldOf } from '../read/markers.ts';
import type { Given, Snapshot } from '../read/snapshot.ts';
import { call, NO_PART } from './merge.ts';
import type { CallComment, Message, Part } from './plan.ts';
import { mayCommand } from './rights.ts';
import { showTime } from './show.ts';

/** Whoever may read a confidential issue is at least Planner. Source: GitLab docs, user/project/issues/confidential_issues. */
const PLANNER = 15;
const LONGEST_LINES = 40;

/** The fields of the record that a stakeholder update shows, when they are given. */
const FIELDS = ['severity', 'affected_users', 'affected_systems', 'mitigated_at', 'outcome'] as const;

/**
 * `/update <text>` (product.md: stakeholder communication): a formatted update on the incident and in Slack, once per
 * command. What is confidential goes to Slack only where the configuration says so; stakeholders who cannot read the
 * incident are named.
 */
export function decideStakeholderUpdates(snapshot: Snapshot, config: Installation): Part {
  const { issue, commands, incident } = snapshot;
  if (incident === 'no' || issue.state === 'closed') return NO_PART;
  const answered = new Set(snapshot.duty?.answered ?? []);
  const updates = commands.filter(
    (command) =>
      command.name === 'update' &&
      command.argument !== '' &&
      !answered.has(command.noteId) &&
      mayCommand(command, config),
  );
  const written = oncePerComment(updates);
  const comments = written.map((update) => toComment(snapshot, update));
  const messages = written.map((update) => toMessage(snapshot, update, config));
  return { ...NO_PART, comments, messages };
}

/** Several updates in one comment are one. */
function oncePerComment(updates: readonly Given[]): Given[] {
  const all = new Map<number, Given>();
  for (const update of updates) {
    const before = all.get(update.noteId);
    all.set(update.noteId, before ? { ...before, argument: `${before.argument}\n${update.argument}` } : update);
  }
  return [...all.values()];
}

function toComment(snapshot: Snapshot, { noteId, author, at, argument }: Given): CallComment {
  const view = {
    ...{ words: 'update' as const, by: author.username, at, fields: fieldsOf(snapshot) },
    ...{ lines: linesOf(argument), cannotSee: blindStakeholders(snapshot) },
  };
  const slot = `update-${noteId}`;
  return call(slot, 'board', { note: noteId, ...toldOf(slot, snapshot.marked) }, view);
}

function toMessage(snapshot: Snapshot, { noteId, author, argument }: Given, config: Installation): Message {
  const { reference, webUrl: link, confidential } = snapshot.issue;
  const maySay = !confidential || config.slack.confidential;
  const fields = fieldsOf(snapshot).map(({ title, text }) => `${title}: ${text}`);
  const lines = maySay ? [...linesOf(argument), ...fields] : [];
  const text = `${reference}: stakeholder update by ${author.username}`;
  return { slot: `update-${noteId}`, key: `update-${noteId}`, noteId, to: 'slack', text, tell: [], lines, link };
}

function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').slice(0, LONGEST_LINES);
}

function fieldsOf({ read }: Snapshot): { title: string; text: string }[] {
  return FIELDS.flatMap((name) => {
    const value: unknown = read.record[name];
    const title = read.form.fieldAt([name])?.title ?? name;
    if (value === undefined || value === null) return [];
    if (typeof value === 'number') return [{ title, text: `S${value}` }];
    if (typeof value === 'string') return [{ title, text: showTime(value) }];
    if (Array.isArray(value)) return [{ title, text: value.join(', ') }];
    return [{ title, text: Object.values(value).join(': ') }];
  });
}

/** Stakeholders who cannot read a confidential incident, among those whose access was asked for. */
function blindStakeholders({ issue, read, named }: Snapshot): string[] {
  if (!issue.confidential) return [];
  const insiders = new Set(issue.assignees.map(({ username }) => username.toLowerCase()));
  return stakeholderNames(read.record.stakeholders).filter(
    (name) => !insiders.has(name.toLowerCase()) && (named.get(name.toLowerCase())?.accessLevel ?? 0) < PLANNER,
  );
}

/** The user names in a record's stakeholders. */
function stakeholderNames(stakeholders: readonly string[] | undefined): string[] {
  return (stakeholders ?? []).flatMap((text) => /^@([\w.-]*\w)$/.exec(text)?.[1] ?? []);
}
