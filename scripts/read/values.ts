import { findReference, isGitLabReference } from '../schema/formats.ts';
import { countLetters, isPlaceholder } from '../schema/placeholder.ts';
import type { Incident, Outcome, RootCauseAnalysis } from '../schema/types.gen.ts';
import { splitTime } from './time.ts';

type Entry = NonNullable<Incident['timeline']>[number];
type Letter = NonNullable<Incident['correspondence']>[number];
type ImprovementNote = NonNullable<Incident['improvement_notes']>[number];

const SEVERITY_WORDS: Readonly<Record<string, 1 | 2 | 3 | 4>> = { critical: 1, high: 2, medium: 3, low: 4 };

const WITH_COLON =
  /^(?:\[[ xX]\]\s{1,8})?[^\p{L}\p{N}:：\n]{0,12}([^*`~:\n：]{1,60}?)[*_`~\s]{0,8}[:：][*_`~]*\s*([^]*)$/u;
const BOLD_ALONE = /^[^\p{L}\p{N}*_\n]{0,12}(?:\*\*|__)([^*_:\n]{1,60})(?:\*\*|__)(?:\s+([^]*))?$/u;
const PICTURES = /^(?:[\p{Extended_Pictographic}\uFE0F\u200D]|:[a-z0-9_+-]{1,40}:)+\s*(?=[^\s\d])/u;
const MARKS = new Set([' ', '\t', '\r', '\n', '*', '_', '`', '~']);

/** The kinds of improvement notes, with the other names that people give them. */
const NOTE_KINDS = new Map<string, NonNullable<ImprovementNote['kind']>>([
  ['process', 'process'],
  ['processes', 'process'],
  ['tooling', 'tooling'],
  ['tool', 'tooling'],
  ['tools', 'tooling'],
  ['knowledge base', 'knowledge base'],
  ['knowledge', 'knowledge base'],
  ['kb', 'knowledge base'],
  ['runbook', 'knowledge base'],
  ['documentation', 'knowledge base'],
  ['automation', 'automation'],
  ['risk', 'risk'],
  ['risky decision', 'risk'],
  ['question', 'question'],
  ['questions', 'question'],
]);

/** Takes away the marks that wrap a whole text (bold, italics, code), line ends and the target of links. */
export function unwrap(text: string): string {
  const flat = text.replace(/\[([^\][\n]{1,300})\]\([^()\s]{0,2000}\)/g, '$1').replace(/\\$/gm, '');
  let start = 0;
  let end = flat.length;
  while (start < end && MARKS.has(flat.charAt(start))) start += 1;
  while (end > start && MARKS.has(flat.charAt(end - 1))) end -= 1;
  return flat.slice(start, end).replace(PICTURES, '');
}

/** `@ana`, also as a link, in bold, or with a remark in brackets; other texts come back as they are. */
export function readUser(text: string): string {
  const plain = unwrap(text);
  return /^(@[\w.-]*\w)(?:\s*\([^()]*\))?[.,;]?$/.exec(plain)?.[1] ?? plain;
}

/** A severity as 1 to 4 from `S2`, `2`, `SEV-2`, `severity::2`, `high`; other texts come back as they are. */
export function readSeverity(text: string): 1 | 2 | 3 | 4 | string {
  const plain = unwrap(text).toLowerCase();
  if (namesSeveral(plain.replace(/\([^()]*\)/g, ' '))) return text;
  const digit = /^~?"?(?:sev(?:erity)?|s|p)?[\s:-]*([1-4])"?(?![\w.])/.exec(plain)?.[1];
  const word = /^(critical|high|medium|low)(?!\w)/.exec(plain)?.[1];
  return digit !== undefined ? (Number(digit) as 1 | 2 | 3 | 4) : ((word && SEVERITY_WORDS[word]) ?? text);
}

/** `S3 -> S1`, `S2/3`, `medium-high`: which of them holds is for the writer to say. Words count where nothing follows them; brackets are remarks. */
function namesSeveral(plain: string): boolean {
  const prefixed = plain.matchAll(/\b(?:sev(?:erity)?[\s:-]*|s|p)([1-4])(?![\w%]|\.\d)/g);
  const bare = plain.matchAll(/(?:^|(?:[/>→–-]|\bor|\bto)\s*)([1-4])(?![\w.%]|\s+\w)/g);
  const words = plain.matchAll(/(?<!\w)(critical|high|medium|low)(?!\w|\s+\w)/g);
  const first = plain.matchAll(/^(?:critical|high|medium|low)(?!\w)/g);
  const named = [...words, ...first].map(([, word = plain.split(/\W/)[0] ?? '']) => SEVERITY_WORDS[word]);
  return new Set([...[...prefixed, ...bare].map(([, digit]) => Number(digit)), ...named]).size > 1;
}

/** The severity that a label `severity::N` gives. */
export function severityOfLabel(label: string): number | undefined {
  const digit = /^severity::([1-4])$/.exec(label)?.[1];
  return digit === undefined ? undefined : Number(digit);
}

/** What an outcome says; a kind that is none of ours stays as written, so that the schema refuses it. */
export function readOutcome(text: string): Outcome {
  const plain = unwrap(text);
  const match =
    /^(resolved|false[\s_-]*positive|fp|dup(?:e|licate)?|tracked|transferred)(?![\w])(?:\s+(?:of|in|to|by|as))?/i.exec(
      plain,
    );
  if (!match) return { kind: plain as Outcome['kind'] };
  if (plain.charAt(match[0].length) === '?') return { kind: plain as Outcome['kind'] };
  const kind = (match[1] ?? '').toLowerCase().replace(/[\s_-]+/g, ' ');
  const [before = ''] = /^[\s:,;.(–—-]*/.exec(plain.slice(match[0].length)) ?? [];
  const behind = plain.slice(match[0].length + before.length);
  const rest = unwrap(before.includes('(') ? behind.replace(/\)$/, '') : behind);
  const reference = findReference(text) ?? rest;
  if (kind === 'resolved') return { kind };
  if (kind.startsWith('f')) return withText({ kind: 'false positive' }, 'reason', rest);
  if (kind.startsWith('d')) return withText({ kind: 'duplicate' }, 'duplicate_of', reference);
  if (kind === 'tracked') return withText({ kind: 'tracked in' }, 'tracked_in', reference);
  return withText({ kind: 'transferred' }, 'transferred_to', reference);
}

function withText<T extends object>(value: T, key: string, text: string): T {
  return isPlaceholder(text, true) ? value : { ...value, [key]: text };
}

/** The decision on a root cause analysis: a reference, `requested`, or `not needed: reason`. */
export function readAnalysis(text: string): RootCauseAnalysis {
  const plain = unwrap(text);
  const waived = /^(?:not[\s_-]*needed|waived|no rca)(?!\w)[\s:,;–—-]*/i.exec(plain);
  if (waived) return withText({ decision: 'not needed' }, 'reason', plain.slice(waived[0].length));
  if (/^requested(?!\w)/i.test(plain)) return { decision: 'requested' };
  const reference = isGitLabReference(plain) ? plain : findReference(text);
  if (reference !== undefined) return { decision: 'reference', reference };
  return { decision: plain as RootCauseAnalysis['decision'] };
}

/** A number such as `12` or `12,500`; other texts come back as they are. */
export function readNumber(text: string): number | string {
  const plain = unwrap(text);
  return /^-?\d{1,3}(?:,\d{3})*(?:\.\d+)?$|^-?\d{1,15}(?:\.\d+)?$/.test(plain)
    ? Number(plain.replaceAll(',', ''))
    : plain;
}

/** `yes` or `no`, also with a remark behind it; other texts come back as they are. */
export function readYesOrNo(text: string): boolean | string {
  const plain = unwrap(text);
  const word = /^(yes|true|no|false)(?=$|[,;:.]|\s*[(–—]|\s+-\s)(?!.*\?)/i.exec(plain)?.[1]?.toLowerCase();
  return word === undefined ? plain : word === 'yes' || word === 'true';
}

/** One of several choices, whatever its case; other texts come back as they are. */
export function readChoice(text: string, choices: readonly string[]): string {
  const plain = unwrap(text);
  return choices.find((choice) => choice.toLowerCase() === plain.toLowerCase()) ?? plain;
}

/** One line of a timeline: its time, if it begins with one, and its text. */
export function readEntry(text: string, timeZone: string): Entry {
  const timed = splitTime(unwrap(text), timeZone);
  if (!timed) return { text: unwrap(text) };
  return { at: timed.at, text: unwrap(timed.rest.replace(/^[\s*_`|:,;–—-]+/, '')) };
}

/** One line of correspondence; what is missing stays missing, so that the schema refuses it. */
export function readLetter(text: string, timeZone: string): Partial<Letter> {
  const audience = /\b(internal|external)\b/i.exec(text)?.[1]?.toLowerCase() as Letter['audience'] | undefined;
  return { ...readEntry(text, timeZone), ...(audience ? { audience } : {}) };
}

/** An improvement note, `[x]` and kind taken off. `kind` may come from the heading above. */
export function readNote(text: string, kindAbove?: ImprovementNote['kind']): ImprovementNote {
  const task = /^\[([ xX])\]\s+/.exec(text);
  const body = task ? text.slice(task[0].length) : text;
  const labelled = splitLabel(body);
  const kind = labelled ? noteKind(labelled.label) : undefined;
  const note: ImprovementNote = { text: unwrap(kind && labelled ? labelled.value : body) };
  const known = kind ?? kindAbove;
  if (known) note.kind = known;
  if (task) note.done = task[1] !== ' ';
  return note;
}

/** The kind of improvement note that a word names. */
export function noteKind(name: string): ImprovementNote['kind'] {
  return NOTE_KINDS.get(name.trim().toLowerCase());
}

/** `**Owner**: @ana` as label and value, whatever the marks; undefined where no short label is followed by a colon. */
export function splitLabel(text: string): { label: string; value: string } | undefined {
  const match = WITH_COLON.exec(text) ?? BOLD_ALONE.exec(text);
  if (!match || countLetters(match[1] ?? '') === 0) return undefined;
  return { label: (match[1] ?? '').trim(), value: (match[2] ?? '').trim() };
}
