import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { IDS_TEMPLATE } from '../../scripts/sandbox/story/company.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const README = read('README.md');

describe('README.md', () => {
  it('shows the comment that an owner sees', () => {
    const [, ...words] = read('test/render/comments/blocked.md').trimEnd().split('\n');
    expect(README).toContain(words.map((line) => `> ${line}`.trimEnd()).join('\n'));
  });

  it("shows the webhook's template as the demo installs it", () => {
    expect(README).toContain(`\`\`\`json\n${IDS_TEMPLATE}\n\`\`\``);
  });

  it('names every variable that is read', () => {
    const known = [...(read('scripts/ci/environment.ts') + read('scripts/ci/terminal.ts')).matchAll(/'([A-Z]+_[A-Z_]+)'/g)].map((match) => match[1] ?? '');
    const rows = README.split('\n').filter((line) => line.startsWith('| `'));
    expect(known.filter((name) => !rows.some((row) => row.includes(`\`${name}\``)))).toEqual([]);
  });

  it('links only to what is there', () => {
    const files = ['README.md', 'CONTRIBUTING.md', ...readdirSync(new URL('../../docs/', import.meta.url)).map((name) => `docs/${name}`)];
    const links = files.flatMap((file) => [...read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => new URL(match[1] ?? '', new URL(`../../${file}`, import.meta.url))));
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !existsSync(link)).map(String)).toEqual([]);
  });

  it('names only commands that exist', () => {
    const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
    const docs =
      README + read('CONTRIBUTING.md') + ['codes', 'configuration', 'fields', 'merge-requests', 'own-schemas', 'troubleshooting', 'validate'].map((name) => read(`docs/${name}.md`)).join('');
    const named = [...docs.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
    const doors = readdirSync(new URL('../../scripts/', import.meta.url));
    expect([...docs.matchAll(/scripts\/([\w-]+\.ts)/g)].map((match) => match[1] ?? '').filter((door) => !doors.includes(door))).toEqual([]);
  });
});
