import { bySeverityAndAge, closedAt, isUnacknowledged, rankOf, REASONS } from '../decide/attention.ts';
import { ESCALATED } from '../decide/duty.ts';
import { nameIn } from '../decide/lives.ts';
import type { History, Life } from '../schema/types.gen.ts';
import { showMinutes, showTime } from './times.ts';

/** An issue as tables name it; the title is null where it may not be shown. */
export type Named = { reference: string; url: string; title: string | null; isConfidential: boolean };

/** An incident as a row of a table; people's text in it is as people wrote it. */
export type IncidentRow = Named & {
  severity: string | null;
  state: string;
  gate: string;
  owner: string | null;
  /** How long ago the page came. */
  age: string;
  /** From the page to the closing, or until now. */
  openFor: string;
  pagedAt: string;
  closedAt: string | null;
  missing: string[];
  /** Why it needs attention, what presses most first. */
  why: string[];
};

const GATES = {
  open: 'not closed yet',
  active: 'active again',
  blocked: 'blocked',
  observed: 'incomplete, only observed',
  disputed: 'disputed',
  verified: 'verified',
} as const;
const EXEMPTIONS = {
  DUPLICATE: 'exempt: duplicate',
  MOVED: 'exempt: moved',
  ALERT_RECOVERED: 'exempt: alert recovered',
  OVERRIDDEN: 'overridden',
} as const;

/** The incidents that need attention, what presses most first; of equals the more severe, then the older. */
export function attentionRows(history: History, now: Date): IncidentRow[] {
  const pressing = history.incidents.filter((life) => rankOf(life) < REASONS.length);
  return pressing
    .sort((a, b) => rankOf(a) - rankOf(b) || bySeverityAndAge(a, b))
    .map((life) => toRow(life, history, now));
}

/** How many incidents need attention for what; only what any does. */
export function attentionCounts(history: History): { why: string; count: number }[] {
  return REASONS.map(({ why, holds }) => ({ why, count: history.incidents.filter(holds).length })).filter(
    ({ count }) => count > 0,
  );
}

/** The open incidents, the more severe first, then the older. */
export function openRows(history: History, now: Date): IncidentRow[] {
  const open = history.incidents.filter(({ state }) => state === 'opened');
  return open.sort(bySeverityAndAge).map((life) => toRow(life, history, now));
}

/** The incidents that were closed since some moment, the last first. */
export function closedRows(history: History, since: Date, now: Date): IncidentRow[] {
  const closed = history.incidents.filter(
    (life) => life.state === 'closed' && Date.parse(closedAt(life)) >= since.getTime(),
  );
  return closed
    .sort((a, b) => Date.parse(closedAt(b)) - Date.parse(closedAt(a)) || a.project - b.project || a.iid - b.iid)
    .map((life) => toRow(life, history, now));
}

/** An issue as tables name it: of one that is confidential the title is left out, whatever the record has. */
export function named({
  reference,
  url,
  title,
  confidential,
}: Pick<Life, 'reference' | 'url' | 'title' | 'confidential'>): Named {
  return { reference, url, title: confidential ? null : (title ?? null), isConfidential: confidential };
}

function toRow(life: Life, history: History, now: Date): IncidentRow {
  const until = life.state === 'closed' ? Date.parse(closedAt(life)) : now.getTime();
  return {
    ...named(life),
    severity: life.severity === undefined ? null : `S${life.severity}`,
    state: stateOf(life),
    gate: gateOf(life),
    owner: nameIn(history, life.owner) ?? null,
    age: minutesSince(life.paged_at, now.getTime()),
    openFor: minutesSince(life.paged_at, until),
    pagedAt: showTime(life.paged_at, 'UTC'),
    closedAt: life.state === 'closed' ? showTime(closedAt(life), 'UTC') : null,
    missing: life.missing,
    why: REASONS.filter(({ holds }) => holds(life)).map(({ why }) => why),
  };
}

function minutesSince(at: string, until: number): string {
  return showMinutes((until - Date.parse(at)) / 60_000);
}

function stateOf(life: Life): string {
  if (life.state === 'closed') return life.outcome ?? 'closed';
  if (isUnacknowledged(life)) return life.labels.includes(ESCALATED) ? 'open, escalated' : 'open, not acknowledged';
  return life.acknowledged ? 'open, acknowledged' : 'open';
}

function gateOf({ gate, exemption }: Life): string {
  if (gate === undefined) return 'not judged yet';
  if (gate !== 'exempt') return GATES[gate];
  return exemption === undefined ? 'exempt' : EXEMPTIONS[exemption];
}
