import { describe, expect, it } from 'vitest';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { IDS_TEMPLATE, installWebhook } from '../../scripts/sandbox/story/company.ts';
import { interpret } from '../../scripts/sandbox/world/quick-actions.ts';
import { LEVEL, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { readFile } from 'node:fs/promises';
import { answer } from '../support/answer.ts';
import { stage } from '../support/gitlab.ts';

describe('quick actions', () => {
  it.each([
    { name: 'at the start of a line', text: 'done\n/close', commands: 1, rest: 'done' },
    { name: 'in any case', text: '/CLOSE', commands: 1, rest: '' },
    { name: 'in an HTML comment, which does not protect', text: '<!-- a\n/close\n-->', commands: 1, rest: '<!-- a\n-->' },
    { name: 'in a tilde fence, which does not protect', text: '~~~\n/close\n~~~', commands: 1, rest: '~~~\n~~~' },
    { name: 'none in a backtick fence', text: '```\n/close\n```', commands: 0, rest: '```\n/close\n```' },
    { name: 'none in inline code over lines', text: 'a `b\n/close\nc` d', commands: 0, rest: 'a `b\n/close\nc` d' },
    { name: 'none in an HTML block', text: '<div>\n/close\n</div>', commands: 0, rest: '<div>\n/close\n</div>' },
    { name: 'none in a quote of several blocks', text: '>>>\n/close\n>>>', commands: 0, rest: '>>>\n/close\n>>>' },
    { name: 'none behind a space or a quote mark', text: ' /close\n> /close', commands: 0, rest: '/close\n> /close' },
    { name: 'none that GitLab does not know', text: '/override because', commands: 0, rest: '/override because' },
  ])('$name', async ({ text, commands, rest }) => {
    const { gitlab, project } = await stage();
    const ana = gitlab.world.userNamed('ana');
    const done = interpret(gitlab.world, ana, createIssue(gitlab.world, ana, project, 'x', 'incident'), text);
    expect({ commands: done.commands, rest: done.text }).toEqual({ commands, rest });
  });

  it('alone in a comment leave no note and are answered 202; failing ones 400; with text 201', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    const notes = `/projects/42/issues/${issue.iid}/notes`;
    expect(await answer(scene, 'ana', 'POST', notes, { body: '/reopen' })).toMatchObject({ status: 202, body: { commands_changes: { state_event: 'reopen' }, summary: ['Reopened this issue.'] } });
    expect(issue.state).toBe('opened');
    expect(await answer(scene, 'ana', 'POST', notes, { body: '/label ~unknown' })).toMatchObject({ status: 400 });
    expect(await answer(scene, 'ana', 'POST', notes, { body: 'hello\n/severity S2' })).toMatchObject({ status: 201, body: { body: 'hello' } });
    expect(issue.severity).toBe('HIGH');
    expect(scene.project.labels.has('unknown')).toBe(false);
  });

  it('run in descriptions, with the rights of the caller', async () => {
    const scene = await stage();
    const created = await answer(scene, 'ana', 'POST', '/projects/42/issues', { title: 'x', issue_type: 'incident', description: 'text\n/severity S1\n/confidential' });
    expect(created).toMatchObject({ status: 201, body: { description: 'text', severity: 'CRITICAL', confidential: true } });
  });
});

describe('who may what', () => {
  it.each([
    { who: 'ana', confidential: false, get: 200, put: 200 },
    { who: 'guest', confidential: false, get: 200, put: 403 },
    { who: 'planner', confidential: true, get: 200, put: 403 },
    { who: 'guest', confidential: true, get: 404, put: 404 },
    { who: 'stranger', confidential: false, get: 404, put: 404 },
    { who: 'nobody', confidential: false, get: 401, put: 401 },
  ])('$who, confidential $confidential: reads $get, edits $put', async ({ who, confidential, get, put }) => {
    const scene = await stage();
    const { world } = scene.gitlab;
    for (const [username, level] of [
      ['guest', LEVEL.guest],
      ['planner', LEVEL.planner],
    ] as const)
      scene.project.members.set(world.addUser(username).id, level);
    world.addUser('stranger');
    const issue = scene.closed('', { confidential });
    const path = `/projects/42/issues/${issue.iid}`;
    expect((await answer(scene, who, 'GET', path)).status).toBe(get);
    expect((await answer(scene, who, 'PUT', path, { title: 'y' })).status).toBe(put);
  });

  it('a blocked user has no rights, and his token none', async () => {
    const scene = await stage();
    scene.gitlab.world.userNamed('ben').state = 'blocked';
    expect(await answer(scene, 'ben', 'GET', '/user')).toMatchObject({ status: 403, body: { message: '403 Forbidden - Your account has been blocked.' } });
  });
});

describe('an issue shows', () => {
  it.each<{ name: string; more?: Partial<StoredIssue>; field: string; value: unknown }>([
    { name: 'a discussion that is not locked as null, not as false', field: 'discussion_locked', value: null },
    { name: 'a discussion that is locked', more: { locked: true }, field: 'discussion_locked', value: true },
    { name: 'how many comments people wrote, without those of GitLab', field: 'user_notes_count', value: 1 },
    { name: 'who closed it', field: 'closed_by', value: expect.objectContaining({ username: 'ana', state: 'active' }) },
    { name: 'nobody where nobody is assigned', field: 'assignee', value: null },
    { name: 'how many boxes are ticked', more: { description: '- [x] a\n- [ ] b' }, field: 'task_completion_status', value: { count: 2, completed_count: 1 } },
    { name: 'whether one has subscribed, alone', field: 'subscribed', value: false },
  ])('$name', async ({ more = {}, field, value }) => {
    const scene = await stage();
    const issue = scene.closed('', more);
    const path = `/projects/42/issues/${issue.iid}`;
    await answer(scene, 'ana', 'POST', `${path}/notes`, { body: 'x' });
    await answer(scene, 'ana', 'PUT', path, { title: 'y' });
    expect((await answer(scene, 'ana', 'GET', path)).body).toHaveProperty(field, value);
    const [listed] = (await answer(scene, 'ana', 'GET', '/projects/42/issues')).body as object[];
    if (field === 'subscribed') expect(listed).not.toHaveProperty(field);
    else expect(listed).toHaveProperty(field, value);
  });
});

describe('what is wrong is said', () => {
  it.each([
    { name: 'of a path that is none', who: 'ana', method: 'GET', path: '/nothing', status: 404, body: { error: '404 Not Found' } },
    { name: 'of an issue that is none', who: 'ana', method: 'GET', path: '/projects/42/issues/999', status: 404, body: { message: '404 Issue Not Found' } },
    { name: 'of a project that is none', who: 'ana', method: 'GET', path: '/projects/999', status: 404, body: { message: '404 Project Not Found' } },
    { name: 'of a hook that is none', who: 'lea', method: 'GET', path: '/projects/42/hooks/999', status: 404, body: { message: '404 Not found' } },
    { name: 'to who may not', who: 'ana', method: 'GET', path: '/projects/42/hooks', status: 403, body: { message: '403 Forbidden' } },
    { name: 'to who is not known', who: 'nobody', method: 'GET', path: '/user', status: 401, body: { message: '401 Unauthorized' } },
    { name: 'of a parameter that is missing', who: 'ana', method: 'POST', path: '/projects/42/issues', given: { labels: 'x' }, status: 400, body: { error: 'title is missing' } },
    {
      name: 'of a schedule that never comes',
      who: 'ana',
      method: 'POST',
      path: '/projects/42/pipeline_schedules',
      given: { description: 'x', ref: 'main', cron: 'soon' },
      status: 400,
      body: { message: { cron: ['is invalid syntax'] } },
    },
  ])('$name: $status $body', async ({ who, method, path, given, status, body }) => {
    const { status: answered, body: said } = await answer(await stage(), who, method, path, given);
    expect([answered, said]).toEqual([status, body]);
  });

  it('of a body that is no JSON: 400', async () => {
    const { gitlab } = await stage();
    const headers = { 'private-token': gitlab.world.userNamed('ana').token, 'content-type': 'application/json' };
    expect((await fetch(`${gitlab.address}/api/v4/projects/42/issues?title=x`, { method: 'POST', headers, body: '{"title":' })).status).toBe(400);
  });
});

describe('schedules', () => {
  it('name their branch in full, and are played once a minute at most', async () => {
    const scene = await stage();
    const made = await answer(scene, 'ana', 'POST', '/projects/42/pipeline_schedules', { description: 'x', ref: 'main', cron: '0 * * * *' });
    expect(made).toMatchObject({ status: 201, body: { ref: 'refs/heads/main', owner: { username: 'ana' } } });
    const play = async (): Promise<number> => (await answer(scene, 'ana', 'POST', `/projects/42/pipeline_schedules/${(made.body as { id: number }).id}/play`)).status;
    expect([await play(), await play()]).toEqual([201, 429]);
    scene.clock.now = new Date(scene.clock.now.getTime() + 60_000);
    expect(await play()).toBe(201);
  });
});

describe('labels, events and pages', () => {
  it('creates unknown labels by add_labels, and keeps siblings of a scope', async () => {
    const scene = await stage();
    const issue = scene.closed('', { labels: ['severity::1'] });
    await answer(scene, 'ana', 'PUT', `/projects/42/issues/${issue.iid}`, { add_labels: 'severity::2' });
    expect(issue.labels).toEqual(['severity::1', 'severity::2']);
    const events = await answer(scene, 'ana', 'GET', `/projects/42/issues/${issue.iid}/resource_label_events`);
    expect(events.body).toMatchObject([{ action: 'add', label: { name: 'severity::2' }, user: { username: 'ana' }, resource_id: issue.id }]);
  });

  it('answers 409 for a label that exists', async () => {
    const scene = await stage();
    expect((await answer(scene, 'ana', 'POST', '/projects/42/labels', { name: 'incident', color: '#f00' })).status).toBe(201);
    expect(await answer(scene, 'ana', 'POST', '/projects/42/labels', { name: 'incident', color: '#f00' })).toMatchObject({ status: 409, body: { message: 'Label already exists' } });
    scene.gitlab.world.groups.find(({ id }) => id === scene.project.groupId)?.labels.set('ours', { id: 1, name: 'ours', color: '#fff', description: null });
    expect((await answer(scene, 'ana', 'POST', '/projects/42/labels', { name: 'ours', color: '#f00' })).status).toBe(409);
  });

  it('labels are listed with how many issues bear them only where that is asked', async () => {
    const scene = await stage({ labels: false });
    await answer(scene, 'ana', 'POST', '/projects/42/issues', { title: 'x', labels: 'vip' });
    const [bare] = (await answer(scene, 'ana', 'GET', '/projects/42/labels')).body as object[];
    expect(bare).not.toHaveProperty('open_issues_count');
    expect((await answer(scene, 'ana', 'GET', '/projects/42/labels?with_counts=true')).body).toMatchObject([{ name: 'vip', open_issues_count: 1, closed_issues_count: 0 }]);
  });

  it('a label that is renamed keeps its issues, and its events', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    await answer(scene, 'ana', 'PUT', `/projects/42/issues/${issue.iid}`, { add_labels: 'vip' });
    await answer(scene, 'ana', 'PUT', '/projects/42/labels/vip', { new_name: 'very important' });
    expect((await answer(scene, 'ana', 'GET', `/projects/42/issues/${issue.iid}`)).body).toMatchObject({ labels: ['very important'] });
    expect((await answer(scene, 'ana', 'GET', `/projects/42/issues/${issue.iid}/resource_label_events`)).body).toMatchObject([{ action: 'add', label: { name: 'very important' } }]);
  });

  it('closing again changes nothing and tells nobody', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    await answer(scene, 'ana', 'PUT', `/projects/42/issues/${issue.iid}`, { state_event: 'close' });
    expect((await answer(scene, 'ana', 'GET', `/projects/42/issues/${issue.iid}/resource_state_events`)).body).toEqual([]);
  });

  it('pages by 20, by 100 at most, with links; comments not by key', async () => {
    const scene = await stage();
    for (let count = 0; count < 130; count += 1) scene.closed('');
    const first = await answer(scene, 'ana', 'GET', '/projects/42/issues');
    expect([(first.body as unknown[]).length, first.headers.get('x-total'), first.headers.get('x-next-page')]).toEqual([20, '130', '2']);
    expect((await answer(scene, 'ana', 'GET', '/projects/42/issues?per_page=500')).body).toHaveLength(100);
    const last = await answer(scene, 'ana', 'GET', '/projects/42/issues?page=7');
    expect([(last.body as unknown[]).length, last.headers.get('x-next-page'), last.headers.get('x-prev-page')]).toEqual([10, '', '6']);
    const keyset = await answer(scene, 'ana', 'GET', '/projects/42/issues?per_page=100&pagination=keyset&order_by=created_at&sort=asc');
    expect(keyset.headers.get('link')).toMatch(/cursor=.*rel="next"/);
    expect(keyset.headers.get('x-total')).toBeNull();
    expect((await answer(scene, 'ana', 'GET', '/projects/42/issues/1/notes?pagination=keyset')).status).toBe(405);
  });

  it('takes forms, and parameters in the query', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    const headers = { authorization: `Bearer ${scene.gitlab.world.userNamed('ana').token}`, 'content-type': 'application/x-www-form-urlencoded' };
    const url = `${scene.gitlab.address}/api/v4/projects/sirt%2Fincidents/issues/${issue.iid}`;
    expect((await fetch(`${url}/notes`, { method: 'POST', headers, body: 'body=one' })).status).toBe(201);
    expect((await fetch(`${url}/notes?body=two`, { method: 'POST', headers, body: '' })).status).toBe(201);
  });
});

describe('webhooks', () => {
  it('start the job of the trigger endpoint with the payload in a file; the bot is not spared; system notes fire none', async () => {
    const scene = await stage();
    await installWebhook(scene);
    const seen: { object_kind: string; object_attributes: { type: string; action: string }; assignees?: unknown; id: string; ref: string }[] = [];
    scene.gitlab.pipelines.run = async ({ payloadPath = '' }) => {
      seen.push(JSON.parse(await readFile(payloadPath, 'utf8')) as (typeof seen)[number]);
    };
    const issue = scene.closed('');
    await answer(scene, 'ana', 'PUT', `/projects/42/issues/${issue.iid}`, { state_event: 'reopen' });
    await scene.gitlab.settled();
    await answer(scene, 'ana', 'PUT', `/projects/42/issues/${issue.iid}`, { assignee_ids: [scene.gitlab.world.userNamed('ana').id] });
    await scene.gitlab.settled();
    expect(seen.map(({ object_attributes: { type, action }, id, ref }) => [type, action, id, ref])).toEqual([
      ['Incident', 'reopen', '42', 'main'],
      ['Incident', 'update', '42', 'main'],
    ]);
    expect(new Set(seen.map(({ object_kind }) => object_kind))).toEqual(new Set(['issue', 'work_item']));
    expect(seen.map((payload) => 'assignees' in payload)).toEqual([false, true]);
  });

  it('send ids only, where the template says so', async () => {
    const scene = await stage();
    await installWebhook(scene, IDS_TEMPLATE);
    const seen: unknown[] = [];
    scene.gitlab.pipelines.run = async ({ payloadPath = '' }) => {
      seen.push(JSON.parse(await readFile(payloadPath, 'utf8')));
    };
    const issue = scene.closed('', { title: 'a "secret"' });
    await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: 'a "secret"' });
    await scene.gitlab.settled();
    expect(seen).toMatchObject([{ object_kind: 'note', project_id: '42', iid: '', issue_iid: String(issue.iid) }]);
    expect(JSON.stringify(seen)).not.toContain('secret');
  });

  it('are switched off after four failures', async () => {
    const scene = await stage();
    await installWebhook(scene);
    scene.project.triggers.length = 0;
    const issue = scene.closed('');
    for (let count = 0; count < 6; count += 1) await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: 'x' });
    await scene.gitlab.settled();
    const before = scene.gitlab.deliverer.deliveries.length;
    for (let count = 0; count < 2; count += 1) await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: 'x' });
    await scene.gitlab.settled();
    expect(new Set(scene.gitlab.deliverer.deliveries.map(({ status }) => status))).toEqual(new Set([404]));
    expect(scene.gitlab.deliverer.deliveries).toHaveLength(before);
  });
});
