import PQueue from 'p-queue';
import type { HttpAnswer } from '../ci/http.ts';
import type { Call } from './answers.ts';

/** How the calls of a run share what GitLab allows. */
export type Traffic = {
  /** Makes a call when it is its turn: reads first, since what was begun is finished by them, and others wait to begin. */
  turn: <T>(call: Call, make: () => Promise<T>) => Promise<T>;
  /** Whether no call is on its way, and none waits for its turn. */
  isQuiet: () => boolean;
  /** Hears of each call that is over. */
  onEnd: (hear: () => void) => void;
  /** For how long (ms) a call has to wait by what GitLab said of late; 0 if it need not. */
  pauseMs: (call: Call) => number;
  /** Takes in what an answer says of the limits, and for how long (ms) a refused call is to wait. */
  heard: (call: Call, answer: HttpAnswer, retryAfterMs: number) => void;
};

/** A run waits for no longer at once. */
export const LONGEST_PAUSE_MS = 60_000;

const CALLS_AT_ONCE = 8;
/**
 * A run of so few calls starves nobody, and waits for nobody: an event is answered while a sweep uses up what is allowed. The
 * shards of a sweep are one run in this.
 */
const FREE_CALLS = 30;
/** Part of a minute's calls that is left to whoever else speaks as the bot. */
const RESERVE = 0.05;

/** What may still be called until GitLab counts anew, by our share of it; `reset` is that moment as GitLab says it, `resetMs` by our clock. */
type Allowance = { left: number; reset: string; resetMs: number };

/**
 * A bucket of calls that the `RateLimit-*` headers fill, shared with the other shards by dividing, and pauses by kind of call
 * after a 429. What an application limits (comments, edits) is in no header and concerns its own kind; the limit of all calls
 * is answered in plain text. Source: GitLab docs, administration/settings/user_and_ip_rate_limits; platform sheet, section 5.
 */
export function createTraffic(now: () => number, shards: number): Traffic {
  const queue = new PQueue({ concurrency: CALLS_AT_ONCE });
  const pausedUntilMs = new Map<string, number>();
  let allowance: Allowance | undefined;
  let [made, over] = [0, 0];
  const hearers: (() => void)[] = [];
  return {
    isQuiet: () => queue.size + queue.pending === 0,
    onEnd: (hear) => hearers.push(hear),
    turn: async ({ isRead }, make) => {
      const begin = async (): ReturnType<typeof make> => {
        made += 1;
        if (allowance) allowance.left -= 1;
        return make().finally(() => (over += 1));
      };
      try {
        return await queue.add(begin, { priority: isRead ? 1 : 0 });
      } finally {
        for (const hear of hearers) hear();
      }
    },
    pauseMs: (call) => {
      const untilMs = [pausedUntilMs.get('all') ?? 0, pausedUntilMs.get(kindOf(call)) ?? 0];
      const usedUpUntilMs = allowance && allowance.left <= 0 && made >= FREE_CALLS / shards ? allowance.resetMs : 0;
      return Math.max(...untilMs, usedUpUntilMs, now()) - now();
    },
    heard: (call, { status, headers }, retryAfterMs) => {
      // The call that is answered is not over yet.
      allowance = toAllowance(headers, { shards, onTheirWay: made - over - 1, nowMs: now() }, allowance);
      if (status !== 429 || retryAfterMs === 0) return;
      // A pause that ends the run lets it still look, and take back what it has begun.
      const isLong = retryAfterMs > LONGEST_PAUSE_MS;
      if (isLong && call.isRead) return;
      const isOfApplication = (headers['content-type'] ?? '').includes('json');
      pausedUntilMs.set(isOfApplication || isLong ? kindOf(call) : 'all', now() + retryAfterMs);
    },
  };
}

/**
 * What is on its way is not counted in an answer yet; of two answers on one minute the one that allows less came later. When
 * it begins anew is told by GitLab's clock, which an answer shows too, and which may not be ours.
 */
function toAllowance(
  headers: HttpAnswer['headers'],
  { shards, onTheirWay, nowMs }: { shards: number; onTheirWay: number; nowMs: number },
  before: Allowance | undefined,
): Allowance | undefined {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => headers[`ratelimit-${name}`]);
  if (limit === undefined || remaining === undefined || reset === undefined) return before;
  const left = Math.floor((Number(remaining) - Number(limit) * RESERVE) / shards) - onTheirWay;
  const theirsMs = Date.parse(headers['date'] ?? '');
  const resetMs = Number(reset) * 1000 + (Number.isNaN(theirsMs) ? 0 : nowMs - theirsMs);
  if (Number.isNaN(left) || Number.isNaN(resetMs)) return before;
  return before?.reset === reset ? { ...before, left: Math.min(left, before.left) } : { left, reset, resetMs };
}

/** `POST notes`, `PUT issues`; all reads are of one kind. */
function kindOf({ method, isRead, url }: Call): string {
  if (isRead) return 'read';
  const [last = ''] = url.pathname
    .split('/')
    .filter((part) => part !== '' && !/^\d+$/.test(part))
    .slice(-1);
  return `${method} ${last}`;
}
