import type { EmbeddedGitLab } from '../server.ts';
import { protect } from '../world/protection.ts';
import { LEVEL, type Account, type Project } from '../world/records.ts';

/** The demo's configuration, from the project's folder. */
export const DEMO_CONFIG = 'scripts/sandbox/oncall.yml';

/** A security team on the embedded GitLab: people, a bot, and the project of their incidents. */
export type Company = { gitlab: EmbeddedGitLab; project: Project; bot: Account; call: Call };

/** A call of the API as one of the people, who are known by their user names. Throws where GitLab refuses. */
export type Call = (username: string, method: string, path: string, body?: object) => Promise<Record<string, unknown>>;

/**
 * Hires the team: @ana and @ben on call, @lea their manager, GitLab's alert bot, and Watchkeeper's bot. Developers may merge to
 * their default branch, and so start pipelines on it, the bot among them.
 */
export function hireTeam(gitlab: EmbeddedGitLab): Company {
  const { world } = gitlab;
  const bot = world.addUser('watchkeeper-bot', { bot: true });
  for (const username of ['ana', 'ben', 'lea']) world.addUser(username);
  world.addUser('alert-bot', { bot: true });
  const members = {
    'watchkeeper-bot': LEVEL.developer,
    ana: LEVEL.developer,
    ben: LEVEL.developer,
    lea: LEVEL.maintainer,
  };
  const project = world.addProject('sirt/incidents', { ...members, 'alert-bot': LEVEL.reporter }, 42);
  project.protectedBranches.length = 0;
  protect(world, project, 'main', { merge: LEVEL.developer });
  const call: Call = async (username, method, path, body) => {
    const headers = { 'private-token': world.userNamed(username).token, 'content-type': 'application/json' };
    const response = await fetch(`${gitlab.address}/api/v4${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${username}: ${method} ${path}: ${response.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
  return { gitlab, project, bot, call };
}

/** The webhook's custom template: ids only, so that no incident text enters a job variable. docs/install-by-hand.md shows the same. */
export const IDS_TEMPLATE = JSON.stringify({
  object_kind: '{{object_kind}}',
  action: '{{object_attributes.action}}',
  type: '{{object_attributes.type}}',
  project_id: '{{project.id}}',
  iid: '{{object_attributes.iid}}',
  issue_iid: '{{issue.iid}}',
  note_id: '{{object_attributes.id}}',
  user_id: '{{user.id}}',
});

/** Installs the webhook by hand, as docs/install-by-hand.md describes: a trigger token, the hook for all issue events, the token masked. */
export async function installWebhook({ gitlab, call }: Company, template?: string): Promise<void> {
  const { token } = await call('lea', 'POST', '/projects/42/triggers', { description: 'watchkeeper' });
  await call('lea', 'POST', '/projects/42/hooks', {
    url: `${gitlab.address}/api/v4/projects/42/ref/main/trigger/pipeline?token={trigger_token}`,
    url_variables: [{ key: 'trigger_token', value: token }],
    ...{ issues_events: true, confidential_issues_events: true, note_events: true, confidential_note_events: true },
    ...{ emoji_events: true, ...(template === undefined ? {} : { custom_webhook_template: template }) },
  });
}
