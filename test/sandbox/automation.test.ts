import { describe, expect, it } from 'vitest';
import type { RunningJob } from '../../scripts/sandbox/webhooks/pipelines.ts';
import { countDelivery } from '../../scripts/sandbox/world/hooks.ts';
import type { Instance } from '../../scripts/sandbox/world/instance.ts';
import { protect } from '../../scripts/sandbox/world/protection.ts';
import { LEVEL } from '../../scripts/sandbox/world/records.ts';
import { addProjectBot, recreateBot } from '../../scripts/sandbox/world/tokens.ts';
import { answer } from '../support/answer.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const SCHEDULES = '/projects/42/pipeline_schedules';
const NEW = { description: 'sweep', ref: 'main', cron: '19 * * * *', inputs: [{ name: 'task', value: 'sweep' }] };
const COM = { isGitLabCom: true } satisfies Partial<Instance>;

describe('a schedule', () => {
  it.each<{ cron: string; on: Partial<Instance>; next: string }>([
    { cron: '19 * * * *', on: {}, next: '10:19' },
    { cron: '* * * * *', on: {}, next: '10:01' },
    { cron: '* * * * *', on: { ...COM, tier: 'premium' }, next: '10:05' },
    { cron: '*/5 * * * *', on: { ...COM, tier: 'premium' }, next: '10:05' },
    { cron: '*/5 * * * *', on: COM, next: '11:00' },
    { cron: '19 * * * *', on: COM, next: '11:00' },
    { cron: '0 12 * * *', on: COM, next: '12:00' },
  ])('of $cron on $on runs next at $next', async ({ cron, on, next }) => {
    const scene = await stage();
    Object.assign(scene.gitlab.world.instance, on);
    expect((await answer(scene, 'ana', 'POST', SCHEDULES, { ...NEW, cron })).body).toMatchObject({
      next_run_at: `2026-11-20T${next}:00.000Z`,
      active: true,
      owner: { username: 'ana' },
      inputs: NEW.inputs,
    });
  });

  it.each<{ on: Partial<Instance>; status: number }>([
    { on: {}, status: 201 },
    { on: COM, status: 400 },
    { on: { ...COM, tier: 'premium' }, status: 201 },
  ])('beside ten others, on $on: $status', async ({ on, status }) => {
    const scene = await stage();
    Object.assign(scene.gitlab.world.instance, on);
    for (let count = 0; count < 10; count += 1) await scene.call('ana', 'POST', SCHEDULES, NEW);
    const told = await answer(scene, 'ana', 'POST', SCHEDULES, NEW);
    expect(told.status).toBe(status);
    if (status === 400) expect(told.body).toEqual({ message: { base: ['Maximum number of ci pipeline schedules (10) exceeded'] } });
  });

  it('is switched off when its owner is, and stays so when somebody takes it', async () => {
    const scene = await stage();
    const { world } = scene.gitlab;
    const bot = addProjectBot(world, scene.project, 'watchkeeper', LEVEL.developer);
    const { id } = await scene.call(bot.username, 'POST', SCHEDULES, NEW);
    recreateBot(world, scene.project, bot);
    const path = `${SCHEDULES}/${String(id)}`;
    expect((await answer(scene, 'ana', 'GET', path)).body).toMatchObject({ active: false, owner: { id: bot.id, state: 'blocked' } });
    expect((await answer(scene, 'ana', 'POST', `${path}/take_ownership`)).status).toBe(403);
    expect((await answer(scene, 'lea', 'POST', `${path}/take_ownership`)).body).toMatchObject({ active: false, owner: { username: 'lea' } });
  });

  it('runs its pipeline as who plays it, with its variables and inputs', async () => {
    const scene = await stage();
    const { id } = await scene.call('lea', 'POST', SCHEDULES, NEW);
    await scene.call('lea', 'POST', `${SCHEDULES}/${String(id)}/variables`, { key: 'A', value: 'b' });
    const ran: RunningJob[] = [];
    scene.gitlab.pipelines.run = (job) => {
      ran.push(job);
      return Promise.resolve();
    };
    expect((await answer(scene, 'ana', 'POST', `${SCHEDULES}/${String(id)}/play`)).status).toBe(201);
    expect((await answer(scene, 'ana', 'POST', `${SCHEDULES}/${String(id)}/play`)).status).toBe(429);
    await scene.gitlab.settled();
    expect(ran).toMatchObject([{ source: 'schedule', inputs: { task: 'sweep' }, variables: { A: 'b' } }]);
    expect(scene.project.pipelines).toMatchObject([{ userId: scene.gitlab.world.userNamed('ana').id, ref: 'main' }]);
  });

  it('is not played by who may neither push nor merge to its branch', async () => {
    const scene = await stage();
    scene.project.protectedBranches.length = 0;
    protect(scene.gitlab.world, scene.project, 'main');
    const { id } = await scene.call('ana', 'POST', SCHEDULES, NEW);
    expect((await answer(scene, 'ana', 'POST', `${SCHEDULES}/${String(id)}/play`)).status).toBe(403);
    expect(scene.project.pipelines).toEqual([]);
  });
});

/** A hook of the project that GitLab answers 401 to, as it calls without a token. */
async function withHook(): Promise<Scene & { path: string }> {
  const scene = await stage();
  const { id } = await scene.call('lea', 'POST', '/projects/42/hooks', { url: `${scene.gitlab.address}/api/v4/version`, issues_events: true });
  return { ...scene, path: `/projects/42/hooks/${String(id)}` };
}

describe('a webhook that fails', () => {
  it.each([
    { failures: 3, hoursLater: 0, status: 'executable', until: null },
    { failures: 4, hoursLater: 0, status: 'temporarily_disabled', until: '2026-11-20T10:01:00.000Z' },
    { failures: 4, hoursLater: 24, status: 'executable', until: '2026-11-20T10:01:00.000Z' },
    { failures: 39, hoursLater: 1, status: 'temporarily_disabled', until: '2026-11-21T10:00:00.000Z' },
    { failures: 40, hoursLater: 24, status: 'disabled', until: null },
  ])('$failures times in a row is $status $hoursLater hours later', async ({ failures, hoursLater, status, until }) => {
    const scene = await withHook();
    for (let count = 0; count < failures; count += 1) countDelivery(scene.project.hooks[0]!, 500, scene.clock.now);
    scene.clock.now = new Date(scene.clock.now.getTime() + hoursLater * 3_600_000);
    expect((await answer(scene, 'lea', 'GET', scene.path)).body).toMatchObject({ alert_status: status, disabled_until: until });
  });

  it('tells its deliveries of the last week, newest first, by status', async () => {
    const scene = await withHook();
    for (const days of [0, 3, 3, 3]) {
      scene.clock.now = new Date(scene.clock.now.getTime() + days * 86_400_000);
      await scene.call('ana', 'POST', '/projects/42/issues', { title: 'x' });
      await scene.gitlab.settled();
    }
    const told = async (query: string): Promise<unknown[]> => (await answer(scene, 'lea', 'GET', `${scene.path}/events${query}`)).body as unknown[];
    expect(await told('')).toMatchObject([
      { response_status: '401', created_at: '2026-11-29T10:00:00.000Z' },
      { response_status: '401', created_at: '2026-11-26T10:00:00.000Z' },
      { response_status: '401', created_at: '2026-11-23T10:00:00.000Z' },
    ]);
    for (const [status, count] of [
      ['401', 3],
      ['client_failure', 3],
      ['successful', 0],
      ['500', 0],
    ] as const)
      expect([status, (await told(`?status=${status}`)).length]).toEqual([status, count]);
  });
});

describe('a trigger token', () => {
  it('is shown in full to its owner alone, who may be blocked', async () => {
    const scene = await stage();
    const olga = scene.gitlab.world.addUser('olga');
    scene.project.members.set(olga.id, LEVEL.maintainer);
    const { token } = await scene.call('olga', 'POST', '/projects/42/triggers', { description: 'watchkeeper' });
    expect((await answer(scene, 'olga', 'GET', '/projects/42/triggers')).body).toMatchObject([{ token, owner: { state: 'active' } }]);
    olga.state = 'blocked';
    expect((await answer(scene, 'lea', 'GET', '/projects/42/triggers')).body).toMatchObject([{ token: String(token).slice(0, 4), owner: { username: 'olga', state: 'blocked' } }]);
  });
});
