import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { IDS_TEMPLATE } from '../../scripts/sandbox/story/company.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const README = read('README.md');
const [, ...COMMENT] = read('test/render/comments/blocked.md').trimEnd().split('\n');
const quoted = (lines: string[]): string => lines.map((line) => `> ${line}`.trimEnd()).join('\n');

describe('README.md', () => {
  it('fits on two screens', () => {
    expect(README.split('\n').length).toBeLessThanOrEqual(100);
  });

  it('begins with the comment that an owner sees', () => {
    expect(README).toContain(`-->\n\n${quoted(COMMENT.slice(0, 3))}\n`);
  });

  it('keeps the two commands by which it is tried', () => {
    expect(README).toContain('```shell\nnpm ci && npm run demo\nnpm test\n```');
  });
});

it('docs/closure-gate.md shows the whole comment that an owner sees', () => {
  expect(read('docs/closure-gate.md')).toContain(quoted(COMMENT));
});

it("docs/install-by-hand.md shows the webhook's template as the demo installs it", () => {
  expect(read('docs/install-by-hand.md')).toContain(`\`\`\`json\n${IDS_TEMPLATE}\n\`\`\``);
});

it('docs/jobs.md names every variable that is read', () => {
  const page = read('docs/jobs.md');
  const known = [...(read('scripts/ci/environment.ts') + read('scripts/ci/terminal.ts')).matchAll(/'([A-Z]+_[A-Z_]+)'/g)].map((match) => match[1] ?? '');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  expect(known.filter((name) => !rows.some((row) => row.includes(`\`${name}\``)))).toEqual([]);
});
