import { LeftOver } from '../ci/errors.ts';
import { exchange, NoAnswer, type HttpAnswer } from '../ci/http.ts';
import { isUnconnected, reasonOf, retryAfter, type Bounds } from '../ci/network.ts';
import { MaybePosted, Unreached } from './errors.ts';

/** A call: `name` stands in messages and holds no secret; `isRepeatable` if doing it twice is doing it once. */
export type Call = {
  name: string;
  url: string;
  init: { method: string; headers: Readonly<Record<string, string>>; body?: string };
  isRepeatable: boolean;
};

/** Any answer, whatever its status. */
export type Answer = HttpAnswer;

const MAX_RETRIES = 3;
const FIRST_PAUSE_MS = 250;
const FIRST_PAUSE_WHEN_BUSY_MS = 1000;
const CALL_TIMEOUT_MS = 10_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Calls, and waits and calls again, at most three times, as long as the run lasts: after 429 always, since nothing was done
 * then; after no answer, 408 and 5xx only what may be repeated. Gives the last answer. Throws `Unreached`, or `MaybePosted`
 * for what may not be repeated, where none came. Redirects are not followed: what is secret in a call is not taken elsewhere.
 */
export async function callPatiently(call: Call, bounds: Bounds): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await callOnce(call, bounds);
    const pauseMs = pauseAfter(outcome, call, attempt, bounds.now());
    if (pauseMs === undefined || attempt === MAX_RETRIES || !isAffordable(pauseMs, bounds)) {
      if (outcome instanceof LeftOver) throw outcome;
      return outcome;
    }
    await bounds.sleep(pauseMs);
  }
}

function isAffordable(pauseMs: number, { now, deadlineMs }: Bounds): boolean {
  return pauseMs <= LONGEST_WAIT_MS && now() + pauseMs <= deadlineMs;
}

async function callOnce(call: Call, { now, deadlineMs }: Bounds): Promise<Answer | LeftOver> {
  const leftMs = deadlineMs - now();
  if (leftMs <= 0) throw new LeftOver(`${call.name}: not tried, the time of this run is up; the next run goes on.`);
  try {
    return await exchange({ ...call.init, url: new URL(call.url), withinMs: Math.min(leftMs, CALL_TIMEOUT_MS) });
  } catch (cause) {
    if (!(cause instanceof NoAnswer)) throw cause;
    const why = reasonOf(cause);
    return call.isRepeatable || isUnconnected(cause)
      ? new Unreached(`${call.name}: no answer (${why}); the next run asks again`, { cause })
      : new MaybePosted(`${call.name}: no answer (${why}); it may have been posted`, { cause });
  }
}

/** How long to wait before the next try, or undefined where there is to be none. */
function pauseAfter(
  outcome: Answer | LeftOver,
  { isRepeatable }: Call,
  attempt: number,
  nowMs: number,
): number | undefined {
  if (outcome instanceof LeftOver) return isRepeatable ? FIRST_PAUSE_MS * 2 ** attempt : undefined;
  const { status, headers } = outcome;
  if (status === 429) return askedPause(headers, nowMs) ?? FIRST_PAUSE_WHEN_BUSY_MS * 2 ** attempt;
  const isTrouble = status === 408 || status >= 500;
  return isTrouble && isRepeatable ? (askedPause(headers, nowMs) ?? FIRST_PAUSE_MS * 2 ** attempt) : undefined;
}

/** Slack says `Retry-After`, PagerDuty `ratelimit-reset`, in seconds. Source: PagerDuty developer-docs, REST-API/04-Rate-Limits. */
function askedPause(headers: Answer['headers'], nowMs: number): number | undefined {
  const asked = headers['retry-after'] ?? headers['ratelimit-reset'];
  return retryAfter(asked, nowMs).retryAfterMs;
}
