import type { Snapshot } from '../read/snapshot.ts';
import type { AckFacts, Config } from '../schema/types.gen.ts';
import { ownerOf } from './acknowledgement.ts';
import { call, NO_PART } from './merge.ts';
import type { CallComment, Message, Part } from './plan.ts';

/**
 * What PagerDuty is told of an incident that it paged: an acknowledgement that came from GitLab, and, as the configuration
 * has it, that the alarm may resolve (product.md: `pagerduty.resolve: on_ack, on_close, never`).
 */
export function decideAlarm(snapshot: Snapshot, facts: AckFacts, config: Config, isSettled: boolean): Part {
  const { pagerduty: incident, at, how, alarm_resolved_at: resolvedAt } = facts;
  const comments = noteOf(snapshot);
  if (incident === undefined || resolvedAt !== undefined) return { ...NO_PART, comments };
  const as = ownerOf(snapshot, facts)?.username ?? '';
  const isTaken = at !== undefined && config.pagerduty.acknowledge;
  const { resolve } = config.pagerduty;
  const isOver = (resolve === 'on_ack' && at !== undefined) || (resolve === 'on_close' && isSettled);
  const base = { slot: 'ack', to: 'pagerduty', incident, as } as const;
  const messages: Message[] = [
    ...(isTaken && how !== 'pagerduty'
      ? [{ ...base, key: 'pagerduty-acknowledge', does: 'acknowledge' as const }]
      : []),
    ...(isOver ? [{ ...base, key: 'pagerduty-resolve', does: 'resolve' as const }] : []),
  ];
  return { ...NO_PART, comments, messages };
}

/** What somebody wrote in PagerDuty stays with the incident: a comment for each note, by its time. */
function noteOf({ observed }: Snapshot): CallComment[] {
  if (!observed.pageNote) return [];
  const { at, by, text } = observed.pageNote;
  return [call(`page-note-${at.replace(/\D/g, '')}`, 'board', { at }, { words: 'page-note', by, text })];
}
