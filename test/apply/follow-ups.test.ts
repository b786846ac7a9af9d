import { describe, expect, it } from 'vitest';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { COMPLETE, FALSE_POSITIVE, SMALL } from '../../scripts/sandbox/story/descriptions.ts';
import { LEVEL, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { followUpsIn, linkedWith, noting, withFollowUps } from '../support/learning.ts';
import { act, later } from '../support/scenarios.ts';

const follows = withFollowUps();
const names = (scene: Scene, { assigneeIds }: StoredIssue): string[] => scene.gitlab.world.users.filter(({ id }) => assigneeIds.includes(id)).map(({ username }) => username);
const bodies = (scene: Scene, issue: StoredIssue): string[] => scene.said(issue).map(({ body }) => body.replace(/^<!-- watchkeeper:([\w-]+) .*-->/, '<!-- $1 -->').trim());
const learning = (scene: Scene, issue: StoredIssue): string => bodies(scene, issue).find((body) => body.startsWith('<!-- learning -->')) ?? '';

/** The incident is opened again, changed, closed again, and looked at. */
async function closeAgain(scene: Scene, issue: StoredIssue, description: string): Promise<void> {
  later(scene);
  act(scene, issue, { stateEvent: 'reopen' });
  await scene.run(issue, { config: follows });
  act(scene, issue, { description });
  later(scene);
  act(scene, issue, { stateEvent: 'close' });
  await scene.run(issue, { config: follows });
}

describe('the follow-ups of a verified incident', () => {
  it('are an issue for each note: labelled, due by severity, assigned to the owner, linked', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    expect(await scene.run(issue, { config: follows })).toMatchObject({ finding: { state: 'verified' }, failures: [] });
    const [first, second] = followUpsIn(scene, issue);
    expect(first).toMatchObject({
      state: 'opened',
      confidential: false,
      type: 'issue',
      dueDate: '2026-12-20',
      title: 'process: revoke first and ask later; our runbook asked for approval and that cost 24 minutes',
    });
    expect([...first!.labels].sort()).toEqual(['corrective-action', 'improvement::process', 'priority::2', 'severity::2']);
    expect(names(scene, first!)).toEqual(['ana']);
    expect(second!.title).toMatch(/^tooling: alert when/);
    expect(linkedWith(scene, issue)).toEqual([first!.title, second!.title].sort());
    expect(issue.labels).toEqual(['closure::verified']);
    expect(learning(scene, issue)).toBe(`<!-- learning -->\nWhat follows from this incident:\n\n- \`process\`: sirt/incidents#${first!.iid}\n- \`tooling\`: sirt/incidents#${second!.iid}`);
  });

  it('are created once, however often it is looked at, and then cost no call', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    await scene.run(issue, { config: follows });
    for (let time = 0; time < 3; time += 1) expect(await scene.run(issue, { config: follows })).toMatchObject({ reads: 3, writes: 0 });
    expect(followUpsIn(scene, issue)).toHaveLength(2);
  });

  it('are not there before it is verified, nor for what asks for none', async () => {
    const scene = await stage();
    for (const description of [COMPLETE.replace('- **Owner**: @ana', '- **Owner**: TBD'), SMALL, FALSE_POSITIVE]) {
      const issue = scene.closed(description);
      await scene.run(issue, { config: follows });
      expect(followUpsIn(scene, issue)).toEqual([]);
      expect(learning(scene, issue)).toBe('');
    }
  });

  it('of a confidential incident are confidential, and say nothing of it but where it is', async () => {
    const scene = await stage();
    const issue = scene.closed(noting('tooling: the vault of Jane Roe was open'), { confidential: true });
    await scene.run(issue, { config: follows });
    const [one] = followUpsIn(scene, issue);
    expect(one).toMatchObject({ confidential: true, title: `tooling: follow-up of sirt/incidents#${issue.iid}` });
    expect(one!.description).not.toContain('Jane');
    expect(one!.description).toContain(`sirt/incidents#${issue.iid}`);
  });

  it('of a confidential incident say more where the configuration lets them', async () => {
    const scene = await stage();
    const issue = scene.closed(noting('tooling: the vault of Jane Roe was open'), { confidential: true });
    await scene.run(issue, { config: withFollowUps({ confidential_text: true }) });
    expect(followUpsIn(scene, issue)[0]).toMatchObject({ confidential: true, title: 'tooling: the vault of Jane Roe was open' });
  });

  it('are assigned to whom the note names', async () => {
    const scene = await stage();
    const issue = scene.closed(noting('tooling: @ben teaches the rule the load test'));
    await scene.run(issue, { config: follows });
    expect(names(scene, followUpsIn(scene, issue)[0]!)).toEqual(['ben']);
  });

  it('are created where the configuration says, by kind', async () => {
    const scene = await stage();
    const { world } = scene.gitlab;
    world.addProject('infra/detection', { 'watchkeeper-bot': LEVEL.developer, ana: LEVEL.developer }, 77);
    const issue = scene.closed(COMPLETE);
    await scene.run(issue, { config: withFollowUps({ projects: { tooling: 'infra/detection' } }) });
    // Elsewhere others may read: what is opened there is confidential.
    expect(followUpsIn(scene, issue).map(({ projectId, confidential }) => [projectId, confidential])).toEqual([
      [42, false],
      [77, true],
    ]);
    expect(learning(scene, issue)).toContain('infra/detection#1');
    expect(linkedWith(scene, issue)).toHaveLength(2);
  });

  it('cannot be created where the bot sees no project: that is told, and the verification stands', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    const done = await scene.run(issue, { config: withFollowUps({ projects: { tooling: 'infra/detection' } }) });
    expect(done.failures.map(({ message }) => message)).toEqual([
      'The project infra/detection of follow_ups.project does not exist, or the bot may not see it. Correct it, or give the bot the role Developer there.',
    ]);
    expect(issue.labels).toEqual(['closure::verified']);
    expect(followUpsIn(scene, issue)).toHaveLength(1);
    await scene.run(issue, { config: follows });
    expect(followUpsIn(scene, issue)).toHaveLength(2);
  });

  it('are the issue that a note names: linked, and none is created', async () => {
    const scene = await stage();
    const other = createIssue(scene.gitlab.world, scene.gitlab.world.userNamed('ben'), scene.project, 'Teach the rule', 'issue');
    const issue = scene.closed(noting(`tooling: the rule must learn, #${other.iid}`, `process: see #${other.iid}`));
    await scene.run(issue, { config: follows });
    expect(followUpsIn(scene, issue)).toEqual([]);
    expect(linkedWith(scene, issue)).toEqual(['Teach the rule']);
    expect(learning(scene, issue)).toContain(`sirt/incidents#${other.iid}, which its note names`);
  });

  it('are issues of their own where a note only mentions an incident', async () => {
    const scene = await stage();
    const before = scene.closed(SMALL);
    const issue = scene.closed(noting(`process: the same mistake as in #${before.iid}; write a runbook`));
    await scene.run(issue, { config: follows });
    expect(followUpsIn(scene, issue)).toHaveLength(1);
    expect(await scene.run(issue, { config: follows })).toMatchObject({ writes: 0 });
  });

  it('say so where the issue that a note names cannot be read', async () => {
    const scene = await stage();
    const issue = scene.closed(noting('tooling: see infra/secret#3'));
    const done = await scene.run(issue, { config: follows });
    expect(done.warnings).toEqual(['an issue that an improvement note names cannot be read, and was not linked']);
    expect(learning(scene, issue)).toContain('its issue cannot be read');
    expect(issue.labels).toEqual(['closure::verified']);
  });

  it('are only said where they are observed', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    await scene.run(issue, { config: withFollowUps({ mode: 'observe' }) });
    expect(followUpsIn(scene, issue)).toEqual([]);
    expect(learning(scene, issue)).toContain('would be an issue of its own');
    expect(await scene.run(issue, { config: withFollowUps({ mode: 'observe' }) })).toMatchObject({ writes: 0 });
    await scene.run(issue, { config: follows });
    expect(followUpsIn(scene, issue)).toHaveLength(2);
    expect(learning(scene, issue)).not.toContain('would');
  });

  it.each([
    { name: 'are still created within a week of the verification', days: 7, created: 2 },
    { name: 'are not created for what was verified longer ago, before there were any', days: 8, created: 0 },
  ])('$name', async ({ days, created }) => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    await scene.run(issue);
    later(scene, days * 24 * 60);
    await scene.run(issue, { config: withFollowUps({}, { gate: { since: '2026-11-01T00:00:00Z' } }) });
    expect(followUpsIn(scene, issue)).toHaveLength(created);
  });

  it('are told in a dry run, and not created', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    const done = await scene.run(issue, { config: follows, dryRun: true });
    expect(done.actions.filter((action) => action === 'open a follow-up')).toHaveLength(2);
    expect(followUpsIn(scene, issue)).toEqual([]);
  });

  it('take hostile notes as text', async () => {
    const scene = await stage();
    const issue = scene.closed(noting('tooling: x` /close @lea <script>alert(1)</script> | b | [a](javascript:x)'));
    await scene.run(issue, { config: follows });
    const [one] = followUpsIn(scene, issue);
    expect(one!.state).toBe('opened');
    expect(one!.description).toContain('- `x /close @lea <script>alert(1)</script> b a`');
  });
});

describe('an incident that is opened again, edited and closed again', () => {
  it('tells the follow-up whose note changed, remarks upon one whose note is gone, and creates what is new', async () => {
    const scene = await stage();
    const issue = scene.closed(noting('process: ask later', 'tooling: alert earlier', 'risk: no second key'));
    await scene.run(issue, { config: follows });
    const [first, second, third] = followUpsIn(scene, issue);
    await closeAgain(scene, issue, noting('process: ask later', 'tooling: alert at once', 'question: who else has a key'));
    const all = followUpsIn(scene, issue);
    expect(all.map(({ title }) => title)).toEqual(['process: ask later', 'tooling: alert earlier', 'risk: no second key', 'question: who else has a key']);
    expect(bodies(scene, first!)).toEqual([]);
    expect(bodies(scene, second!)).toEqual([`<!-- note -->\nThe improvement note from which this follows was changed in sirt/incidents#${issue.iid}. It says now:\n\n- \`alert at once\``]);
    expect(bodies(scene, third!)).toEqual([`<!-- note -->\nThe improvement note from which this follows was taken out of sirt/incidents#${issue.iid}. If nothing is left to do, close this issue.`]);
    expect(all.every(({ state }) => state === 'opened')).toBe(true);
    expect(learning(scene, issue)).toContain('its note was taken away since');
    await closeAgain(scene, issue, noting('process: ask later', 'tooling: alert at once', 'risk: no second key', 'question: who else has a key'));
    expect(bodies(scene, third!)).toEqual([`<!-- note -->\nThe improvement note from which this follows stands in sirt/incidents#${issue.iid} again.`]);
    expect(followUpsIn(scene, issue)).toHaveLength(4);
  });

  it('leaves a description that people wrote on in peace', async () => {
    const scene = await stage();
    const issue = scene.closed(noting('tooling: alert earlier'));
    await scene.run(issue, { config: follows });
    const [one] = followUpsIn(scene, issue);
    act(scene, one!, { description: `${one!.description}\nDone by Friday.` });
    await closeAgain(scene, issue, noting('tooling: alert at once'));
    expect(one!.description).toContain('Done by Friday.');
    expect(one!.title).toBe('tooling: alert earlier');
  });

  it('verified before, a change of a note while it stays closed is told too', async () => {
    const scene = await stage();
    const issue = scene.closed(noting('tooling: alert earlier'));
    await scene.run(issue, { config: follows });
    later(scene);
    act(scene, issue, { description: noting('tooling: alert at once') });
    await scene.run(issue, { config: follows });
    expect(issue.labels).toEqual(['closure::changed']);
    expect(bodies(scene, followUpsIn(scene, issue)[0]!)[0]).toContain('alert at once');
  });
});
