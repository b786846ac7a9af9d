import type { Snapshot } from '../read/snapshot.ts';
import type { Config } from '../schema/types.gen.ts';
import { NO_PART } from './merge.ts';
import type { Part } from './plan.ts';

/** The review of issues on call, in each window of a shift. */
export function decideReview(_snapshot: Snapshot, _config: Config, _now: Date): Part {
  return NO_PART;
}
