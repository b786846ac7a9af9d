import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addNote } from '../../scripts/sandbox/world/notes.ts';
import { TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { CHROMIUM, CHROMIUM_ARGS, watchPage } from '../support/chromium.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { hostileIncident } from '../support/pages.ts';

const PHONE = { width: 360, height: 780 };
const DESKTOP = { width: 1200, height: 900 };
const WIDE = `| ${'column | '.repeat(30)}\n| ${'- | '.repeat(30)}\n| ${'value | '.repeat(30)}\n\n\`\`\`\n${'code '.repeat(200)}\n\`\`\`\n\n\`${'x'.repeat(300)}\` ${'word'.repeat(200)}`;

/** An incident that the bot sent back, one that is hostile, and one that is wide; a hostile page is among their pages. */
async function tell(scene: Scene): Promise<string[]> {
  const { world } = scene.gitlab;
  const hostile = hostileIncident(scene);
  const blocked = scene.closed(TOO_EARLY);
  await scene.run(blocked);
  const wide = scene.closed(WIDE, { title: 'W'.repeat(300), labels: ['closure::'.concat('w'.repeat(200))], state: 'opened' });
  addNote(world, world.userNamed('ben'), wide, `@ana ${WIDE}`, false);
  const issues = [blocked, wide].map(({ iid }) => `/sirt/incidents/-/issues/${iid}`);
  return ['/', ...issues, hostile, '/sirt/incidents/-/boards', '/-/notifications', '/-/notifications/ana', '/-/notifications/mallory'];
}

/** What a page must not do; it complains of nothing. */
function watch(page: Page, address: string): string[] {
  const wrong = watchPage(page, `${address}/`);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(message.text());
  });
  return wrong;
}

/** WCAG 2.2, contrast ratio of the texts that match, against the background that is seen behind them: the lowest. */
const LOWEST_CONTRAST = `(selector) => {
  const numbers = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [r, g, b] = numbers(color).slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = getComputedStyle(each).backgroundColor;
      if (numbers(color)[3] !== 0) return color;
    }
    throw new Error('nothing is behind the text');
  };
  const ratio = (element) => {
    const [light, dark] = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  return Math.min(...[...document.querySelectorAll(selector)].map(ratio));
}`;

/** Scrolls a block sideways, and says how wide it is and how far it went. */
function scrollFar(block: unknown): { content: number; room: number; scrolled: number } {
  const it = block as { scrollWidth: number; clientWidth: number; scrollLeft: number };
  it.scrollLeft = 100;
  return { content: it.scrollWidth, room: it.clientWidth, scrolled: it.scrollLeft };
}

describe.skipIf(CHROMIUM === undefined)(`in Chromium${CHROMIUM === undefined ? ' (SKIPPED: there is none; set CHROMIUM_PATH)' : ''}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: CHROMIUM_ARGS });
  });
  afterAll(async () => {
    await browser.close();
  });

  async function visit(paths: string[], address: string, options: Parameters<Browser['newPage']>[0], look: (page: Page, path: string) => Promise<void>): Promise<string[]> {
    const page = await browser.newPage(options);
    const wrong = watch(page, address);
    for (const path of paths) {
      const answer = await page.goto(`${address}${path}`);
      expect(answer?.status()).toBe(200);
      await look(page, path);
    }
    await page.close();
    return wrong;
  }

  it.each([PHONE, DESKTOP])('no page is wider than the screen at $width, runs anything, complains or asks others', async (viewport) => {
    const scene = await stage();
    const paths = await tell(scene);
    const wider: unknown[] = [];
    const wrong = await visit(paths, scene.gitlab.address, { viewport }, async (page, path) => {
      const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
      const [content = 0, screen = 0] = widths as number[];
      if (content > screen) wider.push([path, content]);
      expect(await page.evaluate("'hacked' in globalThis")).toBe(false);
      expect(await page.title()).toContain('embedded GitLab');
    });
    expect({ wider, wrong }).toEqual({ wider: [], wrong: [] });
  });

  it('a hostile incident shows its text, whole and in its place, whatever one clicks on', async () => {
    const scene = await stage();
    const path = hostileIncident(scene);
    const page = await browser.newPage({ viewport: PHONE });
    const wrong = watch(page, scene.gitlab.address);
    await page.goto(`${scene.gitlab.address}${path}`);
    const texts = page.locator('.text');
    for (const text of await texts.all()) await expect(text.innerText()).resolves.toMatch(/one two three[^]*\[five\]\(javascript:hacked=1\)[^]*seven[^]*nine/);
    expect(await texts.count()).toBe(2);
    expect(await page.locator('h1').innerText()).toContain('<script>hacked = 1; alert(1)</script>');
    for (const name of ['one', 'two', 'three']) await page.getByText(name, { exact: true }).first().click();
    expect(page.url()).toBe(`${scene.gitlab.address}${path}`);
    expect(await page.evaluate("'hacked' in globalThis")).toBe(false);
    expect(await page.locator('main').count()).toBe(1);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it('wide code and tables scroll inside themselves', async () => {
    const scene = await stage();
    const paths = await tell(scene);
    await visit(paths.slice(2, 3), scene.gitlab.address, { viewport: PHONE }, async (page) => {
      for (const selector of ['.text pre', '.text table']) {
        const block = await page.locator(selector).first().evaluate(scrollFar);
        expect(block.content).toBeGreaterThan(block.room);
        expect(block.scrolled).toBe(100);
      }
    });
  });

  it("what is folded in the bot's comment unfolds and folds", async () => {
    const scene = await stage();
    const blocked = scene.closed(TOO_EARLY);
    await scene.run(blocked);
    await visit([`/sirt/incidents/-/issues/${blocked.iid}`], scene.gitlab.address, { viewport: PHONE }, async (page) => {
      const [summary, inside] = [page.locator('summary'), page.locator('details li').first()];
      expect(await inside.isVisible()).toBe(false);
      await summary.click();
      expect(await inside.isVisible()).toBe(true);
      await summary.click();
      expect(await inside.isVisible()).toBe(false);
    });
  });

  it.each(['light', 'dark'] as const)('in %s all that is written has the contrast that WCAG AA asks for', async (colorScheme) => {
    const scene = await stage();
    const paths = await tell(scene);
    const backgrounds = new Set<unknown>();
    await visit(paths, scene.gitlab.address, { viewport: DESKTOP, colorScheme }, async (page, path) => {
      backgrounds.add(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      for (const selector of ['body', 'a', 'p', 'time', 'code, pre', '.quiet', '.badge', '.label, .scope', 'h1, h2, h3', 'dt, dd', 'blockquote, summary, th, td']) {
        const lowest = await page.evaluate(`(${LOWEST_CONTRAST})(${JSON.stringify(selector)})`);
        expect(lowest === Infinity || Number(lowest) >= 4.5, `${path}: ${selector} has ${String(lowest)}`).toBe(true);
      }
    });
    expect([...backgrounds]).toEqual([colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(24, 23, 29)']);
  });

  it('what one taps on in lists and navigation is large enough for a finger', async () => {
    const scene = await stage();
    const paths = await tell(scene);
    await visit(paths, scene.gitlab.address, { viewport: PHONE, hasTouch: true }, async (page, path) => {
      const small = await page.evaluate(`[...document.querySelectorAll('nav a, .card h2 a, .card h3 a, .person, summary')]
        .filter((each) => each.checkVisibility()).filter((each) => each.getBoundingClientRect().height < (each.closest('nav') ? 44 : 24)).map((each) => each.outerHTML)`);
      expect({ path, small }).toEqual({ path, small: [] });
    });
  });
});
