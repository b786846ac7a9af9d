import { Moved } from './errors.ts';
import type { Issue } from './port.ts';

/**
 * The issue that `group/project#12` names, or `42#12` by the project's id. A former path of a project is answered with a
 * redirect to the same place under its id, and that is gone to where it lies in the same GitLab's API.
 * Source: GitLab docs, api/rest/troubleshooting, moved projects; lib/api/helpers.rb, find_project!.
 */
export async function followReference(
  reference: string,
  address: string,
  show: (project: number | string, iid: number) => Promise<Issue | undefined>,
): Promise<Issue | undefined> {
  const [, project, iid] = /^(\d+|[\w.-]+(?:\/[\w.-]+)+)#(\d{1,9})$/.exec(reference) ?? [];
  if (project === undefined) return undefined;
  try {
    return await show(project, Number(iid));
  } catch (error) {
    const id = error instanceof Moved ? projectOf(error.location ?? '', `${address}/api/v4/projects/`) : undefined;
    if (id === undefined) throw error;
    return show(Number(id), Number(iid));
  }
}

function projectOf(location: string, here: string): string | undefined {
  return location.startsWith(here) ? /^\d+(?=\/issues\/\d+$)/.exec(location.slice(here.length))?.[0] : undefined;
}
