import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runDemo } from './ci/demo-job.ts';
import { bundleDoors } from './ci/door.ts';
import { narrator } from './ci/terminal.ts';
import { renderTerminal } from './render/terminal.ts';
import { addressesOf } from './sandbox/pages/addresses.ts';
import { tellStory } from './sandbox/story/story.ts';
import { openWorld } from './sandbox/story/world.ts';

await runDemo(async ({ port, linger }) => {
  const world = await openWorld(port);
  const { gitlab } = world;
  const outFolder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-demo-'));
  const { runDoor, remove } = await bundleDoors(['on-event', 'sweep', 'shift']);
  const readReport = async (folder: string): Promise<never> =>
    JSON.parse(await readFile(path.join(folder, 'watchkeeper-report.json'), 'utf8')) as never;
  try {
    console.log(`An embedded GitLab runs at ${gitlab.address}; nothing leaves this machine.`);
    await tellStory(world, { runDoor, readReport, outFolder, ...narrator(renderTerminal) });
    await linger([`\nIts pages are at ${gitlab.address}/ until Ctrl-C:`, ...addressesOf(gitlab)]);
  } finally {
    await world.stop();
    await remove();
    await rm(outFolder, { recursive: true, force: true });
  }
});
