import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import { levelOf } from '../world/access.ts';
import { badParameter, notFound } from '../world/errors.ts';
import { protect, type AccessLevel, type ProtectedBranch } from '../world/protection.ts';
import type { Project } from '../world/records.ts';
import { changeSettings } from '../world/settings.ts';
import type { World } from '../world/world.ts';
import { page } from './paging.ts';
import { readParams, type Params } from './params.ts';
import { projectFor, projectIn } from './scope.ts';
import { showProject, showProtectedBranch } from './shows-project.ts';

const BRANCHES = '/projects/:id/protected_branches';
const LEVELS = [0, 30, 40, 60] as const;
const TEXTS = ['default_branch', 'visibility', 'issues_access_level', 'pages_access_level'] as const;
const ROLE = 'ci_pipeline_variables_minimum_override_role';

/** Projects and their protected branches. Source: GitLab docs, api/projects, api/protected_branches. */
export function routeProjects(app: Hono<Served>, world: World): void {
  const show = (c: Context<Served>, project: Project): Response =>
    c.json(showProject(project, levelOf(c.var.user, project), c.var.base));
  app.get('/projects/:id', (c) => show(c, projectIn(world, c)));
  app.put('/projects/:id', async (c) => {
    const params = await readParams(c);
    const project = projectFor(world, c, 'edit the project');
    changeSettings(c.var.user, project, wantedSettings(params));
    return show(c, project);
  });
  routeProtection(app, world);
}

/** The older `issues_enabled` switches what `issues_access_level` names. */
function wantedSettings(params: Params): Parameters<typeof changeSettings>[2] {
  const texts = [...TEXTS, ROLE].flatMap((name) => {
    const text = params.text(name);
    return text === undefined ? [] : [[name === ROLE ? 'role' : name, text] as const];
  });
  const [publicJobs, mustSucceed] = [params.flag('public_jobs'), params.flag('only_allow_merge_if_pipeline_succeeds')];
  const isOn = params.flag('issues_enabled');
  const wanted = {
    ...(isOn === undefined ? {} : { issues_access_level: isOn ? 'enabled' : 'disabled' }),
    ...Object.fromEntries(texts),
    ...(publicJobs === undefined ? {} : { publicJobs }),
    ...(mustSucceed === undefined ? {} : { mustSucceed }),
  };
  if (Object.keys(wanted).length === 0) {
    throw badParameter(`${[...TEXTS, ROLE].join(', ')} are missing, at least one parameter must be provided`);
  }
  return wanted;
}

function routeProtection(app: Hono<Served>, world: World): void {
  app.get(BRANCHES, async (c) => {
    const params = await readParams(c);
    const { protectedBranches } = projectFor(world, c, 'read code');
    const found = protectedBranches.filter(({ name }) => name.includes(params.text('search') ?? ''));
    return c.json(page(c, params, found).map(showProtectedBranch));
  });
  app.post(BRANCHES, async (c) => {
    const params = await readParams(c);
    const name = params.demanded('name');
    const [push, merge] = [levelOfParam(params, 'push_access_level'), levelOfParam(params, 'merge_access_level')];
    const project = projectFor(world, c, 'edit the project');
    const made = protect(world, project, name, { push, merge });
    made.allowForcePush = params.flag('allow_force_push') ?? false;
    return c.json(showProtectedBranch(made), 201);
  });
  app.get(`${BRANCHES}/:name`, (c) => c.json(showProtectedBranch(ruleIn(c, projectFor(world, c, 'read code')))));
  // Other levels than by deleting and protecting anew are for paid tiers: `allowed_to_push` and its siblings.
  app.patch(`${BRANCHES}/:name`, async (c) => {
    const force = (await readParams(c)).flag('allow_force_push');
    const rule = ruleIn(c, projectFor(world, c, 'edit the project'));
    if (force !== undefined) rule.allowForcePush = force;
    return c.json(showProtectedBranch(rule));
  });
  app.delete(`${BRANCHES}/:name`, (c) => {
    const project = projectFor(world, c, 'edit the project');
    project.protectedBranches.splice(project.protectedBranches.indexOf(ruleIn(c, project)), 1);
    return c.body(null, 204);
  });
}

function ruleIn(c: Context<Served>, { protectedBranches }: Project): ProtectedBranch {
  const rule = protectedBranches.find(({ name }) => name === c.req.param('name'));
  if (!rule) throw notFound();
  return rule;
}

function levelOfParam(params: Params, name: string): AccessLevel['level'] {
  const text = params.text(name) ?? '40';
  const level = LEVELS.find((known) => String(known) === text);
  if (level === undefined) throw badParameter(`${name} does not have a valid value`);
  return level;
}
