import { isMap, isNode, parseDocument } from 'yaml';

/**
 * The text of a configuration with `gate.since` set, and all else as it was, character by character; the same text where it is
 * set already, or where there is nothing to set it in.
 */
export function withSince(text: string, since: string): string {
  const document = parseDocument(text, { logLevel: 'error' });
  if (document.errors.length > 0 || !isMap(document.contents) || document.hasIn(['gate', 'since'])) return text;
  const gate: unknown = document.get('gate', true);
  if (gate === undefined)
    return `${text.trimEnd()}\n\n# Incidents that were closed before this time are never touched.\ngate:\n  since: ${since}\n`;
  const [first] = isMap(gate) ? gate.items : [];
  const at = first && isNode(first.key) ? first.key.range?.[0] : undefined;
  if (!isMap(gate) || at === undefined) return text;
  const column = at - (text.lastIndexOf('\n', at - 1) + 1);
  const after = gate.flow === true ? ', ' : `\n${' '.repeat(column)}`;
  return `${text.slice(0, at)}since: ${gate.flow === true ? `'${since}'` : since}${after}${text.slice(at)}`;
}

/** `gate.since` of the text of a configuration, as it is written there. */
export function sinceOf(text: string): string | undefined {
  const document = parseDocument(text, { logLevel: 'error' });
  const since: unknown = document.errors.length > 0 ? undefined : document.getIn(['gate', 'since']);
  return typeof since === 'string' ? since : undefined;
}
