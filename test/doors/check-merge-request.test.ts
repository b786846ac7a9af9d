import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { COMPLETE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { IDS_TEMPLATE, installWebhook } from '../../scripts/sandbox/story/company.ts';
import { renderHookTemplate } from '../../scripts/sandbox/webhooks/hook-template.ts';
import { runAgainst } from '../support/door.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { opensMergeRequest, stored, type Opened } from '../support/merge-requests.ts';
import { opened } from '../support/scenarios.ts';

const hook = ({ projectId, iid }: Opened): object => ({
  object_kind: 'merge_request',
  user: { id: 5 },
  project: { id: projectId },
  object_attributes: { iid, action: 'open', target_project_id: projectId },
});
const pipelineOf = ({ projectId, iid }: Opened): Record<string, string> => ({ CI_MERGE_REQUEST_PROJECT_ID: String(projectId), CI_MERGE_REQUEST_IID: String(iid) });

async function closing(description: string, more: object = {}): Promise<{ scene: Scene; one: Opened }> {
  const scene = await stage();
  const issue = opened(scene, description, more);
  return { scene, one: await opensMergeRequest(scene, `Closes #${issue.iid}`) };
}

describe('check-merge-request', () => {
  it('in a merge request pipeline ends with 1, and leaves a JUnit report of what is missing', async () => {
    const { scene, one } = await closing(TOO_EARLY, { confidential: true, title: 'Payroll leaked' });
    const folder = await mkdtemp(path.join(tmpdir(), 'merge-'));
    const ran = await runAgainst(scene, 'check-merge-request', '', { ...pipelineOf(one), TRIGGER_PAYLOAD: undefined, WATCHKEEPER_OUT: folder });
    expect(ran.exitCode).toBe(1);
    expect(ran.output).toMatch(/^watchkeeper check-merge-request: sirt\/incidents!1 would close sirt\/incidents#1 blocked OWNER_MISSING .*\| 8 reads, 2 writes/m);
    expect(JSON.parse(await readFile(path.join(folder, 'watchkeeper-report.json'), 'utf8'))).toMatchObject({ exit_code: 1, incidents: [{ reference: 'sirt/incidents#1', state: 'blocked' }] });
    expect(await readFile(path.join(folder, 'junit.xml'), 'utf8')).toMatch(/<testsuite name="sirt\/incidents#1"[^]*name="OWNER_MISSING"><failure/);
  });

  it.each([
    { name: 'the hook', payload: hook },
    { name: 'the ids of the hook', payload: (one: Opened) => JSON.parse(renderHookTemplate(IDS_TEMPLATE, hook(one))) as object },
  ])('by $name ends with 1 too, and with 0 where all is in order', async ({ payload }) => {
    for (const [description, exitCode] of [
      [TOO_EARLY, 1],
      [COMPLETE, 0],
    ] as const) {
      const { scene, one } = await closing(description);
      expect((await runAgainst(scene, 'check-merge-request', payload(one))).exitCode).toBe(exitCode);
    }
  });

  it('says what is missing to tell it which merge request, and that an event is of another kind', async () => {
    const { scene } = await closing(TOO_EARLY);
    expect(await runAgainst(scene, 'check-merge-request', '', { TRIGGER_PAYLOAD: undefined })).toMatchObject({ exitCode: 2, output: expect.stringContaining('No merge request is named') as string });
    const other = await runAgainst(scene, 'check-merge-request', { object_kind: 'issue', project: { id: 42 }, object_attributes: { iid: 1, action: 'close' } });
    expect(other).toMatchObject({ exitCode: 0, output: expect.stringContaining('not an event of a merge request') as string });
  });

  it('in a dry run says what it would do, writes nothing, and ends with 1 all the same', async () => {
    const { scene, one } = await closing(TOO_EARLY);
    const ran = await runAgainst(scene, 'check-merge-request', '', { ...pipelineOf(one), WATCHKEEPER_DRY_RUN: '1' });
    expect(ran).toMatchObject({ exitCode: 1, report: { calls: { writes: 0 } }, output: expect.stringContaining('write the comment, set the status failed') as string });
    expect(ran.report['planned']).toEqual([
      expect.objectContaining({ reference: 'sirt/incidents!1', why: expect.stringMatching(/^merge request: sirt\/incidents#1 blocked OWNER_MISSING /) as string }),
    ]);
    expect(stored(scene, one).notes).toEqual([]);
  });
});

describe('on-event', () => {
  it('hands a merge request on, and ends with 0 once status and comment stand', async () => {
    const { scene, one } = await closing(TOO_EARLY);
    const ran = await runAgainst(scene, 'on-event', hook(one));
    expect(ran).toMatchObject({ exitCode: 0, report: { calls: { reads: 8, writes: 2 }, also: ['sirt/incidents!1: posted the comment', 'sirt/incidents!1: set the status to failed'] } });
    expect(stored(scene, one).notes).toHaveLength(1);
  });
});

describe('a webhook of any project', () => {
  it("starts a pipeline in Watchkeeper's own, and what people do later turns the merge request green", async () => {
    const scene = await stage();
    const { world, pipelines, settled } = scene.gitlab;
    const { members } = scene.project;
    world.addProject('sirt/app', {}, 50).members = new Map(members);
    await installWebhook(scene, IDS_TEMPLATE);
    const [{ token } = { token: '' }] = scene.project.triggers;
    const url = `${scene.gitlab.address}/api/v4/projects/42/ref/main/trigger/pipeline?token=${token}`;
    await scene.call('lea', 'POST', '/projects/50/hooks', { url, merge_requests_events: true, custom_webhook_template: IDS_TEMPLATE });
    const ends: (number | null)[] = [];
    pipelines.run = async ({ payloadPath }) => {
      ends.push((await runAgainst(scene, 'on-event', '', { TRIGGER_PAYLOAD: payloadPath })).exitCode);
    };
    const issue = opened(scene, TOO_EARLY);
    const one = await opensMergeRequest(scene, `Closes sirt/incidents#${issue.iid}`, { from: 50, into: 50 });
    await settled();
    const states = (): string[] => world.projectOf({ projectId: 50 }).pipelines.flatMap(({ statuses }) => statuses.filter(({ isReplaced }) => !isReplaced).map(({ status }) => status));
    expect([states(), stored(scene, one).notes.length]).toEqual([['failed'], 1]);
    scene.clock.now = new Date(scene.clock.now.getTime() + 60_000);
    await scene.call('ana', 'PUT', `/projects/42/issues/${issue.iid}`, { description: COMPLETE });
    await settled();
    expect([states(), stored(scene, one).notes.length]).toEqual([['success'], 1]);
    expect(new Set(ends)).toEqual(new Set([0]));
    expect(scene.project.pipelines.map(({ source }) => source)).toEqual(ends.map(() => 'trigger'));
    expect(world.projectOf({ projectId: 50 }).pipelines.map(({ source }) => source)).toEqual(['external']);
  });
});
