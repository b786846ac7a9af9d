import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DoorRun } from '../../scripts/ci/door.ts';
import { checkConfig } from '../../scripts/read/config.ts';
import { protect } from '../../scripts/sandbox/world/protection.ts';
import { LEVEL } from '../../scripts/sandbox/world/records.ts';
import { runBundled } from '../support/bundle.ts';
import { TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { configHere, DUTY, emptySite, schedules, type Site } from '../support/site.ts';

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

describe('setup without GitLab', () => {
  const nowhere = async (flags: string[], variables: Record<string, string> = {}): Promise<DoorRun & { folder: string }> => {
    const folder = await mkdtemp(path.join(tmpdir(), 'nowhere-'));
    const done = await runBundled('setup', { WATCHKEEPER_CONFIG: path.join(folder, 'oncall.yml'), WATCHKEEPER_OUT: folder, ...variables }, flags);
    return { ...done, folder };
  };

  it('--init writes a first configuration that is in order, and says what comes next; it overwrites none', async () => {
    const { exitCode, output, folder } = await nowhere(['--init', 'sirt/incidents']);
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringMatching(/Create sirt\/watchkeeper in GitLab, empty and private[^]*wrote .*oncall\.yml/) as string });
    const text = await readFile(path.join(folder, 'oncall.yml'), 'utf8');
    const schema = JSON.parse(await readFile(path.join(folder, 'oncall.schema.json'), 'utf8')) as { properties: object };
    expect([text.split('\n')[0], Object.keys(schema.properties).includes('sources')]).toEqual(['# yaml-language-server: $schema=./oncall.schema.json', true]);
    const checked = await checkConfig('oncall.yml', text);
    expect(checked).toMatchObject({ ok: true, installation: { sources: [{ project: 'sirt/incidents' }], installation: { project: 'sirt/watchkeeper' } } });
    const uncommented = text.replace(/^# ((?:roster|people|  ).*)$/gm, '$1');
    expect(await checkConfig('oncall.yml', uncommented)).toMatchObject({ ok: true, installation: { roster: { engineers: { fallback: '@lea' } }, people: [{ gitlab: '@ana' }] } });
    const again = await nowhere(['--init', 'sirt/incidents'], { WATCHKEEPER_CONFIG: path.join(folder, 'oncall.yml') });
    expect(again).toMatchObject({ exitCode: 2, output: expect.stringContaining('is there already, and is not overwritten') as string });
    expect(await nowhere(['--init', 'incidents'])).toMatchObject({ exitCode: 2, output: expect.stringContaining('takes the full path of the project') as string });
  });

  it('--print-manual tells all that --apply does, in words', async () => {
    const { folder } = await nowhere(['--init', 'sirt/incidents']);
    const { exitCode, output } = await nowhere(['--print-manual'], { WATCHKEEPER_CONFIG: path.join(folder, 'oncall.yml'), GITLAB_URL: 'https://git.example.org' });
    expect(exitCode).toBe(0);
    for (const words of [
      'https://git.example.org/api/v4/projects/PROJECT_ID/ref/main/trigger/pipeline?token={trigger_token}',
      'Watchkeeper: daily sweep: `37 3 * * *`, with the input sweep_flags=--deep',
      'closure::verified',
      '.gitlab/issue_templates/Incident.md',
      'Confidential comments',
    ])
      expect(output).toContain(words);
  });
});

describe('setup that cannot', () => {
  it.each([
    {
      name: 'the project to run in is not there',
      config: DUTY.replace('sirt/watchkeeper', 'sirt/nowhere'),
      exitCode: 2,
      says: 'The project sirt/nowhere of installation.project does not exist, or you may not see it.',
    },
    { name: 'no project is named to run in', config: DUTY.replace(/installation:\n.*\n/, ''), exitCode: 2, says: 'set installation.project in the configuration' },
    { name: 'a source is not there', config: DUTY.replace('sirt/incidents', 'sirt/nowhere'), exitCode: 2, says: 'The project sirt/nowhere does not exist' },
  ])('$name: a setup error, and nothing changed', async ({ config, exitCode, says }) => {
    const site = await emptySite(config);
    const before = standing(site);
    const done = await site.setup(['--apply']);
    expect(done).toMatchObject({ exitCode, output: expect.stringContaining(says) as string });
    expect(standing(site)).toBe(before);
  });

  it('a Developer sets up: what was not shown is told, and the rest is done', async () => {
    const site = await emptySite();
    site.project.members.set(site.lea.id, LEVEL.developer);
    const done = await site.setup(['--apply']);
    expect(done.output).toContain('Not checked: webhooks');
    expect(done.output).toContain('watchkeeper setup: ');
    expect(site.home.schedules).toHaveLength(4);
    expect(site.project.hooks).toEqual([]);
  });

  it('a branch that nobody may push to gets its templates by a merge request, once', async () => {
    const site = await emptySite();
    site.project.protectedBranches.splice(0);
    protect(site.gitlab.world, site.project, 'main', { push: 0, merge: 40 });
    await site.setup(['--apply']);
    await site.setup(['--apply']);
    expect(site.project.mergeRequests.map(({ title, sourceBranch }) => [title, sourceBranch])).toEqual([['Bring the incident templates of Watchkeeper', 'watchkeeper-setup']]);
  });
});
