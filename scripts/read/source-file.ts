import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { unescape } from '../schema/tree.ts';
import { countAliases, isNestedTooDeeply, twinKeysIn, unlessTooDeep } from './yaml-limits.ts';

/** Something wrong in a file that people keep: where, by which code, and what to do. Lines and columns count from 1. */
export type Mistake = { file: string; line: number; column: number; code: string; message: string };

/** A place in a file. */
export type Place = Pick<Mistake, 'line' | 'column'>;

/** A YAML or JSON file, read: its value, and where the value at a JSON pointer stands (for `key`, that key of a mapping). */
export type SourceFile = { value: unknown; placeOf: (pointer: string, key?: string) => Place };

export type Parsed = { ok: true; file: SourceFile } | { ok: false; place: Place; says: string };

const DEEPEST = 100;
const MOST_ALIASES = 200;
const START = { line: 1, column: 1 };

/** Parses YAML 1.2, of which JSON is a part. Duplicate keys, unknown tags and masses of aliases are refused. */
export function parseSource(text: string): Parsed {
  const parsed = isNestedTooDeeply(text, DEEPEST) ? undefined : unlessTooDeep(() => parseShallow(text));
  return parsed ?? { ok: false, place: START, says: 'is nested too deeply' };
}

function parseShallow(text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'error', merge: false, uniqueKeys: false });
  const toPlace = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const broken = document.errors[0] ?? document.warnings[0];
  if (broken)
    return {
      ok: false,
      place: toPlace(broken.pos[0]),
      says: wordsOf(broken.code, broken.message, text.charAt(broken.pos[0])),
    };
  const [twin] = twinKeysIn(document);
  if (twin !== undefined) return { ok: false, place: toPlace(twin), says: 'Map keys must be unique' };
  if (countAliases(document) > MOST_ALIASES)
    return { ok: false, place: START, says: `has more than ${MOST_ALIASES} aliases` };
  try {
    const value: unknown = document.toJS({ maxAliasCount: 50 });
    if (isCyclic(value)) return { ok: false, place: START, says: 'an anchor contains itself' };
    return { ok: true, file: { value, placeOf: (pointer, key) => toPlace(offsetOf(document, pointer, key)) } };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, place: START, says: error.message };
  }
}

/** Values that are shared are looked at once: `done` are those known to end. */
function isCyclic(value: unknown, above = new Set<unknown>(), done = new Set<unknown>()): boolean {
  if (typeof value !== 'object' || value === null || done.has(value)) return false;
  if (above.has(value)) return true;
  above.add(value);
  const isOne = Object.values(value).some((inner) => isCyclic(inner, above, done));
  above.delete(value);
  done.add(value);
  return isOne;
}

function wordsOf(code: string, message: string, character: string): string {
  if (/^Maximum call stack/.test(message)) return 'is nested too deeply';
  if (code === 'BAD_SCALAR_START') return `a value that begins with ${character} must stand in quotes`;
  return (message.split('\n')[0] ?? 'is no YAML').replace(/ at line \d+, column \d+:?$/, '');
}

function offsetOf(document: Document, pointer: string, key: string | undefined): number {
  const segments = pointer.split('/').slice(1).map(unescape);
  const path = segments.map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment));
  const node = document.getIn(path, true) ?? document.getIn(segments, true);
  const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
  const place = pair?.key ?? node;
  return isNode(place) ? (place.range?.[0] ?? 0) : 0;
}
