import { describe, expect, it } from 'vitest';
import { reconcileEvent } from '../../scripts/apply/event.ts';
import { outcomeReport } from '../../scripts/apply/outcome.ts';
import { sweep } from '../../scripts/apply/sweep.ts';
import type { Tools } from '../../scripts/apply/reconcile.ts';
import type { GitLab } from '../../scripts/gitlab/port.ts';
import type { Event } from '../../scripts/read/event.ts';
import { COMPLETE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { createPipeline } from '../../scripts/sandbox/world/pipelines.ts';
import { LEVEL, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { answer } from '../support/answer.ts';
import { dying, Killed, wrapped } from '../support/dying.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { fork, opensMergeRequest, pushes, stored, type Opened } from '../support/merge-requests.ts';
import { act, later, opened, say } from '../support/scenarios.ts';
import { config } from '../support/snapshot.ts';

type Done = ReturnType<typeof outcomeReport> & { reads: number; writes: number };

/** Handles an event as a run of its own would. */
async function handle(scene: Scene, event: Event, more: Partial<Tools> = {}, wrap: (gitlab: GitLab) => GitLab = (gitlab) => gitlab): Promise<Done> {
  const { gitlab, count } = scene.connect();
  const outcome = await reconcileEvent(event, scene.tools({ gitlab: wrap(gitlab), ...more }));
  return { ...outcomeReport(outcome), ...count };
}
const ofMergeRequest = ({ projectId, iid }: Opened): Event => ({ kind: 'merge_request', ref: { projectId, iid } });
const ofIssue = ({ projectId, iid }: StoredIssue): Event => ({ kind: 'issue', ref: { projectId, iid }, userId: undefined });

type Seen = { project: number; state: string; description: string };

/** The gate's statuses of a commit, wherever they lie, the latest last. */
function statusesOf(scene: Scene, sha: string): Seen[] {
  return scene.gitlab.world.projects.flatMap(({ id, pipelines }) =>
    pipelines.flatMap(({ statuses }) =>
      statuses
        .filter((one) => one.sha === sha && one.name === 'watchkeeper/closure-gate' && !one.isReplaced)
        .map(({ status, description }) => ({ project: id, state: status, description: description ?? '' })),
    ),
  );
}
const saidOn = (scene: Scene, one: Opened): string[] => stored(scene, one).notes.flatMap(({ body, authorId }) => (authorId === scene.bot.id ? body : []));
const edits = (scene: Scene, one: Opened, body: object): Promise<unknown> => answer(scene, 'ana', 'PUT', `/projects/${one.projectId}/merge_requests/${one.iid}`, body);

/** An open incident, and a merge request that would close it. */
async function closing(description = TOO_EARLY, more: Partial<StoredIssue> = {}): Promise<{ scene: Scene; issue: StoredIssue; one: Opened }> {
  const scene = await stage();
  const issue = opened(scene, description, more);
  return { scene, issue, one: await opensMergeRequest(scene, `Closes #${issue.iid}`) };
}

describe('a merge request that would close an incident', () => {
  it('that lacks something bears a failed status and says why, and a run again writes nothing', async () => {
    const { scene, one } = await closing();
    expect(await handle(scene, ofMergeRequest(one))).toMatchObject({ failed: true, leftOver: [], incidents: [{ finding: { state: 'blocked' } }], reads: 8, writes: 2 });
    const [status] = statusesOf(scene, one.sha);
    expect(status).toMatchObject({ project: 42, state: 'failed' });
    expect(status?.description).toMatch(/^1 of 1 incident not in order: OWNER_MISSING .*IMPROVEMENT_NOTES_MISSING$/);
    expect(saidOn(scene, one)).toEqual([expect.stringMatching(/^<!-- watchkeeper:merge-gate \{"said":"[0-9a-f]+"\} -->\n[^]*`OWNER_MISSING`: \*\*Owner\*\*[^]*`Related to sirt\/incidents#1`/)]);
    expect(await handle(scene, ofMergeRequest(one))).toMatchObject({ writes: 0, reads: 6 });
  });

  it('turns green without a push once the notes are filled in, and has one comment still', async () => {
    const { scene, issue, one } = await closing();
    scene.project.mustSucceed = true;
    const merge = (): ReturnType<typeof answer> => answer(scene, 'lea', 'PUT', `/projects/42/merge_requests/${one.iid}/merge`);
    await handle(scene, ofMergeRequest(one));
    expect((await merge()).status).toBe(405);
    later(scene);
    act(scene, issue, { description: COMPLETE });
    expect(await handle(scene, ofIssue(issue))).toMatchObject({ leftOver: [], also: ['sirt/incidents!1: edited the comment', 'sirt/incidents!1: set the status to success'] });
    expect(statusesOf(scene, one.sha)).toEqual([{ project: 42, state: 'success', description: 'closes 1 incident, all in order' }]);
    expect(saidOn(scene, one)).toEqual([expect.stringContaining('Everything that closing asks for is written down.')]);
    expect(await handle(scene, ofIssue(issue))).toMatchObject({ writes: 0 });
    expect((await merge()).status).toBe(200);
    expect(issue.state).toBe('closed');
  });

  it.each([
    { name: 'an event', run: (scene: Scene, issue: StoredIssue) => handle(scene, ofIssue(issue)) },
    { name: 'a sweep', run: (scene: Scene) => sweep(scene.tools(), { deep: false, shard: { index: 1, total: 1 }, progress: () => undefined }) },
  ])('turns red again by $name where the incident lost something', async ({ run }) => {
    const { scene, issue, one } = await closing(COMPLETE);
    await handle(scene, ofMergeRequest(one));
    expect([statusesOf(scene, one.sha), saidOn(scene, one)]).toMatchObject([[{ state: 'success' }], []]);
    later(scene);
    act(scene, issue, { description: TOO_EARLY });
    await run(scene, issue);
    expect([statusesOf(scene, one.sha), saidOn(scene, one)]).toMatchObject([[{ state: 'failed' }], [expect.stringContaining('OWNER_MISSING')]]);
  });

  it('of which somebody closes the incident meanwhile is no longer held up', async () => {
    const { scene, issue, one } = await closing();
    await handle(scene, ofMergeRequest(one));
    later(scene);
    act(scene, issue, { description: COMPLETE, stateEvent: 'close' });
    await handle(scene, ofIssue(issue));
    expect(issue).toMatchObject({ state: 'closed', labels: ['closure::verified'] });
    expect([statusesOf(scene, one.sha), saidOn(scene, one)]).toMatchObject([[{ state: 'success', description: 'closes no incident' }], [expect.stringContaining('closes no incident any more')]]);
  });

  it('tells of a confidential incident the reference and the codes, and nothing else', async () => {
    const { scene, one } = await closing(TOO_EARLY, { confidential: true, title: 'Payroll leaked' });
    await handle(scene, ofMergeRequest(one));
    const [body = ''] = saidOn(scene, one);
    expect(body).toContain('**sirt/incidents#1**');
    expect(body).toContain('- `OWNER_MISSING`\n');
    expect(body).not.toMatch(/Payroll|\*\*Owner|deploy token/);
    expect(statusesOf(scene, one.sha)[0]?.description).toMatch(/^[\w ]+: [A-Z_ ]+$/);
  });

  it('whose way out is taken closes nothing any more, and says so', async () => {
    const { scene, issue, one } = await closing();
    await handle(scene, ofMergeRequest(one));
    await edits(scene, one, { description: `Related to #${issue.iid}` });
    expect(await handle(scene, ofMergeRequest(one))).toMatchObject({ failed: false, writes: 2 });
    expect([statusesOf(scene, one.sha), saidOn(scene, one)]).toMatchObject([[{ state: 'success' }], [expect.stringContaining('closes no incident any more')]]);
    expect(await handle(scene, ofMergeRequest(one))).toMatchObject({ writes: 0 });
  });

  it('whose severity was lowered before the gate knew it is held to the higher one', async () => {
    const { scene, issue, one } = await closing(COMPLETE.replace('| S2 |', '| S3 |').replace('- **Root cause analysis**: requested\n', ''), { labels: ['severity::3'] });
    await handle(scene, ofMergeRequest(one));
    expect(statusesOf(scene, one.sha)).toMatchObject([{ state: 'success' }]);
    act(scene, issue, { addLabels: ['severity::1'], removeLabels: ['severity::3'] });
    act(scene, issue, { addLabels: ['severity::3'], removeLabels: ['severity::1'] });
    await handle(scene, ofMergeRequest(one));
    expect(statusesOf(scene, one.sha)).toMatchObject([{ state: 'failed' }]);
  });

  it('by an override of somebody who may, may close it', async () => {
    const { scene, issue, one } = await closing();
    say(scene, issue, '/override a pentest that was announced to us last week', 'lea');
    await handle(scene, ofMergeRequest(one));
    expect([statusesOf(scene, one.sha), saidOn(scene, one)]).toMatchObject([[{ state: 'success' }], []]);
  });

  it('by an override of its own author may not', async () => {
    const { scene, issue, one } = await closing();
    scene.project.members.set(scene.gitlab.world.userNamed('ana').id, LEVEL.maintainer);
    say(scene, issue, '/override a pentest that was announced to us last week', 'ana');
    await handle(scene, ofMergeRequest(one));
    expect(statusesOf(scene, one.sha)).toMatchObject([{ state: 'failed' }]);
  });

  it('is not held up where the gate only observes, and is told all the same', async () => {
    const { scene, one } = await closing();
    expect(await handle(scene, ofMergeRequest(one), { config: config({ gate: { mode: 'observe' } }) })).toMatchObject({ failed: false });
    expect([statusesOf(scene, one.sha), saidOn(scene, one)]).toMatchObject([
      [{ state: 'success', description: expect.stringContaining('only observes') as string }],
      [expect.stringContaining('The gate only observes')],
    ]);
  });
});

describe('the status lies', () => {
  it('in the project of the fork that the branch lies in, where the bot may set it', async () => {
    const scene = await stage();
    const issue = opened(scene, TOO_EARLY);
    const one = await fork(scene, `Closes sirt/incidents#${issue.iid}`);
    scene.gitlab.world.projectOf({ projectId: 77 }).members.set(scene.bot.id, LEVEL.developer);
    await handle(scene, ofMergeRequest(one));
    expect(statusesOf(scene, one.sha)).toMatchObject([{ project: 77, state: 'failed' }]);
    expect(await handle(scene, ofMergeRequest(one))).toMatchObject({ writes: 0 });
  });

  it.each([
    { name: 'is not there', level: undefined, tried: 0 },
    { name: 'may look only', level: LEVEL.reporter, tried: 1 },
  ])('in the target where the bot $name in the fork, and the run says what would help', async ({ level, tried }) => {
    const scene = await stage();
    const issue = opened(scene, TOO_EARLY);
    const one = await fork(scene, `Closes sirt/incidents#${issue.iid}`);
    if (level !== undefined) scene.gitlab.world.projectOf({ projectId: 77 }).members.set(scene.bot.id, level);
    const done = await handle(scene, ofMergeRequest(one));
    expect(done.also).toContainEqual(expect.stringContaining('make the bot a Developer of the fork'));
    expect([statusesOf(scene, one.sha), saidOn(scene, one)]).toMatchObject([[{ project: 42, state: 'failed' }], [expect.stringContaining('OWNER_MISSING')]]);
    expect(await handle(scene, ofMergeRequest(one))).toMatchObject({ writes: tried });
  });

  it('at the commit in the target where the fork is gone', async () => {
    const scene = await stage();
    const issue = opened(scene, TOO_EARLY);
    const one = await fork(scene, `Closes sirt/incidents#${issue.iid}`);
    const gone = (gitlab: GitLab): GitLab => ({ ...gitlab, mergeRequest: async (ref) => gitlab.mergeRequest(ref).then((seen) => seen && { ...seen, sourceProjectId: undefined }) });
    expect(await handle(scene, ofMergeRequest(one), {}, gone)).toMatchObject({ leftOver: [] });
    expect(statusesOf(scene, one.sha)).toMatchObject([{ project: 42, state: 'failed' }]);
  });

  it('in the pipeline that GitLab decides by, also where that is a new one of the same commit', async () => {
    const { scene, one } = await closing();
    await handle(scene, ofMergeRequest(one));
    const { world } = scene.gitlab;
    const newer = createPipeline(world, scene.project, world.userNamed('ana'), one.branch, 'push');
    await handle(scene, ofMergeRequest(one));
    expect(newer.statuses).toMatchObject([{ status: 'failed' }]);
    expect(await handle(scene, ofMergeRequest(one))).toMatchObject({ writes: 0 });
  });

  it('on the head that was pushed while it was being set', async () => {
    const { scene, one } = await closing();
    let pushed = '';
    const wrap = (gitlab: GitLab): GitLab => ({
      ...gitlab,
      setCommitStatus: async (place, status) => {
        if (pushed === '') pushed = await pushes(scene, one.branch);
        await gitlab.setCommitStatus(place, status);
      },
    });
    await handle(scene, ofMergeRequest(one), {}, wrap);
    expect(statusesOf(scene, pushed)).toMatchObject([{ state: 'failed' }]);
    expect(saidOn(scene, one)).toHaveLength(1);
  });
});

describe('where the bot may not', () => {
  it('set a status, the comment is written and the run names the cure', async () => {
    const { scene, one } = await closing();
    scene.project.members.set(scene.bot.id, LEVEL.reporter);
    const { leftOver } = await handle(scene, ofMergeRequest(one));
    expect(leftOver).toMatchObject([{ reference: 'sirt/incidents!1', to: 'operator', reason: expect.stringContaining('Give it the role Developer there') as string }]);
    expect([statusesOf(scene, one.sha), saidOn(scene, one)]).toMatchObject([[], [expect.stringContaining('OWNER_MISSING')]]);
  });

  it('see the merge request, there is nothing to do', async () => {
    const scene = await stage();
    expect(await handle(scene, { kind: 'merge_request', ref: { projectId: 4711, iid: 1 } })).toMatchObject({ nothing: 'project 4711 has no open merge request 1, or the bot may not see it' });
  });
});

describe('a merge request is left alone', () => {
  it.each([
    { name: 'that closes nothing', text: () => 'Mend it', reads: 4 },
    { name: 'that closes an issue that is no incident', text: ({ iid }: StoredIssue) => `Closes #${iid}`, more: { type: 'issue' } as const, reads: 5 },
    { name: 'that closes an incident outside the sources', text: ({ iid }: StoredIssue) => `Closes #${iid}`, sources: [{ project: 7 }], reads: 4 },
  ])('$name, with $reads reads', async ({ text, more = {}, sources, reads }) => {
    const scene = await stage();
    const issue = opened(scene, TOO_EARLY, more);
    const one = await opensMergeRequest(scene, text(issue));
    expect(await handle(scene, ofMergeRequest(one), sources ? { config: config({ sources }) } : {})).toMatchObject({ failed: false, reads, writes: 0 });
    expect([statusesOf(scene, one.sha), saidOn(scene, one)]).toEqual([[], []]);
  });

  it('that is merged already', async () => {
    const { scene, one } = await closing(COMPLETE);
    await answer(scene, 'lea', 'PUT', `/projects/42/merge_requests/${one.iid}/merge`);
    expect(await handle(scene, ofMergeRequest(one))).toMatchObject({ reads: 2, writes: 0 });
  });

  it('by an event on an incident that none names, which costs 3 reads', async () => {
    const scene = await stage();
    const issue = opened(scene, COMPLETE);
    expect(await handle(scene, ofIssue(issue))).toMatchObject({ reads: 3, writes: 0 });
  });

  it('where another person copied our comment', async () => {
    const scene = await stage();
    const one = await opensMergeRequest(scene, 'Mend it');
    await answer(scene, 'ana', 'POST', `/projects/42/merge_requests/${one.iid}/notes`, { body: '<!-- watchkeeper:merge-gate {"said":"0123456789abcdef"} -->\nhello' });
    expect(await handle(scene, ofMergeRequest(one))).toMatchObject({ writes: 0 });
  });
});

describe('a run that is killed at any call', () => {
  it.each([
    { name: 'the first', before: async () => Promise.resolve(), state: 'failed' },
    {
      name: 'one after the way out was taken',
      before: async (scene: Scene, one: Opened) => handle(scene, ofMergeRequest(one)).then(() => edits(scene, one, { description: 'Related to #1' })),
      state: 'success',
    },
  ])('$name, is finished by the next, and nothing is doubled', async ({ before, state }) => {
    const undisturbed = await closing();
    await before(undisturbed.scene, undisturbed.one);
    const count = dying();
    await handle(undisturbed.scene, ofMergeRequest(undisturbed.one), {}, (gitlab) => wrapped(gitlab, count.wrap));
    for (let at = 1; at <= count.calls(); at += 1) {
      for (const isDone of [false, true]) {
        const { scene, one } = await closing();
        await before(scene, one);
        const { wrap } = dying({ at, isDone });
        await expect(handle(scene, ofMergeRequest(one), {}, (gitlab) => wrapped(gitlab, wrap))).rejects.toThrow(Killed);
        await handle(scene, ofMergeRequest(one));
        expect({ at, isDone, statuses: statusesOf(scene, one.sha).map((each) => each.state), said: saidOn(scene, one) }).toEqual({
          at,
          isDone,
          statuses: [state],
          said: saidOn(undisturbed.scene, undisturbed.one),
        });
        expect(await handle(scene, ofMergeRequest(one))).toMatchObject({ writes: 0 });
      }
    }
  });

  it('leaves no second comment, whoever made two of one', async () => {
    const { scene, one } = await closing();
    await handle(scene, ofMergeRequest(one));
    await answer(scene, scene.bot.username, 'POST', `/projects/42/merge_requests/${one.iid}/notes`, { body: saidOn(scene, one)[0] });
    await handle(scene, ofMergeRequest(one));
    expect(saidOn(scene, one)).toHaveLength(1);
  });

  it('two at once leave one comment', async () => {
    const { scene, one } = await closing();
    await Promise.all([handle(scene, ofMergeRequest(one)), handle(scene, ofMergeRequest(one))]);
    expect(saidOn(scene, one)).toHaveLength(1);
    expect(await handle(scene, ofMergeRequest(one))).toMatchObject({ writes: 0 });
  });
});
