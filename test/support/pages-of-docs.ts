import { readdirSync, readFileSync } from 'node:fs';
import MarkdownIt from 'markdown-it';

const ROOT = new URL('../../', import.meta.url);

/** A page of the documentation, by its path in the repository. */
export type Page = { path: string; text: string };

/** A fenced block of a page: its language, its text, and the line that it begins on. */
export type Example = { page: string; language: string; text: string; line: number };

/** All pages for people. What people write in incidents, and what is generated for GitLab, is none. */
export const PAGES: Page[] = [...namesIn('.'), ...namesIn('docs')].map((path) => ({ path, text: readFileSync(new URL(path, ROOT), 'utf8') }));

/** All fenced blocks of all pages. */
export const EXAMPLES: Example[] = PAGES.flatMap(({ path, text }) =>
  new MarkdownIt()
    .parse(text, {})
    .filter(({ type }) => type === 'fence')
    .map(({ info, content, map }) => ({ page: path, language: info.trim(), text: content, line: (map?.[0] ?? 0) + 1 })),
);

function namesIn(folder: string): string[] {
  const names = readdirSync(new URL(`${folder}/`, ROOT)).filter((name) => name.endsWith('.md'));
  return names.map((name) => (folder === '.' ? name : `${folder}/${name}`)).sort();
}

/** A link of a page, as it is written, and the words that it stands on. */
export type Link = { page: string; target: string };

/** All links of a page, those in code left out. */
export function linksOf({ path, text }: Page): Link[] {
  const inline = new MarkdownIt().parse(text, {}).flatMap(({ children }) => children ?? []);
  return inline.flatMap((token) => {
    const target = token.type === 'link_open' ? token.attrGet('href') : token.type === 'image' ? token.attrGet('src') : null;
    return target === null ? [] : [{ page: path, target: decodeURI(String(target)) }];
  });
}

/** The anchors that GitLab gives the headings of a page; a second one of the same name has `-1`. Source: GitLab docs, user/markdown, heading IDs. */
export function anchorsOf({ text }: Page): string[] {
  const tokens = new MarkdownIt().parse(text, {});
  const seen = new Map<string, number>();
  return tokens.flatMap((token, index) => {
    if (token.type !== 'heading_open') return [];
    const words = (tokens[index + 1]?.children ?? []).map(({ content }) => content).join('');
    const slug = words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-')
      .replace(/-{2,}/g, '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return [times === 0 ? slug : `${slug}-${times}`];
  });
}
