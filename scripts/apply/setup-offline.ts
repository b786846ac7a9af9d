import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Ending } from '../ci/ending.ts';
import { SetupError } from '../ci/errors.ts';
import type { Door, Words } from '../ci/job.ts';
import { writeInto } from '../ci/tool.ts';
import { readConfig } from '../read/config.ts';
import { renderFirstConfig, renderManual } from '../render/setup-manual.ts';
import { editorSchema } from '../schema/editor.ts';

const PROJECT = /^[A-Za-z0-9_][\w.-]{0,254}(?:\/[A-Za-z0-9_][\w.-]{0,254}){1,20}$/;

/** What setup does without GitLab: writes a first configuration, or prints the steps in words. */
export const offline: NonNullable<Door['offline']> = {
  words: ['--init', '--print-manual'],
  main: (words) => {
    const project = words.given.get('--init');
    return project === undefined ? printManual(words) : init(project, words);
  },
};

async function init(project: string, { configPath, say }: Words): Promise<Ending> {
  if (!PROJECT.test(project))
    throw new SetupError(
      `--init takes the full path of the project of the incidents, such as sirt/incidents, not ${project}.`,
    );
  if (await isThere(configPath))
    throw new SetupError(`${configPath} is there already, and is not overwritten. Name another in WATCHKEEPER_CONFIG.`);
  const text = renderFirstConfig(project);
  await writeInto(configPath, text);
  // The first line of the configuration names it, for editors.
  const schema = path.join(path.dirname(configPath), 'oncall.schema.json');
  if (!(await isThere(schema))) await writeInto(schema, `${JSON.stringify(editorSchema(), null, 2)}\n`);
  const [, home = ''] = /^installation:\n {2}project: (.+)$/m.exec(text) ?? [];
  say(`Wrote ${configPath}. Next:`);
  say(`1. Read it, and name your managers and your roster. \`npm run validate -- ${configPath}\` checks it.`);
  say(`2. Create ${home} in GitLab, empty and private, and the bot with its token (docs/install.md).`);
  say(
    '3. Set GITLAB_URL, WATCHKEEPER_TOKEN (of the bot) and WATCHKEEPER_SETUP_TOKEN (of a Maintainer). `npm run setup` shows what it would do, `npm run setup -- --apply` does it.',
  );
  return { summary: `watchkeeper setup: wrote ${configPath}`, exitCode: 0, artifacts: {} };
}

async function printManual({ configPath, address, say, now }: Words): Promise<Ending> {
  const config = await readConfig(configPath);
  say(renderManual(config, { address, path: configPath, since: now.toISOString() }));
  return { summary: 'watchkeeper setup: nothing was changed', exitCode: 0, artifacts: {} };
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
