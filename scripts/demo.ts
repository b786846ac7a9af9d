import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runDoor } from './ci/door.ts';
import { paint, systemClock, table } from './ci/terminal.ts';
import { renderTerminal } from './render/terminal.ts';
import { startGitLab } from './sandbox/server.ts';
import { tellStory, type Stage } from './sandbox/story.ts';

const outFolder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-demo-'));
const gitlab = await startGitLab(systemClock);
const stage: Stage = {
  runDoor,
  outFolder,
  readReport: async (folder) =>
    JSON.parse(await readFile(path.join(folder, 'watchkeeper-report.json'), 'utf8')) as never,
  say: (text) => {
    console.log(paint('dim', text));
  },
  heading: (text) => {
    console.log(`\n${paint('bold', text)}\n`);
  },
  comment: (body) => {
    console.log(`\n${renderTerminal(body, paint)}\n`);
  },
  table: (rows) => {
    console.log(`\n${table(rows)}\n`);
  },
};
try {
  console.log(`An embedded GitLab runs at ${gitlab.address}; nothing leaves this machine.`);
  await tellStory(gitlab, stage);
} finally {
  await gitlab.stop();
  await rm(outFolder, { recursive: true, force: true });
}
