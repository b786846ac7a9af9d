import type { Issue, User } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { Config } from '../schema/types.gen.ts';
import { judgeClosure } from './closure.ts';
import { findExemption } from './exemption.ts';
import type { Check, Exemption, Refusal } from './plan.ts';
import { gatherSeverities, type Severities } from './severity.ts';

/** All that the gate weighs: the incident as it stands, what it lacks, and what excuses it. */
export type Situation = {
  snapshot: Snapshot;
  config: Installation;
  now: Date;
  commit: string | undefined;
  severities: Severities;
  exemption: Exemption | undefined;
  refusals: Refusal[];
  checks: Check[];
  failing: Check[];
  hash: string;
  /** Who asked by a command what is missing, and wants to be told now. */
  asker?: User;
};

/** Weighs an incident: its severities, what excuses it, what it lacks. `commit` is that of the configuration. */
export function assess(snapshot: Snapshot, config: Installation, now: Date, commit: string | undefined): Situation {
  const severities = gatherSeverities(snapshot, config, now.toISOString());
  const { exemption, refusals } = findExemption(snapshot, severities, config);
  const { checks, hash } = judgeClosure(snapshot, severities, config, now);
  const failing = checks.filter(({ status }) => status === 'fail');
  return { snapshot, config, now, commit, severities, exemption, refusals, checks, failing, hash };
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** The time since which closed incidents are the gate's business; older history is never touched. */
export function gateSince(config: Config, now: Date): string {
  return config.gate.since === undefined
    ? new Date(now.getTime() - WEEK_MS).toISOString()
    : new Date(config.gate.since).toISOString();
}

export function wasClosedLately({ closedAt, updatedAt }: Issue, config: Config, now: Date): boolean {
  return (closedAt ?? updatedAt) >= gateSince(config, now);
}
