import { randomBytes } from 'node:crypto';
import { levelOf } from './access.ts';
import type { Job, Pipeline } from './automation.ts';
import type { PlannedJob } from './ci-file.ts';
import { mayMerge } from './protection.ts';
import type { CommitStatus } from './repository.ts';
import { ApiError } from './errors.ts';
import { LEVEL, type Account, type Project } from './records.ts';
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
  const pipeline: Pipeline = {
    ...{ id: world.nextId(), iid: project.pipelines.length + 1, projectId: project.id, ref: branch, sha, source },
    ...{ status: 'created', userId: user.id, createdAt: world.now(), jobs: [], statuses: [] },
  };
  project.pipelines.push(pipeline);
  return pipeline;
}

/** Gives a pipeline a job, with a token of its own. */
export function addJob(world: World, pipeline: Pipeline, { name, delayMs }: PlannedJob): Job {
  const dueAt = new Date(world.clock().getTime() + delayMs).toISOString();
  const job: Job = {
    ...{ name, token: `glcbt-${randomBytes(20).toString('hex')}` },
    ...(delayMs > 0 ? { status: 'scheduled', scheduledAt: dueAt } : { status: 'created', scheduledAt: null }),
  };
  pipeline.jobs.push(job);
  return job;
}

/** A pipeline is what its jobs and the statuses from outside are: under way while one is, put off while one waits for its time. */
export function settleStatus(pipeline: Pipeline): void {
  const standing: { status: Job['status'] | CommitStatus['status'] }[] = [
    ...pipeline.jobs,
    ...pipeline.statuses.filter(({ isReplaced }) => !isReplaced),
  ];
  const has = (status: Pipeline['status']): boolean => standing.some((each) => each.status === status);
  const wanted = (['running', 'pending', 'scheduled', 'failed'] as const).find(has);
  pipeline.status = wanted ?? 'success';
}

/** The job whose token it is, and its pipeline. */
export function jobOfToken(world: World, token: unknown): { job: Job; pipeline: Pipeline } | undefined {
  const all = world.projects.flatMap(({ pipelines }) => pipelines);
  return all
    .flatMap((pipeline) => pipeline.jobs.map((job) => ({ job, pipeline })))
    .find(({ job }) => job.token === token);
}

/** Why a user may not start a pipeline. Source: lib/gitlab/ci/pipeline/chain; platform sheet, sections 1.3 to 1.5. */
export function demandPipeline(
  world: World,
  project: Project,
  user: Account | undefined,
  wanted: { ref: unknown; hasVariables: boolean },
): Account {
  const branch = project.repository.branches.get(String(wanted.ref));
  if (!branch) throw refused('Reference not found');
  if (!user || levelOf(user, project) < LEVEL.developer) {
    throw refused('Insufficient permissions to create a new pipeline');
  }
  // May update the branch: may push, or may merge. Source: lib/gitlab/ci/pipeline/chain/validate/abilities.rb.
  if (!mayMerge(user, project, String(wanted.ref))) {
    throw refused(
      `You do not have sufficient permission to run a pipeline on '${String(wanted.ref)}'. Please select a different branch or contact your administrator for assistance.`,
    );
  }
  const role = project.pipelineVariablesRole;
  const isShut = role === 'no_one_allowed' || levelOf(user, project) < LEVEL[role];
  if (isShut && wanted.hasVariables) throw refused('Insufficient permissions to set pipeline variables');
  const pace = world.limits.count('pipelines', `${project.id} ${user.id} ${branch.head}`);
  if (pace?.isOver) throw refused('Too many pipelines created in the last minute. Try again later.');
  return user;
}

/** What GitLab will not make a pipeline of. */
export function refused(says: string, status: 400 | 422 = 400): ApiError {
  return new ApiError(status, { message: { base: [says] } });
}
