import { growth } from './figures.ts';
import { repeated, runDoor, settled, staging, type DoorRun, type Stand } from './stand.ts';
import type { Topic } from './topic.ts';

const SIZES = [100, 1_000, 10_000, 50_000];
const QUICK_SIZES = [100, 1_000];
/** A run of this many calls in a row takes so long that it is made once. */
const LONG = 100;
const MOST_MB = 250;

/** The gate with a duty beside it: two engineers, reviews, a ladder, and a manager, at a moment at which no shift changes and no digest is due. */
const DUTY = `sources: [{ project: 42 }]
managers: ['@lea']
limits: { notes_per_minute: 1000000, issue_writes_per_minute: 1000000 }
day: { from: '00:00', to: '23:59' }
roster:
  engineers:
    fallback: '@lea'
    layers:
      - { name: night, start: 2026-11-16, rotation: ['@ana'], rotate: week, shifts: [{ from: '16:30', to: '04:30' }] }
      - { name: day, start: 2026-11-16, rotation: ['@ben'], rotate: week, shifts: [{ from: '04:30', to: '16:30' }] }
`;

/** The same, a quarter of an hour after a change of shift: all that is open is listed, as what is handed over may be old. */
const CHANGE = DUTY.replace("from: '16:30', to: '04:30'", "from: '21:45', to: '09:45'").replace("from: '04:30', to: '16:30'", "from: '09:45', to: '21:45'");

type Kind = { sweep: string; flags: string[]; config?: string; sizes: number[]; latencies: number[] };

/** How a sweep that finds nothing to do grows with the number of open incidents. */
export async function measureScale(stand: Stand): Promise<Topic> {
  const sizes = stand.isQuick ? QUICK_SIZES : SIZES;
  const latencies = stand.isQuick ? [0, 50] : [0, 50, 200];
  const small = sizes.filter((size) => size <= 1_000);
  const kinds: Kind[] = [
    { sweep: 'hourly', flags: [], sizes, latencies },
    { sweep: 'hourly, with a duty', flags: [], config: DUTY, sizes: sizes.filter((size) => size <= 10_000), latencies: [0] },
    { sweep: 'at a change of shift', flags: [], config: CHANGE, sizes, latencies: [0] },
    { sweep: 'daily, --deep', flags: ['--deep'], sizes: small, latencies: latencies.slice(0, 2) },
  ];
  const rows: Topic['rows'] = [];
  for (const kind of kinds) {
    const quiet = await settled(stand, kind.config);
    for (const latencyMs of kind.latencies) {
      let before: { size: number; run: DoorRun } | undefined;
      for (const size of kind.sizes) {
        stand.say(`scale: ${kind.sweep}, ${size} open, ${latencyMs} ms`);
        const staged = await staging(stand, [{ ...quiet, count: size }], latencyMs);
        // What a duty keeps beside its incidents, such as the log of the shift, is made once.
        if (kind.config !== undefined) await runDoor(stand, staged, 'sweep', kind);
        const isLong = latencyMs > 0 && (size / 100 > LONG || kind.flags.length > 0);
        const times = stand.isQuick || (isLong && latencyMs > 50) ? 1 : isLong ? 2 : 3;
        const run = await repeated(times, () => runDoor(stand, staged, 'sweep', kind));
        rows.push({ ...rowOf(kind, latencyMs, size, run), ...grown(before, { size, run }), within: isWithin(kind, size, run) });
        before = { size, run };
      }
    }
  }
  const notes = ['growth is the factor by which a cost grows where the number of incidents doubles, since the row above: 2 is linear.'];
  return { name: 'scale', title: 'Scale: a sweep that finds nothing to do', notes, rows };
}

function rowOf({ sweep }: Kind, latency: number, size: number, run: DoorRun & { runs: number }): Topic['rows'][number] {
  return {
    ...{ sweep, 'open incidents': size, latency, runs: run.runs, reads: run.reads, writes: run.writes },
    ...{ 'wall ms': run.wallMs, 'CPU ms': run.cpuMs, MB: run.peakMb, 'GitLab CPU ms': run.serverMs },
    'CPU µs/issue': (run.cpuMs * 1000) / size,
  };
}

/** Six calls, however many are open; where all are listed, a list for each hundred, twice for the log of the shift. And memory that stays small. */
function isWithin({ flags, config }: Kind, size: number, { calls, writes, peakMb }: DoorRun): boolean | undefined {
  if (flags.length > 0) return undefined;
  const most = config === CHANGE ? 2 * Math.ceil(size / 100) + 15 : 6;
  return calls <= most && writes === 0 && peakMb < MOST_MB;
}

function grown(before: { size: number; run: DoorRun } | undefined, { size, run }: { size: number; run: DoorRun }): Topic['rows'][number] {
  const by = (cost: (of: DoorRun) => number): number | undefined => before && growth({ size: before.size, cost: cost(before.run) }, { size, cost: cost(run) });
  return { 'growth calls': by((one) => one.calls), 'growth wall': by((one) => one.wallMs), 'growth CPU': by((one) => one.cpuMs), 'growth MB': by((one) => one.peakMb) };
}
