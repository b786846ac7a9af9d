import type { Context } from 'hono';
import type { Served } from '../server.ts';
import { demand, visibleIssue, visibleProject, type Operation } from '../world/access.ts';
import type { Project, StoredIssue } from '../world/records.ts';
import type { World } from '../world/world.ts';

/** The project that a path names, as far as the caller may see it. */
export function projectIn(world: World, c: Context<Served>): Project {
  return visibleProject(world, c.var.user, c.req.param('id') ?? '');
}

/** The project that a path names, for a caller who may do something there; else 403. */
export function projectFor(world: World, c: Context<Served>, operation: Operation): Project {
  const project = projectIn(world, c);
  demand(c.var.user, project, operation);
  return project;
}

/** The issue that a path names, as far as the caller may see it. */
export function issueIn(world: World, c: Context<Served>): StoredIssue {
  return visibleIssue(world, c.var.user, projectIn(world, c), c.req.param('iid') ?? '');
}
