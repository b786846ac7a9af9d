import { describe, expect, it } from 'vitest';
import { addNote } from '../../scripts/sandbox/world/notes.ts';
import { LEVEL, type Account, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { writeSystemNote } from '../../scripts/sandbox/world/system-notes.ts';
import { answer } from '../support/answer.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const ROLES = ['guest', 'planner', 'reporter', 'developer', 'maintainer', 'owner'] as const;
type Role = (typeof ROLES)[number];

/** A scene with one person of each role, each known by it. */
async function withRoles(): Promise<Scene> {
  const scene = await stage();
  for (const role of ROLES) scene.project.members.set(scene.gitlab.world.addUser(role).id, LEVEL[role]);
  return scene;
}

type Row = { what: string; from: Role; method: string; path: (issue: StoredIssue, scene: Scene) => string; body?: object; type?: StoredIssue['type'] };

/** The path of a new comment of @ana's. */
function commentOfAna(issue: StoredIssue, { gitlab: { world } }: Scene, internal = false): string {
  const done = addNote(world, world.userNamed('ana'), issue, 'x', internal);
  return `/projects/42/issues/${issue.iid}/notes/${'note' in done ? done.note.id : 0}`;
}

/** The path of a new schedule of @lea's. */
function scheduleOfLea({ gitlab: { world }, project }: Scene): string {
  const id = world.nextId();
  const when = { cron: '0 * * * *', cronTimezone: 'UTC', active: true, createdAt: world.now(), updatedAt: world.now(), lastPlayedAt: null };
  project.schedules.push({ ...when, id, description: 'x', ref: 'refs/heads/main', ownerId: world.userNamed('lea').id, variables: [], inputs: [], lastPipelineId: null });
  return `/projects/42/pipeline_schedules/${id}`;
}

/** Who may what at least. Sources: GitLab docs, user/permissions; operations/incident_management/manage_incidents. */
const ROWS: Row[] = [
  { what: 'create an issue', from: 'guest', method: 'POST', path: () => '/projects/42/issues', body: { title: 'x' } },
  { what: 'comment', from: 'guest', method: 'POST', path: ({ iid }) => `/projects/42/issues/${iid}/notes`, body: { body: 'x' } },
  { what: 'write an internal note', from: 'planner', method: 'POST', path: ({ iid }) => `/projects/42/issues/${iid}/notes`, body: { body: 'x', internal: true } },
  { what: "edit another's issue", from: 'planner', method: 'PUT', path: ({ iid }) => `/projects/42/issues/${iid}`, body: { title: 'y' }, type: 'issue' },
  { what: "edit another's incident", from: 'reporter', method: 'PUT', path: ({ iid }) => `/projects/42/issues/${iid}`, body: { title: 'y' } },
  { what: 'close an incident', from: 'reporter', method: 'PUT', path: ({ iid }) => `/projects/42/issues/${iid}`, body: { state_event: 'close' } },
  { what: 'create a label', from: 'planner', method: 'POST', path: () => '/projects/42/labels', body: { name: 'new', color: '#ff0000' } },
  { what: 'see schedules', from: 'developer', method: 'GET', path: () => '/projects/42/pipeline_schedules' },
  { what: 'commit', from: 'developer', method: 'POST', path: () => '/projects/42/repository/commits', body: { branch: 'mend', start_branch: 'main', commit_message: 'x', actions: [] } },
  { what: 'commit to a protected branch', from: 'maintainer', method: 'POST', path: () => '/projects/42/repository/commits', body: { branch: 'main', commit_message: 'x', actions: [] } },
  { what: "edit another's comment", from: 'maintainer', method: 'PUT', path: commentOfAna, body: { body: 'y' } },
  { what: "delete another's comment", from: 'maintainer', method: 'DELETE', path: commentOfAna },
  { what: "edit another's schedule", from: 'maintainer', method: 'PUT', path: (_issue, scene) => scheduleOfLea(scene), body: { active: false } },
  { what: "take another's schedule", from: 'maintainer', method: 'POST', path: (_issue, scene) => `${scheduleOfLea(scene)}/take_ownership` },
  { what: 'manage triggers', from: 'maintainer', method: 'POST', path: () => '/projects/42/triggers', body: { description: 'x' } },
  { what: 'manage hooks', from: 'maintainer', method: 'GET', path: () => '/projects/42/hooks' },
  { what: 'delete an issue', from: 'owner', method: 'DELETE', path: ({ iid }) => `/projects/42/issues/${iid}` },
];

describe('who may what', () => {
  it.each(ROWS)('$what: $from and up', async ({ from, method, path, body, type = 'incident' }) => {
    for (const role of ROLES) {
      const scene = await withRoles();
      const issue = scene.closed('', { type, state: 'opened', closedAt: null });
      const { status } = await answer(scene, role, method, path(issue, scene), body);
      expect([role, status < 300 ? 'may' : status]).toEqual([role, ROLES.indexOf(role) >= ROLES.indexOf(from) ? 'may' : 403]);
    }
  });

  it('who may not create incidents gets an issue', async () => {
    const scene = await withRoles();
    const made = await answer(scene, 'planner', 'POST', '/projects/42/issues', { title: 'x', issue_type: 'incident' });
    expect(made).toMatchObject({ status: 201, body: { issue_type: 'issue' } });
  });

  it('an author without a role changes title, description and state, and nothing else', async () => {
    const scene = await withRoles();
    const guest = scene.gitlab.world.userNamed('guest');
    const issue = scene.closed('', { authorId: guest.id, type: 'issue' });
    const changes = { title: 'mine', add_labels: 'vip', confidential: true, assignee_ids: [guest.id], state_event: 'reopen' };
    expect((await answer(scene, 'guest', 'PUT', `/projects/42/issues/${issue.iid}`, changes)).status).toBe(200);
    expect(issue).toMatchObject({ title: 'mine', labels: [], confidential: false, assigneeIds: [], state: 'opened' });
  });

  it('quick actions run with the rights of who writes them', async () => {
    const scene = await withRoles();
    const issue = scene.closed('', { state: 'opened', closedAt: null });
    const say = (who: string, body: string): Promise<{ status: number }> => answer(scene, who, 'POST', `/projects/42/issues/${issue.iid}/notes`, { body });
    for (const text of ['/close', '/severity S1', '/confidential', '/timeline seen']) expect([text, (await say('guest', text)).status]).toEqual([text, 400]);
    expect((await say('reporter', '/severity S1')).status).toBe(202);
    expect((await say('reporter', '/timeline seen')).status).toBe(400);
    expect((await say('developer', '/timeline seen | 2026-11-20 02:31')).status).toBe(202);
    expect(issue).toMatchObject({ state: 'opened', severity: 'CRITICAL', confidential: false });
    expect(
      scene.gitlab.world.timelineEvents
        .of(issue)
        .map(({ note, occurredAt }) => [note, occurredAt])
        .at(-1),
    ).toEqual(['seen', '2026-11-20T02:31:00.000Z']);
  });

  it('an author without a role changes nothing of an incident', async () => {
    const scene = await withRoles();
    const issue = scene.closed('', { authorId: scene.gitlab.world.userNamed('guest').id });
    expect((await answer(scene, 'guest', 'PUT', `/projects/42/issues/${issue.iid}`, { state_event: 'reopen' })).status).toBe(403);
  });

  it('a Guest labels an issue when opening it, and not later', async () => {
    const scene = await withRoles();
    const made = await answer(scene, 'guest', 'POST', '/projects/42/issues', { title: 'x', labels: 'a' });
    expect(made).toMatchObject({ status: 201, body: { labels: ['a'] } });
  });

  it('a locked discussion is for members', async () => {
    const scene = await withRoles();
    const issue = scene.closed('', { locked: true });
    const say = async (who: string): Promise<number> => (await answer(scene, who, 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: 'x' })).status;
    scene.project.members.delete(scene.gitlab.world.userNamed('planner').id);
    expect([await say('planner'), await say('guest')]).toEqual([404, 201]);
  });

  it('what GitLab itself wrote among the comments is for nobody to change', async () => {
    const scene = await withRoles();
    const issue = scene.closed('');
    const { id } = writeSystemNote(scene.gitlab.world, scene.gitlab.world.userNamed('owner'), issue, 'changed the description');
    for (const method of ['PUT', 'DELETE']) {
      const { status } = await answer(scene, 'owner', method, `/projects/42/issues/${issue.iid}/notes/${id}`, { body: 'y' });
      expect([method, status]).toEqual([method, 403]);
    }
  });

  it('a confidential incident is also for the Guest who wrote it, and for the Guest who is assigned', async () => {
    const scene = await withRoles();
    const guest = scene.gitlab.world.userNamed('guest').id;
    const rows: [Partial<StoredIssue>, number][] = [
      [{}, 404],
      [{ authorId: guest }, 200],
      [{ assigneeIds: [guest] }, 200],
    ];
    for (const [more, status] of rows) {
      const issue = scene.closed('', { confidential: true, ...more });
      expect([more, (await answer(scene, 'guest', 'GET', `/projects/42/issues/${issue.iid}`)).status]).toEqual([more, status]);
    }
  });

  it('an internal note is not there for who may not read it, be it alone, of their own incident, or by GraphQL', async () => {
    const scene = await withRoles();
    const guest = scene.gitlab.world.userNamed('guest');
    const issue = scene.closed('', { authorId: guest.id, assigneeIds: [guest.id] });
    const path = commentOfAna(issue, scene, true);
    const query = `{ project(fullPath: "sirt/incidents") { issue(iid: "${issue.iid}") { notes { nodes { internal } } } } }`;
    const byGraphql = async (who: string): Promise<unknown> => {
      const headers = { authorization: `Bearer ${scene.gitlab.world.userNamed(who).token}` };
      const response = await fetch(`${scene.gitlab.address}/api/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
      return ((await response.json()) as { data: { project: { issue: { notes: { nodes: unknown } } } } }).data.project.issue.notes.nodes;
    };
    expect([(await answer(scene, 'guest', 'GET', path)).status, await byGraphql('guest')]).toEqual([404, []]);
    expect([(await answer(scene, 'planner', 'GET', path)).status, await byGraphql('planner')]).toEqual([200, [{ internal: true }]]);
  });

  it('internal notes are dropped from the pages of who may not read them', async () => {
    const scene = await withRoles();
    const issue = scene.closed('');
    for (const internal of [false, true, false]) await answer(scene, 'ana', 'POST', `/projects/42/issues/${issue.iid}/notes`, { body: 'x', internal });
    const count = async (who: string): Promise<[number, string | null]> => {
      const { body, headers } = await answer(scene, who, 'GET', `/projects/42/issues/${issue.iid}/notes?per_page=3`);
      return [(body as unknown[]).length, headers.get('x-total')];
    };
    expect([await count('guest'), await count('planner')]).toEqual([
      [2, '3'],
      [3, '3'],
    ]);
  });
});

describe('tokens and accounts', () => {
  const expired = { error: 'invalid_token', error_description: 'Token is expired. You can either do re-authorization or token refresh.' };
  it.each<{ name: string; account?: Partial<Account>; scopes?: string[]; method?: string; status: number; body: object }>([
    { name: 'an expired token', account: { tokenState: 'expired' }, status: 401, body: expired },
    { name: 'a revoked token', account: { tokenState: 'revoked' }, status: 401, body: { error: 'invalid_token' } },
    { name: 'a deactivated account', account: { state: 'deactivated' }, status: 403, body: { message: '403 Forbidden - Your account has been deactivated by your administrator.' } },
    { name: 'a token that may only read, reading', scopes: ['read_api'], status: 200, body: {} },
    { name: 'a token that may only read, writing', scopes: ['read_api'], method: 'POST', status: 403, body: { error: 'insufficient_scope', scope: 'api read_api' } },
  ])('$name: $status', async ({ account = {}, scopes = ['api'], method = 'GET', status, body }) => {
    const scene = await stage();
    const ben = Object.assign(scene.gitlab.world.userNamed('ben'), account);
    ben.grant.scopes = scopes;
    const path = method === 'GET' ? '/user' : '/projects/42/issues';
    expect(await answer(scene, 'ben', method, path, method === 'GET' ? undefined : { title: 'x' })).toMatchObject({ status, body });
  });

  it('a deactivated account is still to be seen, and commands nothing', async () => {
    const scene = await stage();
    const ben = scene.gitlab.world.userNamed('ben');
    ben.state = 'deactivated';
    expect((await answer(scene, 'ana', 'GET', `/users/${ben.id}`)).body).toMatchObject({ state: 'deactivated' });
    expect((await answer(scene, 'ana', 'GET', `/projects/42/members/all/${ben.id}`)).body).toMatchObject({ state: 'deactivated', access_level: 30 });
    expect(await scene.connect().gitlab.accessLevel(42, ben.id)).toBe(0);
  });
});

describe('what one may not see', () => {
  it('answers as what is not there, in lists, alone, and by GraphQL', async () => {
    const scene = await withRoles();
    const issue = scene.closed('', { confidential: true });
    expect((await answer(scene, 'guest', 'GET', '/projects/42/issues')).body).toEqual([]);
    for (const part of ['', '/notes', '/links', '/resource_state_events', '/award_emoji', '/participants']) {
      expect((await answer(scene, 'guest', 'GET', `/projects/42/issues/${issue.iid}${part}`)).status).toBe(404);
    }
    expect((await answer(scene, 'guest', 'PUT', `/projects/42/issues/${issue.iid}`, { title: 'y' })).status).toBe(404);
    const query = '{ project(fullPath: "sirt/incidents") { issues { nodes { iid } } } }';
    const headers = { authorization: `Bearer ${scene.gitlab.world.userNamed('guest').token}` };
    const asked = await fetch(`${scene.gitlab.address}/api/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    expect(await asked.json()).toEqual({ data: { project: { issues: { nodes: [] } } } });
    scene.gitlab.world.addUser('stranger');
    expect((await answer(scene, 'stranger', 'GET', '/projects/42')).status).toBe(404);
    expect((await answer(scene, 'stranger', 'GET', '/groups/sirt/issues')).status).toBe(404);
  });

  it('a project that was moved sends callers on to its id', async () => {
    const scene = await stage();
    scene.project.formerPaths.push('old/incidents');
    const sent = await answer(scene, 'ana', 'GET', '/projects/old%2Fincidents/issues?state=opened');
    expect([sent.status, sent.headers.get('location')]).toEqual([301, `${scene.gitlab.address}/api/v4/projects/42/issues?state=opened`]);
    scene.gitlab.world.addUser('stranger');
    expect((await answer(scene, 'stranger', 'GET', '/projects/old%2Fincidents/issues')).status).toBe(404);
  });
});
