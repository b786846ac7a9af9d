import type { Context, Hono } from 'hono';
import { readParams } from '../api/params.ts';
import { showWholePipeline } from '../api/shows-automation.ts';
import type { Served } from '../server.ts';
import { levelOf } from '../world/access.ts';
import { ApiError, ConfigurationError, badParameter, forbidden, notFound } from '../world/errors.ts';
import { isBefore } from '../world/instance.ts';
import { createPipeline, demandPipeline, jobOfToken, refused } from '../world/pipelines.ts';
import { LEVEL, type Account, type Project } from '../world/records.ts';
import type { World } from '../world/world.ts';
import type { Pipelines, Start } from './pipelines.ts';

/**
 * The trigger endpoint: any event is accepted from whoever knows the token of a trigger, or of a job that runs, and the
 * payload is all parameters but the token, with the route's `id` and `ref` and an empty `variables`.
 * Source: lib/api/ci/triggers.rb; app/services/ci/pipeline_trigger_service.rb; platform sheet, sections 1.1 and 1.2.
 */
export function routeTrigger(app: Hono<Served>, world: World, pipelines: Pipelines, base: () => string): void {
  const trigger = async (c: Context<Served>): Promise<Response> => {
    const { token, ...given } = (await readParams(c)).all;
    const id = c.req.param('id') ?? '';
    const project = world.projects.find((known) => [String(known.id), known.path].includes(id));
    const caller = project && callerOf(world, project, token);
    if (!project || !caller) throw notFound();
    if (c.req.header('x-gitlab-event') === 'Pipeline Hook') throw forbidden();
    const ref = c.req.param('ref') ?? given['ref'];
    const variables = readVariables(given['variables']);
    const inputs = readGivenInputs(given['inputs']);
    // The payload is a variable itself; since 18.5 it is forgiven where a trigger brings it and nothing else: platform sheet, 1.3.
    const isForgiven = caller.source === 'trigger' && !isBefore(world.instance, '18.5');
    const hasVariables = Object.keys(variables).length > 0 || !isForgiven;
    const user = demandPipeline(world, project, caller.user, { ref, hasVariables });
    const payload = { ...given, id, ref, variables };
    const pipeline = startOrFail(world, pipelines, {
      ...{ project, user, ref: String(ref), source: caller.source, inputs, variables, payload },
    });
    caller.isUsed();
    return c.json(showWholePipeline(world, pipeline, project, base()), 201);
  };
  app.post('/projects/:id/ref/:ref/trigger/pipeline', trigger);
  app.post('/projects/:id/trigger/pipeline', trigger);
}

/**
 * A trigger runs as its owner, and a job as the user of its pipeline, if that user may see the project; the token of a job
 * that is over is no more one. Source: app/finders/ci/auth_job_finder.rb.
 */
function callerOf(
  world: World,
  project: Project,
  token: unknown,
): { user: Account | undefined; source: 'trigger' | 'pipeline'; isUsed: () => void } | undefined {
  const trigger = project.triggers.find((known) => known.token === token);
  if (trigger) {
    const isUsed = (): void => {
      trigger.lastUsed = world.now();
    };
    return { user: world.userById(trigger.ownerId), source: 'trigger', isUsed };
  }
  const found = jobOfToken(world, token);
  if (!found) return undefined;
  if (found.job.status !== 'running') throw new ApiError(401, { message: 'Job is not running' });
  const user = world.userById(found.pipeline.userId);
  if (!user || levelOf(user, project) < LEVEL.guest) return undefined;
  return { user, source: 'pipeline', isUsed: () => undefined };
}

/** What the CI file refuses leaves a failed pipeline, and is answered 422. Source: pipeline_trigger_service.rb, pipeline_service_response. */
function startOrFail(world: World, pipelines: Pipelines, start: Start): ReturnType<Pipelines['start']> {
  try {
    return pipelines.start(start);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    createPipeline(world, start.project, start.user, start.ref, start.source).status = 'failed';
    throw refused(error.message, 422);
  }
}

function readVariables(given: unknown): Record<string, string> {
  const variables = given ?? {};
  const isMap = typeof variables === 'object' && !Array.isArray(variables);
  if (!isMap || Object.values(variables).some((value) => typeof value !== 'string')) {
    throw new ApiError(400, { message: 'variables needs to be a map of key-valued strings' });
  }
  return variables as Record<string, string>;
}

/** Inputs come as a map, or Grape refuses them. Source: lib/api/ci/triggers.rb, optional :inputs, type: Hash. */
export function readGivenInputs(given: unknown): object {
  const inputs = given ?? {};
  if (typeof inputs !== 'object' || Array.isArray(inputs)) throw badParameter('inputs is invalid');
  return inputs;
}
