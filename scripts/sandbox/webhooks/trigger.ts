import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Hono } from 'hono';
import { ApiError } from '../world/errors.ts';
import { readParams } from '../api/params.ts';
import type { Served } from '../server.ts';
import type { World } from '../world/world.ts';

/** Runs the job of a triggered pipeline: `payloadPath` is the file that TRIGGER_PAYLOAD names. */
export type RunPipeline = (payloadPath: string) => Promise<void>;

/** The pipelines that webhooks started, and whether they are over. */
export class Pipelines {
  private running = new Set<Promise<void>>();
  run: RunPipeline = () => Promise.resolve();

  start(payload: object): void {
    const job = this.runWithFile(payload);
    this.running.add(job);
    void job.finally(() => this.running.delete(job));
  }

  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private async runWithFile(payload: object): Promise<void> {
    const folder = await mkdtemp(path.join(tmpdir(), 'trigger-'));
    try {
      const file = path.join(folder, 'TRIGGER_PAYLOAD');
      await writeFile(file, JSON.stringify(payload));
      await this.run(file);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/**
 * The trigger endpoint: any event is accepted from whoever knows the token, and the payload is all parameters but the
 * token, with the route's `id` and `ref` and an empty `variables`. Source: platform sheet, sections 1.1 and 1.2.
 */
export function routeTrigger(app: Hono<Served>, world: World, pipelines: Pipelines): void {
  for (const route of ['/projects/:id/ref/:ref/trigger/pipeline', '/projects/:id/trigger/pipeline']) {
    app.post(route, async (c) => {
      const { token, ...given } = (await readParams(c)).all;
      const project = world.projects.find(({ id, path: full }) => [String(id), full].includes(c.req.param('id') ?? ''));
      if (!project?.triggers.some((known) => known.token === token))
        throw new ApiError(404, { message: '404 Not Found' });
      if (c.req.header('x-gitlab-event') === 'Pipeline Hook') throw new ApiError(403, { message: '403 Forbidden' });
      const ref = c.req.param('ref') ?? given['ref'];
      if (ref !== 'main') throw new ApiError(400, { message: { base: ['Reference not found'] } });
      pipelines.start({ ...given, id: c.req.param('id'), ref, variables: given['variables'] ?? {} });
      return c.json({ id: world.nextId(), project_id: project.id, ref, status: 'created', source: 'trigger' }, 201);
    });
  }
}
