import { parse } from 'yaml';
import { toTable } from './tables.ts';

type Input = { description?: string; default?: unknown; options?: unknown[]; regex?: string };

/** The table of the inputs of a CI file, by its header. Source of that: GitLab docs, ci/inputs. */
export function inputsTable(text: string): string {
  const [header = ''] = text.split(/^---$/m);
  const { spec } = parse(header) as { spec: { inputs: Record<string, Input> } };
  const rows = Object.entries(spec.inputs).map(([name, input]) => {
    const { description = '', options = [], regex } = input;
    const choices = options.filter((option) => option !== '').map((option) => `\`${String(option)}\``);
    const may = regex === undefined ? choices.join(', ') : `\`${regex}\``;
    return [`\`${name}\``, input.default === '' ? '' : `\`${String(input.default)}\``, may, description];
  });
  return toTable(['input', 'default', 'may be', 'what it does'], rows);
}
