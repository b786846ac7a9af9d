import { describe, expect, it } from 'vitest';
import { LEVEL } from '../../scripts/sandbox/world/records.ts';
import { answer } from '../support/answer.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { fork, opensMergeRequest, pushes } from '../support/merge-requests.ts';

type Status = { name: string; status: string; description: string | null; pipeline_id: number };

const set = (scene: Scene, sha: string, body: object, { who = 'ana', project = 42 } = {}): ReturnType<typeof answer> => answer(scene, who, 'POST', `/projects/${project}/statuses/${sha}`, body);
const standing = async (scene: Scene, sha: string, query = ''): Promise<Status[]> => (await answer(scene, 'ana', 'GET', `/projects/42/repository/commits/${sha}/statuses${query}`)).body as Status[];

describe('the status of a commit', () => {
  it.each([
    { name: 'pending twice', states: ['pending', 'pending'], status: 400, says: 'Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition via "enqueue")' },
    { name: 'running twice', states: ['running', 'running'], status: 400, says: 'Cannot transition status via :run from :running (Reason(s): Status cannot transition via "run")' },
  ])('is not set to $name', async ({ states: [first, again], status, says }) => {
    const scene = await stage();
    const { sha } = await opensMergeRequest(scene, 'Mend');
    expect((await set(scene, sha, { state: first })).status).toBe(201);
    expect(await set(scene, sha, { state: again })).toMatchObject({ status, body: { message: says } });
  });

  it('moves on while it is under way, and is replaced once it is over, also by the same', async () => {
    const scene = await stage();
    const { sha } = await opensMergeRequest(scene, 'Mend');
    const ids: unknown[] = [];
    for (const state of ['pending', 'running', 'success', 'success', 'failed']) ids.push(((await set(scene, sha, { state, name: 'gate' })).body as { id: number }).id);
    expect(ids).toEqual([ids[0], ids[0], ids[0], ids[3], ids[4]]);
    expect(new Set(ids).size).toBe(3);
    expect(await standing(scene, sha)).toMatchObject([{ name: 'gate', status: 'failed' }]);
    expect(await standing(scene, sha, '?name=other')).toEqual([]);
  });

  it.each([
    { name: 'a state that there is not', body: { state: 'failure' }, status: 400, says: { error: 'state does not have a valid value' } },
    { name: 'no state', body: {}, status: 400, says: { error: 'state is missing' } },
    { name: 'a long description', body: { state: 'failed', description: 'x'.repeat(256) }, status: 400, says: { message: { description: ['is too long (maximum is 255 characters)'] } } },
    { name: 'a pipeline of another commit', body: { state: 'failed', pipeline_id: 1 }, status: 404, says: { message: '404 Pipeline for pipeline_id, sha and ref Not Found' } },
  ])('is not set with $name', async ({ body, status, says }) => {
    const scene = await stage();
    const { sha } = await opensMergeRequest(scene, 'Mend');
    expect(await set(scene, sha, body)).toMatchObject({ status, body: says });
  });

  it('needs a Developer to set it and a Reporter to see it, and a commit that is there', async () => {
    const scene = await stage();
    const { sha } = await opensMergeRequest(scene, 'Mend');
    for (const [name, level] of [
      ['rae', LEVEL.reporter],
      ['gus', LEVEL.guest],
    ] as const)
      scene.project.members.set(scene.gitlab.world.addUser(name).id, level);
    expect((await set(scene, sha, { state: 'success' }, { who: 'rae' })).status).toBe(403);
    expect((await answer(scene, 'rae', 'GET', `/projects/42/repository/commits/${sha}/statuses`)).status).toBe(200);
    expect((await answer(scene, 'gus', 'GET', `/projects/42/repository/commits/${sha}/statuses`)).status).toBe(403);
    expect(await set(scene, '0'.repeat(40), { state: 'success' })).toMatchObject({ status: 404, body: { message: '404 Commit Not Found' } });
  });

  it('of a fork is set in the fork; in the target the commit lies on no branch', async () => {
    const scene = await stage();
    const { sha, iid } = await fork(scene, 'Mend');
    expect(await set(scene, sha, { state: 'success' })).toMatchObject({ status: 404, body: { message: '404 References for commit Not Found' } });
    expect((await set(scene, sha, { state: 'failed' }, { project: 77 })).status).toBe(201);
    expect((await answer(scene, 'ana', 'GET', `/projects/42/merge_requests/${iid}`)).body).toMatchObject({ source_project_id: 77, head_pipeline: { project_id: 77, status: 'failed' } });
  });

  it('decides over the merge where pipelines must succeed', async () => {
    const scene = await stage();
    scene.project.mustSucceed = true;
    const { sha, iid } = await opensMergeRequest(scene, 'Mend');
    const merge = (): ReturnType<typeof answer> => answer(scene, 'lea', 'PUT', `/projects/42/merge_requests/${iid}/merge`);
    expect((await merge()).status).toBe(405);
    await set(scene, sha, { state: 'failed', name: 'gate' });
    expect((await merge()).status).toBe(405);
    await set(scene, sha, { state: 'success', name: 'gate' });
    expect((await merge()).status).toBe(200);
  });
});

describe('a merge request', () => {
  it('leaves a note on the issues that it names, once, by which GitLab finds it', async () => {
    const scene = await stage();
    const issue = scene.closed('', { state: 'opened', closedAt: null });
    const { iid } = await opensMergeRequest(scene, `Closes #${issue.iid}`);
    await answer(scene, 'ana', 'PUT', `/projects/42/merge_requests/${iid}`, { description: `Really closes #${issue.iid}` });
    expect(scene.gitlab.world.notes.of(issue).map(({ body }) => body)).toEqual([`mentioned in merge request !${iid}`]);
    const found = async (what: string): Promise<unknown> => (await answer(scene, 'ana', 'GET', `/projects/42/issues/${issue.iid}/${what}`)).body;
    expect([await found('closed_by'), await found('related_merge_requests')]).toMatchObject([[{ iid }], [{ iid }]]);
    await answer(scene, 'ana', 'PUT', `/projects/42/issues/${issue.iid}`, { state_event: 'close' });
    expect([await found('closed_by'), await found('related_merge_requests')]).toMatchObject([[], [{ iid }]]);
  });

  it('has the head that was pushed, and its event says so', async () => {
    const scene = await stage();
    const { sha, iid, branch } = await opensMergeRequest(scene, 'Mend');
    const pushed = await pushes(scene, branch);
    expect(pushed).not.toBe(sha);
    expect((await answer(scene, 'ana', 'GET', `/projects/42/merge_requests/${iid}`)).body).toMatchObject({ sha: pushed, head_pipeline: null });
  });
});
