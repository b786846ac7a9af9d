import type { Context } from 'hono';
import type { Served } from '../server.ts';
import { visibleIssue, visibleProject } from '../world/access.ts';
import type { Project, StoredIssue } from '../world/records.ts';
import type { World } from '../world/world.ts';

/** The project that a path names, as far as the caller may see it. */
export function projectIn(world: World, c: Context<Served>): Project {
  return visibleProject(world, c.var.user, c.req.param('id') ?? '');
}

/** The issue that a path names, as far as the caller may see it. */
export function issueIn(world: World, c: Context<Served>): StoredIssue {
  return visibleIssue(world, c.var.user, projectIn(world, c), c.req.param('iid') ?? '');
}
