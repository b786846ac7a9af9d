import { describe, expect, it } from 'vitest';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { COMPLETE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { roster } from '../support/duty-room.ts';
import { configFile, runAgainst } from '../support/door.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const LONG_AGO = '2026-11-01T00:00:00.000Z';

function untouched(scene: Scene, count: number): void {
  const ana = scene.gitlab.world.userNamed('ana');
  for (let each = 0; each < count; each += 1) {
    const issue = createIssue(scene.gitlab.world, ana, scene.project, `Incident ${each}`, 'incident');
    Object.assign(issue, { createdAt: LONG_AGO, updatedAt: LONG_AGO });
  }
}

describe('sweep', () => {
  it('finds what no event told of, and does nothing the second time', async () => {
    const scene = await stage();
    const missed = scene.closed(TOO_EARLY);
    const complete = scene.closed(COMPLETE);
    const byLabel = scene.closed(TOO_EARLY, { type: 'issue', labels: ['incident'] });
    const ordinary = scene.closed('', { type: 'issue' });
    const history = scene.closed(TOO_EARLY, { closedAt: LONG_AGO, updatedAt: LONG_AGO });
    expect(await runAgainst(scene, 'sweep', '')).toMatchObject({ exitCode: 0, report: { incidents: [{}, {}, {}] } });
    expect([missed, complete, byLabel, ordinary, history].map(({ state, labels }) => [state, ...labels.sort()].join(' '))).toEqual([
      'opened closure::blocked',
      'closed closure::verified',
      'opened closure::blocked incident',
      'closed',
      'closed',
    ]);
    expect((await runAgainst(scene, 'sweep', '')).report).toMatchObject({ calls: { writes: 0 } });
  });

  it('costs 5 calls where nobody touched anything of late, however many incidents are open, and writes nothing', async () => {
    const scene = await stage();
    untouched(scene, 500);
    const { report } = await runAgainst(scene, 'sweep', '');
    expect(report).toMatchObject({ incidents: [], calls: { reads: 5, writes: 0 } });
  });

  it('costs 6 calls with the whole duty on, and one more a hundred incidents while a shift is handed over', async () => {
    const scene = await stage();
    untouched(scene, 500);
    const file = await configFile(JSON.stringify({ sources: [{ project: 42 }], managers: ['@lea'], roster: roster() }));
    const quiet = { WATCHKEEPER_CONFIG: file, WATCHKEEPER_NOW: '2026-11-20T12:30:00Z' };
    expect((await runAgainst(scene, 'sweep', '', quiet)).report).toMatchObject({ calls: { reads: 6, writes: 0 } });
    const change = { ...quiet, WATCHKEEPER_NOW: '2026-11-20T19:45:00Z', WATCHKEEPER_DRY_RUN: '1' };
    expect((await runAgainst(scene, 'sweep', '', change)).report).toMatchObject({ untouched: 500, calls: { reads: expect.any(Number) as number, writes: 0 } });
  });

  it('reads the comments of open incidents updated within two intervals, and of no others', async () => {
    const scene = await stage();
    const blocked = [scene.closed(TOO_EARLY), scene.closed(TOO_EARLY)] as const;
    await runAgainst(scene, 'sweep', '');
    for (const issue of blocked) issue.description = '';
    blocked[0].updatedAt = new Date(scene.clock.now.getTime() - 122 * 60_000).toISOString();
    blocked[1].updatedAt = new Date(scene.clock.now.getTime() - 120 * 60_000).toISOString();
    expect((await runAgainst(scene, 'sweep', '')).report).toMatchObject({ untouched: 0, incidents: [{ iid: blocked[1].iid, actions: ['edit the gate comment'] }] });
  });

  it('costs at most 2 reads and 1 write for each incident that it acts on, and reads comments of many at once', async () => {
    const scene = await stage();
    for (let count = 0; count < 10; count += 1) scene.closed(TOO_EARLY);
    const { report } = await runAgainst(scene, 'sweep', '');
    const { reads, writes } = report['calls'] as { reads: number; writes: number };
    expect(writes).toBe(10);
    // One query before they are judged; after that at most one for each.
    expect(reads).toBeLessThanOrEqual(5 + 1 + 10);
  });

  it('trusts no label in a deep sweep', async () => {
    const scene = await stage();
    const forged = scene.closed(TOO_EARLY, { labels: ['closure::verified'] });
    await runAgainst(scene, 'sweep', '');
    expect(forged.state).toBe('closed');
    await runAgainst(scene, 'sweep', '', {}, ['--deep']);
    expect(forged).toMatchObject({ state: 'opened', labels: ['closure::blocked'] });
  });

  it('shares the work between shards: each incident is done once', async () => {
    const scene = await stage();
    const incidents = Array.from({ length: 7 }, () => scene.closed(TOO_EARLY));
    const runs = await Promise.all([1, 2, 3].map((index) => runAgainst(scene, 'sweep', '', { CI_NODE_INDEX: String(index), CI_NODE_TOTAL: '3' })));
    const done = runs.flatMap(({ report }) => (report['incidents'] as { iid: number }[]).map(({ iid }) => iid));
    expect(done.sort()).toEqual(incidents.map(({ iid }) => iid).sort());
    expect(incidents.map((issue) => scene.said(issue).length)).toEqual(incidents.map(() => 1));
  });

  it('does what it can, reports what is left over with exit 3, and the next run finishes it', async () => {
    const scene = await stage();
    scene.gitlab.faults.plan(/graphql/, { kind: 'status', status: 404 }, 99);
    const incidents = Array.from({ length: 3 }, () => scene.closed(TOO_EARLY));
    scene.gitlab.faults.plan(new RegExp(`GET /projects/42/issues/${incidents[1]!.iid}/notes`), { kind: 'status', status: 500 }, 4);
    const ran = await runAgainst(scene, 'sweep', '');
    expect(ran).toMatchObject({ exitCode: 3, report: { left_over: [{ reference: `sirt/incidents#${incidents[1]!.iid}` }] } });
    expect(incidents.map(({ state }) => state)).toEqual(['opened', 'closed', 'opened']);
    expect((await runAgainst(scene, 'sweep', '')).exitCode).toBe(0);
    expect(incidents[1]!.state).toBe('opened');
  });

  it('does nothing any more where the time of its job is up, and says so', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const ran = await runAgainst(scene, 'sweep', '', { CI_JOB_STARTED_AT: '2026-01-01T00:00:00Z', CI_JOB_TIMEOUT: '600' });
    expect(ran).toMatchObject({ exitCode: 3, output: expect.stringContaining('the time of this run is up; the next run goes on') as string });
    expect([issue.state, scene.gitlab.faults.calls]).toEqual(['closed', []]);
  });

  it('goes on past an incident where the bot lacks a right, and names the cure with exit 2', async () => {
    const scene = await stage();
    const incidents = Array.from({ length: 3 }, () => scene.closed(TOO_EARLY));
    scene.gitlab.faults.plan(new RegExp(`POST /projects/42/issues/${incidents[0]!.iid}/notes`), { kind: 'status', status: 403, body: '{"message":"403 Forbidden"}' });
    const ran = await runAgainst(scene, 'sweep', '');
    expect(ran).toMatchObject({ exitCode: 2, report: { left_over: [{ reason: expect.stringContaining('role Developer') as string }] } });
    expect(incidents.map(({ state }) => state)).toEqual(['closed', 'opened', 'opened']);
  });

  it('stops where GitLab asks for a long pause', async () => {
    const scene = await stage();
    for (let count = 0; count < 20; count += 1) scene.closed(TOO_EARLY);
    scene.gitlab.faults.plan(/POST/, { kind: 'status', status: 429, retryAfterSeconds: 900 }, 99);
    const ran = await runAgainst(scene, 'sweep', '');
    expect(ran.exitCode).toBe(3);
    expect(ran.report['left_over']).toHaveLength(20);
    expect(scene.gitlab.faults.calls.filter((call) => call.startsWith('POST')).length).toBeLessThanOrEqual(8);
  });

  it('finds in a deep sweep what lost its mark after the gate had blocked it', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    await runAgainst(scene, 'sweep', '');
    Object.assign(issue, { type: 'issue', state: 'closed', closedAt: scene.clock.now.toISOString() });
    await runAgainst(scene, 'sweep', '', {}, ['--deep']);
    expect(issue.state).toBe('opened');
  });

  it('falls back to offset pages where GitLab has no keyset for issues', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    scene.gitlab.faults.plan(/GET \/projects\/42\/issues$/, { kind: 'status', status: 405 });
    await runAgainst(scene, 'sweep', '');
    expect(issue.state).toBe('opened');
  });

  it('names a source that does not exist, and writes nothing', async () => {
    const scene = await stage();
    scene.closed(TOO_EARLY);
    const file = await configFile('sources: [{ project: 42 }, { project: nobody/nowhere }]');
    const ran = await runAgainst(scene, 'sweep', '', { WATCHKEEPER_CONFIG: file });
    expect(ran).toMatchObject({ exitCode: 2, output: expect.stringMatching(/The project nobody\/nowhere does not exist/) as string });
    expect(scene.gitlab.faults.calls.filter((call) => !call.startsWith('GET '))).toEqual([]);
  });
});
