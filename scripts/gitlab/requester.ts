import { createRequesterFn } from '@gitbeaker/requester-utils';
import type { Answer, Call, Init } from './answers.ts';

/** Makes a call as patiently as all calls are made; see `caller.ts`. */
export type Caller = (call: Call) => Promise<Answer>;

/** A POST of JSON that gitbeaker has no method, or no answer, for; without a `token` it goes as nobody. */
export type JsonPost = {
  url: string;
  body: object;
  token?: string;
  isRead?: boolean;
  mayRepeat?: boolean;
  outdates?: boolean;
};

/** Sends a POST as patiently as all calls, and counts it as they are counted; gives the body of the answer. */
export type Post = (post: JsonPost) => Promise<unknown>;

/** A second emoji or link of the kind is refused, so that a POST whose answer was lost may be sent again. */
const ONCE_IS_ENOUGH = /\/(?:award_emoji|links)$/;

/**
 * The way in which gitbeaker's resources reach GitLab. gitbeaker's own handler retries 429 and 502 of every method within
 * a third of a second, ignores `Retry-After`, and follows redirects with the token; this one does not. A POST is repeated only
 * after 429, which GitLab answers before it does anything, or where twice is once; an edit of an issue only at once.
 */
export function createRequester(call: Caller): ReturnType<typeof createRequesterFn> {
  return createRequesterFn(
    (_service, options) => Promise.resolve(options),
    async (endpoint, options = {}) => {
      const {
        prefixUrl = '',
        searchParams,
        method = 'GET',
        headers,
        body,
      } = options as Record<string, string | undefined>;
      const url = new URL(endpoint, prefixUrl.endsWith('/') ? prefixUrl : `${prefixUrl}/`);
      url.search = searchParams ?? '';
      const init: Init = { method, headers: headers as unknown as Record<string, string> };
      if (body !== undefined) init.body = body;
      const isRead = method === 'GET';
      const mayRepeat = method !== 'POST' || ONCE_IS_ENOUGH.test(url.pathname);
      const outdates = method === 'PUT' && /\/issues\/\d+$/.test(url.pathname);
      return (await call({ method, url, init, isRead, mayRepeat, asBot: true, outdates })) as never;
    },
  );
}

/** What gitbeaker cannot ask: inputs of pipelines, and GraphQL. */
export function createPost(call: Caller): Post {
  return async ({ url, body, token, isRead = false, mayRepeat = isRead, outdates = false }) => {
    const authentication = token === undefined ? {} : { 'private-token': token };
    const headers = { 'content-type': 'application/json', ...authentication };
    const init: Init = {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    };
    const kind = { isRead, mayRepeat, asBot: token !== undefined, outdates };
    return (await call({ method: 'POST', url: new URL(url), init, ...kind })).body;
  };
}

/** Sends bytes as they are; gitbeaker would send a form, which the package registry keeps as it came. */
export function createUpload(call: Caller, token: string): (url: string, bytes: Uint8Array) => Promise<void> {
  return async (url, bytes) => {
    const headers = { 'content-type': 'application/octet-stream', 'private-token': token };
    const init: Init = { method: 'PUT', headers, body: bytes };
    const kind = { isRead: false, mayRepeat: true, asBot: true, outdates: false };
    await call({ method: 'PUT', url: new URL(url), init, ...kind });
  };
}
