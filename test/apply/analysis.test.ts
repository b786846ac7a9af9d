import { describe, expect, it } from 'vitest';
import type { Installation } from '../../scripts/read/config.ts';
import { COMPLETE } from '../../scripts/sandbox/story/descriptions.ts';
import type { Project, StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { linkedWith } from '../support/learning.ts';
import { act, later, say } from '../support/scenarios.ts';
import { config } from '../support/snapshot.ts';

const analysing = (more: object = {}): Installation => config({ rca: more });
const deciding = (decision: string): string => COMPLETE.replace('- **Root cause analysis**: requested\n', decision === '' ? '' : `- **Root cause analysis**: ${decision}\n`);

const analyses = ({ gitlab: { world } }: Scene): StoredIssue[] => world.issues.filter(({ description }) => description?.startsWith('<!-- watchkeeper:rca '));
const names = ({ gitlab: { world } }: Scene, { assigneeIds }: StoredIssue): string[] => world.users.filter(({ id }) => assigneeIds.includes(id)).map(({ username }) => username);
/** What the incident says of what follows from it, without its marker. */
const told = (scene: Scene, issue: StoredIssue): string =>
  scene
    .said(issue)
    .find(({ body }) => body.startsWith('<!-- watchkeeper:learning '))
    ?.body.replace(/^.*-->\n/, '')
    .trim() ?? '';
const elsewhere = ({ gitlab: { world } }: Scene): Project => world.addProject('sirt/analyses', { 'watchkeeper-bot': 30, ana: 30, lea: 40 }, 43);

describe('the analysis that a verified incident asks for', () => {
  it('is opened: labelled, due, assigned to the owner, linked, and the incident names it', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    expect(await scene.run(issue, { config: analysing() })).toMatchObject({ finding: { state: 'verified' }, failures: [] });
    const [analysis, ...others] = analyses(scene);
    expect(others).toEqual([]);
    expect(analysis).toMatchObject({
      ...{ state: 'opened', type: 'issue', confidential: false, labels: ['rca'], dueDate: '2026-12-01' },
      title: 'Root cause analysis of sirt/incidents#1: Token leaked',
      description: expect.stringMatching(/^<!-- watchkeeper:rca 42-1 -->\n[^]*sirt\/incidents#1[^]*2026-12-01[^]*## Root cause\n/) as string,
    });
    expect(names(scene, analysis!)).toEqual(['ana']);
    expect(linkedWith(scene, issue)).toEqual([analysis!.title]);
    expect(told(scene, issue)).toBe(`What follows from this incident:\n\n- \`root cause analysis\`: sirt/incidents#${analysis!.iid}`);
    expect(issue).toMatchObject({ state: 'closed', labels: ['closure::verified'] });
  });

  it('is opened once, however often it is looked at, and then costs no call', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    await scene.run(issue, { config: analysing() });
    for (let time = 0; time < 3; time += 1) {
      later(scene, 24 * 60);
      expect(await scene.run(issue, { config: analysing() })).toMatchObject({ reads: 3, writes: 0 });
    }
    expect(analyses(scene)).toHaveLength(1);
  });

  it('is opened once, though the incident is opened again, changed and closed again', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    await scene.run(issue, { config: analysing() });
    later(scene);
    act(scene, issue, { stateEvent: 'reopen' });
    await scene.run(issue, { config: analysing() });
    act(scene, issue, { description: COMPLETE.replace('deploy-token service', 'all of it') });
    later(scene);
    act(scene, issue, { stateEvent: 'close' });
    await scene.run(issue, { config: analysing() });
    expect(analyses(scene)).toHaveLength(1);
    expect(issue.labels).toContain('closure::verified');
  });

  it('is confidential like its incident, of which it then says where it is and no more', async () => {
    const scene = await stage();
    await scene.run(scene.closed(COMPLETE, { confidential: true }), { config: analysing() });
    expect(analyses(scene)).toMatchObject([{ confidential: true, title: 'Root cause analysis of sirt/incidents#1' }]);
    expect(analyses(scene)[0]!.description).not.toMatch(/Token leaked|deploy-token/);
  });

  it('is opened in the project, under the label, for the person that the configuration names', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    const other = elsewhere(scene);
    await scene.run(issue, { config: analysing({ project: 'sirt/analyses', label: 'post-mortem', owner: '@lea', due_working_days: 3 }) });
    const [analysis] = analyses(scene);
    expect(analysis).toMatchObject({ projectId: other.id, labels: ['post-mortem'], dueDate: '2026-11-25', title: 'Root cause analysis of sirt/incidents#1' });
    expect(names(scene, analysis!)).toEqual(['lea']);
    expect(told(scene, issue)).toContain(`sirt/analyses#${analysis!.iid}`);
  });

  it('fails alone where its project is not there: that is told, the verification stands, and it is opened once it is', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    const settings = config({ rca: { project: 'sirt/analyses' }, follow_ups: {} });
    const done = await scene.run(issue, { config: settings });
    expect(done.failures.map(({ message }) => message)).toEqual([
      'The project sirt/analyses of rca.project does not exist, or the bot may not see it. Correct it, or give the bot the role Developer there.',
    ]);
    expect(issue).toMatchObject({ state: 'closed', labels: ['closure::verified'] });
    expect(told(scene, issue)).toMatch(/`process`: .*\n- `tooling`: /);
    elsewhere(scene);
    await scene.run(issue, { config: settings });
    expect(analyses(scene)).toHaveLength(1);
    expect(told(scene, issue)).toMatch(/^What follows from this incident:\n\n- `root cause analysis`: sirt\/analyses#1\n- `process`: .*\n- `tooling`: /);
  });

  it('is told in a dry run, and not opened', async () => {
    const scene = await stage();
    const { actions, writes } = await scene.run(scene.closed(COMPLETE), { config: analysing(), dryRun: true });
    expect([actions.filter((action) => action === 'open a root cause analysis').length, writes, analyses(scene)]).toEqual([1, 0, []]);
  });

  it.each<{ name: string; description?: string; says?: string; mode?: 'off' | 'observe'; opens: boolean }>([
    { name: 'by its description', opens: true },
    { name: 'by a command', description: deciding(''), says: '/rca requested', opens: true },
    { name: 'though analyses are only observed, which is about their own closing', mode: 'observe', opens: true },
    { name: 'not where they are off', mode: 'off', opens: false },
    { name: 'not where none is needed', description: deciding('not needed: a test of ours, the cause is known and mended'), opens: false },
    { name: 'not where none is needed by a command', description: deciding(''), says: '/rca not-needed a test of ours, the cause is known and mended', opens: false },
    { name: 'not where there is one', description: deciding('#77'), opens: false },
  ])('is opened $name', async ({ description = COMPLETE, says, mode = 'enforce', opens }) => {
    const scene = await stage();
    const issue = scene.closed(description);
    if (says !== undefined) say(scene, issue, says, 'lea');
    expect(await scene.run(issue, { config: analysing({ mode }) })).toMatchObject({ finding: { state: 'verified' }, failures: [] });
    expect(analyses(scene)).toHaveLength(opens ? 1 : 0);
    expect(told(scene, issue)).toEqual(opens ? expect.stringContaining('root cause analysis') : '');
  });

  it('is not opened while the gate blocks', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE.replace('- **Owner**: @ana', '- **Owner**: TBD'));
    expect(await scene.run(issue, { config: analysing() })).toMatchObject({ finding: { state: 'blocked' } });
    expect(analyses(scene)).toEqual([]);
  });
});
