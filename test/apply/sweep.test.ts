import { describe, expect, it } from 'vitest';
import { SetupError } from '../../scripts/ci/errors.ts';
import { sweep, type SweepOptions, type Swept } from '../../scripts/apply/sweep.ts';
import type { Tools } from '../../scripts/apply/reconcile.ts';
import { COMPLETE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import type { NamedIssue } from '../../scripts/gitlab/port.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { dutyConfig } from '../support/duty-room.ts';
import { config } from '../support/snapshot.ts';
import { stage, type Scene } from '../support/gitlab.ts';

/** Sweeps as one run would, and tells the lines of its progress. */
async function sweepAll(scene: Scene, options: Partial<SweepOptions> = {}, more: Partial<Tools> = {}): Promise<Swept & { lines: string[] }> {
  const lines: string[] = [];
  const progress = (line: string): void => void lines.push(line);
  const swept = await sweep(scene.tools(more), { deep: false, shard: { index: 1, total: 1 }, progress, ...options });
  return { ...swept, lines };
}

/** GraphQL answers nothing, so that comments are read of one incident at a time. */
const noGraphql = (scene: Scene): void => {
  scene.gitlab.faults.plan(/graphql/, { kind: 'status', status: 404 }, 99);
};
const several = (scene: Scene, count: number): StoredIssue[] => Array.from({ length: count }, () => scene.closed(TOO_EARLY));
const iids = ({ incidents }: Swept): number[] => incidents.map(({ issue }) => issue.iid).sort((a, b) => a - b);

describe('a sweep', () => {
  it('settles every incident that no event told of, and has nothing to write the second time', async () => {
    const scene = await stage();
    const [missed, complete] = [scene.closed(TOO_EARLY), scene.closed(COMPLETE)];
    expect(iids(await sweepAll(scene))).toEqual([missed.iid, complete.iid]);
    expect([missed, complete].map(({ state, labels }) => [state, ...labels])).toEqual([
      ['opened', 'closure::blocked'],
      ['closed', 'closure::verified'],
    ]);
    const again = await sweepAll(scene);
    expect(again.incidents.flatMap(({ actions }) => actions)).toEqual([]);
    expect(again).toMatchObject({ leftOver: [], untouched: 0, lines: [] });
  });

  it('tells of its progress every 50 incidents', async () => {
    const scene = await stage();
    several(scene, 101);
    expect((await sweepAll(scene, {}, { dryRun: true })).lines).toEqual(['examining 50 of 101 incidents', 'examining 100 of 101 incidents']);
  });

  it('leaves what closed before gate.since, and by default what closed more than 7 days ago', async () => {
    const scene = await stage();
    const [old, older] = [scene.closed(TOO_EARLY, { closedAt: '2026-11-13T10:00:00.000Z' }), scene.closed(TOO_EARLY, { closedAt: '2026-11-13T09:59:59.000Z' })];
    expect(iids(await sweepAll(scene))).toEqual([old.iid]);
    expect(older.state).toBe('closed');
    expect(iids(await sweepAll(scene, {}, { config: config({ gate: { since: '2026-11-20T09:00:00Z' } }) }))).toEqual([old.iid]);
  });

  it('goes on past an incident that GitLab fails at, and says which and why', async () => {
    const scene = await stage();
    noGraphql(scene);
    const [first, second, third] = several(scene, 3);
    scene.gitlab.faults.plan(new RegExp(`GET /projects/42/issues/${second!.iid}/notes`), { kind: 'status', status: 500 }, 4);
    const { leftOver, incidents } = await sweepAll(scene);
    expect(leftOver).toEqual([{ reference: `sirt/incidents#${second!.iid}`, reason: expect.stringContaining('500') as string, to: 'next run' }]);
    expect(incidents).toHaveLength(2);
    expect([first, second, third].map((issue) => issue!.state)).toEqual(['opened', 'closed', 'opened']);
  });

  it('tries all others, however many, when GitLab fails at one', async () => {
    const scene = await stage();
    noGraphql(scene);
    const [first, ...others] = several(scene, 20);
    scene.gitlab.faults.plan(new RegExp(`GET /projects/42/issues/${first!.iid}/notes`), { kind: 'status', status: 404 }, 4);
    expect((await sweepAll(scene)).leftOver).toHaveLength(1);
    expect(new Set(others.map(({ state }) => state))).toEqual(new Set(['opened']));
  });

  it('goes on past an incident that only the operator can mend, and says so', async () => {
    const scene = await stage();
    const [first, second] = several(scene, 2);
    scene.gitlab.faults.plan(new RegExp(`POST /projects/42/issues/${first!.iid}/notes`), { kind: 'status', status: 403, body: '{"message":"403 Forbidden"}' });
    const { leftOver } = await sweepAll(scene);
    expect(leftOver).toEqual([{ reference: `sirt/incidents#${first!.iid}`, reason: expect.stringContaining('Developer') as string, to: 'operator' }]);
    expect([first!.state, second!.state]).toEqual(['closed', 'opened']);
  });

  it('tries no other incident once GitLab asks for a long pause', async () => {
    const scene = await stage();
    several(scene, 90);
    scene.gitlab.faults.plan(/POST/, { kind: 'status', status: 429, retryAfterSeconds: 900 }, 99);
    const { leftOver, incidents } = await sweepAll(scene);
    expect(incidents).toEqual([]);
    expect(leftOver).toHaveLength(90);
    expect(leftOver.filter(({ reason }) => reason === 'not tried, because GitLab asked for a long pause; the next run goes on.').length).toBeGreaterThanOrEqual(90 - 60);
  });

  it('does the others where one incident makes it crash, and says so with the stack', async () => {
    const scene = await stage();
    const [first, second] = several(scene, 2);
    const { gitlab } = scene.connect();
    const broken = {
      ...gitlab,
      glance: (named: NamedIssue) => {
        if (named.iid === first!.iid) throw new TypeError('ours');
        return gitlab.glance(named);
      },
    };
    const { leftOver } = await sweepAll(scene, {}, { gitlab: broken });
    expect(leftOver).toEqual([{ reference: `sirt/incidents#${first!.iid}`, reason: expect.stringMatching(/^crashed: TypeError: ours\n {4}at /) as string, to: 'us' }]);
    expect([first!.state, second!.state]).toEqual(['closed', 'opened']);
  });

  it('does the others where the emoji of one whose review is due cannot be read, and leaves that one over', async () => {
    const scene = await stage();
    scene.clock.now = new Date('2026-11-20T12:30:00.000Z');
    const { world } = scene.gitlab;
    const due = createIssue(world, world.userNamed('ana'), scene.project, 'Rotate the keys', 'issue');
    Object.assign(due, { labels: ['oncall', 'review::due'], createdAt: '2026-11-10T00:00:00.000Z', updatedAt: '2026-11-20T05:00:00.000Z' });
    const missed = scene.closed(TOO_EARLY);
    scene.gitlab.faults.plan(/award_emoji$/, { kind: 'status', status: 503 }, 99);
    const { leftOver } = await sweepAll(scene, {}, { config: dutyConfig() });
    expect(leftOver).toMatchObject([{ reference: `sirt/incidents#${due.iid}` }]);
    expect(missed.state).toBe('opened');
  });

  it('names a source that does not exist, and writes nothing', async () => {
    const scene = await stage();
    const [issue] = several(scene, 1);
    const nowhere = config({ sources: [{ project: 42 }, { project: 'nobody/nowhere' }] });
    await expect(sweepAll(scene, {}, { config: nowhere })).rejects.toThrow(SetupError);
    await expect(sweepAll(scene, {}, { config: nowhere })).rejects.toThrow('The project nobody/nowhere does not exist');
    expect(issue!.state).toBe('closed');
  });
});
