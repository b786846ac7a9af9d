import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { Bounds } from '../../scripts/ci/network.ts';
import { afterThisTest } from './endings.ts';
import { listening } from './listening.ts';
import { NOW } from './snapshot.ts';

/** A request as it came in; `path` has the query, decoded. */
export type Asked = { method: string; path: string; headers: IncomingHttpHeaders; body: string };

/** An answer to give; `cut` gives none and closes the connection. */
export type Planned = { status?: number; body?: string | object; headers?: Record<string, string> } | 'cut';

/** A server on loopback that gives the planned answers, one after the other and the last one again and again. */
export async function serve(...answers: Planned[]): Promise<{ address: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const answer = answers[Math.min(asked.length, answers.length - 1)] ?? {};
      asked.push({ method, path: decodeURIComponent(url), headers, body: Buffer.concat(chunks).toString() });
      if (answer === 'cut') {
        request.socket.destroy();
        return;
      }
      const { status = 200, body = {}, headers: more = {} } = answer;
      response.writeHead(status, more).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  const { address, stop } = await listening(server);
  afterThisTest(stop);
  return { address, asked };
}

/** The bounds of a run of 120 seconds, by a clock that waiting moves. */
export function boundsOf(clock: { waitedMs: number }): Bounds {
  return {
    now: () => NOW.getTime() + clock.waitedMs,
    deadlineMs: NOW.getTime() + 120_000,
    sleep: (ms) => {
      clock.waitedMs += ms;
      return Promise.resolve();
    },
  };
}

/** What a promise comes to: its value, or the error that it ends with. */
export async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}
