import MarkdownIt from 'markdown-it';
import { withoutComments } from './html-comments.ts';

/**
 * One piece of a Markdown text in reading order, flat: a heading, a text (a paragraph or a bullet), a table row or a
 * fenced block; what shows nothing is none. `line` counts from 1. Quoted and indented-code text, and HTML, hold no
 * headings and no fields.
 */
export type Unit =
  | { kind: 'heading'; line: number; level: number; text: string }
  /** `lines` are those of its lines one by one, where a `<br>` makes several of one. */
  | { kind: 'text'; line: number; depth: number; bullet: boolean; quoted: boolean; text: string; lines?: number[] }
  | { kind: 'row'; line: number; head: boolean; cells: string[] }
  | { kind: 'fence'; line: number; language: string; text: string };

type Engine = InstanceType<typeof MarkdownIt>;

/**
 * Blocks only (CommonMark and GFM tables): what stands inside a line is read as raw text, which keeps the time linear.
 * markdown-it rather than mdast: 1 MiB of list items takes it 0.1 s, and mdast 4 to 40 s.
 */
function createEngine(): Engine {
  const made = new MarkdownIt('default', { html: true });
  made.core.ruler.enableOnly(['normalize', 'block']);
  made.block.ruler.disable(['reference']);
  made.block.ruler.before('blockquote', 'gitlab_quote', readGitLabQuote, { alt: ['paragraph', 'blockquote', 'list'] });
  return made;
}

let engine: Engine | undefined;

/** Reads a Markdown text into units. Never throws, whatever the text; nesting beyond 100 levels is left out. */
export function readMarkdown(text: string): Unit[] {
  const walk = new Walk();
  engine ??= createEngine();
  for (const token of engine.parse(text.replace(/^\uFEFF/, ''), {})) walk.take(token);
  return walk.units;
}

type Token = ReturnType<Engine['parse']>[number];

class Walk {
  units: Unit[] = [];
  private depth = 0;
  private quotes = 0;
  private bullet = false;
  private heading: { level: number } | undefined;
  private row: { line: number; cells: string[] } | undefined;
  private inHead = false;

  take(token: Token): void {
    const line = (token.map?.[0] ?? 0) + 1;
    if (token.type === 'inline') this.takeInline(token.content, line);
    else if (token.type === 'fence') {
      const language = (token.info.trim().split(/\s+/)[0] ?? '').toLowerCase();
      if (token.content.trim() !== '')
        this.units.push({ kind: 'fence', line: line + 1, language, text: token.content });
    } else if (token.type === 'html_block') this.takeHtml(token.content, line);
    else this.takeBorder(token.type, token.tag, line);
  }

  private takeBorder(type: string, tag: string, line: number): void {
    if (type === 'bullet_list_open' || type === 'ordered_list_open') this.depth += 1;
    else if (type === 'bullet_list_close' || type === 'ordered_list_close') this.depth -= 1;
    else if (type === 'list_item_open') this.bullet = true;
    // One that shows nothing makes no bullet of what stands behind the list.
    else if (type === 'list_item_close') this.bullet = false;
    else if (type === 'blockquote_open') this.quotes += 1;
    else if (type === 'blockquote_close') this.quotes -= 1;
    else if (type === 'heading_open') this.heading = { level: Number(tag.slice(1)) };
    else if (type === 'heading_close') this.heading = undefined;
    else if (type === 'thead_open') this.inHead = true;
    else if (type === 'thead_close') this.inHead = false;
    else if (type === 'tr_open') this.row = { line, cells: [] };
    else if (type === 'tr_close') this.closeRow();
  }

  private takeInline(content: string, line: number): void {
    const shown = withoutComments(content);
    const text = shown.replace(BREAK, this.row ? ' ' : '\n');
    if (this.row) this.row.cells.push(text.trim());
    else if (this.heading && this.quotes === 0 && this.depth === 0)
      this.units.push({ kind: 'heading', line, level: this.heading.level, text: text.trim() });
    else this.pushText(text, line, text === shown ? {} : { lines: linesOf(shown, line) });
  }

  /** A comment may be followed by text on its last line, which GitLab shows. */
  private takeHtml(content: string, line: number): void {
    if (content.trimStart().startsWith('<!--')) this.pushText(withoutComments(content), line);
  }

  private pushText(text: string, line: number, more: { lines?: number[] } = {}): void {
    if (text.trim() === '') return;
    const quoted = this.quotes > 0;
    this.units.push({ kind: 'text', line, depth: this.depth, bullet: this.bullet, quoted, text, ...more });
    this.bullet = false;
  }

  private closeRow(): void {
    if (this.row) this.units.push({ kind: 'row', head: this.inHead, ...this.row });
    this.row = undefined;
  }
}

const BREAK = /<br\s{0,8}\/?>/gi;

/** On which line each line of a text stands, once its `<br>`s are line breaks too. */
function linesOf(text: string, first: number): number[] {
  return text.split('\n').flatMap((line, index) => line.split(BREAK).map(() => first + index));
}

/** On which line of the description the line of a text stands that has this index. */
export function lineIn(unit: Unit & { kind: 'text' }, index: number): number {
  return unit.lines?.[index] ?? unit.line + index;
}

/** On which line of the description a text or a fence, which may begin with empty lines, has something to see. */
export function visibleLine(unit: Exclude<Unit, { kind: 'heading' }>): number {
  if (unit.kind === 'row') return unit.line;
  const index = Math.max(
    unit.text.split('\n').findIndex((line) => line.trim() !== ''),
    0,
  );
  return unit.kind === 'text' ? lineIn(unit, index) : unit.line + index;
}

/** A text that had a key before it, as if it had been a bullet; the key's last line is the text's first. */
export function withKey(key: string, keyLines: readonly number[], unit: Unit): Unit {
  if (unit.kind !== 'text') return unit;
  const keyed = { ...unit, text: `${key}: ${unit.text}`, bullet: true };
  if (keyLines.length < 2) return keyed;
  const below = unit.text.split('\n').map((_text, index) => lineIn(unit, index));
  const lines = [...keyLines.slice(0, -1), ...below];
  return { ...keyed, line: lines[0] ?? unit.line, lines };
}

/** A line of text by itself. */
export function textUnit(text: string, line: number): Unit {
  return { kind: 'text', line, depth: 0, bullet: false, quoted: false, text };
}

type BlockRule = Parameters<Engine['block']['ruler']['before']>[2];

/** GitLab's quote over several blocks, between two lines of `>>>`. Source: GitLab docs, user/markdown, multiline blockquote. */
function readGitLabQuote(...[state, startLine, endLine, silent]: Parameters<BlockRule>): boolean {
  if (!isQuoteMark(state, startLine)) return false;
  const env = state.env as { openFrom?: Map<string, number> };
  const openFrom = (env.openFrom ??= new Map());
  // Inside a block quote lines begin elsewhere, and what closes nothing outside may close something there.
  const range = `${endLine} ${state.bMarks[endLine - 1] ?? 0}`;
  if (startLine >= (openFrom.get(range) ?? endLine)) return false;
  let end = startLine + 1;
  while (end < endLine && !isQuoteMark(state, end)) end += 1;
  if (end === endLine) {
    openFrom.set(range, startLine);
    return false;
  }
  if (silent) return true;
  const { lineMax } = state;
  state.lineMax = end;
  state.push('blockquote_open', 'blockquote', 1).map = [startLine, end];
  state.md.block.tokenize(state, startLine + 1, end);
  state.push('blockquote_close', 'blockquote', -1);
  state.lineMax = lineMax;
  state.line = end + 1;
  return true;
}

/** Whether a line is three `>` and nothing else. Every line of a text is asked, so that it cuts out none that begins otherwise. */
function isQuoteMark({ src, bMarks, tShift, eMarks }: Parameters<BlockRule>[0], line: number): boolean {
  const start = (bMarks[line] ?? 0) + (tShift[line] ?? 0);
  return src.startsWith('>>>', start) && src.slice(start, eMarks[line]).trimEnd() === '>>>';
}
