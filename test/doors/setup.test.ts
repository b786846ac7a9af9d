import { describe, expect, it } from 'vitest';
import { configHere, emptySite } from '../support/installation.ts';

describe('setup', () => {
  it('shows a plan, and changes nothing', async () => {
    const site = await emptySite();
    const { exitCode, output } = await site.setup([]);
    console.log(output);
    expect(exitCode).toBe(0);
    expect(site.home.schedules).toEqual([]);
  });

  it('installs, and a second time does nothing', async () => {
    const site = await emptySite();
    const first = await site.setup(['--apply']);
    console.log(first.output);
    expect(first.exitCode).toBe(0);
    console.log(await configHere(site), JSON.stringify(site.home.schedules), [...(site.home.repository.branches.get('main')?.files.keys() ?? [])]);
    const second = await site.setup(['--apply']);
    console.log(second.output);
    const check = await site.setup(['--check']);
    console.log(check.output);
  });
});
