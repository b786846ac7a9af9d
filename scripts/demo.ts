import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeBundle } from './build/bundle.ts';
import { runDemo, type DemoJob } from './ci/demo-job.ts';
import { doorsIn } from './ci/door.ts';
import { narrator } from './ci/terminal.ts';
import { renderTerminal } from './render/terminal.ts';
import { addressesOf, DASHBOARD } from './sandbox/pages/addresses.ts';
import { tellStory } from './sandbox/story/story.ts';
import { openWorld } from './sandbox/story/world.ts';

await runDemo(async (job) => {
  const outFolder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-demo-'));
  try {
    await tell(job, outFolder);
  } finally {
    await rm(outFolder, { recursive: true, force: true });
  }
});

async function tell({ port, linger }: DemoJob, outFolder: string): Promise<void> {
  const dashboard = path.join(outFolder, 'report', 'public');
  await mkdir(dashboard, { recursive: true });
  const world = await openWorld(port, dashboard);
  const { gitlab } = world;
  const runDoor = doorsIn(await writeBundle(path.join(outFolder, 'bundle')));
  const readText = (folder: string, name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
  const readReport = async (folder: string): Promise<never> =>
    JSON.parse(await readText(folder, 'watchkeeper-report.json')) as never;
  try {
    console.log(`An embedded GitLab runs at ${gitlab.address}; nothing leaves this machine.`);
    await tellStory(world, { runDoor, readReport, readText, outFolder, ...narrator(renderTerminal) });
    const addresses = [...addressesOf(gitlab), `${gitlab.address}${DASHBOARD}`];
    await linger([`\nIts pages are at ${gitlab.address}/ until Ctrl-C:`, ...addresses]);
  } finally {
    await world.stop();
  }
}
