import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import type { Unit } from './markdown.ts';
import { isNestedTooDeeply, twinKeysIn, unlessTooDeep } from './yaml-limits.ts';

/** A key of a fenced YAML block with its value as text units, as if it had been written as bullets. */
export type YamlEntry = { key: string; line: number; units: Unit[]; nested: YamlEntry[] };

/** What a block holds: its entries, or, where it is a list, the list's items as units. */
export type YamlBlock = { entries: YamlEntry[]; units: Unit[]; problems: { line: number; says: string }[] };

/** A fenced YAML block with fields in it: its section, and the lines on which its text begins and ends. */
export type Block = { section: string; from: number; to: number };

const LONGEST = 65_536;
const DEEPEST = 20;

/**
 * Reads a fenced YAML block. Every scalar stays the text it is (YAML's failsafe schema), so no tag, date or number
 * changes it; aliases, merge keys and tags have no meaning. `firstLine` is the line on which the block's text begins.
 */
export function readYaml(text: string, firstLine: number): YamlBlock {
  const refused = (says: string): YamlBlock => ({ entries: [], units: [], problems: [{ line: firstLine, says }] });
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
  const lineAt = (offset: number): number => firstLine + lines.linePos(offset).line - 1;
  const reader = new Reader(lineAt);
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

class Reader {
  problems: { line: number; says: string }[] = [];
  private readonly lineAt: (offset: number) => number;

  constructor(lineAt: (offset: number) => number) {
    this.lineAt = lineAt;
  }

  readMap(node: unknown): YamlEntry[] {
    if (!isMap(node)) return [];
    return node.items.flatMap((pair) => {
      if (!isScalar(pair.key)) return [];
      const line = this.lineOf(pair.key);
      return [
        { key: String(pair.key.value), line, units: this.toUnits(pair.value, 0), nested: this.readMap(pair.value) },
      ];
    });
  }

  toUnits(node: unknown, depth: number): Unit[] {
    if (isSeq(node)) return node.items.flatMap((item) => this.toUnits(item, depth + 1));
    if (isMap(node) && node.has('text')) return [this.unit(this.entry(node), node, depth)];
    if (isMap(node)) {
      return node.items.map((pair) =>
        this.unit(`${this.flat(pair.key)}: ${this.flat(pair.value)}`, pair.key, depth + 1),
      );
    }
    const text = this.flat(node);
    return text === '' ? [] : [this.unit(text, node, depth)];
  }

  /** An entry of a list as the record has it (`at`, `text`, ...), as people write one in a line. */
  private entry(node: YAMLMap): string {
    const [at, kind, audience, text] = ['at', 'kind', 'audience', 'text'].map((key) => this.flat(node.get(key, true)));
    const done = this.flat(node.get('done', true));
    const box = done === '' ? '' : done === 'true' ? '[x] ' : '[ ] ';
    return box + [at, kind, audience, text].filter((part) => part !== '').join(': ');
  }

  private unit(text: string, node: unknown, depth: number): Unit {
    return { kind: 'text', line: this.lineOf(node), depth, bullet: depth > 0, quoted: false, text };
  }

  private flat(node: unknown): string {
    if (isAlias(node)) {
      this.problems.push({ line: this.lineOf(node), says: 'aliases are not read' });
      return '';
    }
    if (isScalar(node)) return typeof node.value === 'string' ? node.value.trim() : '';
    if (isSeq(node)) return node.items.map((item) => this.flat(item)).join('; ');
    if (isMap(node)) return node.items.map((pair) => this.flat(pair)).join('; ');
    return isPair(node) ? `${this.flat(node.key)}: ${this.flat(node.value)}` : '';
  }

  private lineOf(node: unknown): number {
    return this.lineAt((node as Node | null)?.range?.[0] ?? 0);
  }
}
