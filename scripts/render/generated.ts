import { defaultInstallation } from '../read/config.ts';
import { editorSchema } from '../schema/editor.ts';
import { generateTypes } from '../schema/generate.ts';
import { inputsTable } from '../schema/inputs-table.ts';
import { generateTables, withTables } from '../schema/tables.ts';
import { renderTemplateFiles } from './home-files.ts';

/** The documents with tables between markers. */
const WITH_TABLES = [
  'docs/codes.md',
  'docs/components.md',
  'docs/configuration.md',
  'docs/doctor.md',
  'docs/fields.md',
  'docs/metrics.md',
  'docs/rca.md',
];

/** All files that are generated from `schemas/`, by their path; `read` gives the present text of a document. */
export async function renderGenerated(read: (path: string) => Promise<string>): Promise<Record<string, string>> {
  const tables = { ...generateTables(), inputs: inputsTable(await read('templates/watch.yml')) };
  const documents = await Promise.all(
    WITH_TABLES.map(async (path) => [path, withTables(await read(path), tables)] as const),
  );
  const templates = renderTemplateFiles(defaultInstallation());
  return {
    'scripts/schema/types.gen.ts': await generateTypes(),
    'oncall.schema.json': `${JSON.stringify(editorSchema(), null, 2)}\n`,
    ...Object.fromEntries(documents),
    ...Object.fromEntries(templates.map(({ path, text }) => [path, text])),
  };
}
