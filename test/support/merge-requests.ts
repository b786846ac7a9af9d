import { LEVEL } from '../../scripts/sandbox/world/records.ts';
import type { MergeRequest } from '../../scripts/sandbox/world/repository.ts';
import { answer } from './answer.ts';
import type { Scene } from './gitlab.ts';

/** A merge request that was opened: its number, its head, its branch, and the project that it would be merged into. */
export type Opened = { projectId: number; iid: number; sha: string; branch: string };

type Place = { from: number; into: number };

/** @ana commits to a branch, which begins at `main`; gives the commit. */
export async function pushes(scene: Scene, branch: string, project = 42): Promise<string> {
  const isThere = scene.gitlab.world.projectOf({ projectId: project }).repository.branches.has(branch);
  const { length } = scene.gitlab.world.projectOf({ projectId: project }).repository.commits;
  const actions = [{ action: 'create', file_path: `mend-${length}.txt`, content: 'mended' }];
  const { body } = await answer(scene, 'ana', 'POST', `/projects/${project}/repository/commits`, { branch, ...(isThere ? {} : { start_branch: 'main' }), commit_message: 'Mend', actions });
  return (body as { id: string }).id;
}

/** @ana opens a merge request of a new branch, with this description. */
export async function opensMergeRequest(scene: Scene, description: string, { from, into }: Place = { from: 42, into: 42 }): Promise<Opened> {
  const branch = `mend-${scene.gitlab.world.nextId()}`;
  const sha = await pushes(scene, branch, from);
  const { status, body } = await answer(scene, 'ana', 'POST', `/projects/${from}/merge_requests`, {
    title: 'Mend',
    description,
    source_branch: branch,
    target_branch: 'main',
    target_project_id: into,
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { projectId: into, iid: (body as { iid: number }).iid, sha, branch };
}

/** A merge request of @ana's from her fork, project 77, where nobody else is a member. */
export async function fork(scene: Scene, description: string): Promise<Opened> {
  scene.gitlab.world.addProject('ana/incidents', { ana: LEVEL.owner }, 77);
  return opensMergeRequest(scene, description, { from: 77, into: 42 });
}

/** The merge request as GitLab has it. */
export function stored(scene: Scene, { projectId, iid }: Pick<Opened, 'projectId' | 'iid'>): MergeRequest {
  return scene.gitlab.world.projectOf({ projectId }).mergeRequests.find((one) => one.iid === iid)!;
}
