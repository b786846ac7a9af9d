import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'cyan';

/** Colours a text on a terminal, and leaves it plain elsewhere or where NO_COLOR is set. */
export function paint(style: Style, text: string): string {
  return process.stdout.isTTY && !process.env['NO_COLOR'] ? styleText(style, text) : text;
}

/** Rows as aligned columns, the first row underlined. */
export function table(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [lines[0] ?? '', rule, ...lines.slice(1)].join('\n');
}

type Paint = typeof paint;

/** Ways of telling a story on the terminal: headings are numbered, comments are shown as `draw` draws them. */
export function narrator(draw: (body: string, paint: Paint) => string): {
  say: (text: string) => void;
  heading: (text: string) => void;
  comment: (body: string) => void;
  table: (rows: string[][]) => void;
} {
  const print = (text: string): void => {
    console.log(text);
  };
  let chapters = 0;
  return {
    say: (text) => {
      print(paint('dim', text));
    },
    heading: (text) => {
      chapters += 1;
      print(`\n${paint('bold', `${chapters}. ${text}`)}\n`);
    },
    comment: (body) => {
      print(`\n${draw(body, paint)}\n`);
    },
    table: (rows) => {
      print(`\n${table(rows)}\n`);
    },
  };
}
