import { LeftOver, SetupError } from '../ci/errors.ts';
import type { HttpAnswer } from '../ci/http.ts';
import { retryAfter } from '../ci/network.ts';
import { AnswerLost } from './errors.ts';
import { explainStatus, type FailedCall } from './explain.ts';

/** What is sent. */
export type Init = {
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
};

/** `mayRepeat`: to do it twice is to do it once. `asBot`: with the bot's token. `outdates`: what had to wait is decided again. */
export type Call = {
  method: string;
  url: URL;
  init: Init;
  isRead: boolean;
  mayRepeat: boolean;
  asBot: boolean;
  outdates: boolean;
};

/** An answer that is one. */
export type Answer = { body: unknown; headers: Record<string, string>; status: number };

/** Why there is none, whether it may be asked for again, and how long GitLab asks to wait (ms). */
export type Failure = { error: Error; mayRepeat: boolean; retryAfterMs?: number };

/** Status and body of an answer, or why it is none. */
export function judge(call: Call, { status, headers, text }: HttpAnswer, nowMs: number): Answer | Failure {
  const failed: FailedCall = { name: nameOf(call), status, text, location: headers['location'], asBot: call.asBot };
  if (status >= 200 && status < 300) return parse(call, { status, headers, text });
  const error = explainStatus(failed);
  if (status === 429) return { error, mayRepeat: true, ...untilReset(call, headers, nowMs) };
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
export function lost(call: Call, message: string, cause: unknown, after: { retryAfterMs?: number } = {}): Failure {
  if (!call.mayRepeat) {
    return { error: new AnswerLost(`${message}; it may have been applied`, { cause }), mayRepeat: false, ...after };
  }
  return { error: new LeftOver(message, { cause }), mayRepeat: true, ...after };
}

/**
 * `Retry-After`, else when the limit begins anew; what an application limits is in no header, and is counted by the minute.
 * Source: GitLab docs, administration/settings/user_and_ip_rate_limits, headers; lib/gitlab/application_rate_limiter.rb.
 */
function untilReset({ isRead }: Call, headers: Record<string, string>, nowMs: number): { retryAfterMs?: number } {
  if (headers['retry-after'] !== undefined) return retryAfter(headers['retry-after'], nowMs);
  const resetMs = Number(headers['ratelimit-reset']) * 1000;
  if (headers['ratelimit-remaining'] === '0' && resetMs > nowMs) return { retryAfterMs: resetMs - nowMs };
  const isOfApplication = !isRead && (headers['content-type'] ?? '').includes('json');
  return isOfApplication ? { retryAfterMs: MINUTE_MS - (nowMs % MINUTE_MS) } : {};
}

const MINUTE_MS = 60_000;

/** A call in words, without what is secret in it. */
export function nameOf({ method, url }: Call): string {
  return `${method} ${url.origin}${url.pathname}`;
}
