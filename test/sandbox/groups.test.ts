import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../../scripts/sandbox/world/instance.ts';
import { joinGroup } from '../../scripts/sandbox/world/groups.ts';
import { LEVEL } from '../../scripts/sandbox/world/records.ts';
import { addProjectBot } from '../../scripts/sandbox/world/tokens.ts';
import { answer } from '../support/answer.ts';
import { CONTRACT, HAS_CONTRACT } from '../support/contract.ts';
import { stage, type Scene } from '../support/gitlab.ts';

/** A scene with @olga, who owns the group. */
async function withGroup(): Promise<Scene> {
  const scene = await stage({ labels: false });
  const { world } = scene.gitlab;
  const group = world.groups.find(({ path }) => path === 'sirt');
  if (group) joinGroup(world, group, world.addUser('olga'), LEVEL.owner);
  return scene;
}

describe('a group', () => {
  it('is seen by its members and by those of its projects, and is not there for others', async () => {
    const scene = await withGroup();
    scene.gitlab.world.addUser('stranger');
    for (const who of ['olga', 'ana']) expect((await answer(scene, who, 'GET', '/groups/sirt')).body).toMatchObject({ full_path: 'sirt', parent_id: null });
    expect(await answer(scene, 'stranger', 'GET', '/groups/sirt')).toMatchObject({ status: 404, body: { message: '404 Group Not Found' } });
  });

  it('gives its members their level in its projects', async () => {
    const scene = await withGroup();
    const olga = scene.gitlab.world.userNamed('olga').id;
    expect((await answer(scene, 'ana', 'GET', `/projects/42/members/all/${olga}`)).body).toMatchObject({ access_level: LEVEL.owner });
  });
});

describe('labels of a group', () => {
  const LABELS = '/groups/sirt/labels';
  const NEW = { name: 'incident', color: '#ff0000' };

  it('are made by its members, once, and all its projects have them', async () => {
    const scene = await withGroup();
    expect((await answer(scene, 'ana', 'POST', LABELS, NEW)).status).toBe(403);
    expect(await answer(scene, 'olga', 'POST', LABELS, NEW)).toMatchObject({ status: 201, body: NEW });
    expect(await answer(scene, 'olga', 'POST', LABELS, NEW)).toMatchObject({ status: 409, body: { message: 'Label already exists' } });
    expect((await answer(scene, 'ana', 'GET', '/projects/42/labels')).body).toMatchObject([{ name: 'incident', is_project_label: false }]);
  });

  it.each(['sirt/more', 'sirt/deep/down'])('stand in the way of a label of the project %s by that name', async (path) => {
    const scene = await withGroup();
    scene.gitlab.world.addProject(path, { lea: LEVEL.maintainer }, 43);
    await answer(scene, 'olga', 'POST', LABELS, NEW);
    expect(await answer(scene, 'lea', 'POST', '/projects/43/labels', NEW)).toMatchObject({ status: 409, body: { message: 'Label already exists' } });
  });

  it('take the issues of the projects with them when renamed, and leave them when deleted', async () => {
    const scene = await withGroup();
    await answer(scene, 'olga', 'POST', LABELS, NEW);
    const issue = scene.closed('', { labels: ['incident', 'other'] });
    expect((await answer(scene, 'olga', 'PUT', `${LABELS}/incident`, { new_name: 'fire', color: '#00ff00' })).body).toMatchObject({ name: 'fire', color: '#00ff00', closed_issues_count: 1 });
    expect(issue.labels).toEqual(['fire', 'other']);
    expect((await answer(scene, 'olga', 'DELETE', `${LABELS}/fire`)).status).toBe(204);
    expect([issue.labels, (await answer(scene, 'ana', 'GET', `${LABELS}/fire`)).status]).toEqual([['other'], 404]);
  });
});

describe('webhooks of a group', () => {
  const HOOKS = '/groups/sirt/hooks';

  it.each<{ who: string; instance: Partial<Instance>; status: number }>([
    { who: 'olga', instance: { isEnterprise: false }, status: 404 },
    { who: 'olga', instance: { tier: 'free' }, status: 403 },
    { who: 'lea', instance: { tier: 'premium' }, status: 403 },
    { who: 'olga', instance: { tier: 'premium' }, status: 200 },
    { who: 'olga', instance: { tier: 'ultimate' }, status: 200 },
  ])('for @$who, where GitLab is $instance: $status', async ({ who, instance, status }) => {
    const scene = await withGroup();
    Object.assign(scene.gitlab.world.instance, instance);
    expect((await answer(scene, who, 'GET', HOOKS)).status).toBe(status);
  });

  it('hear of what happens in its projects, beside the hooks of those', async () => {
    const scene = await withGroup();
    scene.gitlab.world.instance.tier = 'premium';
    const hook = { url: `${scene.gitlab.address}/api/v4/version`, issues_events: true };
    expect((await answer(scene, 'olga', 'POST', HOOKS, hook)).body).toMatchObject({ group_id: scene.project.groupId, alert_status: 'executable' });
    await answer(scene, 'lea', 'POST', '/projects/42/hooks', hook);
    await answer(scene, 'ana', 'POST', '/projects/42/issues', { title: 'x' });
    await scene.gitlab.settled();
    expect(scene.gitlab.deliverer.deliveries.map(({ trigger }) => trigger)).toEqual(['issue_hooks', 'issue_hooks']);
  });
});

describe("the token of a project's bot that is about to end", () => {
  it.skipIf(!HAS_CONTRACT)('is told to the hooks that ask for it, as GitLab tells it', async () => {
    const scene = await stage();
    const bot = addProjectBot(scene.gitlab.world, scene.project, 'watchkeeper', LEVEL.developer, { expiresAt: '2026-11-27' });
    for (const events of [{ resource_access_token_events: true }, { issues_events: true }])
      await answer(scene, 'lea', 'POST', '/projects/42/hooks', { url: `${scene.gitlab.address}/api/v4/version`, ...events });
    scene.gitlab.deliverer.announceExpiry(scene.project, bot);
    await scene.gitlab.settled();
    const sample = JSON.parse(readFileSync(new URL('webhooks/access_token_project.json', CONTRACT), 'utf8')) as { project: object; object_attributes: object };
    const sent = scene.gitlab.deliverer.deliveries.map(({ requestHeaders, requestBody }) => ({ event: requestHeaders['X-Gitlab-Event'], body: JSON.parse(requestBody) as typeof sample }));
    expect(sent).toMatchObject([
      {
        event: 'Resource Access Token Hook',
        body: { object_kind: 'access_token', event_name: 'expiring_access_token', object_attributes: { user_id: bot.id, name: 'watchkeeper', expires_at: '2026-11-27' } },
      },
    ]);
    for (const part of ['project', 'object_attributes'] as const) expect(Object.keys(sent[0]?.body[part] ?? {}).sort()).toEqual(Object.keys(sample[part]).sort());
  });
});
