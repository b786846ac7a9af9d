import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Context, Hono } from 'hono';
import { readParams } from '../api/params.ts';
import { showWholePipeline } from '../api/shows-automation.ts';
import type { Served } from '../server.ts';
import { levelOf } from '../world/access.ts';
import type { Trigger } from '../world/automation.ts';
import { ApiError, forbidden, notFound } from '../world/errors.ts';
import { createPipeline } from '../world/pipelines.ts';
import { LEVEL, type Account, type Project } from '../world/records.ts';
import type { World } from '../world/world.ts';

/** Runs the job of a triggered pipeline: `payloadPath` is the file that TRIGGER_PAYLOAD names. */
export type RunPipeline = (payloadPath: string) => Promise<void>;

/** The pipelines that webhooks started, and whether they are over. */
export class Pipelines {
  private running = new Set<Promise<void>>();
  run: RunPipeline = () => Promise.resolve();
  /** Whether the rules of the configuration leave a pipeline for a payload; without a job there is none. */
  hasJobs: (payload: object) => boolean = () => true;

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
export function routeTrigger(app: Hono<Served>, world: World, pipelines: Pipelines, base: () => string): void {
  const trigger = async (c: Context<Served>): Promise<Response> => {
    const { token, ...given } = (await readParams(c)).all;
    const id = c.req.param('id') ?? '';
    const project = world.projects.find((known) => [String(known.id), known.path].includes(id));
    const found = project?.triggers.find((known) => known.token === token);
    if (!project || !found) throw notFound();
    if (c.req.header('x-gitlab-event') === 'Pipeline Hook') throw forbidden();
    const ref = c.req.param('ref') ?? given['ref'];
    const variables = readVariables(given['variables']);
    const owner = demandPipeline(world, project, found, { ref, variables });
    const payload = { ...given, id, ref, variables };
    if (!pipelines.hasJobs(payload))
      throw refused(
        'Pipeline will not run for the selected trigger. The rules configuration prevented any jobs from being added to the pipeline.',
      );
    found.lastUsed = world.now();
    const pipeline = createPipeline(world, project, owner, String(ref), 'trigger');
    pipelines.start(payload);
    return c.json(showWholePipeline(world, pipeline, project, base()), 201);
  };
  app.post('/projects/:id/ref/:ref/trigger/pipeline', trigger);
  app.post('/projects/:id/trigger/pipeline', trigger);
}

function readVariables(given: unknown): Record<string, string> {
  const variables = given ?? {};
  const isMap = typeof variables === 'object' && !Array.isArray(variables);
  if (!isMap || Object.values(variables).some((value) => typeof value !== 'string')) {
    throw new ApiError(400, { message: 'variables needs to be a map of key-valued strings' });
  }
  return variables as Record<string, string>;
}

/**
 * Why a pipeline may not start: it runs as the trigger's owner, and needs what that person may do.
 * Source: lib/gitlab/ci/pipeline/chain; platform sheet, sections 1.3 to 1.5.
 */
function demandPipeline(
  world: World,
  project: Project,
  trigger: Trigger,
  wanted: { ref: unknown; variables: object },
): Account {
  const { ref, variables } = wanted;
  const branch = project.repository.branches.get(String(ref));
  if (!branch) throw refused('Reference not found');
  const owner = world.userById(trigger.ownerId);
  if (!owner || levelOf(owner, project) < LEVEL.developer) {
    throw refused(
      `You do not have sufficient permission to run a pipeline on '${String(ref)}'. Please select a different branch or contact your administrator for assistance.`,
    );
  }
  const role = project.pipelineVariablesRole;
  const isShut = role === 'no_one_allowed' || levelOf(owner, project) < LEVEL[role];
  if (isShut && Object.keys(variables).length > 0) throw refused('Insufficient permissions to set pipeline variables');
  const pace = world.limits.count('pipelines', `${project.id} ${owner.id} ${branch.head}`);
  if (pace?.isOver) throw refused('Too many pipelines created in the last minute. Try again later.');
  return owner;
}

function refused(says: string): ApiError {
  return new ApiError(400, { message: { base: [says] } });
}
