import { describe, expect, it } from 'vitest';
import { joinGroup } from '../../scripts/sandbox/world/groups.ts';
import { protect } from '../../scripts/sandbox/world/protection.ts';
import { LEVEL, type Project } from '../../scripts/sandbox/world/records.ts';
import { bareSite, DUTY, schedules } from '../support/site.ts';
import { apply, findings, setting, type Setting } from '../support/setting-up.ts';

type Hook = Project['hooks'][number];

async function site(text = DUTY): Promise<Setting> {
  return setting(await bareSite({ hear: () => undefined }), text);
}

/** Makes a webhook as a Maintainer does by hand. */
async function hookByHand(at: Setting, url: string, events: object): Promise<Hook> {
  const { id } = await at.call('lea', 'POST', '/projects/42/hooks', { url: at.gitlab.address + url, push_events: false, ...events });
  return at.project.hooks.find((hook) => hook.id === id) as Hook;
}

async function scheduleByHand({ call }: Setting, description: string, more: object = {}): Promise<void> {
  await call('lea', 'POST', '/projects/7/pipeline_schedules', { description, ref: 'main', cron: '0 2 * * 6', cron_timezone: 'Asia/Tokyo', active: false, ...more });
}

describe('setup leaves what people made', () => {
  it('a webhook to another branch, a schedule of another purpose, a trigger token, and the look of a label', async () => {
    const at = await site();
    const hook = await hookByHand(at, '/api/v4/projects/7/ref/deploy/trigger/pipeline', { push_events: true });
    await scheduleByHand(at, 'Nightly build');
    await at.call('lea', 'POST', '/projects/7/triggers', { description: 'deploys' });
    await at.call('lea', 'POST', '/projects/42/labels', { name: 'severity::1', color: '#123456', description: 'Ours' });
    const before = JSON.stringify([hook, at.home.schedules[0], at.home.triggers[0], at.project.labels.get('severity::1')]);
    expect(await apply(at)).toEqual([]);
    expect(JSON.stringify([hook, at.home.schedules[0], at.home.triggers[0], at.project.labels.get('severity::1')])).toBe(before);
    expect([at.project.hooks.length, at.home.schedules.length, at.home.triggers.length]).toEqual([2, 5, 2]);
    expect(await findings(at)).toEqual(['OWNER_IS_PERSON | sirt/watchkeeper | lea'].slice(1));
  });

  it('an issue template that they wrote, of which a note tells', async () => {
    const at = await site();
    at.project.repository.branches.get('main')?.files.set('.gitlab/issue_templates/Incident.md', 'Ours for years.');
    expect(await apply(at)).toEqual([]);
    expect(at.project.repository.branches.get('main')?.files.get('.gitlab/issue_templates/Incident.md')).toBe('Ours for years.');
    expect(await findings(at)).toEqual(['TEMPLATE_DIFFERS | sirt/incidents | .gitlab/issue_templates/Incident.md']);
  });

  it('the rule that closes their branches to pushes: the files wait in a merge request, once', async () => {
    const at = await site();
    at.home.protectedBranches.splice(0);
    protect(at.gitlab.world, at.home, 'm*', { push: 0, merge: 40 });
    await apply(at);
    await apply(at);
    expect(at.home.protectedBranches.map(({ name }) => name)).toEqual(['m*']);
    expect(at.home.mergeRequests.map(({ sourceBranch, state }) => [sourceBranch, state])).toEqual([['watchkeeper-setup', 'opened']]);
    const waiting = (await findings(at)).filter((finding) => finding.startsWith('WAITS'));
    expect(waiting).toEqual([expect.stringMatching(/^WAITS_IN_MERGE_REQUEST \| sirt\/watchkeeper \| http:.*\/sirt\/watchkeeper\/-\/merge_requests\/1$/) as string]);
  });

  it('their own CI file, of which an error tells where it has none of our jobs', async () => {
    const at = await site();
    at.home.repository.branches.get('main')?.files.set('.gitlab-ci.yml', 'build:\n  script: [make]\n');
    expect(await apply(at)).toEqual([]);
    expect(at.home.repository.branches.get('main')?.files.get('.gitlab-ci.yml')).toContain('make');
    expect(await findings(at)).toContain('JOBS_MISSING | sirt/watchkeeper');
  });

  it('a hidden variable, of which a note tells, and one of another environment', async () => {
    const at = await site();
    const variable = { protected: true, raw: true, value: 'glpat-of-last-year' };
    await at.call('lea', 'POST', '/projects/7/variables', { key: 'WATCHKEEPER_TOKEN', ...variable, masked_and_hidden: true });
    await at.call('lea', 'POST', '/projects/7/variables', { key: 'WATCHKEEPER_TOKEN', ...variable, environment_scope: 'production' });
    expect(await apply(at)).toEqual([]);
    expect(at.home.variables.map(({ value }) => value)).toEqual(['glpat-of-last-year', 'glpat-of-last-year']);
    expect(await findings(at)).toEqual(['VARIABLE_HIDDEN | sirt/watchkeeper | WATCHKEEPER_TOKEN']);
  });

  it('a webhook that does all that ours would, however its address is written', async () => {
    const at = await site();
    const all = { issues_events: true, confidential_issues_events: true, merge_requests_events: true, note_events: true, confidential_note_events: true, emoji_events: true };
    await hookByHand(at, '/api/v4/projects/sirt%2Fwatchkeeper/ref/main/trigger/pipeline?token=glptt-PLAINSECRET', all);
    expect(await apply(at)).toEqual([]);
    expect([at.project.hooks.length, at.home.triggers.length]).toEqual([1, 0]);
    expect(JSON.stringify(await findings(at))).not.toContain('PLAINSECRET');
  });
});

describe('setup goes on where a run before ended', () => {
  it('a webhook that GitLab refused for another token gets it by the next run', async () => {
    const at = await site();
    await apply(at);
    at.home.triggers.splice(0);
    at.gitlab.faults.plan(/POST .*\/hooks$/, { kind: 'status', status: 422, body: '{"message":"Invalid url given"}' });
    expect(await apply(at)).toEqual(['webhook']);
    expect(await findings(at)).toEqual(['DRIFT_CHANGE | sirt/incidents | webhook']);
    expect(await apply(at)).toEqual([]);
    expect(at.project.hooks).toMatchObject([{ urlVariables: { trigger_token: at.home.triggers[0]?.token } }]);
    expect(await findings(at)).toEqual([]);
  });

  it('another branch gets schedules and a webhook of its own; those of the branch before stay', async () => {
    const at = await site();
    await apply(at);
    const main = at.home.repository.branches.get('main');
    if (main) at.home.repository.branches.set('production', { head: main.head, files: new Map(main.files) });
    at.text = at.text.replace('project: sirt/watchkeeper', 'project: sirt/watchkeeper\n  ref: production');
    await apply(at);
    expect(schedules(at).filter((line) => line.includes('| production |'))).toHaveLength(4);
    expect(at.project.hooks.map(({ url }) => /ref\/(\w+)/.exec(url)?.[1])).toEqual(['production']);
  });

  it('a default branch of another name is the one that pipelines run on', async () => {
    const at = await site();
    const { repository } = at.home;
    const main = repository.branches.get('main');
    if (main) repository.branches.set('trunk', main);
    repository.branches.delete('main');
    repository.defaultBranch = 'trunk';
    expect(await apply(at)).toEqual([]);
    expect(schedules(at).every((line) => line.includes('| trunk |'))).toBe(true);
    expect(await findings(at)).toEqual([]);
  });

  it('who starts pipelines has left the project: trigger and schedules are made anew', async () => {
    const at = await site();
    await apply(at);
    const gone = at.gitlab.world.addUser('gone', { bot: true });
    for (const owned of [...at.home.triggers, ...at.home.schedules]) owned.ownerId = gone.id;
    expect((await findings(at)).filter((finding) => /^(?:TRIGGER|SCHEDULE)_OWNER/.test(finding))).toHaveLength(5);
    expect(await apply(at)).toEqual([]);
    expect(await findings(at)).toEqual([]);
    at.home.members.set(at.bot.id, LEVEL.guest);
    expect((await findings(at))[0]).toBe('BOT_ROLE | sirt/watchkeeper | 10 | Maintainer');
  });
});

describe('a group under sources', () => {
  const inGroup = async (tier: 'free' | 'premium'): Promise<Setting> => {
    const at = await site(DUTY.replace('project: sirt/incidents', 'group: sirt'));
    const { world } = at.gitlab;
    world.instance.tier = tier;
    const group = world.groups.find(({ path }) => path === 'sirt') as (typeof world.groups)[number];
    joinGroup(world, group, at.bot, LEVEL.maintainer);
    joinGroup(world, group, at.lea, LEVEL.owner);
    for (const name of ['ana', 'ben']) joinGroup(world, group, world.userNamed(name), LEVEL.developer);
    return at;
  };

  it('gets labels and one webhook of its own on Premium, and has nothing to do a second time', async () => {
    const at = await inGroup('premium');
    expect(await apply(at)).toEqual([]);
    const group = at.gitlab.world.groups.find(({ path }) => path === 'sirt');
    expect([group?.hooks.length, group?.labels.has('closure::blocked'), at.project.hooks.length]).toEqual([1, true, 0]);
    expect(await findings(at)).toEqual([]);
  });

  it('gets labels alone on Free, of which a warning tells', async () => {
    const at = await inGroup('free');
    expect(await apply(at)).toEqual([]);
    expect((await findings(at)).map((finding) => finding.split(' | ').slice(0, 3).join(' | '))).toEqual(['GROUP_HOOKS_MISSING | sirt', 'UNSEEN | sirt | webhooks']);
  });
});
