import type { Config, History, Life } from '../schema/types.gen.ts';
import { closesOf, isExempt, whoIs } from './lives.ts';

/** What may have become of an incident; each is in one class. `unjudged` is closed, and the gate decided nothing on that. */
export const CLASSES = ['verified', 'exempt', 'overridden', 'disputed', 'open', 'unjudged'] as const;
export type EvidenceClass = (typeof CLASSES)[number];

/** Why the gate decided nothing on a closing. */
export type Unjudged = 'silenced' | 'before the gate' | 'observed' | 'closed since' | 'never judged';

/** What has a time of its own. */
export const MOMENTS = [
  ...(['opened', 'paged', 'acknowledged', 'owned', 'escalated', 'detected', 'mitigated', 'resolved'] as const),
  ...(['closed', 'reopened', 'reopened by the gate', 'overridden', 'verified'] as const),
] as const;

/** Where a time comes from: what GitLab or the description says of the issue, or a note or event of that id, null where none is kept. */
export type Source = { kind: 'issue' | 'description' | 'note' | 'event' | 'note or event'; id: number | null };

/** A time (ISO 8601), which person did it where that is known, and its source. */
export type Moment = { what: (typeof MOMENTS)[number]; at: string; by: string | null; source: Source };

/** One incident: ids, names, codes and times, and no text of people's. */
export type EvidenceLine = {
  reference: string;
  url: string;
  severity: number | null;
  class: EvidenceClass;
  /** The code of the exemption. */
  code: string | null;
  because: Unjudged | null;
  /** Whether required fields were changed after it was verified. */
  changed: boolean;
  /** The hash of the closure schema and the commit of the configuration in force then, and the notes it rests on. */
  verified: { schema: string | null; config: string | null; notes: number[] } | null;
  /** Oldest first. */
  moments: Moment[];
};

const OFF_LABEL = 'watchkeeper::off';
const ON_ISSUE = { kind: 'issue', id: null } as const;
const IN_DESCRIPTION = { kind: 'description', id: null } as const;

/** The line of an incident. */
export function lineOf(life: Life, history: History, config: Config): EvidenceLine {
  const { reference, url, severity = null, verified, exemption = null, labels } = life;
  const judged = classOf(life);
  const { schema = null, config: commit = null, notes = [] } = verified ?? {};
  return {
    ...{ reference, url, severity, class: judged },
    code: judged === 'exempt' || judged === 'overridden' ? exemption : null,
    because: judged === 'unjudged' ? whyUnjudged(life, config) : null,
    changed: labels.includes('closure::changed'),
    verified: judged === 'verified' ? { schema, config: commit, notes } : null,
    moments: momentsOf(life, judged, history),
  };
}

function classOf(life: Life): EvidenceClass {
  const { state, gate, exemption } = life;
  if (state === 'opened') return 'open';
  if (gate === 'verified' || gate === 'disputed') return gate;
  if (exemption === 'OVERRIDDEN') return 'overridden';
  return isExempt(life) ? 'exempt' : 'unjudged';
}

function whyUnjudged(life: Life, { gate: { since } }: Config): Unjudged {
  const closedAt = life.closed_at ?? closesOf(life).at(-1)?.at;
  if (life.labels.includes(OFF_LABEL)) return 'silenced';
  if (since !== undefined && closedAt !== undefined && Date.parse(closedAt) < Date.parse(since))
    return 'before the gate';
  if (life.gate === 'observed') return 'observed';
  return life.gate === undefined ? 'never judged' : 'closed since';
}

function momentsOf(life: Life, judged: EvidenceClass, history: History): Moment[] {
  const note = (id: number | undefined): Source => ({ kind: 'note', id: kept(id) });
  const event = (id: number | undefined): Source => ({ kind: 'event', id: kept(id) });
  const either = (id: number): Source => ({ kind: 'note or event', id: kept(id) });
  const at = (what: Moment['what'], act: { at: string; by?: number } | undefined, source: Source): Moment[] =>
    act ? [{ what, at: act.at, by: whoIs(act.by, history), source }] : [];
  const written = (what: Moment['what'], time: string | undefined): Moment[] =>
    at(what, time === undefined ? undefined : { at: time }, IN_DESCRIPTION);
  const { page_source: page, acknowledged, owned, escalations, override, verified } = life;
  const moments = [
    ...at('opened', { at: life.created_at }, ON_ISSUE),
    ...at('paged', { at: life.paged_at }, page === undefined ? ON_ISSUE : note(page)),
    ...at('acknowledged', acknowledged, note(acknowledged?.source)),
    ...(owned ? at('owned', owned, either(owned.source)) : []),
    ...escalations.flatMap((act) => at('escalated', act, either(act.source))),
    ...written('detected', life.detected_at),
    ...written('mitigated', life.mitigated_at),
    ...written('resolved', life.resolved_at),
    ...closesOf(life).flatMap((act) => at('closed', act, act.source === undefined ? ON_ISSUE : event(act.source))),
    ...life.reopens.flatMap(({ by_gate: byGate, ...act }) =>
      byGate ? at('reopened by the gate', { at: act.at }, event(act.source)) : at('reopened', act, event(act.source)),
    ),
    ...(judged === 'overridden' ? at('overridden', override, note(override?.source)) : []),
    ...at('verified', verified, note(verified?.source)),
  ];
  return moments.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** An id; the history has 0 where GitLab keeps none. */
function kept(id: number | undefined): number | null {
  return id === undefined || id === 0 ? null : id;
}
