import { LeftOver } from '../ci/errors.ts';
import { exchange, NoAnswer } from '../ci/http.ts';
import { reasonOf, type Bounds } from '../ci/network.ts';
import { judge, lost, nameOf, type Answer, type Call, type Failure } from './answers.ts';
import { AnswerLost, Busy, OUTDATED_AFTER_MS } from './errors.ts';
import type { CallCount } from './port.ts';
import type { Caller } from './requester.ts';
import { LONGEST_PAUSE_MS, type Traffic } from './traffic.ts';

/** What bounds the calls of a run: the clock, and what GitLab allows. */
export type CallerOptions = { bounds: Bounds; count: CallCount; traffic: Traffic };

const MAX_RETRIES = 3;
const FIRST_PAUSE_MS = 250;
const CALL_TIMEOUT_MS = 30_000;

/**
 * Makes calls: eight at once, within what GitLab allows, each with at most 3 retries. A pause that GitLab asks one of them
 * for is kept by all that it concerns.
 */
export function createCaller({ bounds, count, traffic }: CallerOptions): Caller {
  return async (call) => {
    for (let attempt = 0; ; attempt += 1) {
      await awaitAllowance(call, traffic, bounds);
      const outcome = await traffic.turn(call, () => callOnce(call, { bounds, count, traffic }));
      if ('body' in outcome) return outcome;
      await pause(call, outcome, attempt, bounds);
    }
  };
}

/** Waits where others have been told to, or where GitLab says that little is left; not with what would be out of date then. */
async function awaitAllowance(call: Call, traffic: Traffic, bounds: Bounds): Promise<void> {
  for (let pauseMs = traffic.pauseMs(call); pauseMs > 0; pauseMs = traffic.pauseMs(call)) {
    const why = `${nameOf(call)}: not tried, GitLab allows no more for now; the next run goes on.`;
    if (pauseMs > LONGEST_PAUSE_MS) throw tooLong(why, pauseMs, bounds);
    if (bounds.now() + pauseMs > bounds.deadlineMs) throw new LeftOver(why);
    if (pauseMs >= OUTDATED_AFTER_MS && call.outdates) throw new Busy(why, pauseMs);
    await bounds.sleep(pauseMs);
  }
}

/** Waits before the next attempt. Throws where there is to be none. */
async function pause(call: Call, failure: Failure, attempt: number, bounds: Bounds): Promise<void> {
  const { error, mayRepeat, retryAfterMs } = failure;
  const pauseMs = retryAfterMs ?? FIRST_PAUSE_MS * 2 ** attempt;
  if (pauseMs > LONGEST_PAUSE_MS) throw tooLong(error.message, pauseMs, bounds);
  const waits = mayRepeat ? attempt < MAX_RETRIES : error instanceof AnswerLost;
  if (!waits || bounds.now() + pauseMs > bounds.deadlineMs) throw error;
  if (pauseMs >= OUTDATED_AFTER_MS && call.outdates) throw new Busy(error.message, pauseMs);
  await bounds.sleep(pauseMs);
  if (!mayRepeat) throw error;
}

function tooLong(message: string, pauseMs: number, bounds: Bounds): LeftOver {
  const until = `until ${new Date(bounds.now() + pauseMs).toISOString().slice(0, 19)}Z`;
  const long = `which is too long for one run: a run after that goes on.`;
  return new LeftOver(`${message} GitLab asks to wait for ${Math.round(pauseMs / 1000)} s, ${until}, ${long}`, {
    endsRun: true,
  });
}

async function callOnce(call: Call, { bounds, count, traffic }: CallerOptions): Promise<Answer | Failure> {
  const leftMs = bounds.deadlineMs - bounds.now();
  if (leftMs <= 0) throw new LeftOver(`${nameOf(call)}: not tried, the time of this run is up; the next run goes on.`);
  if (call.isRead) count.reads += 1;
  else count.writes += 1;
  const within = { url: call.url, withinMs: Math.min(leftMs, CALL_TIMEOUT_MS) };
  try {
    const answer = await exchange({ ...call.init, ...within });
    const outcome = judge(call, answer, bounds.now());
    traffic.heard(call, answer, 'body' in outcome ? 0 : (outcome.retryAfterMs ?? 0));
    return outcome;
  } catch (cause) {
    if (!(cause instanceof NoAnswer)) throw cause;
    return lost(call, `${nameOf(call)}: no answer (${reasonOf(cause)}); the next run asks again`, cause);
  }
}
