import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { installWebhook } from '../../scripts/sandbox/story/company.ts';
import type { Hook } from '../../scripts/sandbox/world/automation.ts';
import { LEVEL } from '../../scripts/sandbox/world/records.ts';
import { answer } from '../support/answer.ts';
import { stage, type Scene } from '../support/gitlab.ts';

type Payload = Record<string, unknown> & { object_attributes: Record<string, unknown> };

/** A scene with a hook for all events of issues, and the payloads that its pipelines got. */
async function withHook(events: object = {}): Promise<Scene & { seen: Payload[] }> {
  const scene = await stage();
  await installWebhook(scene);
  Object.assign(scene.project.hooks[0]?.events ?? {}, events);
  const seen: Payload[] = [];
  scene.gitlab.pipelines.run = async ({ payloadPath = '' }) => {
    seen.push(JSON.parse(await readFile(payloadPath, 'utf8')) as Payload);
  };
  return { ...scene, seen };
}

/** What was sent, in the order in which it was sent; pipelines run side by side, and may get theirs in another one. */
function sent({ gitlab }: Scene): Payload[] {
  return gitlab.deliverer.deliveries.map(({ requestBody }) => JSON.parse(requestBody) as Payload);
}

const iso = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const ruby = /^\d{4}-\d\d-\d\d [\d:]+ UTC$/;

describe('payloads', () => {
  it('tell of a new issue once, with its labels; times come in two shapes', async () => {
    const scene = await withHook();
    await answer(scene, 'ana', 'POST', '/projects/42/issues', { title: 'x', issue_type: 'incident', labels: 'a,b', description: 'y\n/severity S2' });
    await scene.gitlab.settled();
    expect(scene.seen.map(({ object_attributes: { action, type, severity } }) => [action, type, severity])).toEqual([['open', 'Incident', 'high']]);
    const [{ object_attributes: shown, labels }] = scene.seen as [Payload];
    expect(labels).toMatchObject([{ title: 'a' }, { title: 'b' }]);
    expect([shown['created_at'], shown['updated_at']]).toEqual([expect.stringMatching(iso), expect.stringMatching(ruby)]);
  });

  it('one call that closes and labels is two events', async () => {
    const scene = await withHook();
    const issue = scene.closed('', { state: 'opened', closedAt: null });
    await answer(scene, 'ana', 'PUT', `/projects/42/issues/${issue.iid}`, { state_event: 'close', add_labels: 'x' });
    await scene.gitlab.settled();
    expect(sent(scene).map(({ object_attributes: { action } }) => action)).toEqual(['close', 'update']);
    expect(Object.keys(sent(scene)[0]?.['changes'] as object).sort()).toEqual(['closed_at', 'escalation_status', 'state_id']);
  });

  it('an emoji, a comment of commands alone, and a merge request', async () => {
    const scene = await withHook({ merge_requests: true });
    const issue = scene.closed('', { state: 'opened', closedAt: null });
    await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/award_emoji`, { name: 'eyes' });
    await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: '/severity S1' });
    await answer(scene, 'ana', 'POST', '/projects/42/repository/branches', { branch: 'mend', ref: 'main' });
    await answer(scene, 'ana', 'POST', '/projects/42/merge_requests', { title: `Closes #${issue.iid}`, source_branch: 'mend', target_branch: 'main' });
    await scene.gitlab.settled();
    expect(sent(scene).map(({ object_kind, event_type }) => [object_kind, event_type])).toEqual([
      ['emoji', 'award'],
      [expect.stringMatching(/^(?:issue|work_item)$/), expect.stringMatching(/^(?:issue|work_item)$/)],
      ['merge_request', 'merge_request'],
    ]);
  });

  it('of what is confidential say so', async () => {
    const scene = await withHook();
    const issues = [scene.closed('', { confidential: true }), scene.closed('')];
    for (const { iid } of issues) await answer(scene, 'ana', 'PUT', `/projects/42/issues/${iid}`, { title: 'y' });
    for (const { iid } of issues) await answer(scene, 'ana', 'POST', `/projects/42/issues/${iid}/notes`, { body: 'x' });
    await answer(scene, 'ana', 'POST', `/projects/42/issues/${issues[1]?.iid ?? 0}/notes`, { body: 'x', internal: true });
    await scene.gitlab.settled();
    expect(sent(scene).map(({ event_type }) => event_type)).toEqual([
      expect.stringMatching(/^confidential_(?:issue|work_item)$/),
      expect.stringMatching(/^(?:issue|work_item)$/),
      'confidential_note',
      'note',
      'confidential_note',
    ]);
  });

  it.each([
    { name: 'a confidential issue', confidential: true, internal: false, hears: { issues: 0, confidential_issues: 1, note: 0, confidential_note: 1 } },
    { name: 'an internal note', confidential: false, internal: true, hears: { issues: 1, confidential_issues: 0, note: 0, confidential_note: 1 } },
    { name: 'neither', confidential: false, internal: false, hears: { issues: 1, confidential_issues: 0, note: 1, confidential_note: 0 } },
  ])('of $name go to the hooks that have switched that on', async ({ confidential, internal, hears }) => {
    for (const [event, count] of Object.entries(hears)) {
      const scene = await withHook({ issues: false, confidential_issues: false, note: false, confidential_note: false, [event]: true });
      const issue = scene.closed('', { confidential });
      await answer(scene, 'ana', 'PUT', `/projects/42/issues/${issue.iid}`, { title: 'y' });
      await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: 'x', internal });
      await scene.gitlab.settled();
      expect([event, scene.seen.length]).toEqual([event, count]);
    }
  });
});

describe('a hook', () => {
  it('must know each masked portion of its address, and shows none', async () => {
    const scene = await stage();
    const url = `${scene.gitlab.address}/x?token={secret}`;
    expect(await answer(scene, 'lea', 'POST', '/projects/42/hooks', { url })).toMatchObject({ status: 422, body: { message: expect.stringContaining('["secret"]') as string } });
    const made = await answer(scene, 'lea', 'POST', '/projects/42/hooks', { url, url_variables: [{ key: 'secret', value: 'glptt-1' }] });
    expect(made).toMatchObject({ status: 201, body: { url, url_variables: [{ key: 'secret' }], push_events: true, issues_events: false } });
    expect(JSON.stringify(made.body)).not.toContain('glptt-1');
  });

  it('that fails is switched off for a minute after four times, then for longer, and for good after forty, until a test succeeds', async () => {
    const scene = await withHook();
    const [hook] = scene.project.hooks;
    const path = `/projects/42/hooks/${hook?.id ?? 0}`;
    const issue = scene.closed('');
    const { token } = scene.project.triggers[0] ?? { token: '' };
    scene.project.triggers.length = 0;
    const fail = async (): Promise<Record<string, unknown>> => {
      await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: 'x' });
      await scene.gitlab.settled();
      return (await answer(scene, 'lea', 'GET', path)).body as Record<string, unknown>;
    };
    const states = [];
    for (let count = 0; count < 5; count += 1) states.push((await fail())['alert_status']);
    expect(states).toEqual(['executable', 'executable', 'executable', 'temporarily_disabled', 'temporarily_disabled']);
    expect(scene.gitlab.deliverer.deliveries).toHaveLength(4);
    scene.clock.now = new Date(scene.clock.now.getTime() + 60_000);
    expect(await fail()).toMatchObject({ alert_status: 'temporarily_disabled', disabled_until: new Date(scene.clock.now.getTime() + 120_000).toISOString() });
    for (let count = 5; count < 40; count += 1) {
      scene.clock.now = new Date(scene.clock.now.getTime() + 24 * 3_600_000);
      await fail();
    }
    expect((await fail())['alert_status']).toBe('disabled');
    expect((await answer(scene, 'lea', 'POST', `${path}/test/issues_events`)).status).toBe(422);
    scene.project.triggers.push({ id: 1, token, description: '', ownerId: scene.gitlab.world.userNamed('lea').id, createdAt: '', updatedAt: '', lastUsed: null });
    expect((await answer(scene, 'lea', 'POST', `${path}/test/issues_events`)).status).toBe(201);
    expect((await answer(scene, 'lea', 'GET', path)).body).toMatchObject({ alert_status: 'executable' });
  });

  it('that fails is switched off for a day at the longest, and begins anew after a success', async () => {
    const scene = await withHook();
    const [hook] = scene.project.hooks as [Hook];
    const triggers = scene.project.triggers.splice(0);
    hook.failures = 30;
    const issue = scene.closed('');
    const say = async (): Promise<void> => {
      await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: 'x' });
      await scene.gitlab.settled();
    };
    await say();
    const dayLater = new Date(scene.clock.now.getTime() + 24 * 3_600_000);
    expect([hook.failures, hook.disabledUntil]).toEqual([31, dayLater.toISOString()]);
    scene.clock.now = dayLater;
    scene.project.triggers.push(...triggers);
    await say();
    expect([hook.failures, hook.disabledUntil]).toEqual([0, null]);
  });

  it('that fails is not called again for the same event', async () => {
    const scene = await withHook();
    scene.project.triggers.length = 0;
    await answer(scene, 'ana', 'POST', '/projects/42/issues', { title: 'x' });
    await scene.gitlab.settled();
    expect(scene.gitlab.faults.calls.filter((call) => call.endsWith('/trigger/pipeline'))).toHaveLength(1);
  });

  it('shows its address masked in what it delivered, and keeps no secret for another address', async () => {
    const scene = await withHook();
    const [hook] = scene.project.hooks as [Hook];
    hook.token = 'secret-1';
    await answer(scene, 'ana', 'POST', '/projects/42/issues', { title: 'x' });
    await scene.gitlab.settled();
    const path = `/projects/42/hooks/${hook.id}`;
    expect((await answer(scene, 'lea', 'GET', `${path}/events`)).body).toMatchObject([{ url: hook.url, response_status: '201' }]);
    expect(hook.url).toContain('{trigger_token}');
    const moved = async (url: string): Promise<unknown> => ((await answer(scene, 'lea', 'PUT', path, { url })).body as { token_present: boolean }).token_present;
    expect([await moved(hook.url), await moved(hook.url.replace('{trigger_token}', 'x'))]).toEqual([true, false]);
    hook.url = hook.url.replace('=x', '={trigger_token}');
    hook.urlVariables = { trigger_token: 'glptt-1' };
    expect(await moved(`${hook.url}&x=1`)).toBeUndefined();
    expect(hook.url).not.toContain('&x=1');
  });

  it('keeps what it delivered, with its token blacked out, and delivers it again', async () => {
    const scene = await withHook();
    const [hook] = scene.project.hooks;
    if (hook) hook.token = 'secret-1';
    const issue = scene.closed('');
    await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: 'x' });
    await scene.gitlab.settled();
    const events = await answer(scene, 'lea', 'GET', `/projects/42/hooks/${hook?.id ?? 0}/events`);
    expect(events.body).toMatchObject([{ trigger: 'note_hooks', response_status: '201', request_headers: { 'X-Gitlab-Event': 'Note Hook', 'X-Gitlab-Token': '[REDACTED]' } }]);
    expect(JSON.stringify(events.body)).not.toContain('secret-1');
    const [{ id }] = events.body as [{ id: number }];
    expect(await answer(scene, 'lea', 'POST', `/projects/42/hooks/${hook?.id ?? 0}/events/${id}/resend`)).toMatchObject({ status: 201, body: { response_status: 201 } });
    await scene.gitlab.settled();
    expect(scene.seen).toHaveLength(2);
  });
});

describe('the trigger endpoint', () => {
  type Case = { name: string; change?: (scene: Scene) => void; body?: object; headers?: Record<string, string>; status: number; says: string };
  const cases: Case[] = [
    { name: 'a token that is none', body: { token: 'glptt-none' }, status: 404, says: '404 Not found' },
    { name: 'an event of a pipeline, which could start itself for ever', headers: { 'x-gitlab-event': 'Pipeline Hook' }, status: 403, says: '403 Forbidden' },
    {
      name: 'variables where only Owners may set them, of a Maintainer',
      change: ({ project }) => (project.pipelineVariablesRole = 'owner'),
      body: { variables: { A: 'b' } },
      status: 400,
      says: 'Insufficient permissions to set pipeline variables',
    },
    { name: 'variables that are no map of texts', body: { variables: { A: 1 } }, status: 400, says: 'variables needs to be a map' },
    {
      name: 'variables where nobody may set them',
      change: ({ project }) => (project.pipelineVariablesRole = 'no_one_allowed'),
      body: { variables: { A: 'b' } },
      status: 400,
      says: 'Insufficient permissions to set pipeline variables',
    },
    { name: 'no variables where nobody may set them', change: ({ project }) => (project.pipelineVariablesRole = 'no_one_allowed'), status: 201, says: 'trigger' },
    { name: 'an owner who has left', change: ({ project, gitlab }) => project.members.delete(gitlab.world.userNamed('lea').id), status: 400, says: 'sufficient permission' },
    { name: 'an owner who is blocked', change: ({ gitlab }) => (gitlab.world.userNamed('lea').state = 'blocked'), status: 400, says: 'sufficient permission' },
    { name: 'an owner who is a Guest now', change: ({ project, gitlab }) => project.members.set(gitlab.world.userNamed('lea').id, LEVEL.guest), status: 400, says: 'sufficient permission' },
    { name: 'rules that leave no job', change: ({ gitlab }) => (gitlab.pipelines.hasJobs = () => false), status: 400, says: 'rules configuration prevented any jobs' },
    { name: 'a branch that is not there', body: { ref: 'nowhere' }, status: 400, says: 'Reference not found' },
  ];
  it.each(cases)('$name: $status', async ({ change, body, headers = {}, status, says }) => {
    const scene = await withHook();
    const token = scene.project.triggers[0]?.token;
    change?.(scene);
    const response = await fetch(`${scene.gitlab.address}/api/v4/projects/42/trigger/pipeline`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ token, ref: 'main', ...body }),
    });
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(says)]);
    await scene.gitlab.settled();
    expect(scene.seen).toHaveLength(status === 201 ? 1 : 0);
  });
  it('gives the job all but the token, and shows its owner alone the whole of it and when it was last used', async () => {
    const scene = await withHook();
    const { id, token } = scene.project.triggers[0] ?? { id: 0, token: '' };
    for (const given of [{ variables: { A: 'b' }, more: [1] }, {}]) {
      const body = JSON.stringify({ token, ref: 'main', ...given });
      await fetch(`${scene.gitlab.address}/api/v4/projects/42/trigger/pipeline`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      await scene.gitlab.settled();
    }
    expect(scene.seen).toEqual([
      { id: '42', ref: 'main', variables: { A: 'b' }, more: [1] },
      { id: '42', ref: 'main', variables: {} },
    ]);
    scene.project.members.set(scene.gitlab.world.userNamed('ana').id, LEVEL.maintainer);
    const show = async (who: string): Promise<unknown> => (await answer(scene, who, 'GET', `/projects/42/triggers/${id}`)).body;
    expect(await show('lea')).toMatchObject({ token, last_used: scene.clock.now.toISOString() });
    expect(await show('ana')).toMatchObject({ token: token.slice(0, 4) });
  });
});
