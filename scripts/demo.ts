import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runDemo } from './ci/demo-job.ts';
import { runDoor } from './ci/door.ts';
import { narrator, systemClock } from './ci/terminal.ts';
import { renderTerminal } from './render/terminal.ts';
import { addressesOf } from './sandbox/pages/addresses.ts';
import { startGitLab } from './sandbox/server.ts';
import { tellStory } from './sandbox/story/story.ts';

await runDemo(async ({ port, linger }) => {
  const gitlab = await startGitLab(systemClock, { port });
  const outFolder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-demo-'));
  const readReport = async (folder: string): Promise<never> =>
    JSON.parse(await readFile(path.join(folder, 'watchkeeper-report.json'), 'utf8')) as never;
  try {
    console.log(`An embedded GitLab runs at ${gitlab.address}; nothing leaves this machine.`);
    await tellStory(gitlab, { runDoor, readReport, outFolder, ...narrator(renderTerminal) });
    await linger([`\nIts pages are at ${gitlab.address}/ until Ctrl-C:`, ...addressesOf(gitlab)]);
  } finally {
    await gitlab.stop();
    await rm(outFolder, { recursive: true, force: true });
  }
});
