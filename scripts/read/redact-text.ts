import type { Form } from '../schema/form.ts';
import { isTimeZone } from '../schema/formats.ts';
import { isPlaceholder } from '../schema/placeholder.ts';
import { isCommandLine } from './command-line.ts';
import type { Names } from './redact-names.ts';
import { splitLabel } from './values.ts';

const DATE = String.raw`\d{4}-\d{2}-\d{2}(?!\d)|\d{1,2}\.\d{1,2}\.\d{4}(?!\d)`;
const CLOCK = String.raw`\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?![\d:])`;
const ZONE = String.raw`\s?(?:(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}|Z|[A-Z]{1,4}T|[AaPp]\.?[Mm])(?!\w)`;

/** What a text is made of that has a form of its own; the rest is words. In the order in which they are looked for. */
const TOKEN = new RegExp(
  [
    String.raw`(?<command>^\/[A-Za-z_-]{1,40}(?=\s|$))`,
    String.raw`(?<escape>\\u[0-9a-fA-F]{4}|\\[^\s])`,
    String.raw`(?<entity>&(?:amp|lt|gt|quot|apos|nbsp|mdash|ndash|hellip);)`,
    String.raw`(?<time>(?<![\w.:-])(?:(?:${DATE})(?:(?:T|,?\s(?:at\s)?)${CLOCK})?|${CLOCK})(?:${ZONE})?)`,
    String.raw`(?<mention>(?<![\w.@/-])@[A-Za-z0-9_](?:[\w.-]{0,254}\w)?)`,
    String.raw`(?<place>(?<=\/(?:issues|incident|work_items|merge_requests|epics)\/)\d{1,10}|(?<=[#!&])\d{1,10}(?!\w))`,
    String.raw`(?<zone>\b[A-Z][a-z]{1,20}\/[A-Z][A-Za-z_+-]{1,30}\b)`,
    String.raw`(?<digits>(?<![\p{L}\p{M}\p{N}])\p{N}+(?![\p{L}\p{M}\p{N}]))`,
    String.raw`(?<word>[\p{L}\p{M}\p{N}]+)`,
  ].join('|'),
  'gu',
);

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
  const plain = text.replace(/^["'`]+|["'`]+$/g, '').toLowerCase();
  return isPlaceholder(text, true) || form.fields.some(({ hint }) => hint !== '' && hint.toLowerCase() === plain);
}

function redactWords(text: string, names: Names): string {
  return text.replace(TOKEN, (token, ...rest) => {
    const groups = rest.at(-1) as Record<string, string | undefined>;
    if (groups['command'] !== undefined && !isCommandLine(token)) return token.replace(/[A-Za-z]+/g, names.word);
    if (groups['word'] !== undefined) return names.word(token);
    if (groups['digits'] !== undefined) return names.number(token);
    if (groups['mention'] !== undefined)
      return token.toLowerCase() === '@all' ? token : `@${names.person(token.slice(1))}`;
    if (groups['place'] !== undefined) return String(names.iid(Number(token)));
    if (groups['zone'] !== undefined && !isTimeZone(token))
      return token
        .split('/')
        .map((word) => word.replace(/[A-Za-z]+/g, names.word))
        .join('/');
    return token;
  });
}
