import { table } from '../../scripts/ci/terminal.ts';

/** A figure, a word, or nothing where there is none to give. */
export type Cell = number | string | boolean | undefined;

/**
 * What was measured of one question: a table of rows with the same names. `notes` say what one must know to read it, `calls` how
 * often each kind of call was made for what.
 */
export type Topic = { name: string; title: string; notes: string[]; rows: Record<string, Cell>[]; calls?: Record<string, Record<string, number>> };

/** A topic as it is printed: figures to three digits or whole, to the right of their columns. */
export function printed({ title, notes, rows, calls = {} }: Topic, bold: (text: string) => string): string {
  const listed = Object.entries(calls).flatMap(([work, kinds]) => Object.entries(kinds).map(([call, times]) => ({ for: work, times, call })));
  const tables = [rows, listed].filter((each) => each.length > 0).map(aligned);
  return [bold(title), '', tables.join('\n\n'), '', ...notes.map((note) => `* ${note}`), ''].join('\n');
}

function aligned(rows: readonly Record<string, Cell>[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const isFigure = (column: string): boolean => rows.every((row) => typeof row[column] !== 'string');
  const shown = rows.map((row) => columns.map((column) => shownCell(row[column])));
  const lines = [columns, ...shown].map((cells) =>
    cells.map((cell, index) => {
      const width = Math.max(...[columns, ...shown].map((cellsOf) => (cellsOf[index] ?? '').length));
      return isFigure(columns[index] ?? '') ? cell.padStart(width) : cell;
    }),
  );
  return table(lines);
}

function shownCell(cell: Cell): string {
  if (cell === undefined) return '-';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'NO';
  if (typeof cell === 'string') return cell;
  if (Number.isInteger(cell) || Math.abs(cell) >= 100) return Math.round(cell).toLocaleString('en-GB');
  return Number(cell.toPrecision(3)).toString();
}

/** All that was measured, with what one must know of the machine, as it is kept. */
export function toJson(topics: readonly Topic[], machine: Record<string, Cell>): string {
  const rounded = (_key: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);
  return `${JSON.stringify({ machine, topics }, rounded, 2)}\n`;
}
