import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DoorRun } from '../../scripts/ci/door.ts';
import { runBundled } from '../support/bundle.ts';
import { configFile } from '../support/door.ts';

const GUIDE = 'schemas/examples/config/rosters/guide.yml';

async function roster(args: string[], config = GUIDE): Promise<DoorRun> {
  const out = await mkdtemp(path.join(tmpdir(), 'roster-'));
  return runBundled('roster', { WATCHKEEPER_OUT: out, WATCHKEEPER_CONFIG: config }, args);
}

describe('npm run roster', () => {
  it('prints a table for each duty', async () => {
    const { exitCode, output } = await roster(['--from', '2026-11-23', '--to', '2026-11-24']);
    expect(exitCode).toBe(0);
    expect(output.split('\n').slice(0, 7)).toEqual([
      'engineers',
      '',
      'from (UTC)            to (UTC)              from (Europe/Berlin)  to (Europe/Berlin)    on call',
      '--------------------  --------------------  --------------------  --------------------  -------',
      'Sun 2026-11-22 23:00  Mon 2026-11-23 07:00  Mon 2026-11-23 00:00  Mon 2026-11-23 08:00  ana',
      'Mon 2026-11-23 07:00  Mon 2026-11-23 19:00  Mon 2026-11-23 08:00  Mon 2026-11-23 20:00  ana',
      'Mon 2026-11-23 19:00  Mon 2026-11-23 23:00  Mon 2026-11-23 20:00  Tue 2026-11-24 00:00  dan',
    ]);
    expect(output).toMatch(/\n\nmanagers\n\n[^]+watchkeeper roster: shown\n$/);
  });

  it('prints a calendar and nothing else', async () => {
    const { exitCode, output } = await roster(['--ics', '--from', '2026-11-23', '--to', '2026-11-24']);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^BEGIN:VCALENDAR\r\n[^]+\r\nEND:VCALENDAR\r\nwatchkeeper roster: shown\n$/);
  });

  it('says who is on call', async () => {
    expect(await roster(['--who', '2026-11-24T15:00+01:00'])).toMatchObject({ exitCode: 0, output: expect.stringContaining('engineer: kim\nmanager:  kim\n') as string });
  });

  it.each([
    { name: 'two questions', args: ['--who', '--ics'], says: '--who and --ics are two questions: ask one.' },
    { name: 'a time that is none', args: ['--who', 'noon'], says: 'TIME is a day or a time such as 2026-11-23 or 2026-11-23T08:00Z, not noon.' },
    { name: 'an option without its value', args: ['--from'], says: "Option '--from <value>' argument missing; --help shows what roster knows." },
  ])('refuses $name', async ({ args, says }) => {
    expect(await roster(args)).toEqual({ exitCode: 2, output: `watchkeeper roster: setup error: ${says}\n` });
  });

  it('shows a roster that has gaps, since running jobs live with it too', async () => {
    const gappy = await configFile(
      'sources: [{ project: 42 }]\nroster: { engineers: { fallback: "@lea", layers: [{ name: a, start: 2026-11-02, rotation: ["@ana"], rotate: week, shifts: [{ days: mon, from: "08:00", to: "09:00" }] }] } }\n',
    );
    expect(await roster(['--who', '2026-11-24'], gappy)).toMatchObject({ exitCode: 0, output: expect.stringContaining('engineer: lea, who stands in, since nobody is on call\n') as string });
  });

  it('tells how it is asked', async () => {
    expect((await roster(['--help'])).output).toMatch(/ {2}--from TIME {11}from when on; .*\n.* {2}--to TIME .*\n {2}--who {17}who is on call now/);
  });
});
