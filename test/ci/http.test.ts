import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { exchange, NoAnswer, type HttpCall } from '../../scripts/ci/http.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** The address of a server on this machine that answers so. */
async function serving(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<URL> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

const get = (url: URL, more: Partial<HttpCall> = {}) => exchange({ method: 'GET', url, headers: {}, withinMs: 5_000, ...more });

describe('a call over HTTP', () => {
  it.each(['POST', 'PUT', 'DELETE'])('%s takes its body with it, so that the next call on the connection is understood', async (method) => {
    const heard: string[] = [];
    const url = await serving((request, response) => {
      request.setEncoding('utf8').on('data', (part: string) => heard.push(part));
      request.on('end', () => response.end('done'));
    });
    for (const body of ['{"a":"ä"}', '{}']) expect(await get(url, { method, body })).toMatchObject({ status: 200, text: 'done' });
    expect(heard).toEqual(['{"a":"ä"}', '{}']);
  });

  it('reads an answer that was packed, and one in pieces', async () => {
    const url = await serving(({ headers }, response) => {
      expect(headers['accept-encoding']).toBe('gzip');
      response.writeHead(200, { 'content-encoding': 'gzip', 'X-Next': '2' });
      const packed = gzipSync('größer '.repeat(1000));
      response.write(packed.subarray(0, 20));
      response.end(packed.subarray(20));
    });
    expect(await get(url)).toMatchObject({ text: 'größer '.repeat(1000), headers: { 'x-next': '2' } });
  });

  it('follows no redirect', async () => {
    const url = await serving((_request, response) => response.writeHead(302, { location: '/else' }).end());
    expect(await get(url)).toMatchObject({ status: 302, headers: { location: '/else' } });
  });

  it.each([
    { name: 'breaks off', answer: (_: IncomingMessage, response: ServerResponse) => response.writeHead(200, { 'content-length': 9 }).write('half', () => response.destroy()), says: 'aborted' },
    { name: 'resets the connection', answer: (_: IncomingMessage, response: ServerResponse) => response.destroy(), says: 'socket hang up' },
    { name: 'is silent', answer: () => undefined, says: 'nothing came within 300 ms' },
    { name: 'stops in the middle', answer: (_: IncomingMessage, response: ServerResponse) => response.write('half'), says: 'nothing came within 300 ms' },
    {
      name: 'packs what cannot be unpacked',
      answer: (_: IncomingMessage, response: ServerResponse) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('none'),
      says: 'incorrect header check',
    },
  ])('is no answer where the server $name', async ({ answer, says }) => {
    const url = await serving(answer);
    const failure: unknown = await get(url, { withinMs: 300 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NoAnswer);
    expect(((failure as NoAnswer).cause as Error).message).toBe(says);
  });

  it('is no answer where nobody listens, by the reason of the system', async () => {
    const url = await serving(() => undefined);
    stops.splice(0).forEach((stop) => {
      stop();
    });
    await expect(get(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});
