import type { Form } from '../schema/form.ts';
import { isTimeZone } from '../schema/formats.ts';
import { isPlaceholder } from '../schema/placeholder.ts';
import { isCommandLine } from './command-line.ts';
import type { Names } from './redact-names.ts';
import { splitLabel } from './values.ts';

/** What a text is made of that has a form of its own, in the order in which it is looked for; what is none of them stays. */
const FORMS = {
  command: /(?<![^])\/[A-Za-z_-]{1,40}(?![^\s])/y,
  escape: /\\u[0-9a-fA-F]{4}|\\[^\s]/y,
  entity: /&(?:amp|lt|gt|quot|apos|nbsp|mdash|ndash|hellip);/y,
  date: /(?<![\w.:-])(?:\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})(?!\d)(?:(?:T|,?\s(?:at\s)?)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?![\d:]))?/y,
  clock: /(?<![\w.:-])\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?![\d:])/y,
  offset:
    /(?<=:\d{2})\s?(?:(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}|Z|[A-Z]{1,4}T|[AaPp]\.?[Mm])(?!\w)/y,
  mention: /(?<![\w.@/-])@[A-Za-z0-9_](?:[\w.-]{0,254}\w)?/y,
  place: /(?<=\/(?:issues|incident|work_items|merge_requests|epics)\/)\d{1,10}|(?<=[#!&])\d{1,10}(?!\w)/y,
  zone: /(?<!\w)[A-Z][a-z]{1,20}\/[A-Z][A-Za-z_+-]{1,30}(?!\w)/y,
  word: /[\p{L}\p{M}\p{N}]+/uy,
} as const;
type Shape = keyof typeof FORMS;
const SHAPES = Object.keys(FORMS) as Shape[];

/** The name that a command which names a person is given, with or without its @. */
const NAMED = /^(\/(?:transfer|handoff|accept)[ \t]{1,9})@?([A-Za-z0-9_](?:[\w.-]{0,254}\w)?)[ \t]{0,9}$/gim;

/**
 * A text in the same shape: marks, lengths, times, and the words that a form gives a meaning stay; people, numbers, issues
 * and all other words get new names. What a template itself says where nothing is written yet stays too.
 */
export function redactText(text: string, names: Names, form: Form): string {
  const people = text.replace(NAMED, (_all, command: string, name: string) => `${command}@${name}`);
  return people
    .split('\n')
    .map((line) => redactLine(line, names, form))
    .join('\n');
}

function redactLine(line: string, names: Names, form: Form): string {
  const parts = line.includes('|') ? line.split('|') : [line];
  return parts.map((part) => keepingHint(part, names, form)).join('|');
}

/** The hints of a template are ours: a text that is one stays, since it would not count as one in other words. */
function keepingHint(part: string, names: Names, form: Form): string {
  const whole = part.replace(/^[\s>*+-]+/, '').trim();
  const hint = [whole, splitLabel(whole)?.value ?? ''].find((text) => text !== '' && isHint(text, form));
  if (hint === undefined || isHint(redactWords(hint, names), form)) return redactWords(part, names);
  const at = part.lastIndexOf(hint);
  return redactWords(part.slice(0, at), names) + hint + redactWords(part.slice(at + hint.length), names);
}

function isHint(text: string, form: Form): boolean {
  const plain = text.replace(/^["'`]{1,3}|["'`]{1,3}$/g, '').toLowerCase();
  return isPlaceholder(text, true) || form.fields.some(({ hint }) => hint !== '' && hint.toLowerCase() === plain);
}

function redactWords(text: string, names: Names): string {
  let redacted = '';
  for (let at = 0; at < text.length;) {
    const found = tokenAt(text, at);
    redacted += found ? redactToken(found.shape, found.token, names) : text.charAt(at);
    at += found?.token.length ?? 1;
  }
  return redacted;
}

function tokenAt(text: string, at: number): { shape: Shape; token: string } | undefined {
  for (const shape of SHAPES) {
    const form = FORMS[shape];
    form.lastIndex = at;
    const token = form.exec(text)?.[0] ?? '';
    if (token !== '') return { shape, token };
  }
  return undefined;
}

function redactToken(shape: Shape, token: string, names: Names): string {
  if (shape === 'word') return /^\p{N}+$/u.test(token) ? names.number(token) : names.word(token);
  if (shape === 'place') return String(names.iid(Number(token)));
  if (shape === 'mention') return token.toLowerCase() === '@all' ? token : `@${names.person(token.slice(1))}`;
  const isOurs = (shape !== 'command' || isCommandLine(token)) && (shape !== 'zone' || isTimeZone(token));
  return isOurs ? token : token.replace(/[A-Za-z]+/g, names.word);
}
