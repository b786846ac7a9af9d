import type { Context } from 'hono';
import { ApiError } from '../world/errors.ts';
import type { Params } from './params.ts';

const MOST_COUNTED = 10_000;

/**
 * A list in an order that can be paged by key: all of it, or what comes after a key, found without making the whole; and
 * whether GitLab pages by key in the order that was asked for.
 */
export type Ordered<T> = {
  all: () => T[];
  after: (key: string | undefined) => Iterable<T>;
  key: (item: T) => string;
  isSupported: boolean;
};

/**
 * One page of a list with GitLab's headers: `Link`, `x-next-page`, `x-total` (absent above 10,000 rows), per_page 20
 * unless asked and 100 at most. Source: GitLab docs, api/rest, pagination.
 */
export function page<T>(context: Context, params: Params, items: T[] | Ordered<T>): T[] {
  const perPage = Math.min(params.number('per_page', 20), 100);
  if (params.text('pagination') !== 'keyset') {
    return offsetPage(context, params.number('page', 1), perPage, Array.isArray(items) ? items : items.all());
  }
  if (Array.isArray(items) || !items.isSupported)
    throw new ApiError(405, { error: 'Keyset pagination is not yet available for this type of request' });
  return keysetPage(context, params.text('cursor'), perPage, items);
}

function offsetPage<T>(context: Context, number: number, perPage: number, items: T[]): T[] {
  const pages = Math.max(1, Math.ceil(items.length / perPage));
  const links = [link(context, { page: '1', per_page: String(perPage) }, 'first')];
  if (number < pages) links.unshift(link(context, { page: String(number + 1), per_page: String(perPage) }, 'next'));
  if (number > 1) links.unshift(link(context, { page: String(number - 1), per_page: String(perPage) }, 'prev'));
  if (items.length <= MOST_COUNTED) {
    links.push(link(context, { page: String(pages), per_page: String(perPage) }, 'last'));
    context.header('x-total', String(items.length));
    context.header('x-total-pages', String(pages));
  }
  context.header('Link', links.join(', '));
  context.header('x-page', String(number));
  context.header('x-per-page', String(perPage));
  context.header('x-next-page', number < pages ? String(number + 1) : '');
  context.header('x-prev-page', number > 1 ? String(number - 1) : '');
  return items.slice((number - 1) * perPage, number * perPage);
}

/** The cursor names the last item seen, so that changes meanwhile shift nothing. */
function keysetPage<T>(context: Context, cursor: string | undefined, perPage: number, items: Ordered<T>): T[] {
  const shown: T[] = [];
  for (const item of items.after(cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString())) {
    const last = shown.at(-1);
    if (last !== undefined && shown.length === perPage) {
      const next = Buffer.from(items.key(last)).toString('base64url');
      context.header('Link', link(context, { cursor: next, per_page: String(perPage) }, 'next'));
      break;
    }
    shown.push(item);
  }
  return shown;
}

function link(context: Context, changes: Record<string, string>, relation: string): string {
  const url = new URL(context.req.url);
  for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, value);
  return `<${url.href}>; rel="${relation}"`;
}
