import { describe, expect, it } from 'vitest';
import { TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { configHere, emptySite, schedules, type Site } from '../support/site.ts';

/** What stands of an installation, to be compared with itself. */
function standing({ home, project }: Site): string {
  const { hooks, labels } = project;
  const files = [...(home.repository.branches.get('main')?.files ?? [])];
  return JSON.stringify([home.triggers, home.schedules, home.variables, home.settings, files, hooks, [...labels], project.repository.branches.get('main')?.head]);
}

describe('setup', () => {
  it('without a flag shows what it would do, like a diff, and changes nothing', async () => {
    const site = await emptySite();
    const before = standing(site);
    const { exitCode, output } = await site.setup([]);
    expect(exitCode).toBe(0);
    for (const line of [
      '~ ' + site.configPath,
      '      gate.since: nothing -> now',
      'sirt/watchkeeper',
      '  + variable WATCHKEEPER_TOKEN',
      '  + .gitlab-ci.yml, .gitlab/watchkeeper.yml, oncall.yml',
      '      pipeline variables: maintainer -> no_one_allowed',
      '  + schedule "Watchkeeper: shift" (4 * * * *)',
      '  + webhook',
      '--apply does it',
    ])
      expect(output).toContain(line);
    expect(standing(site)).toBe(before);
    expect(await configHere(site)).not.toContain('since');
  });

  it('--apply installs all that a duty needs, and prints no secret; a second one does nothing', async () => {
    const site = await emptySite();
    const first = await site.setup(['--apply']);
    expect(first).toMatchObject({ exitCode: 0 });
    const { home, project, bot, lea } = site;
    expect(home.variables).toMatchObject([{ key: 'WATCHKEEPER_TOKEN', value: bot.token, masked: true, protected: true }]);
    expect(schedules(site)).toEqual([
      'Watchkeeper: sweep | 17 * * * * | main | ',
      'Watchkeeper: daily sweep | 37 3 * * * | main | sweep_flags=--deep',
      'Watchkeeper: shift | 4 * * * * | main | task=shift',
      'Watchkeeper: report | 52 4 * * * | main | task=report',
    ]);
    const [trigger] = home.triggers;
    expect([trigger?.ownerId, ...home.schedules.map(({ ownerId }) => ownerId)]).toEqual(Array.from({ length: 5 }, () => bot.id));
    expect(project.hooks).toMatchObject([{ name: 'Watchkeeper', urlVariables: { trigger_token: trigger?.token }, events: { issues: true, confidential_note: true, push: false } }]);
    expect(project.hooks[0]?.url).toMatch(/projects\/7\/ref\/main\/trigger\/pipeline\?token=\{trigger_token\}$/);
    expect(await configHere(site)).toContain('since: 2026-11-20T10:00:00.000Z');
    expect(home.repository.branches.get('main')?.files.get('oncall.yml')).toBe(await configHere(site));
    for (const secret of [bot.token, lea.token, trigger?.token ?? '']) expect(first.output).not.toContain(secret);
    const before = standing(site);
    const second = await site.setup(['--apply']);
    expect(second.output).toMatch(/nothing to do; in order \| \d+ reads, 0 writes/);
    expect(standing(site)).toBe(before);
    expect(await site.setup(['--check'])).toMatchObject({ exitCode: 0 });
  });

  it('is all that a premature close, a page and a change of shift need', async () => {
    const site = await emptySite();
    await site.setup(['--apply']);
    const { gitlab, project, clock } = site;
    const { world } = gitlab;
    site.runJobs();
    const issue = createIssue(world, world.userNamed('ana'), project, 'Token leaked', 'incident');
    issue.description = TOO_EARLY;
    await site.call('ana', 'PUT', `/projects/42/issues/${issue.iid}`, { state_event: 'close' });
    await gitlab.settled();
    expect(issue).toMatchObject({ state: 'opened' });
    expect(issue.labels).toContain('closure::blocked');
    const page = createIssue(world, world.userNamed('alert-bot'), project, 'Disk full', 'incident');
    await site.call('ana', 'POST', `/projects/42/issues/${page.iid}/notes`, { body: '/ack' });
    await gitlab.settled();
    expect(page.labels).toContain('ack::done');
    clock.now = new Date('2026-11-20T20:04:00Z');
    await site.play('Watchkeeper: shift');
    const log = world.issues.find(({ labels }) => labels.includes('shift-log'));
    expect(log?.title).toContain('ana');
    expect(
      site
        .said(page)
        .map(({ body }) => body)
        .join('\n'),
    ).toContain('from `ben` to `ana` at 2026-11-20 20:00 UTC');
  });
});
