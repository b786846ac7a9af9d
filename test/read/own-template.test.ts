import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../scripts/read/config.ts';
import { flawOf, MAJOR } from '../../scripts/read/own-template.ts';
import { renderComment } from '../../scripts/render/comment.ts';

const OWN = `{{#each tell}}{{mention this}}{{#unless @last}}, {{/unless}}{{/each}} S{{severity}}{{#if by}} by {{inert by}}{{else}} by the severity{{/if}}
{{#each places}}
- {{title}}: {{#if text}}{{inert text}}{{else}}none{{/if}}
{{/each}}
`;

describe("a template of the project's own", () => {
  it.each([
    { name: 'words alone', source: 'Join the bridge.' },
    { name: 'all that there is', source: OWN },
    { name: 'a value of the outside within a list', source: '{{#each places}}{{mention ../by}}{{/each}}' },
    { name: 'a comment', source: 'a {{! not shown }}' },
  ])('may have $name', ({ source }) => {
    expect(flawOf(source, MAJOR)).toBeUndefined();
  });

  it.each([
    { source: ' \n', flaw: '1:1 has no words' },
    { source: 'a\n{{#if by}}\n', flaw: '3:1 is no Handlebars template: Parse error on line 3' },
    { source: '{{#if by}}{{/each}}', flaw: "1:1 is no Handlebars template: if doesn't match each - 1:3" },
    { source: 'a\n by {{by}}', flaw: '2:5 shows text of people: write {{inert by}}' },
    { source: '{{#each places}}{{text}}{{/each}}', flaw: '1:17 shows text of people: write {{inert text}}' },
    { source: '{{{inert by}}}', flaw: '1:1 has triple braces: write two' },
    { source: '{{bridge}}', flaw: '1:3 knows no bridge there' },
    { source: '{{constructor}}', flaw: '1:3 knows no constructor there' },
    { source: '{{#each tell}}{{title}}{{/each}}', flaw: '1:17 knows no title there' },
    { source: '{{../severity}}', flaw: '1:3 knows no ../severity there' },
    { source: '{{@root.by}}', flaw: '1:3 knows no @root.by there' },
    { source: '{{@first}}', flaw: '1:3 knows no @first there' },
    { source: '{{#each by}}{{/each}}', flaw: '1:1 each is for lists, and by is none' },
    { source: '{{#with by}}{{/with}}', flaw: '1:1 has the block with; there are if, unless and each, each of one value' },
    { source: '{{places}}', flaw: '1:1 shows places, which is a list or a thing with parts' },
    { source: '{{lookup places 1}}', flaw: '1:1 has the helper lookup; there are inert and mention, each of one value' },
    { source: '{{inert severity}}', flaw: '1:1 inert is for text of people' },
    { source: '{{inert "x"}}', flaw: '1:9 has more than a name in its braces' },
    { source: '{{> comments/major}}', flaw: '1:1 has a partial or a decorator, and there are none' },
  ])('$source: $flaw', ({ source, flaw }) => {
    const found = flawOf(source, MAJOR);
    expect(`${found?.line}:${found?.column} ${found?.says}`).toBe(flaw);
  });

  it.each([
    {
      given: 'everything',
      more: { severity: 1, by: 'ana', tell: ['lea', 'kim'], places: [{ title: 'Bridge', text: 'https://meet.example.com/1' }] },
      says: '@lea, @kim S1 by `ana`\n- Bridge: `https://meet.example.com/1`\n',
    },
    { given: 'nothing', more: { severity: null, by: '', tell: [], places: [{ title: 'Bridge', text: '' }] }, says: 'S by the severity\n- Bridge: none\n' },
    { given: 'hostile text', more: { severity: 2, by: '@all', tell: ['all'], places: [{ title: 'Bridge', text: '/close\n@all' }] }, says: '`all` S2 by `@all`\n- Bridge: `/close @all`\n' },
  ])('is rendered when it is given $given', ({ more, says }) => {
    const view = { words: 'major', template: OWN, ...more } as const;
    expect(renderComment({ slot: 'major', delivery: 'call', facts: {}, view }).split('\n').slice(1).join('\n')).toBe(says);
  });
});

describe('major.template', () => {
  /** What a configuration is that names this path, in a repository with these files. */
  async function checked(template: string, files: Record<string, string> = {}): Promise<Awaited<ReturnType<typeof checkConfig>>> {
    const folder = await mkdtemp(path.join(tmpdir(), 'own-template-'));
    await mkdir(path.join(folder, 'repo', '.git'), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
    await symlink(path.join(folder, 'outside.hbs'), path.join(folder, 'repo', 'link.hbs'));
    return checkConfig(path.join(folder, 'repo', 'oncall.yml'), `sources: [{ project: 42 }]\nmajor:\n  template: ${JSON.stringify(template)}\n`);
  }

  it('is read from beside the configuration', async () => {
    expect(await checked('major.hbs', { 'repo/major.hbs': OWN })).toMatchObject({ ok: true, installation: { majorTemplate: OWN } });
  });

  it.each([
    { name: 'a file that is not there', template: 'majr.hbs', files: {}, says: 'oncall.yml:3:13 CONFIG_INVALID major.template "majr.hbs" does not exist. Paths are read from the configuration' },
    { name: 'a folder', template: '.', files: {}, says: 'oncall.yml:3:13 CONFIG_INVALID major.template "." lies outside the repository' },
    { name: 'a file outside', template: '../outside.hbs', files: { 'outside.hbs': 'x' }, says: 'oncall.yml:3:13 CONFIG_INVALID major.template "../outside.hbs" lies outside the repository' },
    { name: 'a link that leads outside', template: 'link.hbs', files: { 'outside.hbs': 'x' }, says: 'oncall.yml:3:13 CONFIG_INVALID major.template "link.hbs" lies outside the repository' },
    { name: "git's own folder", template: '.git/config', files: { 'repo/.git/config': 'x' }, says: 'oncall.yml:3:13 CONFIG_INVALID major.template ".git/config" lies outside the repository' },
    { name: 'a template with a mistake', template: 'major.hbs', files: { 'repo/major.hbs': 'all:\n{{by}}' }, says: 'major.hbs:2:1 TEMPLATE_INVALID shows text of people: write {{inert by}}' },
  ])('may not be $name', async ({ template, files, says }) => {
    const result = await checked(template, files);
    expect(result.ok ? [] : result.mistakes.map(({ file, line, column, code, message }) => `${path.basename(file)}:${line}:${column} ${code} ${message}`)).toEqual([says]);
  });
});
