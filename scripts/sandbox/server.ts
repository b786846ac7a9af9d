import { serve, type HttpBindings } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { Hono } from 'hono';
import { Deliverer } from './delivery.ts';
import { ApiError } from './errors.ts';
import { Faults } from './faults.ts';
import { routeIssues } from './routes-issues.ts';
import { routeNotes } from './routes-notes.ts';
import { routeProject } from './routes-project.ts';
import { Pipelines, routeTrigger } from './trigger.ts';
import { World, type Account } from './world.ts';

/** What every handler is given: the caller, and the address under which GitLab is reached. */
export type Served = { Bindings: HttpBindings; Variables: { user: Account; base: string } };

/** An embedded GitLab that runs: its address, its world, and how to plan faults, await webhooks, and stop it. */
export type EmbeddedGitLab = {
  address: string;
  world: World;
  faults: Faults;
  deliverer: Deliverer;
  pipelines: Pipelines;
  /** Resolves when all webhooks are delivered and all pipelines that they started are over. */
  settled: () => Promise<void>;
  stop: () => Promise<void>;
};

/** Starts an embedded GitLab on a free loopback port. `clock` gives the time that it writes on things. */
export async function startGitLab(clock: () => Date): Promise<EmbeddedGitLab> {
  const world = new World(clock);
  const faults = new Faults();
  const pipelines = new Pipelines();
  let address = '';
  const deliverer = new Deliverer(world, () => address);
  const app = createApp(world, faults, pipelines, () => address);
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => {
      resolve(started);
    });
  });
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ address, world, faults, deliverer, pipelines },
    settled: async () => {
      for (let before = -1; before !== deliverer.deliveries.length;) {
        before = deliverer.deliveries.length;
        await deliverer.settled();
        await pipelines.settled();
      }
    },
    stop: () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      ),
  };
}

function createApp(
  world: World,
  faults: Faults,
  pipelines: Pipelines,
  base: () => string,
): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<Served>();
  app.use((c, next) => faults.answer(c, next));
  routeTrigger(app, world, pipelines);
  app.use(async (c, next) => {
    const token = c.req.header('private-token') ?? c.req.header('authorization')?.replace(/^Bearer /, '');
    const user = world.users.find((known) => known.token === token && known.state === 'active');
    if (!user) throw new ApiError(401, { message: '401 Unauthorized' });
    c.set('user', user);
    c.set('base', base());
    await next();
  });
  routeProject(app, world);
  routeIssues(app, world);
  routeNotes(app, world);
  app.notFound((c) => c.json({ error: '404 Not Found' }, 404));
  app.onError((error, c) => {
    if (error instanceof ApiError) return c.json(error.body, error.status);
    throw error;
  });
  const root = new Hono<{ Bindings: HttpBindings }>();
  root.route('/api/v4', app);
  return root;
}
