import type { Hono } from 'hono';
import type { Served } from '../server.ts';
import type { Pipelines } from '../webhooks/pipelines.ts';
import { readGivenInputs } from '../webhooks/trigger.ts';
import type { Pipeline } from '../world/automation.ts';
import { badParameter, ConfigurationError, notFound } from '../world/errors.ts';
import { demandPipeline, refused } from '../world/pipelines.ts';
import type { World } from '../world/world.ts';
import { page } from './paging.ts';
import { readParams, type Params } from './params.ts';
import { projectFor, projectIn } from './scope.ts';
import { showPipeline, showWholePipeline } from './shows-automation.ts';

/**
 * Pipelines, and how one is started as oneself. Source: GitLab docs, api/pipelines; where pipelines are not public, they are
 * for Reporter and up, user/permissions.
 */
export function routePipelines(app: Hono<Served>, world: World, pipelines: Pipelines): void {
  app.get('/projects/:id/pipelines', async (c) => {
    const params = await readParams(c);
    const project = projectFor(world, c, 'see pipelines');
    const found = selectPipelines(project.pipelines, params);
    return c.json(page(c, params, found).map((one) => showPipeline(one, project, c.var.base)));
  });
  app.get('/projects/:id/pipelines/:pipeline', (c) => {
    const project = projectIn(world, c);
    const pipeline = project.pipelines.find(({ id }) => String(id) === c.req.param('pipeline'));
    if (!pipeline) throw notFound();
    return c.json(showWholePipeline(world, pipeline, project, c.var.base));
  });
  app.post('/projects/:id/pipeline', async (c) => {
    const params = await readParams(c);
    const ref = params.demanded('ref');
    const [variables, inputs] = [readVariables(params.all['variables']), readGivenInputs(params.all['inputs'])];
    const project = projectFor(world, c, 'run a pipeline');
    const hasVariables = Object.keys(variables).length > 0;
    const user = demandPipeline(world, project, c.var.user, { ref, hasVariables });
    const pipeline = startOrRefuse(() => pipelines.start({ project, user, ref, source: 'api', inputs, variables }));
    return c.json(showWholePipeline(world, pipeline, project, c.var.base), 201);
  });
}

/** The pipelines that a list shows, newest first unless asked otherwise. Source: GitLab docs, api/pipelines, list project pipelines. */
function selectPipelines(pipelines: readonly Pipeline[], params: Params): Pipeline[] {
  const [source, status] = [params.text('source'), params.text('status')];
  const [after, before] = [params.text('updated_after'), params.text('updated_before')].map((time) =>
    Date.parse(time ?? ''),
  );
  const found = pipelines.filter(({ createdAt, ...one }) => {
    const at = Date.parse(createdAt);
    const isKind = one.source === (source ?? one.source) && one.status === (status ?? one.status);
    return isKind && !(at < (after ?? NaN)) && !(at > (before ?? NaN));
  });
  return params.text('sort') === 'asc' ? found : found.reverse();
}

/** What the CI file refuses leaves nothing behind. Source: lib/api/ci/pipelines.rb, save_on_errors: false. */
function startOrRefuse<T>(start: () => T): T {
  try {
    return start();
  } catch (error) {
    throw error instanceof ConfigurationError ? refused(error.message) : error;
  }
}

/** A list of `{ key, value }` here, where the trigger endpoint takes a map. Source: lib/api/ci/helpers/pipelines_helpers.rb. */
function readVariables(given: unknown): Record<string, string> {
  const variables = given ?? [];
  if (!Array.isArray(variables)) throw badParameter('variables is invalid');
  const pairs = variables as { key?: unknown; value?: unknown }[];
  return Object.fromEntries(pairs.map(({ key, value }) => [String(key), typeof value === 'string' ? value : '']));
}
