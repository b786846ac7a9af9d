import { factsOf } from '../read/markers.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { AckFacts, Config } from '../schema/types.gen.ts';
import { ownerOf } from './acknowledgement.ts';
import { isDay } from './day.ts';
import { isOnDuty, minutesAfter, type Around } from './duty.ts';
import { call, NO_PART } from './merge.ts';
import type { Part } from './plan.ts';
import type { Level } from './severity.ts';
import { trackedIn } from './tracking.ts';

const MINUTE_MS = 60_000;
/** The label of an incident whose update is due. */
export const UPDATE_DUE = 'update::due';

/**
 * Stakeholder updates (product.md: cadence by severity): an incident that goes without `/update` for longer than its
 * severity allows is labelled, and its owner reminded, once per cadence. Counted from the latest update, else from the
 * acknowledgement. Nothing is asked for while an incident is mere paperwork, tracked elsewhere, or taken by nobody yet.
 */
export function decideUpdates(
  snapshot: Snapshot,
  facts: AckFacts,
  config: Config,
  { now, severity, isPaperwork }: Around,
): Part {
  if (snapshot.incident === 'no' || !isOnDuty(config)) return NO_PART;
  const minutes = cadenceFor(config, severity);
  const owner = ownerOf(snapshot, facts);
  const isAsked = snapshot.issue.state === 'opened' && !isPaperwork && trackedIn(snapshot, config) === undefined;
  const since = facts.update_at ?? facts.at;
  const dueMs = Date.parse(since ?? '') + minutes * MINUTE_MS;
  if (!isAsked || minutes === 0 || since === undefined || now.getTime() < dueMs) {
    return { labels: { present: [], absent: [UPDATE_DUE] } };
  }
  const labels = { present: [UPDATE_DUE], absent: [] };
  const reminded = factsOf('update', snapshot.marked).facts?.at;
  const missed = Math.floor((now.getTime() - Date.parse(since)) / (minutes * MINUTE_MS));
  const at = minutesAfter(since, missed * minutes);
  if (!owner || !mayRemind(config, severity, now) || (reminded !== undefined && reminded >= at)) return { labels };
  const view = { words: 'update-due', tell: owner.username, since, minutes: missed * minutes } as const;
  return { labels, comment: call('update', 'call', { at }, view) };
}

/** Whether the owner of an incident that goes without an update is reminded now: by night only where it is severe. */
export function mayRemind(config: Config, severity: Level | undefined, now: Date): boolean {
  return config.updates.mode === 'enforce' && ((severity ?? 4) <= 2 || isDay(now, config));
}

/** How many minutes an incident may go without an update; 0 asks for none. */
export function cadenceFor({ updates }: Config, severity: Level | undefined): number {
  if (severity === undefined) return 0;
  return [updates.severity_1, updates.severity_2, updates.severity_3, updates.severity_4][severity - 1] ?? 0;
}
