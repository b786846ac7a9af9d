import type { Snapshot } from '../read/snapshot.ts';
import type { Config } from '../schema/types.gen.ts';

const DAY_MS = 24 * 3_600_000;
const LABELS = ['ack::pending', 'ack::escalated', 'ack::done'];

/** Whether there is an on-call duty at all: a roster, or a ladder of escalation. Without, only commands are followed. */
export function isOnDuty(config: Config): boolean {
  return 'roster' in config || config.escalation !== undefined;
}

/**
 * Whether somebody is to acknowledge an incident, so that signs of it are looked for: one of the last 24 hours, or one that
 * the duty has seen already. Older incidents are not touched when Watchkeeper is installed.
 */
export function isPaged({ issue, incident, duty }: Snapshot, config: Config, now: Date): boolean {
  if (incident !== 'now' || !isOnDuty(config)) return false;
  const isKnown = duty !== undefined || issue.labels.some((label) => LABELS.includes(label));
  return isKnown || now.getTime() - Date.parse(issue.createdAt) < DAY_MS;
}

/** When the page came: as PagerDuty has it, else when the incident was opened. */
export function pagedAt({ issue, duty, observed }: Snapshot): string {
  return duty?.paged_at ?? observed.pagedAt ?? issue.createdAt;
}
