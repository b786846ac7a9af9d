import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { COMPLETE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { kindsOf, restWrites } from './calls.ts';
import { inFolder, measure, type Spent } from './child.ts';
import type { Lot, Staged } from './embedded.ts';
import { median } from './figures.ts';
import { minutesAgo, MOMENT } from './moment.ts';
import type { Served } from './served.ts';

/** What topics are measured with. `say` tells how far it is; `scratch` is a folder where optional packages are installed. */
export type Stand = { served: Served; bundle: string; isQuick: boolean; scratch: string | undefined; say: (line: string) => void };

/** One run of a door: what it took, what it asked of GitLab by kind, and what answering took there (ms of CPU). */
export type DoorRun = Spent & { reads: number; writes: number; calls: number; serverMs: number; byKind: Record<string, number>; acted: number };

type More = { flags?: string[]; payload?: object; config?: string; shard?: { index: number; total: number } };

/** The gate alone, and no limits of writes per minute: how calls are made is what is measured, not how long a minute is. */
const GATE = `sources: [{ project: 42 }]
managers: ['@lea']
follow_ups: { mode: 'off' }
rca: { mode: 'off' }
limits: { notes_per_minute: 1000000, issue_writes_per_minute: 1000000 }
`;

/** An open incident that nobody has touched for ten days. */
export const OPEN: Lot = { count: 1, state: 'opened', type: 'incident', description: COMPLETE, labels: [], notes: [], updatedAt: minutesAgo(14_400) };

/** One that was closed a quarter of an hour ago, and should not have been. */
export const CLOSED_TOO_EARLY: Lot = { ...OPEN, state: 'closed', description: TOO_EARLY, updatedAt: minutesAgo(15) };

/** Runs a door of the bundle on what is staged. Throws where it did not do its work, or GitLab and the door count differently. */
export function runDoor(stand: Stand, staged: Staged, door: string, more: More = {}): Promise<DoorRun> {
  const { flags = [], shard } = more;
  return inFolder(async (folder) => {
    const variables = await variablesOf(folder, staged, more);
    await stand.served.ask('taken');
    const { exitCode, output, ...spent } = await measure([stand.bundle, door, ...flags], variables);
    if (exitCode !== 0) throw new Error(`${door} ended with ${exitCode}: ${output}`);
    const report = JSON.parse(await readFile(path.join(folder, 'watchkeeper-report.json'), 'utf8')) as Report;
    const { reads, writes } = report.calls;
    const acted = report.incidents.filter(({ actions }) => actions.length > 0).length;
    // What GitLab saw is of all who ran at once.
    if (shard) return { ...spent, reads, writes, acted, calls: reads + writes, serverMs: 0, byKind: {} };
    const { calls, cpuMs } = await stand.served.ask('taken');
    if (reads + writes !== calls.length || restWrites(calls) > writes) throw new Error(`${door} counts ${reads} reads and ${writes} writes, and GitLab ${calls.length} calls`);
    return { ...spent, reads, writes, acted, calls: calls.length, serverMs: cpuMs, byKind: kindsOf(calls) };
  });
}

async function variablesOf(folder: string, { address, token }: Staged, { payload, config = GATE, shard }: More): Promise<Record<string, string>> {
  const file = path.join(folder, 'oncall.yml');
  await writeFile(file, config);
  return {
    ...{ GITLAB_URL: address, WATCHKEEPER_TOKEN: token, WATCHKEEPER_CONFIG: file, WATCHKEEPER_OUT: folder },
    ...{ WATCHKEEPER_NOW: MOMENT.toISOString(), NO_COLOR: '1' },
    ...(payload ? { TRIGGER_PAYLOAD: JSON.stringify(payload) } : {}),
    ...(shard ? { CI_NODE_INDEX: String(shard.index), CI_NODE_TOTAL: String(shard.total) } : {}),
  };
}

type Report = { calls: { reads: number; writes: number }; incidents: { actions: unknown[] }[] };

/** An open incident as a sweep leaves one that is in order, so that the next has nothing to do: its labels, its comments. */
export async function settled(stand: Stand, config?: string): Promise<Lot> {
  const staged = await stand.served.ask('stage', [OPEN]);
  await runDoor(stand, staged, 'sweep', { flags: ['--deep'], ...(config === undefined ? {} : { config }) });
  const { labels, notes } = await stand.served.ask('look', 1);
  return { ...OPEN, labels, notes };
}

/** Stages without latency, which nobody measures, and then lets answers come late. */
export async function staging(stand: Stand, lots: Lot[], latencyMs: number): Promise<Staged> {
  const staged = await stand.served.ask('stage', lots);
  await stand.served.ask('latency', latencyMs);
  return staged;
}

/** The payload of a webhook that tells of an issue. */
export function eventOf(iid: number, action: string, type = 'Incident'): object {
  return { object_kind: 'issue', user: { id: 1 }, project: { id: 42 }, object_attributes: { iid, action, type } };
}

/** The medians of several runs, the kinds of calls as the last one made them. */
export async function repeated(times: number, run: (time: number) => Promise<DoorRun>): Promise<DoorRun & { runs: number }> {
  const runs: DoorRun[] = [];
  for (let time = 0; time < times; time += 1) runs.push(await run(time));
  const middle = (of: (run: DoorRun) => number): number => median(runs.map(of));
  const byKind = runs.at(-1)?.byKind ?? {};
  return {
    ...{ runs: times, byKind, wallMs: middle((one) => one.wallMs), cpuMs: middle((one) => one.cpuMs) },
    ...{ peakMb: middle((one) => one.peakMb), reads: middle((one) => one.reads), writes: middle((one) => one.writes) },
    ...{ calls: middle((one) => one.calls), serverMs: middle((one) => one.serverMs), acted: middle((one) => one.acted) },
  };
}
