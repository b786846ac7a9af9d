import type { Hono } from 'hono';
import type { Served } from '../server.ts';
import { tokenStateOf } from '../world/tokens.ts';
import type { World } from '../world/world.ts';

/** Which GitLab it is, and what the caller's token may do. Source: GitLab docs, api/metadata, api/personal_access_tokens. */
export function routeInstance(app: Hono<Served>, world: World): void {
  for (const path of ['/version', '/metadata']) {
    app.get(path, (c) => {
      const { version, revision, isEnterprise } = world.instance;
      const kas = { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null };
      return c.json({ version, revision, kas, enterprise: isEnterprise });
    });
  }
  app.get('/personal_access_tokens/self', (c) => {
    const { id: userId, grant } = c.var.user;
    const state = tokenStateOf(world, c.var.user);
    return c.json({
      ...{ id: grant.id, name: grant.name, revoked: state === 'revoked', created_at: grant.createdAt },
      ...{ description: null, scopes: grant.scopes, user_id: userId, last_used_at: grant.lastUsedAt },
      ...{ active: state === 'active', granular: false, expires_at: grant.expiresAt, last_used_ips: ['127.0.0.1'] },
    });
  });
}
