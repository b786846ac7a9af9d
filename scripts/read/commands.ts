import type { Note, User } from '../gitlab/port.ts';
import { readMarkdown } from './markdown.ts';

/** All commands, none of which GitLab knows as a quick action of its own, so that they stay in the text. */
export const COMMANDS = [
  'ack',
  'reviewed',
  'check',
  'update',
  'false-positive',
  'resolved',
  'tracked-in',
  'handoff',
  'accept',
  'transfer',
  'major',
  'active',
  'override',
  'rca',
  'severity-confirmed',
  'who',
  'help',
] as const;

export type CommandName = (typeof COMMANDS)[number];

/** A command in a comment: what was asked, by whom, when. The argument is people's text. */
export type Command = { name: CommandName; argument: string; noteId: number; author: User; at: string };

const LINE = new RegExp(`^/(${COMMANDS.join('|')})(?:[ \\t]+([^]*))?$`, 'i');
const ANYWHERE = new RegExp(LINE.source, 'im');
const LONGEST_PARAGRAPH = 10_000;
/** Commands whose argument is all that follows in the comment: a stakeholder update has several lines. */
const LONG: readonly CommandName[] = ['update'];

/** The commands that people wrote: at the start of a line, outside code, quotes and lists; oldest first. */
export function readCommands(notes: readonly Note[], botIds: readonly number[]): Command[] {
  return notes
    .filter((note) => !note.system && !botIds.includes(note.author.id) && ANYWHERE.test(note.body))
    .flatMap(commandsIn)
    .sort((a, b) => a.noteId - b.noteId);
}

function commandsIn({ id, body, author, createdAt }: Note): Command[] {
  const paragraphs = readMarkdown(body).filter((unit) => unit.kind === 'text');
  const spoken = paragraphs.filter(
    ({ quoted, depth, text }) => !quoted && depth === 0 && text.length < LONGEST_PARAGRAPH,
  );
  // A line that begins behind a comment or a line break of HTML does not begin there for those who read the text.
  const lines = body.split(/\r\n?|\n/).map((line) => line.trimEnd());
  const written = new Set(lines);
  return spoken.flatMap(({ text }) =>
    withoutCode(text)
      .split('\n')
      .flatMap((line) => {
        const match = written.has(line.trimEnd()) ? LINE.exec(line.trimEnd()) : null;
        const name = COMMANDS.find((known) => known === match?.[1]?.toLowerCase());
        if (!name) return [];
        const rest = LONG.includes(name) ? followingLines(lines, line.trimEnd()) : [];
        const argument = [match?.[2]?.trim() ?? '', ...rest].join('\n').trim();
        return [{ name, argument, noteId: id, author, at: createdAt }];
      }),
  );
}

/** The lines of a comment below one of them, up to the next command. */
function followingLines(lines: readonly string[], line: string): string[] {
  const below = lines.slice(lines.indexOf(line) + 1);
  const end = below.findIndex((each) => LINE.test(each));
  return end < 0 ? below : below.slice(0, end);
}

/** Inline code may span lines, and GitLab does not look for commands in it. */
function withoutCode(text: string): string {
  return text.replace(/(?<!`)(`{1,3})(?!`)[^]*?(?<!`)\1(?!`)/g, 'code');
}
