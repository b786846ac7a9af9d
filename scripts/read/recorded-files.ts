import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { LeftOver, SetupError } from '../ci/errors.ts';
import { LEVELS } from '../gitlab/levels.ts';
import {
  demandShape,
  toEmoji,
  toIssue,
  toLabelEvent,
  toList,
  toNote,
  toStateEvent,
  toUser,
  type RawIssue,
} from '../gitlab/map.ts';
import type { Note } from '../gitlab/port.ts';
import { CASE_FILES, readCase } from './case-files.ts';
import { readMarkers } from './markers.ts';
import type { Member, Other, Recording } from './recording.ts';
import { parseSource } from './source-file.ts';

/** A recording on disk: what it says, and the configuration that it brings along, as a path or as a part of one. */
export type Recorded = { recording: Recording; configPath?: string; configPart?: object };

/** The files of a recording, by what GitLab's API calls what they hold; only the issue itself must be there. */
export const FILES = {
  issue: 'issue.json',
  notes: 'notes.json',
  stateEvents: 'resource_state_events.json',
  labelEvents: 'resource_label_events.json',
  emojis: 'award_emoji.json',
  members: 'members.json',
  others: 'issues.json',
  rehearsal: 'rehearsal.json',
  config: 'oncall.yml',
} as const;

const QUARTER_MS = 15 * 60_000;
const LONGEST = 20 * 1_048_576;

/**
 * Reads a recorded incident: a folder with GitLab's own answers (`issue.json` and others beside it), one of them alone, or a
 * folder with a `description.md` as `test/cases` has them. Throws a SetupError that names the file for what is none of these.
 */
export async function readRecorded(named: string): Promise<Recorded> {
  const found = await stat(named).catch(() => undefined);
  if (!found) throw new SetupError(`There is no recorded incident at ${named}. Name the file or the folder of one.`);
  const folder = found.isDirectory() ? named : path.dirname(named);
  const files = await readdir(folder);
  const beside = async (name: string): Promise<unknown> =>
    files.includes(name) ? readJson(path.join(folder, name)) : undefined;
  const isCase = found.isDirectory() ? !files.includes(FILES.issue) : named.endsWith('.md');
  const config = files.includes(FILES.config) ? { configPath: path.join(folder, FILES.config) } : {};
  if (isCase) {
    const description = found.isDirectory() ? path.join(folder, CASE_FILES.description) : named;
    if (found.isDirectory() && !files.includes(CASE_FILES.description))
      throw new SetupError(
        `${named} holds no recorded incident: neither ${FILES.issue} nor ${CASE_FILES.description} is in it.`,
      );
    const besides = files.includes(CASE_FILES.beside) ? path.join(folder, CASE_FILES.beside) : undefined;
    const told = readCase(await readText(description), besides, besides ? await readValue(besides) : {});
    return { ...config, ...told };
  }
  const file = found.isDirectory() ? path.join(folder, FILES.issue) : named;
  return { ...config, recording: await readAnswers(file, beside, (name) => path.join(folder, name)) };
}

async function readAnswers(
  file: string,
  beside: (name: string) => Promise<unknown>,
  at: (name: string) => string,
): Promise<Recording> {
  const issue = shaped(file, await readJson(file), (json) => toIssue(json as RawIssue));
  const list = async <T>(name: string, map: (raw: never) => T): Promise<T[]> =>
    shaped(at(name), (await beside(name)) ?? [], (json) => toList(json, map));
  const notes = await list(FILES.notes, toNote);
  const known = shaped(at(FILES.rehearsal), (await beside(FILES.rehearsal)) ?? {}, toKnown);
  const members = await beside(FILES.members);
  const levels = shaped(at(FILES.members), members ?? [], (json) => toList(json, toMember));
  const closers = issue.closedBy ? [issue.closedBy] : [];
  const people = [issue.author, ...issue.assignees, ...closers, ...notes.map(({ author }) => author)];
  const warning = `nobody's role is known: all count as Developers (${FILES.members} would tell)`;
  return {
    ...{ issue, notes, others: await list(FILES.others, toOther) },
    stateEvents: await list(FILES.stateEvents, toStateEvent),
    labelEvents: await list(FILES.labelEvents, toLabelEvent),
    emojis: await list(FILES.emojis, toEmoji),
    at: known.at ?? new Date(Date.parse(issue.updatedAt) + QUARTER_MS).toISOString(),
    me: known.me ?? botAmong(notes),
    members: members === undefined ? people.map((user): Member => ({ ...user, level: LEVELS.developer })) : levels,
    isAnalysis: known.isAnalysis,
    warnings: members === undefined ? [warning] : [],
  };
}

/** Who wrote what only the bot writes; where nobody did, an account that has written nothing. */
function botAmong(notes: readonly Note[]): Recording['me'] {
  const authors = notes.map(({ author }) => author);
  return authors.find((author) => readMarkers(notes, author, []).length > 0) ?? { id: 0, username: 'watchkeeper' };
}

function toMember(raw: { id: number; username: string; access_level: number } | null): Member {
  demandShape(raw !== null && Number.isInteger(raw.access_level), 'a member');
  return { ...toUser(raw), level: raw.access_level };
}

function toOther(raw: (RawIssue & { notes?: unknown }) | null): Other {
  return { issue: toIssue(raw), notes: toList(raw?.notes ?? [], toNote) };
}

function toKnown(json: unknown): { at?: string; me?: Recording['me']; isAnalysis: boolean } {
  const { at, bot, kind } = json as { at?: unknown; bot?: unknown; kind?: unknown };
  demandShape(at === undefined || (typeof at === 'string' && !Number.isNaN(Date.parse(at))), 'a moment (at)');
  return {
    ...(at === undefined ? {} : { at: new Date(at).toISOString() }),
    ...(bot === undefined ? {} : { me: toUser(bot as never) }),
    isAnalysis: kind === 'analysis',
  };
}

/** What GitLab would not answer so is the mistake of a file here. */
function shaped<T>(file: string, json: unknown, map: (json: unknown) => T): T {
  try {
    return map(json);
  } catch (cause) {
    if (!(cause instanceof LeftOver) && !(cause instanceof TypeError)) throw cause;
    const what = wantedBy(cause);
    throw new SetupError(`${file} does not hold what GitLab answers: ${what} is wanted. See docs/rehearsal.md.`, {
      cause,
    });
  }
}

/** What GitLab would have answered, by the words of the mistake that it did not. */
function wantedBy(cause: Error): string {
  return cause instanceof LeftOver ? (cause.message.split(';')[0] ?? '').replace(/^.{1,40} than /, '') : 'more';
}

async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new SetupError(`${file} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
  }
}

async function readValue(file: string): Promise<unknown> {
  const parsed = parseSource(await readText(file));
  if (parsed.ok) return parsed.file.value;
  throw new SetupError(`${file} is no YAML in line ${parsed.place.line}: ${parsed.says}.`);
}

async function readText(file: string): Promise<string> {
  const text = await readFile(file).catch((cause: unknown) => {
    throw new SetupError(
      `${file} cannot be read as a recording: ${cause instanceof Error ? cause.message : String(cause)}.`,
      { cause },
    );
  });
  if (text.length > LONGEST) throw new SetupError(`${file} is larger than 20 MiB: that is no recorded incident.`);
  return text.toString('utf8');
}
