import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from './ci/errors.ts';
import { runTool, writeInto } from './ci/tool.ts';
import { readConfig } from './read/config.ts';
import { renderAnalysisTemplate } from './render/analysis.ts';
import { renderGenerated } from './render/generated.ts';
import { renderIssueTemplates } from './render/issue-templates.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const help = `Writes what is generated from schemas/: types, issue templates, tables of the documentation, oncall.schema.json.
With FOLDER, writes the issue templates of your own configuration (WATCHKEEPER_CONFIG, else oncall.yml) there instead,
with the fields of your own schemas.`;

runTool(
  { name: 'generate', usage: '[FOLDER]', help, options: {} },
  async ({ files: [folder, ...more], configPath, print }) => {
    if (more.length > 0) throw new SetupError('generate writes into one FOLDER.');
    const own = folder === undefined ? undefined : await readConfig(configPath ?? 'oncall.yml');
    const files = own
      ? { ...renderIssueTemplates(own), ...renderAnalysisTemplate(own) }
      : await renderGenerated((file) => readFile(path.join(ROOT, file), 'utf8'));
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(folder ?? ROOT, name);
      await writeInto(file, text);
      print(`wrote ${folder === undefined ? name : file}`);
    }
    return { summary: `watchkeeper generate: ${Object.keys(files).length} files written`, exitCode: 0, artifacts: {} };
  },
);
