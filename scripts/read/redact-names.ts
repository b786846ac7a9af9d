import { isKnown, type Vocabulary } from './vocabulary.ts';

/**
 * New names for old ones: of people, words, numbers, issues and labels. One is always called the same, and two are never
 * called alike, as long as there are names of their length.
 */
export type Names = {
  person: (username: string) => string;
  word: (word: string) => string;
  number: (digits: string) => string;
  iid: (iid: number) => number;
  project: (id: number) => number;
  user: (id: number) => number;
  note: (id: number) => number;
  label: (label: string) => string;
};

const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';
/** For letters beyond a to z, of which references and user names are not made. */
const FOREIGN = 'бвгджзклмнпрст';

export const BOT_NAME = 'watchkeeper-bot';

/** What new names depend on: words that stay, words that no new one may be, who the bot is, which labels stay, and all notes. */
export type Naming = {
  vocabulary: Vocabulary;
  taken: ReadonlySet<string>;
  bot: { id: number; username: string };
  isKnownLabel: (label: string) => boolean;
  noteIds: readonly number[];
};

/** Makes new names as they are asked for, so that the same questions in the same order give the same names. */
export function createNames({ vocabulary, taken, bot, isKnownLabel, noteIds }: Naming): Names {
  const ranks = [...new Set(noteIds)].sort((a, b) => a - b);
  const people = counted((count) => `person-${count}`);
  const labels = counted((count) => `label-${count}`);
  const iids = counted(String);
  const projects = counted(String);
  const users = counted((count) => String(100 + count));
  const numbers = new Map<number, Map<string, string>>();
  const isTaken = (word: string): boolean => taken.has(word) || vocabulary.has(word);
  const words = createWords(isTaken);
  return {
    person: (username) =>
      username.toLowerCase() === bot.username.toLowerCase() ? BOT_NAME : people(username.toLowerCase()),
    word: (word) => (isKnown(word, vocabulary) ? word : inShapeOf(word, words(word.toLowerCase()))),
    number: (digits) => (digits.length < 2 ? digits : numberFor(digits, numbers)),
    iid: (iid) => Number(iids(String(iid))),
    project: (id) => Number(projects(String(id))),
    user: (id) => (id === bot.id ? 100 : Number(users(String(id)))),
    note: (id) => 1000 + ranks.indexOf(id) + 1,
    label: (label) => (isKnownLabel(label) ? label : labels(label)),
  };
}

function counted(name: (count: number) => string): (key: string) => string {
  const known = new Map<string, string>();
  return (key) => {
    const found = known.get(key) ?? name(known.size + 1);
    known.set(key, found);
    return found;
  };
}

/** A word of the same length for each word, which nobody has written. */
function createWords(isTaken: (word: string) => boolean): (word: string) => string {
  const known = new Map<string, string>();
  const next = new Map<number, number>();
  return (word) => {
    const found = known.get(word);
    if (found !== undefined) return found;
    const { length } = Array.from(word);
    let count = next.get(length) ?? 0;
    while (isTaken(wordNumber(count, length)) && count < 100_000) count += 1;
    next.set(length, count + 1);
    known.set(word, wordNumber(count, length));
    return wordNumber(count, length);
  };
}

/** The words of a length in their order: consonants and vowels take turns. */
function wordNumber(count: number, length: number): string {
  let left = count;
  return Array.from({ length }, (_letter, index) => {
    const letters = index % 2 === 0 ? CONSONANTS : VOWELS;
    const letter = letters.charAt(left % letters.length);
    left = Math.floor(left / letters.length);
    return letter;
  }).join('');
}

/** A new word with capitals, digits and letters beyond a to z where the old one has them. */
function inShapeOf(word: string, filler: string): string {
  return Array.from(word)
    .map((character, index) => {
      const letter = filler.charAt(index);
      if (/\p{N}/u.test(character)) return String(letter.charCodeAt(0) % 10);
      if (/\p{M}/u.test(character)) return character;
      const same = /[a-z]/i.test(character) ? letter : FOREIGN.charAt(letter.charCodeAt(0) % FOREIGN.length);
      return character === character.toLowerCase() ? same : same.toUpperCase();
    })
    .join('');
}

/** A number with as many digits; one that begins with 0 still does. */
function numberFor(digits: string, numbers: Map<number, Map<string, string>>): string {
  const { length } = digits;
  const known = numbers.get(length) ?? new Map<string, string>();
  numbers.set(length, known);
  const count = String(known.size % 10 ** (length - 1)).padStart(length - 1, '0');
  const found = known.get(digits) ?? `${digits.startsWith('0') ? '0' : '1'}${count}`;
  known.set(digits, found);
  return found;
}
