import { COMPLETE } from '../../scripts/sandbox/story/descriptions.ts';
import type { Lot, Staged } from './embedded.ts';
import { CLOSED_TOO_EARLY, eventOf, OPEN, repeated, runDoor, settled, staging, type DoorRun, type Stand } from './stand.ts';
import type { Cell, Topic } from './topic.ts';

/** A row of the budgets: what is done beforehand, what is measured, and how many reads and writes it may take. */
type Work = { work: string; issues: number; most: { reads: number; writes: number }; run: () => Promise<DoorRun>; isLong?: boolean };

/** What the project may cost (docs/bench.md, "Budgets"), measured. */
export async function measureBudgets(stand: Stand): Promise<Topic> {
  const rows: Topic['rows'] = [];
  const calls: Topic['calls'] = {};
  for (const latencyMs of stand.isQuick ? [0, 50] : [0, 50, 200]) {
    for (const work of await worksOf(stand, latencyMs)) {
      stand.say(`budgets: ${work.work}, ${latencyMs} ms`);
      const times = stand.isQuick ? (work.isLong ? 1 : 3) : work.isLong ? 3 : 5;
      const run = await repeated(times, work.run);
      rows.push(rowOf(work, latencyMs, run));
      calls[work.work] = run.byKind;
    }
  }
  const notes = [
    'wall, CPU and MB are those of the process of the door: its whole life, the peak that was resident.',
    'GitLab CPU is what the embedded GitLab needed to answer; it is a process of its own.',
  ];
  return { name: 'budgets', title: 'Budgets: what a run costs', notes, rows, calls };
}

function rowOf({ work, issues, most }: Work, latencyMs: number, run: DoorRun & { runs: number }): Record<string, Cell> {
  const isWithin = run.reads <= most.reads && run.writes <= most.writes;
  return {
    ...{ work, latency: latencyMs, runs: run.runs, reads: run.reads, writes: run.writes },
    ...{ 'reads allowed': most.reads, 'writes allowed': most.writes, within: isWithin },
    ...{ 'wall ms': run.wallMs, 'CPU ms': run.cpuMs, MB: run.peakMb, 'GitLab CPU ms': run.serverMs },
    ...{ 'wall ms/issue': run.wallMs / issues, 'calls/issue': run.calls / issues },
  };
}

async function worksOf(stand: Stand, latencyMs: number): Promise<Work[]> {
  const quiet = await settled(stand);
  const many = stand.isQuick ? 100 : 500;
  const open = stand.isQuick ? 100 : 1000;
  const on = async (lots: Lot[]): Promise<Staged> => staging(stand, lots, latencyMs);
  const event = (staged: Staged, action = 'close', type?: string): Promise<DoorRun> => runDoor(stand, staged, 'on-event', { payload: eventOf(1, action, type) });
  const twice = async (lot: Lot): Promise<DoorRun> => {
    const staged = await on([lot]);
    await runDoor(stand, staged, 'sweep');
    return runDoor(stand, staged, 'sweep');
  };
  return [
    { work: 'first close that is blocked', issues: 1, most: { reads: 4, writes: 2 }, run: async () => event(await on([CLOSED_TOO_EARLY])) },
    { work: 'later close that is blocked', issues: 1, most: { reads: 5, writes: 3 }, run: async () => event(await closedAgain(stand, latencyMs)) },
    { work: 'close that is in order', issues: 1, most: { reads: 4, writes: 2 }, run: async () => event(await on([{ ...CLOSED_TOO_EARLY, description: COMPLETE }])) },
    { work: 'event on no incident', issues: 1, most: { reads: 3, writes: 0 }, run: async () => event(await on([{ ...OPEN, type: 'issue' }]), 'update', 'Issue') },
    { work: 'event on an incident in order', issues: 1, most: { reads: 3, writes: 0 }, run: async () => event(await on([quiet]), 'update') },
    { work: `sweep, ${open} open and untouched`, issues: open, most: { reads: open / 100 + 5, writes: 0 }, run: async () => runDoor(stand, await on([{ ...quiet, count: open }]), 'sweep') },
    ...actingWorks(stand, many, on, twice),
  ];
}

function actingWorks(stand: Stand, many: number, on: (lots: Lot[]) => Promise<Staged>, twice: (lot: Lot) => Promise<DoorRun>): Work[] {
  const lot = { ...CLOSED_TOO_EARLY, count: many };
  const lists = Math.ceil(many / 100) + 5;
  return [
    { work: `sweep, ${many} closed too early`, issues: many, most: { reads: lists + 2 * many, writes: 2 * many }, run: async () => runDoor(stand, await on([lot]), 'sweep'), isLong: true },
    { work: 'the same sweep again', issues: many, most: { reads: lists + 2 * many, writes: 0 }, run: async () => twice(lot), isLong: true },
  ];
}

async function closedAgain(stand: Stand, latencyMs: number): Promise<Staged> {
  const staged = await staging(stand, [CLOSED_TOO_EARLY], 0);
  await runDoor(stand, staged, 'on-event', { payload: eventOf(1, 'close') });
  await stand.served.ask('close', 1);
  await stand.served.ask('latency', latencyMs);
  return staged;
}
