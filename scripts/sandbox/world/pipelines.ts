import type { Pipeline } from './automation.ts';
import type { Account, Project } from './records.ts';
import type { World } from './world.ts';

/** A new pipeline at the head of a ref, which may be given in full. */
export function createPipeline(
  world: World,
  project: Project,
  user: Account,
  ref: string,
  source: Pipeline['source'],
): Pipeline {
  const branch = ref.replace(/^refs\/heads\//, '');
  const sha = project.repository.branches.get(branch)?.head ?? '';
  const pipeline = {
    ...{ id: world.nextId(), iid: project.pipelines.length + 1, projectId: project.id, ref: branch, sha, source },
    ...{ status: 'created' as const, userId: user.id, createdAt: world.now() },
  };
  project.pipelines.push(pipeline);
  return pipeline;
}
