import type { Context } from 'hono';
import { ApiError } from '../world/errors.ts';
import type { Account } from '../world/records.ts';
import type { World } from '../world/world.ts';

const DENIED = { blocked: 'blocked', deactivated: 'deactivated by your administrator' } as const;

/**
 * Who calls, by `PRIVATE-TOKEN` or as `Bearer`. Tokens that are over are answered in OAuth's form, accounts that are shut out
 * 403, and a token that may only read is refused every write. A job token opens none of this API's doors.
 * Source: lib/gitlab/auth/auth_finders.rb and lib/api/api_guard.rb; GitLab docs, security/tokens, and platform sheet, section 5.
 */
export function authenticate(world: World, c: Context): Account {
  const token = c.req.header('private-token') ?? c.req.header('authorization')?.replace(/^Bearer /, '');
  const user = world.users.find((known) => known.token === token);
  if (!user) throw new ApiError(401, { message: '401 Unauthorized' });
  if (user.tokenState === 'expired')
    throw overToken('Token is expired. You can either do re-authorization or token refresh.');
  if (user.tokenState === 'revoked') throw overToken('Token was revoked. You have to re-authorize from the user.');
  if (user.state !== 'active') {
    throw new ApiError(403, { message: `403 Forbidden - Your account has been ${DENIED[user.state]}.` });
  }
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (user.scope === 'read_api' && !isRead) {
    throw new ApiError(403, {
      error: 'insufficient_scope',
      error_description: 'The request requires higher privileges than provided by the access token.',
      scope: 'api',
    });
  }
  return user;
}

function overToken(description: string): ApiError {
  return new ApiError(401, { error: 'invalid_token', error_description: description });
}
