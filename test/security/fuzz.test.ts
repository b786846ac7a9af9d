import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SetupError } from '../../scripts/ci/errors.ts';
import type { Note } from '../../scripts/gitlab/port.ts';
import { readCommands } from '../../scripts/read/commands.ts';
import { readEvent } from '../../scripts/read/event.ts';
import type { PageEvent } from '../../scripts/read/pagerduty-event.ts';
import { readRecord } from '../../scripts/read/record.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { SCHEMAS } from '../../scripts/schema/schemas.ts';
import { everyPart } from '../../scripts/schema/tree.ts';
import { bot } from '../support/snapshot.ts';
import { markersIn, mentionsIn, ordersIn, peoplesTextIn, strangeHtmlIn } from './comment.ts';
import { dutyComments, dutyDescriptions, slackText } from './duty.ts';
import { CANARY, fuzz, hostileText, username, description } from './hostile.ts';
import { commentOn, written } from './incident.ts';
import { payload } from './payloads.ts';

const LONG_MS = 600_000;
const LEGAL = /^[A-Za-z0-9_][\w.-]*$/;

const KNOWN_KEYS = new Set(['handoff', ...[SCHEMAS.incident, SCHEMAS.handoff].flatMap((schema) => everyPart(schema).flatMap(({ part }) => Object.keys(part['properties'] ?? {})))]);

/** The names of all that JavaScript's own prototypes have, so that an addition shows. */
const builtIn = (): string => JSON.stringify([Object.prototype, Array.prototype, String.prototype, Map.prototype].map((prototype) => Reflect.ownKeys(prototype).map(String)));

/** What is no plain data in a value, or bears a name that is none of ours. */
function strangeIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return ['string', 'number', 'boolean'].includes(typeof value) ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(strangeIn);
  const strange = Reflect.ownKeys(value).filter((key) => typeof key !== 'string' || !KNOWN_KEYS.has(key));
  return [...strange, ...(Object.getPrototypeOf(value) === Object.prototype ? [] : [value]), ...Object.values(value).flatMap(strangeIn)];
}

it('a description is read into plain data with our names, the same each time', { timeout: LONG_MS }, async () => {
  const before = builtIn();
  const property = fc.property(description, (text) => {
    const { record, lines, sections, blocks, problems, strays } = readRecord(text, 'Europe/Berlin', OUR_FORM);
    const again = readRecord(text, 'Europe/Berlin', OUR_FORM);
    expect(strangeIn(record)).toEqual([]);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    expect([again.record, again.lines, again.sections, again.problems, again.strays]).toEqual([record, lines, sections, problems, strays]);
    const source = text.split(/\r\n?|\n/);
    const told = [...lines.values(), ...sections.values(), ...problems.flatMap(({ line, at = [] }) => [line, ...at]), ...strays.map(({ line }) => line), ...blocks.map(({ to }) => to)];
    expect(told.filter((line) => (source[line - 1] ?? '').trim() === '')).toEqual([]);
    expect(blocks.filter(({ from, to }) => !(from >= 1 && from <= to))).toEqual([]);
  });
  await fuzz('description parser', property);
  expect(builtIn()).toBe(before);
});

it('the comment on an incident orders nothing, notifies nobody else, and shows what people wrote as one line of code', { timeout: LONG_MS }, async () => {
  const property = fc.property(written, (incident) => {
    const body = commentOn(incident);
    expect(ordersIn(body)).toEqual({ found: 0, lines: [] });
    expect(strangeHtmlIn(body)).toEqual([]);
    expect(peoplesTextIn(body)).toEqual([]);
    expect(mentionsIn(body).filter((name) => ![incident.closer.username, 'lea'].includes(name) || !LEGAL.test(name) || name === 'all')).toEqual([]);
    expect(markersIn(body)).toEqual(body === '' ? [] : [0]);
    expect(body.length).toBeLessThan(1_000_000);
  });
  await fuzz('gate comment', property);
});

it('what the duty says orders nothing, notifies nobody, and shows what people wrote as one line of code', { timeout: LONG_MS }, async () => {
  const property = fc.property(hostileText, (text) => {
    for (const body of dutyComments(text)) {
      expect(ordersIn(body)).toEqual({ found: 0, lines: [] });
      expect([strangeHtmlIn(body), peoplesTextIn(body), mentionsIn(body), markersIn(body)]).toEqual([[], [], [], [0]]);
    }
    const { page, log } = dutyDescriptions(text);
    // The template's own hints speak of `@username`, in a comment of HTML.
    for (const body of [page.replaceAll('@username', ''), log]) expect([ordersIn(body).found, strangeHtmlIn(body), mentionsIn(body), markersIn(body)]).toEqual([0, [], [], []]);
    const told = slackText(text).replace(/<https:\/\/gitlab\.example\.com\/x\|open>/g, '');
    expect(told.match(/<|@(?!\u2060)/g) ?? []).toEqual([]);
    expect(told.replace(/`[^`\n]*`/g, '')).not.toContain(CANARY);
  });
  await fuzz('comments of the duty', property);
});

const folder = mkdtempSync(path.join(tmpdir(), 'fuzz-'));
const REASONS = [
  ...['the payload is not one of GitLab or PagerDuty', 'not an event of an issue', "a test delivery: the webhook's test button works", 'not about an issue of a project', 'not about an issue'],
  ...["a test delivery: PagerDuty's webhook works", 'not an event of a page', 'an event of a page that changes nothing for the duty'],
];

const ID = expect.stringMatching(/^[A-Za-z0-9]{1,64}$/) as string;
const PAGERDUTY = expect.stringMatching(/^(?:https:\/\/[\w.-]+\.pagerduty\.com(?::\d+)?\/\S*)?$/) as string;

/** An answer without what it cites, where a file has other bytes for what is no character. */
const tell = (answer: unknown): unknown => (answer instanceof SetupError ? answer.message : answer);

function isId(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0;
}

it('a payload gives ids, a reason of ours, or a setup error that repeats nothing of it', { timeout: LONG_MS }, async () => {
  const before = builtIn();
  const file = path.join(folder, 'payload.json');
  const property = fc.asyncProperty(payload, async (text) => {
    writeFileSync(file, text);
    const read = (given: string): Promise<unknown> => readEvent(given).catch((error: unknown) => error);
    const event = await read(file);
    // Halves of characters do not survive a file.
    if (text.trimStart().startsWith('{')) expect(tell(await read(Buffer.from(text).toString()))).toEqual(tell(event));
    if (event instanceof SetupError) expect(event.message).not.toContain(CANARY);
    else {
      const { kind, reason, ref, userId, page } = event as { kind: string; reason?: string; ref?: { projectId: number; iid: number }; userId?: number; page?: PageEvent };
      if (kind === 'nothing') expect(REASONS).toContain(reason);
      else if (page) expect([kind, page.incidentId, new Date(page.at).toISOString(), ...page.assignees, page.url ?? '']).toEqual(['page', ID, page.at, ...page.assignees.map(() => ID), PAGERDUTY]);
      else expect([kind, isId(ref?.projectId), isId(ref?.iid), userId === undefined || isId(userId)]).toEqual(['issue', true, true, true]);
    }
  });
  await fuzz('payload reader', property);
  expect(builtIn()).toBe(before);
});

const COMMANDS = [
  '/override ',
  '/OVERRIDE\t',
  '/severity-confirmed',
  '/active',
  '/override',
  '/ack',
  '/update ',
  '/Update\t',
  '/transfer @',
  '/tracked-in #1',
  '/false-positive ',
  '/rca requested',
  '/help',
];
const body = fc.array(fc.oneof(fc.constantFrom(...COMMANDS, ...COMMANDS.map((command) => `\n${command}`)), hostileText), { maxLength: 8 }).map((parts) => parts.join(''));
const notes = fc.array(
  fc.record({ id: fc.nat({ max: 20 }), body, author: username.chain((name) => fc.constantFrom({ id: 1, username: name }, bot)), system: fc.boolean(), createdAt: fc.constant('2026-11-20T09:50:00Z') }),
  { maxLength: 4 },
);

it('comments give commands of their authors, each a line of theirs, and none from code or quotes', { timeout: LONG_MS }, async () => {
  const wrapped = (all: readonly Note[], wrap: (text: string) => string): Note[] => all.map((note) => ({ ...note, body: wrap(note.body) }));
  const property = fc.property(notes, (all) => {
    const commands = readCommands(all, [bot.id]);
    expect(readCommands(all, [bot.id])).toEqual(commands);
    expect(commands.map(({ noteId }) => noteId)).toEqual(commands.map(({ noteId }) => noteId).sort((a, b) => a - b));
    for (const { name, argument, noteId, author } of commands) {
      const own = all.filter((note) => note.id === noteId && note.author === author && !note.system && author !== bot);
      expect(own.some((note) => new RegExp(`^\\ufeff?/${name}`, 'im').test(note.body))).toBe(true);
      // An update has several lines, up to the next command.
      expect(argument).toMatch(name === 'update' ? /^\S?(?:[^]*\S)?$/ : /^\S?(?:[^\n]*\S)?$/);
    }
    expect(
      readCommands(
        wrapped(all, (text) => text.replace(/^/, '> ').replace(/\r\n?|\n/g, '\n> ')),
        [bot.id],
      ),
    ).toEqual([]);
    expect(
      readCommands(
        wrapped(all, (text) => `~~~~~~~~\n${text}\n~~~~~~~~`),
        [bot.id],
      ),
    ).toEqual([]);
    expect(
      readCommands(
        wrapped(all, (text) => text.replace(/^/, '    ').replace(/\r\n?|\n/g, '\n    ')),
        [bot.id],
      ),
    ).toEqual([]);
  });
  await fuzz('command reader', property);
});
