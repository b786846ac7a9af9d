import { analysisCodes, fieldCodes, OTHER_CODES, type Code } from './codes.ts';
import { FINDINGS } from './finding-codes.ts';
import { OUR_FORM, type Form } from './form.ts';
import { analysisForm } from './rca-form.ts';
import { SCHEMAS } from './schemas.ts';

type Option = {
  description?: string;
  default?: unknown;
  examples?: unknown[];
  enum?: unknown[];
  properties?: Record<string, Option>;
};

/** The tables of the documentation, by the name of the markers between which they stand. */
export function generateTables(): Record<string, string> {
  return {
    fields: fieldTable(OUR_FORM),
    'analysis fields': fieldTable(analysisForm()),
    options: optionTable(),
    'field codes': codeTable(
      fieldCodes(OUR_FORM).filter(({ code }) => !OTHER_CODES.checks.some((other) => other.code === code)),
    ),
    'analysis codes': codeTable(analysisCodes()),
    'other codes': codeTable(OTHER_CODES.checks),
    excuses: codeTable(OTHER_CODES.excuses),
    'validate codes': codeTable(OTHER_CODES.validate),
    metrics: metricsTable(),
    findings: findingTable(),
  };
}

/** A text with what stands between pairs of markers replaced by their tables. Throws where a marker names no table. */
export function withTables(text: string, tables: Record<string, string>): string {
  return text.replace(
    /(<!-- generated: ([\w ]+) -->)[^]*?(<!-- end: \2 -->)/g,
    (_all, begin: string, name: string, end: string) => {
      const table = tables[name];
      if (table === undefined) throw new Error(`there is no table called ${name}`);
      return `${begin}\n\n${table}\n\n${end}`;
    },
  );
}

function fieldTable(form: Form): string {
  const rows = form.fields.map(({ section, title, path, also, code, help }) => {
    const names = also.length > 0 ? `${title} (also: ${also.join(', ')})` : title;
    return [section, names, `\`${path.join('.')}\``, `\`${code}\``, help];
  });
  return toTable(['section', 'field', 'in YAML', 'codes begin with', 'what to write'], rows);
}

function optionTable(): string {
  const rows = optionRows(SCHEMAS.config.properties, '');
  return toTable(['option', 'default', 'example', 'what it does'], rows);
}

function optionRows(properties: Record<string, Option>, prefix: string): string[][] {
  return Object.entries(properties).flatMap(([name, option]) => {
    const path = prefix + name;
    const inner = option.properties ? optionRows(option.properties, `${path}.`) : [];
    const choices = option.enum ? ` One of ${option.enum.map((choice) => `\`${String(choice)}\``).join(', ')}.` : '';
    const code = (value: unknown): string => (value === undefined ? '' : `\`${JSON.stringify(value)}\``);
    const values = inner.length > 0 ? ['', ''] : [code(option.default), code(option.examples?.[0])];
    return [[`\`${path}\``, ...values, (option.description ?? '') + choices], ...inner];
  });
}

type Field = { $ref?: string; description?: string; properties?: Record<string, Field>; items?: Field };

/** Each field of the numbers of a period; those of a clock, and of the rows of a list, below it. */
function metricsTable(): string {
  return toTable(['field', 'what it says'], metricRows(SCHEMAS.metrics.$defs.numbers.properties, ''));
}

function metricRows(fields: Record<string, Field>, prefix: string): string[][] {
  return Object.entries(fields).flatMap(([name, { $ref, description = '', properties, items }]) => {
    const inner = $ref === undefined ? (properties ?? items?.properties) : SCHEMAS.metrics.$defs.spread.properties;
    const path = prefix + name + (items ? '[]' : '');
    return [[`\`${path}\``, description], ...metricRows(inner ?? {}, `${path}.`)];
  });
}

function codeTable(codes: readonly Code[]): string {
  const rows = codes.map(({ code, cause, cure }) => [`\`${code}\``, cause, cure]);
  return toTable(['code', 'cause', 'cure'], rows);
}

/** What the check of an installation may find. */
function findingTable(): string {
  const rows = Object.entries(FINDINGS).map(([code, { level, cause, cure }]) => [`\`${code}\``, level, cause, cure]);
  return toTable(['code', 'level', 'what it means', 'cure'], rows);
}

/** A table in Markdown. */
export function toTable(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
