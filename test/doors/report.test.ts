import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { createPipeline } from '../../scripts/sandbox/world/pipelines.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import type { Evidence } from '../../scripts/decide/evidence.ts';
import type { History } from '../../scripts/schema/types.gen.ts';
import { validate } from '../../scripts/schema/validate.ts';
import { configFile, GATE_ALONE, runAgainst, type Ran } from '../support/door.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { later, say } from '../support/scenarios.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'report-'));
});

/** All files of a report, and those of any run. */
const FILES = ['history.json', 'incidents.csv', 'junit.xml', 'metrics.csv', 'metrics.json', 'public', 'watchkeeper-report.json'];

/** Incidents of @ana's, one a day from 2026-11-01 on at noon. */
function incidents(scene: Scene, many: number, more: Partial<StoredIssue> = {}): StoredIssue[] {
  const { world } = scene.gitlab;
  return Array.from({ length: many }, (_, index) => {
    const at = `2026-11-${String(index + 1).padStart(2, '0')}T12:00:00.000Z`;
    return Object.assign(createIssue(world, world.userNamed('ana'), scene.project, 'Token leaked', 'incident'), { createdAt: at, updatedAt: at, ...more });
  });
}

const run = (scene: Scene, more: Record<string, string> = {}, flags: string[] = []): Promise<Ran> => runAgainst(scene, 'report', '', { WATCHKEEPER_OUT: folder, ...more }, flags);
const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(path.join(folder, name), 'utf8'));
const calls = async (): Promise<{ reads: number; writes: number }> => ((await read('watchkeeper-report.json')) as { calls: { reads: number; writes: number } }).calls;
const reviews = ({ gitlab: { world } }: Scene): StoredIssue[] => world.issues.filter(({ labels }) => labels.includes('weekly-review'));

/** What opening a review asks for beside: who leads it, whether it is the only one, and whether its comment is. */
const OPENING_READS = 3;

describe('report', () => {
  it('leaves all files, by their schemas, opens the weekly review, and goes on with the history the next time', async () => {
    const scene = await stage();
    const [first] = incidents(scene, 3);
    const { exitCode, output } = await run(scene);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/opened the review of 2026-W46\n.*: post the weekly-review comment\nwatchkeeper report: 3 incidents, 0 shifts, 0 follow-ups, 0 analyses: 9 files \| \d+ reads, 2 writes/);
    expect((await readdir(folder)).sort()).toEqual(FILES);
    expect(validate('history', await read('history.json'))).toMatchObject({ ok: true });
    expect(validate('metrics', await read('metrics.json'))).toMatchObject({
      ok: true,
      value: { whole: { incidents: { opened: 3, open: 3 } }, weeks: expect.toSatisfy(({ length }: unknown[]) => length === 13) as unknown },
    });
    expect((await readFile(path.join(folder, 'incidents.csv'), 'utf8')).split('\r\n')).toHaveLength(1 + 3 + 1);
    expect((await readFile(path.join(folder, 'metrics.csv'), 'utf8')).split('\r\n')).toHaveLength(1 + 1 + 13 + 1);
    expect(await readFile(path.join(folder, 'public', 'index.html'), 'utf8')).toContain('sirt/incidents#1');
    expect(reviews(scene)).toMatchObject([{ title: 'Weekly review 2026-W46, 2026-11-09 to 2026-11-15', confidential: true, state: 'opened' }]);
    const all = (await calls()).reads;
    later(scene, 60);
    say(scene, first!, 'On it.');
    later(scene, 60);
    expect(await run(scene)).toMatchObject({ exitCode: 0 });
    // Two incidents are not read again, nor is the review opened again.
    expect(await calls()).toEqual({ reads: all - 3 * 2 - OPENING_READS, writes: 0 });
    expect(reviews(scene)).toHaveLength(1);
    expect(((await read('history.json')) as History).taken_at).toBe(scene.clock.now.toISOString());
  });

  it.each([
    { name: 'broken', text: '{"version":1,' },
    { name: 'of another version', text: '{"version":2}' },
    { name: 'something else', text: '[]' },
    { name: 'empty', text: '' },
  ])('reads all anew where the history of before is $name, and says so once', async ({ text }) => {
    const scene = await stage();
    incidents(scene, 1);
    await writeFile(path.join(folder, 'history.json'), text);
    const { exitCode, output } = await run(scene);
    expect(exitCode).toBe(0);
    expect(output.match(/warning: .*/g)).toEqual(['warning: history.json is no history that this version reads: it is ignored, and all is read anew']);
    expect(((await read('history.json')) as History).incidents).toHaveLength(1);
  });

  it('does not fail where the history of before is a folder, but says that its files are missing', async () => {
    const scene = await stage();
    await mkdir(path.join(folder, 'history.json'));
    expect((await run(scene)).output).toContain('warning: the report could not be written to WATCHKEEPER_OUT');
  });

  it('reads all anew, silently, where it is of another configuration', async () => {
    const scene = await stage();
    incidents(scene, 1);
    await run(scene);
    later(scene, 60);
    await run(scene);
    const { reads } = await calls();
    later(scene, 60);
    const text = await readFile(GATE_ALONE, 'utf8');
    const { output } = await run(scene, { WATCHKEEPER_CONFIG: await configFile(`${text}time_zone: Europe/Berlin\n`) });
    expect(output).not.toContain('warning');
    expect((await calls()).reads).toBe(reads + 3);
  });

  it('writes and opens nothing in a dry run, but says what it would', async () => {
    const scene = await stage();
    incidents(scene, 1);
    const { exitCode, output } = await run(scene, { WATCHKEEPER_DRY_RUN: '1' });
    expect({ exitCode, files: (await readdir(folder)).sort() }).toEqual({ exitCode: 0, files: ['junit.xml', 'watchkeeper-report.json'] });
    expect(output).toMatch(/^2026-W46 +over +open the review of 2026-W46 +weekly review: the week is over$/m);
    expect(output).toContain('1 incident, 0 shifts, 0 follow-ups, 0 analyses: 9 files [dry run]');
    expect([reviews(scene), (await calls()).writes]).toEqual([[], 0]);
  });

  it('tells nobody of confidential incidents more than their numbers', async () => {
    const scene = await stage();
    incidents(scene, 1, { confidential: true, title: 'The chief executive clicked on it', description: 'A long line of what nobody else may know about this.' });
    // What a run has left in files is held against titles and descriptions by `runAgainst`, in the folder that it is given.
    await runAgainst(scene, 'report', '');
    await run(scene);
    expect(JSON.stringify(await read('history.json'))).not.toContain('chief');
  });

  it.each([
    { name: '2 where a source is not there', config: 'sources: [{ project: 999 }]\n', code: 2, says: 'The project 999 does not exist' },
    { name: '2 where the configuration is wrong', config: 'sources: []\n', code: 2, says: 'setup error' },
  ])('exits with $name', async ({ config, code, says }) => {
    const { exitCode, output } = await run(await stage(), { WATCHKEEPER_CONFIG: await configFile(config) });
    expect(exitCode).toBe(code);
    expect(output).toContain(says);
    expect(await readdir(folder)).not.toContain('history.json');
  });

  it('exits with 3 where GitLab is in trouble, and keeps the history of before', async () => {
    const scene = await stage();
    incidents(scene, 1);
    await run(scene);
    const before = await read('history.json');
    later(scene, 60);
    scene.gitlab.faults.plan(/issues/, { kind: 'status', status: 429, retryAfterSeconds: 3600 });
    expect(await run(scene)).toMatchObject({ exitCode: 3 });
    expect(await read('history.json')).toEqual(before);
  });

  it('helps', async () => {
    const { exitCode, output } = await run(await stage(), {}, ['--help']);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/--evidence .*\n {2}--from .*\n {2}--to /);
  });
});

describe('the evidence of a period', () => {
  const FLAGS = ['--evidence', '--from', '2026-11-02', '--to=2026-11-04'];

  it("has GitLab's own count of incidents and the sweeps of these days, and leaves the other files alone", async () => {
    const scene = await stage();
    incidents(scene, 6);
    incidents(scene, 3, { type: 'issue', labels: ['incident'] });
    // At the very end of the period, which is not in it.
    incidents(scene, 1, { createdAt: '2026-11-05T00:00:00.000Z' });
    for (const day of ['01', '02', '04', '05']) {
      const pipeline = createPipeline(scene.gitlab.world, scene.project, scene.gitlab.world.userNamed('lea'), 'main', 'schedule');
      Object.assign(pipeline, { status: 'success', createdAt: `2026-11-${day}T12:00:00.000Z` });
    }
    const { exitCode } = await run(scene, { CI_PROJECT_ID: '42' }, FLAGS);
    expect(exitCode).toBe(0);
    expect((await readdir(folder)).sort()).toEqual(['evidence.csv', 'evidence.json', 'evidence.md', 'junit.xml', 'watchkeeper-report.json']);
    expect([reviews(scene), (await calls()).writes]).toEqual([[], 0]);
    const evidence = (await read('evidence.json')) as Evidence;
    expect(evidence).toMatchObject({
      ...{ from: '2026-11-02T00:00:00Z', to: '2026-11-05T00:00:00Z', total: 3 + 2 },
      reconciled: { ours: 3 + 2, gitlab: 3 + 2, difference: 0 },
      sweeps: { runs: 2, longest: { from: '2026-11-02T12:00:00Z', to: '2026-11-04T12:00:00Z', minutes: 48 * 60 } },
    });
    expect(Object.values(evidence.classes).reduce((sum, count) => sum + count, 0)).toBe(5);
    expect(evidence.incidents.map(({ reference }) => reference)).toEqual([2, 3, 4, 8, 9].map((iid) => `sirt/incidents#${iid}`));
    expect((await readFile(path.join(folder, 'evidence.csv'), 'utf8')).trim().split('\r\n').length).toBeGreaterThan(5);
    expect(await readFile(path.join(folder, 'evidence.md'), 'utf8')).toMatch(/GitLab .*5/);
  });

  it.each([
    { name: 'by days of the time zone', config: 'sources: [{ project: 42 }]\ntime_zone: Pacific/Auckland\n', incidents: 3, from: '2026-11-01T11:00:00Z', variables: {} },
    { name: 'once, though two sources show them', config: 'sources: [{ project: 42 }, { project: sirt/incidents }, { group: sirt }]\n', incidents: 3, variables: {} },
    {
      name: 'once, though two labels are on them',
      config: "sources: [{ project: 42 }]\nincident: { labels: ['incident', 'outage'] }\n",
      incidents: 3 + 3,
      labels: ['incident', 'outage'],
      variables: {},
    },
    { name: 'without sweeps that nobody knows', config: 'sources: [{ project: 42 }]\n', incidents: 3, variables: { CI_PROJECT_ID: '999' } },
  ])('counts $name', async ({ config, incidents: count, from, labels, variables }) => {
    const scene = await stage();
    incidents(scene, 6);
    if (labels) incidents(scene, 6, { type: 'issue', labels });
    const { exitCode } = await run(scene, { WATCHKEEPER_CONFIG: await configFile(config), ...variables }, FLAGS);
    expect(exitCode).toBe(0);
    expect(await read('evidence.json')).toMatchObject({ ...(from === undefined ? {} : { from }), total: count, reconciled: { ours: count, gitlab: count, difference: 0 }, sweeps: null });
  });

  it.each([
    { flags: ['--evidence'], says: '--evidence wants a period' },
    { flags: ['--evidence', '--from', '1 November', '--to', '2026-11-02'], says: '--from is no day such as 2026-07-01' },
    { flags: ['--evidence', '--from'], says: '--from takes a value' },
    { flags: ['--evidenc'], says: 'report knows no --evidenc' },
  ])('$flags: $says', async ({ flags, says }) => {
    const scene = await stage();
    const { exitCode, output } = await run(scene, {}, flags);
    expect({ exitCode, output }).toMatchObject({ exitCode: 2, output: expect.stringContaining(says) as string });
    expect(scene.gitlab.faults.calls).toEqual([]);
  });
});
