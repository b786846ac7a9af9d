import { raw } from 'hono/html';
import MarkdownIt, { type StateCore, type Token } from 'markdown-it';
import sanitize from 'sanitize-html';

/** Where the people and issues are that a text may refer to; nothing for those who are not known. */
export type References = {
  user: (username: string) => { id: number; address: string } | undefined;
  issue: (projectPath: string | undefined, iid: number) => string | undefined;
};

/** What hono's templates take as it is: HTML that is known to be safe. */
type SafeHtml = ReturnType<typeof raw>;

/**
 * GitLab's Markdown as far as people and Watchkeeper write it: CommonMark with tables, strikethrough, HTML, addresses,
 * `@user`, `#12` and `group/project#12`. Not modelled: task boxes, `>>>` quotes, footnotes, emoji codes, labels as `~name`,
 * mathematics and diagrams, which stay text. Source: GitLab docs, user/markdown.
 */
const engine = new MarkdownIt('default', { html: true, linkify: true });
// GitLab links addresses that begin with their scheme, and nothing that merely looks like one.
engine.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
engine.core.ruler.push('gitlab_references', linkReferences);

/** Renders somebody's Markdown as HTML that can do nothing. Its headings begin at the level that the page has room for. */
export function renderMarkdown(text: string, references: References, topHeading: number): SafeHtml {
  return raw(makeSafe(engine.render(text, { known: references }), topHeading));
}

/** Renders one line, such as a system note, without a paragraph around it. */
export function renderLine(text: string, references: References): SafeHtml {
  return raw(makeSafe(engine.renderInline(text, { known: references }), 6));
}

/**
 * The ids of the users whom a text mentions. Code and quotes mention nobody.
 * Source: spec/lib/gitlab/reference_extractor_spec.rb, "ignores user mentions inside specific elements".
 */
export function mentionedIn(text: string, references: References): number[] {
  if (!text.includes('@')) return [];
  const names = readNames.get(text) ?? namesIn(text);
  if (readNames.size >= MOST_READ) readNames.clear();
  readNames.set(text, names);
  return [...new Set(names.flatMap((name) => references.user(name)?.id ?? []))];
}

/** The names in texts that were read already: who takes part in an issue is asked of all its comments, with each that comes. */
const readNames = new Map<string, string[]>();
const MOST_READ = 2_000;

/** All names that a text mentions, whoever is known. */
function namesIn(text: string): string[] {
  const anybody: References = { user: () => ({ id: 0, address: '' }), issue: () => undefined };
  const names: string[] = [];
  let quotes = 0;
  for (const { type, children } of engine.parse(text, { known: anybody })) {
    if (type === 'blockquote_open') quotes += 1;
    else if (type === 'blockquote_close') quotes -= 1;
    else if (quotes === 0) names.push(...(children ?? []).flatMap(({ meta }) => (meta as Mention | null)?.user ?? []));
  }
  return names;
}

type Mention = { user: string };

const REFERENCE =
  /(?<![\w/@.-])@(?<user>\w(?:[\w.-]*\w)?)|(?<![\w#/&.-])(?<path>[\w.-]+(?:\/[\w.-]+)+)?#(?<iid>\d{1,9})(?!\w)/g;

/** Makes links of the references in plain text; code, and what is a link already, is left alone. */
function linkReferences(state: StateCore): void {
  const references = state.env['known'] as References;
  for (const block of state.tokens) {
    let links = 0;
    block.children = (block.children ?? []).flatMap((token) => {
      if (token.type === 'link_open') links += 1;
      if (token.type === 'link_close') links -= 1;
      return token.type === 'text' && links === 0 ? splitText(token, state, references) : [token];
    });
  }
}

function splitText({ content }: Token, state: StateCore, references: References): Token[] {
  const pieces: Token[] = [];
  const push = (type: string, tag: string, nesting: -1 | 0 | 1, text = ''): Token => {
    const token = Object.assign(new state.Token(type, tag, nesting), { content: text });
    pieces.push(token);
    return token;
  };
  let position = 0;
  for (const { 0: found, index, groups } of content.matchAll(REFERENCE)) {
    const user = groups?.['user'] === undefined ? undefined : references.user(groups['user']);
    const address = user?.address ?? references.issue(groups?.['path'], Number(groups?.['iid']));
    if (address === undefined) continue;
    push('text', '', 0, content.slice(position, index));
    const link = push('link_open', 'a', 1);
    link.attrSet('href', address);
    if (groups?.['user'] !== undefined) link.meta = { user: groups['user'] } satisfies Mention;
    push('text', '', 0, found);
    push('link_close', 'a', -1);
    position = index + found.length;
  }
  push('text', '', 0, content.slice(position));
  return pieces;
}

const TAGS =
  `p br hr strong b em i del s sub sup kbd code pre blockquote ul ol li dl dt dd table thead tbody tr th td details
  summary a h1 h2 h3 h4 h5 h6`.split(/\s+/);

/** Keeps what is on the list and drops all else, with scripts and styles also what is in them. No picture is fetched. */
function makeSafe(html: string, topHeading: number): string {
  const open: number[] = [];
  /** Levels follow one another whatever the writer skipped, so that the page keeps its outline. */
  const heading = (name: string): sanitize.Tag => {
    const level = Number(name.slice(1));
    while ((open.at(-1) ?? 0) >= level) open.pop();
    open.push(level);
    return { tagName: `h${Math.min(6, topHeading + open.length - 1)}`, attribs: {} };
  };
  return sanitize(html, {
    allowedTags: TAGS,
    allowedAttributes: { a: ['href', 'rel'], ol: ['start'], details: ['open'] },
    allowedSchemes: ['http', 'https'],
    allowProtocolRelative: false,
    nestingLimit: 60,
    transformTags: {
      ...Object.fromEntries(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((name) => [name, heading])),
      a: (tagName, { href = '' }) => ({ tagName, attribs: { href, rel: 'noopener nofollow' } }),
      img: (_name, { alt = '' }) => ({ tagName: 'em', attribs: {}, text: `[picture: ${alt}]` }),
    },
  });
}
