import { createServer } from 'node:http';
import { afterThisFile } from './endings.ts';
import { listening } from './listening.ts';

const TYPES: Record<string, string> = { html: 'text/html; charset=utf-8', css: 'text/css', svg: 'image/svg+xml', ics: 'text/calendar' };

/** Serves files below a path on loopback, as GitLab Pages serves a project's folder; gives the address of the folder. */
export async function servePages(files: Record<string, string>): Promise<string> {
  const server = createServer((request, response) => {
    const name = /^\/duty\/([^/]*)$/.exec(request.url ?? '')?.[1];
    const text = files[name === '' ? 'index.html' : (name ?? '/')];
    if (text === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': TYPES[name?.split('.')[1] ?? 'html'] ?? 'text/html; charset=utf-8' }).end(text);
  });
  const { address, stop } = await listening(server);
  afterThisFile(stop);
  return `${address}/duty/`;
}
