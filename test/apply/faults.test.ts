import { afterAll, describe, expect, it } from 'vitest';
import { sweep, type Swept } from '../../scripts/apply/sweep.ts';
import { seededPlan, type Tally } from '../../scripts/sandbox/api/fault-plans.ts';
import { COMPLETE, FALSE_POSITIVE, SMALL, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { SELF_MANAGED } from '../../scripts/sandbox/world/limits.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { runAgainst, configFile } from '../support/door.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { INPUTS } from '../support/provided.ts';
import { config } from '../support/snapshot.ts';

const MANY = INPUTS >= 5_000 ? 1_000 : 100;
const tally: Tally = new Map();
const seeds: number[] = [];
afterAll(() => {
  const faults = [...tally.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `faults: seeds ${seeds.join(', ')}, ${MANY} incidents each, ${faults} bad answers (${[...tally].map(([name, count]) => `${count} ${name}`).join(', ')}); all done or left over, and finished by the next runs`,
  );
});

const DESCRIPTIONS = [TOO_EARLY, COMPLETE, FALSE_POSITIVE, SMALL];

function sweepOnce(scene: Scene): Promise<Swept> {
  const bounds = { ...scene.bounds, deadlineMs: scene.bounds.now() + 50 * 60_000 };
  const { gitlab } = scene.connect(undefined, bounds);
  const tools = { gitlab, config: config(), now: scene.clock.now, dryRun: false, commit: undefined, bounds };
  return sweep(tools, { deep: false, shard: { index: 1, total: 1 }, progress: () => undefined });
}

function stateOf({ state, labels }: StoredIssue): string {
  return [state, ...labels].join(' ');
}

describe('a sweep through bad answers', () => {
  const run = Date.UTC(2026, 10, 20) / 1000;
  it.each([run, run + 1, run + 2])(`finishes ${MANY} incidents or says which it left, and the next finish them: seed %i`, { timeout: 600_000 }, async (seed) => {
    seeds.push(seed);
    const scene = await stage({ limits: { ...SELF_MANAGED, notes: undefined } });
    const incidents = Array.from({ length: MANY }, (_each, index) => scene.closed(DESCRIPTIONS[index % 4] ?? ''));
    scene.gitlab.faults.follow(seededPlan(seed, 0.1, tally));
    for (let sweeps = 1; ; sweeps += 1) {
      const swept = await sweepOnce(scene).catch(() => undefined);
      const left = new Set(swept?.leftOver.map(({ reference }) => reference));
      const undone = incidents.filter(({ labels }) => labels.length === 0);
      if (swept) expect(undone.filter(({ iid }) => !left.has(`sirt/incidents#${iid}`))).toEqual([]);
      if (swept && left.size === 0) break;
      expect(sweeps).toBeLessThan(10);
    }
    scene.gitlab.faults.clear();
    await sweepOnce(scene);
    expect(incidents.map(stateOf)).toEqual(incidents.map((_each, index) => (index % 4 === 0 ? 'opened closure::blocked' : 'closed closure::verified')));
    expect(incidents.map((issue) => scene.said(issue).length)).toEqual(incidents.map(() => 1));
  });

  it('through the door ends with 3 where something was left, and with 0 when it is done', { timeout: 120_000 }, async () => {
    const scene = await stage();
    const incidents = Array.from({ length: 40 }, () => scene.closed(TOO_EARLY));
    const file = await configFile('sources: [{ project: 42 }]\nlimits: { notes_per_minute: 1000, issue_writes_per_minute: 1000 }\n');
    // Every other call to a comments list fails, each time it is tried.
    scene.gitlab.faults.follow((call) => (/graphql$|GET .*[02468]\/notes$/.test(call) ? { kind: 'reset' } : undefined));
    const ran = await runAgainst(scene, 'sweep', '', { WATCHKEEPER_CONFIG: file });
    const left = ran.report['left_over'] as { reference: string }[];
    expect([ran.exitCode, left.length]).toEqual([3, 20]);
    expect(
      incidents
        .filter(({ state }) => state === 'closed')
        .map(({ iid }) => `sirt/incidents#${iid}`)
        .sort(),
    ).toEqual(left.map(({ reference }) => reference).sort());
    scene.gitlab.faults.clear();
    expect((await runAgainst(scene, 'sweep', '', { WATCHKEEPER_CONFIG: file })).exitCode).toBe(0);
    expect(incidents.every(({ state }) => state === 'opened')).toBe(true);
  });
});
