import type { LabelEvent, StateEvent, User } from '../gitlab/port.ts';
import { readActs } from '../read/acts.ts';
import type { Command } from '../read/commands.ts';
import { CLOSING } from '../read/given.ts';
import type { Marked } from '../read/markers.ts';
import type { Past } from '../read/past.ts';
import { isSameUser } from '../read/people.ts';
import { validate } from '../schema/validate.ts';
import type { Act, AckFacts, HandoffFacts, Life } from '../schema/types.gen.ts';
import { ESCALATED } from './duty.ts';

/** What is known around an incident: whose comments are ours, who is an alert's bot, and everybody by name. */
export type Known = { botIds: readonly number[]; alertBots: readonly string[]; people: readonly User[] };

/** A comment of ours with what it remembers, where that is readable. */
export type Remembering<F> = { facts: F | undefined; noteId: number | undefined };

/** Each closing by GitLab's record. Where the bot closed for somebody whose command is on record as done, that person is who closed. */
export function closesOf({ issue, stateEvents }: Past, { botIds }: Known, done: readonly Command[]): Act[] {
  const commands = done.filter(({ name }) => CLOSING.includes(name));
  const closes = stateEvents.filter(({ state }) => state === 'closed').map((event) => toAct(event, botIds, commands));
  // GitLab has no event of an issue that was imported, or closed before it kept them.
  if (closes.length > 0 || issue.closedAt === undefined) return closes;
  return [{ at: issue.closedAt, ...(issue.closedBy ? { by: issue.closedBy.id } : {}), source: 0 }];
}

function toAct({ id, user, createdAt }: StateEvent, botIds: readonly number[], commands: readonly Command[]): Act {
  const isOurs = user !== undefined && botIds.includes(user.id);
  const command = isOurs ? commands.findLast(({ at }) => at <= createdAt) : undefined;
  const by = isOurs && !command && commands.length > 0 ? undefined : (command?.author.id ?? user?.id);
  return { at: createdAt, ...(by === undefined ? {} : { by }), source: id };
}

/** Each reopening by GitLab's record. The bot reopens for the gate alone. */
export function reopensOf({ stateEvents }: Past, { botIds }: Known): Life['reopens'] {
  return stateEvents
    .filter(({ state }) => state === 'reopened')
    .map(({ id, user, createdAt }) => ({
      at: createdAt,
      ...(user ? { by: user.id } : {}),
      ...{ source: id, by_gate: user !== undefined && botIds.includes(user.id) },
    }));
}

/**
 * Each escalation: those of PagerDuty as our comment remembers them, and those of our ladder by the label that the bot set.
 * From when on PagerDuty escalates, the label only follows it.
 */
export function escalationsOf(
  { labelEvents }: Past,
  { facts, noteId }: Remembering<AckFacts>,
  { botIds }: Known,
): Act[] {
  const told = [...(facts?.escalated ?? [])].sort();
  const isOurs = ({ action, label, user }: LabelEvent): boolean =>
    action === 'add' && label === ESCALATED && user !== undefined && botIds.includes(user.id);
  const ours = labelEvents.filter((event) => isOurs(event) && event.createdAt < (told[0] ?? '~'));
  return [
    ...ours.map(({ id, user, createdAt }) => ({ at: createdAt, ...(user ? { by: user.id } : {}), source: id })),
    ...told.map((at) => ({ at, source: noteId ?? 0 })),
  ];
}

/** The first who owned it: by the first acknowledgement, else by the first assignment that a person made. */
export function firstOwned(past: Past, { facts, noteId }: Remembering<AckFacts>, known: Known): Act | undefined {
  if (facts?.at !== undefined) {
    return { at: facts.at, ...(facts.by === undefined ? {} : { by: facts.by }), source: facts.note ?? noteId ?? 0 };
  }
  const isPerson = ({ id, username }: User): boolean =>
    !known.botIds.includes(id) && !known.alertBots.some((name) => isSameUser(name, username));
  const first = readActs(past.notes).find(({ kind, by }) => kind === 'assigned' && isPerson(by));
  if (!first) return undefined;
  const owner = known.people.find(({ username }) => isSameUser(username, first.username));
  return { at: first.at, ...(owner ? { by: owner.id } : {}), source: first.noteId };
}

/** The hand-offs that our comments tell of, oldest first; of several of one moment the newest comment counts. */
export function handoffsOf(marked: readonly Marked[]): Life['handoffs'] {
  const found = new Map<string, Life['handoffs'][number]>();
  for (const { noteId, facts } of marked.filter(({ slot }) => slot === 'handoff')) {
    const checked = validate('facts-handoff', facts);
    if (checked.ok && !found.has(checked.value.at)) found.set(checked.value.at, toHandoff(checked.value, noteId));
  }
  return [...found.values()].sort((a, b) => (a.at < b.at ? -1 : 1));
}

function toHandoff(facts: HandoffFacts, source: number): Life['handoffs'][number] {
  const { at, from, to, missing, accepted_at, accepted_by } = facts;
  return { at, ...some({ from, to, missing, accepted_at, accepted_by }), source };
}

/** Those of some properties that are there. */
export function some<T extends object>(properties: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as never;
}
