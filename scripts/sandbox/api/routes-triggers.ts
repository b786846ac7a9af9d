import { randomBytes } from 'node:crypto';
import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import type { Trigger } from '../world/automation.ts';
import { notFound } from '../world/errors.ts';
import type { Project } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { page } from './paging.ts';
import { readParams } from './params.ts';
import { projectFor } from './scope.ts';
import { showTrigger } from './shows-automation.ts';

const TRIGGERS = '/projects/:id/triggers';

/** Trigger tokens. Source: GitLab docs, api/pipeline_triggers. */
export function routeTriggers(app: Hono<Served>, world: World): void {
  const show = (c: Context<Served>, trigger: Trigger): object => showTrigger(world, trigger, c.var.user, c.var.base);
  app.get(TRIGGERS, async (c) => {
    const { triggers } = projectFor(world, c, 'manage triggers');
    return c.json(page(c, await readParams(c), triggers).map((trigger) => show(c, trigger)));
  });
  app.post(TRIGGERS, async (c) => {
    const description = (await readParams(c)).demanded('description');
    const project = projectFor(world, c, 'manage triggers');
    const at = world.now();
    const token = `glptt-${randomBytes(20).toString('hex')}`;
    const trigger = { id: world.nextId(), token, description, ownerId: c.var.user.id, createdAt: at, updatedAt: at };
    project.triggers.push({ ...trigger, lastUsed: null });
    return c.json(show(c, { ...trigger, lastUsed: null }), 201);
  });
  app.get(`${TRIGGERS}/:trigger`, (c) => c.json(show(c, triggerIn(c, projectFor(world, c, 'manage triggers')))));
  app.put(`${TRIGGERS}/:trigger`, async (c) => {
    const description = (await readParams(c)).text('description');
    const trigger = triggerIn(c, projectFor(world, c, 'manage triggers'));
    if (description !== undefined) Object.assign(trigger, { description, updatedAt: world.now() });
    return c.json(show(c, trigger));
  });
  app.delete(`${TRIGGERS}/:trigger`, (c) => {
    const project = projectFor(world, c, 'manage triggers');
    project.triggers.splice(project.triggers.indexOf(triggerIn(c, project)), 1);
    return c.body(null, 204);
  });
}

function triggerIn(c: Context<Served>, { triggers }: Project): Trigger {
  const trigger = triggers.find(({ id }) => String(id) === c.req.param('trigger'));
  if (!trigger) throw notFound('Trigger');
  return trigger;
}
