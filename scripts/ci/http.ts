import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { LeftOver } from './errors.ts';

/** A call over HTTP, and until when (ms from now) its answer must be there. */
export type HttpCall = {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  withinMs: number;
};

/** An answer, whatever its status; the names of its headers in lower case. */
export type HttpAnswer = { status: number; headers: Record<string, string>; text: string };

/** No answer came, or only a part of one; `cause` is what the system says of it. */
export class NoAnswer extends LeftOver {
  override readonly name = 'NoAnswer';
}

/**
 * Makes a call and reads its answer to the end; follows no redirect, so that what is secret in a call is not taken elsewhere.
 * Throws NoAnswer. By Node's own http rather than by `fetch`, which takes a tenth of a second of computing before its first
 * call: more than all that most jobs do.
 */
export async function exchange({ method, url, headers, body, withinMs }: HttpCall): Promise<HttpAnswer> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  // Node tells the length of a body by itself, but not of one that is deleted with.
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const call = request(url, { method, headers: { ...ALWAYS, ...headers, ...length } });
  let late: Error | undefined;
  const timer = setTimeout(() => call.destroy((late = new Error(`nothing came within ${withinMs} ms`))), withinMs);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      call.on('response', resolve).on('error', reject).end(body);
    });
    const text = await textOf(response);
    return { status: response.statusCode ?? 0, headers: plain(response.headers), text };
  } catch (error) {
    throw new NoAnswer('no answer', { cause: late ?? error });
  } finally {
    clearTimeout(timer);
    // What breaks off once all is told must not end the process.
    call.on('error', () => undefined);
  }
}

const ALWAYS = { accept: '*/*', 'accept-encoding': 'gzip', 'user-agent': 'watchkeeper' };

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (response.headers['content-encoding'] !== 'gzip' || bytes.length === 0) return bytes.toString();
  const { gunzipSync } = await import('node:zlib');
  return gunzipSync(bytes).toString();
}

function plain(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value = '']) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}
