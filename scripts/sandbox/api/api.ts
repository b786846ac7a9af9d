import { Hono, type Context, type Next } from 'hono';
import type { EmbeddedOptions, Exchange, Served } from '../server.ts';
import type { Deliverer } from '../webhooks/delivery.ts';
import type { Pipelines } from '../webhooks/pipelines.ts';
import { routeTrigger } from '../webhooks/trigger.ts';
import { ApiError } from '../world/errors.ts';
import type { World } from '../world/world.ts';
import { authenticate } from './authentication.ts';
import type { Faults } from './faults.ts';
import { routeGraphql } from './graphql.ts';
import { routeBoards } from './routes-boards.ts';
import { routeCode } from './routes-code.ts';
import { routeGroupLabels } from './routes-group-labels.ts';
import { routeHooks } from './routes-hooks.ts';
import { routeInstance } from './routes-instance.ts';
import { routeIssueParts } from './routes-issue-parts.ts';
import { routeIssues } from './routes-issues.ts';
import { routeLabels } from './routes-labels.ts';
import { routeMergeRequests } from './routes-merge-requests.ts';
import { routeNotes } from './routes-notes.ts';
import { routePackages } from './routes-packages.ts';
import { routePeople } from './routes-people.ts';
import { routePipelines } from './routes-pipelines.ts';
import { routeProjects } from './routes-projects.ts';
import { routeSchedules } from './routes-schedules.ts';
import { routeTriggers } from './routes-triggers.ts';
import { routeVariables } from './routes-variables.ts';
import { throttle } from './throttle.ts';

/** What the API stands on. */
export type Ground = {
  world: World;
  faults: Faults;
  pipelines: Pipelines;
  deliverer: Deliverer;
  base: () => string;
  hear: EmbeddedOptions['hear'];
};

/** The API: REST under /v4, GraphQL beside it. Faults come first, so that what they do is not taken for GitLab's own. */
export function createApi({ world, faults, pipelines, deliverer, base, hear }: Ground): Hono<Served> {
  const app = new Hono<Served>();
  app.use((c, next) => faults.answer(c, next));
  if (hear) app.use((c, next) => overhear(c, next, hear));
  const rest = new Hono<Served>();
  routeTrigger(rest, world, pipelines, base);
  rest.use(async (c, next) => {
    const user = authenticate(world, c);
    c.set('user', user);
    c.set('base', base());
    const limited = throttle(world, c, user);
    if (!limited) await next();
    return limited;
  });
  for (const route of [routeInstance, routePeople, routeProjects, routeVariables]) route(rest, world);
  for (const route of [routeIssues, routeIssueParts, routeNotes, routeLabels, routeTriggers]) route(rest, world);
  for (const route of [routePackages, routeCode, routeMergeRequests, routeBoards, routeGroupLabels]) route(rest, world);
  routeSchedules(rest, world, pipelines);
  routePipelines(rest, world, pipelines);
  routeHooks(rest, world, deliverer);
  app.route('/v4', rest);
  routeGraphql(app, world);
  app.all('*', (c) => c.json({ error: '404 Not Found' }, 404));
  app.onError((error, c) => {
    if (!(error instanceof ApiError)) {
      console.error(error);
      return c.json({ message: '500 Internal Server Error' }, 500);
    }
    return c.json(error.body, error.status as 400, redirected(c, error));
  });
  return app;
}

async function overhear(c: Context<Served>, next: Next, hear: (exchange: Exchange) => void): Promise<void> {
  await next();
  const { pathname } = new URL(c.req.url);
  const body = await textOf(c);
  const path = pathname.replace(/^\/api/, '');
  hear({ method: c.req.method, path, status: c.res.status, headers: c.res.headers, body });
}

/** The text of an answer. One in JSON is made anew of its text, which is written at once; the copy of a stream is written piece by piece. */
async function textOf(c: Context<Served>): Promise<string> {
  const { status, headers } = c.res;
  if (!headers.get('content-type')?.includes('json')) return c.res.clone().text();
  const text = await c.res.text();
  c.res = undefined;
  c.res = new Response(text, { status, headers });
  return text;
}

/** A call under a former path is sent to the same place under the project's id. */
function redirected(c: Context<Served>, { headers }: ApiError): Record<string, string> {
  const { 'x-project': id, ...rest } = headers;
  if (id === undefined) return rest;
  const url = new URL(c.req.url);
  url.pathname = url.pathname.replace(/(\/projects\/)[^/]+/, `$1${id}`);
  return { ...rest, location: url.href };
}
