import type { Form } from '../schema/form.ts';
import { lineIn, type Unit } from './markdown.ts';
import { sectionNamed } from './names.ts';

const BOLD_LINE = /^(?:\*\*|__)([^*_\n]{1,60})(?:\*\*|__)\s*:?$/;

/**
 * A description whose sections stand below bold lines instead of headings, as people write in a hurry: the lines that
 * name sections become headings. Where there is a single heading that names one, bold lines stay what they are.
 */
export function withBoldHeadings(units: readonly Unit[], form: Form): readonly Unit[] {
  const hasHeadings = units.some((unit) => unit.kind === 'heading' && sectionNamed(unit.text, form) !== undefined);
  return hasHeadings ? units : units.flatMap((unit) => splitAtBold(unit, form));
}

function splitAtBold(unit: Unit, form: Form): Unit[] {
  if (unit.kind !== 'text' || unit.quoted || unit.depth > 0) return [unit];
  const [first = '', ...rest] = unit.text.split('\n');
  const name = BOLD_LINE.exec(first.trim())?.[1]?.replace(/:\s*$/, '') ?? '';
  if (name === '' || sectionNamed(name, form) === undefined) return [unit];
  const heading: Unit = { kind: 'heading', line: unit.line, level: 2, text: name };
  if (rest.length === 0) return [heading];
  const lines = unit.lines ? { lines: unit.lines.slice(1) } : {};
  return [heading, { ...unit, ...lines, line: lineIn(unit, 1), text: rest.join('\n') }];
}
