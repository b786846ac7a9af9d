import type { Pipeline } from './automation.ts';
import { commitOf } from './commits.ts';
import { ApiError, notFound } from './errors.ts';
import { createPipeline, settleStatus } from './pipelines.ts';
import type { Account, Project } from './records.ts';
import type { CommitStatus } from './repository.ts';
import type { World } from './world.ts';

/** A status as it is asked for; without a name it is `default`. */
export type StatusWanted = Pick<CommitStatus, 'sha' | 'name' | 'status' | 'description' | 'targetUrl'> & {
  ref: string | undefined;
  pipelineId: number | undefined;
};

const LONGEST_DESCRIPTION = 255;

/**
 * Sets the status of a commit: in the newest pipeline of that commit, or in one of its own where there is none. A status of
 * that name that is under way moves on, once to each state; one that is over is replaced by another.
 * Source: app/services/ci/create_commit_status_service.rb; GitLab docs, api/commits, set commit pipeline status.
 */
export function setStatus(world: World, user: Account, project: Project, wanted: StatusWanted): CommitStatus {
  const { id: sha } = commitOf(project, wanted.sha);
  const found = pipelineFor(project, sha, wanted);
  const ref = wanted.ref ?? found?.ref ?? branchWith(project, sha);
  if (ref === undefined) throw notFound('References for commit');
  if (wanted.pipelineId !== undefined && !found) throw notFound('Pipeline for pipeline_id, sha and ref');
  if ((wanted.description ?? '').length > LONGEST_DESCRIPTION)
    throw new ApiError(400, { message: { description: ['is too long (maximum is 255 characters)'] } });
  const pipeline = found ?? external(world, user, project, { ref, sha });
  const same = pipeline.statuses.filter(({ name, isReplaced }) => name === wanted.name && !isReplaced);
  const underWay = same.find(({ status, authorId }) => isUnderWay(status) && authorId === user.id);
  if (underWay?.status === wanted.status && isUnderWay(wanted.status)) throw stands(wanted.status);
  const given = { status: wanted.status, description: wanted.description, targetUrl: wanted.targetUrl };
  if (underWay) {
    Object.assign(underWay, given);
    settleStatus(pipeline);
    return underWay;
  }
  for (const status of same) status.isReplaced = true;
  const fresh = { id: world.nextId(), sha, ref, name: wanted.name, ...given, authorId: user.id };
  const status: CommitStatus = { ...fresh, createdAt: world.now(), isReplaced: false };
  pipeline.statuses.push(status);
  settleStatus(pipeline);
  return status;
}

/** The statuses of a commit that stand, with the pipeline of each. */
export function statusesOf({ pipelines }: Project, sha: string): { status: CommitStatus; pipeline: Pipeline }[] {
  return pipelines.flatMap((pipeline) =>
    pipeline.statuses
      .filter((status) => status.sha === sha && !status.isReplaced)
      .map((status) => ({ status, pipeline })),
  );
}

function pipelineFor({ pipelines }: Project, sha: string, { ref, pipelineId }: StatusWanted): Pipeline | undefined {
  return pipelines.findLast(
    (pipeline) =>
      pipeline.sha === sha &&
      (ref === undefined || pipeline.ref === ref) &&
      (pipelineId === undefined || pipeline.id === pipelineId),
  );
}

function branchWith({ repository }: Project, sha: string): string | undefined {
  return [...repository.branches].find(([, { head }]) => head === sha)?.[0];
}

function external(world: World, user: Account, project: Project, at: { ref: string; sha: string }): Pipeline {
  const pipeline = createPipeline(world, project, user, at.ref, 'external');
  pipeline.sha = at.sha;
  return pipeline;
}

function isUnderWay(status: CommitStatus['status']): boolean {
  return status === 'pending' || status === 'running';
}

/** Source: spec/requests/api/commit_statuses_spec.rb; the state machine's own words. */
function stands(status: CommitStatus['status']): ApiError {
  const event = status === 'pending' ? 'enqueue' : 'run';
  const reason = `Status cannot transition via "${event}"`;
  return new ApiError(400, {
    message: `Cannot transition status via :${event} from :${status} (Reason(s): ${reason})`,
  });
}
