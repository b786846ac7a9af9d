import { describe, expect, it } from 'vitest';
import { sweep, type Swept } from '../../scripts/apply/sweep.ts';
import { TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { config } from '../support/snapshot.ts';

function sweepOnce(scene: Scene): Promise<Swept> {
  const tools = { ...{ gitlab: scene.connect().gitlab, config: config(), now: scene.clock.now, dryRun: false }, commit: undefined, bounds: scene.bounds };
  return sweep(tools, { deep: false, shard: { index: 1, total: 1 }, progress: () => undefined });
}

describe('a sweep whose time runs out', () => {
  it('finishes or leaves each incident, reports each that it left, and the next one goes on', async () => {
    const scene = await stage();
    const incidents = Array.from({ length: 60 }, () => scene.closed(TOO_EARLY));
    // Each call takes one of the 120 seconds that the run has.
    scene.gitlab.faults.turn = () => {
      scene.clock.waitedMs += 1_000;
      return Promise.resolve();
    };
    const { incidents: done, leftOver } = await sweepOnce(scene);
    expect([done.length > 0, leftOver.length > 0, done.length + leftOver.length]).toEqual([true, true, 60]);
    expect(new Set(leftOver.map(({ reason }) => reason.replace(/^.*: /, '')))).toEqual(new Set(['not tried, the time of this run is up; the next run goes on.']));
    scene.clock.waitedMs = 0;
    scene.gitlab.faults.clear();
    expect((await sweepOnce(scene)).leftOver).toEqual([]);
    expect(incidents.map(({ state }) => state)).toEqual(incidents.map(() => 'opened'));
    expect(incidents.map((issue) => scene.said(issue).length)).toEqual(incidents.map(() => 1));
  });
});
