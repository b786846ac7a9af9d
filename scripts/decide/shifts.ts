import { withoutAt } from '../read/people.ts';
import { wallClockOf } from '../read/time.ts';
import type { Duty, Layer, ShiftRule } from '../schema/types.gen.ts';

/** Somebody's turn on call, from `start` to `end` (epoch milliseconds), and the layer (by its place) that gives it. */
export type Turn = { start: number; end: number; user: string; layer: number };

/** A turn and what its zone's clock shows at its beginning; if open it ends when another begins, and at `end` at the latest. */
type Begun = { turn: Turn; isOpen: boolean; shown: number; timeZone: string };

/** A shift of the week: the day (0 is Monday) and minute on which it begins, and how many days later it ends at which. */
type Slot = { weekday: number; from: number; later: number; to: number; isOpen: boolean };

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEK = 7;
/** No turn is longer than a week; days of other zones, and a change of clocks, may add one each. */
const LONGEST_DAYS = WEEK + 2;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/**
 * The turns that touch [from, to) (epoch milliseconds) as layers give them, in order; of a turn that a change of clocks
 * swallows beginning and end are one. `timeZone` is that of layers without one.
 */
export function turnsIn(duty: Duty, timeZone: string, from: number, to: number): Turn[] {
  const first = Math.floor(from / DAY_MS) - LONGEST_DAYS;
  const last = Math.floor(to / DAY_MS) + LONGEST_DAYS;
  const begun = duty.layers
    .flatMap((layer, index) => begunIn(layer, index, timeZone, first, last))
    .sort((a, b) => a.turn.start - b.turn.start || a.shown - b.shown || a.turn.layer - b.turn.layer);
  return begun
    .map(({ isOpen, turn }, index) => (isOpen ? { ...turn, end: Math.min(turn.end, nextBegin(begun, index)) } : turn))
    .filter(({ start, end }) => start < to && end > from);
}

/** Those that begin at one time do not end each other, unless only a change of clocks has them begin at one time. */
function nextBegin(begun: readonly Begun[], index: number): number {
  const own = begun[index];
  if (!own) return Infinity;
  for (let next = index + 1; next < begun.length; next++) {
    const { turn, shown, timeZone } = begun[next] ?? own;
    if (turn.start > own.turn.start || (timeZone === own.timeZone && shown > own.shown)) return turn.start;
  }
  return Infinity;
}

/** The turns of a layer that begin on the days from `first` to `last`, counted since 1970. */
function begunIn(layer: Layer, index: number, defaultZone: string, first: number, last: number): Begun[] {
  const slots = layer.shifts.flatMap(slotsOf).sort((a, b) => a.from - b.from);
  const timeZone = layer.time_zone ?? defaultZone;
  const clock = wallClockOf(timeZone);
  const turnOn = turnCounter(layer, slots);
  const begun: Begun[] = [];
  const end = Math.min(last, layer.until === undefined ? last : dayNumber(layer.until));
  for (let day = Math.max(first, dayNumber(layer.start)); day <= end; day++) {
    const today = slots.filter(({ weekday }) => weekday === weekdayOf(day));
    for (const [position, { from, later, to, isOpen }] of today.entries()) {
      const user = withoutAt(layer.rotation[turnOn(day, position) % layer.rotation.length] ?? '');
      const shown = day * DAY_MS + from * MINUTE_MS;
      const turn = { start: clock(shown), end: clock((day + later) * DAY_MS + to * MINUTE_MS), user, layer: index };
      begun.push({ turn, isOpen, shown, timeZone });
    }
  }
  return begun;
}

/** How many turns have ended before a day's shift at some position, from the start of the layer on. */
function turnCounter({ start, rotate }: Layer, slots: readonly Slot[]): (day: number, position: number) => number {
  const begin = dayNumber(start);
  if (rotate === 'week') return (day) => Math.floor((day - begin) / WEEK);
  const perDay = Array.from({ length: WEEK }, (_, offset) => {
    const many = slots.filter(({ weekday }) => weekday === weekdayOf(begin + offset)).length;
    return rotate === 'day' ? Math.min(many, 1) : many;
  });
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
  const perWeek = sum(perDay);
  return (day, position) =>
    Math.floor((day - begin) / WEEK) * perWeek +
    sum(perDay.slice(0, (day - begin) % WEEK)) +
    (rotate === 'day' ? 0 : position);
}

function slotsOf({ days, from, to }: ShiftRule): Slot[] {
  const begin = minuteOf(from);
  return weekdaysIn(days).map((weekday) => {
    if (to === undefined) return { weekday, from: begin, later: WEEK, to: begin, isOpen: true };
    const [time = '', day] = to.split(' ').reverse();
    const end = minuteOf(time);
    const wraps = end <= begin ? 1 : 0;
    const ahead = day === undefined ? 0 : (DAYS.indexOf(day) - weekday + WEEK) % WEEK;
    const later = day === undefined ? wraps : ahead === 0 ? wraps * WEEK : ahead;
    return { weekday, from: begin, later, to: end, isOpen: false };
  });
}

/** `mon-fri, sun` as numbers; a range may go over the end of the week. */
function weekdaysIn(days: string): number[] {
  const listed = days.split(/, */).flatMap((part) => {
    const [first = '', last = first] = part.split('-');
    const length = ((DAYS.indexOf(last) - DAYS.indexOf(first) + WEEK) % WEEK) + 1;
    return Array.from({ length }, (_, offset) => (DAYS.indexOf(first) + offset) % WEEK);
  });
  return [...new Set(listed)];
}

function minuteOf(time: string): number {
  const [hours = '', minutes = ''] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** The number of a day since 1970-01-01, which was a Thursday. */
function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

function weekdayOf(day: number): number {
  return (((day + 3) % WEEK) + WEEK) % WEEK;
}
