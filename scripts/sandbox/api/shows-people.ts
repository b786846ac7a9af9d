import type { Account } from '../world/records.ts';

/** A user as the API shows it. Source: GitLab's schema public_api/v4/user/basic.json; docs, api/users. */
export function showUser(user: Account | undefined, base: string): object | null {
  if (!user) return null;
  const { id, username, name, state } = user;
  return {
    ...{ id, username, name, state, locked: false },
    ...{ avatar_url: `${base}/avatar/${id}.png`, web_url: `${base}/${username}` },
  };
}

/** A user alone, with whether it is a bot. Source: GitLab docs, api/users, retrieve a user; lib/api/entities/user.rb. */
export function showPublicUser(user: Account, base: string): object {
  const social = { bio: '', location: null, linkedin: '', twitter: '', discord: '', github: '', website_url: '' };
  return {
    ...{ ...showUser(user, base), created_at: user.createdAt, ...social, organization: '', job_title: '' },
    ...{ pronouns: null, bot: user.bot, work_information: null, followers: 0, following: 0, local_time: null },
  };
}

/** The caller's own account. Source: GitLab docs, api/users, retrieve the current user; schema public_api/v4/user/public.json. */
export function showMe(user: Account, base: string): object {
  const email = `${user.username}@example.com`;
  return {
    ...{ ...showPublicUser(user, base), last_sign_in_at: null, confirmed_at: user.createdAt, theme_id: 1 },
    ...{ last_activity_on: null, color_scheme_id: 1, projects_limit: 100, current_sign_in_at: null, identities: [] },
    ...{ can_create_group: true, can_create_project: true, two_factor_enabled: false, external: false },
    ...{ private_profile: false, email, public_email: email, commit_email: email, preferred_language: 'en' },
  };
}

/** Source: GitLab docs, api/project_members. */
export function showMember(user: Account, level: number, base: string, createdAt: string): object {
  return {
    ...{ ...showUser(user, base), access_level: level, created_at: createdAt, created_by: null, expires_at: null },
    ...{ group_saml_identity: null, membership_state: 'active' },
  };
}
