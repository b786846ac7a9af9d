import { parseDocument } from 'yaml';

/**
 * The text of a configuration with `gate.since` set, all else as it was, comments included; the same text where it is set, or
 * where it is no mapping.
 */
export function withSince(text: string, since: string): string {
  const document = parseDocument(text, { keepSourceTokens: true, logLevel: 'error' });
  if (document.errors.length > 0 || document.hasIn(['gate', 'since'])) return text;
  document.setIn(['gate', 'since'], since);
  return document.toString({ lineWidth: 0, singleQuote: true });
}

/** `gate.since` of the text of a configuration, as it is written there. */
export function sinceOf(text: string): string | undefined {
  const document = parseDocument(text, { logLevel: 'error' });
  const since: unknown = document.errors.length > 0 ? undefined : document.getIn(['gate', 'since']);
  return typeof since === 'string' ? since : undefined;
}
