import { demand } from './access.ts';
import { setState } from './changes.ts';
import type { Pipeline } from './automation.ts';
import { ApiError } from './errors.ts';
import { withoutCode } from './extractor.ts';
import type { Account, Project, StoredIssue } from './records.ts';
import { mayMerge } from './protection.ts';
import { referred } from './relations.ts';
import type { MergeRequest } from './repository.ts';
import { writeSystemNote } from './system-notes.ts';
import type { World } from './world.ts';

/** Source: GitLab docs, user/project/issues/managing_issues, default closing pattern. */
const CLOSING =
  /\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?):?\s+((?:(?:issues?\s+)?(?:[\w./-]+)?#\d+(?:(?:,\s*(?:and\s+)?|\s+and\s+)|\b))+)/gi;

/** Opens a merge request from a branch of a project into the same project, or into that which it was forked from. */
export function openMergeRequest(
  world: World,
  author: Account,
  from: Project,
  given: Pick<MergeRequest, 'title' | 'description' | 'sourceBranch' | 'targetBranch'> & { target?: Project },
): MergeRequest {
  demand(author, from, 'push code');
  const { target: project = from, ...words } = given;
  const source = from.repository.branches.get(given.sourceBranch);
  if (!source) throw new ApiError(422, { message: ['Source branch "' + given.sourceBranch + '" does not exist'] });
  const at = world.now();
  const mergeRequest: MergeRequest = {
    ...{ id: world.nextId(), iid: project.mergeRequests.length + 1, projectId: project.id, sourceProjectId: from.id },
    ...{ ...words, state: 'opened', authorId: author.id, sha: source.head, createdAt: at, updatedAt: at },
    ...{ mergedAt: null, mergedById: null, notes: [] },
  };
  project.mergeRequests.push(mergeRequest);
  knowHead(world, mergeRequest);
  mentionIssues(world, author, mergeRequest);
  world.tell({ kind: 'merge_request', mergeRequest, actorId: author.id, action: 'open' });
  return mergeRequest;
}

/** What was pushed to the branch of open merge requests is their head from then on. Source: app/services/merge_requests/refresh_service.rb. */
export function moveHeads(world: World, actor: Account, from: Project, branch: string, sha: string): void {
  const all = world.projects.flatMap(({ mergeRequests }) => mergeRequests);
  for (const one of all) {
    if (one.sourceProjectId !== from.id || one.sourceBranch !== branch || one.state !== 'opened') continue;
    Object.assign(one, { sha, updatedAt: world.now() });
    knowHead(world, one);
    world.tell({ kind: 'merge_request', mergeRequest: one, actorId: actor.id, action: 'update' });
  }
}

/** The target has the head of a fork's branch too, as `refs/merge-requests/N/head`, though on no branch of its own. */
function knowHead(world: World, { projectId, sourceProjectId, sha }: MergeRequest): void {
  const [target, source] = [world.projectOf({ projectId }), world.projectOf({ projectId: sourceProjectId })];
  const commit = source.repository.commits.find(({ id }) => id === sha);
  if (commit && !target.repository.commits.some(({ id }) => id === sha)) target.repository.commits.push(commit);
}

/**
 * The pipeline that counts: the newest of the head commit, one for merge requests before others; a fork's lies in the fork.
 * Source: app/finders/ci/pipelines_for_merge_request_finder.rb.
 */
export function headPipeline(world: World, mergeRequest: MergeRequest): Pipeline | undefined {
  const { projectId, sourceProjectId, sourceBranch, sha, iid } = mergeRequest;
  const [target, source] = [world.projectOf({ projectId }), world.projectOf({ projectId: sourceProjectId })];
  const own = [...source.pipelines, ...(target === source ? [] : target.pipelines)].filter(
    (pipeline) => pipeline.sha === sha && pipeline.ref === `refs/merge-requests/${iid}/head`,
  );
  const ofMergeRequest = own.findLast(({ source: kind }) => kind === 'merge_request_event');
  return ofMergeRequest ?? source.pipelines.findLast((one) => one.sha === sha && one.ref === sourceBranch);
}

/** Notes on each issue that title and description name, once. Source: app/models/concerns/mentionable.rb. */
export function mentionIssues(world: World, author: Account, mergeRequest: MergeRequest): void {
  const text = withoutCode(`${mergeRequest.title}\n${mergeRequest.description ?? ''}`);
  for (const [name] of text.matchAll(/(?<![\w/&])(?:[\w./-]+)?#\d+\b/g)) {
    const issue = referred(world, author, mergeRequest, name);
    if (issue && !isMentioned(world, issue, mergeRequest))
      writeSystemNote(world, author, issue, mentionOf(world, issue, mergeRequest));
  }
}

/** Whether GitLab's own notes on an issue name a merge request; by them alone it finds which would close it. */
export function isMentioned(world: World, issue: StoredIssue, mergeRequest: MergeRequest): boolean {
  const body = mentionOf(world, issue, mergeRequest);
  return world.notes.of(issue).some((note) => note.system && note.body === body);
}

function mentionOf(world: World, { projectId }: StoredIssue, mergeRequest: MergeRequest): string {
  const path = mergeRequest.projectId === projectId ? '' : world.projectOf(mergeRequest).path;
  return `mentioned in merge request ${path}!${mergeRequest.iid}`;
}

/** The open issues that merging would close: named after a closing word in title or description, for the default branch. */
export function closingIssues(world: World, reader: Account, mergeRequest: MergeRequest): StoredIssue[] {
  const project = world.projectOf(mergeRequest);
  if (mergeRequest.targetBranch !== project.repository.defaultBranch) return [];
  const text = withoutCode(`${mergeRequest.title}\n${mergeRequest.description ?? ''}`);
  const named = [...text.matchAll(CLOSING)].flatMap(([, list = '']) => list.match(/(?:[\w./-]+)?#\d+/g) ?? []);
  return [...new Set(named.flatMap((name) => referred(world, reader, mergeRequest, name) ?? []))];
}

/**
 * Merges, and closes what it closes; the events name the merge request. Where pipelines must succeed, the head's has to have
 * done so. Source: app/services/merge_requests/post_merge_service.rb; GitLab docs, user/project/merge_requests/auto_merge.
 */
export function merge(world: World, actor: Account, mergeRequest: MergeRequest): void {
  const project = world.projectOf(mergeRequest);
  if (!mayMerge(actor, project, mergeRequest.targetBranch)) throw new ApiError(401, { message: '401 Unauthorized' });
  if (mergeRequest.state !== 'opened') throw new ApiError(405, { message: '405 Method Not Allowed' });
  const head = headPipeline(world, mergeRequest);
  if (project.mustSucceed && head?.status !== 'success') throw new ApiError(405, { message: '405 Method Not Allowed' });
  const target = project.repository.branches.get(mergeRequest.targetBranch);
  const from = world.projectOf({ projectId: mergeRequest.sourceProjectId });
  const source = from.repository.branches.get(mergeRequest.sourceBranch);
  if (source && target)
    Object.assign(target, { head: source.head, files: new Map([...target.files, ...source.files]) });
  const at = world.now();
  Object.assign(mergeRequest, { state: 'merged', mergedAt: at, mergedById: actor.id, updatedAt: at });
  for (const issue of closingIssues(world, actor, mergeRequest))
    setState(world, actor, issue, 'closed', mergeRequest.id);
  world.tell({ kind: 'merge_request', mergeRequest, actorId: actor.id, action: 'merge' });
}
