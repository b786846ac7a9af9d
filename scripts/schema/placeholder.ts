import incident from '../../schemas/incident.schema.json' with { type: 'json' };

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

/**
 * Whether a text stands where an answer should be: nothing, punctuation, `TBD`, `N/A`, a template's hint,
 * or "none" without a reason of 20 letters. With `noneCounts`, a bare "none" is an answer.
 */
export function isPlaceholder(text: string, noneCounts = false): boolean {
  const plain = normalise(text);
  if (plain === '' || HINTS.has(plain) || EMPTY.test(plain)) return true;
  const opening = NOT_APPLICABLE.exec(plain) ?? (noneCounts ? null : NONE.exec(plain));
  return opening !== null && countLetters(plain.slice(opening[0].length)) < REASON_LETTERS;
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
  const own = node['x-hint'] === undefined ? [] : [node['x-hint'], node['x-hint'].replace(/^[^:]*:\s/, '')];
  return [...own, ...Object.values(node.properties ?? {}).flatMap(hintsOf)];
}

const HINTS = new Set(hintsOf(incident as Hinted).map(normalise));
