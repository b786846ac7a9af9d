import { readFile } from 'node:fs/promises';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { DASHBOARD } from './addresses.ts';
import type { Notifications } from './notifications.ts';
import { notFoundPage } from './page-frame.ts';
import { issuePage } from './page-issue.ts';
import { boardPage, issuesPage } from './page-issues.ts';
import { notificationsPage, personPage } from './page-notifications.ts';
import type { World } from '../world/world.ts';

/** Texts on the pages are anybody's: nothing runs, nothing is fetched but the stylesheet, nothing is sent or framed. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const STYLE = new URL('style.css', import.meta.url);

/** The dashboard has charts beside it. */
const DASHBOARD_POLICY = HEADERS['content-security-policy'].replace("img-src 'none'", "img-src 'self'");

/**
 * The pages of the embedded GitLab, for people to look at: GET and HEAD only, whoever asks, and everything is shown; with them the
 * files of a folder, where there is one, as GitLab Pages would serve them.
 */
export function createPages(world: World, notifications: Notifications, dashboard?: string): Hono {
  const pages = new Hono();
  pages.use(async (c, next) => {
    if (!['GET', 'HEAD'].includes(c.req.method)) c.res = c.text('405 Method Not Allowed', 405, { allow: 'GET, HEAD' });
    else await next();
    for (const [name, value] of Object.entries(HEADERS)) c.header(name, value);
    if (c.req.path.startsWith(DASHBOARD)) c.header('content-security-policy', DASHBOARD_POLICY);
  });
  pages.get('/', (c) => c.html(issuesPage(world, c.req.query('state'), dashboard !== undefined)));
  pages.get('/-/style.css', async (c) => c.body(await readFile(STYLE), 200, { 'content-type': 'text/css' }));
  pages.get('/-/notifications', (c) => c.html(notificationsPage(world, notifications.mails)));
  pages.get('/-/notifications/:username', (c, next) => {
    const user = world.users.find(({ username }) => username === c.req.param('username'));
    return user ? c.html(personPage(world, user, notifications.mails)) : next();
  });
  pages.get('/:project{.+}/-/issues/:iid{[0-9]+}', (c, next) => {
    const project = world.projectAt(c.req.param('project'));
    const issue = project && world.issue(project.id, Number(c.req.param('iid')));
    return issue ? c.html(issuePage(world, issue)) : next();
  });
  pages.get('/:project{.+}/-/boards', (c, next) => {
    const project = world.projectAt(c.req.param('project'));
    return project ? c.html(boardPage(world, project)) : next();
  });
  if (dashboard !== undefined) pages.get(`${DASHBOARD}*`, inFolder(dashboard));
  pages.all('*', (c) => c.html(notFoundPage(world), 404));
  return pages;
}

/** Nothing but what is in the folder: a path that leads out of it finds nothing. */
function inFolder(root: string): ReturnType<typeof serveStatic> {
  return serveStatic({ root, rewriteRequestPath: (path) => path.slice(DASHBOARD.length - 1) });
}
