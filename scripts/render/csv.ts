import { stringify } from 'csv-stringify/sync';

/** What a cell holds; null is an empty one. */
export type Cell = string | number | null;

/**
 * Rows as CSV with a head, as RFC 4180 has it. A text that a spreadsheet would take for a formula (it begins with =, +, -, @ or
 * a tab) gets an apostrophe before it. Source: OWASP, CSV Injection.
 */
export function renderCsv(columns: readonly string[], rows: readonly Readonly<Record<string, Cell>>[]): string {
  return stringify([...rows], {
    header: true,
    columns: [...columns],
    record_delimiter: 'windows',
    escape_formulas: true,
  });
}
