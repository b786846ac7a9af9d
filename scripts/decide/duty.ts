import type { Snapshot } from '../read/snapshot.ts';
import type { AckFacts, Config } from '../schema/types.gen.ts';
import type { Level } from './severity.ts';

const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;

/** The labels that say how far an acknowledgement is. */
export const [PENDING, ESCALATED, DONE] = ['ack::pending', 'ack::escalated', 'ack::done'] as const;
export const ACK_LABELS: readonly string[] = [PENDING, ESCALATED, DONE];

/** What the rules of the duty weigh beside an incident: mere paperwork asks for nothing. */
export type Around = { now: Date; severity: Level | undefined; isPaperwork: boolean };

/** Whether there is an on-call duty at all: a roster, or a ladder of escalation. Without, only commands are followed. */
export function isOnDuty(config: Config): boolean {
  return config.roster !== undefined || config.escalation !== undefined;
}

/** Whether labels say that somebody is to acknowledge. */
export function isAwaited(labels: readonly string[]): boolean {
  return labels.includes(PENDING) || labels.includes(ESCALATED);
}

/** Whether the alarm resolved itself before anybody took it: nobody is waited for any more. */
export function isAlarmOver({ at, alarm_resolved_at: resolvedAt }: AckFacts): boolean {
  return at === undefined && resolvedAt !== undefined;
}

/** So many minutes after a time (ISO 8601). */
export function minutesAfter(at: string, minutes: number): string {
  return new Date(Date.parse(at) + minutes * MINUTE_MS).toISOString();
}

/**
 * Whether somebody is to acknowledge an incident, so that signs of it are looked for: one of the last 24 hours, or one that
 * the duty has seen already. Older incidents are not touched when Watchkeeper is installed.
 */
export function isPaged({ issue, incident, duty }: Snapshot, config: Config, now: Date): boolean {
  if (incident !== 'now' || !isOnDuty(config)) return false;
  const isKnown = duty !== undefined || issue.labels.some((label) => ACK_LABELS.includes(label));
  return isKnown || now.getTime() - Date.parse(issue.createdAt) < DAY_MS;
}

/** When the page came: as PagerDuty has it, else when the incident was opened. */
export function pagedAt({ issue, duty, observed }: Snapshot): string {
  return duty?.paged_at ?? observed.pagedAt ?? issue.createdAt;
}
