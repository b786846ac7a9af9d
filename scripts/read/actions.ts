import { findReference } from '../schema/formats.ts';
import { saysNone } from '../schema/placeholder.ts';
import type { Analysis } from '../schema/types.gen.ts';
import type { Item } from './items.ts';
import { toIsoDate } from './time.ts';
import { splitLabel, unwrap } from './values.ts';

/** A corrective action as it is written: what is missing stays missing, so that the schema refuses it. */
export type Action = Analysis['corrective_actions'][number];

const USER = /(?<![\w.@/-])@[\w.-]{0,254}\w/g;
const DAY = /(?<![\d.-])(?:\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})(?![\d-])/g;
const TASK = /^\[([ xX])\]\s+/;
const BETWEEN = /^[\s,:;|(–—-]+/;
const OWNER_LABEL = /\b(?:owner|dri|assignee)\W{0,5}$/i;
const DAY_LABEL = /\b(?:due|due on|due date|deadline|by|until)\W{0,5}$/i;
/** What is left of brackets once name and day are taken out. */
const EMPTIED = /\([\s,;:*_-]{0,10}\)/g;
const SEPARATORS = ' \t\n,;:–—-|*_';
/** A merge request has no day by which it is done. */
const MERGE_REQUESTS = /![0-9]{1,10}|\/-\/merge_requests\/[0-9]{1,10}/g;

/**
 * The lines that are actions of their own. Where there are bullets, paragraphs introduce them, and bullets below a bullet
 * are its details, unless it is their heading and ends in a colon. `owner: @ben` alone belongs to the line above.
 */
export function actionItems(items: readonly Item[]): Item[] {
  const hasBullets = items.some(({ depth }) => depth > 0);
  const own = hasBullets ? items.filter(({ depth }) => depth > 0) : items.flatMap(linesOf);
  const actions: Item[] = [];
  const above: Item[] = [];
  for (const [index, item] of own.entries()) {
    while ((above.at(-1)?.depth ?? -1) >= item.depth) above.pop();
    const parent = above.at(-1);
    above.push(item);
    if (isHeading(item) && (own[index + 1]?.depth ?? 0) > item.depth) continue;
    const last = actions.at(-1);
    if (last && (isDetail(item) || (parent && !isHeading(parent)))) last.text += `; ${item.text}`;
    else actions.push({ ...item });
  }
  return actions;
}

function isHeading({ text }: Item): boolean {
  return unwrap(text).endsWith(':');
}

/** A paragraph whose every line names somebody, a day or an issue is as many actions. */
function linesOf(item: Item): Item[] {
  const parts = item.text.split('\n');
  const isList = parts.every((part) => part.search(USER) >= 0 || part.search(DAY) >= 0 || findReference(part));
  return isList ? parts.map((text, index) => ({ ...item, text, line: item.lines?.[index] ?? item.line })) : [item];
}

function isDetail({ text }: Item): boolean {
  const label = splitLabel(text)?.label.toLowerCase() ?? '';
  return ['owner', 'dri', 'assignee', 'due', 'due on', 'due_on', 'due date', 'deadline'].includes(label);
}

/**
 * One corrective action in the forms that people write: `@ben, 2026-12-24: rotate the tokens`, `rotate the tokens (@ben, due
 * 2026-12-24)`, a row of a table, an issue (`infra/access#77`), or `none: reason`. Of several names or days those before all
 * else count, then those that are labelled, then the last.
 */
export function readAction(text: string): Action {
  const task = TASK.exec(text);
  const written = task ? text.slice(task[0].length) : text;
  const done = task ? { done: task[1] !== ' ' } : {};
  if (saysNone(written)) return { none: unwrap(written) };
  const reference = findReference(written.replace(MERGE_REQUESTS, ' '));
  const opening = takeOpening(unwrap(written));
  const owner = opening.owner ?? chosen(opening.rest, USER, OWNER_LABEL);
  const day = opening.day ?? chosen(opening.rest, DAY, DAY_LABEL);
  const withoutOwner = opening.owner === undefined ? without(opening.rest, owner, OWNER_LABEL) : opening.rest;
  const said = opening.day === undefined ? without(withoutOwner, day, DAY_LABEL) : withoutOwner;
  const what = unwrap(trimmed(said.replace(EMPTIED, '')));
  return {
    ...(what === '' ? {} : { text: what }),
    ...(owner === undefined ? {} : { owner }),
    ...(day === undefined ? {} : { due_on: toIsoDate(day) }),
    ...(reference === undefined ? {} : { reference }),
    ...done,
  };
}

/** The name and the day that a text begins with, in either order, and the rest of it. */
function takeOpening(text: string): { owner?: string; day?: string; rest: string } {
  const found: { owner?: string; day?: string } = {};
  let rest = text;
  for (let turn = 0; turn < 2; turn += 1) {
    const bare = rest.replace(/^[*_`([\s]+/, '');
    const owner = found.owner === undefined ? startOf(bare, USER) : undefined;
    const day = found.day === undefined ? startOf(bare, DAY) : undefined;
    const taken = owner ?? day;
    if (taken === undefined) break;
    Object.assign(found, owner === undefined ? { day } : { owner });
    rest = bare
      .slice(taken.length)
      .replace(/^[*_`)\]]+/, '')
      .replace(BETWEEN, '');
  }
  return { ...found, rest };
}

function startOf(text: string, pattern: RegExp): string | undefined {
  const [first] = text.matchAll(pattern);
  return first?.index === 0 ? first[0] : undefined;
}

/** Of what a pattern finds: what stands behind a label, else the last. */
function chosen(text: string, pattern: RegExp, label: RegExp): string | undefined {
  const all = [...text.matchAll(pattern)];
  const labelled = all.find(({ index }) => label.test(text.slice(Math.max(0, index - 20), index)));
  return (labelled ?? all.at(-1))?.[0];
}

/** A text without what was taken from it, and the label before that. */
function without(text: string, taken: string | undefined, label: RegExp): string {
  if (taken === undefined) return text;
  const at = text.lastIndexOf(taken);
  const [start, end] = [text.slice(Math.max(0, at - 20), at).replace(label, ''), text.slice(at + taken.length)];
  return text.slice(0, Math.max(0, at - 20)) + start + end;
}

function trimmed(text: string): string {
  let end = text.length;
  while (end > 0 && SEPARATORS.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
