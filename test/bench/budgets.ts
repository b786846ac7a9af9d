import { COMPLETE } from '../../scripts/sandbox/story/descriptions.ts';
import type { Lot, Staged } from './embedded.ts';
import { CLOSED_TOO_EARLY, eventOf, OPEN, repeated, runDoor, settled, staging, type DoorRun, type Stand } from './stand.ts';
import type { Cell, Topic } from './topic.ts';

/**
 * A row of the budgets: on which issues, after what, which run is measured, and what it may take. What takes long is run less often.
 */
type Work = {
  work: string;
  lot: Lot;
  before?: (staged: Staged) => Promise<unknown>;
  run: (staged: Staged) => Promise<DoorRun>;
  most: { reads: number; writes: number };
  isLong?: boolean;
};

/** What the project may cost (docs/bench.md, "Budgets"), measured. */
export async function measureBudgets(stand: Stand): Promise<Topic> {
  const rows: Topic['rows'] = [];
  const calls: Topic['calls'] = {};
  const quiet = await settled(stand);
  const works = [...eventWorks(stand, quiet), ...sweepWorks(stand, quiet)];
  for (const latencyMs of stand.isQuick ? [0, 50] : [0, 50, 200]) {
    for (const work of works) {
      stand.say(`budgets: ${work.work}, ${latencyMs} ms`);
      const times = work.isLong && latencyMs > 50 ? 1 : (stand.isQuick ? 1 : 3) + (work.isLong ? 0 : 2);
      const run = await repeated(times, () => runOnce(stand, work, latencyMs));
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

/** What comes before is not measured, and has no latency. */
async function runOnce(stand: Stand, { lot, before, run }: Work, latencyMs: number): Promise<DoorRun> {
  const staged = await staging(stand, [lot], 0);
  await before?.(staged);
  await stand.served.ask('latency', latencyMs);
  return run(staged);
}

function rowOf({ work, lot, most }: Work, latency: number, run: DoorRun & { runs: number }): Record<string, Cell> {
  return {
    ...{ work, latency, runs: run.runs, reads: run.reads, writes: run.writes },
    ...{ 'reads allowed': most.reads, 'writes allowed': most.writes },
    within: run.reads <= most.reads && run.writes <= most.writes,
    ...{ 'wall ms': run.wallMs, 'CPU ms': run.cpuMs, MB: run.peakMb, 'GitLab CPU ms': run.serverMs },
    ...{ 'wall ms/issue': run.wallMs / lot.count, 'calls/issue': run.calls / lot.count },
  };
}

function eventWorks(stand: Stand, quiet: Lot): Work[] {
  const on =
    (action: string, type?: string) =>
    (staged: Staged): Promise<DoorRun> =>
      runDoor(stand, staged, 'on-event', { payload: eventOf(1, action, type) });
  const close = on('close');
  const closedAgain = async (staged: Staged): Promise<void> => {
    await close(staged);
    await stand.served.ask('close', 1);
  };
  const needsNothing = { reads: 3, writes: 0 };
  return [
    { work: 'first close that is blocked', lot: CLOSED_TOO_EARLY, run: close, most: { reads: 4, writes: 2 } },
    { work: 'later close that is blocked', lot: CLOSED_TOO_EARLY, before: closedAgain, run: close, most: { reads: 5, writes: 3 } },
    { work: 'close that is in order', lot: { ...CLOSED_TOO_EARLY, description: COMPLETE }, run: close, most: { reads: 4, writes: 2 } },
    { work: 'event on no incident', lot: { ...OPEN, type: 'issue' }, run: on('update', 'Issue'), most: needsNothing },
    { work: 'event on an incident in order', lot: quiet, run: on('update'), most: needsNothing },
  ];
}

function sweepWorks(stand: Stand, quiet: Lot): Work[] {
  const [open, many] = stand.isQuick ? [100, 100] : [1000, 500];
  const run = (staged: Staged): Promise<DoorRun> => runDoor(stand, staged, 'sweep');
  const lot = { ...CLOSED_TOO_EARLY, count: many };
  const reads = Math.ceil(many / 100) + 5 + 2 * many;
  return [
    { work: `sweep, ${open} open and untouched`, lot: { ...quiet, count: open }, run, most: { reads: Math.ceil(open / 100) + 5, writes: 0 } },
    { work: `sweep, ${many} closed too early`, lot, run, most: { reads, writes: 2 * many }, isLong: true },
    { work: 'the same sweep again', lot, before: run, run, most: { reads, writes: 0 }, isLong: true },
  ];
}
