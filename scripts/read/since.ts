import { isMap, isNode, parseDocument } from 'yaml';
import { SetupError } from '../ci/errors.ts';

/**
 * The text of a configuration with `gate.since` set, and all else as it was, character by character where its form allows it; the
 * same text where it is set already. Throws a SetupError where that would change anything else.
 */
export function withSince(text: string, since: string): string {
  const document = parseDocument(text, { logLevel: 'error' });
  if (document.errors.length > 0 || !isMap(document.contents) || document.hasIn(['gate', 'since'])) return text;
  const wanted = document.toJS() as { gate?: object | null };
  wanted.gate = { ...wanted.gate, since };
  const isRight = (written: string): boolean =>
    JSON.stringify(sorted(read(written))) === JSON.stringify(sorted(wanted));
  const spliced = splice(text, document, since);
  if (isRight(spliced)) return spliced;
  document.set('gate', wanted.gate);
  const whole = document.toString({ lineWidth: 0, singleQuote: true });
  if (isRight(whole)) return whole;
  throw new SetupError(`gate.since cannot be written into the configuration: write it yourself, with ${since}.`);
}

/** `gate.since` of the text of a configuration, as it is written there. */
export function sinceOf(text: string): string | undefined {
  const { gate } = (read(text) ?? {}) as { gate?: { since?: unknown } | null };
  return typeof gate?.since === 'string' ? gate.since : undefined;
}

function read(text: string): unknown {
  const document = parseDocument(text, { logLevel: 'error' });
  return document.errors.length > 0 ? undefined : document.toJS();
}

/** A line more, in the style of those around it. */
function splice(text: string, document: ReturnType<typeof parseDocument>, since: string): string {
  const gate: unknown = document.get('gate', true);
  if (gate === undefined) {
    const comment = '# Incidents that were closed before this time are never touched.';
    return `${text.trimEnd()}\n\n${comment}\ngate:\n  since: ${since}\n`;
  }
  const [first] = isMap(gate) ? gate.items : [];
  const at = first && isNode(first.key) ? first.key.range?.[0] : undefined;
  if (!isMap(gate) || at === undefined) return text;
  const column = at - (text.lastIndexOf('\n', at - 1) + 1);
  const after = gate.flow === true ? ', ' : `\n${' '.repeat(column)}`;
  const written = gate.flow === true ? `'${since}'` : since;
  return `${text.slice(0, at)}since: ${written}${after}${text.slice(at)}`;
}

/** The same value with the keys of its mappings in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
