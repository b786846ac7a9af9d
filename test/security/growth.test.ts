import { growth } from './growth.ts';
import { describe, expect, it } from 'vitest';
import { judgeText } from '../../scripts/decide/remarks.ts';
import { coverOf } from '../../scripts/decide/roster.ts';
import { readActs } from '../../scripts/read/acts.ts';
import { readCommands } from '../../scripts/read/commands.ts';
import { checkConfig, defaultInstallation } from '../../scripts/read/config.ts';
import { ana, config, NOW } from '../support/snapshot.ts';

const installation = defaultInstallation();

/** All that is done with a description: it is read, judged and remarked upon. */
const judge = (text: string): unknown => judgeText({ file: 'incident.md', text, installation }, 'closing', NOW);
const command = (body: string): unknown => readCommands([{ id: 1, body: `${body}\n\n/override x`, author: ana, system: false, createdAt: '' }], []);

const configure = (yaml: string): unknown => checkConfig('oncall.yml', `sources: [{ project: 42 }]\n${yaml}`);

const each = (times: number, make: (index: number) => string): string => Array.from({ length: times }, (_empty, index) => make(index)).join('');
const repeat =
  (piece: string, before = '', after = '') =>
  (times: number): string =>
    before + piece.repeat(times) + after;

const ROWS: { name: string; text: (times: number) => string; times?: number }[] = [
  { name: 'bullets', text: repeat('- process: call earlier\n', '## Improvement notes\n\n') },
  { name: 'headings of a section', text: repeat('## Evidence\n') },
  { name: 'misspelt headings', text: (times) => each(times, (index) => `## Evidnce${index}\n`), times: 2000 },
  { name: 'misspelt fields', text: (times) => `## Ownership\n${each(times, (index) => `- Ownr${index}: @ana\n`)}`, times: 2000 },
  { name: 'fields that disagree', text: (times) => `## Ownership\n${each(times, (index) => `- Owner: @a${index}\n`)}` },
  { name: 'rows of a table', text: repeat('| Severity | S2 |\n', '## Impact\n\n|a|b|\n|-|-|\n') },
  { name: 'fields outside all sections', text: repeat('Owner: @ana\n'), times: 2000 },
  { name: 'quotes', text: repeat('> a\n\n') },
  { name: "GitLab's quotes", text: repeat('>>>\na\n>>>\n') },
  { name: 'fences', text: repeat('```\na\n```\n', '## Evidence\n\n') },
  { name: 'comments', text: repeat('<!-- a --> b\n', '## Summary\n\n') },
  { name: 'entries that are none', text: repeat('- a\n', '## Correspondence\n\n') },
  { name: 'open comments', text: repeat('<!-- ', '## Summary\n\nx ') },
  { name: 'code', text: repeat('`a` ', '## Summary\n\nx ') },
  { name: 'open brackets', text: repeat('[a](', '## Summary\n\n') },
  { name: 'emphasis', text: repeat('**a', '## Summary\n\n') },
  { name: 'YAML blocks', text: repeat('```yaml\nowner: "@ana"\n```\n', '## Incident\n\n') },
  { name: 'lists in lists', text: repeat('- a\n  - b\n    - c\n', '## Evidence\n\n') },
  { name: 'lines of one paragraph', text: repeat('a\n', '## Summary\n\n') },
  { name: 'HTML', text: repeat('<div>\n<b>a</b>\n</div>\n\n', '## Summary\n\n') },
  { name: 'columns of a table', text: (times) => `## Impact\n\n${'|a'.repeat(times)}\n${'|-'.repeat(times)}\n` },
  { name: 'quoted lines', text: repeat('> a\n', '## Summary\n\n') },
  { name: 'one long line of marks', text: repeat('*_`[', '## Summary\n\n') },
  { name: 'items of a YAML list', text: repeat('- a\n', '## Evidence\n\n```yaml\n', '```\n') },
];

describe('twice the description takes twice the steps', () => {
  it.each(ROWS)('$name', async ({ text, times = 500 }) => {
    expect(await growth(judge, text, times)).toBeLessThan(2.3);
  });

  it.each([
    { name: "bullets with the beginning of GitLab's quote", text: repeat('- >>>\n') },
    { name: 'runs of backticks, each longer than the one before', text: (times: number) => `## Summary\n\nx ${each(Math.round(Math.sqrt(20 * times)), (index) => `${'`'.repeat(index + 1)}a`)}` },
    { name: 'keys of a YAML block', text: (times: number) => `## Incident\n\n\`\`\`yaml\n${each(times, (index) => `k${index}:\n`)}\`\`\`\n` },
  ])('$name', async ({ text }) => {
    expect(await growth(judge, text, 1000)).toBeLessThan(2.3);
  });
});

describe('twice the comment takes twice the steps', () => {
  it.each([
    { name: 'commands', text: repeat('/override because\n\n') },
    { name: 'updates', text: repeat('/update a\n') },
    { name: 'an update of many lines', text: repeat('a\n', '/update ') },
    { name: 'paragraphs', text: repeat('a\n\n') },
    { name: 'code', text: repeat('`a` ``b`` ') },
  ])('$name', async ({ text }) => {
    expect(await growth(command, text, 500)).toBeLessThan(2.3);
  });
});

const act = (body: string): unknown => readActs([{ id: 1, body, author: ana, system: true, createdAt: '' }]);

describe("twice GitLab's own record takes twice the steps", () => {
  it.each([
    { name: 'assignments', text: repeat('@a, ', 'assigned to ', '@b') },
    { name: 'assignments that are none', text: repeat('@a ', 'assigned to ', '!') },
    { name: 'assignments and what takes them away', text: (times: number): string => `assigned to ${'@a, '.repeat(times)}@b and unassigned ${'@a, '.repeat(times)}@b` },
  ])('$name', async ({ text }) => {
    expect(await growth(act, text, 200)).toBeLessThan(2.3);
  });

  it('system notes', async () => {
    const notes = (text: string): unknown => readActs(text.split('\n').map((body, id) => ({ id, body, author: ana, system: true, createdAt: '' })));
    expect(await growth(notes, repeat('assigned to @a and unassigned @b\n'), 200)).toBeLessThan(2.3);
  });
});

describe('twice the configuration takes twice the steps', () => {
  it.each([
    { name: 'managers', text: repeat('  - "@ana"\n', 'managers:\n') },
    { name: 'options that are none', text: (times: number) => `managers:\n${each(times, (index) => `  - { k${index}: 1 }\n`)}` },
    { name: 'anchors', text: (times: number) => `managers:\n${each(times, (index) => `  - &a${index} "@ana"\n`)}` },
    { name: 'lines of a text', text: repeat('  a\n', 'time_zone: a\n') },
  ])('$name', async ({ text }) => {
    expect(await growth(configure, text, 500)).toBeLessThan(2.3);
  });

  it.each([
    { name: 'keys', text: (times: number) => each(times, (index) => `k${index}: 1\n`) },
    { name: 'aliases', text: (times: number) => `managers:\n${each(times, (index) => `  - &a${index} "@ana"\n`)}${each(times, (index) => `  - *a${index}\n`)}` },
  ])('$name', async ({ text }) => {
    expect(await growth(configure, text, 1000)).toBeLessThan(2.3);
  });
});

describe('twice the roster takes twice the steps', () => {
  const layer = { name: 'all', start: '2026-11-02', rotation: ['@ana', '@ben'], rotate: 'day' };
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];
  const layers = zones.map((zone, index) => ({ ...layer, time_zone: zone, shifts: [{ from: `1${index}:00` }] }));
  const after = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);
  const overrides = (times: number): object[] => Array.from({ length: times }, (_empty, index) => ({ from: after(index).toISOString(), to: after(index + 1).toISOString(), user: '@kim' }));

  it.each([
    { name: 'days', cover: (times: number) => coverOf(config({ roster: { engineers: { layers, fallback: '@lea' } } }), 'engineers', NOW, after(times)) },
    { name: 'overrides', cover: (times: number) => coverOf(config({ roster: { engineers: { layers, overrides: overrides(times), fallback: '@lea' } } }), 'engineers', NOW, after(20)) },
  ])('$name', async ({ cover }) => {
    expect(await growth((times) => cover(Number(times)), String, 365)).toBeLessThan(2.3);
  });
});
