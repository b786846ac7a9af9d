import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, linksOf, PAGES } from '../support/pages-of-docs.ts';

const ROOT = new URL('../../', import.meta.url);
const LINKS = PAGES.flatMap(linksOf);
const isOutside = (target: string): boolean => /^[a-z]+:/.test(target);
/** The file that a link leads to, by its path in the repository, and the heading. */
const ends = LINKS.filter(({ target }) => !isOutside(target)).map(({ page, target }) => {
  const [file = '', anchor] = target.split('#');
  return { page, target, file: file === '' ? page : path.posix.join(path.posix.dirname(page), file), anchor };
});

describe('the links of all pages', () => {
  it('lead to files that are there', () => {
    expect(ends.length).toBeGreaterThan(100);
    expect(ends.filter(({ file }) => !existsSync(new URL(file, ROOT)))).toEqual([]);
  });

  it('lead to headings that are there', () => {
    const anchors = new Map(PAGES.map((page) => [page.path, anchorsOf(page)]));
    expect(ends.filter(({ anchor }) => anchor !== undefined).length).toBeGreaterThan(30);
    expect(ends.filter(({ file, anchor }) => anchor !== undefined && !anchors.get(file)?.includes(anchor))).toEqual([]);
  });

  it('to other sites are https, without a user and without a blank', () => {
    const bad = LINKS.filter(({ target }) => isOutside(target)).filter(
      ({ target }) => !URL.canParse(target) || new URL(target).protocol !== 'https:' || new URL(target).username !== '' || /\s/.test(target),
    );
    expect(bad).toEqual([]);
  });

  it('in messages, help and words of ours lead to pages and headings that are there', () => {
    const said = readdirSync(new URL('scripts/', ROOT), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(new URL(`scripts/${file}`, ROOT), 'utf8'))
      .join('\n');
    const named = [...said.matchAll(/(?<![\w/])(docs\/[\w-]+\.md|README\.md|SECURITY\.md|CONTRIBUTING\.md)(?:, "([^"]+)")?/g)];
    expect(named.length).toBeGreaterThan(10);
    const gone = named.filter(([, file = '', heading]) => {
      const page = PAGES.find((each) => each.path === file);
      return !page || (heading !== undefined && !page.text.includes(`# ${heading}\n`));
    });
    expect(gone.map(([words]) => words)).toEqual([]);
  });

  it('lead from README.md to every page of docs/', () => {
    const linked = new Set(ends.filter(({ page }) => page === 'README.md').map(({ file }) => file));
    expect(PAGES.map((page) => page.path).filter((page) => page !== 'README.md' && !linked.has(page))).toEqual([]);
  });
});
