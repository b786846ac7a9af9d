import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../scripts/read/record.ts';
import { defaultInstallation } from '../../scripts/read/config.ts';
import { FILE } from '../support/bundle.ts';
import { afterThisTest } from '../support/endings.ts';
import { Served } from './served.ts';
import { descriptionOf, SHAPES } from './shapes.ts';
import { CLOSED_TOO_EARLY, eventOf, runDoor, settled, staging, type Stand } from './stand.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

async function stand(): Promise<Stand> {
  const served = await Served.start();
  afterThisTest(() => served.stop());
  return { served, bundle: FILE, isQuick: true, scratch: undefined, say: () => undefined };
}

describe('what is measured', () => {
  it('is a run that finds nothing to do where all is settled, and one that acts; calls are those that GitLab saw', async () => {
    const here = await stand();
    const quiet = await settled(here);
    const sweep = await runDoor(here, await staging(here, [{ ...quiet, count: 120 }], 0), 'sweep');
    expect(sweep).toMatchObject({ writes: 0, acted: 0, calls: sweep.reads });
    expect(sweep.byKind['GET /projects/:id/issues']).toBeGreaterThanOrEqual(2);
    const event = await runDoor(here, await staging(here, [CLOSED_TOO_EARLY], 0), 'on-event', { payload: eventOf(1, 'close') });
    expect(event).toMatchObject({ acted: 1, calls: event.reads + event.writes });
    expect(await here.served.ask('look', 1)).toMatchObject({ state: 'opened', labels: ['closure::blocked'], notes: [expect.stringContaining('watchkeeper:gate')] });
    expect(Object.values(event).every((figure) => typeof figure !== 'number' || figure > 0)).toBe(true);
  });

  it.each(SHAPES)('is a description of the asked size that is a record still: %s', (shape) => {
    for (const bytes of [4_096, 65_536]) {
      const text = descriptionOf(shape, bytes);
      expect(text.length).toBeGreaterThanOrEqual(bytes);
      expect(text.length).toBeLessThan(bytes + 2_000);
      const { record } = readRecord(text, 'UTC', defaultInstallation().form);
      expect(record).toMatchObject({ owner: '@ana', outcome: { kind: 'resolved' } });
    }
  });
});

describe('npm run bench', () => {
  it.each([
    { flags: ['--only', 'lunch'], says: /--only is one of all, budgets, .*, not lunch\./ },
    { flags: ['--qick'], says: /Unknown option '--qick'; --help shows what bench knows\./ },
    { flags: ['twice'], says: /bench takes no words, and twice is one/ },
  ])('refuses $flags in one line', ({ flags, says }) => {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'test/bench/run.ts', ...flags], { cwd: ROOT, env: { WATCHKEEPER_OUT: `${ROOT}node_modules/.doors` }, encoding: 'utf8' });
    expect(stderr).toMatch(says);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(2);
  });
});
