import { createRequesterFn } from '@gitbeaker/requester-utils';
import { LeftOver, SetupError } from '../ci/errors.ts';
import { exchange, NoAnswer, type HttpAnswer } from '../ci/http.ts';
import { reasonOf, retryAfter, type Bounds } from '../ci/network.ts';
import { AnswerLost, Busy, OUTDATED_AFTER_MS } from './errors.ts';
import { explainStatus, type FailedCall } from './explain.ts';
import type { CallCount } from './port.ts';

export type { Bounds };

type Init = { method: string; headers: Readonly<Record<string, string>>; body?: string | Uint8Array };
type Answer = { body: unknown; headers: Record<string, string>; status: number };
/** `mayRepeat`: to do it twice is to do it once. `asBot`: with the bot's token. `outdates`: what had to wait is decided again. */
type Call = {
  method: string;
  url: URL;
  init: Init;
  isRead: boolean;
  mayRepeat: boolean;
  asBot: boolean;
  outdates: boolean;
};

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

const MAX_RETRIES = 3;
const FIRST_PAUSE_MS = 250;
const CALL_TIMEOUT_MS = 30_000;
const LONGEST_RETRY_AFTER_MS = 60_000;

/** A second emoji or link of the kind is refused, so that a POST whose answer was lost may be sent again. */
const ONCE_IS_ENOUGH = /\/(?:award_emoji|links)$/;

/**
 * The way in which gitbeaker's resources reach GitLab. gitbeaker's own handler retries 429 and 502 of every method within
 * a third of a second, ignores `Retry-After`, and follows redirects with the token; this one does not. At most 3 retries a
 * call; a POST is repeated only after 429, which GitLab answers before it does anything, or where twice is once; an edit of an
 * issue only at once.
 */
export function createRequester(bounds: Bounds, count: CallCount): ReturnType<typeof createRequesterFn> {
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
      return (await callPatiently(
        { method, url, init, isRead, mayRepeat, asBot: true, outdates },
        bounds,
        count,
      )) as never;
    },
  );
}

/** What gitbeaker cannot ask: inputs of pipelines, and GraphQL. */
export function createPost(bounds: Bounds, count: CallCount): Post {
  return async ({ url, body, token, isRead = false, mayRepeat = isRead, outdates = false }) => {
    const authentication = token === undefined ? {} : { 'private-token': token };
    const headers = { 'content-type': 'application/json', ...authentication };
    const init: Init = { method: 'POST', headers, body: JSON.stringify(body) };
    const kind = { isRead, mayRepeat, asBot: token !== undefined, outdates };
    return (await callPatiently({ method: 'POST', url: new URL(url), init, ...kind }, bounds, count)).body;
  };
}

/** Sends bytes as they are; gitbeaker would send a form, which the package registry keeps as it came. */
export function createUpload(
  bounds: Bounds,
  count: CallCount,
  token: string,
): (url: string, bytes: Uint8Array) => Promise<void> {
  return async (url, bytes) => {
    const headers = { 'content-type': 'application/octet-stream', 'private-token': token };
    const init: Init = { method: 'PUT', headers, body: bytes };
    const kind = { isRead: false, mayRepeat: true, asBot: true, outdates: false };
    await callPatiently({ method: 'PUT', url: new URL(url), init, ...kind }, bounds, count);
  };
}

async function callPatiently(call: Call, bounds: Bounds, count: CallCount): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await callOnce(call, bounds, count);
    if ('body' in outcome) return outcome;
    const { error, mayRepeat, retryAfterMs } = outcome;
    const pauseMs = retryAfterMs ?? FIRST_PAUSE_MS * 2 ** attempt;
    if (pauseMs > LONGEST_RETRY_AFTER_MS) {
      const until = `until ${new Date(bounds.now() + pauseMs).toISOString().slice(0, 19)}Z`;
      const long = `which is too long for one run: a run after that goes on.`;
      throw new LeftOver(
        `${error.message} GitLab asks to wait for ${Math.round(pauseMs / 1000)} s, ${until}, ${long}`,
        {
          endsRun: true,
        },
      );
    }
    const waits = mayRepeat ? attempt < MAX_RETRIES : error instanceof AnswerLost;
    if (!waits || bounds.now() + pauseMs > bounds.deadlineMs) throw error;
    if (pauseMs >= OUTDATED_AFTER_MS && call.outdates) throw new Busy(error.message, pauseMs);
    await bounds.sleep(pauseMs);
    if (!mayRepeat) throw error;
  }
}

type Failure = { error: Error; mayRepeat: boolean; retryAfterMs?: number };

async function callOnce(call: Call, bounds: Bounds, count: CallCount): Promise<Answer | Failure> {
  const leftMs = bounds.deadlineMs - bounds.now();
  if (leftMs <= 0) throw new LeftOver(`${nameOf(call)}: not tried, the time of this run is up; the next run goes on.`);
  if (call.isRead) count.reads += 1;
  else count.writes += 1;
  const within = { url: call.url, withinMs: Math.min(leftMs, CALL_TIMEOUT_MS) };
  try {
    return judge(call, await exchange({ ...call.init, ...within }), bounds.now());
  } catch (cause) {
    if (!(cause instanceof NoAnswer)) throw cause;
    return lost(call, `${nameOf(call)}: no answer (${reasonOf(cause)}); the next run asks again`, cause);
  }
}

/** Status and body of an answer, or why it is none. */
function judge(call: Call, { status, headers, text }: HttpAnswer, nowMs: number): Answer | Failure {
  const failed: FailedCall = { name: nameOf(call), status, text, location: headers['location'], asBot: call.asBot };
  if (status >= 200 && status < 300) return parse(call, { status, headers, text });
  const error = explainStatus(failed);
  if (status === 429) return { error, mayRepeat: true, ...untilReset(headers, nowMs) };
  if (status >= 500) return lost(call, error.message, undefined, retryAfter(headers['retry-after'], nowMs));
  return { error, mayRepeat: false };
}

function parse(
  call: Call,
  answer: { status: number; headers: Record<string, string>; text: string },
): Answer | Failure {
  const { status, headers, text } = answer;
  if (text === '' && call.isRead)
    return lost(call, `${nameOf(call)}: the answer is empty; the next run asks again`, undefined);
  if (text === '') return { status, headers, body: null };
  if (!(headers['content-type'] ?? '').includes('json')) {
    const what = `${nameOf(call)}: answered ${status} with ${headers['content-type'] ?? 'no content type'} instead of JSON`;
    return {
      error: new SetupError(`${what}. Is GITLAB_URL the address of a GitLab, and is no log-in page before it?`),
      mayRepeat: false,
    };
  }
  try {
    return { status, headers, body: JSON.parse(text) as unknown };
  } catch (cause) {
    return lost(
      call,
      `${nameOf(call)}: the answer is broken JSON (${text.length} characters); the next run asks again`,
      cause,
    );
  }
}

/** No usable answer: reads, edits and deletions may be repeated; a POST may have been applied. */
function lost(call: Call, message: string, cause: unknown, after: { retryAfterMs?: number } = {}): Failure {
  if (!call.mayRepeat) {
    return { error: new AnswerLost(`${message}; it may have been applied`, { cause }), mayRepeat: false, ...after };
  }
  return { error: new LeftOver(message, { cause }), mayRepeat: true, ...after };
}

/** `Retry-After`, else when the limit begins anew. Source: GitLab docs, administration/settings/user_and_ip_rate_limits, headers. */
function untilReset(headers: Record<string, string>, nowMs: number): { retryAfterMs?: number } {
  const resetMs = Number(headers['ratelimit-reset']) * 1000;
  const isExhausted = headers['ratelimit-remaining'] === '0' && resetMs > nowMs;
  return headers['retry-after'] === undefined && isExhausted
    ? { retryAfterMs: resetMs - nowMs }
    : retryAfter(headers['retry-after'], nowMs);
}

function nameOf({ method, url }: Call): string {
  return `${method} ${url.origin}${url.pathname}`;
}
