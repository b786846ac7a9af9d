import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverOf, engineerAt, shiftAt, shiftsBetween, type Shift } from '../../scripts/decide/roster.ts';
import { wallClockOf } from '../../scripts/read/time.ts';
import type { Installation, Stretch } from '../../scripts/read/config.ts';
import { config } from '../support/snapshot.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR = [new Date('2027-01-01T00:00:00Z'), new Date('2028-01-01T00:00:00Z')] as const;
const at = (time: string | number): Date => new Date(time);

const lengthOf = ({ start, end }: { start: string; end: string }): number => Date.parse(end) - Date.parse(start);
const sumOf = (parts: readonly Stretch[]): number => parts.reduce((sum, part) => sum + lengthOf(part), 0);

/** Where one part does not begin as the one before ends. */
const seams = (parts: readonly { start: string; end: string }[]): string[] => parts.slice(1).flatMap(({ start }, index) => (start === parts[index]?.end ? [] : [start]));

/** The guide's pattern, handed over at 08:00 and 20:00 by the clock of one zone. */
function guide(timeZone: string): Installation {
  const layer = { start: '2026-11-02', rotate: 'week' };
  return config({
    time_zone: timeZone,
    roster: {
      engineers: {
        fallback: '@lea',
        layers: [
          { ...layer, name: 'day', rotation: ['@ana', '@ben', '@eve'], shifts: [{ days: 'mon-fri', from: '08:00', to: '20:00' }] },
          { ...layer, name: 'night', rotation: ['@dan', '@fay'], shifts: [{ days: 'mon-fri', from: '20:00', to: '08:00' }] },
          { ...layer, name: 'weekend', rotation: ['@kim', '@mei'], shifts: [{ days: 'sat', from: '08:00', to: 'mon 08:00' }] },
        ],
      },
    },
  });
}

describe('a year of 12 hours on weekdays and 48 at the weekend', () => {
  it.each([
    { zone: 'Europe/Berlin', odd: { '2027-03-27T07:00:00Z': 47, '2027-10-30T06:00:00Z': 49 } },
    { zone: 'America/New_York', odd: { '2027-03-13T13:00:00Z': 47, '2027-11-06T12:00:00Z': 49 } },
    { zone: 'Australia/Lord_Howe', odd: { '2027-04-02T21:00:00Z': 48.5, '2027-10-01T21:30:00Z': 47.5 } },
    { zone: 'Asia/Kathmandu', odd: {} },
  ])('in $zone is covered to the second, and longer or shorter where clocks change', ({ zone, odd }) => {
    const roster = guide(zone);
    const { stretches, gaps, overlaps } = coverOf(roster, 'engineers', ...YEAR);
    expect({ gaps, overlaps, seams: seams(stretches), sum: sumOf(stretches) }).toEqual({ gaps: [], overlaps: [], seams: [], sum: 365 * DAY_MS });
    const shifts = shiftsBetween(roster, ...YEAR);
    const usual = (shift: Shift): boolean => [12, 48].includes(lengthOf(shift) / HOUR_MS);
    expect(Object.fromEntries(shifts.filter((shift) => !usual(shift)).map((shift) => [shift.start, lengthOf(shift) / HOUR_MS]))).toEqual(odd);
  });

  it('is shared out fairly over a leap day and the turn of the year', () => {
    const shifts = shiftsBetween(guide('UTC'), at('2028-01-03T00:00:00Z'), at('2028-06-19T00:00:00Z')).filter(({ start }) => start.slice(11, 13) === '08' && ![0, 6].includes(at(start).getUTCDay()));
    const counts = ['ana', 'ben', 'eve'].map((user) => shifts.filter(({ engineer }) => engineer === user).length);
    expect(counts).toEqual([40, 40, 40]);
  });
});

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Africa/Cairo',
  'America/Santiago',
  'Asia/Beirut',
  'Pacific/Chatham',
  'Africa/Casablanca',
  'America/Havana',
];
const USERS = ['@ana', '@ben', '@eve', '@dan', '@fay'];

const zone = fc.constantFrom(...ZONES);
const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
const timeOf = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const rotation = fc.uniqueArray(fc.constantFrom(...USERS), { minLength: 1 });
const rotate = fc.constantFrom('shift', 'day', 'week');
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Times of the week at which somebody hands over to the next, in a zone: any such circle is a valid roster. */
const circle = fc.record({
  timeZone: zone,
  rotate,
  edges: fc.uniqueArray(fc.record({ weekday: fc.integer({ min: 0, max: 6 }), minute }), { minLength: 1, maxLength: 14, selector: (edge) => `${edge.weekday} ${edge.minute}` }),
});

type Circle = { timeZone: string; rotate: string; edges: { weekday: number; minute: number }[] };

/** A circle as a roster: a layer per person, each shift with its end written out, or open until the next. */
function rosterOf({ timeZone, rotate: turn, edges }: Circle, isOpen: boolean, overrides: object[] = []): Installation {
  const sorted = [...edges].sort((a, b) => a.weekday - b.weekday || a.minute - b.minute);
  const layers = sorted.map((edge, index) => {
    const next = sorted[(index + 1) % sorted.length]!;
    const rule = { days: DAYS[edge.weekday], from: timeOf(edge.minute) };
    const shifts = [isOpen ? rule : { ...rule, to: `${DAYS[next.weekday]!} ${timeOf(next.minute)}` }];
    return { name: `layer ${index}`, start: '2026-12-01', rotation: [USERS[index % USERS.length], '@joe'], rotate: turn, shifts };
  });
  return config({ time_zone: timeZone, roster: { engineers: { layers, overrides, fallback: '@lea' } } });
}

/** Days on which clocks change in one of the zones, more often than others. */
const moment = fc.oneof(
  fc.integer({ min: YEAR[0].getTime() / 60_000, max: YEAR[1].getTime() / 60_000 }).map((minutes) => minutes * 60_000),
  fc
    .tuple(fc.constantFrom('2027-03-14', '2027-03-28', '2027-04-04', '2027-04-30', '2027-09-05', '2027-10-03', '2027-10-29', '2027-10-31', '2027-11-07', '2028-02-29'), minute)
    .map(([day, minutes]) => Date.parse(`${day}T00:00:00Z`) + minutes * 60_000),
);

describe('every roster whose shifts meet', () => {
  it.each([
    { name: 'with ends written out', isOpen: false },
    { name: 'with open ends', isOpen: true },
  ])('$name has one person at each instant, and its shifts are the parts of time', ({ isOpen }) => {
    fc.assert(
      fc.property(circle, moment, fc.integer({ min: 1, max: 40 }), (drawn, begin, days) => {
        const roster = rosterOf(drawn, isOpen);
        const [from, to] = [at(begin), at(begin + days * DAY_MS)];
        const { stretches, gaps, overlaps } = coverOf(roster, 'engineers', from, to);
        expect({ gaps, overlaps, seams: seams(stretches), sum: sumOf(stretches) }).toEqual({ gaps: [], overlaps: [], seams: [], sum: days * DAY_MS });
        const shifts = shiftsBetween(roster, from, to);
        expect(seams(shifts)).toEqual([]);
        expect(Date.parse(shifts[0]!.start)).toBeLessThanOrEqual(begin);
        expect(Date.parse(shifts.at(-1)!.end)).toBeGreaterThanOrEqual(to.getTime());
        expect(shiftAt(roster, from)).toEqual(shifts[0]);
        expect(engineerAt(roster, from)).toEqual({ user: shifts[0]?.engineer, isFallback: false });
      }),
      { numRuns: 300 },
    );
  });

  it('says the same of a moment, however much is asked for around it', () => {
    fc.assert(
      fc.property(circle, moment, fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 400 }), (drawn, instant, before, after) => {
        const roster = rosterOf(drawn, true);
        const wide = shiftsBetween(roster, at(instant - before * HOUR_MS), at(instant + 1 + after * HOUR_MS));
        expect(wide.filter(({ start, end }) => at(start) <= at(instant) && at(end) > at(instant))).toEqual([shiftAt(roster, at(instant))]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('overrides', () => {
  const override = fc
    .record({ begin: moment, minutes: fc.integer({ min: 1, max: 20_000 }), user: fc.constantFrom(...USERS, '@zoe'), instead_of: fc.option(fc.constantFrom(...USERS), { nil: undefined }) })
    .map(({ begin, minutes, ...rest }) => ({ from: at(begin).toISOString(), to: at(begin + minutes * 60_000).toISOString(), ...rest }));

  it('change who is on call within their time and nowhere else, and leave no gap', () => {
    fc.assert(
      fc.property(circle, fc.array(override, { maxLength: 5 }), fc.array(moment, { minLength: 5, maxLength: 5 }), (drawn, overrides, instants) => {
        const plain = rosterOf(drawn, true);
        const given = overrides.map(({ instead_of, ...rest }) => ({ ...rest, ...(instead_of === undefined ? {} : { instead_of }) }));
        const changed = rosterOf(drawn, true, given);
        for (const instant of [...instants, ...overrides.flatMap(({ from, to }) => [Date.parse(from) - 1, Date.parse(from), Date.parse(to) - 1, Date.parse(to)])]) {
          const before = engineerAt(plain, at(instant))?.user;
          const holding = overrides.filter(({ from, to, instead_of: whose }) => at(from) <= at(instant) && at(instant) < at(to) && (whose === undefined || whose === `@${before ?? ''}`));
          expect(engineerAt(changed, at(instant))).toEqual({ user: holding.at(-1)?.user.slice(1) ?? before, isFallback: false });
          expect(shiftAt(changed, at(instant))?.engineer).toBe(engineerAt(changed, at(instant))?.user);
        }
        const cover = coverOf(changed, 'engineers', at(instants[0]!), at(instants[0]! + 20 * DAY_MS));
        expect({ gaps: cover.gaps, overlaps: cover.overlaps, sum: sumOf(cover.stretches) }).toEqual({ gaps: [], overlaps: [], sum: 20 * DAY_MS });
      }),
      { numRuns: 300 },
    );
  });
});

describe('turns', () => {
  it('come one after another, from the day on which the layer starts', () => {
    fc.assert(
      fc.property(
        zone,
        rotation,
        fc.constantFrom('shift', 'day'),
        fc.integer({ min: 0, max: 27 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
        (timeZone, people, turn, offset, weekdays) => {
          const start = at(Date.parse('2027-02-01T00:00:00Z') + offset * DAY_MS);
          const days = weekdays.map((weekday) => DAYS[weekday]).join(', ');
          const layer = {
            name: 'all',
            start: start.toISOString().slice(0, 10),
            rotation: people,
            rotate: turn,
            shifts: [
              { days, from: '09:00', to: '12:00' },
              { days, from: '12:00', to: '15:00' },
            ],
          };
          const roster = config({ time_zone: timeZone, roster: { engineers: { layers: [layer], fallback: '@lea' } } });
          const shifts = shiftsBetween(roster, at('2027-01-01T00:00:00Z'), at('2027-06-01T00:00:00Z'));
          expect(shifts.map(({ engineer }) => `@${engineer}`)).toEqual(shifts.map((_shift, index) => people[(turn === 'shift' ? index : Math.floor(index / 2)) % people.length]));
        },
      ),
    );
  });

  it.each([
    { name: 'each seven days, whatever weekday the first is', start: '2027-01-07', users: ['ana', 'ana', 'ana', 'ana', 'ana', 'ana', 'ana', 'ben', 'ben'] },
    { name: 'not before the start', start: '2027-01-12', users: ['ana', 'ana', 'ana', 'ana'] },
    { name: 'not after the last day', start: '2027-01-07', until: '2027-01-08', users: ['ana', 'ana'] },
  ])('come $name', ({ users, ...more }) => {
    const layer = { ...more, name: 'all', rotation: ['@ana', '@ben'], rotate: 'week', shifts: [{ from: '08:00', to: '20:00' }] };
    const roster = config({ roster: { engineers: { layers: [layer], fallback: '@lea' } } });
    expect(shiftsBetween(roster, at('2027-01-01T00:00:00Z'), at('2027-01-16T00:00:00Z')).map(({ engineer }) => engineer)).toEqual(users);
  });
});

describe('the clock on the wall', () => {
  it.each([
    { name: 'in winter', zone: 'Europe/Berlin', shown: '2027-01-10T08:00', moment: '2027-01-10T07:00' },
    { name: 'in summer', zone: 'Europe/Berlin', shown: '2027-07-10T08:00', moment: '2027-07-10T06:00' },
    { name: 'a time that is skipped is the moment of the change', zone: 'Europe/Berlin', shown: '2027-03-28T02:30', moment: '2027-03-28T01:00' },
    { name: 'the first time after it too', zone: 'Europe/Berlin', shown: '2027-03-28T03:00', moment: '2027-03-28T01:00' },
    { name: 'of a time that is shown twice the first counts', zone: 'Europe/Berlin', shown: '2027-10-31T02:30', moment: '2027-10-31T00:30' },
    { name: 'the first time after it', zone: 'Europe/Berlin', shown: '2027-10-31T03:00', moment: '2027-10-31T02:00' },
    { name: 'by half an hour', zone: 'Australia/Lord_Howe', shown: '2027-10-03T02:15', moment: '2027-10-02T15:30' },
    { name: 'with a quarter in its offset', zone: 'Asia/Kathmandu', shown: '2027-05-01T00:00', moment: '2027-04-30T18:15' },
    { name: 'a midnight that is skipped', zone: 'Africa/Cairo', shown: '2027-04-30T00:00', moment: '2027-04-29T22:00' },
    { name: 'a day that is skipped', zone: 'Pacific/Apia', shown: '2011-12-30T12:00', moment: '2011-12-30T10:00' },
    { name: 'the day after it', zone: 'Pacific/Apia', shown: '2011-12-31T00:00', moment: '2011-12-30T10:00' },
    { name: 'in no zone', zone: 'UTC', shown: '2028-02-29T12:00', moment: '2028-02-29T12:00' },
  ])('$name', ({ zone: timeZone, shown, moment: expected }) => {
    expect(
      at(wallClockOf(timeZone)(Date.parse(`${shown}:00Z`)))
        .toISOString()
        .slice(0, 16),
    ).toBe(expected);
  });

  it('shows the same whatever it was asked before', () => {
    const change = Date.parse('2027-03-28T01:00:00Z');
    const asked = [change + DAY_MS, change - DAY_MS, change, change - HOUR_MS, change + 2 * HOUR_MS];
    const clock = wallClockOf('Europe/Berlin');
    expect(asked.map((shown) => clock(shown))).toEqual(asked.map((shown) => wallClockOf('Europe/Berlin')(shown)));
  });
});
