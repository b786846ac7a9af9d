import { isScalar, visit, type Document } from 'yaml';

/**
 * Whether a text nests more collections than anybody writes by hand: the parser follows them without limit, one call
 * within another, and takes the process with it.
 */
export function isNestedTooDeeply(text: string, deepest: number): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > deepest) return true;
  }
  return /(?:[-?:][ \t]+){20}/.test(text);
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
