import { describe, expect, it } from 'vitest';
import { LEVEL, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { answer } from '../support/answer.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const minutesLater = (scene: Scene, minutes: number): void => {
  scene.clock.now = new Date(scene.clock.now.getTime() + minutes * 60_000);
};

describe('the time of an issue', () => {
  it('lags behind comments for up to a minute, and moves neither for emoji nor for deleted comments', async () => {
    const scene = await stage();
    const issue = scene.closed('', { updatedAt: '2026-11-20T09:59:30.000Z' });
    const path = `/projects/42/issues/${issue.iid}`;
    const { body } = await answer(scene, 'ana', 'POST', `${path}/notes`, { body: 'x' });
    expect(issue.updatedAt).toBe('2026-11-20T09:59:30.000Z');
    minutesLater(scene, 1);
    await answer(scene, 'ana', 'POST', `${path}/award_emoji`, { name: 'eyes' });
    await answer(scene, 'ana', 'DELETE', `${path}/notes/${(body as { id: number }).id}`);
    expect(issue.updatedAt).toBe('2026-11-20T09:59:30.000Z');
    await answer(scene, 'ana', 'POST', `${path}/notes`, { body: 'y' });
    expect(issue.updatedAt).toBe('2026-11-20T10:01:00.000Z');
  });
});

describe('an incident', () => {
  it('keeps a timeline of its own, of what GitLab sees and what people write', async () => {
    const scene = await stage();
    const issue = scene.closed('', { state: 'opened', closedAt: null });
    const path = `/projects/42/issues/${issue.iid}`;
    await answer(scene, 'ana', 'POST', `${path}/notes`, { body: '/severity S1\n/timeline revoked | 02:31' });
    await answer(scene, 'ana', 'PUT', path, { state_event: 'close' });
    await answer(scene, 'ana', 'PUT', path, { state_event: 'reopen' });
    expect(scene.gitlab.world.timelineEvents.of(issue).map(({ note, action, editable }) => [note, action, editable])).toEqual([
      ['@ana changed the incident severity to **Critical - S1**', 'severity', false],
      ['revoked', 'comment', true],
      ['@ana changed the incident status to **Resolved**', 'status', false],
      ['@ana reopened the incident', 'issues', false],
    ]);
  });

  it('that a merge request closes is closed by who merged, and its event names the merge request', async () => {
    const scene = await stage();
    const issue = scene.closed('', { state: 'opened', closedAt: null });
    await answer(scene, 'ana', 'POST', '/projects/42/repository/commits', { branch: 'mend', start_branch: 'main', commit_message: 'x', actions: [{ action: 'create', file_path: 'a', content: 'b' }] });
    const { body } = await answer(scene, 'ana', 'POST', '/projects/42/merge_requests', {
      title: 'Mend it',
      description: `Fixes #${issue.iid} and #999, not \`closes #1\``,
      source_branch: 'mend',
      target_branch: 'main',
    });
    const path = `/projects/42/merge_requests/${(body as { iid: number }).iid}`;
    expect((await answer(scene, 'ana', 'GET', `${path}/closes_issues`)).body).toMatchObject([{ iid: issue.iid }]);
    expect((await answer(scene, 'ana', 'GET', `/projects/42/issues/${issue.iid}/closed_by`)).body).toMatchObject([{ title: 'Mend it' }]);
    expect((await answer(scene, 'alert-bot', 'PUT', `${path}/merge`)).status).toBe(401);
    expect(await answer(scene, 'lea', 'PUT', `${path}/merge`)).toMatchObject({ status: 200, body: { state: 'merged' } });
    expect((await answer(scene, 'ana', 'GET', `/projects/42/issues/${issue.iid}`)).body).toMatchObject({ state: 'closed', closed_by: { username: 'lea' } });
    expect((await answer(scene, 'ana', 'GET', `/projects/42/issues/${issue.iid}/resource_state_events`)).body).toMatchObject([
      { state: 'closed', source_merge_request_id: (body as { id: number }).id },
    ]);
  });

  it('that is moved is closed, and lives on elsewhere with its comments and the labels that are known there', async () => {
    const scene = await stage();
    const other = scene.gitlab.world.addProject('sirt/other', { ana: LEVEL.developer }, 43);
    const issue = scene.closed('what happened', { state: 'opened', closedAt: null, labels: ['incident', 'vip'] });
    other.labels.set('incident', { id: 1, name: 'incident', color: '#fff', description: null });
    await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: 'a comment' });
    const moved = await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/move`, { to_project_id: 43 });
    expect(moved).toMatchObject({ status: 201, body: { project_id: 43, state: 'opened', description: 'what happened', labels: ['incident'] } });
    expect(issue).toMatchObject({ state: 'closed', movedToId: (moved.body as { id: number }).id });
    const { body: notes } = await answer(scene, 'ana', 'GET', `/projects/43/issues/1/notes?sort=asc`);
    expect((notes as { body: string }[]).map(({ body }) => body)).toEqual(['a comment', `moved from sirt/incidents#${issue.iid}`]);
    expect((await answer(scene, 'lea', 'POST', `/projects/42/issues/${issue.iid}/move`, { to_project_id: 43 })).status).toBe(404);
  });

  it('that was moved is not moved again, nor into a project where the caller is a Guest', async () => {
    const scene = await stage();
    const { world } = scene.gitlab;
    world.addProject('sirt/other', { ana: LEVEL.developer }, 43);
    world.addProject('sirt/elsewhere', { ana: LEVEL.guest }, 44);
    const issue = scene.closed('');
    const move = (id: number): ReturnType<typeof answer> => answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/move`, { to_project_id: id });
    const refused = { status: 400, body: { message: 'Cannot move issue due to insufficient permissions!' } };
    expect(await move(44)).toMatchObject(refused);
    expect((await move(43)).status).toBe(201);
    expect(await move(43)).toMatchObject(refused);
  });

  it("that is reopened is nobody's duplicate any more", async () => {
    const scene = await stage();
    const [first, again] = [scene.closed(''), scene.closed('', { state: 'opened', closedAt: null })];
    const path = `/projects/42/issues/${again.iid}`;
    await answer(scene, 'ana', 'POST', `${path}/notes`, { body: `/duplicate #${first.iid}` });
    const of = async (): Promise<string | null> => ((await answer(scene, 'ana', 'GET', path)).body as { _links: { closed_as_duplicate_of: string | null } })._links.closed_as_duplicate_of;
    expect(await of()).toMatch(new RegExp(`/issues/${first.iid}$`));
    await answer(scene, 'ana', 'PUT', path, { state_event: 'reopen' });
    expect(await of()).toBeNull();
  });

  it('is not closed by merging into another branch than the default one, nor where it is named in code', async () => {
    const scene = await stage();
    const [issue, inCode] = [scene.closed('', { state: 'opened', closedAt: null }), scene.closed('', { state: 'opened', closedAt: null })];
    for (const branch of ['mend', 'release']) await answer(scene, 'ana', 'POST', '/projects/42/repository/branches', { branch, ref: 'main' });
    for (const target_branch of ['release', 'main']) {
      const title = target_branch === 'main' ? `See \`fixes #${inCode.iid}\`` : `Fixes #${issue.iid}`;
      const { body } = await answer(scene, 'ana', 'POST', '/projects/42/merge_requests', { title, source_branch: 'mend', target_branch });
      expect((await answer(scene, 'lea', 'PUT', `/projects/42/merge_requests/${(body as { iid: number }).iid}/merge`)).body).toMatchObject({ state: 'merged' });
    }
    expect([issue.state, inCode.state]).toEqual(['opened', 'opened']);
  });

  it('that was edited since is not deleted on an old word', async () => {
    const scene = await stage();
    scene.project.members.set(scene.gitlab.world.userNamed('lea').id, LEVEL.owner);
    const issue = scene.closed('');
    const headers = { 'private-token': scene.gitlab.world.userNamed('lea').token, 'if-unmodified-since': 'Fri, 20 Nov 2026 09:00:00 GMT' };
    expect((await fetch(`${scene.gitlab.address}/api/v4/projects/42/issues/${issue.iid}`, { method: 'DELETE', headers })).status).toBe(412);
  });
});

describe("GitLab's own record among the comments", () => {
  it.each<{ name: string; more?: Partial<StoredIssue>; change: object; says: string }>([
    { name: 'a title', change: { title: 'y' }, says: 'changed title from **{-Token leaked-}** to **{+y+}**' },
    { name: 'a description', change: { description: 'y' }, says: 'changed the description' },
    { name: 'what becomes confidential', change: { confidential: true }, says: 'made the issue confidential' },
    { name: 'what becomes visible', more: { confidential: true }, change: { confidential: false }, says: 'made the issue visible to everyone' },
    { name: 'a discussion that is locked', change: { discussion_locked: true }, says: 'locked the discussion in this issue' },
    { name: 'a discussion that is unlocked', more: { locked: true }, change: { discussion_locked: false }, says: 'unlocked the discussion in this issue' },
    { name: 'a due date', change: { due_date: '2026-12-01' }, says: 'changed due date to December 1, 2026' },
    { name: 'a due date that is taken off', more: { dueDate: '2026-12-01' }, change: { due_date: '' }, says: 'removed due date' },
    { name: 'a type', more: { type: 'issue' }, change: { issue_type: 'incident' }, says: 'changed type from issue to incident' },
    { name: 'a severity', change: { description: '/severity S1' }, says: 'changed the severity to **Critical - S1**' },
    { name: 'a relation', change: { description: '/relate #1' }, says: 'marked this issue as related to #1' },
    { name: 'a duplicate', change: { description: '/duplicate #1' }, says: 'marked this issue as a duplicate of #1' },
    { name: 'a status', more: { state: 'opened' }, change: { state_event: 'close' }, says: 'changed the incident status to **Resolved** by closing the incident' },
  ])('of $name: $says', async ({ more = {}, change, says }) => {
    const scene = await stage();
    scene.closed('');
    const issue = scene.closed('x', more);
    await answer(scene, 'ana', 'PUT', `/projects/42/issues/${issue.iid}`, change);
    const { body } = await answer(scene, 'ana', 'GET', `/projects/42/issues/${issue.iid}/notes?activity_filter=only_activity`);
    expect((body as { body: string }[]).map((note) => note.body)).toContain(says);
  });

  it('of assignees: who came and who went, in one sentence; the first alone where one is allowed', async () => {
    const scene = await stage();
    const [ana, ben, lea] = ['ana', 'ben', 'lea'].map((name) => scene.gitlab.world.userNamed(name).id);
    const issue = scene.closed('');
    for (const assignee_ids of [[ana], [ben, lea], []]) await answer(scene, 'ana', 'PUT', `/projects/42/issues/${issue.iid}`, { assignee_ids });
    const { body } = await answer(scene, 'ana', 'GET', `/projects/42/issues/${issue.iid}/notes?sort=asc`);
    expect((body as { body: string }[]).map((note) => note.body)).toEqual(['assigned to @ana', 'assigned to @ben and unassigned @ana', 'unassigned @ben']);
  });

  it('of assignees names all of them, where several are allowed', async () => {
    const scene = await stage();
    scene.project.hasSeveralAssignees = true;
    const [ana, ben, lea] = ['ana', 'ben', 'lea'].map((name) => scene.gitlab.world.userNamed(name).id);
    const issue = scene.closed('');
    for (const assignee_ids of [[ana, ben], [lea]]) await answer(scene, 'ben', 'PUT', `/projects/42/issues/${issue.iid}`, { assignee_ids });
    const { body } = await answer(scene, 'ana', 'GET', `/projects/42/issues/${issue.iid}/notes?sort=asc`);
    expect((body as { body: string }[]).map((note) => note.body)).toEqual(['assigned to @ana and @ben', 'assigned to @lea and unassigned @ana and @ben']);
    expect((body as { author: { username: string } }[]).map(({ author }) => author.username)).toEqual(['ben', 'ben']);
  });

  it('of a mention is written once, however often the other issue is named', async () => {
    const scene = await stage();
    const [named, other] = [scene.closed(''), scene.closed('')];
    for (const body of [`as in #${named.iid}`, `#${named.iid} again`]) await answer(scene, 'ana', 'POST', `/projects/42/issues/${other.iid}/notes`, { body });
    const { body } = await answer(scene, 'ana', 'GET', `/projects/42/issues/${named.iid}/notes`);
    expect((body as { body: string }[]).map((note) => note.body)).toEqual([`mentioned in issue #${other.iid}`]);
  });
});

describe('GraphQL', () => {
  const ask = async (scene: Scene, who: string, query: string, path = '/api/graphql'): Promise<{ status: number; body: Record<string, unknown> }> => {
    const token = scene.gitlab.world.users.find(({ username }) => username === who)?.token ?? 'none';
    const init = { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
    const response = await fetch(`${scene.gitlab.address}${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const statusOf = (iid: number, status: string): string =>
    `mutation { issueSetEscalationStatus(input: { projectPath: "sirt/incidents", iid: "${iid}", status: ${status} }) { errors issue { escalationStatus } } }`;

  it('answers 401 only to whom it does not know, with and without a slash at the end', async () => {
    const scene = await stage();
    expect(await ask(scene, 'nobody', '{ currentUser { username } }')).toEqual({ status: 401, body: { errors: [{ message: 'Invalid token' }] } });
    expect(await ask(scene, 'ana', '{ currentUser { username } }', '/api/graphql/')).toEqual({ status: 200, body: { data: { currentUser: { username: 'ana' } } } });
  });

  it('refuses what is too complex or too long, in an answer 200', async () => {
    const scene = await stage();
    const list = (first: number, notes: number): string =>
      `{ project(fullPath: "sirt/incidents") { issues(first: ${first}) { nodes { iid title notes(first: ${notes}) { nodes { body author { username } } } } } } queryComplexity { score } }`;
    expect(await ask(scene, 'ana', list(20, 50))).toMatchObject({ status: 200, body: { data: { queryComplexity: { score: 16 } } } });
    const named = (which: string): string => `{ project(fullPath: "sirt/incidents") { issues(${which}) { nodes { iid title state description } } } queryComplexity { score } }`;
    expect([await ask(scene, 'ana', named('state: opened')), await ask(scene, 'ana', named('iids: ["1"]'))]).toMatchObject([
      { body: { data: { queryComplexity: { score: 15 } } } },
      { body: { data: { queryComplexity: { score: 9 } } } },
    ]);
    const wide = Array.from({ length: 30 }, (_each, index) => `a${index}: project(fullPath: "sirt/incidents") { issues { nodes { iid title state } } }`).join('\n');
    expect(await ask(scene, 'ana', `{ ${wide} }`)).toMatchObject({ status: 200, body: { errors: [{ message: expect.stringMatching(/exceeds max complexity of 250/) as string }] } });
    expect(await ask(scene, 'ana', `{ currentUser { username } } # ${'x'.repeat(10_000)}`)).toMatchObject({ status: 200, body: { errors: [{ message: 'Query too large' }] } });
  });

  it('refuses what is no incident in the payload, and what one may not do in the errors', async () => {
    const scene = await stage();
    const [incident, plain] = [scene.closed(''), scene.closed('', { type: 'issue' })];
    expect((await ask(scene, 'ana', statusOf(plain.iid, 'ACKNOWLEDGED'))).body).toEqual({ data: { issueSetEscalationStatus: { errors: ['Feature unavailable for provided issue'], issue: null } } });
    scene.project.members.set(scene.gitlab.world.userNamed('ben').id, LEVEL.reporter);
    expect((await ask(scene, 'ben', statusOf(incident.iid, 'ACKNOWLEDGED'))).body).toMatchObject({ errors: [{ message: expect.stringContaining("don't have permission") as string }] });
    expect((await ask(scene, 'ana', statusOf(incident.iid, 'ACKNOWLEDGED'))).body).toEqual({ data: { issueSetEscalationStatus: { errors: [], issue: { escalationStatus: 'ACKNOWLEDGED' } } } });
  });

  it('takes entries of the timeline up to 280 characters', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    const write = (note: string): string =>
      `mutation { timelineEventCreate(input: { incidentId: "gid://gitlab/Issue/${issue.id}", note: "${note}", occurredAt: "2026-11-20T02:31:00Z" }) { errors timelineEvent { note action } } }`;
    expect((await ask(scene, 'ana', write('x'.repeat(281)))).body).toMatchObject({ data: { timelineEventCreate: { errors: [expect.stringContaining('too long')], timelineEvent: null } } });
    expect((await ask(scene, 'ana', write('revoked'))).body).toMatchObject({ data: { timelineEventCreate: { errors: [], timelineEvent: { note: 'revoked', action: 'comment' } } } });
  });
});
