import { Forbidden } from './errors.ts';
import { orUndefined } from './forgive.ts';
import { toProtection } from './installation-map.ts';
import type { InstallationQuestions, Protection } from './installation-port.ts';
import type { Resources } from './installation.ts';
import { toIssue, toList, toNote, type RawIssue } from './map.ts';

const ALL = { perPage: 100 };
/** So many issues, those that were changed last, tell who writes there. */
const FEW = { perPage: 20, page: 1 };

/** What setup asks of issues. Source: GitLab docs, api/issues, api/notes. */
export function askIssues({
  issues,
  notes,
  pipelines,
}: Resources): Pick<InstallationQuestions, 'recentIssues' | 'lastNotes' | 'lastTriggeredAt'> {
  return {
    recentIssues: async ({ kind, id }) => {
      const place = kind === 'project' ? { projectId: id } : { groupId: id };
      const asked = { ...place, scope: 'all' as const, orderBy: 'updated_at' as const, ...FEW };
      return toList(await issues.all(asked), (each: RawIssue) => toIssue(each));
    },
    lastTriggeredAt: async (projectId) => {
      const asked = { source: 'trigger', orderBy: 'id', sort: 'desc', perPage: 1, page: 1 } as const;
      const found = toList(await pipelines.all(projectId, asked), ({ created_at: at }: { created_at: string }) => at);
      return found[0];
    },
    lastNotes: async ({ projectId, iid }) => toList(await notes.all(projectId, iid, { ...ALL, page: 1 }), toNote),
  };
}

/** What setup asks of code. Source: GitLab docs, api/protected_branches, api/repository_files, api/merge_requests. */
export function askCode({
  branches,
  files,
  mergeRequests,
  repository,
}: Resources): Pick<InstallationQuestions, 'protection' | 'hasBranch' | 'file' | 'openMergeRequest'> {
  return {
    protection: async (projectId, branch) => {
      const all = toList(await branches.all(projectId, ALL), (raw: Parameters<typeof toProtection>[0]) => raw);
      return widest(all.filter(({ name }) => isMatch(name, branch)).map(toProtection));
    },
    hasBranch: async (projectId, branch) => (await orUndefined(() => repository.show(projectId, branch))) !== undefined,
    file: async (projectId, branch, path) => {
      const found = await orUndefined(() => files.show(projectId, path, branch)).catch(notWhereEmpty);
      return found === undefined ? undefined : Buffer.from(found.content, 'base64').toString();
    },
    openMergeRequest: async (projectId, sourceBranch) => {
      const open = await mergeRequests.all({ projectId, sourceBranch, state: 'opened', ...ALL });
      return toList(open, ({ web_url: url }: { web_url: string }) => url)[0];
    },
  };
}

/** Code that the token may not read is code that is not seen. */
function notWhereEmpty(error: unknown): undefined {
  if (error instanceof Forbidden) return undefined;
  throw error;
}

/** Of several rules for a branch the most permissive holds. Source: GitLab docs, user/project/repository/branches/protected. */
function widest(rules: readonly Protection[]): Protection | undefined {
  if (rules.length === 0) return undefined;
  return {
    pushLevel: Math.min(...rules.map(({ pushLevel }) => pushLevel)),
    mergeLevel: Math.min(...rules.map(({ mergeLevel }) => mergeLevel)),
  };
}

/** A `*` in the name of a rule stands for any text. */
function isMatch(pattern: string, branch: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === branch;
  const last = rest.at(-1) ?? '';
  if (!branch.startsWith(first) || !branch.endsWith(last) || branch.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of rest.slice(0, -1)) {
    const at = branch.indexOf(part, from);
    if (at < 0 || at + part.length > branch.length - last.length) return false;
    from = at + part.length;
  }
  return true;
}
