import type { Issue } from '../gitlab/port.ts';

/** Finds the issue that a reference names: `#12` in a project, `group/project#12`, or an address of one. */
export type Resolve = (reference: string, projectId: number) => { project: number; iid: number } | undefined;

const HOST = /^https?:\/\/[^/\s]{1,255}\//;
const OF_ISSUE = /^(?:issues(?:\/incident)?|work_items)\/(\d{1,9})(?:[?#].*)?$/;
const WRITTEN = /^([\w./-]*)#(\d{1,9})$/;

/** A resolver by what is known of paths: any issue of a project tells which one a path is. */
export function resolverOf(known: readonly { reference: string; project: number }[]): Resolve {
  const projects = new Map(known.map(({ reference, project }) => [pathOf(reference), project]));
  return (reference, projectId) => {
    const [, path, iid] = WRITTEN.exec(reference) ?? inAddress(reference);
    if (path === undefined) return undefined;
    const project = path === '' ? projectId : projects.get(path.toLowerCase());
    return project === undefined ? undefined : { project, iid: Number(iid) };
  };
}

/** The project's path and the number in the address of an issue, behind the address itself as a match has them. */
function inAddress(reference: string): [string, string?, string?] {
  const host = HOST.exec(reference)?.[0] ?? '';
  const [path = '', ...rest] = host === '' ? [] : reference.slice(host.length).split('/-/');
  const iid = OF_ISSUE.exec(rest.join('/-/'))?.[1];
  return iid === undefined || path === '' ? [reference] : [reference, path, iid];
}

function pathOf(reference: string): string {
  return reference.replace(/#\d+$/, '').toLowerCase();
}

/** Whether a place of the configuration is the project of an incident. */
export function isBeside(
  place: number | string,
  { projectId, reference }: Pick<Issue, 'projectId' | 'reference'>,
): boolean {
  const path = reference.replace(/#\d+$/, '').toLowerCase();
  return String(place) === String(projectId) || String(place).toLowerCase() === path;
}
