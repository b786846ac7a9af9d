import { mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SetupError } from '../../scripts/ci/errors.ts';
import { readPapers, type Papers } from '../../scripts/read/papers.ts';

const CONFIG = 'sources: [{ project: 42 }]\n';
const inZone = (zone: string): string => `${CONFIG}time_zone: ${zone}\n`;

/** A folder with these files, and with the folders in which they lie. */
async function folderWith(files: Record<string, string | Buffer>): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'papers-')));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** Reads what is named (`./` is the folder), and names it from the folder again. */
async function read(folder: string, named: string[], { config, input = '' }: { config?: string; input?: string } = {}): Promise<Papers> {
  const place = (name: string): string => name.replace(/^\./, folder);
  const asked = { files: named.map(place), configPath: config === undefined ? undefined : place(config), readStdin: () => Promise.resolve(input) };
  const { papers, skipped } = await readPapers(asked);
  const show = (file: string): string => (file.startsWith('<') ? file : path.relative(folder, path.resolve(file)));
  return { papers: papers.map((paper) => ({ ...paper, file: show(paper.file) })), skipped: skipped.map(show) };
}

const filesOf = ({ papers }: Papers): string[] => papers.map(({ file }) => file);
const zonesOf = ({ papers }: Papers): string[] => papers.flatMap((paper) => (paper.kind === 'description' ? [paper.installation.time_zone] : []));

describe('files are found', () => {
  const files = {
    ...{ 'a.md': 'a', 'b.markdown': 'b', 'c.txt': 'c', 'd.rst': 'd', '.e.md': 'e' },
    ...{ 'in/f.md': 'f', 'in/deeper/g.md': 'g', 'node_modules/h.md': 'h', 'in/node_modules/i.md': 'i', '.git/j.md': 'j' },
  };
  it.each([
    { name: 'by name, in that order', named: ['./c.txt', './a.md'], found: ['c.txt', 'a.md'] },
    { name: 'by name, whatever they end in', named: ['./d.rst'], found: ['d.rst'] },
    { name: 'once, however often and however they are named', named: ['./a.md', './/a.md', './in/../a.md', '.'], found: ['a.md', '.e.md', 'b.markdown', 'c.txt', 'in/deeper/g.md', 'in/f.md'] },
    { name: 'in a folder by how they end, hidden and nested ones too', named: ['.'], found: ['.e.md', 'a.md', 'b.markdown', 'c.txt', 'in/deeper/g.md', 'in/f.md'] },
    { name: 'in several folders, one after another', named: ['./in/deeper', './in'], found: ['in/deeper/g.md', 'in/f.md'] },
    { name: 'by a glob', named: ['./in/{deeper/,}*.md'], found: ['in/deeper/g.md', 'in/f.md'] },
    { name: 'by a glob of hidden ones', named: ['./*.md'], found: ['.e.md', 'a.md'] },
    { name: 'by a glob with the slashes of Windows', named: ['.\\in\\*.md'], found: ['in/f.md'] },
  ])('$name', async ({ named, found }) => {
    expect(filesOf(await read(await folderWith(files), named))).toEqual(found);
  });

  it('and not followed by links, unless they are named', async () => {
    const folder = await folderWith({ 'a.md': 'a', 'in/b.md': 'b' });
    await symlink(path.join(folder, 'a.md'), path.join(folder, 'in/link.md'));
    await symlink(path.join(folder, 'in'), path.join(folder, 'linked'));
    expect(filesOf(await read(folder, ['.']))).toEqual(['a.md', 'in/b.md']);
    expect(filesOf(await read(folder, ['./in/link.md']))).toEqual(['in/link.md']);
  });

  it('and descriptions told from configurations; what is neither is skipped', async () => {
    const folder = await folderWith({
      ...{ 'a.md': '## Summary\n', 'oncall.yml': CONFIG, 'in/oncall.yml': 'sources: 42\n', 'watch.yaml': CONFIG, 'watch.json': JSON.stringify({ sources: [{ project: 42 }] }) },
      ...{ 'x.schema.json': JSON.stringify({ sources: 1 }), 'pipeline.yml': 'stages: []\n', 'list.yml': '- sources\n', 'broken.yml': '[', 'sources.yml': 'sources\n' },
    });
    const { papers, skipped } = await read(folder, ['.']);
    expect(papers.map(({ kind, file }) => `${file}: ${kind}`)).toEqual([
      'a.md: description',
      'in/oncall.yml: config',
      'oncall.yml: config',
      'watch.json: config',
      'watch.yaml: config',
      'x.schema.json: config',
    ]);
    expect(skipped).toEqual(['broken.yml', 'list.yml', 'pipeline.yml', 'sources.yml']);
  });

  it('and taken for configurations because somebody names them, but for schemas', async () => {
    const folder = await folderWith({ 'pipeline.yml': 'stages: []\n', 'x.schema.json': '{}', 'UPPER.YML': CONFIG });
    const { papers, skipped } = await read(folder, ['./pipeline.yml', './x.schema.json', './UPPER.YML']);
    expect(papers).toMatchObject([
      { kind: 'config', file: 'pipeline.yml', mistakes: [{ code: 'CONFIG_INVALID' }, { code: 'CONFIG_OPTION_UNKNOWN' }] },
      { kind: 'config', file: 'UPPER.YML', mistakes: [] },
    ]);
    expect(skipped).toEqual(['x.schema.json']);
  });
});

describe('a description is read', () => {
  it.each([
    { name: 'by our defaults where there is no configuration', files: { 'a.md': 'text' }, zone: 'UTC' },
    { name: 'by the configuration beside it', files: { 'a.md': 'text', 'oncall.yml': inZone('Asia/Tokyo') }, zone: 'Asia/Tokyo' },
    { name: 'by the nearest one above it', files: { 'in/deeper/a.md': 'text', 'in/oncall.yml': inZone('Asia/Tokyo'), 'oncall.yml': inZone('Europe/Berlin'), '.git/HEAD': '' }, zone: 'Asia/Tokyo' },
    { name: 'by the one at the top of its repository', files: { 'in/a.md': 'text', '.git/HEAD': '', 'oncall.yml': inZone('Asia/Tokyo') }, zone: 'Asia/Tokyo' },
    { name: 'by none outside its repository', files: { 'in/a.md': 'text', 'in/.git/HEAD': '', 'oncall.yml': inZone('Asia/Tokyo') }, zone: 'UTC' },
    {
      name: 'by the one that is named, whatever lies nearer',
      files: { 'a.md': 'text', 'oncall.yml': inZone('Asia/Tokyo'), 'other.yml': inZone('Europe/Rome') },
      config: './other.yml',
      zone: 'Europe/Rome',
    },
    { name: 'by no folder that is called like one', files: { 'a.md': 'text', 'oncall.yml/b.md': 'text' }, zone: 'UTC' },
  ])('$name', async ({ files, config, zone }) => {
    const folder = await folderWith(files);
    const [named] = Object.keys(files).filter((file) => file.endsWith('a.md'));
    const papers = await read(folder, [`./${named ?? ''}`], config === undefined ? {} : { config });
    expect(papers).toMatchObject({ papers: [{ kind: 'description', file: named, text: 'text' }], skipped: [] });
    expect(zonesOf(papers)).toEqual([zone]);
  });

  it('each by its own', async () => {
    const folder = await folderWith({ 'a/a.md': '', 'a/oncall.yml': inZone('Asia/Tokyo'), 'b/b.md': '', 'b/oncall.yml': inZone('Europe/Rome'), 'b/c.md': '' });
    expect(zonesOf(await read(folder, ['./a/a.md', './b/b.md', './b/c.md']))).toEqual(['Asia/Tokyo', 'Europe/Rome', 'Europe/Rome']);
  });

  it('from the input', async () => {
    const folder = await folderWith({ 'other.yml': inZone('Europe/Rome') });
    const papers = await read(folder, ['-'], { config: './other.yml', input: '## Summary\n' });
    expect(papers).toMatchObject({ papers: [{ kind: 'description', file: '<stdin>', text: '## Summary\n' }], skipped: [] });
    expect(zonesOf(papers)).toEqual(['Europe/Rome']);
  });
});

describe('what cannot be read is a setup error', () => {
  it.each([
    { name: 'no name at all', named: [], says: 'validate wants the names of files, or - for its input. --help tells more.' },
    { name: 'a file that is not there', named: ['./gone.md'], says: /^There is no file ".*\/gone\.md"\.$/ },
    { name: 'a glob that finds nothing', named: ['./*.rst'], says: /^There is no file ".*\/\*\.rst"\.$/ },
    { name: 'folders without files', named: ['./empty', './empty'], says: /^There is nothing to check in .*\/empty, .*\/empty\.$/ },
    { name: 'a file of more than 1 MiB', named: ['./large.md'], says: /large\.md is larger than 1 MiB, GitLab's limit for a description\.$/ },
    { name: 'what is no text', named: ['./latin.md'], says: /latin\.md cannot be read: it is no UTF-8 text\.$/ },
    { name: 'a configuration above that is none', named: ['./in/a.md'], says: /in\/oncall\.yml:1:10: sources must be array.* See docs\/configuration\.md\.$/ },
  ])('$name', async ({ named, says }) => {
    const folder = await folderWith({
      ...{ 'a.md': '', 'empty/a.png': '', 'large.md': 'x'.repeat(1_048_577), 'latin.md': Buffer.from([0x67, 0xfc, 0x6e]) },
      ...{ 'in/a.md': '', 'in/oncall.yml': 'sources: 42\n' },
    });
    const reading = read(folder, named);
    await expect(reading).rejects.toThrow(SetupError);
    await expect(reading).rejects.toThrow(says);
  });

  it('and one of exactly 1 MiB can', async () => {
    const folder = await folderWith({ 'large.md': 'x'.repeat(1_048_576) });
    expect(filesOf(await read(folder, ['./large.md']))).toEqual(['large.md']);
  });
});
