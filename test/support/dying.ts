import { calledBy } from './paged.ts';
import type { Fault } from '../../scripts/sandbox/api/faults.ts';

/** What ends a run that is killed. */
export class Killed extends Error {}

type Wrap = <A extends unknown[], R>(call: (...given: A) => Promise<R>) => (...given: A) => Promise<R>;

/** Counts all that a run calls, and ends it at one of them: before that is done, or after, its answer never heard. */
export function dying(kill?: { at: number; isDone: boolean }): { calls: () => number; wrap: Wrap } {
  let calls = 0;
  return {
    calls: () => calls,
    wrap:
      (call) =>
      async (...given) => {
        calls += 1;
        const number = calls;
        if (kill && (number > kill.at || (number === kill.at && !kill.isDone))) throw new Killed();
        const answer = await call(...given);
        if (number === kill?.at) throw new Killed();
        return answer;
      },
  };
}

/** All ways of a port, each wrapped. */
export function wrapped<P extends object>(port: P, wrap: Wrap): P {
  return Object.fromEntries(Object.entries(port).map(([name, call]) => [name, calledBy(name, call as (...given: unknown[]) => unknown, wrap)])) as P;
}

/** What GitLab may answer a call with in the place of what it should. */
export const FAULTS: readonly Fault[] = [
  { kind: 'lose' },
  { kind: 'reset' },
  { kind: 'status', status: 500, body: '{"message":"500 Internal Server Error"}' },
  { kind: 'status', status: 429, retryAfterSeconds: 120 },
  { kind: 'truncate' },
];
