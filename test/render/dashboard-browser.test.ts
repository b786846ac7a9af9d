import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderDashboard } from '../../scripts/render/dashboard.ts';
import { CHROMIUM, CHROMIUM_ARGS, watchPage } from '../support/chromium.ts';
import { ago, dashboard, followUp, history, life, PEOPLE, quarter } from '../support/dashboard.ts';
import { servePages } from '../support/folder.ts';
import { HOSTILE_TEXT } from '../support/pages.ts';

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 780 };
const LOOKS = [
  { name: 'in light', look: { viewport: DESKTOP, colorScheme: 'light' } },
  { name: 'in dark', look: { viewport: DESKTOP, colorScheme: 'dark' } },
  { name: 'on a phone', look: { viewport: PHONE, colorScheme: 'light' } },
] as const;

/** Everything in the way of a page: words without a space, right to left, many people, hostile text in every place. */
function strange(): Parameters<typeof renderDashboard>[0] {
  const wide = `${'W'.repeat(400)} العربية`;
  const incidents = [
    life(1, {
      title: HOSTILE_TEXT,
      labels: ['ack::escalated', 'review::due', 'update::due'],
      gate: 'blocked',
      owner: 1,
      severity: 1,
      missing: [HOSTILE_TEXT, ...Array.from({ length: 12 }, (_, index) => `CODE_${index}_${'X'.repeat(40)}`)],
    }),
    life(2, { title: wide, reference: `${'group/'.repeat(30)}project#2`, owner: 2 }),
    life(3, { title: wide, state: 'closed', closed_at: ago(2), gate: 'disputed', url: 'javascript:hacked=1' }),
  ];
  const people = PEOPLE.map(({ id }) => ({ id, username: id === 1 ? HOSTILE_TEXT : wide }));
  return dashboard({ history: history({ people, incidents, follow_ups: [followUp(4, { title: wide, kind: HOSTILE_TEXT, due_on: '2026-11-01', assignees: [1, 2, 3] })] }) });
}

/** What the page must not do; it complains of nothing, and nothing is lacking. */
function watch(page: Page, address: string): string[] {
  const wrong = watchPage(page, address);
  page.on('response', (response) => {
    if (response.status() >= 400) wrong.push(`lacks ${response.url()}`);
  });
  page.on('console', (message) => wrong.push(message.text()));
  return wrong;
}

describe.skipIf(CHROMIUM === undefined)(`the dashboard in Chromium${CHROMIUM === undefined ? ' (SKIPPED: there is none; set CHROMIUM_PATH)' : ''}`, () => {
  let browser: Browser;
  const addresses: Record<string, string> = {};
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: CHROMIUM_ARGS });
    addresses['a quarter'] = await servePages(await renderDashboard(await quarter()));
    addresses['nothing'] = await servePages(await renderDashboard(dashboard()));
    addresses['strange text'] = await servePages(await renderDashboard(strange()));
  });
  afterAll(async () => {
    await browser.close();
  });

  /** Opens the page with all that is folded unfolded, and looks; gives what it did wrong. */
  async function visit(of: string, options: Parameters<Browser['newPage']>[0], look: (page: Page) => Promise<void>): Promise<string[]> {
    const address = addresses[of] ?? '';
    const page = await browser.newPage(options);
    const wrong = watch(page, address);
    await page.goto(address, { waitUntil: 'load' });
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    await look(page);
    await page.close();
    return wrong;
  }

  const pages = ['a quarter', 'nothing', 'strange text'].flatMap((of) => LOOKS.map((each) => ({ of, ...each })));

  it.each(pages)('of $of has nothing that axe objects to $name', async ({ of, look }) => {
    // The content policy keeps scripts out, axe too, unless the test's own context goes around it.
    await visit(of, { ...look, bypassCSP: true }, async (page) => {
      await page.evaluate(axe.source);
      const found = await page.evaluate<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[]; passes: unknown[] }>("axe.run({ resultTypes: ['violations'] })");
      expect(found.violations.map(({ id, nodes }) => [id, nodes.length, nodes[0]?.html, nodes[0]?.failureSummary])).toEqual([]);
      expect(found.passes.length).toBeGreaterThan(15);
    });
  });

  it.each(pages)('of $of is no wider than the screen, asks for nothing outside its folder, and complains of nothing $name', async ({ of, look }) => {
    const wrong = await visit(of, look, async (page) => {
      expect(await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')).toEqual([look.viewport.width, look.viewport.width]);
      expect(await page.evaluate("'hacked' in globalThis")).toBe(false);
    });
    expect(wrong).toEqual([]);
  });

  it('runs no script, even one that got in', async () => {
    const wrong = await visit('nothing', {}, async (page) => {
      await page.evaluate("document.body.append(Object.assign(document.createElement('script'), { textContent: 'hacked = 1' }))");
      expect(await page.evaluate("'hacked' in globalThis")).toBe(false);
    });
    expect(wrong.join()).toMatch(/Content Security Policy/);
  });

  it('is whole without JavaScript', async () => {
    const wrong = await visit('a quarter', { javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('#attention tbody tr').count()).toBeGreaterThan(10);
      expect(await page.locator('figure img:visible').count()).toBe(7);
    });
    expect(wrong).toEqual([]);
  });

  /** The charts that are seen, and how many of those were not drawn. */
  async function chartsOn(page: Page): Promise<{ files: string[]; broken: number }> {
    const seen = page.locator('figure img:visible');
    const files = await seen.evaluateAll((images) => images.map((image) => (image as unknown as { src: string }).src.replace(/.*\//, '')));
    const widths = await seen.evaluateAll((images) => images.map((image) => (image as unknown as { naturalWidth: number }).naturalWidth));
    return { files, broken: widths.filter((width) => width !== 360).length };
  }

  const charts = ['incidents', 'acknowledge', 'resolve', 'reopened', 'pages', 'reviews', 'follow-ups'];

  it.each([
    { on: 'a light screen', colorScheme: 'light', media: 'screen', ending: '.svg' },
    { on: 'a dark screen', colorScheme: 'dark', media: 'screen', ending: '-dark.svg' },
    { on: 'paper', colorScheme: 'dark', media: 'print', ending: '.svg' },
  ] as const)('shows each chart once, drawn for $on', async ({ colorScheme, media, ending }) => {
    await visit('a quarter', { colorScheme }, async (page) => {
      await page.emulateMedia({ media });
      expect(await chartsOn(page)).toEqual({ files: charts.map((name) => `${name}${ending}`), broken: 0 });
    });
  });

  it('begins with a link to what matters, and shows where the keyboard is', async () => {
    await visit('a quarter', { viewport: PHONE }, async (page) => {
      await page.keyboard.press('Tab');
      const skip = page.getByText('Skip to what needs attention');
      expect((await skip.boundingBox())?.x).toBe(0);
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      await page.keyboard.press('Tab');
      expect(await page.evaluate("document.activeElement.closest('#attention') !== null && getComputedStyle(document.activeElement).outlineWidth")).toBe('3px');
    });
  });

  it('has wide tables that scroll by the keyboard', async () => {
    await visit('a quarter', { viewport: PHONE }, async (page) => {
      const region = page.getByRole('region', { name: 'Open incidents' }).last();
      await region.focus();
      for (let times = 0; times < 5; times++) await page.keyboard.press('ArrowRight');
      await expect.poll(() => region.evaluate((element) => (element as unknown as { scrollLeft: number }).scrollLeft)).toBeGreaterThan(40);
    });
  });

  it('is printed light, with all of its tables and none cut off', async () => {
    await visit('a quarter', { viewport: { width: 1040, height: 720 }, colorScheme: 'dark' }, async (page) => {
      await page.emulateMedia({ media: 'print' });
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
      const cut = await page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter((each) => each.checkVisibility()).filter((each) => each.scrollWidth > document.documentElement.clientWidth).map((each) => each.ariaLabel)",
      );
      expect(cut).toEqual([]);
      expect(await page.locator('nav').isVisible()).toBe(false);
    });
  });

  it('is whole from a folder on disk, as a job leaves it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'dashboard-'));
    for (const [name, text] of Object.entries(await renderDashboard(await quarter()))) writeFileSync(path.join(folder, name), text);
    const page = await browser.newPage({ colorScheme: 'dark' });
    const address = pathToFileURL(folder).href;
    const wrong = watch(page, address);
    await page.goto(`${address}/index.html`);
    expect((await chartsOn(page)).broken).toBe(0);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(24, 23, 29)');
    expect(wrong).toEqual([]);
    await page.close();
    rmSync(folder, { recursive: true });
  });

  it('offers the roster as a file', async () => {
    const page = await browser.newPage();
    const answer = await page.request.get(`${addresses['a quarter'] ?? ''}roster.ics`);
    expect(await answer.text()).toMatch(/^BEGIN:VCALENDAR\r\n/);
    await page.close();
  });
});
