import type { Hono } from 'hono';
import type { Served } from '../server.ts';
import { badParameter, notFound } from '../world/errors.ts';
import type { World } from '../world/world.ts';
import { page } from './paging.ts';
import { readParams } from './params.ts';
import { projectFor } from './scope.ts';

const FILE = '/projects/:id/packages/generic/:name/:version/:file';
/** Source: lib/gitlab/regex/packages.rb, generic_package_name_regex, generic_package_version_regex, generic_package_file_name_regex. */
const NAME = /^[A-Za-z0-9._-]+$/;
const VERSION = /^[A-Za-z0-9._+-]+$/;

/** Generic packages. Source: GitLab docs, user/packages/generic_packages, api/packages. */
export function routePackages(app: Hono<Served>, world: World): void {
  app.put(FILE, async (c) => {
    const project = projectFor(world, c, 'publish packages');
    const [name = '', version = '', file = ''] = ['name', 'version', 'file'].map((key) => c.req.param(key) ?? '');
    if (!NAME.test(name)) throw badParameter('package_name is invalid');
    if (!VERSION.test(version)) throw badParameter('package_version is invalid');
    if (!NAME.test(file)) throw badParameter('file_name is invalid');
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    project.packages.push({ id: world.nextId(), name, version, file, bytes, createdAt: world.now() });
    return c.json({ message: '201 Created' }, 201);
  });
  app.get(FILE, (c) => {
    const { packages } = projectFor(world, c, 'see packages');
    const { name, version, file } = c.req.param();
    const found = packages.findLast((each) => each.name === name && each.version === version && each.file === file);
    if (!found) throw notFound('File');
    return c.body(new Uint8Array(found.bytes), 200, { 'content-type': 'application/octet-stream' });
  });
  app.get('/projects/:id/packages', async (c) => {
    const params = await readParams(c);
    const { packages } = projectFor(world, c, 'see packages');
    const part = params.text('package_name') ?? '';
    const versions = new Map(packages.map((each) => [`${each.name} ${each.version}`, each]));
    const found = [...versions.values()].filter(({ name }) => name.includes(part));
    return c.json(
      page(c, params, found).map(({ id, name, version, createdAt }) => ({
        ...{ id, name, version, package_type: 'generic', status: 'default', created_at: createdAt, tags: [] },
        ...{ _links: { web_path: '' }, pipelines: [], last_downloaded_at: null },
      })),
    );
  });
}
