import { mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DoorRun } from '../../scripts/ci/door.ts';
import { runBundled } from '../support/bundle.ts';
import { COMPLETE, FALSE_POSITIVE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';

type Ran = DoorRun & { folder: string; lines: string[] };

/** Runs validate on files in a folder of their own; names that begin with `./` are theirs. */
async function validate(args: string[], files: Record<string, string> = {}, input = ''): Promise<Ran> {
  const folder = await mkdtemp(path.join(tmpdir(), 'validate-'));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  const placed = args.map((arg) => (arg.startsWith('./') ? path.join(folder, arg) : arg));
  const run = await runBundled('validate', { WATCHKEEPER_OUT: path.join(folder, 'out') }, placed, input);
  const output = run.output.replaceAll(`${folder}/`, '');
  return { ...run, output, folder, lines: output.split('\n').filter((line) => /^[^ ]+:\d+:\d+: /.test(line)) };
}

const NIGHTS =
  'sources: [{ project: 42 }]\nroster:\n  engineers:\n    fallback: "@lea"\n    layers: [{ name: day, start: 2020-11-02, rotation: ["@ana"], rotate: week, shifts: [{ from: "08:00", to: "20:00" }] }]\n';

describe('a roster', () => {
  it('with a gap is an error now and a warning later, at its duty', async () => {
    const { exitCode, lines, output } = await validate(['./oncall.yml'], { 'oncall.yml': NIGHTS });
    const gap = 'roster\\.engineers: nobody is on call (?:from [-0-9: ]{16} to|until) [-0-9: ]{16} UTC';
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^oncall\\.yml:3:3: ROSTER_GAP ${gap}, and 1[34] times more within 14 days\\.$`)),
      expect.stringMatching(new RegExp(`^oncall\\.yml:3:3: ROSTER_GAP warning: ${gap}, and 7[4-6] times more within 90 days\\.$`)),
    ]);
    expect({ exitCode, summary: output.trimEnd().split('\n').at(-1) }).toEqual({ exitCode: 1, summary: 'watchkeeper validate: 1 file, 0 in order, 1 with 1 error, 1 warning' });
  });

  it('with a gap is good enough to read descriptions by', async () => {
    expect(await validate(['./a.md'], { 'a.md': FALSE_POSITIVE, 'oncall.yml': NIGHTS })).toMatchObject({ exitCode: 0, lines: [] });
  });
});

describe('a description', () => {
  it('that is complete passes the gate', async () => {
    const { exitCode, output } = await validate(['--closing', './a.md'], { 'a.md': COMPLETE });
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: 'watchkeeper validate: 1 file, in order\n' });
  });

  it('that is half-filled is no mistake while it is being written', async () => {
    expect(await validate(['./a.md'], { 'a.md': TOO_EARLY })).toMatchObject({ exitCode: 0, lines: [] });
  });

  it('that is half-filled lacks what the gate lacks, each with its place, and shows what to paste', async () => {
    const { exitCode, lines, output } = await validate(['--closing', './a.md'], { 'a.md': TOO_EARLY });
    expect(exitCode).toBe(1);
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'a.md:7:1: OWNER_MISSING',
      'a.md:8:1: ACKNOWLEDGED_AT_MISSING',
      'a.md:34:1: RCA_MISSING',
      'a.md:38:1: IMPROVEMENT_NOTES_MISSING',
    ]);
    expect(output).toContain('  Under "Ownership" (line 5) write:\n\n      - **Owner**: @username\n');
    expect(output).toContain('watchkeeper validate: 1 file, 0 in order, 1 with 4 errors\n');
  });

  it('says where in its line a wrong answer begins', async () => {
    const { lines } = await validate(['./a.md'], { 'a.md': '## Ownership\n\n- **Owner**: ana and ben\n' });
    expect(lines).toEqual([expect.stringMatching(/^a\.md:3:14: OWNER_INVALID Owner, section Ownership: `ana and ben` cannot be read/)]);
  });

  it('comes from the input', async () => {
    const { exitCode, lines } = await validate(['--closing', '-'], {}, '## Resolution\n\n- Outcome: false positive\n');
    expect({ exitCode, lines }).toMatchObject({ exitCode: 1, lines: [expect.stringContaining('<stdin>:3:12: OUTCOME_REASON_MISSING ') as string] });
  });

  it('for a hand-off lacks what a hand-off asks for', async () => {
    const { lines } = await validate(['--hand-off', './a.md'], { 'a.md': FALSE_POSITIVE });
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['ISSUE_SUMMARY', 'RELATED_ISSUES', 'ENGAGED', 'BRIDGE', 'SLACK', 'NEXT_STEPS'].map((part) => `HANDOFF_${part}_MISSING`));
  });

  it('is read by the nearest configuration above it', async () => {
    const own =
      '{ "allOf": [{ "$ref": "urn:watchkeeper:closure" }, { "required": ["ticket"] }], "properties": { "ticket": { "type": "string", "x-section": "Ticket", "x-code": "TICKET", "x-help": "The number." } } }';
    const files = { 'a.md': FALSE_POSITIVE, 'oncall.yml': 'sources: [{ project: 42 }]\nschemas: { closure: own.json }\n', 'own.json': own };
    expect((await validate(['--closing', './a.md'], files)).lines).toEqual(['a.md:1:1: TICKET_MISSING Ticket, section Ticket: nothing is written. The number.']);
    const broken = await validate(['--closing', './a.md'], { ...files, 'own.json': '{' });
    expect(broken).toMatchObject({ exitCode: 2, output: expect.stringMatching(/setup error: .*own\.json:1:\d+: /) as string });
  });

  it('suggests what a misspelt name was meant to be, and a warning fails nothing', async () => {
    const { exitCode, lines } = await validate(['./a.md'], { 'a.md': '## Ownrship\n\n## Impact\n\n- Severty: S2\n' });
    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      'a.md:1:4: HEADING_UNKNOWN warning: `Ownrship` is none of our headings: did you mean Ownership?',
      'a.md:5:3: FIELD_UNKNOWN warning: `Severty` is none of our fields: did you mean Severity?',
    ]);
  });

  it('that is hostile moves no cursor, and its backticks quote nothing', async () => {
    const { lines } = await validate(['./a.md'], { 'a.md': '## Ownership\n\n- Owner: \u001b[2J`rm`\u0007 **x**\n' });
    expect(lines.join('')).toMatch(/`\[2J rm \*\*x`/);

    expect(lines.join('')).not.toMatch(/[\u0000-\u0008\u001b]/);
  });
});

describe('files', () => {
  it('in folders and by globs are found, others are counted', async () => {
    const files = { 'a.md': COMPLETE, 'oncall.yml': 'sources: [{ project: 42 }]\n', 'x.schema.json': '{}', '.gitlab-ci.yml': 'a: {}\n' };
    expect((await validate(['./'], files)).output).toBe('watchkeeper validate: 2 files, in order, 2 skipped (neither descriptions nor configurations)\n');
    expect((await validate(['./*.md'], files)).output).toBe('watchkeeper validate: 1 file, in order\n');
  });

  it.each([
    { name: 'none', args: [], says: 'validate wants the names of files' },
    { name: 'one that is not there', args: ['./gone.md'], says: 'There is no file "gone.md".' },
    { name: 'an option that is none', args: ['--closng', './a.md'], says: "Unknown option '--closng'" },
    { name: 'two questions at once', args: ['--closing', '--hand-off', './a.md'], says: '--closing and --hand-off are two questions: ask one.' },
    { name: 'a format that is none', args: ['--format', 'xml', './a.md'], says: '--format is one of text, json, junit, gitlab, not xml.' },
  ])('$name is a setup error', async ({ args, says }) => {
    const { exitCode, output } = await validate(args, { 'a.md': '' });
    expect({ exitCode, output }).toMatchObject({ exitCode: 2, output: expect.stringContaining(`watchkeeper validate: setup error: ${says}`) as string });
  });

  it('that are named are not skipped, however broken', async () => {
    const { exitCode, lines } = await validate(['./watch.yml', './empty.json'], { 'watch.yml': 'source: 42\n', 'empty.json': '{' });
    expect({ exitCode, codes: lines.map((line) => line.split(' ')[1]) }).toEqual({ exitCode: 1, codes: ['CONFIG_INVALID', 'CONFIG_OPTION_UNKNOWN', 'YAML_INVALID'] });
  });

  it('are not followed out of a folder by links, and a folder of nothing is a setup error', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'validate-'));
    await symlink('/etc/hosts', path.join(folder, 'hosts.md'));
    const { exitCode, output } = await runBundled('validate', { WATCHKEEPER_OUT: path.join(folder, 'out') }, [folder]);
    expect({ exitCode, output }).toMatchObject({ exitCode: 2, output: expect.stringContaining('There is nothing to check in') as string });
  });

  it('that are no text are a setup error', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'validate-'));
    await writeFile(path.join(folder, 'a.md'), Buffer.from([0x23, 0x20, 0xff, 0xfe]));
    const { exitCode, output } = await runBundled('validate', { WATCHKEEPER_OUT: folder }, [path.join(folder, 'a.md')]);
    expect({ exitCode, output }).toMatchObject({ exitCode: 2, output: expect.stringContaining('it is no UTF-8 text') as string });
  });

  it('is explained by --help', async () => {
    const { exitCode, output } = await runBundled('validate', {}, ['--help']);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/node watchkeeper\.cjs validate \[options\] FILE[^]*--closing[^]*--format text\|json\|junit\|gitlab[^]*Exit codes/);
  });
});

describe('formats', () => {
  const wrong = { 'a.md': '## Ownership\n\n- Owner: ana\n', 'oncall.yml': 'sources: [{ project: 42 }]\ntimezone: UTC\n' };
  /** What the process wrote before its summary. */
  const printed = (output: string): string => output.slice(0, output.lastIndexOf('watchkeeper validate: '));

  it('json', async () => {
    const { output, exitCode, folder } = await validate(['--format', 'json', './oncall.yml'], wrong);
    const report = JSON.parse(printed(output)) as object;
    expect(exitCode).toBe(1);
    expect(report).toMatchObject({
      door: 'validate',
      exit_code: 1,
      files: [{ file: 'oncall.yml', kind: 'config', findings: [{ line: 2, column: 1, code: 'CONFIG_OPTION_UNKNOWN', level: 'error' }] }],
    });
    expect(JSON.parse((await readFile(path.join(folder, 'out/watchkeeper-report.json'), 'utf8')).replaceAll(`${folder}/`, ''))).toEqual(report);
  });

  it('junit', async () => {
    const { output, folder } = await validate(['--format', 'junit', './oncall.yml'], wrong);
    expect(output).toContain('<testsuite name="oncall.yml" tests="1" failures="1" skipped="0">');
    expect(output).toContain('message="CONFIG_OPTION_UNKNOWN: oncall.yml:2:1: the file has no option');
    expect((await readFile(path.join(folder, 'out/junit.xml'), 'utf8')).replaceAll(`${folder}/`, '').trim()).toBe(printed(output).trim());
  });

  it('gitlab: a code quality report whose fingerprints stay when lines move', async () => {
    const issues = async (text: string): Promise<{ fingerprint: string; location: unknown }[]> => {
      const folder = '.';
      const { output } = await runBundled('validate', { WATCHKEEPER_OUT: await mkdtemp(path.join(tmpdir(), 'out-')) }, ['--format', 'gitlab', '-'], text);
      return JSON.parse(printed(output).trim() || folder) as never;
    };
    const before = await issues('## Ownership\n\n- Owner: ana\n\n## Ownership\n');
    const after = await issues('Hello.\n\n## Ownership\n\n- Owner: ana\n\n## Ownership\n');
    expect(before[0]).toEqual({
      description: expect.stringContaining('OWNER_INVALID: Owner, section Ownership: `ana` cannot be read') as string,
      ...{ check_name: 'OWNER_INVALID', severity: 'major', location: { path: '<stdin>', lines: { begin: 3 } } },
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(new Set(before.map(({ fingerprint }) => fingerprint)).size).toBe(before.length);
    expect(after[0]?.fingerprint).toBe(before[0]?.fingerprint);
  });
});
