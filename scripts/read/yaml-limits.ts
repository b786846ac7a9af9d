import { CST, isScalar, Lexer, visit, type Document } from 'yaml';

const DEEPEST_IN_LINE = 20;

/**
 * Whether a text nests more collections than anybody writes by hand: the parser follows them without limit, one call
 * within another, and takes the process with it. Its tokens are counted, so that brackets in texts and remarks are none.
 */
export function isNestedTooDeeply(text: string, deepest: number): boolean {
  let [flow, inLine] = [0, 0];
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === 'flow-seq-start' || type === 'flow-map-start') flow += 1;
    else if (type === 'flow-seq-end' || type === 'flow-map-end') flow -= 1;
    else if (type === 'newline') inLine = 0;
    else if (flow === 0 && (type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind'))
      inLine += 1;
    if (flow > deepest || inLine >= DEEPEST_IN_LINE) return true;
  }
  return false;
}

/** Runs what parses or walks; where calls within calls are too many all the same, nothing is returned. */
export function unlessTooDeep<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Where keys stand that their mapping has already, by offset; the parser's own search takes quadratic time. */
export function twinKeysIn(document: Document): number[] {
  const offsets: number[] = [];
  visit(document, {
    Map: (_key, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) offsets.push(key.range?.[0] ?? 0);
        seen.add(key.value);
      }
    },
  });
  return offsets;
}

/** How many aliases a document has; resolving each takes time that grows with the document. */
export function countAliases(document: Document): number {
  let count = 0;
  visit(document, {
    Alias: () => {
      count += 1;
    },
  });
  return count;
}
