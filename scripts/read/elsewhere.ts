import type { Issue, Note, Questions } from '../gitlab/port.ts';
import type { Config } from '../schema/types.gen.ts';
import { notedSeverity, readDuplicate } from './history.ts';
import { isSameUser } from './people.ts';
import type { Given, Snapshot } from './snapshot.ts';

type Base = Pick<
  Snapshot,
  'issue' | 'me' | 'marked' | 'gate' | 'duty' | 'handoff' | 'warnings' | 'comments' | 'emojis' | 'observed'
>;

/**
 * What the rules ask of an issue beside its comments: who everybody is that facts (by id) and the roster (by name) speak of,
 * who owns it, what it duplicates, how severe it once was, who closed it.
 */
export async function readElsewhere(
  gitlab: Questions,
  notes: Note[],
  { issue, me, gate, duty, emojis, observed }: Base,
  config: Config,
  { ids, names }: { ids: Iterable<number>; names: readonly string[] },
): Promise<Pick<Snapshot, 'ack' | 'people' | 'duplicate' | 'closer' | 'formerSeverity'>> {
  const seen = [
    ...issue.assignees,
    ...(issue.closedBy ? [issue.closedBy] : []),
    ...notes.map(({ author }) => author),
    ...(emojis ?? []).map(({ user }) => user),
    ...(observed.acknowledged?.by ? [observed.acknowledged.by] : []),
  ];
  const people = new Map(seen.map((user) => [user.id, user]));
  for (const id of ids) {
    const user = people.has(id) ? undefined : await gitlab.user(id);
    if (user) people.set(user.id, user);
  }
  for (const name of names) {
    const isKnown = [...people.values()].some(({ username }) => isSameUser(username, name));
    const user = isKnown ? undefined : await gitlab.userNamed(name);
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

/** Whom facts name by their ids, as far as a decision may need their names. */
export function idsIn(
  { duty, handoff }: Pick<Snapshot, 'duty' | 'handoff'>,
  { assignees }: Issue,
  commands: readonly Given[],
  { handoff: { mode, assign } }: Config,
): Set<number> {
  const { from, to, note, accepted_at: acceptedAt } = handoff ?? {};
  // What nobody accepted yet is told by name: to Slack, where that failed, and to the manager.
  const isWaiting = note !== undefined && acceptedAt === undefined;
  const isAsked = isWaiting || commands.some(({ name }) => name === 'handoff' || name === 'accept');
  const isAssigned = mode !== 'enforce' || assign === 'none' || assignees.some(({ id }) => id === to);
  const responsible = [isAsked ? from : undefined, isAsked || !isAssigned ? to : undefined];
  const all = [duty?.by, duty?.owner, ...(duty?.engaged ?? []), ...responsible];
  return new Set(all.filter((id) => id !== undefined));
}
