import type { Issue, Note, Questions, User } from '../gitlab/port.ts';
import { readCommands, type Command, type CommandName } from './commands.ts';
import type { Snapshot } from './snapshot.ts';

/** Commands that close for whoever gives them, and say how it ended. */
export const CLOSING: readonly CommandName[] = ['resolved', 'false-positive', 'tracked-in'];
/** Commands that count for as long as they stand, so that their authors' rights are asked for each time. */
const LASTING: readonly CommandName[] = ['override', 'severity-confirmed', 'active', 'rca', ...CLOSING];
/** Commands that the gate carries out, so that its comment remembers that they were done; the duty's remembers all others. */
export const OF_THE_GATE: readonly CommandName[] = [...LASTING, 'check'];
/** Commands that name a person. */
const NAMING: readonly CommandName[] = ['transfer', 'handoff'];

/** The comment that answers a command in words bears this slot. */
export function replySlot(noteId: number): string {
  return `reply-${noteId}`;
}

/** Reads the commands that are still to be answered or still count, with their authors' access level as it is now. */
export async function readGiven(
  gitlab: Questions,
  issue: Issue,
  notes: Note[],
  botIds: readonly number[],
  { marked, gate, duty }: Pick<Snapshot, 'marked' | 'gate' | 'duty'>,
  { stakeholders, onCall = '' }: { stakeholders: readonly string[]; onCall?: string | undefined },
): Promise<Pick<Snapshot, 'commands' | 'done' | 'named' | 'reopenedAt'>> {
  const all = readCommands(notes, botIds);
  const isOpen = openAmong({ marked, gate, duty });
  const commands = all.filter((command) => LASTING.includes(command.name) || isOpen(command));
  const isUpdated = issue.confidential && commands.some(({ name }) => name === 'update');
  const levelOf = async ({ id }: User): Promise<number> => gitlab.accessLevel(issue.projectId, id);
  const authors = new Map(commands.map(({ author }) => [author.id, author]));
  const levels = new Map(await Promise.all([...authors].map(async ([id, user]) => [id, await levelOf(user)] as const)));
  const inCommands = commands
    .filter(({ name }) => NAMING.includes(name))
    .map(({ name, argument }) => (name === 'handoff' && argument === '' ? onCall : argument));
  const names = [...inCommands, ...(isUpdated ? stakeholders : [])].map(nameIn);
  const named = new Map<string, User & { accessLevel: number }>();
  for (const name of new Set(names.filter((each) => each !== ''))) {
    const user = await gitlab.userNamed(name);
    if (user) named.set(name, { ...user, accessLevel: levels.get(user.id) ?? (await levelOf(user)) });
  }
  const isJudged = issue.state === 'closed' || gate !== undefined;
  const isOverridden = isJudged && commands.some(({ name }) => name === 'override');
  return {
    commands: commands.map((command) => ({ ...command, accessLevel: levels.get(command.author.id) ?? 0 })),
    done: all.filter((command) => isDone(command, { gate, duty })),
    named,
    reopenedAt: isOverridden ? await lastReopening(gitlab, issue, botIds) : undefined,
  };
}

/** Whether it is on record that a command was done: a comment may have several, of which only some were. */
function isDone({ name, noteId }: Command, { gate, duty }: Pick<Snapshot, 'gate' | 'duty'>): boolean {
  const answered = OF_THE_GATE.includes(name) ? gate?.answered : duty?.answered;
  return answered?.includes(noteId) === true;
}

/** A test for commands that nobody has answered: neither done, nor with a reply that says why not. */
export function openAmong({
  marked,
  gate,
  duty,
}: Pick<Snapshot, 'marked' | 'gate' | 'duty'>): (command: Command) => boolean {
  const replied = new Set(marked.map(({ slot }) => slot));
  return (command) => !isDone(command, { gate, duty }) && !replied.has(replySlot(command.noteId));
}

/** The user name that a command's argument begins with, in small letters, without its @; empty where there is none. */
export function nameIn(argument: string): string {
  return (/^@?([\w.-]*\w)\s*$/.exec(argument)?.[1] ?? '').toLowerCase();
}

async function lastReopening(gitlab: Questions, issue: Issue, botIds: readonly number[]): Promise<string | undefined> {
  const events = await gitlab.stateEvents(issue);
  const byPeople = events.filter(({ state, user }) => state === 'reopened' && !botIds.includes(user?.id ?? 0));
  return byPeople
    .map(({ createdAt }) => createdAt)
    .sort()
    .at(-1);
}
