import { describe, expect, it } from 'vitest';
import { SetupError } from '../../scripts/ci/errors.ts';
import { Forbidden, NotFound } from '../../scripts/gitlab/errors.ts';
import type { IssueQuery } from '../../scripts/gitlab/port.ts';
import type { Pipeline } from '../../scripts/sandbox/world/automation.ts';
import { createPipeline } from '../../scripts/sandbox/world/pipelines.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { LEVEL } from '../../scripts/sandbox/world/records.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const SOURCE = { kind: 'project', id: 42 } as const;

/** Three incidents and a labelled issue, a day apart each from 2026-11-01 on. */
async function fourDays(): Promise<Scene> {
  const scene = await stage();
  const { world } = scene.gitlab;
  for (const [index, type] of (['incident', 'incident', 'issue', 'incident'] as const).entries()) {
    const issue = createIssue(world, world.userNamed('ana'), scene.project, 'Token leaked', type);
    const at = `2026-11-0${index + 1}T12:00:00.000Z`;
    Object.assign(issue, { createdAt: at, updatedAt: at, labels: type === 'issue' ? ['incident'] : [] });
  }
  return scene;
}

describe('how many issues there are', () => {
  it.each<{ name: string; query: Omit<IssueQuery, 'state'>; count: number }>([
    { name: 'of a type', query: { type: 'incident' }, count: 3 },
    { name: 'of a type, with a label', query: { type: 'issue', labels: ['incident'] }, count: 1 },
    { name: 'without a label', query: { withoutLabels: ['incident'] }, count: 3 },
    { name: 'created since', query: { createdAfter: '2026-11-02T12:00:00.000Z' }, count: 3 },
    { name: 'created until', query: { createdBefore: '2026-11-02T12:00:00.000Z' }, count: 2 },
    { name: 'created between', query: { createdAfter: '2026-11-02T00:00:00Z', createdBefore: '2026-11-03T23:00:00Z' }, count: 2 },
    { name: 'touched until', query: { updatedBefore: '2026-11-01T12:00:00.000Z' }, count: 1 },
    { name: 'none', query: { labels: ['nothing'] }, count: 0 },
  ])('$name: $count, in one call', async ({ query, count }) => {
    const { gitlab, count: calls } = (await fourDays()).connect();
    expect(await gitlab.countIssues(SOURCE, { state: 'all', ...query })).toBe(count);
    expect(calls.reads).toBe(1);
    expect(await gitlab.issues(SOURCE, { state: 'all', ...query })).toHaveLength(count);
  });

  it('is counted by a list where GitLab does not say, as it does not above 10,000', async () => {
    const scene = await fourDays();
    scene.gitlab.faults.plan(/issues/, { kind: 'text', body: '[]', contentType: 'application/json' });
    const { gitlab, count } = scene.connect();
    expect(await gitlab.countIssues(SOURCE, { state: 'all', type: 'incident' })).toBe(3);
    expect(count.reads).toBe(2);
  });

  it('is asked of a group as of a project', async () => {
    expect(await (await fourDays()).connect().gitlab.countIssues({ kind: 'group', id: 'sirt' }, { state: 'all', type: 'incident' })).toBe(3);
  });

  it('fails where the source is not there', async () => {
    await expect((await stage()).connect().gitlab.countIssues({ kind: 'project', id: 999 }, { state: 'all' })).rejects.toThrow(NotFound);
  });
});

/** A pipeline of Watchkeeper's own project that ran at an hour of 2026-11-02. */
function ran(scene: Scene, hour: number, more: Partial<Pipeline> = {}): Pipeline {
  const pipeline = createPipeline(scene.gitlab.world, scene.project, scene.gitlab.world.userNamed('lea'), 'main', 'schedule');
  return Object.assign(pipeline, { createdAt: `2026-11-02T${String(hour).padStart(2, '0')}:00:00.000Z`, status: 'success', ...more });
}

describe('the pipelines of schedules', () => {
  it('are those that succeeded since a time, oldest first', async () => {
    const scene = await stage();
    const [, , third, fourth] = [ran(scene, 1), ran(scene, 2, { source: 'trigger' }), ran(scene, 3), ran(scene, 4), ran(scene, 5, { status: 'failed' })];
    expect(await scene.connect().gitlab.scheduledPipelines(42, '2026-11-02T03:00:00.000Z')).toEqual([third, fourth].map(({ id, createdAt }) => ({ id, createdAt })));
  });

  it('are read to the last page', async () => {
    const scene = await stage();
    for (let count = 0; count < 130; count += 1) ran(scene, 6);
    const { gitlab, count } = scene.connect();
    expect(await gitlab.scheduledPipelines(42, '2026-11-01T00:00:00.000Z')).toHaveLength(130);
    expect(count.reads).toBe(2);
  });

  it.each([
    { name: 'is no member', level: undefined },
    { name: 'is a guest where jobs are for members of a role', level: LEVEL.guest },
  ])('are unknown to a bot that $name', async ({ level }) => {
    const scene = await stage();
    scene.project.settings.publicJobs = false;
    ran(scene, 1);
    if (level === undefined) scene.project.members.delete(scene.bot.id);
    else scene.project.members.set(scene.bot.id, level);
    expect(await scene.connect().gitlab.scheduledPipelines(42, '2026-11-01T00:00:00.000Z')).toBeUndefined();
  });

  it('of a token that is wrong are nobody to know, which is the operator to mend', async () => {
    const failed = (await stage()).connect('glpat-wrong').gitlab.scheduledPipelines(42, '2026-11-01T00:00:00.000Z');
    await expect(failed).rejects.toThrow(SetupError);
    await expect(failed).rejects.not.toThrow(Forbidden);
  });
});
