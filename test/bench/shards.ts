import { cpus } from 'node:os';
import { CLOSED_TOO_EARLY, runDoor, staging, type DoorRun, type Stand } from './stand.ts';
import { median } from './figures.ts';
import type { Topic } from './topic.ts';

const LATENCY_MS = 50;

/** The same sweep by one process and by several at once. */
export async function measureShards(stand: Stand): Promise<Topic> {
  const many = stand.isQuick ? 80 : 400;
  const rows: Topic['rows'] = [];
  let alone: { wallMs: number; digest: string } | undefined;
  for (const total of stand.isQuick ? [1, 2, 4] : [1, 2, 4, 8]) {
    stand.say(`shards: ${total} at once`);
    const times = stand.isQuick ? 1 : 3;
    const runs = [];
    for (let time = 0; time < times; time += 1) runs.push(await sweepAtOnce(stand, many, total));
    const [wallMs, digest] = [median(runs.map((run) => run.wallMs)), runs[0]?.digest ?? ''];
    alone ??= { wallMs, digest };
    rows.push({
      ...{ processes: total, incidents: many, runs: times, calls: median(runs.map(({ calls }) => calls)), acted: median(runs.map(({ acted }) => acted)) },
      ...{ 'wall ms': wallMs, 'speed-up': alone.wallMs / wallMs, 'CPU ms of all': median(runs.map(({ cpuMs }) => cpuMs)) },
      'same end': runs.every((run) => run.digest === alone?.digest),
    });
  }
  const notes = [`Incidents closed too early, at ${LATENCY_MS} ms a call. "same end": labels, states and comments are those that one process leaves.`, `They and GitLab share ${cpus().length} cores.`];
  return { name: 'shards', title: 'Shards: one sweep by several processes at once', notes, rows };
}

async function sweepAtOnce(stand: Stand, many: number, total: number): Promise<{ wallMs: number; cpuMs: number; calls: number; acted: number; digest: string }> {
  const staged = await staging(stand, [{ ...CLOSED_TOO_EARLY, count: many }], LATENCY_MS);
  const start = performance.now();
  const shards = Array.from({ length: total }, (_each, index) => runDoor(stand, staged, 'sweep', { shard: { index: index + 1, total } }));
  const runs = await Promise.all(shards);
  const wallMs = performance.now() - start;
  const sum = (of: (run: DoorRun) => number): number => runs.reduce((all, run) => all + of(run), 0);
  const digest = await stand.served.ask('digest');
  return { wallMs, digest, cpuMs: sum((run) => run.cpuMs), calls: sum((run) => run.calls), acted: sum((run) => run.acted) };
}
