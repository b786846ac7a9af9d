import { levelOf } from './access.ts';
import { ApiError } from './errors.ts';
import { LEVEL, type Account, type Project } from './records.ts';
import type { World } from './world.ts';

/** Who may do something on a protected branch at least; nobody where it is 0. */
export type AccessLevel = { id: number; level: 0 | 30 | 40 | 60 };

/** A branch that is protected, or many, by a name with `*`. Source: GitLab docs, api/protected_branches. */
export type ProtectedBranch = {
  id: number;
  name: string;
  push: AccessLevel[];
  merge: AccessLevel[];
  allowForcePush: boolean;
};

/** Protects a branch; Maintainers push and merge unless told otherwise. Throws 409 for what is protected already. */
export function protect(
  world: World,
  project: Project,
  name: string,
  { push = 40, merge = 40 }: { push?: AccessLevel['level']; merge?: AccessLevel['level'] } = {},
): ProtectedBranch {
  if (project.protectedBranches.some((known) => known.name === name)) {
    throw new ApiError(409, { message: `Protected branch '${name}' already exists` });
  }
  const level = (given: AccessLevel['level']): AccessLevel[] => [{ id: world.nextId(), level: given }];
  const made = { id: world.nextId(), name, push: level(push), merge: level(merge), allowForcePush: false };
  project.protectedBranches.push(made);
  return made;
}

/** The rules that a branch falls under. Of several the most permissive wins. Source: GitLab docs, user/project/repository/branches/protected. */
export function protectionsOf({ protectedBranches }: Project, branch: string): ProtectedBranch[] {
  return protectedBranches.filter(({ name }) => matches(name, branch));
}

function mayPush(user: Account, project: Project, branch: string): boolean {
  return mayAt(user, project, branch, 'push');
}

/** Whoever may push may merge too. Source: lib/gitlab/user_access.rb. */
export function mayMerge(user: Account, project: Project, branch: string): boolean {
  return mayAt(user, project, branch, 'merge') || mayPush(user, project, branch);
}

/** Throws 403 for whoever may not push to a branch. Source: lib/api/helpers.rb, authorize_push_to_branch!. */
export function demandPush(user: Account, project: Project, branch: string): void {
  if (mayPush(user, project, branch)) return;
  throw new ApiError(403, { message: '403 Forbidden - You are not allowed to push into this branch' });
}

function mayAt(user: Account, project: Project, branch: string, what: 'push' | 'merge'): boolean {
  const level = levelOf(user, project);
  const rules = protectionsOf(project, branch);
  if (level < LEVEL.developer || rules.length === 0) return level >= LEVEL.developer;
  return rules.some((rule) => rule[what].some((wanted) => wanted.level > 0 && level >= wanted.level));
}

/** A `*` stands for any text, also for none. Source: GitLab docs, protected branches, wildcard rules. */
function matches(pattern: string, branch: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return branch === pattern;
  if (!branch.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = branch.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return branch.length - last.length >= from && branch.endsWith(last);
}
