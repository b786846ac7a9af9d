import MarkdownIt from 'markdown-it';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { interpret } from '../../scripts/sandbox/world/quick-actions.ts';
import { World } from '../../scripts/sandbox/world/world.ts';
import { NOW } from '../support/snapshot.ts';
import { CANARY } from './hostile.ts';

/** CommonMark as GitLab reads it, with HTML and without our own reader's leave. */
const engine = new MarkdownIt('default', { html: true });

const OUR_HTML = /^(?:<!-- watchkeeper:[a-z-]+ \{[\w",:.[\]{}-]*\} -->|<details><summary>\d+ (?:item|issue|incident)s? (?:in order|waived|reviewed|as handed over)<\/summary>|<\/details>)$/;
const MENTION = /(?<![\w@])@([A-Za-z0-9_][\w.-]*)/g;

const world = new World(() => NOW);
const author = world.addUser('bot');
const issue = createIssue(world, author, world.addProject('a/b', { bot: 50 }), 'x', 'incident');

type Token = ReturnType<typeof engine.parse>[number];

function piecesOf(body: string): Token[] {
  return engine.parse(body, {}).flatMap((token) => [token, ...(token.children ?? [])]);
}

/** How many quick actions GitLab would find in a comment, and the lines that look like one. */
export function ordersIn(body: string): { found: number; lines: string[] } {
  const { commands } = interpret(world, author, issue, body);
  return { found: commands, lines: body.split(/[\r\n\u2028\u2029\u0085]/).filter((line) => line.startsWith('/')) };
}

/** HTML in a comment that is none of ours: what GitLab would take for a tag or hide as a comment. */
export function strangeHtmlIn(body: string): string[] {
  const html = piecesOf(body).filter(({ type }) => type === 'html_block' || type === 'html_inline');
  const lines = html.flatMap(({ content }) => content.trim().split('\n'));
  const bare = piecesOf(body).filter(({ type, content }) => type === 'text' && content.includes('<'));
  return [...lines.filter((line) => !OUR_HTML.test(line)), ...bare.map(({ content }) => content)];
}

/** The markers of a comment and the lines on which they stand, from 0; in code they are text. */
export function markersIn(body: string): number[] {
  return piecesOf(body).flatMap(({ type, content, map }) => (type.startsWith('html') && content.includes('watchkeeper:') ? [map?.[0] ?? -1] : []));
}

/** Everybody whom GitLab would notify of a comment. */
export function mentionsIn(body: string): string[] {
  const shown = piecesOf(body).filter(({ type }) => type === 'text' || type.startsWith('html'));
  return shown.flatMap(({ content }) => [...content.matchAll(MENTION)].map(([, name = '']) => name));
}

/** What people wrote where it is not one line of code, or in an element that GitLab resolves: links, pictures, fences. */
export function peoplesTextIn(body: string): string[] {
  const loose = piecesOf(body).filter(({ type, content }) => type !== 'inline' && type !== 'code_inline' && content.includes(CANARY));
  const links = piecesOf(body).filter(({ type }) => type === 'link_open' || type === 'image');
  return [...loose.map(({ content }) => content), ...links.map(({ attrs }) => JSON.stringify(attrs))];
}
