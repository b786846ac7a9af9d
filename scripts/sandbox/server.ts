import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { createApi } from './api/api.ts';
import { Faults } from './api/faults.ts';
import { listen } from './listen.ts';
import { Notifications } from './pages/notifications.ts';
import { createPages } from './pages/pages.ts';
import { Deliverer } from './webhooks/delivery.ts';
import { Pipelines } from './webhooks/pipelines.ts';
import type { LimitsPerMinute } from './world/limits.ts';
import type { Account } from './world/records.ts';
import { World } from './world/world.ts';

/** What every handler is given: the caller, and the address under which GitLab is reached. */
export type Served = { Bindings: HttpBindings; Variables: { user: Account; base: string } };

/** An answer of the API as it left, and the call that it answers; paths without `/api`. */
export type Exchange = { method: string; path: string; status: number; headers: Headers; body: string };

/** An embedded GitLab that runs: its address, its world, and how to plan faults, await webhooks, and stop it. */
export type EmbeddedGitLab = {
  address: string;
  world: World;
  faults: Faults;
  deliverer: Deliverer;
  pipelines: Pipelines;
  /** The e-mails that people would have got. */
  notifications: Notifications;
  /** Resolves when all webhooks are delivered and all jobs are over but the delayed ones that wait for their time. */
  settled: () => Promise<void>;
  stop: () => Promise<void>;
};

export type EmbeddedOptions = {
  port?: number;
  /** The folder of a dashboard, which GitLab Pages would serve at an address of its own, and which is at /-/dashboard/ here. */
  dashboard?: string;
  /** What may be done per minute; a self-managed GitLab's limits by default. */
  limits?: LimitsPerMinute;
  /** Hears every answer that the API gives by itself; those that faults give are not GitLab's. */
  hear?: ((exchange: Exchange) => void) | undefined;
};

/**
 * Starts an embedded GitLab on a loopback port: the API under /api, and pages to look at. `clock` gives the time that it
 * writes on things; without a port it takes a free one. Rejects with the system's error, such as EADDRINUSE.
 */
export async function startGitLab(clock: () => Date, options: EmbeddedOptions = {}): Promise<EmbeddedGitLab> {
  const { port = 0, limits, dashboard, hear } = options;
  const world = new World(clock, limits);
  let address = '';
  const base = (): string => address;
  const [faults, pipelines, notifications] = [new Faults(), new Pipelines(world, base), new Notifications(world)];
  const deliverer = new Deliverer(world, base);
  const root = new Hono<{ Bindings: HttpBindings }>();
  root.route('/api', createApi({ world, faults, pipelines, deliverer, base, hear }));
  root.route('/', createPages(world, notifications, dashboard));
  const running = await listen(root.fetch, port);
  address = running.address;
  return {
    ...{ address, world, faults, deliverer, pipelines, notifications },
    settled: async () => {
      for (let before = -1; before !== deliverer.deliveries.length;) {
        before = deliverer.deliveries.length;
        await deliverer.settled();
        await pipelines.settled();
      }
    },
    stop: running.stop,
  };
}
