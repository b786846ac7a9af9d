import { SetupError, type LeftOver } from '../ci/errors.ts';
import { Moved, NotFound } from '../gitlab/errors.ts';
import type { CommitStatus, MergeRequest, StatusPlace } from '../gitlab/merge-request-port.ts';
import type { GitLab } from '../gitlab/port.ts';

/** What was done in words, and what could not be done. */
type Set = { also: string[]; failures: (LeftOver | SetupError)[] };

/**
 * Makes the status of a merge request's head what it has to be, where it is not yet: in the pipeline that GitLab decides by,
 * else in the project that the branch lies in. A fork may be shut to the bot; then the status goes to the target, where it
 * is seen and blocks nothing.
 */
export async function setStatus(one: MergeRequest, status: CommitStatus, gitlab: GitLab): Promise<Set> {
  const { reference } = one;
  const [first, ...others] = placesOf(one);
  if (!first) return { also: [], failures: [] };
  const done = await trySet(first, status, gitlab);
  if (done !== 'refused') return { also: inWords(reference, status, done), failures: [] };
  if (first.projectId === one.projectId) {
    const cure = 'Give it the role Developer there, and, where the branch is protected, the right to push to it.';
    const says = `${reference}: the bot may set no status of the head commit in project ${first.projectId}. ${cure}`;
    return { also: [], failures: [new SetupError(says)] };
  }
  const warning =
    'the bot may set no status in the fork, so that its merge is not held up: run its pipelines in this project, or make the bot a Developer of the fork';
  const instead = others[0] ? await trySet(others[0], status, gitlab) : 'refused';
  const set = instead === 'refused' ? [] : inWords(reference, status, instead);
  return { also: [...set, `${reference}: warning: ${warning}`], failures: [] };
}

function inWords(reference: string, { state }: CommitStatus, done: 'set' | 'stands'): string[] {
  return done === 'set' ? [`${reference}: set the status to ${state}`] : [];
}

/** Source: app/services/ci/create_commit_status_service.rb: a status goes to the newest pipeline of its commit, unless told. */
function placesOf({ projectId, iid, sha, sourceProjectId, headPipeline }: MergeRequest): StatusPlace[] {
  if (sha === undefined) return [];
  const target: StatusPlace = { projectId, sha, ref: `refs/merge-requests/${iid}/head` };
  const isOfHead = headPipeline?.sha === sha;
  if (!isOfHead && sourceProjectId === undefined) return [target];
  const first: StatusPlace = isOfHead
    ? { projectId: headPipeline.projectId, sha, pipelineId: headPipeline.id }
    : { projectId: sourceProjectId ?? projectId, sha };
  return first.projectId === projectId ? [first] : [first, target];
}

async function trySet(place: StatusPlace, status: CommitStatus, gitlab: GitLab): Promise<'set' | 'stands' | 'refused'> {
  try {
    const standing = await gitlab.commitStatuses(place, status.name);
    const isThere = standing.some(
      ({ state, description, pipelineId }) =>
        state === status.state && description === status.description && (place.pipelineId ?? pipelineId) === pipelineId,
    );
    if (isThere) return 'stands';
    await gitlab.setCommitStatus(place, status);
    return 'set';
  } catch (error) {
    if (error instanceof NotFound || (error instanceof SetupError && !(error instanceof Moved))) return 'refused';
    throw error;
  }
}
