import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Node,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Unit } from './markdown.ts';
import { beginningsOf } from './scalar-lines.ts';
import { isNestedTooDeeply, twinKeysIn, unlessTooDeep } from './yaml-limits.ts';

/**
 * A key of a fenced YAML block with its value as text units, as if it had been written as bullets. A key may span lines:
 * `keyLines` are those of its text, one by one. Where the value is a mapping, `nested` are its own keys, one level deep.
 */
export type YamlEntry = { key: string; keyLines: number[]; line: number; units: Unit[]; nested: YamlEntry[] };

/** What a block holds: its entries, or, where it is a list, the list's items as units. */
export type YamlBlock = { entries: YamlEntry[]; units: Unit[]; problems: { line: number; says: string }[] };

/** A fenced YAML block with fields in it: its section, and the lines on which its text begins and ends. */
export type Block = { section: string; from: number; to: number };

/** The keys of an entry of a list, in the order in which people write them in a line. */
const ENTRY = ['done', 'at', 'kind', 'audience', 'owner', 'due_on', 'text'] as const;
const LONGEST = 65_536;
const DEEPEST = 20;

/**
 * Reads a fenced YAML block. Every scalar stays the text it is (YAML's failsafe schema), so no tag, date or number
 * changes it; aliases, merge keys and tags have no meaning. `firstLine` is the line on which the block's text begins.
 */
export function readYaml(text: string, firstLine: number): YamlBlock {
  const line = firstLine + (shownLines(text)[0] ?? 0);
  const refused = (says: string): YamlBlock => ({ entries: [], units: [], problems: [{ line, says }] });
  if (text.length > LONGEST) return refused('the block is longer than 65,536 characters');
  const block = isNestedTooDeeply(text, DEEPEST) ? undefined : unlessTooDeep(() => readBlock(text, firstLine));
  return block ?? refused('the block is nested too deeply');
}

function readBlock(text: string, firstLine: number): YamlBlock {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    lineCounter: lines,
    logLevel: 'error',
    uniqueKeys: false,
  });
  const shown = shownLines(text);
  const lineAt = (offset: number): number => {
    const index = lines.linePos(offset).line - 1;
    return firstLine + (shown[index] ?? index);
  };
  const reader = new Reader(text, lineAt);
  const problems = document.errors
    .filter((error) => !isBareMention(error.code, text.charAt(error.pos[0])))
    .map((error) => ({
      line: lineAt(error.pos[0]),
      says: WORDS[error.code] ?? firstSentence(error.message),
    }));
  const contents: unknown = document.contents;
  const entries = reader.readMap(contents);
  const units = isSeq(contents) ? reader.toUnits(contents, 0) : [];
  const twins = twinKeysIn(document).map((offset) => ({ line: lineAt(offset), says: 'a key stands twice' }));
  return { entries, units, problems: [...problems, ...twins, ...reader.problems] };
}

/**
 * For each line of a block, counted from 0, the one to name for it: itself, or, where it is empty, the next one that is
 * not, else the last. Errors, and values that are not there, stand between others or behind all.
 */
function shownLines(text: string): number[] {
  const lines = text.split('\n').map((line) => line.trim());
  const last = Math.max(
    lines.findLastIndex((line) => line !== ''),
    0,
  );
  const shown = lines.map(() => last);
  for (let index = last - 1; index >= 0; index -= 1)
    shown[index] = lines[index] === '' ? (shown[index + 1] ?? last) : index;
  return shown;
}

/** `owner: @ana` without quotes is no YAML, but nobody can mean anything else by it. */
function isBareMention(code: string, character: string): boolean {
  return code === 'BAD_SCALAR_START' && character === '@';
}

/** What the parser's commonest complaints mean to somebody who just wants to write a value down. */
const WORDS: Partial<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'a line has a second colon: put its value in quotes',
  MULTILINE_IMPLICIT_KEY: 'a line has no colon after its key, or a quote is not closed',
  UNEXPECTED_TOKEN: 'something stands behind a value: put the whole value in quotes, or on a line of its own',
  TAB_AS_INDENT: 'a line begins with a tab: indent with spaces',
  BAD_SCALAR_START: 'a value begins with a character that YAML reserves: put it in quotes',
};

function firstSentence(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
}

/** A part of a text, and the node that it is of; what stands between two is of none. */
type Piece = { text: string; node?: unknown };

class Reader {
  problems: { line: number; says: string }[] = [];
  private readonly block: string;
  private readonly lineAt: (offset: number) => number;
  /** Of texts that were looked at: a nested one is part of several. */
  private readonly known = new Map<unknown, number[]>();

  constructor(block: string, lineAt: (offset: number) => number) {
    this.block = block;
    this.lineAt = lineAt;
  }

  readMap(node: unknown, isNested = false): YamlEntry[] {
    if (!isMap(node)) return [];
    return node.items.flatMap((pair) => {
      if (!isScalar(pair.key)) return [];
      const key = String(pair.key.value);
      const places = { keyLines: this.scalarLines(key, pair.key), line: this.lineOf(pair.key) };
      const nested = isNested ? [] : this.readMap(pair.value, true);
      return [{ key, ...places, units: this.toUnits(pair.value, 0), nested }];
    });
  }

  toUnits(node: unknown, depth: number): Unit[] {
    if (isSeq(node)) return node.items.flatMap((item) => this.toUnits(item, depth + 1));
    if (isMap(node) && node.has('text')) return [this.unit(this.entry(node), depth)];
    if (isMap(node)) return node.items.map((pair) => this.unit(this.flat(pair), depth + 1));
    const unit = this.unit(this.flat(node), depth);
    return unit.text === '' ? [] : [unit];
  }

  /** An entry of a list as the record has it (`at`, `text`, ...), as people write one in a line. */
  private entry(node: YAMLMap): Piece[] {
    const [done, ...parts] = ENTRY.map((key) => this.flat(node.get(key, true)));
    const isDone = textOf(done ?? []);
    const box = isDone === '' ? '' : isDone === 'true' ? '[x] ' : '[ ] ';
    const told = parts.filter((part) => textOf(part) !== '');
    const joined = told.flatMap((part, place) => (place === 0 ? part : [{ text: ': ' }, ...part]));
    return [{ text: box, node }, ...joined];
  }

  private unit(pieces: readonly Piece[], depth: number): Unit & { kind: 'text' } {
    const ofNodes = pieces.filter(({ node }) => node !== undefined);
    // Where one piece goes on in the line of another, the line stands where it begins.
    const lines = ofNodes.flatMap((piece, place) => this.linesOf(piece).slice(place === 0 ? 0 : 1));
    const more = lines.length > 1 ? { lines } : {};
    const text = textOf(pieces);
    return { kind: 'text', line: lines[0] ?? this.lineAt(0), depth, bullet: depth > 0, quoted: false, text, ...more };
  }

  /** A node as pieces of one line; they go into a list that is passed on, since nodes nest. */
  private flat(node: unknown, into: Piece[] = []): Piece[] {
    if (isAlias(node)) this.problems.push({ line: this.lineOf(node), says: 'aliases are not read' });
    if (isPair(node)) this.flatAll([node.key, node.value], ': ', into);
    else if ((isSeq(node) || isMap(node)) && node.items.length > 0) this.flatAll(node.items, '; ', into);
    else into.push({ text: isScalar(node) && typeof node.value === 'string' ? node.value.trim() : '', node });
    return into;
  }

  private flatAll(nodes: readonly unknown[], between: string, into: Piece[]): void {
    for (const [place, node] of nodes.entries()) {
      if (place > 0) into.push({ text: between });
      this.flat(node, into);
    }
  }

  private linesOf({ text, node }: Piece): number[] {
    if (!isScalar(node)) return [this.lineOf(node)];
    const lines = this.known.get(node) ?? this.scalarLines(text, node);
    this.known.set(node, lines);
    return lines;
  }

  private scalarLines(text: string, node: Scalar): number[] {
    const [from, to] = node.range ?? [0, 0];
    return beginningsOf(text, this.block.slice(from, to), node.type).map((offset) => this.lineAt(from + offset));
  }

  private lineOf(node: unknown): number {
    return this.lineAt((node as Node | null)?.range?.[0] ?? 0);
  }
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('');
}
