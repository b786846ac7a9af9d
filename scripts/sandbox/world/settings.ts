import { levelOf } from './access.ts';
import { ApiError, badParameter, forbidden } from './errors.ts';
import { LEVEL, type Account, type Project } from './records.ts';

const VISIBILITIES = ['private', 'internal', 'public'] as const;
const FEATURES = ['disabled', 'private', 'enabled'] as const;
const PAGES = [...FEATURES, 'public'] as const;
const VARIABLE_ROLES = ['no_one_allowed', 'developer', 'maintainer', 'owner'] as const;

/** Settings of a project that the API shows and changes. Source: GitLab docs, api/projects. */
export type ProjectSettings = {
  visibility: (typeof VISIBILITIES)[number];
  /** Whether whoever sees the project sees its pipelines; GitLab's default. Source: GitLab docs, ci/pipelines/settings. */
  publicJobs: boolean;
  issuesAccess: (typeof FEATURES)[number];
  pagesAccess: (typeof PAGES)[number];
};

/** What a new private project has. */
export function newSettings(): ProjectSettings {
  return { visibility: 'private', publicJobs: true, issuesAccess: 'enabled', pagesAccess: 'private' };
}

/** What a call of `PUT /projects/:id` may name, as it came. */
export type WantedSettings = Partial<
  Record<'default_branch' | 'visibility' | 'issues_access_level' | 'pages_access_level' | 'role', string>
> & { publicJobs?: boolean; mustSucceed?: boolean };

/**
 * Changes what a Maintainer may change; the visibility is for Owners. Source: lib/api/projects.rb;
 * app/services/projects/update_service.rb.
 */
export function changeSettings(actor: Account, project: Project, wanted: WantedSettings): void {
  const { visibility, issues_access_level: issues, pages_access_level: pages, role } = wanted;
  const changes = {
    visibility: oneOf(VISIBILITIES, 'visibility', visibility),
    issuesAccess: oneOf(FEATURES, 'issues_access_level', issues),
    pagesAccess: oneOf(PAGES, 'pages_access_level', pages),
    publicJobs: wanted.publicJobs,
  };
  const variablesRole = oneOf(VARIABLE_ROLES, 'ci_pipeline_variables_minimum_override_role', role);
  const isOwner = levelOf(actor, project) >= LEVEL.owner;
  if (changes.visibility !== undefined && !isOwner) throw forbidden();
  if (variablesRole !== undefined) demandRoleChange(project, variablesRole, isOwner);
  const { default_branch: branch } = wanted;
  if (branch !== undefined && !project.repository.branches.has(branch)) {
    throw new ApiError(400, { message: { base: ['Could not set the default branch'] } });
  }
  Object.assign(
    project.settings,
    Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
  );
  if (branch !== undefined) project.repository.defaultBranch = branch;
  if (variablesRole !== undefined) project.pipelineVariablesRole = variablesRole;
  if (wanted.mustSucceed !== undefined) project.mustSucceed = wanted.mustSucceed;
}

/**
 * A Maintainer may change the role, but neither to `owner`, nor away from `owner` or `no_one_allowed`.
 * Source: GitLab docs, ci/variables, restrict pipeline variables; update_service.rb, validate_restrict_user_defined_variables_change.
 */
function demandRoleChange(project: Project, role: Project['pipelineVariablesRole'], isOwner: boolean): void {
  const before = project.pipelineVariablesRole;
  if (role === before || isOwner) return;
  if (role === 'owner') {
    throw refused('Changing the ci_pipeline_variables_minimum_override_role to the owner role is not allowed');
  }
  if (before === 'owner' || before === 'no_one_allowed') {
    throw refused(
      'Changing the restrict_user_defined_variables or ci_pipeline_variables_minimum_override_role is not allowed',
    );
  }
}

function oneOf<T extends string>(known: readonly T[], name: string, value: string | undefined): T | undefined {
  const found = known.find((one) => one === value);
  if (value !== undefined && found === undefined) throw badParameter(`${name} does not have a valid value`);
  return found;
}

function refused(message: string): ApiError {
  return new ApiError(400, { message });
}
