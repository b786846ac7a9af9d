import type { Project } from '../world/records.ts';
import type { ProtectedBranch } from '../world/protection.ts';
import type { Variable } from '../world/variables.ts';

/** A project as far as others than its members see it in lists and beside other things. Source: schema public_api/v4/projects.json. */
export function showProjectBriefly({ id, path, groupId, createdAt, repository }: Project, base: string): object {
  const name = path.split('/').at(-1) ?? '';
  const groupPath = path.split('/').slice(0, -1).join('/');
  const groupName = groupPath.split('/').at(-1) ?? '';
  const names = { id: groupId, name: groupName, path: groupName, kind: 'group', full_path: groupPath, parent_id: null };
  const namespace = { ...names, avatar_url: null, web_url: `${base}/groups/${groupPath}` };
  const url = `${base}/${path}`;
  return {
    ...{ id, description: null, name, name_with_namespace: path.replaceAll('/', ' / '), path: name },
    ...{ path_with_namespace: path, created_at: createdAt, default_branch: repository.defaultBranch },
    ...{ tag_list: [], topics: [], ssh_url_to_repo: `ssh://git@localhost/${path}.git` },
    ...{ http_url_to_repo: `${url}.git`, web_url: url, readme_url: `${url}/-/blob/main/README.md` },
    ...{ forks_count: 0, avatar_url: null, star_count: 0, last_activity_at: createdAt, namespace },
  };
}

/** A project alone, for somebody with that level. Source: GitLab docs, api/projects, retrieve a project. */
export function showProject(project: Project, level: number, base: string): object {
  const { visibility, publicJobs, issuesAccess, pagesAccess } = project.settings;
  return {
    ...{
      ...showProjectBriefly(project, base),
      archived: false,
      empty_repo: false,
      visibility,
      public_jobs: publicJobs,
    },
    ...{ issues_enabled: issuesAccess !== 'disabled', issues_access_level: issuesAccess, jobs_enabled: true },
    ...{ merge_requests_enabled: true, merge_requests_access_level: 'enabled', builds_access_level: 'enabled' },
    ...{ pages_access_level: pagesAccess, only_allow_merge_if_pipeline_succeeds: project.mustSucceed },
    ...{ ci_pipeline_variables_minimum_override_role: project.pipelineVariablesRole },
    ...{ restrict_user_defined_variables: project.pipelineVariablesRole !== 'developer', ci_config_path: '' },
    permissions: {
      project_access: level === 0 ? null : { access_level: level, notification_level: 3 },
      group_access: null,
    },
  };
}

const LEVELS = { 0: 'No one', 30: 'Developers + Maintainers', 40: 'Maintainers', 60: 'Administrators' } as const;

/** Source: GitLab docs, api/protected_branches; on paid tiers there is more. */
export function showProtectedBranch({ id, name, push, merge, allowForcePush }: ProtectedBranch): object {
  const show = (levels: ProtectedBranch['push']): object[] =>
    levels.map(({ id: levelId, level }) => ({
      ...{ id: levelId, access_level: level, access_level_description: LEVELS[level] },
      ...{ deploy_key_id: null, user_id: null, group_id: null },
    }));
  return {
    ...{ id, name, push_access_levels: show(push), merge_access_levels: show(merge) },
    ...{ allow_force_push: allowForcePush, unprotect_access_levels: [], code_owner_approval_required: false },
    inherited: false,
  };
}

/** The value of a hidden variable is shown to nobody. Source: GitLab docs, api/project_level_variables; ci/variables, hide. */
export function showVariable(variable: Variable): object {
  const { key, value, type, masked, hidden, raw, environmentScope, description } = variable;
  return {
    ...{ variable_type: type, key, value: hidden ? null : value, hidden, protected: variable.protected, masked, raw },
    ...{ environment_scope: environmentScope, description },
  };
}
