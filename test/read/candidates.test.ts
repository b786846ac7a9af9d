import { describe, expect, it } from 'vitest';
import { SetupError } from '../../scripts/ci/errors.ts';
import { NotFound } from '../../scripts/gitlab/errors.ts';
import { readCandidates, type Candidates, type SweepScope } from '../../scripts/read/candidates.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { config, NOW } from '../support/snapshot.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const SINCE = '2026-11-13T10:00:00.000Z';
const LONG_AGO = '2026-11-01T00:00:00.000Z';

const read = (scene: Scene, scope: Partial<SweepScope> = {}, more: object = {}): Promise<Candidates> =>
  readCandidates(scene.connect().gitlab, config(more), {
    deep: false,
    now: NOW,
    closedSince: SINCE,
    shard: { index: 1, total: 1 },
    isDue: () => false,
    waitsSince: ({ updatedAt }) => updatedAt,
    ...scope,
  });

/** An open incident; a test says what is different. */
function opened(scene: Scene, more: Partial<StoredIssue> = {}): StoredIssue {
  const issue = createIssue(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), scene.project, 'Token leaked', 'incident');
  return Object.assign(issue, more);
}

const iids = ({ examine }: Candidates): number[] => examine.map(({ iid }) => iid);

describe('the incidents that a sweep examines', () => {
  type Row = { name: string; issue: Partial<StoredIssue>; examined: boolean; deep?: boolean; config?: object };
  const closedAt = (at: string, more: Partial<StoredIssue> = {}): Partial<StoredIssue> => ({ state: 'closed', closedAt: at, ...more });
  it.each<Row>([
    { name: 'open, and touched within two intervals and a minute', issue: { updatedAt: '2026-11-20T07:59:00.000Z' }, examined: true },
    { name: 'not: open, and untouched for longer', issue: { updatedAt: '2026-11-20T07:58:59.000Z' }, examined: false },
    { name: 'open, and touched within two intervals of a configuration', issue: { updatedAt: '2026-11-20T09:39:00.000Z' }, config: { sweep: { interval_minutes: 10 } }, examined: true },
    { name: 'not: open, and untouched for two of them', issue: { updatedAt: '2026-11-20T09:38:59.000Z' }, config: { sweep: { interval_minutes: 10 } }, examined: false },
    { name: 'open, however long untouched, in a deep sweep', issue: { updatedAt: LONG_AGO }, deep: true, examined: true },
    { name: 'closed lately', issue: closedAt(SINCE), examined: true },
    { name: 'not: closed before, though somebody wrote since', issue: closedAt('2026-11-13T09:59:59.000Z'), examined: false },
    { name: 'not: closed before, in a deep sweep neither', issue: closedAt('2026-11-13T09:59:59.000Z'), deep: true, examined: false },
    { name: 'closed at a time that GitLab does not know, and touched since', issue: { state: 'closed', closedAt: null }, examined: true },
    { name: 'an issue with a label that makes it one', issue: { type: 'issue', labels: ['incident'] }, examined: true },
    { name: 'an issue with such a label, closed lately', issue: closedAt(SINCE, { type: 'issue', labels: ['incident'] }), examined: true },
    { name: 'an issue with another such label', issue: { type: 'issue', labels: ['breach'] }, config: { incident: { labels: ['incident', 'breach'] } }, examined: true },
  ])('$name', async ({ issue, examined, deep = false, config: more = {} }) => {
    const scene = await stage();
    const { iid } = opened(scene, issue);
    const candidates = await read(scene, { deep }, more);
    expect(iids(candidates)).toEqual(examined ? [iid] : []);
    expect(candidates.untouched).toBe(examined ? 0 : 1);
  });

  it.each<Row>([
    { name: 'verified', issue: closedAt(SINCE, { labels: ['closure::verified'] }), examined: false },
    { name: 'exempt', issue: closedAt(SINCE, { labels: ['closure::exempt'] }), examined: false },
    { name: 'verified and changed since', issue: closedAt(SINCE, { labels: ['closure::changed'] }), examined: false },
    { name: 'verified by its label, to a deep sweep, which trusts none', issue: closedAt(SINCE, { labels: ['closure::verified'] }), deep: true, examined: true },
    { name: 'disputed', issue: closedAt(SINCE, { labels: ['closure::disputed'] }), examined: true },
    { name: 'open again, though it says verified', issue: { labels: ['closure::verified'] }, examined: true },
    { name: 'untouched since', issue: closedAt(LONG_AGO, { updatedAt: '2026-11-13T09:59:59.000Z' }), examined: false },
    { name: 'an ordinary issue', issue: { type: 'issue' }, examined: false },
    { name: 'an issue that was blocked and lost its mark', issue: { type: 'issue', labels: ['closure::blocked'] }, examined: false },
    { name: 'an issue that was blocked and lost its mark, to a deep sweep', issue: { type: 'issue', labels: ['closure::blocked'] }, deep: true, examined: true },
  ])('are listed by their marks and settled by their labels: $name', async ({ issue, examined, deep = false }) => {
    const scene = await stage();
    const { iid } = opened(scene, issue);
    const candidates = await read(scene, { deep });
    expect(candidates).toMatchObject({ examine: examined ? [{ iid }] : [], untouched: 0 });
  });

  it.each<{ name: string; touchedSince: string | undefined }>([
    { name: 'where all that is open is listed', touchedSince: undefined },
    { name: 'where only what was touched of late is', touchedSince: '2026-11-19T00:00:00.000Z' },
  ])('are issues and incidents on call, however old, and no tasks: $name', async ({ touchedSince }) => {
    const scene = await stage();
    const old = { updatedAt: LONG_AGO, labels: ['oncall'] };
    const [incident, issue] = [opened(scene, old), opened(scene, { ...old, type: 'issue' })];
    opened(scene, { ...old, type: 'task' });
    const { examine } = await read(scene, { touchedSince, alsoLabelled: 'oncall', isDue: () => true });
    expect(examine.map(({ iid }) => iid).sort()).toEqual([incident.iid, issue.iid]);
  });

  it('come oldest first', async () => {
    const scene = await stage();
    const times = ['2026-11-20T09:30:00.000Z', '2026-11-20T09:10:00.000Z', '2026-11-20T09:20:00.000Z'];
    const [third, first, second] = times.map((updatedAt) => opened(scene, { updatedAt }).iid);
    expect(iids(await read(scene))).toEqual([first, second, third]);
  });

  it('come once, though a project and its group are both watched', async () => {
    const scene = await stage();
    const { iid } = opened(scene);
    expect(iids(await read(scene, {}, { sources: [{ project: 42 }, { group: 'sirt' }] }))).toEqual([iid]);
  });

  it('of two projects are two, though they bear the same number', async () => {
    const scene = await stage();
    const { world } = scene.gitlab;
    const other = world.addProject('sirt/other', { 'watchkeeper-bot': 30, ana: 30 });
    opened(scene);
    createIssue(world, world.userNamed('ana'), other, 'Another', 'incident');
    expect(iids(await read(scene, {}, { sources: [{ group: 'sirt' }] }))).toEqual([1, 1]);
  });
});

describe('shards', () => {
  const shards = (total: number): { index: number; total: number }[] => Array.from({ length: total }, (_none, index) => ({ index: index + 1, total }));

  it('share the incidents of one source by number', async () => {
    const scene = await stage();
    for (let count = 0; count < 5; count += 1) opened(scene);
    const parts = await Promise.all(shards(2).map(async (shard) => iids(await read(scene, { shard }))));
    expect(parts.map((part) => part.sort())).toEqual([
      [2, 4],
      [1, 3, 5],
    ]);
  });

  it('count what is untouched once', async () => {
    const scene = await stage();
    for (let count = 0; count < 5; count += 1) opened(scene, { updatedAt: LONG_AGO });
    const parts = await Promise.all(shards(2).map(async (shard) => (await read(scene, { shard })).untouched));
    expect(parts).toEqual([2, 3]);
  });

  it('share sources where there are enough of them, so that each is listed once', async () => {
    const scene = await stage();
    const { world } = scene.gitlab;
    const members = { 'watchkeeper-bot': 30, ana: 30 };
    const projects = [scene.project, ...['sirt/two', 'sirt/three'].map((path) => world.addProject(path, members))];
    for (const project of projects) for (let count = 0; count < 2; count += 1) createIssue(world, world.userNamed('ana'), project, 'Token leaked', 'incident');
    const sources = projects.map(({ id }) => ({ project: id }));
    const parts = await Promise.all(shards(2).map(async (shard) => (await read(scene, { shard }, { sources })).examine.map(({ projectId, iid }) => [projectId, iid])));
    const [one, two, three] = projects.map(({ id }) => [
      [id, 1],
      [id, 2],
    ]);
    expect(parts.map((part) => part.sort())).toEqual([[...one!, ...three!].sort(), two]);
  });
});

describe('a source that cannot be listed', () => {
  it('because it is not there is a setup error that names it', async () => {
    const scene = await stage();
    const reading = read(scene, {}, { sources: [{ project: 42 }, { group: 'nobody' }] });
    await expect(reading).rejects.toThrow(SetupError);
    await expect(reading).rejects.toThrow('The group nobody does not exist');
    await expect(reading).rejects.toHaveProperty('cause', expect.any(NotFound));
  });

  it('because GitLab is in trouble is left over', async () => {
    const scene = await stage();
    scene.gitlab.faults.plan(/issues/, { kind: 'status', status: 500 }, 99);
    await expect(read(scene)).rejects.toMatchObject({ name: 'LeftOver' });
  });
});
