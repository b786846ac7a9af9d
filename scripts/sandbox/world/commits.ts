import { createHash } from 'node:crypto';
import { ApiError, badParameter, notFound } from './errors.ts';
import { moveHeads } from './merging.ts';
import { demandPush } from './protection.ts';
import type { Account, Project } from './records.ts';
import type { Commit } from './repository.ts';
import type { World } from './world.ts';

export type FileAction = {
  action: string;
  file_path: string;
  content?: string;
  encoding?: string;
  previous_path?: string;
};

type Wanted = { branch: string; startBranch: string | undefined; message: string; actions: FileAction[] };

/** Commits changes of files to a branch, a new one where it starts from another. Source: GitLab docs, api/commits, create. */
export function createCommit(world: World, author: Account, project: Project, wanted: Wanted): Commit {
  const { repository } = project;
  const { branch, startBranch, message, actions } = wanted;
  demandPush(author, project, branch);
  const existing = repository.branches.get(branch);
  if (existing && startBranch !== undefined && startBranch !== branch) {
    throw refused(`A branch called '${branch}' already exists. Switch to that branch in order to make changes`);
  }
  const base = existing ?? repository.branches.get(startBranch ?? '');
  if (!base) throw refused('You can only create or edit files when you are on a branch');
  const files = new Map(base.files);
  for (const action of actions) applyAction(files, action);
  const id = createHash('sha1').update(`${world.nextId()} ${message}`).digest('hex');
  const commit = { id, message, authorId: author.id, createdAt: world.now(), parentIds: [base.head] };
  repository.commits.push(commit);
  repository.branches.set(branch, { head: id, files });
  moveHeads(world, author, project, branch, id);
  return commit;
}

function applyAction(
  files: Map<string, string>,
  { action, file_path: path, content = '', encoding, previous_path: former }: FileAction,
): void {
  const text = encoding === 'base64' ? Buffer.from(content, 'base64').toString() : content;
  const isThere = files.has(former ?? path);
  if (action === 'create' && isThere) throw refused('A file with this name already exists');
  if (action !== 'create' && !isThere) throw refused("A file with this name doesn't exist");
  if (action === 'delete') files.delete(path);
  else if (action === 'move') files.set(path, content === '' ? (files.get(former ?? path) ?? '') : text);
  else if (action === 'create' || action === 'update') files.set(path, text);
  else throw badParameter('actions[0][action] does not have a valid value');
  if (action === 'move' && former !== undefined) files.delete(former);
}

export function branchOf({ repository }: Project, name: string): { head: string; files: Map<string, string> } {
  const branch = repository.branches.get(name);
  if (!branch) throw notFound('Branch');
  return branch;
}

export function commitOf({ repository }: Project, shaOrBranch: string): Commit {
  const sha = repository.branches.get(shaOrBranch)?.head ?? shaOrBranch;
  const commit = repository.commits.find(({ id }) => id === sha);
  if (!commit) throw notFound('Commit');
  return commit;
}

function refused(message: string): ApiError {
  return new ApiError(400, { message });
}
