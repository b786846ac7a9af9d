import { html } from 'hono/html';
import { boardAddress } from './addresses.ts';
import type { Html } from './page-parts.ts';
import type { World } from '../world/world.ts';

/** A page: its title, its address for the navigation, and what it shows. */
export type Page = { title: string; address: string; main: Html };

/** A page with what all pages have around it. No script, no style but the one file. */
export function framed(world: World, { title, address, main }: Page): Html {
  const boards = world.projects.map((project) => ({
    name: world.projects.length === 1 ? 'Board' : `Board of ${project.path}`,
    to: boardAddress(project),
  }));
  const places = [{ name: 'Issues', to: '/' }, ...boards, { name: 'Notifications', to: '/-/notifications' }];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · embedded GitLab</title>
        <link rel="stylesheet" href="/-/style.css" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <nav aria-label="Pages">
            <ul>
              ${places.map(
                ({ name, to }) =>
                  html`<li><a href="${to}" ${to === address ? html`aria-current="page"` : ''}>${name}</a></li>`,
              )}
            </ul>
          </nav>
        </header>
        <main id="main">${main}</main>
        <footer>
          <p>The embedded GitLab of Watchkeeper's demo, to be read only. It shows everything to everybody.</p>
        </footer>
      </body>
    </html>`;
}

/** What is shown where there is nothing. */
export function notFoundPage(world: World): Html {
  const main = html`<h1>Not found</h1>
    <p>There is no such page here. <a href="/">All issues</a></p>`;
  return framed(world, { title: 'Not found', address: '', main });
}
