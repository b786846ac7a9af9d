import { randomBytes } from 'node:crypto';
import type { Account, Project } from './records.ts';
import { blockUser } from './schedules.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;

/**
 * What an account's token may do, and until when. One without a day of expiry never ends, as GitLab before 16.0 made them and
 * service accounts may still have them. Source: GitLab docs, api/personal_access_tokens; user/profile/personal_access_tokens.
 */
export type Grant = {
  id: number;
  name: string;
  scopes: string[];
  createdAt: string;
  /** A day, `YYYY-MM-DD`, that it does not live to see. */
  expiresAt: string | null;
  lastUsedAt: string | null;
};

/** What a new token has unless told otherwise: all of the API, for a year. */
export function newGrant(world: World, name: string): Grant {
  return {
    ...{ id: world.nextId(), name, scopes: ['api'], createdAt: world.now(), expiresAt: daysAhead(world, 365) },
    lastUsedAt: null,
  };
}

/** The day, `YYYY-MM-DD`, that many days from now. */
function daysAhead(world: World, days: number): string {
  return new Date(world.clock().getTime() + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whether an account's token is good, by the day that the world's clock shows in UTC. Source: app/models/concerns/expirable.rb. */
export function tokenStateOf(world: World, { tokenState, grant }: Account): Account['tokenState'] {
  const isOver = grant.expiresAt !== null && grant.expiresAt <= world.now().slice(0, 10);
  return tokenState === 'active' && isOver ? 'expired' : tokenState;
}

/** A project access token with the bot that stands behind it. Source: GitLab docs, user/project/settings/project_access_tokens. */
export function addProjectBot(
  world: World,
  project: Project,
  name: string,
  level: number,
  grant: Partial<Grant> = {},
): Account {
  const username = `project_${project.id}_bot_${randomBytes(16).toString('hex')}`;
  const bot = world.addUser(username, { name, bot: true, grant: { ...newGrant(world, name), ...grant } });
  project.members.set(bot.id, level);
  return bot;
}

/**
 * Revokes a bot's token and makes another by the same name: a new user, with a new id. The former is no member any more and
 * blocked, and what it wrote stays its own until GitLab deletes it.
 * Source: GitLab docs, user/project/settings/project_access_tokens, bot users for projects; platform sheet, section 5.
 */
export function recreateBot(world: World, project: Project, former: Account): Account {
  const level = project.members.get(former.id) ?? 0;
  project.members.delete(former.id);
  former.tokenState = 'revoked';
  blockUser(world, former);
  return addProjectBot(world, project, former.name, level);
}

/** When a token was last used, to the minute. Source: app/services/personal_access_tokens/last_used_service.rb. */
export function noteUse(world: World, { grant }: Account): void {
  const isRecent = grant.lastUsedAt !== null && world.clock().getTime() - Date.parse(grant.lastUsedAt) < 60_000;
  if (!isRecent) grant.lastUsedAt = world.now();
}
