import type { Scalar } from 'yaml';

/** In double quotes, YAML's escapes; what is none stays as it is. Source: YAML 1.2.2, section 5.7. */
const IN_DOUBLE_QUOTES = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0abtnvfreN_LP"/\\ \t\n])|\S/g;

/**
 * Where each line of a scalar's text begins in the scalar as it was `written`: the offset of its first visible character,
 * or of the next one where the line has none. YAML folds lines, and drops and adds spaces, but what is visible stays, and
 * in its order.
 */
export function beginningsOf(text: string, written: string, type: Scalar['type']): number[] {
  const wanted = visibleBefore(text);
  const found: number[] = [];
  let passed = 0;
  for (const { offset, width } of visibleIn(written, type)) {
    passed += width;
    while (found.length < wanted.length && (wanted[found.length] ?? 0) < passed) found.push(offset);
    if (found.length === wanted.length) break;
  }
  // Nothing visible follows an empty line at the end.
  const last = found.at(-1) ?? 0;
  return wanted.map((_count, index) => found[index] ?? last);
}

/** How many visible characters stand before each line of a text. */
function visibleBefore(text: string): number[] {
  let before = 0;
  return text.split('\n').map((line) => {
    const count = before;
    before += visibleUnits(line);
    return count;
  });
}

/** The visible characters of a scalar as it is written, and how many UTF-16 units of its text each stands for. */
function* visibleIn(written: string, type: Scalar['type']): Generator<{ offset: number; width: number }> {
  const isQuoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
  // A block scalar begins with a line of signs.
  const from = isQuoted ? 1 : type === 'PLAIN' ? 0 : written.indexOf('\n') + 1;
  const sign = type === 'QUOTE_DOUBLE' ? IN_DOUBLE_QUOTES : type === 'QUOTE_SINGLE' ? /''|\S/g : /\S/g;
  for (const { 0: found, index } of written.slice(from).matchAll(sign))
    yield { offset: from + index, width: type === 'QUOTE_DOUBLE' ? widthOf(found) : 1 };
}

function visibleUnits(text: string): number {
  return text.replace(/\s+/g, '').length;
}

function widthOf(sign: string): number {
  if (sign.length === 1) return 1;
  const hex = /^\\[xuU](.+)$/.exec(sign)?.[1];
  if (hex === undefined) return /[tnvfr_LP \t\n]/.test(sign.charAt(1)) ? 0 : 1;
  const code = Number.parseInt(hex, 16);
  return code > 0x10ffff ? sign.length : visibleUnits(String.fromCodePoint(code));
}
