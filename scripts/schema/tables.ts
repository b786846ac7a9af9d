import { OUR_FORM } from './form.ts';
import { SCHEMAS } from './schemas.ts';

type Option = {
  description?: string;
  default?: unknown;
  enum?: unknown[];
  type?: string;
  properties?: Record<string, Option>;
};

/** The README's tables, by the name of the markers between which they stand. */
export function generateTables(): Record<string, string> {
  const fields = OUR_FORM.fields.map(({ section, title, path, code, help }) => [
    section,
    title,
    `\`${path.join('.')}\``,
    `\`${code}\``,
    help,
  ]);
  const options = optionRows(SCHEMAS.config.properties, '');
  return {
    fields: toTable(['section', 'field', 'in YAML', 'codes begin with', 'what to write'], fields),
    options: toTable(['option', 'default', 'what it does'], options),
  };
}

/** A text with what stands between each pair of markers replaced by its table. Throws where a pair is missing. */
export function withTables(text: string, tables: Record<string, string>): string {
  return Object.entries(tables).reduce((whole, [name, table]) => {
    const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
    const [start, stop] = [whole.indexOf(begin), whole.indexOf(end)];
    if (start < 0 || stop < start) throw new Error(`README.md lacks the markers of the table ${name}`);
    return `${whole.slice(0, start + begin.length)}\n\n${table}\n\n${whole.slice(stop)}`;
  }, text);
}

function optionRows(properties: Record<string, Option>, prefix: string): string[][] {
  return Object.entries(properties).flatMap(([name, option]) => {
    const path = prefix + name;
    const inner = option.properties ? optionRows(option.properties, `${path}.`) : [];
    if (option.description === undefined && inner.length > 0) return inner;
    const choices = option.enum ? ` One of ${option.enum.map((choice) => `\`${String(choice)}\``).join(', ')}.` : '';
    const isGroup = inner.length > 0;
    const given = option.default === undefined || isGroup ? '' : `\`${JSON.stringify(option.default)}\``;
    return [[`\`${path}\``, given, (option.description ?? '') + choices], ...inner];
  });
}

function toTable(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
