import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import { notFound } from '../world/errors.ts';
import { visibleGroup } from '../world/groups.ts';
import { LEVEL, type Account, type Project } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { page } from './paging.ts';
import { readParams } from './params.ts';
import { projectIn } from './scope.ts';
import { showMe, showMember, showPublicUser, showUser } from './shows-people.ts';

/** Users, groups, members. Source: GitLab docs, api/users, api/groups, api/project_members. */
export function routePeople(app: Hono<Served>, world: World): void {
  app.get('/user', (c) => c.json(showMe(c.var.user, c.var.base)));
  app.get('/users', async (c) => {
    const params = await readParams(c);
    const wanted = params.text('username')?.toLowerCase();
    const found = world.users.filter(({ username }) => wanted === undefined || username.toLowerCase() === wanted);
    return c.json(page(c, params, found).map((user) => showUser(user, c.var.base)));
  });
  app.get('/users/:user', (c) => {
    const user = world.userById(Number(c.req.param('user')));
    if (!user) throw notFound('User');
    return c.json({ ...showPublicUser(user, c.var.base), is_followed: false });
  });
  app.get('/groups/:id', (c) => {
    const { id, path } = visibleGroup(world, c.var.user, c.req.param('id'));
    const name = path.split('/').at(-1);
    const parent = world.groups.find((known) => known.path === path.split('/').slice(0, -1).join('/'));
    return c.json({
      ...{ id, name, path: name, full_path: path, full_name: path.replaceAll('/', ' / '), description: '' },
      ...{ web_url: `${c.var.base}/groups/${path}`, visibility: 'private', parent_id: parent?.id ?? null },
      ...{ avatar_url: null, created_at: world.startedAt },
    });
  });
  routeMembers(app, world);
}

function routeMembers(app: Hono<Served>, world: World): void {
  // `all` comes first, since it could be an id.
  for (const path of ['/projects/:id/members/all', '/projects/:id/members']) {
    app.get(path, async (c) => {
      const project = projectIn(world, c);
      const members = page(c, await readParams(c), [...project.members.keys()]);
      return c.json(members.map((id) => member(c, world, project, world.userById(id))));
    });
    app.get(`${path}/:user`, (c) => {
      const project = projectIn(world, c);
      return c.json(member(c, world, project, world.userById(Number(c.req.param('user')))));
    });
  }
  // Those of the groups above count too. Source: GitLab docs, api/group_members, members inherited.
  app.get('/groups/:id/members/all/:user', (c) => {
    const group = visibleGroup(world, c.var.user, c.req.param('id'));
    const above = world.groups.filter(({ path }) => `${group.path}/`.startsWith(`${path}/`));
    const user = world.userById(Number(c.req.param('user')));
    const level = Math.max(...above.map(({ members }) => members.get(user?.id ?? 0) ?? LEVEL.none));
    if (!user || level === LEVEL.none) throw notFound();
    return c.json(showMember(user, level, c.var.base, world.startedAt));
  });
}

function member(c: Context<Served>, world: World, project: Project, user: Account | undefined): object {
  const level = user && project.members.get(user.id);
  if (level === undefined) throw notFound();
  return showMember(user as Account, level, c.var.base, world.startedAt);
}
