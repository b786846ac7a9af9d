import { describe, expect, it } from 'vitest';
import { LeftOver } from '../../scripts/ci/errors.ts';
import { NotFound } from '../../scripts/gitlab/errors.ts';
import { answer } from '../support/answer.ts';
import { stage } from '../support/gitlab.ts';
import { fork, opensMergeRequest } from '../support/merge-requests.ts';
import { opened } from '../support/scenarios.ts';

const json = (body: unknown): { kind: 'text'; body: string; contentType: string } => ({ kind: 'text', body: JSON.stringify(body), contentType: 'application/json' });

describe('a merge request', () => {
  it('is read with its head and where that lies, and is none where it is not there', async () => {
    const scene = await stage();
    const { gitlab } = scene.connect();
    const { sha, iid } = await fork(scene, 'Mend');
    expect(await gitlab.mergeRequest({ projectId: 42, iid })).toEqual({
      ...{ projectId: 42, iid, reference: `sirt/incidents!${iid}`, state: 'opened', sha, sourceProjectId: 77, headPipeline: undefined },
      author: { id: scene.gitlab.world.userNamed('ana').id, username: 'ana' },
    });
    expect(await gitlab.mergeRequest({ projectId: 42, iid: 99 })).toBeUndefined();
  });

  it('closes issues of GitLab, and what lies in another tracker is none', async () => {
    const scene = await stage();
    const { iid } = opened(scene, '');
    const one = await opensMergeRequest(scene, `Closes #${iid}`);
    const { body } = await answer(scene, 'ana', 'GET', `/projects/42/merge_requests/${one.iid}/closes_issues`);
    scene.gitlab.faults.plan(/^GET .*closes_issues$/, json([{ id: 'PROJECT-123', title: 'elsewhere' }, ...(body as object[])]));
    expect(await scene.connect().gitlab.closedByMerging(one)).toMatchObject([{ projectId: 42, iid }]);
  });

  it('that is over is none of those on an issue', async () => {
    const scene = await stage();
    const { projectId, iid } = opened(scene, '');
    const [first, second] = [await opensMergeRequest(scene, `Related to #${iid}`), await opensMergeRequest(scene, `Closes #${iid}`)];
    await answer(scene, 'ana', 'PUT', `/projects/42/merge_requests/${first.iid}`, { state_event: 'close' });
    const { gitlab } = scene.connect();
    expect(await gitlab.mergeRequestsOf({ projectId, iid }, 'closing')).toMatchObject([{ iid: second.iid }]);
    expect(await gitlab.mergeRequestsOf({ projectId, iid }, 'naming')).toMatchObject([{ iid: second.iid }]);
  });

  it.each([
    { name: 'a list', body: [] },
    { name: 'nothing', body: null },
    { name: 'one without a number', body: { project_id: 42, state: 'opened' } },
  ])('is not read from $name', async ({ body }) => {
    const scene = await stage();
    scene.gitlab.faults.plan(/^GET .*merge_requests\/1$/, json(body));
    await expect(scene.connect().gitlab.mergeRequest({ projectId: 42, iid: 1 })).rejects.toThrow(LeftOver);
  });
});

describe('the statuses of a commit', () => {
  it('are those of one name, with the pipeline of each; a commit that is not there has none', async () => {
    const scene = await stage();
    const { sha } = await opensMergeRequest(scene, 'Mend');
    const { gitlab } = scene.connect();
    const place = { projectId: 42, sha };
    await gitlab.setCommitStatus(place, { name: 'gate', state: 'failed', description: 'OWNER_MISSING' });
    await gitlab.setCommitStatus(place, { name: 'other', state: 'success', description: '' });
    expect(await gitlab.commitStatuses(place, 'gate')).toEqual([{ state: 'failed', description: 'OWNER_MISSING', pipelineId: scene.project.pipelines[0]?.id }]);
    await expect(gitlab.commitStatuses({ projectId: 42, sha: '0'.repeat(40) }, 'gate')).rejects.toThrow(NotFound);
  });
});
