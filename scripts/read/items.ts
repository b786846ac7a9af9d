import { isCommandLine } from './command-line.ts';
import { lineIn, visibleLine, type Unit } from './markdown.ts';
import { splitTime } from './time.ts';
import { noteKind, splitLabel } from './values.ts';

/**
 * One thing that somebody wrote in a list: a bullet, a paragraph, a table row or a fenced block. Where its text has
 * several lines, `lines` are theirs.
 */
export type Item = { line: number; depth: number; afterHeading: boolean; text: string; lines?: number[] };

const LONGEST_QUOTE = 200;

/** The items of a section. A paragraph is one item, unless its lines begin with times or with kinds of notes. */
export function itemsOf(units: Unit[]): Item[] {
  const items: Item[] = [];
  let afterHeading = false;
  for (const unit of units) {
    if (unit.kind === 'text') {
      if (!unit.bullet && /:$/.test(unit.text) && noteKind(unit.text.slice(0, -1))) afterHeading = true;
      const last = items.at(-1);
      if (unit.depth > 0 && !unit.bullet && last) append(last, unit);
      else
        for (const item of lineItems(unit.bullet ? unit : { ...unit, text: withoutCommands(unit.text) }))
          items.push({ ...item, depth: unit.depth, afterHeading });
    } else if (unit.kind === 'row' && !unit.head) {
      items.push({
        line: unit.line,
        depth: 0,
        afterHeading,
        text: unit.cells.filter((cell) => cell !== '').join(': '),
      });
    } else if (unit.kind === 'fence') {
      const text = unit.text.trim().slice(0, LONGEST_QUOTE);
      if (text !== '') items.push({ line: visibleLine(unit), depth: 0, afterHeading, text });
    }
  }
  return items;
}

function append(item: Item, unit: Unit & { kind: 'text' }): void {
  item.text += `\n${unit.text}`;
  item.lines ??= [item.line];
  for (const index of unit.text.split('\n').keys()) item.lines.push(lineIn(unit, index));
}

/** A command stands at the beginning of a line of its own; its line stays, so that the others keep theirs. */
function withoutCommands(text: string): string {
  return text
    .split('\n')
    .map((line) => (isCommandLine(line) ? '' : line))
    .join('\n');
}

function lineItems(unit: Unit & { kind: 'text' }): Pick<Item, 'line' | 'text' | 'lines'>[] {
  const items: { lines: number[]; parts: string[] }[] = [];
  for (const [index, part] of unit.text.split('\n').entries()) {
    const last = items.at(-1);
    if (part.trim() === '') continue;
    const line = lineIn(unit, index);
    if (last && !beginsItem(part.trim())) {
      last.parts.push(part.trim());
      last.lines.push(line);
    } else items.push({ lines: [line], parts: [part.trim()] });
  }
  return items.map(({ lines: [line = unit.line, ...below], parts }) => ({
    ...{ line, text: parts.join('\n') },
    ...(below.length > 0 ? { lines: [line, ...below] } : {}),
  }));
}

function beginsItem(line: string): boolean {
  const labelled = splitLabel(line);
  return splitTime(line, 'UTC') !== undefined || (labelled !== undefined && noteKind(labelled.label) !== undefined);
}
