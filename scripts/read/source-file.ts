import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { unescape } from '../schema/tree.ts';

/** Something wrong in a file that people keep: where, by which code, and what to do. Lines and columns count from 1. */
export type Mistake = { file: string; line: number; column: number; code: string; message: string };

/** A place in a file. */
export type Place = Pick<Mistake, 'line' | 'column'>;

/** A YAML or JSON file, read: its value, and where the value at a JSON pointer stands (for `key`, that key of a mapping). */
export type SourceFile = { value: unknown; placeOf: (pointer: string, key?: string) => Place };

export type Parsed = { ok: true; file: SourceFile } | { ok: false; place: Place; says: string };

/** Parses YAML 1.2, of which JSON is a part. Duplicate keys, unknown tags and masses of aliases are refused. */
export function parseSource(text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'error', merge: false });
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
  try {
    const value: unknown = document.toJS({ maxAliasCount: 50 });
    if (isCyclic(value)) return { ok: false, place: { line: 1, column: 1 }, says: 'an anchor contains itself' };
    return { ok: true, file: { value, placeOf: (pointer, key) => toPlace(offsetOf(document, pointer, key)) } };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, place: { line: 1, column: 1 }, says: error.message };
  }
}

function isCyclic(value: unknown, above: readonly unknown[] = []): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return above.includes(value) || Object.values(value).some((inner) => isCyclic(inner, [...above, value]));
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
