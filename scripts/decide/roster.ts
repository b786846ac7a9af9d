import type { OnCalls, Stretch } from '../read/config.ts';
import type { Config } from '../schema/types.gen.ts';
import { isSameUser, withoutAt } from '../read/people.ts';
import { piecesIn, type Piece } from './overrides.ts';

/** An engineer's shift as rostered; overrides cut it. ISO 8601 in UTC, the user name without its @. */
export type Shift = { start: string; end: string; engineer: string };

/** Who answers at an instant. When nobody or several are on call the fallback does, and `why` says which. */
export type OnDuty = { user: string; isFallback: boolean; why?: 'gap' | 'overlap' };

/** The two duties that a roster knows. */
export type DutyName = 'engineers' | 'managers';

/** A time that nobody has. */
export type Gap = { from: string; to: string };

/** A time that several people have; `layer` is the place of the layer that gives it to the last of them, if one does. */
export type Overlap = { from: string; to: string; users: string[]; layer?: number };

/** All of a time: who has it, who is missing, who is too many. None of the parts touches another. */
export type Cover = { stretches: Stretch[]; gaps: Gap[]; overlaps: Overlap[] };

/** A configuration, and where its roster is kept in PagerDuty, what PagerDuty said. */
export type RosterConfig = Config & { onCalls?: OnCalls };

const LONGEST_WINDOW_S = 12 * 3600;

/** Whether the configuration says who is on call. */
export function hasRoster(config: RosterConfig): boolean {
  return isRostered(config, 'engineers');
}

/** The on-call engineer at an instant; undefined without a roster. */
export function engineerAt(config: RosterConfig, at: Date): OnDuty | undefined {
  return onDutyAt(config, 'engineers', at);
}

/** The on-call manager at an instant; undefined without a roster of managers. */
export function managerAt(config: RosterConfig, at: Date): OnDuty | undefined {
  return onDutyAt(config, 'managers', at);
}

/** The engineers' shifts that touch [from, to), whole, in order. */
export function shiftsBetween(config: RosterConfig, from: Date, to: Date): Shift[] {
  return stretchesBetween(config, 'engineers', from, to).map(({ user, ...time }) => ({ ...time, engineer: user }));
}

/** The same for either duty: each turn that touches [from, to), whole, also where several have one at once. */
export function stretchesBetween(config: RosterConfig, duty: DutyName, from: Date, to: Date): Stretch[] {
  const pieces = piecesOf(config, duty, from.getTime(), to.getTime());
  return pieces.map(({ start, end, user }) => ({ start: toIso(start), end: toIso(end), user }));
}

/** The engineers' shift at an instant: undefined in a gap, the one that began first where several overlap. */
export function shiftAt(config: RosterConfig, at: Date): Shift | undefined {
  return shiftsBetween(config, at, new Date(at.getTime() + 1))[0];
}

/**
 * The windows of a shift in each of which every open incident is reviewed: its halves, or more parts where those would be
 * longer than 12 hours. Source: the on-call guide, "at least twice per shift".
 */
export function windowsOf(_config: RosterConfig, shift: Shift): { start: string; end: string }[] {
  const [start, end] = [Date.parse(shift.start) / 1000, Date.parse(shift.end) / 1000];
  const many = Math.max(2, Math.ceil((end - start) / LONGEST_WINDOW_S));
  const edge = (index: number): string => toIso(Math.floor(start + ((end - start) * index) / many) * 1000);
  return Array.from({ length: many }, (_, index) => ({ start: edge(index), end: edge(index + 1) }));
}

/** Who has a duty in [from, to), stretch by stretch, cut at its ends; who is missing and who is too many. */
export function coverOf(config: RosterConfig, duty: DutyName, from: Date, to: Date): Cover {
  const [first, last] = [from.getTime(), to.getTime()];
  const pieces = piecesOf(config, duty, first, last);
  const inside = pieces.flatMap(({ start, end }) => [start, end]).filter((edge) => edge > first && edge < last);
  const edges = [...new Set([first, ...inside, last])].sort((a, b) => a - b);
  const cover: Cover = { stretches: [], gaps: [], overlaps: [] };
  let next = 0;
  let open: Piece[] = [];
  for (const [index, end] of edges.slice(1).entries()) {
    const start = edges[index] ?? first;
    open = open.filter((piece) => piece.end > start);
    for (; (pieces[next]?.start ?? Infinity) <= start; next++) open.push(...pieces.slice(next, next + 1));
    addTo(cover, toIso(start), toIso(end), open);
  }
  return cover;
}

function addTo({ stretches, gaps, overlaps }: Cover, start: string, end: string, pieces: readonly Piece[]): void {
  const users = distinct(pieces);
  const [user] = users;
  if (user === undefined) {
    gaps.push({ from: start, to: end });
  } else if (users.length === 1) {
    stretches.push({ start, end, user });
  } else {
    const { layer } = pieces.at(-1) ?? {};
    overlaps.push({ from: start, to: end, users, ...(layer === undefined ? {} : { layer }) });
  }
}

/** Who stands in when nobody or several have a duty: a user name without its @, undefined where it has no roster. */
export function fallbackOf(config: RosterConfig, duty: DutyName): string | undefined {
  const { roster } = config;
  const fallback = roster?.[duty]?.fallback ?? roster?.pagerduty?.fallback;
  return isRostered(config, duty) ? fallback && withoutAt(fallback) : undefined;
}

function onDutyAt(config: RosterConfig, duty: DutyName, at: Date): OnDuty | undefined {
  const fallback = fallbackOf(config, duty);
  if (fallback === undefined) return undefined;
  const users = distinct(piecesOf(config, duty, at.getTime(), at.getTime() + 1));
  const [user] = users;
  if (user !== undefined && users.length === 1) return { user, isFallback: false };
  return { user: fallback, isFallback: true, why: user === undefined ? 'gap' : 'overlap' };
}

/** Whether the configuration says who has a duty. A schedule of PagerDuty has no levels, and with them no managers. */
function isRostered({ roster }: RosterConfig, duty: DutyName): boolean {
  if (roster?.[duty] || !roster?.pagerduty) return roster?.[duty] !== undefined;
  return duty === 'engineers' || roster.pagerduty.escalation_policy !== undefined;
}

function piecesOf(config: RosterConfig, duty: DutyName, from: number, to: number): Piece[] {
  const rules = config.roster?.[duty];
  if (rules) return piecesIn(rules, config.time_zone, from, to);
  return (config.onCalls?.[duty] ?? [])
    .map(({ start, end, user }) => ({ start: Date.parse(start), end: Date.parse(end), user }))
    .filter(({ start, end }) => start < to && end > from)
    .sort((a, b) => a.start - b.start);
}

function distinct(pieces: readonly Piece[]): string[] {
  const users = pieces.map(({ user }) => user);
  return users.filter((user, index) => users.findIndex((other) => isSameUser(other, user)) === index);
}

/** A moment (epoch milliseconds) as ISO 8601 in UTC, to the second where it is one. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
