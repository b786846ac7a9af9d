import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { Deliverer } from './webhooks/delivery.ts';
import { ApiError } from './world/errors.ts';
import { Faults } from './api/faults.ts';
import { Notifications } from './pages/notifications.ts';
import { createPages } from './pages/pages.ts';
import { routeIssues } from './api/routes-issues.ts';
import { routeNotes } from './api/routes-notes.ts';
import { routeProject } from './api/routes-project.ts';
import { Pipelines, routeTrigger } from './webhooks/trigger.ts';
import type { Account } from './world/records.ts';
import { World } from './world/world.ts';

/** What every handler is given: the caller, and the address under which GitLab is reached. */
export type Served = { Bindings: HttpBindings; Variables: { user: Account; base: string } };

/** An embedded GitLab that runs: its address, its world, and how to plan faults, await webhooks, and stop it. */
export type EmbeddedGitLab = {
  address: string;
  world: World;
  faults: Faults;
  deliverer: Deliverer;
  pipelines: Pipelines;
  /** The e-mails that people would have got. */
  notifications: Notifications;
  /** Resolves when all webhooks are delivered and all pipelines that they started are over. */
  settled: () => Promise<void>;
  stop: () => Promise<void>;
};

/**
 * Starts an embedded GitLab on a loopback port: the API under /api/v4, and pages to look at. `clock` gives the time that it
 * writes on things; without a port it takes a free one. Rejects with the system's error, such as EADDRINUSE.
 */
export async function startGitLab(clock: () => Date, { port = 0 }: { port?: number } = {}): Promise<EmbeddedGitLab> {
  const world = new World(clock);
  const [faults, pipelines, notifications] = [new Faults(), new Pipelines(), new Notifications(world)];
  let address = '';
  const deliverer = new Deliverer(world, () => address);
  const root = new Hono<{ Bindings: HttpBindings }>();
  root.route(
    '/api/v4',
    createApi(world, faults, pipelines, () => address),
  );
  root.route('/', createPages(world, notifications));
  const server = createAdaptorServer({ fetch: root.fetch }) as Server;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ address, world, faults, deliverer, pipelines, notifications },
    settled: async () => {
      for (let before = -1; before !== deliverer.deliveries.length;) {
        before = deliverer.deliveries.length;
        await deliverer.settled();
        await pipelines.settled();
      }
    },
    stop: async () => {
      server.close();
      // Browsers keep connections open on which they never ask anything; waiting for them would take minutes.
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function createApi(world: World, faults: Faults, pipelines: Pipelines, base: () => string): Hono<Served> {
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
  app.all('*', (c) => c.json({ error: '404 Not Found' }, 404));
  app.onError((error, c) => {
    if (error instanceof ApiError) return c.json(error.body, error.status);
    throw error;
  });
  return app;
}
