import type { Hono } from 'hono';
import { levelOf, visibleProject } from '../world/access.ts';
import { toMemberJson, toUserJson } from './entities.ts';
import { ApiError } from '../world/errors.ts';
import { page } from './paging.ts';
import { readParams, type Params } from './params.ts';
import type { Served } from '../server.ts';
import type { Hook } from '../world/automation.ts';
import { LEVEL } from '../world/records.ts';
import type { World } from '../world/world.ts';

/** Users, projects, groups, members, labels. Source: GitLab docs, api/users, api/projects, api/project_members, api/labels. */
export function routeProject(app: Hono<Served>, world: World): void {
  app.get('/user', (c) =>
    c.json({ ...toUserJson(c.var.user, c.var.base), bot: c.var.user.bot, email: `${c.var.user.username}@example.com` }),
  );
  app.get('/users/:id', (c) => {
    const user = toUserJson(world.userById(Number(c.req.param('id'))), c.var.base);
    if (!user) throw new ApiError(404, { message: '404 User Not Found' });
    return c.json(user);
  });
  app.get('/projects/:id', (c) => {
    const { id, path } = visibleProject(world, c.var.user, c.req.param('id'));
    return c.json({
      id,
      path_with_namespace: path,
      name: path.split('/').at(-1),
      web_url: `${c.var.base}/${path}`,
      default_branch: 'main',
    });
  });
  app.get('/groups/:id', (c) => {
    const group = world.groups.find(({ id, path }) => [String(id), path].includes(c.req.param('id')));
    if (!group) throw new ApiError(404, { message: '404 Group Not Found' });
    return c.json({ id: group.id, full_path: group.path, web_url: `${c.var.base}/groups/${group.path}` });
  });
  routeMembers(app, world);
  routeLabels(app, world);
  routeHooks(app, world);
  routeTriggers(app, world);
}

function routeMembers(app: Hono<Served>, world: World): void {
  for (const path of ['/projects/:id/members', '/projects/:id/members/all']) {
    app.get(path, async (c) => {
      const project = visibleProject(world, c.var.user, c.req.param('id') ?? '');
      const members = page(c, await readParams(c), [...project.members]);
      return c.json(members.map(([id, level]) => toMemberJson(world.userById(id), level, c.var.base)));
    });
    app.get(`${path}/:user`, (c) => {
      const project = visibleProject(world, c.var.user, c.req.param('id') ?? '');
      const id = Number(c.req.param('user'));
      const level = project.members.get(id);
      if (level === undefined) throw new ApiError(404, { message: '404 Not found' });
      return c.json(toMemberJson(world.userById(id), level, c.var.base));
    });
  }
}

function routeLabels(app: Hono<Served>, world: World): void {
  app.get('/projects/:id/labels', async (c) => {
    const project = visibleProject(world, c.var.user, c.req.param('id'));
    return c.json(page(c, await readParams(c), [...project.labels.values()]));
  });
  app.post('/projects/:id/labels', async (c) => {
    const project = visibleProject(world, c.var.user, c.req.param('id'));
    const params = await readParams(c);
    if (levelOf(c.var.user, project) < LEVEL.planner) throw new ApiError(403, { message: '403 Forbidden' });
    const name = params.text('name');
    if (name === undefined) throw new ApiError(400, { error: 'name is missing' });
    if (project.labels.has(name)) throw new ApiError(409, { message: 'Label already exists' });
    const label = {
      id: world.nextId(),
      name,
      color: params.text('color') ?? '#6699cc',
      description: params.text('description') ?? null,
    };
    project.labels.set(name, label);
    return c.json(label, 201);
  });
}

function toHook(world: World, url: string, params: Params): Hook {
  return {
    ...{
      id: world.nextId(),
      url,
      urlVariables: {},
      template: params.text('custom_webhook_template') ?? null,
      failures: 0,
    },
    ...{
      name: null,
      description: null,
      createdAt: world.now(),
      customHeaders: {},
      token: null,
      disabledUntil: null,
      deliveries: [],
    },
    events: {
      issues: params.flag('issues_events') ?? false,
      confidential_issues: params.flag('confidential_issues_events') ?? false,
      note: params.flag('note_events') ?? false,
      confidential_note: params.flag('confidential_note_events') ?? false,
      emoji: params.flag('emoji_events') ?? false,
    },
  };
}

/** Webhooks and trigger tokens, as far as installing by hand needs them. Source: GitLab docs, api/project_webhooks. */
function routeHooks(app: Hono<Served>, world: World): void {
  app.post('/projects/:id/hooks', async (c) => {
    const project = visibleProject(world, c.var.user, c.req.param('id'));
    if (levelOf(c.var.user, project) < LEVEL.maintainer) throw new ApiError(403, { message: '403 Forbidden' });
    const params = await readParams(c);
    const url = params.text('url');
    if (url === undefined) throw new ApiError(400, { error: 'url is missing' });
    const hook = toHook(world, url, params);
    project.hooks.push(hook);
    return c.json(
      { id: hook.id, url, project_id: project.id, created_at: world.now(), alert_status: 'executable' },
      201,
    );
  });
  app.put('/projects/:id/hooks/:hook/url_variables/:key', async (c) => {
    const project = visibleProject(world, c.var.user, c.req.param('id'));
    const hook = project.hooks.find(({ id }) => String(id) === c.req.param('hook'));
    const value = (await readParams(c)).text('value');
    if (!hook || value === undefined) throw new ApiError(404, { message: '404 Hook Not Found' });
    hook.urlVariables[c.req.param('key')] = value;
    return c.body(null, 204);
  });
}

function routeTriggers(app: Hono<Served>, world: World): void {
  app.post('/projects/:id/triggers', (c) => {
    const project = visibleProject(world, c.var.user, c.req.param('id'));
    if (levelOf(c.var.user, project) < LEVEL.maintainer) throw new ApiError(403, { message: '403 Forbidden' });
    const token = `glptt-${project.id}-${world.nextId()}`;
    const at = world.now();
    const trigger = { id: world.nextId(), token, description: 'watchkeeper', ownerId: c.var.user.id };
    project.triggers.push({ ...trigger, createdAt: at, updatedAt: at, lastUsed: null });
    return c.json(
      {
        id: world.nextId(),
        token,
        description: 'watchkeeper',
        created_at: world.now(),
        owner: toUserJson(c.var.user, c.var.base),
      },
      201,
    );
  });
}
