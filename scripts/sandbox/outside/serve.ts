import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Served } from '../server.ts';

/** A server that runs on a free loopback port. */
export type Running = { address: string; stop: () => Promise<void> };

/** Serves what stands for somebody else, on loopback alone. */
export async function serveOnLoopback(app: Hono<Served>): Promise<Running> {
  app.onError((error, c) => {
    // Whoever cut the connection has no answer to give.
    if (!c.env.incoming.socket.destroyed) console.error(error);
    return c.text(error.message, 500);
  });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
