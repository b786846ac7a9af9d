import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { SCHEMAS } from '../../scripts/schema/schemas.ts';
import { validate } from '../../scripts/schema/validate.ts';
import { runBundled } from '../support/bundle.ts';
import { complaintsOf } from '../support/ci-schema.ts';
import { mermaidFlaws } from '../support/mermaid.ts';
import { EXAMPLES, PAGES, type Example } from '../support/pages-of-docs.ts';

const LANGUAGES = ['shell', 'sh', 'yaml', 'json', 'markdown', 'text', 'ts', 'diff', 'mermaid'];
const ROOT = new URL('../../', import.meta.url);
const SCRIPTS = Object.entries((JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { scripts: Record<string, string> }).scripts);
const DOORS = readdirSync(new URL('scripts/', ROOT)).filter((name) => name.endsWith('.ts'));

const of = (...languages: string[]): (Example & { name: string })[] => EXAMPLES.filter(({ language }) => languages.includes(language)).map((each) => ({ ...each, name: `${each.page}:${each.line}` }));
const TEXT = PAGES.map(({ text }) => text).join('\n');
/** What is said of each door that takes flags, with the words behind it, in examples and in sentences. */
const CALLS = [...TEXT.matchAll(/(?:npm run (?:-s )?([a-z-]+) -- |scripts\/([a-z-]+)\.ts )([^`\n#|]*)/g)].map(([, script = '', door = '', words = '']) => ({ door: script || door, words }));

it('every example says what it is written in', () => {
  expect(EXAMPLES.length).toBeGreaterThan(40);
  expect(EXAMPLES.filter(({ language }) => !LANGUAGES.includes(language))).toEqual([]);
});

describe('commands', () => {
  it.each(of('shell', 'sh'))('$name are read by a shell', ({ text }) => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('run scripts and doors that exist', () => {
    const named = [...TEXT.matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name]) => name);
    const known = SCRIPTS.map(([name]) => name);
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((name) => !known.includes(name ?? ''))).toEqual([]);
    const doors = [...TEXT.matchAll(/(?<![\w/])scripts\/([\w-]+\.ts)/g)].map(([, name]) => name ?? '');
    expect(doors.filter((name) => !DOORS.includes(name))).toEqual([]);
  });

  it.each(['setup', 'sweep', 'shift', 'report', 'validate', 'roster', 'rehearse', 'check-merge-request'])('give %s only flags that it knows', async (door) => {
    const { output } = await runBundled(door, {}, ['--help']);
    const given = CALLS.filter((call) => call.door === door).flatMap(({ words }) => words.match(/(?<!\S)--[a-z][a-z-]*/g) ?? []);
    expect(given.length).toBeGreaterThan(0);
    expect(given.filter((flag) => !new RegExp(`^ .*(?<![\\w-])${flag}(?![a-z-])`, 'm').test(output))).toEqual([]);
  });
});

describe('options of the configuration', () => {
  type Option = { properties?: Record<string, Option> };
  /** Pages on what else has such names: fields, numbers, events of PagerDuty. */
  const OTHERS = ['docs/fields.md', 'docs/metrics.md', 'docs/pagerduty.md'];
  const SENTENCES = PAGES.filter(({ path }) => !OTHERS.includes(path))
    .map(({ text }) => text)
    .join('\n');
  const all = SCHEMAS.config.properties as unknown as Record<string, Option>;
  const isThere = (options: Record<string, Option> | undefined, [name = '', ...rest]: string[]): boolean => {
    const option = options?.[name];
    return option !== undefined && (rest.length === 0 || option.properties === undefined || isThere(option.properties, rest));
  };

  it('that sentences name are there', () => {
    const roots = Object.keys(SCHEMAS.config.properties).join('|');
    const named = [...SENTENCES.matchAll(new RegExp(`\`((?:${roots})\\.[a-z][\\w.]*)`, 'g'))].map(([, option = '']) => option).filter((option) => !/\.(?:yml|md|json|csv|ts|ics)$/.test(option));
    expect(named.length).toBeGreaterThan(50);
    expect([...new Set(named)].filter((option) => !isThere(all, option.split('.')))).toEqual([]);
  });
});

const isConfig = (value: unknown): value is object => value !== null && typeof value === 'object' && Object.keys(value).every((key) => key in SCHEMAS.config.properties);

describe('YAML', () => {
  it.each(of('yaml'))('$name is a configuration that is accepted, or a CI file', ({ text }) => {
    const documents = parseAllDocuments(text);
    expect(Array.isArray(documents) && documents.flatMap(({ errors }) => errors)).toEqual([]);
    for (const value of [...documents].map((document) => document.toJS() as unknown)) {
      if (isConfig(value)) expect(validate('config', { sources: [{ project: 42 }], ...value })).toMatchObject({ ok: true });
      else expect(complaintsOf(value)).toEqual([]);
    }
  });

  it('has examples of both', () => {
    const kinds = of('yaml').map(({ text }) => isConfig(parseAllDocuments(text).at(-1)?.toJS()));
    expect(new Set(kinds)).toEqual(new Set([true, false]));
  });
});

it.each(of('json'))('JSON $name can be read', ({ text }) => {
  expect(() => JSON.parse(text) as unknown).not.toThrow();
});

describe('pictures', () => {
  it.each(of('mermaid'))('$name are well-formed', ({ text }) => {
    expect(mermaidFlaws(text)).toEqual([]);
  });

  it.each([
    { text: 'flowchart XY\n  a --> b\n', flaw: 'flowchart XY' },
    { text: 'flowchart LR\n  a["one" --> b\n', flaw: '  a["one" --> b' },
    { text: 'flowchart LR\n  a --> end\n', flaw: '  a --> end' },
    { text: 'flowchart LR\n  a["ack::done"] --> b\n  c\n', flaw: 'b has no words' },
    { text: 'stateDiagram-v2\n  a -> b\n', flaw: '  a -> b' },
    { text: 'stateDiagram-v2\n  state one::two as a\n', flaw: '  state one::two as a' },
    { text: 'stateDiagram-v2\n  a --> b : x\n  b --> [*]\n', flaw: 'a has no words' },
  ])('of which $flaw is noticed', ({ text, flaw }) => {
    expect(mermaidFlaws(text)).toContain(flaw);
  });
});
