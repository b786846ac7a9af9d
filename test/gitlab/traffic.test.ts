import { describe, expect, it } from 'vitest';
import { LeftOver } from '../../scripts/ci/errors.ts';
import type { GitLab } from '../../scripts/gitlab/port.ts';
import type { Fault } from '../../scripts/sandbox/api/faults.ts';
import { GITLAB_COM, SELF_MANAGED } from '../../scripts/sandbox/world/limits.ts';
import { createCaller } from '../../scripts/gitlab/caller.ts';
import { createGitLab } from '../../scripts/gitlab/client.ts';
import { createTraffic } from '../../scripts/gitlab/traffic.ts';
import { stage, type Scene } from '../support/gitlab.ts';

/** A connection of one of several shards, by a clock that waiting moves together with GitLab's. */
function shardOf(scene: Scene, shards: number, aheadMs = 0): GitLab {
  const now = (): number => scene.clock.now.getTime() + aheadMs;
  const sleep = (ms: number): Promise<void> => {
    scene.clock.waitedMs += ms;
    scene.clock.now = new Date(scene.clock.now.getTime() + ms);
    return Promise.resolve();
  };
  const bounds = { now, sleep, deadlineMs: now() + 600_000 };
  const run = async <T>(write: () => Promise<T>): Promise<T> => write();
  const traffic = createTraffic(now, shards);
  const call = createCaller({ bounds, count: { reads: 0, writes: 0 }, traffic });
  return createGitLab({ address: scene.gitlab.address, token: scene.bot.token, call, traffic, writes: { note: run, issue: run } });
}

const times = async (count: number, call: () => Promise<unknown>): Promise<void> => {
  for (let each = 0; each < count; each += 1) await call();
};
const refused: Fault = { kind: 'status', status: 429, retryAfterSeconds: 6 };

describe('the calls of a run', () => {
  it('are eight at once at most, however many are wanted', async () => {
    const scene = await stage();
    const waiting: (() => void)[] = [];
    let most = 0;
    // Nobody is answered before eight are there.
    scene.gitlab.faults.turn = () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        most = Math.max(most, waiting.length);
        if (waiting.length < 8) return;
        setImmediate(() => {
          for (const go of waiting.splice(0)) go();
        });
      });
    const gitlab = shardOf(scene, 1);
    await Promise.all(Array.from({ length: 64 }, () => gitlab.me()));
    expect(most).toBe(8);
  });

  it('never use up what GitLab allows in a minute: a twentieth is left to events', async () => {
    const scene = await stage({ limits: { ...GITLAB_COM, calls: 200 } });
    const gitlab = shardOf(scene, 1);
    await times(450, () => gitlab.me());
    // 190 in each of two minutes; none was refused.
    expect(scene.clock.waitedMs).toBe(2 * 60_000);
    expect(scene.gitlab.faults.calls).toHaveLength(450);
  });

  it.each([
    { name: 'goes ahead of', aheadMs: -600_000 },
    { name: 'lags behind', aheadMs: 600_000 },
  ])('wait for as long where the clock of GitLab $name ours', async ({ aheadMs }) => {
    const scene = await stage({ limits: { ...GITLAB_COM, calls: 200 } });
    const gitlab = shardOf(scene, 1, aheadMs);
    await times(450, () => gitlab.me());
    expect(scene.clock.waitedMs).toBe(2 * 60_000);
    expect(scene.gitlab.faults.calls).toHaveLength(450);
  });

  it('are divided among shards: together they are never refused', async () => {
    const scene = await stage({ limits: { ...GITLAB_COM, calls: 400 } });
    const shards = Array.from({ length: 4 }, () => shardOf(scene, 4));
    await Promise.all(shards.map((gitlab) => times(300, () => gitlab.me())));
    expect(scene.gitlab.faults.calls).toHaveLength(1200);
  });

  it('that were lost are on their way no more', async () => {
    const scene = await stage({ limits: { ...GITLAB_COM, calls: 200 } });
    const gitlab = shardOf(scene, 1);
    scene.gitlab.faults.follow((_call, number) => (number <= 200 && number % 2 === 1 ? { kind: 'reset' } : undefined));
    await times(100, () => gitlab.me());
    const { waitedMs } = scene.clock;
    await times(350, () => gitlab.me());
    expect(scene.clock.waitedMs - waitedMs).toBeLessThanOrEqual(2 * 60_000);
  });

  it('of a small run wait for nobody', async () => {
    const scene = await stage({ limits: { ...GITLAB_COM, calls: 200 } });
    await times(189, () => scene.connect().gitlab.me());
    const event = shardOf(scene, 1);
    await times(5, () => event.me());
    expect(scene.clock.waitedMs).toBe(0);
  });

  it('of many shards wait as those of one run do: what is free is divided among them too', async () => {
    const scene = await stage({ limits: { ...GITLAB_COM, calls: 200 } });
    await times(150, () => scene.connect().gitlab.me());
    const shards = Array.from({ length: 8 }, () => shardOf(scene, 8));
    await Promise.all(shards.map((gitlab) => times(20, () => gitlab.me())));
    expect(scene.gitlab.faults.calls).toHaveLength(150 + 8 * 20);
  });

  it('wait all together where one was told to', async () => {
    const scene = await stage();
    const gitlab = shardOf(scene, 1);
    scene.gitlab.faults.plan(/GET \/user/, refused);
    await gitlab.me();
    expect(scene.clock.waitedMs).toBe(6_000);
    const before = scene.gitlab.faults.calls.length;
    scene.gitlab.faults.plan(/GET \/user/, refused);
    await times(4, () => gitlab.me());
    expect([scene.clock.waitedMs, scene.gitlab.faults.calls.length - before]).toEqual([12_000, 5]);
  });

  it('of a kind are not tried any more once GitLab asks for a long pause; what was begun can be taken back', async () => {
    const scene = await stage();
    const gitlab = shardOf(scene, 1);
    const { iid } = scene.closed('');
    scene.gitlab.faults.plan(/POST/, { kind: 'status', status: 429, retryAfterSeconds: 900 }, 99);
    for (let each = 0; each < 3; each += 1) {
      const saying = gitlab.addNote({ projectId: 42, iid }, 'words');
      await expect(saying).rejects.toThrow(LeftOver);
      await expect(saying).rejects.toThrow(/asks to wait for 900 s/);
    }
    expect(scene.gitlab.faults.calls).toHaveLength(1);
    await gitlab.deleteNote({ projectId: 42, iid }, 1);
    expect(await gitlab.notes({ projectId: 42, iid })).toEqual([]);
  });
});

describe('comments beyond what an application allows, of which no header tells', () => {
  it('wait for the next minute, and reads go on', async () => {
    const scene = await stage({ limits: { ...SELF_MANAGED, notes: 3 } });
    const { iid } = scene.closed('');
    scene.clock.now = new Date('2026-11-20T10:00:20.000Z');
    const gitlab = shardOf(scene, 1);
    await times(4, () => gitlab.addNote({ projectId: 42, iid }, 'words'));
    expect(scene.clock.waitedMs).toBe(40_000);
    expect(await gitlab.notes({ projectId: 42, iid })).toHaveLength(4);
  });
});
