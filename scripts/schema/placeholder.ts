import { SCHEMAS } from './schemas.ts';

const WORD_END = '(?![\\p{L}\\p{N}]|[-.]\\p{L})';
const EMPTY = new RegExp(
  `^(?:tbd|tba|tbc|wip|todo|fixme|xxx|to be (?:done|determined|defined|added|filled in)|fill me in)${WORD_END}|^null$`,
  'u',
);
const NOT_APPLICABLE = new RegExp(`^(?:n ?[/.] ?a|not applicable)${WORD_END}|^na\\W*$`, 'u');
const NONE = new RegExp(
  `^(?:none(?! of)|nothing to (?:improve|add|report)|keine?|aucune?|no (?:improvements?|improvement notes?|notes?)(?: needed)?)${WORD_END}|^no$|^nothing(?=[^\\p{L}\\p{N}]*$|\\s?[:;,.–—-])`,
  'u',
);
/** A reason counts from so many letters and digits. */
export const REASON_LETTERS = 20;

/** How many letters and digits a text has: what "a reason of 20 characters" counts, so that dots and dashes do not. */
export function countLetters(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

/** Says whether a text is a placeholder; with `noneCounts`, a bare "none" is an answer. */
export type PlaceholderTest = (text: string, noneCounts?: boolean) => boolean;

/**
 * A test whether a text stands where an answer should be: nothing, punctuation, `TBD`, `N/A`, one of a template's hints,
 * or "none" without a reason of 20 letters.
 */
function placeholderTest(hintsOfForm: () => readonly string[]): PlaceholderTest {
  let known: ReadonlySet<string> | undefined;
  return (text, noneCounts = false) => {
    const plain = normalise(text);
    known ??= new Set(hintsOfForm().flatMap((hint) => [hint, hint.replace(/^[^:]*:\s/, '')].map(normalise)));
    if (plain === '' || known.has(plain) || EMPTY.test(plain)) return true;
    const opening = NOT_APPLICABLE.exec(plain) ?? (noneCounts ? null : NONE.exec(plain));
    return opening !== null && countLetters(plain.slice(opening[0].length)) < REASON_LETTERS;
  };
}

/** Whether a text begins with "none", whatever reason it gives for that. */
export function saysNone(text: string): boolean {
  return NONE.test(normalise(text));
}

/** Lower case, without marks, entities, and whatever else stands before the first letter; empty where there is none. */
function normalise(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/&[a-z]{1,10};|[*_`~<>[\]]/g, ' ')
    .replace(/\s+/g, ' ');
  const start = plain.search(/[\p{L}\p{N}]/u);
  return start < 0 ? '' : plain.slice(start).trimEnd();
}

type Hinted = { 'x-hint'?: string; properties?: Record<string, Hinted> };

function hintsOf(node: Hinted): string[] {
  const own = node['x-hint'] === undefined ? [] : [node['x-hint']];
  return [...own, ...Object.values(node.properties ?? {}).flatMap(hintsOf)];
}

/** The hints of our own templates. */
function ourHints(): string[] {
  return [SCHEMAS.incident, SCHEMAS.handoff, SCHEMAS.rca].flatMap((schema) => hintsOf(schema as Hinted));
}

/** The test for our own templates. */
export const isPlaceholder = placeholderTest(ourHints);
