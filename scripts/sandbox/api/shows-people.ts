import type { Account, Project } from '../world/records.ts';

/** A user as the API shows it. Source: GitLab's schema public_api/v4/user/basic.json; docs, api/users. */
export function showUser(user: Account | undefined, base: string): object | null {
  if (!user) return null;
  const { id, username, name, state } = user;
  return {
    ...{ id, username, name, state, locked: false },
    ...{ avatar_url: `${base}/avatar/${id}.png`, web_url: `${base}/${username}` },
  };
}

/** The caller's own account. Source: GitLab docs, api/users, retrieve the current user; schema public_api/v4/user/public.json. */
export function showMe(user: Account, base: string, createdAt: string): object {
  const email = `${user.username}@example.com`;
  return {
    ...{
      ...showUser(user, base),
      created_at: createdAt,
      bio: '',
      location: null,
      linkedin: '',
      twitter: '',
      discord: '',
    },
    ...{ github: '', website_url: '', organization: '', job_title: '', pronouns: null, bot: user.bot },
    ...{ work_information: null, followers: 0, following: 0, local_time: null, last_sign_in_at: null },
    ...{ confirmed_at: createdAt, theme_id: 1, last_activity_on: null, color_scheme_id: 1, projects_limit: 100 },
    ...{ current_sign_in_at: null, identities: [], can_create_group: true, can_create_project: true },
    ...{ two_factor_enabled: false, external: false, private_profile: false, email, public_email: email },
    ...{ commit_email: email, preferred_language: 'en' },
  };
}

/** Source: GitLab docs, api/project_members. */
export function showMember(user: Account, level: number, base: string, createdAt: string): object {
  return {
    ...{ ...showUser(user, base), access_level: level, created_at: createdAt, created_by: null, expires_at: null },
    ...{ group_saml_identity: null, membership_state: 'active' },
  };
}

/** Source: GitLab docs, api/projects, retrieve a project; schema public_api/v4/projects.json. */
export function showProject(
  { id, path, groupId, createdAt, repository, pipelineVariablesRole }: Project,
  level: number,
  base: string,
): object {
  const name = path.split('/').at(-1) ?? '';
  const [, groupPath = '', groupName = ''] = /^(.*?([^/]+))\/[^/]+$/.exec(path) ?? [];
  const namespace = {
    id: groupId,
    name: groupName,
    path: groupName,
    kind: 'group',
    full_path: groupPath,
    parent_id: null,
  };
  const url = `${base}/${path}`;
  return {
    ...{ id, description: null, name, name_with_namespace: path.replaceAll('/', ' / '), path: name },
    ...{
      path_with_namespace: path,
      created_at: createdAt,
      default_branch: repository.defaultBranch,
      tag_list: [],
      topics: [],
    },
    ...{ ssh_url_to_repo: `ssh://git@localhost/${path}.git`, http_url_to_repo: `${url}.git`, web_url: url },
    ...{ readme_url: `${url}/-/blob/main/README.md`, forks_count: 0, avatar_url: null, star_count: 0 },
    ...{ last_activity_at: createdAt, namespace, archived: false, visibility: 'private', issues_enabled: true },
    ...{ ci_pipeline_variables_minimum_override_role: pipelineVariablesRole },
    permissions: { project_access: { access_level: level, notification_level: 3 }, group_access: null },
  };
}
