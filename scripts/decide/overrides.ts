import { isSameUser, withoutAt } from '../read/people.ts';
import type { Duty, Override } from '../schema/types.gen.ts';
import { turnsIn, type Turn } from './shifts.ts';

/** A time in which one person is on call (epoch milliseconds), and the layer that gives it; an override alone has none. */
export type Piece = Omit<Turn, 'layer'> & { layer?: number };

type Change = { from: number; to: number; user: string; insteadOf: string | undefined };

/**
 * Who is on call in [from, to) by layers and overrides: pieces that touch it, whole, in order. An override cuts the turns
 * it touches; one for nobody in particular also fills times that no layer gives to anybody. Of several the last counts.
 */
export function piecesIn(duty: Duty, timeZone: string, from: number, to: number): Piece[] {
  const changes = duty.overrides.map(toChange);
  const filling = changes.filter((change) => change.insteadOf === undefined);
  const touching = filling.filter((change) => change.from < to && change.to > from);
  const reach = {
    from: Math.min(from, ...touching.map((change) => change.from)),
    to: Math.max(to, ...touching.map((change) => change.to)),
  };
  const turns = turnsIn(duty, timeZone, reach.from, reach.to);
  const free = touching.length === 0 ? [] : between(turns, reach);
  return [...turns.flatMap((turn) => cut(turn, changes)), ...free.flatMap((gap) => filled(gap, filling))]
    .filter(({ start, end }) => start < to && end > from)
    .sort((a, b) => a.start - b.start);
}

function toChange({ from, to, user, instead_of: insteadOf }: Override): Change {
  return {
    from: Date.parse(from),
    to: Date.parse(to),
    user: withoutAt(user),
    insteadOf: insteadOf && withoutAt(insteadOf),
  };
}

/** The parts of a turn; those that the same person has, one after another, are one. */
function cut(turn: Turn, changes: readonly Change[]): Piece[] {
  const fitting = changes.filter(({ insteadOf }) => insteadOf === undefined || isSameUser(insteadOf, turn.user));
  const pieces: Piece[] = [];
  for (const part of partsOf(turn, fitting)) {
    const user = part.change?.user ?? turn.user;
    const before = pieces.at(-1);
    if (before && isSameUser(before.user, user)) before.end = part.end;
    else pieces.push({ start: part.start, end: part.end, user, layer: turn.layer });
  }
  return pieces;
}

function filled(gap: { start: number; end: number }, changes: readonly Change[]): Piece[] {
  return partsOf(gap, changes).flatMap(({ start, end, change }) => (change ? [{ start, end, user: change.user }] : []));
}

type Part = { start: number; end: number; change: Change | undefined };

/** A time cut wherever a change begins or ends, each part with the last change that holds in it. */
function partsOf({ start, end }: { start: number; end: number }, changes: readonly Change[]): Part[] {
  const inside = changes.flatMap(({ from, to }) => [from, to]).filter((edge) => edge > start && edge < end);
  const edges = [...new Set([start, ...inside, end])].sort((a, b) => a - b);
  return edges.slice(1).map((partEnd, index) => {
    const begin = edges[index] ?? start;
    return { start: begin, end: partEnd, change: changes.findLast(({ from, to }) => from <= begin && to >= partEnd) };
  });
}

/** The times within a reach that no turn covers; turns come in the order of their beginnings. */
function between(turns: readonly Turn[], { from, to }: { from: number; to: number }): { start: number; end: number }[] {
  const gaps: { start: number; end: number }[] = [];
  let covered = from;
  for (const { start, end } of turns) {
    if (start > covered) gaps.push({ start: covered, end: start });
    covered = Math.max(covered, end);
  }
  return covered < to ? [...gaps, { start: covered, end: to }] : gaps;
}
