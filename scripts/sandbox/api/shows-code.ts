import type { Pipeline } from '../world/automation.ts';
import { headPipeline } from '../world/merging.ts';
import { protectionsOf } from '../world/protection.ts';
import type { Commit, CommitStatus, MergeRequest } from '../world/repository.ts';
import type { Project } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { showPipeline, showWholePipeline } from './shows-automation.ts';
import { showUser } from './shows-people.ts';

/** Source: GitLab docs, api/commits; schema public_api/v4/commit/basic.json. */
export function showCommit(world: World, project: Project, commit: Commit, base: string): object {
  const { id, message, createdAt: at, parentIds } = commit;
  const author = world.userById(commit.authorId);
  const [name, email] = [author?.name ?? 'GitLab', `${author?.username ?? 'gitlab'}@example.com`];
  return {
    ...{ id, short_id: id.slice(0, 8), created_at: at, parent_ids: parentIds, title: message.split('\n')[0], message },
    ...{ author_name: name, author_email: email, authored_date: at, committer_name: name, committer_email: email },
    ...{ committed_date: at, trailers: {}, extended_trailers: {}, web_url: `${base}/${project.path}/-/commit/${id}` },
  };
}

/** Source: GitLab docs, api/branches. */
export function showBranch(world: World, project: Project, name: string, head: string, base: string): object {
  const commit = project.repository.commits.find(({ id }) => id === head);
  return {
    ...{ name, commit: commit ? showCommit(world, project, commit, base) : null, merged: false },
    ...{ protected: protectionsOf(project, name).length > 0, default: name === project.repository.defaultBranch },
    ...{
      developers_can_push: false,
      developers_can_merge: false,
      can_push: true,
      web_url: `${base}/${project.path}/-/tree/${name}`,
    },
  };
}

/** Source: GitLab docs, api/commits, commit status. */
export function showStatus(world: World, status: CommitStatus, pipeline: Pipeline | undefined, base: string): object {
  const { id, sha, ref, name, description, createdAt } = status;
  return {
    ...{ id, sha, ref, status: status.status, name, target_url: status.targetUrl, description, created_at: createdAt },
    ...{ started_at: null, finished_at: null, allow_failure: false, coverage: null },
    pipeline_id: pipeline?.id ?? null,
    author: showUser(world.userById(status.authorId), base),
  };
}

/** Source: GitLab docs, api/merge_requests; schema public_api/v4/merge_request.json. */
export function showMergeRequest(world: World, mergeRequest: MergeRequest, base: string): object {
  const { id, iid, projectId, title, description, state, sha } = mergeRequest;
  const project = world.projectOf(mergeRequest);
  const merger = showUser(world.userById(mergeRequest.mergedById), base);
  return {
    ...{ id, iid, project_id: projectId, title, description, state, created_at: mergeRequest.createdAt },
    ...{ updated_at: mergeRequest.updatedAt, merged_by: merger, merge_user: merger, merged_at: mergeRequest.mergedAt },
    ...{
      closed_by: null,
      closed_at: null,
      target_branch: mergeRequest.targetBranch,
      source_branch: mergeRequest.sourceBranch,
    },
    ...{ user_notes_count: mergeRequest.notes.length, upvotes: 0, downvotes: 0 },
    author: showUser(world.userById(mergeRequest.authorId), base),
    ...{ assignees: [], assignee: null, reviewers: [] },
    ...{ source_project_id: mergeRequest.sourceProjectId, target_project_id: projectId },
    ...{ labels: [], draft: false, work_in_progress: false, milestone: null, merge_when_pipeline_succeeds: false },
    ...{ merge_status: 'can_be_merged', detailed_merge_status: 'mergeable', sha, merge_commit_sha: null },
    ...{ squash_commit_sha: null, discussion_locked: null, should_remove_source_branch: null },
    ...{ force_remove_source_branch: false, reference: `!${iid}`, squash: false, has_conflicts: false },
    ...{
      blocking_discussions_resolved: true,
      changes_count: '1',
      allow_collaboration: false,
      allow_maintainer_to_push: false,
    },
    web_url: `${base}/${project.path}/-/merge_requests/${iid}`,
    references: { short: `!${iid}`, relative: `!${iid}`, full: `${project.path}!${iid}` },
    time_stats: { time_estimate: 0, total_time_spent: 0, human_time_estimate: null, human_total_time_spent: null },
    task_completion_status: { count: 0, completed_count: 0 },
  };
}

/** A merge request alone, with the pipeline that decides whether it may be merged. Source: GitLab docs, api/merge_requests. */
export function showWholeMergeRequest(world: World, mergeRequest: MergeRequest, base: string): object {
  const pipeline = headPipeline(world, mergeRequest);
  const project = pipeline && world.projectOf(pipeline);
  const shown = project ? showWholePipeline(world, pipeline, project, base) : null;
  return {
    ...showMergeRequest(world, mergeRequest, base),
    ...{ subscribed: false, latest_build_started_at: null, latest_build_finished_at: null, merge_error: null },
    ...{ first_deployed_to_production_at: null, pipeline: project ? showPipeline(pipeline, project, base) : null },
    ...{ head_pipeline: shown, diff_refs: { base_sha: null, head_sha: mergeRequest.sha, start_sha: null } },
    user: { can_merge: true },
  };
}

/** A comment on a merge request. Source: GitLab docs, api/notes, merge requests. */
export function showMergeRequestNote(
  world: World,
  note: MergeRequest['notes'][number],
  mergeRequest: MergeRequest,
  base: string,
): object {
  return {
    ...{
      id: note.id,
      type: null,
      body: note.body,
      attachment: null,
      author: showUser(world.userById(note.authorId), base),
    },
    ...{ created_at: note.createdAt, updated_at: note.updatedAt, system: note.system, noteable_id: mergeRequest.id },
    ...{ noteable_type: 'MergeRequest', project_id: mergeRequest.projectId, resolvable: false, confidential: false },
    ...{
      internal: false,
      imported: false,
      imported_from: 'none',
      noteable_iid: mergeRequest.iid,
      commands_changes: {},
    },
  };
}
