import type { SlackSection } from '../decide/plan.ts';
import { shortened } from '../decide/show.ts';
import type { SlackBlock, SlackMessage } from '../outside/slack-port.ts';

/** Slack's limits. Source: Slack docs, reference/block-kit/blocks: 50 blocks, 3000 characters of a section. */
const MOST_BLOCKS = 50;
const LONGEST_SECTION = 3000;
const LONGEST_TEXT = 200;
const LONGEST_LINK = 2000;
const MORE = 'More of this is in GitLab.';

/** What must not be cut in two: code, what stands in angle brackets, an escaped character, a pair of surrogates. */
const TOKEN = /`[^`\n]{0,1500}`|<[^<>\n]{0,2500}>|&(?:amp|lt|gt);|[^]/gu;

/**
 * Makes people's text inert in Slack: one line of code, in which nothing is formatted, no person or channel is addressed and
 * nothing becomes a link. Source: Slack docs, messaging/formatting-message-text (escaping; `&`, `<`, `>` are all that orders
 * anything); a word joiner after `@` holds for clients that look for names themselves.
 */
export function inertInSlack(text: string): string {
  const line = text.replace(/[`\s\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' ').trim();
  const short = line.length > LONGEST_TEXT ? `${shortened(line, LONGEST_TEXT)}…` : line;
  return short === '' ? '(nothing)' : `\`${escape(short).replaceAll('@', '@\u2060')}\``;
}

/** Addresses a person by their member id, such as `U012AB3CD`; anything else is no id, and is shown as text. */
export function mentionInSlack(memberId: string): string {
  return /^[UW][A-Z0-9]{2,20}$/.test(memberId) ? `<@${memberId}>` : inertInSlack(memberId);
}

/** A link with words of ours; what is no address of the web, or too long for one, is shown as text. */
export function linkInSlack(address: string, words: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const href = url && /^https?:$/.test(url.protocol) ? escape(url.href).replace(/[|`\s]/g, encodeURIComponent) : '';
  const label = escape(words).replace(/[|`\s]+/g, ' ');
  return href === '' || href.length > LONGEST_LINK ? `${label} (${inertInSlack(address)})` : `<${href}|${label}>`;
}

/**
 * Lays a text in Slack's mark-up out as a message: paragraphs, between empty lines, become sections, cut where Slack would
 * refuse them; what is too much for a message is left to GitLab. Notifications show the first paragraph. People's text in it
 * has been made inert by `inertInSlack`.
 */
export function toSlackMessage(markup: string): SlackMessage {
  const paragraphs = markup.split(/\n[^\S\n]*\n\s*/).map((paragraph) => paragraph.trim());
  const sections = paragraphs.filter((paragraph) => paragraph !== '').flatMap(cut);
  const [first = ''] = sections;
  const shown = sections.length > MOST_BLOCKS ? [...sections.slice(0, MOST_BLOCKS - 1), MORE] : sections;
  return { text: first, blocks: shown.map(toSection) };
}

function toSection(text: string): SlackBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

/** Cuts a paragraph into pieces that a section takes, between lines if it can, else between tokens. */
function cut(paragraph: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  const lines = paragraph.split('\n').flatMap((line) => (line.length <= LONGEST_SECTION ? [line] : cutLine(line)));
  for (const line of lines) {
    if (piece !== '' && piece.length + 1 + line.length > LONGEST_SECTION) {
      pieces.push(piece);
      piece = '';
    }
    piece = piece === '' ? line : `${piece}\n${line}`;
  }
  return piece === '' ? pieces : [...pieces, piece];
}

function cutLine(line: string): string[] {
  const pieces = [''];
  for (const [token] of line.matchAll(TOKEN)) {
    const last = pieces[pieces.length - 1] ?? '';
    if (last.length + token.length > LONGEST_SECTION) pieces.push(token);
    else pieces[pieces.length - 1] = last + token;
  }
  return pieces;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What a message of the duty says: the text is ours, the lines are people's. */
type Told = { text: string; lines: readonly string[]; sections?: readonly SlackSection[]; link: string };

/** A message of the duty as Slack shows it: whom it addresses, what it is about, a link, and people's lines made inert. */
export function renderSlackMessage(
  { text, lines, sections = [], link }: Told,
  memberIds: readonly string[] = [],
): SlackMessage {
  const told = lines.map(inertInSlack).join('\n');
  const parts = sections.map((section) => {
    return [`*${linkInSlack(section.link, section.title)}*`, ...section.lines.map(inertInSlack)].join('\n');
  });
  const addressed = memberIds.map((id) => `${mentionInSlack(id)} `).join('');
  return toSlackMessage([`${addressed}${escape(text)} (${linkInSlack(link, 'open')})`, told, ...parts].join('\n\n'));
}
