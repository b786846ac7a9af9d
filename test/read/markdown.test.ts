import { describe, expect, it } from 'vitest';
import { withBoldHeadings } from '../../scripts/read/bold-headings.ts';
import { itemsOf, type Item } from '../../scripts/read/items.ts';
import { readMarkdown, textUnit, withKey, type Unit } from '../../scripts/read/markdown.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';

const text = (line: number, words: string, more: Partial<Unit & { kind: 'text' }> = {}): Unit => ({ kind: 'text', line, depth: 0, bullet: false, quoted: false, text: words, ...more });

describe('a Markdown text in pieces', () => {
  it.each<{ name: string; markdown: string; units: Unit[] }>([
    {
      name: 'headings with their level',
      markdown: '# One\n\n### Three ###\n\nTwo\n---\n',
      units: [1, 3, 5].map((line, index) => ({ kind: 'heading', line, level: [1, 3, 2][index] ?? 0, text: ['One', 'Three', 'Two'][index] ?? '' })),
    },
    { name: 'a paragraph', markdown: 'one\ntwo\n\nthree', units: [text(1, 'one\ntwo'), text(4, 'three')] },
    {
      name: 'bullets and what stands below them',
      markdown: '- one\n  - two\n\n  three\n1. four\n\nfive',
      units: [text(1, 'one', { depth: 1, bullet: true }), text(2, 'two', { depth: 2, bullet: true }), text(4, 'three', { depth: 1 }), text(5, 'four', { depth: 1, bullet: true }), text(7, 'five')],
    },
    { name: 'what stands behind a bullet that shows nothing, as no bullet', markdown: '- <!-- one -->\n\ntwo', units: [text(3, 'two')] },
    { name: 'quotes, and what follows them', markdown: '> one\n\ntwo', units: [text(1, 'one', { quoted: true }), text(3, 'two')] },
    { name: 'a quote in a quote', markdown: '> > one\n>\n> two\n\nthree', units: [text(1, 'one', { quoted: true }), text(3, 'two', { quoted: true }), text(5, 'three')] },
    { name: "GitLab's quote over several blocks", markdown: '>>>\n# one\n\ntwo\n>>>\n\nthree', units: [text(2, 'one', { quoted: true }), text(4, 'two', { quoted: true }), text(7, 'three')] },
    { name: 'the same below a paragraph', markdown: 'zero\n>>>\none\n>>>\ntwo', units: [text(1, 'zero'), text(3, 'one', { quoted: true }), text(5, 'two')] },
    { name: 'none of it where it is never closed', markdown: '>>>\none\n', units: [text(2, 'one')] },
    { name: 'headings in quotes and bullets as text', markdown: '> # one\n\n- # two\n', units: [text(1, 'one', { quoted: true }), text(3, 'two', { depth: 1, bullet: true })] },
    {
      name: 'rows of a table',
      markdown: '| a | b |\n|---|---|\n| **c** | d<br>e |\n\nf',
      units: [{ kind: 'row', line: 1, head: true, cells: ['a', 'b'] }, { kind: 'row', line: 3, head: false, cells: ['**c**', 'd e'] }, text(5, 'f')],
    },
    {
      name: 'fences with their language',
      markdown: '```YAML  key=1\na: 1\n```\n~~~\nb\n~~~\n',
      units: [
        { kind: 'fence', line: 2, language: 'yaml', text: 'a: 1\n' },
        { kind: 'fence', line: 5, language: '', text: 'b\n' },
      ],
    },
    { name: 'line breaks of HTML as line breaks, on the line where they stand', markdown: 'one<br>two<BR />three', units: [text(1, 'one\ntwo\nthree', { lines: [1, 1, 1] })] },
    { name: 'no HTML', markdown: '<div>\none\n</div>\n\ntwo', units: [text(5, 'two')] },
    { name: 'no indented code', markdown: '    one\n\ntwo', units: [text(3, 'two')] },
    { name: 'a definition of a link as text', markdown: '[one]: https://example.com', units: [text(1, '[one]: https://example.com')] },
    { name: 'no byte order mark', markdown: '\uFEFFone', units: [text(1, 'one')] },
    { name: 'nothing of nothing', markdown: '', units: [] },
  ])('$name', ({ markdown, units }) => {
    expect(readMarkdown(markdown)).toEqual(units);
  });

  it.each([
    { name: 'a comment', markdown: 'one <!-- two -->three', says: ['one three'] },
    { name: 'a comment over lines, whose line breaks stay', markdown: 'one <!-- two\nthree -->four', says: ['one \nfour'] },
    { name: 'a comment that is never closed', markdown: 'one <!-- two\nthree', says: ['one \n'] },
    { name: 'a comment before text on its last line', markdown: '<!-- one\ntwo -->three\n', says: ['\nthree\n'] },
    { name: 'comments and nothing else', markdown: '<!-- one -->\n', says: [] },
    { name: 'several comments', markdown: 'a <!-- b -->c<!-- d --> e', says: ['a c e'] },
    { name: 'none of code', markdown: 'a `<!-- b -->` c', says: ['a `<!-- b -->` c'] },
    { name: 'none of code with several backticks', markdown: 'a ``<!-- ` -->`` c', says: ['a ``<!-- ` -->`` c'] },
    { name: 'a comment with a backtick in it', markdown: 'a <!-- ` --> b ` c', says: ['a  b ` c'] },
    { name: 'a comment behind a backtick that opens nothing', markdown: 'a ` b <!-- c --> d', says: ['a ` b  d'] },
    { name: 'a comment behind backticks that are no pair', markdown: 'a `` b ` <!-- c --> d', says: ['a `` b `  d'] },
    { name: 'a comment behind code', markdown: 'a `b` <!-- c --> `d`', says: ['a `b`  `d`'] },
  ])('leaves out $name', ({ markdown, says }) => {
    expect(readMarkdown(markdown).flatMap((unit) => (unit.kind === 'text' ? [unit.text] : []))).toEqual(says);
  });

  it('becomes a bullet behind a key', () => {
    expect(withKey('tooling', [3], textUnit('mask tokens', 3))).toEqual(text(3, 'tooling: mask tokens', { bullet: true }));
    expect(withKey('the\ntooling', [1, 4], textUnit('mask\ntokens', 6))).toEqual(text(1, 'the\ntooling: mask\ntokens', { bullet: true, lines: [1, 6, 7] }));
    const row: Unit = { kind: 'row', line: 1, head: false, cells: [] };
    expect(withKey('tooling', [3], row)).toBe(row);
  });
});

describe('bold lines that name sections', () => {
  const headings = (markdown: string): [number, string][] => withBoldHeadings(readMarkdown(markdown), OUR_FORM).flatMap((unit) => (unit.kind === 'heading' ? [[unit.line, unit.text]] : []));
  it.each([
    {
      name: 'are headings',
      markdown: 'intro\n\n**Summary**\n\nA token leaked.\n\n__Ownership:__\n- Owner: @ana\n\n**Impact** :\n',
      found: [
        [3, 'Summary'],
        [7, 'Ownership'],
        [10, 'Impact'],
      ],
    },
    {
      name: 'are headings beside one that names no section',
      markdown: '# Incident of Friday\n\n**Summary**\n',
      found: [
        [1, 'Incident of Friday'],
        [3, 'Summary'],
      ],
    },
    { name: 'are text beside a heading that names a section', markdown: '# Summary\n\n**Evidence**\n', found: [[1, 'Summary']] },
    { name: 'are text in quotes and bullets', markdown: '> **Summary**\n\n- **Evidence**\n', found: [] },
    { name: 'are text where more stands on the line', markdown: '**Summary** of it\n\nSee **Evidence**\n', found: [] },
    { name: 'are text where they name no section', markdown: '**Owner**\n\n**Chat**\n', found: [] },
    { name: 'are text where they come second', markdown: 'one\n**Summary**\n', found: [] },
  ])('$name', ({ markdown, found }) => {
    expect(headings(markdown)).toEqual(found);
  });

  it('leave what follows them, on its line', () => {
    expect(withBoldHeadings(readMarkdown('**Summary**\nA token\nleaked.\n'), OUR_FORM)).toEqual([{ kind: 'heading', line: 1, level: 2, text: 'Summary' }, text(2, 'A token\nleaked.')]);
    expect(withBoldHeadings(readMarkdown('**Summary**\n'), OUR_FORM)).toEqual([{ kind: 'heading', line: 1, level: 2, text: 'Summary' }]);
  });
});

describe('the items of a section', () => {
  const items = (markdown: string): Item[] => itemsOf(readMarkdown(markdown));
  const item = (line: number, words: string, more: Partial<Item> = {}): Item => ({ line, depth: 0, afterHeading: false, text: words, ...more });
  it.each<{ name: string; markdown: string; found: Item[] }>([
    { name: 'a paragraph is one', markdown: 'one\n  two \nthree', found: [item(1, 'one\ntwo\nthree', { lines: [1, 2, 3] })] },
    { name: 'bullets are one each', markdown: '- one\n- two\n', found: [item(1, 'one', { depth: 1 }), item(2, 'two', { depth: 1 })] },
    { name: 'a paragraph below a bullet is part of it', markdown: '- one\n\n  two\n', found: [item(1, 'one\ntwo', { depth: 1, lines: [1, 3] })] },
    {
      name: 'lines that begin with a time are one each',
      markdown: '2026-11-20 01:58 alarm\nand more\n2026-11-20 02:07 UTC: calm',
      found: [item(1, '2026-11-20 01:58 alarm\nand more', { lines: [1, 2] }), item(3, '2026-11-20 02:07 UTC: calm')],
    },
    {
      name: 'lines that begin with a kind of note are one each',
      markdown: 'process: one\nowner: two\nKB: three',
      found: [item(1, 'process: one\nowner: two', { lines: [1, 2] }), item(3, 'KB: three')],
    },
    { name: 'rows of a table are one each, without its head', markdown: '| a | b |\n|---|---|\n| c | d |\n| e | |\n', found: [item(3, 'c: d'), item(4, 'e')] },
    { name: 'a fence is one, of 200 letters at most', markdown: `\`\`\`\n\n${'a'.repeat(250)}\n\`\`\`\n`, found: [item(3, 'a'.repeat(200))] },
    { name: 'an empty fence is none', markdown: '```\n\n```\n', found: [] },
    {
      name: 'a command is none, and the others keep their lines',
      markdown: '2026-11-20 01:58 alarm\n/close\n2026-11-20 02:07 calm',
      found: [item(1, '2026-11-20 01:58 alarm'), item(3, '2026-11-20 02:07 calm')],
    },
    { name: 'a command in a bullet is one', markdown: '- /close\n', found: [item(1, '/close', { depth: 1 })] },
    {
      name: 'what comes below a line that is a kind knows it',
      markdown: 'Tooling:\n\none\n\n- two\n',
      found: [item(1, 'Tooling:', { afterHeading: true }), item(3, 'one', { afterHeading: true }), item(5, 'two', { depth: 1, afterHeading: true })],
    },
    { name: 'what comes below another line with a colon does not', markdown: 'Hosts:\n\none\n', found: [item(1, 'Hosts:'), item(3, 'one')] },
    { name: 'what comes below a bullet that is a kind does not', markdown: '- Tooling:\n\none\n', found: [item(1, 'Tooling:', { depth: 1 }), item(3, 'one')] },
  ])('$name', ({ markdown, found }) => {
    expect(items(markdown)).toEqual(found);
  });
});
