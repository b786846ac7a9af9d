import type { Field } from '../schema/fields.ts';
import { findReference } from '../schema/formats.ts';
import type { Form } from '../schema/form.ts';
import { isPlaceholder } from '../schema/placeholder.ts';
import type { Incident } from '../schema/types.gen.ts';
import { actionItems, readAction } from './actions.ts';
import { collect, type Found } from './collect.ts';
import { itemsOf, type Item } from './items.ts';
import type { Problem } from './problem.ts';
import type { Stray } from './strays.ts';
import type { Block } from './yaml-block.ts';
import { readTime } from './time.ts';
import {
  noteKind,
  readAnalysis,
  readChoice,
  readEntry,
  readLetter,
  readNote,
  readNumber,
  readOutcome,
  readSeverity,
  readUser,
  readYesOrNo,
  splitLabel,
  unwrap,
} from './values.ts';

/**
 * The incident record as its description has it: the fields of `schemas/incident.schema.json`. What could not be read
 * stands there as written, so that the schema refuses it by name; placeholders are left out.
 */
export type IncidentRecord = Omit<Incident, 'severity'> & { severity?: 1 | 2 | 3 | 4 | string };

/**
 * A description, read: the record, the form by which it was read, on which line each field, section and YAML block stands, what is
 * wrong with its shape, and names in it that are nearly ours.
 */
export type ReadRecord = {
  record: IncidentRecord;
  form: Form;
  lines: Map<string, number>;
  sections: Map<string, number>;
  blocks: Block[];
  problems: Problem[];
  strays: Stray[];
};

/**
 * Reads an incident's description (Markdown, as in `product.md`, "Writing an incident down"). Times without a zone are
 * read in `timeZone`; the form says which sections and fields there are. Never throws: what is wrong with the description is part of the answer.
 */
export function readRecord(description: string, timeZone: string, form: Form): ReadRecord {
  if (description === '') return readNothing(form);
  const { found, sections, blocks, problems, strays } = collect(description, form);
  const byField = new Map<Field, Found[]>();
  for (const each of found) {
    const places = byField.get(each.field);
    if (places) places.push(each);
    else byField.set(each.field, [each]);
  }
  const record: IncidentRecord = {};
  const handoff: NonNullable<Incident['handoff']> = {};
  const lines = new Map<string, number>();
  for (const [field, places] of byField) {
    const { value, line, lines: entryLines = [], problem } = readField(field, places, { timeZone });
    lines.set(field.path.join('/'), line ?? places[0]?.line ?? 1);
    for (const [index, at] of entryLines.entries()) lines.set(`${field.path.join('/')}/${index}`, at);
    if (problem) problems.push(problem);
    if (value === undefined) continue;
    const [first, inner] = field.path;
    if (inner === undefined) Object.assign(record, { [first]: value });
    else Object.assign(handoff, { [inner]: value });
  }
  if (Object.keys(handoff).length > 0) record.handoff = handoff;
  return { record, form, lines, sections, blocks, problems, strays };
}

/** What an empty description says, and what that of an issue is taken to say which is not ours to read. */
function readNothing(form: Form): ReadRecord {
  return { record: {}, form, lines: new Map(), sections: new Map(), blocks: [], problems: [], strays: [] };
}

/** What a field says and on which line, where a single place says it; of a list, the line of each entry. */
type Answer = { value?: unknown; line?: number; lines?: number[]; problem?: Problem };

/** Whether a text answers nothing: a placeholder, or the field's own hint; what may be chosen always answers. */
function isEmpty(field: Field, text: string, noneCounts = false): boolean {
  const plain = unwrap(text).toLowerCase();
  if (field.choices.some((choice) => choice.toLowerCase() === plain)) return false;
  return isPlaceholder(text, noneCounts) || plain === field.hint.toLowerCase();
}

/** What reading a text depends on. */
type Reading = { timeZone: string };

function readField(field: Field, places: Found[], reading: Reading): Answer {
  const readMany = MANY[field.reads];
  if (readMany) {
    const entries = places.flatMap(({ units }) => readMany(itemsOf(units), { ...reading, field }));
    const value = entries.map((entry) => entry.value);
    return entries.length > 0 ? { value, lines: entries.map(({ line }) => line) } : {};
  }
  const answers = places.flatMap(({ units, line }) => {
    const answered = chosen(itemsOf(units)).filter((item) => !isEmpty(field, item.text, true));
    const text = answered.map((item) => item.text).join('\n');
    return text === '' ? [] : [{ line, text, value: readOne(field, text, reading.timeZone) }];
  });
  const different = new Map(answers.map((answer) => [sameness(field, answer.value), answer]));
  const [first] = answers;
  if (!first) return {};
  if (different.size === 1) return { value: first.value, line: first.line };
  const given = [...different.values()].map(({ text }) => text);
  const at = [...different.values()].map((answer) => answer.line);
  const line = at.at(-1) ?? 1;
  const [name] = field.path;
  return {
    value: first.value,
    line: first.line,
    problem: {
      code: `${field.code || 'SCHEMA'}_CONFLICT`,
      kind: 'conflict',
      fields: [name],
      field: field.path.join('/'),
      section: field.section,
      line,
      given,
      at,
    },
  };
}

/** By what two answers are the same: names of users are, whatever their case. */
function sameness(field: Field, value: unknown): string {
  const text = JSON.stringify(value);
  return field.reads === 'user' ? text.toLowerCase() : text;
}

function readOne(field: Field, text: string, timeZone: string): unknown {
  if (field.reads === 'user') return readUser(text);
  if (field.reads === 'time') return readTime(unwrap(text), timeZone);
  if (field.reads === 'severity') return readSeverity(text);
  if (field.reads === 'outcome') return readOutcome(text);
  if (field.reads === 'rca') return readAnalysis(text);
  if (field.reads === 'number') return readNumber(text);
  if (field.reads === 'yes or no') return readYesOrNo(text);
  if (field.reads === 'choice') return readChoice(text, field.choices);
  return /^<((?:https?:\/\/|mailto:)?[^<>\s]+)>$/.exec(text.trim())?.[1] ?? unwrap(text);
}

type Entry = { line: number; value: unknown };
type ReadMany = (items: Item[], reading: Reading & { field: Field }) => Entry[];

const MANY: Partial<Record<Field['reads'], ReadMany>> = {
  users: (items, { field }) =>
    items.flatMap(({ line, lines = [], text }) =>
      text.split('\n').flatMap((part, index) =>
        part
          .split(/[,;]|(?<!\S)and(?!\S)/)
          .filter((user) => !isEmpty(field, user))
          .map((user) => ({ line: lines[index] ?? line, value: readUser(user) })),
      ),
    ),
  items: each(unwrap),
  entries: each(readEntry),
  correspondence: each(readLetter),
  references: each((text) => findReference(text) ?? /https?:\/\/\S+/.exec(text)?.[0] ?? unwrap(text)),
  notes: readNotes,
  actions: (items, reading) => each(readAction)(actionItems(items), reading),
};

function each(read: (text: string, timeZone: string) => unknown): ReadMany {
  return (items, { timeZone, field }) =>
    items.filter(({ text }) => !isEmpty(field, text)).map(({ line, text }) => ({ line, value: read(text, timeZone) }));
}

/** Of a checklist of choices, those that are ticked. */
function chosen(items: Item[]): Item[] {
  const box = /^\[([ xX])\]\s+/;
  if (!items.some(({ text }) => box.test(text))) return items;
  const ticked = items.filter(({ text }) => (box.exec(text)?.[1] ?? ' ') !== ' ');
  return ticked.map((item) => ({ ...item, text: item.text.replace(box, '') }));
}

/** A line that is nothing but a kind ("Tooling:") gives its kind to the lines below it. */
function readNotes(items: Item[], { field }: { field: Field }): Entry[] {
  let kindAbove: ReturnType<typeof noteKind>;
  return items.flatMap((item) => {
    const labelled = splitLabel(item.text);
    const alone = labelled?.value === '' ? labelled.label : unwrap(item.text);
    if (noteKind(alone) !== undefined) {
      kindAbove = noteKind(alone);
      return [];
    }
    const note = readNote(item.text, item.depth > 0 || item.afterHeading ? kindAbove : undefined);
    return isEmpty(field, note.text) ? [] : [{ line: item.line, value: note }];
  });
}
