import { ESCALATED, isAwaited } from '../decide/duty.ts';
import { UPDATE_DUE } from '../decide/updates.ts';
import type { Act, History, Life } from '../schema/types.gen.ts';
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

/** What an incident needs attention for, what presses most first. */
const REASONS: readonly { why: string; holds: (life: Life) => boolean }[] = [
  { why: 'escalated', holds: (life) => isUnacknowledged(life) && life.labels.includes(ESCALATED) },
  { why: 'not acknowledged', holds: (life) => isUnacknowledged(life) && !life.labels.includes(ESCALATED) },
  { why: 'disputed', holds: ({ gate }) => gate === 'disputed' },
  { why: 'blocked', holds: ({ gate, state }) => gate === 'blocked' && state === 'opened' },
  { why: 'update due', holds: ({ labels, state }) => state === 'opened' && labels.includes(UPDATE_DUE) },
  { why: 'review due', holds: ({ labels, state }) => state === 'opened' && labels.includes('review::due') },
];

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

/** What a user is called; who is not known has no name. */
export function nameOf({ people }: History, id: number | undefined): string | null {
  return people.find((person) => person.id === id)?.username ?? null;
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
    owner: nameOf(history, life.owner),
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

function isUnacknowledged({ state, labels, acknowledged }: Life): boolean {
  return state === 'opened' && acknowledged === undefined && isAwaited(labels);
}

/** When it was closed; a record without says it by the last closing, else by the last change. */
function closedAt({ closed_at: at, closes, updated_at: changed }: Life): string {
  const last: Act | undefined = closes.at(-1);
  return at ?? last?.at ?? changed;
}

function rankOf(life: Life): number {
  const rank = REASONS.findIndex(({ holds }) => holds(life));
  return rank === -1 ? REASONS.length : rank;
}

/** One without a severity comes after S2: nobody knows yet. */
function bySeverityAndAge(a: Life, b: Life): number {
  const [one, other] = [a.severity ?? 2.5, b.severity ?? 2.5];
  return one - other || Date.parse(a.paged_at) - Date.parse(b.paged_at) || a.project - b.project || a.iid - b.iid;
}
