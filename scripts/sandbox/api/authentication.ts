import type { Context } from 'hono';
import { ApiError } from '../world/errors.ts';
import type { Account } from '../world/records.ts';
import { noteUse, tokenStateOf } from '../world/tokens.ts';
import type { World } from '../world/world.ts';

const DENIED = { blocked: 'blocked', deactivated: 'deactivated by your administrator' } as const;

/** What a call does, which decides what the scopes of its token must name. */
export type Access = 'read' | 'write';

/**
 * Who calls, by `PRIVATE-TOKEN` or as `Bearer`. Tokens that are over are answered in OAuth's form, accounts that are shut out
 * 403, and a token that may only read is refused every write. A job token opens none of this API's doors.
 * Source: lib/gitlab/auth/auth_finders.rb and lib/api/api_guard.rb; GitLab docs, security/tokens, and platform sheet, section 5.
 */
export function authenticate(world: World, c: Context, access = accessOf(c)): Account {
  const token = c.req.header('private-token') ?? c.req.header('authorization')?.replace(/^Bearer /, '');
  const user = world.users.find((known) => known.token === token);
  if (!user) throw new ApiError(401, { message: '401 Unauthorized' });
  const tokenState = tokenStateOf(world, user);
  if (tokenState === 'expired')
    throw overToken('Token is expired. You can either do re-authorization or token refresh.');
  if (tokenState === 'revoked') throw overToken('Token was revoked. You have to re-authorize from the user.');
  demandScope(c, user, access);
  if (user.state !== 'active') {
    throw new ApiError(403, { message: `403 Forbidden - Your account has been ${DENIED[user.state]}.` });
  }
  noteUse(world, user);
  return user;
}

function accessOf(c: Context): Access {
  return c.req.method === 'GET' || c.req.method === 'HEAD' ? 'read' : 'write';
}

/**
 * `api` is good for all, `read_api` for reading, `read_user` for reading users, and any scope for looking at the token itself.
 * What is refused names all scopes of the endpoint. Source: lib/api/api.rb, lib/api/users.rb,
 * lib/api/personal_access_tokens/self_information.rb; GitLab docs, user/profile/personal_access_tokens, scopes.
 */
function demandScope(c: Context, { grant: { scopes } }: Account, access: Access): void {
  const path = c.req.path.replace(/^\/api/, '');
  if (path === '/v4/personal_access_tokens/self') return;
  const isOfUsers = /^\/v4\/users?(?:\/\d+)?$/.test(path);
  const reading = ['read_api', ...(isOfUsers ? ['read_user'] : [])];
  if (scopes.includes('api') || (access === 'read' && reading.some((scope) => scopes.includes(scope)))) return;
  throw new ApiError(403, {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: ['api', ...reading].join(' '),
  });
}

function overToken(description: string): ApiError {
  return new ApiError(401, { error: 'invalid_token', error_description: description });
}
