import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Served } from './server.ts';

/** A server that runs on a loopback port. */
export type Running = { address: string; stop: () => Promise<void> };

/** Serves on loopback alone; 0 is a free port. Rejects with the system's error, such as EADDRINUSE. */
export async function listen(
  fetch: Parameters<typeof createAdaptorServer>[0]['fetch'],
  port: number,
): Promise<Running> {
  const server = createAdaptorServer({ fetch }) as Server;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      // Browsers keep connections open on which they never ask anything; waiting for them would take minutes.
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Serves what stands for somebody else than GitLab, on a free port. */
export async function serveOnLoopback(app: Hono<Served>): Promise<Running> {
  app.onError((error, c) => {
    // Whoever cut the connection has no answer to give.
    if (!c.env.incoming.socket.destroyed) console.error(error);
    return c.text(error.message, 500);
  });
  return listen(app.fetch, 0);
}
