import type { GitLab, Issue, Source } from '../gitlab/port.ts';
import { sourceNotThere } from '../read/config.ts';

/** Whether an issue is in one of the sources of the configuration. Throws a SetupError where a group is not there. */
export async function isWatched(issue: Issue, sources: readonly Source[], gitlab: GitLab): Promise<boolean> {
  const path = issue.reference.replace(/#\d+$/, '').toLowerCase();
  const isProject = ({ kind, id }: Source): boolean =>
    kind === 'project' && (id === issue.projectId || String(id).toLowerCase() === path);
  if (sources.some(isProject)) return true;
  for (const source of sources.filter(({ kind }) => kind === 'group')) {
    const { id } = source;
    const group = typeof id === 'number' ? await gitlab.groupPath(id) : id;
    if (group === undefined) throw sourceNotThere(source);
    if (path.startsWith(`${group.toLowerCase()}/`)) return true;
  }
  return false;
}
