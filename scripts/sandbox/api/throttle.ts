import type { Context } from 'hono';
import { ApiError } from '../world/errors.ts';
import type { LimitsPerMinute, Standing } from '../world/limits.ts';
import type { Account } from '../world/records.ts';
import type { World } from '../world/world.ts';

/**
 * Counts a call of the API for its user, and says so in headers. What is too much gets plain text and a `Retry-After`.
 * Source: GitLab docs, administration/settings/user_and_ip_rate_limits, response headers.
 */
export function throttle(world: World, c: Context, user: Account): Response | undefined {
  const standing = world.limits.count('calls', user.id);
  if (!standing) return undefined;
  const headers = { ...headersOf(standing), date: world.clock().toUTCString() };
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  if (!standing.isOver) return undefined;
  const seconds = Math.max(1, standing.resetAt - Math.floor(world.clock().getTime() / 1000));
  const reset = new Date(standing.resetAt * 1000).toUTCString();
  const more = { 'retry-after': String(seconds), 'ratelimit-resettime': reset, 'content-type': 'text/plain' };
  return new Response('Retry later\n', { status: 429, headers: { ...headers, ...more } });
}

/**
 * Counts what an application limit counts; what is too much gets 429 in JSON, with nothing about it in any header.
 * Source: lib/api/helpers/rate_limiter.rb; platform sheet, section 5, limits.
 */
export function demandPace(world: World, user: Account, kind: keyof LimitsPerMinute): void {
  if (!world.limits.count(kind, user.id)?.isOver) return;
  const says = 'This endpoint has been requested too many times. Try again later.';
  throw new ApiError(429, { message: { error: says } });
}

function headersOf({ limit, observed, resetAt }: Standing): Record<string, string> {
  return {
    'ratelimit-name': 'throttle_authenticated_api',
    'ratelimit-limit': String(limit),
    'ratelimit-observed': String(observed),
    'ratelimit-remaining': String(Math.max(0, limit - observed)),
    'ratelimit-reset': String(resetAt),
  };
}
