import type { Note, User } from '../gitlab/port.ts';
import { readMarkdown } from './markdown.ts';

const NAMES = ['override', 'severity-confirmed', 'active'] as const;

export type CommandName = (typeof NAMES)[number];

/** A command in a comment: what was asked, by whom, when. The argument is people's text. */
export type Command = { name: CommandName; argument: string; noteId: number; author: User; at: string };

const LINE = new RegExp(`^/(${NAMES.join('|')})(?:[ \\t]+([^]*))?$`, 'i');
const ANYWHERE = new RegExp(LINE.source, 'im');
const LONGEST_PARAGRAPH = 10_000;

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
  const written = new Set(body.split(/\r\n?|\n/).map((line) => line.trimEnd()));
  return spoken.flatMap(({ text }) =>
    withoutCode(text)
      .split('\n')
      .flatMap((line) => {
        const match = written.has(line.trimEnd()) ? LINE.exec(line.trimEnd()) : null;
        const name = NAMES.find((known) => known === match?.[1]?.toLowerCase());
        return name ? [{ name, argument: match?.[2]?.trim() ?? '', noteId: id, author, at: createdAt }] : [];
      }),
  );
}

/** Inline code may span lines, and GitLab does not look for commands in it. */
function withoutCode(text: string): string {
  return text.replace(/(?<!`)(`{1,3})(?!`)[^]*?(?<!`)\1(?!`)/g, 'code');
}
