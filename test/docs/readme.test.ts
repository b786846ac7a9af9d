import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { IDS_TEMPLATE } from '../../scripts/sandbox/company.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { generateTables, withTables } from '../../scripts/schema/tables.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const README = read('README.md');

describe('README.md', () => {
  it('has the tables that the schemas give', () => {
    expect(README).toBe(withTables(README, generateTables()));
  });

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

  it('names every reason code that the rules give', () => {
    const rules = readdirSync(new URL('../../scripts/decide/', import.meta.url)).map((file) => read(`scripts/decide/${file}`));
    const codes = [...(rules.join('\n') + read('scripts/read/collect.ts')).matchAll(/code: '([A-Z_]+)'/g)].map((match) => match[1] ?? '');
    const stems = OUR_FORM.fields.map(({ code }) => code);
    const isNamed = (code: string): boolean => README.includes(`\`${code}\``) || stems.includes(code.replace(/_(?:MISSING|INVALID|CONFLICT)$/, ''));
    expect(codes.length).toBeGreaterThan(5);
    expect([...new Set(codes)].filter((code) => !isNamed(code))).toEqual([]);
  });

  it('names only commands that exist', () => {
    const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
    const docs = README + read('CONTRIBUTING.md');
    const named = [...docs.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
    const doors = readdirSync(new URL('../../scripts/', import.meta.url));
    expect([...docs.matchAll(/scripts\/([\w-]+\.ts)/g)].map((match) => match[1] ?? '').filter((door) => !doors.includes(door))).toEqual([]);
  });
});
