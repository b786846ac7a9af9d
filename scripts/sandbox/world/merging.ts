import { demand } from './access.ts';
import { setState } from './changes.ts';
import { ApiError } from './errors.ts';
import { withoutCode } from './extractor.ts';
import type { Account, Project, StoredIssue } from './records.ts';
import { referred } from './relations.ts';
import type { MergeRequest } from './repository.ts';
import type { World } from './world.ts';

/** Source: GitLab docs, user/project/issues/managing_issues, default closing pattern. */
const CLOSING =
  /\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?):?\s+((?:(?:issues?\s+)?(?:[\w./-]+)?#\d+(?:(?:,\s*(?:and\s+)?|\s+and\s+)|\b))+)/gi;

export function openMergeRequest(
  world: World,
  author: Account,
  project: Project,
  given: Pick<MergeRequest, 'title' | 'description' | 'sourceBranch' | 'targetBranch'>,
): MergeRequest {
  demand(author, project, 'push code');
  const source = project.repository.branches.get(given.sourceBranch);
  if (!source) throw new ApiError(422, { message: ['Source branch "' + given.sourceBranch + '" does not exist'] });
  const at = world.now();
  const mergeRequest: MergeRequest = {
    ...{ id: world.nextId(), iid: project.mergeRequests.length + 1, projectId: project.id, ...given, state: 'opened' },
    ...{
      authorId: author.id,
      sha: source.head,
      createdAt: at,
      updatedAt: at,
      mergedAt: null,
      mergedById: null,
      notes: [],
    },
  };
  project.mergeRequests.push(mergeRequest);
  world.tell({ kind: 'merge_request', mergeRequest, actorId: author.id, action: 'open' });
  return mergeRequest;
}

/** The open issues that merging would close: named after a closing word in title or description, for the default branch. */
export function closingIssues(world: World, reader: Account, mergeRequest: MergeRequest): StoredIssue[] {
  const project = world.projectOf(mergeRequest);
  if (mergeRequest.targetBranch !== project.repository.defaultBranch) return [];
  const text = withoutCode(`${mergeRequest.title}\n${mergeRequest.description ?? ''}`);
  const named = [...text.matchAll(CLOSING)].flatMap(([, list = '']) => list.match(/(?:[\w./-]+)?#\d+/g) ?? []);
  return [...new Set(named.flatMap((name) => referred(world, reader, mergeRequest, name) ?? []))];
}

/** Merges, and closes what it closes; the events name the merge request. Source: app/services/merge_requests/post_merge_service.rb. */
export function merge(world: World, actor: Account, mergeRequest: MergeRequest): void {
  const project = world.projectOf(mergeRequest);
  demand(actor, project, 'merge');
  if (mergeRequest.state !== 'opened') throw new ApiError(405, { message: '405 Method Not Allowed' });
  const { repository } = project;
  const [source, target] = [mergeRequest.sourceBranch, mergeRequest.targetBranch].map((name) =>
    repository.branches.get(name),
  );
  if (source && target)
    Object.assign(target, { head: source.head, files: new Map([...target.files, ...source.files]) });
  const at = world.now();
  Object.assign(mergeRequest, { state: 'merged', mergedAt: at, mergedById: actor.id, updatedAt: at });
  for (const issue of closingIssues(world, actor, mergeRequest))
    setState(world, actor, issue, 'closed', mergeRequest.id);
  world.tell({ kind: 'merge_request', mergeRequest, actorId: actor.id, action: 'merge' });
}
