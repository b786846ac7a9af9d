import { unsafeUniformIntDistribution, xoroshiro128plus } from 'pure-rand';
import type { Fault, FaultPlan } from './faults.ts';

/** Faults of the answers themselves, each as real GitLabs and the networks before them have them. */
const BAD_ANSWERS: readonly Fault[] = [
  { kind: 'status', status: 429 },
  { kind: 'status', status: 429, retryAfterSeconds: 2 },
  { kind: 'status', status: 500, body: '{"message":"500 Internal Server Error"}' },
  { kind: 'status', status: 502, body: '<html><h1>502 Bad Gateway</h1></html>' },
  { kind: 'status', status: 503, retryAfterSeconds: 1 },
  { kind: 'reset' },
  { kind: 'lose' },
  { kind: 'truncate' },
  { kind: 'text', body: '{"id":', contentType: 'application/json' },
  { kind: 'text', body: '', contentType: 'application/json' },
  { kind: 'drip', pieces: 7 },
];

/** What a plan did: how many faults of each kind it has given. */
export type Tally = Map<string, number>;

/**
 * A plan by which a share of all answers (0 to 1) is bad, always the same for the same seed and the same calls; what it did
 * goes into `tally`.
 */
export function seededPlan(seed: number, share: number, tally: Tally = new Map()): FaultPlan {
  const random = xoroshiro128plus(seed);
  const draw = (below: number): number => unsafeUniformIntDistribution(0, below - 1, random);
  return () => {
    if (draw(10_000) >= share * 10_000) return undefined;
    const fault = BAD_ANSWERS[draw(BAD_ANSWERS.length)];
    if (fault) tally.set(nameOf(fault), (tally.get(nameOf(fault)) ?? 0) + 1);
    return fault;
  };
}

function nameOf(fault: Fault): string {
  return fault.kind === 'status' ? `status ${fault.status}` : fault.kind;
}
