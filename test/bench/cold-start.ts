import { stat } from 'node:fs/promises';
import { COMPLETE } from '../../scripts/sandbox/story/descriptions.ts';
import { measure, type Spent } from './child.ts';
import type { Lot } from './embedded.ts';
import { median, percentile } from './figures.ts';
import { CLOSED_TOO_EARLY, eventOf, OPEN, runDoor, settled, staging, type Stand } from './stand.ts';
import type { Topic } from './topic.ts';

type Start = { what: string; most?: number; runs: Spent[]; run: (time: number) => Promise<Spent> };

/** From the start of a process to its end, for one event, beside a process that does nothing. No latency. */
export async function measureColdStart(stand: Stand): Promise<Topic> {
  const times = stand.isQuick ? 5 : 15;
  const quiet = await settled(stand);
  const lots: Lot[] = [{ ...OPEN, type: 'issue' }, quiet, { ...CLOSED_TOO_EARLY, description: COMPLETE, count: times }, { ...CLOSED_TOO_EARLY, count: times }];
  const staged = await staging(stand, lots, 0);
  const event = (what: string, most: number, iid: (time: number) => number, action: string, type?: string): Start => {
    const run = (time: number): Promise<Spent> => runDoor(stand, staged, 'on-event', { payload: eventOf(iid(time), action, type) });
    return { what, most, runs: [], run };
  };
  const starts: Start[] = [
    { what: 'bare node (-e 0)', runs: [], run: () => measure(['-e', '0'], {}) },
    event('event on no incident', 2.5, () => 1, 'update', 'Issue'),
    event('event on an incident in order', 2.5, () => 2, 'update'),
    event('close that is in order', 4, (time) => 3 + time, 'close'),
    event('close that is blocked', 4, (time) => 3 + times + time, 'close'),
  ];
  for (let time = 0; time < times; time += 1) {
    stand.say(`cold start: ${time + 1} of ${times}`);
    for (const start of starts) start.runs.push(await start.run(time));
  }
  const { size } = await stat(stand.bundle);
  const rows = starts.map((start) => rowOf(start, starts[0]?.runs ?? []));
  const notes = [`The bundle has ${Math.round(size / 1024).toLocaleString('en-GB')} KiB. Runs take turns, so that all meet the same disturbances.`];
  return { name: 'cold-start', title: 'Cold start: one event, from start to end', notes, rows };
}

function rowOf({ what, most, runs }: Start, bare: readonly Spent[]): Topic['rows'][number] {
  const middle = (of: readonly Spent[], figure: keyof Spent): number => median(of.map((run) => run[figure]));
  const cpu = middle(runs, 'cpuMs') / middle(bare, 'cpuMs');
  return {
    ...{
      what,
      runs: runs.length,
      'wall ms': middle(runs, 'wallMs'),
      'wall p90': percentile(
        runs.map(({ wallMs }) => wallMs),
        90,
      ),
    },
    ...{ 'CPU ms': middle(runs, 'cpuMs'), MB: middle(runs, 'peakMb') },
    ...{ 'x wall': middle(runs, 'wallMs') / middle(bare, 'wallMs'), 'x CPU': cpu, 'x CPU allowed': most },
    within: most === undefined ? undefined : cpu <= most,
  };
}
