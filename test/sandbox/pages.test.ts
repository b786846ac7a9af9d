import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeIssue, createIssue } from '../../scripts/sandbox/world/changes.ts';
import { addNote, editNote } from '../../scripts/sandbox/world/notes.ts';
import type { StoredIssue, StoredNote } from '../../scripts/sandbox/world/records.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { getPage, hostileIncident, HOSTILE_TEXT } from '../support/pages.ts';

const BOARD = '/sirt/incidents/-/boards';
const ISSUE = '/sirt/incidents/-/issues/1';

function open(scene: Scene, title: string, more: Partial<StoredIssue> = {}): StoredIssue {
  return Object.assign(createIssue(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), scene.project, title, 'incident'), more);
}

function say(scene: Scene, username: string, issue: StoredIssue, body: string, internal = false): StoredNote {
  const done = addNote(scene.gitlab.world, scene.gitlab.world.userNamed(username), issue, body, internal);
  if (!('note' in done)) throw new Error('no note was left');
  return done.note;
}

/** What a page says, without tags; entities as a reader sees them. */
function textOf(html: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" };
  const plain = html.slice(Math.max(0, html.indexOf('<main'))).replace(/<[^>]*>/g, ' ');
  return plain.replace(/&(\w+|#39);/g, (whole, name: string) => entities[name] ?? whole).replace(/\s+/g, ' ');
}

describe('the list of issues', () => {
  it('shows of every issue its title, state, labels, severity, assignees and when', async () => {
    const scene = await stage();
    open(scene, 'Token leaked', { labels: ['closure::blocked'], severity: 'HIGH', confidential: true, assigneeIds: [scene.gitlab.world.userNamed('ben').id] });
    const text = textOf((await getPage(scene, '/')).html);
    for (const shown of ['Token leaked', 'Open', 'Confidential', 'closure:: blocked', 'High - S2', 'Assigned: @ben', 'sirt/incidents#1', '2026-11-20 10:00 UTC']) expect(text).toContain(shown);
  });

  it.each([
    { path: '/', titles: ['a', 'b', 'c'] },
    { path: '/?state=opened', titles: ['a', 'c'] },
    { path: '/?state=closed', titles: ['b'] },
    { path: '/?state=nonsense', titles: ['a', 'b', 'c'] },
  ])('$path shows $titles', async ({ path, titles }) => {
    const scene = await stage();
    for (const title of ['a', 'c']) open(scene, title);
    open(scene, 'b', { state: 'closed' });
    const shown = [...(await getPage(scene, path)).html.matchAll(/<h2><a [^>]*>(\w)</g)].map((match) => match[1]);
    expect(shown.sort()).toEqual(titles);
  });

  it('has those of all projects', async () => {
    const scene = await stage();
    const other = scene.gitlab.world.addProject('it/ops/desk', { ana: 30 });
    createIssue(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), other, 'A printer', 'issue');
    const { html } = await getPage(scene, '/');
    expect(html).toContain('href="/it/ops/desk/-/issues/1"');
    expect((await getPage(scene, '/it/ops/desk/-/issues/1')).html).toContain('<h1>A printer</h1>');
  });
});

describe('the dashboard', () => {
  const withDashboard = async (): Promise<Scene> => {
    const folder = await mkdtemp(path.join(tmpdir(), 'pages-'));
    await mkdir(path.join(folder, 'public'));
    await writeFile(path.join(folder, 'secret.html'), 'secret');
    await writeFile(path.join(folder, 'public', 'index.html'), '<h1>On-call dashboard</h1>');
    await writeFile(path.join(folder, 'public', 'opened.svg'), '<svg/>');
    return stage({ dashboard: path.join(folder, 'public') });
  };

  it.each([
    { path: '/-/dashboard/', status: 200, type: 'text/html' },
    { path: '/-/dashboard/opened.svg', status: 200, type: 'image/svg+xml' },
    { path: '/-/dashboard/closed.svg', status: 404, type: 'text/html' },
    { path: '/-/dashboard/..%2fsecret.html', status: 404, type: 'text/html' },
    { path: '/-/dashboard/%2e%2e%2fsecret.html', status: 404, type: 'text/html' },
  ])('$path answers $status, $type, and may show the pictures beside it', async ({ path: asked, status, type }) => {
    const answer = await getPage(await withDashboard(), asked);
    expect({ status: answer.status, type: answer.headers.get('content-type')?.split(';')[0] }).toEqual({ status, type });
    expect(answer.headers.get('content-security-policy')).toContain("img-src 'self'");
    expect(answer.html).not.toContain('secret');
  });

  it('is led to from the issues where there is one, and is not there elsewhere', async () => {
    expect((await getPage(await withDashboard(), '/')).html).toContain('href="/-/dashboard/"');
    const without = await stage();
    expect((await getPage(without, '/')).html).not.toContain('dashboard');
    expect((await getPage(without, '/-/dashboard/')).status).toBe(404);
  });
});

describe('the page of an issue', () => {
  it("is the issue's web_url", async () => {
    const scene = await stage();
    const created = await scene.call('ana', 'POST', '/projects/42/issues', { title: 'Token leaked' });
    expect(created['web_url']).toBe(`${scene.gitlab.address}${ISSUE}`);
    const { status, html } = await getPage(scene, ISSUE);
    expect(status).toBe(200);
    expect(html).toContain('<title>Token leaked (#1) · sirt/incidents · embedded GitLab</title>');
  });

  it('tells what happened in order: comments, system notes, states and labels', async () => {
    const scene = await stage();
    const { world } = scene.gitlab;
    const ana = world.userNamed('ana');
    const issue = open(scene, 'x');
    const steps = [
      () => say(scene, 'ana', issue, 'a comment'),
      () => {
        changeIssue(world, ana, issue, { assigneeIds: [world.userNamed('ben').id] });
      },
      () => {
        changeIssue(world, ana, issue, { labels: ['one', 'two'] });
      },
      () => {
        changeIssue(world, ana, issue, { stateEvent: 'close' });
      },
      () => {
        changeIssue(world, ana, issue, { labels: ['two'] });
      },
      () => say(scene, 'lea', issue, 'a secret', true),
    ];
    for (const step of steps) {
      scene.clock.now = new Date(scene.clock.now.getTime() + 60_000);
      step();
    }
    const { html } = await getPage(scene, ISSUE);
    const items = html.slice(html.indexOf('<ol class="timeline"')).split('<li>').slice(1).map(textOf);
    expect(items.map((item) => item.trim())).toEqual([
      expect.stringMatching(/^@ana commented 2026-11-20 10:01 UTC a comment/),
      expect.stringMatching(/^@ana assigned to @ben 2026-11-20 10:02 UTC/),
      expect.stringMatching(/^@ana added one two 2026-11-20 10:03 UTC/),
      expect.stringMatching(/^@ana closed this issue 2026-11-20 10:04 UTC/),
      expect.stringMatching(/^@ana changed the incident status to Resolved by closing the incident 2026-11-20 10:04 UTC/),
      expect.stringMatching(/^@ana removed one 2026-11-20 10:05 UTC/),
      expect.stringMatching(/^@lea commented 2026-11-20 10:06 UTC Internal note a secret/),
    ]);
  });

  it('says when a comment was edited', async () => {
    const scene = await stage();
    const issue = open(scene, 'x');
    const note = say(scene, 'ana', issue, 'first');
    expect((await getPage(scene, ISSUE)).html).not.toContain('edited');
    scene.clock.now = new Date('2026-11-20T11:30:00Z');
    editNote(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), issue, note, 'second');
    expect((await getPage(scene, ISSUE)).html).toContain('edited <time datetime="2026-11-20T11:30:00.000Z">2026-11-20 11:30 UTC</time>');
  });

  it.each([
    { name: 'mentions of people who exist, in any case', text: 'ask @Ana. or @nobody', html: 'ask <a href="/-/notifications/ana" rel="noopener nofollow">@Ana</a>. or @nobody' },
    {
      name: 'issues that exist, here and in other projects',
      text: 'see #1, #99 and sirt/incidents#1',
      html: `see <a href="${ISSUE}" rel="noopener nofollow">#1</a>, #99 and <a href="${ISSUE}" rel="noopener nofollow">sirt/incidents#1</a>`,
    },
    { name: 'addresses', text: 'at https://a.example/b#1', html: 'at <a href="https://a.example/b#1" rel="noopener nofollow">https://a.example/b#1</a>' },
    { name: 'nothing in code', text: '`@ana #1`', html: '<code>@ana #1</code>' },
    { name: 'nothing in a link', text: '[@ana #1](/x)', html: '<a href="/x" rel="noopener nofollow">@ana #1</a>' },
    { name: 'no link definition of the names of our own', text: '[known]: /x\n[user]: /y\n\n@ana', html: '<a href="/-/notifications/ana" rel="noopener nofollow">@ana</a>' },
  ])('links $name', async ({ text, html }) => {
    const scene = await stage();
    open(scene, 'x', { description: text });
    expect((await getPage(scene, ISSUE)).html).toContain(`<div class="text"><p>${html}</p>\n</div>`);
  });

  it('shows Markdown: tables, folded parts, fences; and hides markers', async () => {
    const scene = await stage();
    open(scene, 'x', { description: '<!-- watchkeeper:gate {"secret":1} -->\n| a |\n| - |\n| b |\n\n<details><summary>more</summary>\n\n- c\n\n</details>\n\n```yaml\nd: 1\n```' });
    const { html } = await getPage(scene, ISSUE);
    for (const shown of ['<td>b</td>', '<details><summary>more</summary>', '<li>c</li>', '<pre><code>d: 1\n</code></pre>']) expect(html).toContain(shown);
    expect(html).not.toContain('watchkeeper:gate');
  });
});

describe('the board', () => {
  it('has open issues under their closure labels, and all closed ones under Closed, as in GitLab', async () => {
    const scene = await stage();
    open(scene, 'new');
    open(scene, 'twice', { labels: ['closure::blocked', 'closure::changed', 'severity::1'] });
    open(scene, 'done', { state: 'closed', labels: ['closure::verified'] });
    const { html } = await getPage(scene, BOARD);
    const columns = html.split('<section class="column">').slice(1);
    const cards = columns.map((column) => [
      /<h2>(.*?)<\/h2>/s
        .exec(column)?.[1]
        ?.replace(/<[^>]*>/g, '')
        .trim(),
      ...[...column.matchAll(/<h3><a [^>]*>(\w+)/g)].map((match) => match[1]),
    ]);
    expect(cards.map(([heading, ...titles]) => [heading?.replace(/\s+/g, ' '), ...titles])).toEqual([
      ['Open (1)', 'new'],
      ['closure::blocked (1)', 'twice'],
      ['closure::changed (1)', 'twice'],
      ['closure::verified (0)'],
      ['Closed (1)', 'done'],
    ]);
  });
});

describe('the pages are safe', () => {
  const TAGS = new Set(
    'html head meta title link body a header nav ul ol li main footer p h1 h2 h3 h4 h5 h6 section article span time div dl dt dd em strong code pre details summary br hr'.split(' '),
  );
  const ATTRIBUTES = new Set('lang charset name content rel href class aria-label aria-current id datetime open'.split(' '));

  it.each(['/', ISSUE, BOARD, '/-/notifications', '/-/notifications/ana', '/-/notifications/mallory'])('%s: hostile texts are shown and can do nothing', async (path) => {
    const scene = await stage();
    hostileIncident(scene);
    const { html, status } = await getPage(scene, path);
    expect(status).toBe(200);
    const tags = html.match(/<[a-z][^>]*>/gi) ?? [];
    expect(tags.map((tag) => /^<(\w+)/.exec(tag)?.[1]).filter((name) => !TAGS.has(name ?? ''))).toEqual([]);
    const attributes = tags.flatMap((tag) => [...tag.matchAll(/\s([^\s=>"]+)="([^"]*)"/g)]);
    expect(attributes.map((match) => match[1] ?? '').filter((name) => !ATTRIBUTES.has(name))).toEqual([]);
    expect(tags.map((tag) => tag.replace(/\s[^\s=>"]+="[^"]*"/g, '')).filter((rest) => !/^<(?:\w+\s*\/?|details open)>$/.test(rest))).toEqual([]);
    const links = attributes.filter((match) => match[1] === 'href').map((match) => match[2] ?? '');
    expect(links.filter((link) => !/^(?:https?:\/\/|\/(?!\/)|#)/.test(link))).toEqual([]);
    expect(html.match(/<\/main>/g)).toHaveLength(1);
    expect(textOf(html)).toContain(HOSTILE_TEXT.slice(0, 40));
  });

  it('the hostile text of a description is shown without what is dangerous in it', async () => {
    const scene = await stage();
    const path = hostileIncident(scene);
    const { html } = await getPage(scene, path);
    const text = textOf(html.slice(html.indexOf('<h2>Description')));
    for (const kept of ['one', 'two', 'three', 'four', '[five](javascript:hacked=1)', '[picture: six]', 'seven', 'eight', 'nine']) expect(text).toContain(kept);
  });

  it.each(['/', ISSUE, BOARD, '/-/notifications', '/-/style.css', '/nothing/here', '/sirt/incidents/-/issues/999'])('%s has strict headers, also for HEAD', async (path) => {
    const scene = await stage();
    open(scene, 'x');
    for (const method of ['GET', 'HEAD']) {
      const { headers, html } = await getPage(scene, path, method);
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'self'; img-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'");
      expect([headers.get('x-content-type-options'), headers.get('referrer-policy')]).toEqual(['nosniff', 'no-referrer']);
      expect(html === '').toBe(method === 'HEAD');
      expect(html).not.toMatch(/<script|<style|\sstyle=/);
    }
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s is refused and changes nothing', async (method) => {
    const scene = await stage();
    open(scene, 'x');
    const before = JSON.stringify(scene.gitlab.world.issues);
    for (const path of ['/', ISSUE, BOARD, '/-/notifications', '/nothing/here']) {
      const { status, headers } = await getPage(scene, path, method);
      expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
    expect(JSON.stringify(scene.gitlab.world.issues)).toBe(before);
  });

  it.each([
    '/nothing',
    '/sirt/incidents/-/issues/2',
    '/sirt/incidents/-/issues/x',
    '/sirt/other/-/issues/1',
    '/sirt/other/-/boards',
    '/-/notifications/nobody',
    '/%E0%A4%A',
    '/sirt/incidents/-/issues/1/x',
  ])('%s is not found', async (path) => {
    const scene = await stage();
    open(scene, 'x');
    const { status, headers, html } = await getPage(scene, path);
    expect([status, headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8']);
    expect(html).toContain('<h1>Not found</h1>');
  });

  it('the API answers in JSON as ever, also where it knows nothing', async () => {
    const scene = await stage();
    const answers = await Promise.all(['/api/v4', '/api/v4/', '/api/v4/nothing'].map((path) => getPage(scene, path)));
    expect(answers.map(({ status, html }) => [status, html])).toEqual(answers.map(() => [401, '{"message":"401 Unauthorized"}']));
    const headers = { 'private-token': scene.bot.token };
    const known = await fetch(`${scene.gitlab.address}/api/v4/nothing`, { headers });
    expect([known.status, await known.json()]).toEqual([404, { error: '404 Not Found' }]);
  });

  it.each(['# a\n#### b\n## c', '###### only', '<h1>x</h1><h4>y</h4>'])('headings keep the order of the page: %j', async (description) => {
    const scene = await stage();
    const issue = open(scene, 'x', { description });
    say(scene, 'ana', issue, description);
    const levels = [...(await getPage(scene, ISSUE)).html.matchAll(/<h(\d)/g)].map((match) => Number(match[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
  });
});
