import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { render } from '../../scripts/render/engine.ts';
import { readCiText } from '../../scripts/sandbox/world/ci-text.ts';
import { complaintsOf } from '../support/ci-schema.ts';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const DIGEST = 'ab'.repeat(32);
const setup = (include: string, from: string): string =>
  render('setup/gitlab-ci.yml', { include, from, bundle_url: 'https://gitlab.example.com/watchkeeper.cjs', bundle_sha256: DIGEST, config: 'oncall.yml' });

type Header = { spec: { inputs: Record<string, { description?: string; default?: unknown }> } };
const headerOf = (text: string): Header => parse(text.split(/^---$/m)[0] ?? '') as Header;

const COMPONENT = read('templates/watch.yml');
const FILES = [
  { name: '.gitlab-ci.yml', text: read('.gitlab-ci.yml'), inputs: {} },
  ...['download', 'image', 'source'].map((bundle) => ({ name: `the component by ${bundle}`, text: COMPONENT, inputs: { bundle } })),
  { name: 'what setup commits, by a component', text: setup('component', '$CI_SERVER_FQDN/sirt/watchkeeper/watch@1.0.0'), inputs: {} },
  { name: 'what setup commits, by a file', text: setup('local', '.gitlab/watch.yml'), inputs: { task: 'report' } },
  { name: 'what setup commits, by an address', text: setup('remote', 'https://gitlab.example.com/sirt/watchkeeper/-/raw/1.0.0/templates/watch.yml'), inputs: {} },
];

describe("GitLab's JSON schema of CI files", () => {
  it.each(FILES)('accepts $name, header and all', ({ text, inputs }) => {
    expect(complaintsOf(headerOf(text))).toEqual([]);
    expect(complaintsOf(readCiText(text, inputs).content)).toEqual([]);
  });

  it.each([
    { name: 'a job with a misspelt key', content: { job: { script: ['echo'], resource_groups: 'x' } } },
    { name: 'an input of no known type', content: { spec: { inputs: { a: { type: 'text' } } } } },
  ])('refuses $name', ({ content }) => {
    expect(complaintsOf(content).length).toBeGreaterThan(0);
  });
});

describe('the inputs of a pipeline', () => {
  it('are the same in our own file and in what setup commits, and the component takes them all', () => {
    const own = headerOf(read('.gitlab-ci.yml')).spec.inputs;
    expect(headerOf(setup('local', 'x')).spec.inputs).toEqual(own);
    expect(headerOf(COMPONENT).spec.inputs).toMatchObject(own);
  });

  it.each([
    { name: 'our own file', text: read('.gitlab-ci.yml') },
    { name: 'what setup commits', text: setup('local', 'x') },
  ])('are passed on by $name, each as itself', ({ text }) => {
    const { inputs, content } = readCiText(text, { task: 'timer', sweep_flags: '--deep', project: 42, iid: 7, start_in: '15 minutes', report_flags: '--evidence --from 2026-07-01 --to 2026-09-30' });
    expect((content['include'] as { inputs: object }[])[0]?.inputs).toMatchObject(inputs);
  });

  it('of the component are each described, and have a default', () => {
    const inputs = Object.values(headerOf(COMPONENT).spec.inputs);
    expect(inputs.filter((input) => !/[.:].*\.$|\.$/.test(input.description ?? '') || input.default === undefined)).toEqual([]);
  });
});

describe('docs/components.md', () => {
  const [, example = ''] = /```yaml\n(spec:[^]*?)```/.exec(read('docs/components.md')) ?? [];

  it('shows the file that setup commits, without the descriptions', () => {
    const inputs = Object.entries(headerOf(setup('x', 'y')).spec.inputs);
    const bare = inputs.map(([name, input]) => [name, Object.fromEntries(Object.entries(input).filter(([key]) => key !== 'description'))] as const);
    expect(headerOf(example)).toEqual({ spec: { inputs: Object.fromEntries(bare) } });
    const from = '$CI_SERVER_FQDN/group/watchkeeper/watch@1.0.0';
    const url = '$CI_API_V4_URL/projects/7/packages/generic/watchkeeper/1.0.0/watchkeeper.cjs';
    const committed = render('setup/gitlab-ci.yml', { include: 'component', from, bundle_url: url, bundle_sha256: '0'.repeat(64), config: 'oncall.yml' });
    expect(readCiText(example, {}).content).toEqual(readCiText(committed, {}).content);
  });

  it('shows inputs that the component takes', () => {
    const [{ inputs }] = readCiText(example, {}).content['include'] as [{ inputs: Record<string, unknown> }];
    expect(Object.keys(readCiText(COMPONENT, inputs).inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
  });
});

describe('the component', () => {
  const { content } = readCiText(COMPONENT, {});
  const jobs = Object.entries(content as Record<string, Record<string, unknown>>);

  it('has no keyword that would hold for the jobs of who includes it', () => {
    const global = ['default', 'workflow', 'variables', 'stages', 'image', 'services', 'cache', 'before_script', 'after_script', 'include'];
    expect(jobs.map(([name]) => name).filter((name) => global.includes(name))).toEqual([]);
  });

  it('puts no input into a line that a shell reads', () => {
    const lines = COMPONENT.split('\n');
    const scripts = lines.flatMap((line, at) =>
      /^ +(?:before_|after_)?script:/.test(line)
        ? lines.slice(
            at,
            lines.findIndex((next, after) => after > at && /^ {0,2}\S/.test(next) && !/^ {2}#/.test(next)),
          )
        : [],
    );
    expect(scripts.length).toBeGreaterThan(60);
    expect(scripts.filter((line) => line.includes('$[['))).toEqual([]);
  });

  it.each(['sweep', 'shift', 'report'])('runs no two jobs %s at once', (job) => {
    expect(content[job]).toMatchObject({ resource_group: `watchkeeper-${job}` });
  });
});
