import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { RunningJob } from '../../scripts/sandbox/webhooks/pipelines.ts';
import type { Instance } from '../../scripts/sandbox/world/instance.ts';
import { protect } from '../../scripts/sandbox/world/protection.ts';
import { LEVEL, type Project } from '../../scripts/sandbox/world/records.ts';
import { addProjectBot, recreateBot, type Grant } from '../../scripts/sandbox/world/tokens.ts';
import { answer } from '../support/answer.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const PATH = '/projects/42';
type Answer = { status: number; body: unknown };

/** A scene with an Owner, @olga, beside the team. */
async function withOwner(): Promise<Scene> {
  const scene = await stage();
  scene.project.members.set(scene.gitlab.world.addUser('olga').id, LEVEL.owner);
  return scene;
}

/** What a trigger of a member's answers to a pipeline on a branch. */
async function triggerAs(scene: Scene, who: string, ref = 'main', more: object = {}): Promise<Answer> {
  const { world } = scene.gitlab;
  const id = world.nextId();
  scene.project.triggers.push({ id, token: `glptt-${id}`, description: 'x', ownerId: world.userNamed(who).id, createdAt: world.now(), updatedAt: world.now(), lastUsed: null });
  return answer(scene, who, 'POST', `${PATH}/trigger/pipeline`, { token: `glptt-${id}`, ref, ...more });
}

describe("a token's own account", () => {
  it('tells scopes, day of expiry, user and last use', async () => {
    const scene = await stage();
    const told = await answer(scene, 'watchkeeper-bot', 'GET', '/personal_access_tokens/self');
    expect(told).toMatchObject({
      status: 200,
      body: { name: 'watchkeeper-bot', revoked: false, active: true, scopes: ['api'], user_id: scene.bot.id, expires_at: '2027-11-20', last_used_at: '2026-11-20T10:00:00.000Z' },
    });
  });

  it.each<{ name: string; grant: Partial<Grant>; method?: string; path: string; status: number; scope?: string }>([
    { name: 'read_api reads', grant: { scopes: ['read_api'] }, path: PATH, status: 200 },
    { name: 'read_api writes nothing', grant: { scopes: ['read_api'] }, method: 'PUT', path: PATH, status: 403, scope: 'api read_api' },
    { name: 'read_user reads users', grant: { scopes: ['read_user'] }, path: '/user', status: 200 },
    { name: 'read_user reads no projects', grant: { scopes: ['read_user'] }, path: PATH, status: 403, scope: 'api read_api' },
    { name: 'any scope sees its own token', grant: { scopes: ['read_registry'] }, path: '/personal_access_tokens/self', status: 200 },
    { name: 'no scope of the API opens any door', grant: { scopes: ['read_registry'] }, path: '/user', status: 403, scope: 'api read_api read_user' },
    { name: 'a token lives to the eve of its day', grant: { expiresAt: '2026-11-21' }, path: '/user', status: 200 },
    { name: 'a token is over on its day', grant: { expiresAt: '2026-11-20' }, path: '/user', status: 401 },
    { name: 'a token without a day is never over', grant: { expiresAt: null }, path: '/user', status: 200 },
  ])('$name: $status', async ({ grant, method = 'GET', path, status, scope }) => {
    const scene = await stage();
    Object.assign(scene.gitlab.world.userNamed('lea').grant, grant);
    const told = await answer(scene, 'lea', method, path, method === 'GET' ? undefined : { public_jobs: false });
    expect([told.status, (told.body as { scope?: string }).scope]).toEqual([status, scope]);
  });

  it('asks by GraphQL with read_api, and changes nothing', async () => {
    const scene = await stage();
    const ben = scene.gitlab.world.userNamed('ben');
    ben.grant.scopes = ['read_api'];
    const { iid } = scene.closed('');
    const ask = async (query: string): Promise<unknown> => {
      const init = { method: 'POST', headers: { 'private-token': ben.token }, body: JSON.stringify({ query }) };
      return (await fetch(`${scene.gitlab.address}/api/graphql`, init)).json();
    };
    expect(await ask(`{ project(fullPath: "sirt/incidents") { issue(iid: "${iid}") { iid } } }`)).toEqual({ data: { project: { issue: { iid: String(iid) } } } });
    const change = `mutation { issueSetSeverity(input: { projectPath: "sirt/incidents", iid: "${iid}", severity: HIGH }) { errors } }`;
    expect(await ask(change)).toMatchObject({ errors: [{ message: expect.stringContaining("you don't have permission") as string }] });
  });

  it('of a project is that of a bot, and a new token is a new user', async () => {
    const scene = await stage();
    const { world } = scene.gitlab;
    const former = addProjectBot(world, scene.project, 'watchkeeper', LEVEL.developer, { expiresAt: '2026-12-01' });
    const issue = scene.closed('', { authorId: former.id });
    const now = recreateBot(world, scene.project, former);
    expect(now.username).toMatch(/^project_42_bot_[0-9a-f]{32}$/);
    expect((await answer(scene, now.username, 'GET', '/user')).body).toMatchObject({ id: now.id, name: 'watchkeeper', bot: true, state: 'active' });
    expect((await answer(scene, 'ana', 'GET', `/users/${former.id}`)).body).toMatchObject({ bot: true, state: 'blocked', created_at: '2026-11-20T10:00:00.000Z' });
    expect((await answer(scene, 'ana', 'GET', `/users/${scene.gitlab.world.userNamed('lea').id}`)).body).toMatchObject({ bot: false });
    expect((await answer(scene, former.username, 'GET', '/user')).status).toBe(401);
    expect((await answer(scene, 'ana', 'GET', `${PATH}/issues/${issue.iid}`)).body).toMatchObject({ author: { id: former.id, state: 'blocked' } });
    expect([...scene.project.members.keys()].filter((id) => id === former.id || id === now.id)).toEqual([now.id]);
  });
});

describe('which GitLab it is', () => {
  it.each(['/version', '/metadata'])('%s tells version, revision and edition', async (path) => {
    const scene = await stage();
    Object.assign(scene.gitlab.world.instance, { version: '17.11.3', revision: 'abc', isEnterprise: false } satisfies Partial<Instance>);
    expect((await answer(scene, 'ana', 'GET', path)).body).toMatchObject({ version: '17.11.3', revision: 'abc', enterprise: false });
    expect((await answer(scene, 'nobody', 'GET', path)).status).toBe(401);
  });
});

describe('the settings of a project', () => {
  const ROLE = 'ci_pipeline_variables_minimum_override_role';
  it('are shown with what the caller may do', async () => {
    const scene = await stage();
    expect((await answer(scene, 'ana', 'GET', PATH)).body).toMatchObject({
      ...{ id: 42, path_with_namespace: 'sirt/incidents', default_branch: 'main', visibility: 'private', public_jobs: true, [ROLE]: 'maintainer' },
      ...{ pages_access_level: 'private', issues_enabled: true, issues_access_level: 'enabled', namespace: { full_path: 'sirt', kind: 'group' } },
      permissions: { project_access: { access_level: LEVEL.developer } },
    });
  });

  it.each<{ who: string; change: object; before?: Project['pipelineVariablesRole']; status: number; says?: string }>([
    { who: 'ana', change: { public_jobs: false }, status: 403 },
    { who: 'lea', change: { public_jobs: false }, status: 200 },
    { who: 'lea', change: { pages_access_level: 'enabled' }, status: 200 },
    { who: 'lea', change: { pages_access_level: 'everybody' }, status: 400, says: 'pages_access_level does not have a valid value' },
    { who: 'lea', change: { issues_access_level: 'disabled' }, status: 200 },
    { who: 'lea', change: { default_branch: 'gone' }, status: 400, says: 'Could not set the default branch' },
    { who: 'lea', change: {}, status: 400, says: 'at least one parameter must be provided' },
    { who: 'lea', change: { visibility: 'public' }, status: 403 },
    { who: 'olga', change: { visibility: 'public' }, status: 200 },
    { who: 'lea', change: { [ROLE]: 'no_one_allowed' }, status: 200 },
    { who: 'lea', change: { [ROLE]: 'nobody' }, status: 400, says: 'does not have a valid value' },
    { who: 'lea', change: { [ROLE]: 'owner' }, status: 400, says: 'to the owner role is not allowed' },
    { who: 'lea', change: { [ROLE]: 'developer' }, before: 'no_one_allowed', status: 400, says: 'is not allowed' },
    { who: 'olga', change: { [ROLE]: 'developer' }, before: 'no_one_allowed', status: 200 },
    { who: 'olga', change: { [ROLE]: 'owner' }, status: 200 },
  ])('@$who changes $change, where the role is $before: $status', async ({ who, change, before = 'maintainer', status, says = '' }) => {
    const scene = await withOwner();
    scene.project.pipelineVariablesRole = before;
    const told = await answer(scene, who, 'PUT', PATH, change);
    expect([told.status, JSON.stringify(told.body)]).toEqual([status, expect.stringContaining(says)]);
    const stands = (await answer(scene, 'olga', 'GET', PATH)).body;
    if (status === 200) expect(stands).toMatchObject(change);
    else expect(stands).toMatchObject({ visibility: 'private', public_jobs: true, pages_access_level: 'private', default_branch: 'main', [ROLE]: before });
  });

  it('let Guests see pipelines where jobs are public, and strangers where the project is', async () => {
    const scene = await withOwner();
    scene.project.members.set(scene.gitlab.world.addUser('gus').id, LEVEL.guest);
    scene.gitlab.world.addUser('stranger');
    const see = async (): Promise<number[]> => Promise.all(['gus', 'stranger'].map(async (who) => (await answer(scene, who, 'GET', `${PATH}/pipelines`)).status));
    expect(await see()).toEqual([200, 404]);
    await answer(scene, 'olga', 'PUT', PATH, { public_jobs: false });
    expect(await see()).toEqual([403, 404]);
    await answer(scene, 'olga', 'PUT', PATH, { visibility: 'public', public_jobs: true });
    expect(await see()).toEqual([200, 200]);
  });
});

describe('a pipeline that a trigger starts', () => {
  const VARIABLES = { variables: { A: 'b' } };
  it.each<{ version: string; role: Project['pipelineVariablesRole']; more?: object; status: number }>([
    { version: '18.5.0', role: 'no_one_allowed', status: 201 },
    { version: '18.4.2', role: 'no_one_allowed', status: 400 },
    { version: '17.11.0', role: 'no_one_allowed', status: 400 },
    { version: '18.4.2', role: 'maintainer', status: 201 },
    { version: '18.6.0', role: 'no_one_allowed', more: { inputs: { iid: 7 } }, status: 201 },
    { version: '18.6.0', role: 'no_one_allowed', more: VARIABLES, status: 400 },
    { version: '18.6.0', role: 'owner', more: VARIABLES, status: 400 },
    { version: '18.6.0', role: 'maintainer', more: VARIABLES, status: 201 },
  ])('on GitLab $version, with variables for $role, given $more: $status', async ({ version, role, more, status }) => {
    const scene = await stage();
    scene.gitlab.world.instance.version = version;
    scene.project.pipelineVariablesRole = role;
    const told = await triggerAs(scene, 'lea', 'main', more);
    expect(told.status).toBe(status);
    if (status === 400) expect(told.body).toEqual({ message: { base: ['Insufficient permissions to set pipeline variables'] } });
  });

  it.each<{ what: string; who: string; change: (scene: Scene) => unknown; says: string | undefined }>([
    { what: 'a Developer who may merge', who: 'ana', change: () => undefined, says: undefined },
    { what: 'a Developer who may neither push nor merge', who: 'ana', change: fullyProtected, says: "You do not have sufficient permission to run a pipeline on 'main'" },
    { what: 'a Maintainer', who: 'lea', change: fullyProtected, says: undefined },
    {
      what: 'a Maintainer where nobody pushes or merges',
      who: 'lea',
      change: (scene) => {
        fullyProtected(scene, 0);
      },
      says: 'sufficient permission to run a pipeline',
    },
    { what: 'somebody blocked', who: 'lea', change: ({ gitlab }) => (gitlab.world.userNamed('lea').state = 'blocked'), says: 'Insufficient permissions to create a new pipeline' },
  ])('of $what: $says', async ({ who, change, says }) => {
    const scene = await stage();
    change(scene);
    const told = await triggerAs(scene, who);
    expect([told.status, JSON.stringify(told.body)]).toEqual(says === undefined ? [201, expect.anything()] : [400, expect.stringContaining(says)]);
  });
});

/** Protects main so that Maintainers, or nobody, push and merge. */
function fullyProtected({ gitlab: { world }, project }: Scene, level: 0 | 40 = 40): void {
  project.protectedBranches.length = 0;
  protect(world, project, 'main', { push: level, merge: level });
}

describe('protected branches', () => {
  const BRANCHES = `${PATH}/protected_branches`;
  it('are the default branch in a new project, for Maintainers alone', async () => {
    const scene = await stage();
    scene.gitlab.world.addProject('sirt/other', { lea: LEVEL.maintainer }, 43);
    const maintainers = [{ access_level: 40, access_level_description: 'Maintainers' }];
    expect((await answer(scene, 'lea', 'GET', '/projects/43/protected_branches')).body).toMatchObject([
      { name: 'main', push_access_levels: maintainers, merge_access_levels: maintainers, allow_force_push: false },
    ]);
  });

  it('are protected by a Maintainer, once, and no more once deleted', async () => {
    const scene = await stage();
    expect((await answer(scene, 'ana', 'POST', BRANCHES, { name: 'stable' })).status).toBe(403);
    expect((await answer(scene, 'lea', 'POST', BRANCHES, { name: 'stable', push_access_level: 50 })).status).toBe(400);
    expect((await answer(scene, 'lea', 'POST', BRANCHES, { name: 'stable', push_access_level: 0 })).body).toMatchObject({
      push_access_levels: [{ access_level: 0, access_level_description: 'No one' }],
      merge_access_levels: [{ access_level: 40 }],
    });
    expect(await answer(scene, 'lea', 'POST', BRANCHES, { name: 'stable' })).toMatchObject({ status: 409, body: { message: "Protected branch 'stable' already exists" } });
    expect((await answer(scene, 'lea', 'PATCH', `${BRANCHES}/stable`, { allow_force_push: true })).body).toMatchObject({ allow_force_push: true });
    expect((await answer(scene, 'ana', 'GET', `${BRANCHES}/stable`)).status).toBe(200);
    expect((await answer(scene, 'lea', 'DELETE', `${BRANCHES}/stable`)).status).toBe(204);
    expect((await answer(scene, 'ana', 'GET', `${BRANCHES}/stable`)).status).toBe(404);
  });

  it.each([
    { name: 'main', branch: 'main', status: 403 },
    { name: 'release-*', branch: 'release-1', status: 403 },
    { name: 'release-*', branch: 'release', status: 201 },
    { name: '*-ops-*', branch: 'a-ops-b', status: 403 },
    { name: 'a*a', branch: 'a', status: 201 },
    { name: '*', branch: 'mend', status: 403 },
  ])('where $name is protected, a commit of a Developer to $branch: $status', async ({ name, branch, status }) => {
    const scene = await stage();
    scene.project.protectedBranches.length = 0;
    protect(scene.gitlab.world, scene.project, name);
    const start = branch === 'main' ? {} : { start_branch: 'main' };
    const commit = { branch, ...start, commit_message: 'x', actions: [{ action: 'create', file_path: 'a', content: 'b' }] };
    const told = await answer(scene, 'ana', 'POST', `${PATH}/repository/commits`, commit);
    expect(told.status).toBe(status);
    if (status === 403) expect(told.body).toEqual({ message: '403 Forbidden - You are not allowed to push into this branch' });
    expect((await answer(scene, 'lea', 'GET', `${PATH}/repository/branches/main`)).body).toMatchObject({ protected: ['main', '*'].includes(name) });
  });
});

describe('CI/CD variables', () => {
  const VARIABLES = `${PATH}/variables`;
  const SECRET = { key: 'TOKEN', value: 'glpat-0123456789', masked_and_hidden: true, protected: true };

  it('are for Maintainers, and a hidden one is never shown', async () => {
    const scene = await stage();
    expect((await answer(scene, 'ana', 'POST', VARIABLES, SECRET)).status).toBe(403);
    const shown = { key: 'TOKEN', value: null, variable_type: 'env_var', masked: true, hidden: true, protected: true, raw: false, environment_scope: '*', description: null };
    expect(await answer(scene, 'lea', 'POST', VARIABLES, SECRET)).toMatchObject({ status: 201, body: shown });
    expect((await answer(scene, 'lea', 'GET', VARIABLES)).body).toEqual([shown]);
    expect((await answer(scene, 'lea', 'PUT', `${VARIABLES}/TOKEN`, { value: 'glpat-9876543210', description: 'new' })).body).toEqual({ ...shown, description: 'new' });
    expect(scene.project.variables).toMatchObject([{ value: 'glpat-9876543210' }]);
    expect((await answer(scene, 'ana', 'GET', VARIABLES)).status).toBe(403);
    expect((await answer(scene, 'lea', 'DELETE', `${VARIABLES}/TOKEN`)).status).toBe(204);
    expect(await answer(scene, 'lea', 'GET', `${VARIABLES}/TOKEN`)).toMatchObject({ status: 404, body: { message: '404 Variable Not Found' } });
  });

  it.each<{ name: string; given: object; says: object | string }>([
    { name: 'a short masked value', given: { value: '1234567', masked: true }, says: { value: ['is invalid'] } },
    { name: 'a masked value with a blank', given: { value: '1234 56789', masked: true }, says: { value: ['is invalid'] } },
    { name: 'a masked value of another alphabet', given: { value: '12345$678', masked: true }, says: { value: ['is invalid'] } },
    { name: 'a hidden value of two lines', given: { value: '12345678\n9', masked_and_hidden: true, raw: true }, says: { value: ['is invalid'] } },
    { name: 'a key with a dash', given: { key: 'A-B' }, says: { key: ["can contain only letters, digits and '_'."] } },
    { name: 'a key twice', given: { key: 'TAKEN' }, says: { key: ['(TAKEN) has already been taken'] } },
    { name: 'another type', given: { variable_type: 'text' }, says: 'variable_type does not have a valid value' },
  ])('refuse $name: 400', async ({ given, says }) => {
    const scene = await stage();
    await answer(scene, 'lea', 'POST', VARIABLES, { key: 'TAKEN', value: 'x' });
    const told = await answer(scene, 'lea', 'POST', VARIABLES, { key: 'A', value: 'x', ...given });
    expect(told).toMatchObject({ status: 400, body: typeof says === 'string' ? { error: says } : { message: says } });
    expect(scene.project.variables).toHaveLength(1);
  });

  it('take any character but blanks where they are raw', async () => {
    const scene = await stage();
    expect((await answer(scene, 'lea', 'POST', VARIABLES, { key: 'A', value: '12345$678', masked: true, raw: true })).status).toBe(201);
  });

  it('that are hidden stay masked, and others do not become hidden', async () => {
    const scene = await stage();
    await answer(scene, 'lea', 'POST', VARIABLES, SECRET);
    const says = 'The visibility setting cannot be changed for masked and hidden variables.';
    expect(await answer(scene, 'lea', 'PUT', `${VARIABLES}/TOKEN`, { masked: false })).toMatchObject({ status: 400, body: { message: { base: [says] } } });
    await answer(scene, 'lea', 'POST', VARIABLES, { key: 'PLAIN', value: '12345678' });
    expect((await answer(scene, 'lea', 'PUT', `${VARIABLES}/PLAIN`, { masked_and_hidden: true })).body).toMatchObject({ hidden: false, value: '12345678' });
  });

  it('of one key and several environments are told apart by a filter', async () => {
    const scene = await stage();
    for (const scope of ['*', 'prod']) await answer(scene, 'lea', 'POST', VARIABLES, { key: 'A', value: scope, environment_scope: scope });
    expect((await answer(scene, 'lea', 'GET', `${VARIABLES}/A`)).status).toBe(409);
    expect((await answer(scene, 'lea', 'GET', `${VARIABLES}/A?filter[environment_scope]=prod`)).body).toMatchObject({ value: 'prod' });
  });

  it.each<{ name: string; variable: object; branch?: string; above?: object; sees: Record<string, string> }>([
    { name: 'a hidden and protected one, on a protected branch', variable: SECRET, sees: { TOKEN: 'glpat-0123456789' } },
    { name: 'a protected one, on another branch', variable: SECRET, branch: 'mend', sees: {} },
    { name: 'an unprotected one, on another branch', variable: { ...SECRET, protected: false }, branch: 'mend', sees: { TOKEN: 'glpat-0123456789' } },
    { name: 'one of an environment', variable: { ...SECRET, environment_scope: 'prod' }, sees: {} },
    { name: "one that the pipeline's stands above", variable: SECRET, above: { variables: { TOKEN: 'other' } }, sees: { TOKEN: 'other' } },
    { name: 'one of type file', variable: { ...SECRET, variable_type: 'file' }, sees: { TOKEN: 'a file: glpat-0123456789' } },
  ])('reach a job: $name', async ({ variable, branch = 'main', above, sees }) => {
    const scene = await stage();
    await answer(scene, 'lea', 'POST', VARIABLES, variable);
    await answer(scene, 'lea', 'POST', `${PATH}/repository/branches`, { branch: 'mend', ref: 'main' });
    let seen = {};
    scene.gitlab.pipelines.run = async (job: RunningJob) => {
      const pairs = Object.entries(job.variables).map(async ([key, value]) => [key, value.startsWith('/') ? `a file: ${await readFile(value, 'utf8')}` : value] as const);
      seen = Object.fromEntries(await Promise.all(pairs));
    };
    expect((await triggerAs(scene, 'lea', branch, above)).status).toBe(201);
    await scene.gitlab.settled();
    expect(seen).toEqual(sees);
  });
});
