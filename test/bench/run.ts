import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { writeBundle } from '../../scripts/build/bundle.ts';
import { SetupError } from '../../scripts/ci/errors.ts';
import { paint } from '../../scripts/ci/terminal.ts';
import { runTool } from '../../scripts/ci/tool.ts';
import { measureBudgets } from './budgets.ts';
import { measureColdStart } from './cold-start.ts';
import { measureParser } from './parser.ts';
import { measureRivals } from './rivals.ts';
import { measureShards } from './shards.ts';
import { measureScale } from './scale.ts';
import { Served } from './served.ts';
import type { Stand } from './stand.ts';
import { printed, toJson, type Topic } from './topic.ts';

const TOPICS: Record<string, (stand: Stand) => Promise<Topic>> = {
  budgets: measureBudgets,
  scale: measureScale,
  rivals: measureRivals,
  parser: measureParser,
  'cold-start': measureColdStart,
  shards: measureShards,
};

const help = `Measures Watchkeeper on the embedded GitLab, prints a table for each topic, and writes bench.json into
WATCHKEEPER_OUT, else into the working folder. docs/bench.md says what is measured, and how.`;
const options = {
  quick: { does: 'fewer sizes and fewer runs, in two minutes' },
  only: { does: 'measure one topic', choices: ['all', ...Object.keys(TOPICS)] },
  scratch: { does: 'a folder where optional packages are installed; without it their rows are left out', value: 'FOLDER' },
};

runTool({ name: 'bench', usage: '[options]', help, options }, async (call) => {
  const [word] = call.files;
  if (word !== undefined) throw new SetupError(`bench takes no words, and ${word} is one; --help shows what it knows.`);
  const only = call.valueOf('only');
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
  const served = await Served.start();
  const say = (line: string): void => {
    console.error(paint('dim', `... ${line}`));
  };
  try {
    say('building the bundle');
    const stand: Stand = { served, bundle: await writeBundle(folder), isQuick: call.has('quick'), scratch: call.given('scratch'), say };
    const topics: Topic[] = [];
    for (const [name, measure] of Object.entries(TOPICS)) {
      if (only !== 'all' && only !== name) continue;
      const topic = await measure(stand);
      topics.push(topic);
      call.print(printed(topic, (text) => paint('bold', text)));
    }
    const machine = { at: call.now.toISOString(), node: process.version, cores: cpus().length, cpu: cpus()[0]?.model ?? '', 'memory GiB': totalmem() / 2 ** 30 };
    const exceeded = topics.flatMap(({ rows }) => rows).filter((row) => Object.values(row).includes(false)).length;
    const found = exceeded === 0 ? 'within all budgets' : `${exceeded} rows are beyond their budgets`;
    return { summary: `watchkeeper bench: ${found}`, exitCode: exceeded === 0 ? 0 : 1, artifacts: { 'bench.json': toJson(topics, machine) } };
  } finally {
    await served.stop();
    await rm(folder, { recursive: true });
  }
});
