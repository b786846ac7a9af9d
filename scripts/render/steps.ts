/** How a text is coloured where it is shown on a terminal. */
export type Paint = (style: 'bold' | 'dim' | 'green' | 'yellow' | 'cyan', text: string) => string;

/**
 * What a run would do on account of one rule, and why: ids, labels, codes and links only, so that nothing confidential enters
 * a job log. `state` is where the gate or the duty stands.
 */
export type Step = { reference: string; state: string; does: string[]; why: string };

/** What was done beside single incidents, in words; in a dry run, what would be done. */
export type Also = string | Step;

const WIDTH = 120;
const GAP = 2;
const HEAD = ['Issue', 'State', 'Would', 'Why'];
/** Longer references and states go on in the next line. */
const LONGEST = { reference: 32, state: 14 };

export function isStep(also: Also): also is Step {
  return typeof also !== 'string';
}

/** What would be done, as lines of a table that is 120 columns wide at most; nothing where nothing would be. */
export function stepLines(steps: readonly Step[], paint: Paint): string[] {
  if (steps.length === 0) return [];
  const rows = steps.map(({ reference, state, does, why }, index) => {
    const isNew = steps[index - 1]?.reference !== reference;
    return [isNew ? reference : '', isNew ? state : '', does.join(', '), why];
  });
  const widths = widthsFor([HEAD, ...rows]);
  const head = linesOf(HEAD, widths, (text) => paint('bold', text));
  const rule = widths.map((width) => '-'.repeat(width)).join(' '.repeat(GAP));
  return [...head, rule, ...rows.flatMap((row) => linesOf(row, widths, colourOf(paint)))];
}

/** The first columns are as wide as what they hold; the last two share what is left, each as much as it needs. */
function widthsFor(rows: readonly string[][]): number[] {
  const needed = HEAD.map((_head, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const [reference = 0, state = 0, does = 0, why = 0] = needed;
  const first = [Math.min(reference, LONGEST.reference), Math.min(state, LONGEST.state)];
  const left = WIDTH - first.reduce((sum, width) => sum + width + GAP, 0) - GAP;
  const half = Math.floor(left / 2);
  const doesWidth = does + why <= left ? does : Math.min(does, Math.max(half, left - why));
  return [...first, doesWidth, Math.min(why, left - doesWidth)];
}

type Colour = (text: string, column: number) => string;

function colourOf(paint: Paint): Colour {
  return (text, column) => (column === 3 ? paint('dim', text) : column === 2 ? paint('yellow', text) : text);
}

function linesOf(cells: readonly string[], widths: readonly number[], colour: Colour): string[] {
  const wrapped = cells.map((cell, column) => wrap(cell, widths[column] ?? 1));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_line, index) =>
    wrapped
      .map((lines, column) => {
        const text = lines[index] ?? '';
        const rest = column === cells.length - 1 ? '' : ' '.repeat((widths[column] ?? 0) - text.length);
        return (text === '' ? '' : colour(text, column)) + rest;
      })
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

/** A text in lines of some width, broken between words, and within a word that is wider than a line. */
function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ').flatMap((each) => pieces(each, width))) {
    const line = lines.at(-1) ?? '';
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function pieces(word: string, width: number): string[] {
  const count = Math.max(1, Math.ceil(word.length / width));
  return Array.from({ length: count }, (_piece, index) => word.slice(index * width, (index + 1) * width));
}
