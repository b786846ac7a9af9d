import { may } from './access.ts';
import { ConfigurationError } from './errors.ts';
import type { Account, Project } from './records.ts';
import type { World } from './world.ts';

/** Where a CI file lies: its project, and the files there at the commit that is read. */
export type Place = { project: Project; files: ReadonlyMap<string, string> };

/** What includes can reach: what a user may read, under the instance's name; variables stand in their addresses. */
export type Reach = { world: World; user: Account; fqdn: string; variables: Readonly<Record<string, string>> };

/** A file that an include names: how errors call it, its text, and where its own includes are looked for. */
export type Included = { location: string; text: string; place: Place };

/** The text of a file at a place; `whose` it is stands in the error where it is not there, or empty. Source: file/local.rb. */
export function textOf({ files }: Place, location: string, whose: string): string {
  const text = files.get(location);
  const what = whose === 'Local' ? 'Local file' : `${whose} file`;
  if (text === undefined) throw new ConfigurationError(`${what} \`${location}\` does not exist!`);
  if (text.trim() === '') throw new ConfigurationError(`${what} \`${location}\` is empty!`);
  return text;
}

/** What a user may read of another project at a branch or commit, or its default branch. Source: file/project.rb. */
export function placeOf(path: string, ref: unknown, { world, user }: Reach): Place {
  const project = world.projectAt(path);
  const name = path.toLowerCase();
  if (!project || !may(user, project, 'read code'))
    throw new ConfigurationError(
      `Project \`${name}\` not found or access denied! Make sure any includes in the pipeline configuration are correctly defined.`,
    );
  const files = filesAt(project, typeof ref === 'string' ? ref : project.repository.defaultBranch);
  if (!files) throw new ConfigurationError(`Project \`${name}\` reference \`${String(ref)}\` does not exist!`);
  return { project, files };
}

/**
 * The file of a component `FQDN/group/project/name@version`; a version is a commit or a branch here, where no project is in
 * the catalog. Throws a ConfigurationError in GitLab's words. Source: GitLab docs, ci/components;
 * app/services/ci/components/fetch_service.rb, lib/gitlab/ci/components/instance_path.rb.
 */
export function findComponent(address: string, { world, user, fqdn }: Reach): Included {
  const refuse = (why: string): ConfigurationError => new ConfigurationError(`Component '${address}' - ${why}`);
  const [fullPath = '', version] = address.split(/@(.*)/s);
  if (version === undefined || !address.startsWith(`${fqdn}/`)) throw refuse('the component path is not supported');
  const path = fullPath.slice(fqdn.length + 1);
  const end = path.lastIndexOf('/');
  const [project, name] = [world.projectAt(path.slice(0, Math.max(end, 0))), path.slice(end + 1)];
  const files = project && filesAt(project, version);
  if (project && files && !may(user, project, 'read code'))
    throw refuse("project does not exist or you don't have sufficient permissions");
  const text = files?.get(`templates/${name}.yml`) ?? files?.get(`templates/${name}/template.yml`);
  if (project && files && text !== undefined) return { location: address, text, place: { project, files } };
  const instead = 'not supported for non-catalog resources. Use a tag, branch, or commit SHA instead.';
  if (project && version === '~latest') throw refuse(`The ~latest version reference is ${instead}`);
  if (project && /^\d+(?:\.\d+)?$/.test(version)) throw refuse(`The partial semantic version reference is ${instead}`);
  throw refuse('content not found');
}

/** The files of a project at a branch, or at the commit that is the head of one. */
function filesAt({ repository }: Project, ref: string): ReadonlyMap<string, string> | undefined {
  const branches = [...repository.branches];
  return (branches.find(([, { head }]) => head === ref) ?? branches.find(([name]) => name === ref))?.[1].files;
}
