import { cpus, totalmem } from 'node:os';
import { writeBundle } from '../../scripts/build/bundle.ts';
import { SetupError } from '../../scripts/ci/errors.ts';
import { paint } from '../../scripts/ci/terminal.ts';
import { runTool } from '../../scripts/ci/tool.ts';
import { measureBudgets } from './budgets.ts';
import { inFolder } from './child.ts';
import { measureColdStart } from './cold-start.ts';
import { measureParser } from './parser.ts';
import { measureRivals } from './rivals.ts';
import { measureScale } from './scale.ts';
import { Served } from './served.ts';
import { measureShards } from './shards.ts';
import type { Stand } from './stand.ts';
import { printed, toJson, type Cell, type Topic } from './topic.ts';

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
  const chosen = Object.entries(TOPICS).filter(([name]) => ['all', name].includes(call.valueOf('only')));
  const served = await Served.start();
  try {
    const machine = machineAt(call.now);
    const topics = await inFolder(async (folder) => {
      say('building the bundle');
      const bundle = await writeBundle(folder);
      const measured: Topic[] = [];
      for (const [, measure] of chosen) {
        const topic = await measure({ served, bundle, isQuick: call.has('quick'), scratch: call.given('scratch'), say });
        call.print(printed(topic, (text) => paint('bold', text)));
        measured.push(topic);
      }
      return measured;
    });
    call.print(Object.values(machine).map(String).join(', '));
    const exceeded = topics.flatMap(({ rows }) => rows).filter((row) => Object.values(row).includes(false)).length;
    const found = exceeded === 0 ? 'within all budgets' : `${exceeded} rows are beyond their budgets`;
    return { summary: `watchkeeper bench: ${found}`, exitCode: exceeded === 0 ? 0 : 1, artifacts: { 'bench.json': toJson(topics, machine) } };
  } finally {
    await served.stop();
  }
});

function say(line: string): void {
  console.error(paint('dim', `... ${line}`));
}

function machineAt(now: Date): Record<string, Cell> {
  const gib = Math.round(totalmem() / 2 ** 30);
  return { at: now.toISOString(), node: process.version, cpu: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`, memory: `${gib} GiB` };
}
