import { setTimeout } from 'node:timers/promises';
import { kindsOf, restWrites } from './calls.ts';
import type { Lot, Staged } from './embedded.ts';
import { runNaively, type Script } from './naive.ts';
import { CLOSED_TOO_EARLY, repeated, runDoor, settled, staging, type DoorRun, type Stand } from './stand.ts';
import type { Topic } from './topic.ts';
import { triage, type Rule } from './triage-model.ts';

const PROJECT = 42;
const LATENCY_MS = 50;

const BLOCKED = 'This incident was closed too early: its owner, its acknowledgement and its improvement notes are missing.';

/** Reopens, labels and comments what was closed without being in order; what was said once bears the label, and is left alone. */
const GATE_RULE: Rule = {
  query: { state: 'closed', issue_type: 'incident', 'not[labels]': 'closure::verified,closure::blocked' },
  comment: `${BLOCKED}\n\n/label ~"closure::blocked"\n/reopen`,
};

const SCRIPT: Script = {
  state: 'closed',
  isWrong: ({ description }) => description?.includes('**Owner**: TBD') ?? true,
  ...{ label: 'closure::blocked', comment: BLOCKED },
};

/** Rules that find all open incidents and want nothing of them. */
function quietRules(count: number): Rule[] {
  return Array.from({ length: count }, () => ({ query: { state: 'opened', issue_type: 'incident' } }));
}

type Rival = { who: string; isSlow?: boolean; run: (staged: Staged) => Promise<DoorRun> };

/** The same work by Watchkeeper, by a model of gitlab-triage, and by a naive script, on the same worlds. */
export async function measureRivals(stand: Stand): Promise<Topic> {
  const many = stand.isQuick ? 60 : 500;
  const quiet = await settled(stand);
  const ours: Rival = { who: 'Watchkeeper', run: (staged) => runDoor(stand, staged, 'sweep') };
  const naive = (state: Script['state']): Rival => ({ who: 'a naive script', isSlow: true, run: (staged) => inHere(stand, () => runNaively({ ...SCRIPT, state }, staged, PROJECT)) });
  const model = (who: string, rules: Rule[]): Rival => ({ who, run: (staged) => inHere(stand, () => triage(rules, staged, PROJECT, setTimeout)) });
  const acting = [ours, model('gitlab-triage, a model', [GATE_RULE]), naive('closed')];
  const idle = [ours, model('gitlab-triage, a model, 1 rule', quietRules(1)), model('gitlab-triage, a model, 10 rules', quietRules(10)), naive('opened')];
  const rows = [
    ...(await compare(stand, `${many} closed too early`, { ...CLOSED_TOO_EARLY, count: many }, acting)),
    ...(await compare(stand, `${many} open, nothing to do`, { ...quiet, count: many }, idle)),
  ];
  const notes = [
    `At ${LATENCY_MS} ms a call, without limits per minute on either side. "x calls" and "x wall": how many times ours it took.`,
    'Ours is timed from the start of its process to its end; the others from their first call to their last answer, in a process that runs.',
    'gitlab-triage is a model of its calls, not the gem; it reads no description, and acts on whatever its one rule finds.',
  ];
  return { name: 'rivals', title: 'Side by side: the same work by others', notes, rows };
}

async function compare(stand: Stand, work: string, lot: Lot, rivals: readonly Rival[]): Promise<Topic['rows']> {
  const rows: Topic['rows'] = [];
  let ours: DoorRun | undefined;
  for (const { who, isSlow, run } of rivals) {
    stand.say(`rivals: ${work}, ${who}`);
    const times = isSlow || stand.isQuick ? 1 : 3;
    const done = await repeated(times, async () => {
      const figures = await run(await staging(stand, [lot], LATENCY_MS));
      await demandDone(stand, who, lot);
      return figures;
    });
    ours ??= done;
    rows.push({
      ...{ work, who, runs: done.runs, acted: done.acted, reads: done.reads, writes: done.writes, calls: done.calls },
      ...{ 'wall ms': done.wallMs, 'CPU ms': done.cpuMs, 'ms/issue': done.wallMs / lot.count },
      ...{ 'x calls': done.calls / ours.calls, 'x wall': done.wallMs / ours.wallMs },
    });
  }
  return rows;
}

/** Whoever is compared has done the work: nothing that was closed too early is closed still, or without the label and a word. */
async function demandDone({ served }: Stand, who: string, { count, state }: Lot): Promise<void> {
  for (const iid of state === 'closed' ? [1, count] : []) {
    const { state: after, labels, notes } = await served.ask('look', iid);
    if (after !== 'opened' || !labels.includes('closure::blocked') || notes.length !== 1) throw new Error(`${who} has not done the work`);
  }
}

/** Runs something in this process, which does nothing else meanwhile. Its memory is not told: it would be that of all of this. */
async function inHere(stand: Stand, work: () => Promise<number>): Promise<DoorRun> {
  await stand.served.ask('taken');
  const [start, before] = [performance.now(), process.cpuUsage()];
  const acted = await work();
  const { user, system } = process.cpuUsage(before);
  const wallMs = performance.now() - start;
  const { calls, cpuMs } = await stand.served.ask('taken');
  const writes = restWrites(calls);
  const counts = { reads: calls.length - writes, writes, calls: calls.length, byKind: kindsOf(calls) };
  return { wallMs, cpuMs: (user + system) / 1000, peakMb: 0, ...counts, serverMs: cpuMs, acted };
}
