import type { History, ShiftOnRecord } from '../schema/types.gen.ts';
import { isIn, type Period } from './clocks.ts';
import { whoIs } from './lives.ts';

/** What a shift's log tells of its review windows: how many issues were looked at by their ends, and how many were not. */
export type ReviewEvidence = {
  on: string;
  url: string;
  engineer: string | null;
  start: string;
  end: string;
  windows: { end: string; seen: number; missed: number }[];
};

/** A hand-off: on a shift's log or on an incident, from whom to whom, who accepted it when, and the note that hands over. */
export type HandoffEvidence = {
  on: string;
  url: string;
  at: string;
  from: string | null;
  to: string | null;
  accepted_at: string | null;
  accepted_by: string | null;
  note: number;
};

type Handoff = Pick<
  NonNullable<ShiftOnRecord['handoff']>,
  'at' | 'from' | 'to' | 'accepted_at' | 'accepted_by' | 'source'
>;

/** The review windows that ended in a period, by shift, oldest first. */
export function reviewEvidence(history: History, period: Period): ReviewEvidence[] {
  return history.shifts
    .map(({ reference, url, engineer, start, end, windows }) => ({
      ...{ on: reference, url, engineer: whoIs(engineer, history), start, end },
      windows: windows.filter((window) => isIn(window.end, period)).sort((a, b) => byTime(a.end, b.end)),
    }))
    .filter(({ windows }) => windows.length > 0)
    .sort((a, b) => byTime(a.start, b.start) || (a.on < b.on ? -1 : 1));
}

/** The hand-offs of a period, at changes of shift and by command, oldest first. */
export function handoffEvidence(history: History, period: Period): HandoffEvidence[] {
  const atChanges = history.shifts.flatMap(({ reference, url, handoff }) =>
    handoff ? [{ reference, url, handoff }] : [],
  );
  const onIncidents = history.incidents.flatMap(({ reference, url, handoffs }) =>
    handoffs.map((handoff) => ({ reference, url, handoff })),
  );
  return [...atChanges, ...onIncidents]
    .filter(({ handoff }) => isIn(handoff.at, period))
    .map(({ reference, url, handoff }) => ({ on: reference, url, ...tell(handoff, history) }))
    .sort((a, b) => byTime(a.at, b.at) || (a.on < b.on ? -1 : a.on > b.on ? 1 : a.note - b.note));
}

function tell(
  { at, from, to, accepted_at: accepted, accepted_by: by, source }: Handoff,
  history: History,
): Omit<HandoffEvidence, 'on' | 'url'> {
  return {
    ...{ at, from: whoIs(from, history), to: whoIs(to, history) },
    ...{ accepted_at: accepted ?? null, accepted_by: whoIs(by, history), note: source },
  };
}

function byTime(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b);
}
