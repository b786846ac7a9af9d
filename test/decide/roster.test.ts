import { describe, expect, it } from 'vitest';
import { coverOf, engineerAt, hasRoster, managerAt, shiftAt, shiftsBetween, windowsOf } from '../../scripts/decide/roster.ts';
import type { Installation } from '../../scripts/read/config.ts';
import { config } from '../support/snapshot.ts';

const at = (time: string): Date => new Date(time);

/** A layer of one shift rule; a test says what is different. */
function layer(more: object = {}): object {
  return { name: 'all', start: '2026-11-02', rotation: ['@ana', '@ben'], rotate: 'week', shifts: [{ from: '08:00' }], ...more };
}

/** A configuration whose engineers have these layers and overrides. */
function rostered(layers: object[], more: { overrides?: object[]; time_zone?: string } = {}): Installation {
  const { overrides = [], ...rest } = more;
  return config({ roster: { engineers: { layers, overrides, fallback: '@lea' } }, ...rest });
}

/** Shifts as they are read aloud: `Mon 23 08:00 - 20:00 ana`, in UTC. */
function told(roster: Installation, from: string, to: string): string[] {
  return shiftsBetween(roster, at(from), at(to)).map(({ start, end, engineer }) => `${start.slice(5, 16)} ${end.slice(5, 16)} ${engineer}`);
}

const WEEK = ['2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z'] as const;

describe('shifts', () => {
  it.each([
    {
      name: 'of 12 hours on weekdays and 48 at the weekend',
      layers: [
        layer({ shifts: [{ days: 'mon-fri', from: '08:00', to: '20:00' }] }),
        layer({ rotation: ['@eve', '@dan'], shifts: [{ days: 'mon-fri', from: '20:00', to: '08:00' }] }),
        layer({ rotation: ['@kim'], shifts: [{ days: 'sat', from: '08:00', to: 'mon 08:00' }] }),
      ],
      shifts: [
        '11-21T08:00 11-23T08:00 kim',
        ...['23', '24', '25', '26', '27'].flatMap((day) => [`11-${day}T08:00 11-${day}T20:00 ben`, `11-${day}T20:00 11-${Number(day) + 1}T08:00 dan`]),
        '11-28T08:00 11-30T08:00 kim',
      ],
    },
    {
      name: 'that each end when the next begins',
      layers: [
        layer({
          rotate: 'shift',
          shifts: [
            { days: 'mon-fri', from: '08:00' },
            { days: 'mon-thu', from: '20:00' },
          ],
        }),
      ],
      shifts: [['11-20T08:00 11-23T08:00'], ...['23', '24', '25', '26'].map((day) => [`11-${day}T08:00 11-${day}T20:00`, `11-${day}T20:00 11-${Number(day) + 1}T08:00`]), ['11-27T08:00 11-30T08:00']]
        .flat()
        .map((times, index) => `${times} ${index % 2 === 0 ? 'ana' : 'ben'}`),
    },
    {
      name: 'of a week, handed over on Mondays',
      layers: [layer({ shifts: [{ days: 'mon', from: '09:00' }] })],
      shifts: ['11-16T09:00 11-23T09:00 ana', '11-23T09:00 11-30T09:00 ben'],
    },
    {
      name: 'around the sun, each place by its own clock',
      layers: [
        layer({ rotation: ['@mei'], time_zone: 'Asia/Singapore', shifts: [{ from: '09:00' }] }),
        layer({ rotation: ['@ana'], time_zone: 'Europe/Berlin', shifts: [{ from: '09:00' }] }),
        layer({ rotation: ['@joe'], time_zone: 'America/New_York', shifts: [{ from: '11:00' }] }),
      ],
      shifts: ['22', '23', '24', '25', '26', '27', '28', '29']
        .flatMap((day) => [`11-${day}T01:00 11-${day}T08:00 mei`, `11-${day}T08:00 11-${day}T16:00 ana`, `11-${day}T16:00 11-${Number(day) + 1}T01:00 joe`])
        .slice(2),
    },
    {
      name: 'of a week, handed over at a time that is the next day in UTC',
      layers: [layer({ time_zone: 'Pacific/Honolulu', shifts: [{ days: 'sun', from: '20:00' }] })],
      shifts: ['11-16T06:00 11-23T06:00 ben', '11-23T06:00 11-30T06:00 ana'],
    },
    {
      name: 'of days that are listed, and ranges over the end of the week',
      layers: [layer({ shifts: [{ days: 'sat-mon, wed', from: '08:00', to: '20:00' }] })],
      shifts: ['23', '25', '28', '29'].map((day) => `11-${day}T08:00 11-${day}T20:00 ben`),
    },
  ])('$name', ({ layers, shifts }) => {
    expect(told(rostered(layers), ...WEEK)).toEqual(shifts);
  });
});

it.each([
  {
    name: 'with ends',
    shifts: [
      { from: '02:15', to: '02:45' },
      { from: '02:45', to: '02:15' },
    ],
  },
  { name: 'with open ends', shifts: [{ from: '02:15' }, { from: '02:45' }] },
])('a shift $name that a change of clocks swallows is none', ({ shifts }) => {
  const roster = rostered([layer({ shifts })], { time_zone: 'Europe/Berlin' });
  expect(told(roster, '2027-03-27T20:00:00Z', '2027-03-28T12:00:00Z')).toEqual(['03-27T01:45 03-28T01:00 ana', '03-28T01:00 03-29T00:15 ana']);
});

it('of layers that begin at one time, with open ends, neither gives way', () => {
  const roster = rostered([layer({ rotation: ['@ana'] }), layer({ rotation: ['@ben'] })]);
  expect(coverOf(roster, 'engineers', at('2026-11-23T08:00:00Z'), at('2026-11-24T08:00:00Z')).overlaps).toEqual([
    { from: '2026-11-23T08:00:00Z', to: '2026-11-24T08:00:00Z', users: ['ana', 'ben'], layer: 1 },
  ]);
});

describe('who is on call', () => {
  const weekdays = rostered([layer({ shifts: [{ days: 'mon-fri', from: '08:00', to: '20:00' }] }), layer({ rotation: ['@eve'], shifts: [{ days: 'fri', from: '19:00', to: '21:00' }] })]);
  it.each([
    { name: 'is who the rotation names', time: '2026-11-23T08:00:00Z', who: { user: 'ben', isFallback: false } },
    { name: 'until the shift ends', time: '2026-11-23T19:59:59.999Z', who: { user: 'ben', isFallback: false } },
    { name: 'is the fallback in a gap', time: '2026-11-23T20:00:00Z', who: { user: 'lea', isFallback: true, why: 'gap' } },
    { name: 'is the fallback where several are', time: '2026-11-27T19:00:00Z', who: { user: 'lea', isFallback: true, why: 'overlap' } },
    { name: 'is the one who stays', time: '2026-11-27T20:30:00Z', who: { user: 'eve', isFallback: false } },
  ])('$name', ({ time, who }) => {
    expect(engineerAt(weekdays, at(time))).toEqual(who);
    expect(shiftAt(weekdays, at(time))?.engineer).toBe(who.why === 'gap' ? undefined : who.why === 'overlap' ? 'ben' : who.user);
  });

  it('is not known without a roster', () => {
    const none = config();
    expect([hasRoster(none), engineerAt(none, at(WEEK[0])), managerAt(none, at(WEEK[0])), shiftAt(none, at(WEEK[0]))]).toEqual([false, undefined, undefined, undefined]);
    expect([hasRoster(weekdays), managerAt(weekdays, at(WEEK[0]))]).toEqual([true, undefined]);
  });

  it('is told for managers by their own roster', () => {
    const both = config({ roster: { engineers: { layers: [layer()], fallback: '@lea' }, managers: { layers: [layer({ rotation: ['@kim'] })], fallback: '@cto' } } });
    expect(managerAt(both, at('2026-11-23T08:00:00Z'))).toEqual({ user: 'kim', isFallback: false });
    expect(managerAt(both, at('2026-11-01T08:00:00Z'))).toEqual({ user: 'cto', isFallback: true, why: 'gap' });
  });
});

describe('overrides', () => {
  const daily = layer({
    rotate: 'day',
    shifts: [
      { from: '08:00', to: '20:00' },
      { from: '20:00', to: '08:00' },
    ],
  });
  const day = (from: string, to: string, more: object): object => ({ from: `2026-11-${from}:00Z`, to: `2026-11-${to}:00Z`, ...more });
  it.each([
    {
      name: 'cut a shift',
      overrides: [day('23T12:00', '23T16:00', { user: '@kim' })],
      shifts: ['11-23T08:00 11-23T12:00 ben', '11-23T12:00 11-23T16:00 kim', '11-23T16:00 11-23T20:00 ben', '11-23T20:00 11-24T08:00 ben'],
    },
    {
      name: 'keep the times at which shifts change',
      overrides: [day('23T14:00', '24T02:00', { user: '@kim' })],
      shifts: ['11-23T08:00 11-23T14:00 ben', '11-23T14:00 11-23T20:00 kim', '11-23T20:00 11-24T02:00 kim', '11-24T02:00 11-24T08:00 ben'],
    },
    {
      name: 'of one person leave the others alone',
      overrides: [day('22T08:00', '24T08:00', { user: '@kim', instead_of: '@Ana' })],
      shifts: ['11-23T08:00 11-23T20:00 ben', '11-23T20:00 11-24T08:00 ben'],
    },
    {
      name: 'count by the order of the file',
      overrides: [day('23T08:00', '24T08:00', { user: '@kim' }), day('23T20:00', '24T08:00', { user: '@joe' })],
      shifts: ['11-23T08:00 11-23T20:00 kim', '11-23T20:00 11-24T08:00 joe'],
    },
    {
      name: 'that change nobody cut nothing',
      overrides: [day('23T12:00', '23T16:00', { user: '@BEN' })],
      shifts: ['11-23T08:00 11-23T20:00 ben', '11-23T20:00 11-24T08:00 ben'],
    },
  ])('$name', ({ overrides, shifts }) => {
    expect(told(rostered([daily], { overrides }), '2026-11-23T08:00:00Z', '2026-11-24T08:00:00Z')).toEqual(shifts);
  });

  it('swap two people', () => {
    const time = ['21T08:00', '24T08:00'] as const;
    const overrides = [day(...time, { user: '@ben', instead_of: '@ana' }), day(...time, { user: '@ana', instead_of: '@ben' })];
    const swapped = rostered([daily], { overrides });
    const plain = rostered([daily]);
    const other = (user: string | undefined): string => (user === 'ana' ? 'ben' : 'ana');
    for (const hour of ['21T08:00', '22T12:00', '23T22:00']) {
      expect(engineerAt(swapped, at(`2026-11-${hour}Z`))?.user).toBe(other(engineerAt(plain, at(`2026-11-${hour}Z`))?.user));
    }
  });

  it('for nobody in particular fill a gap, the same however it is asked for', () => {
    const gappy = rostered([layer({ shifts: [{ days: 'mon-fri', from: '08:00', to: '20:00' }] })], { overrides: [day('23T12:00', '24T10:00', { user: '@kim' })] });
    expect(told(gappy, '2026-11-23T21:00:00Z', '2026-11-23T22:00:00Z')).toEqual(['11-23T20:00 11-24T08:00 kim']);
    expect(told(gappy, '2026-11-23T00:00:00Z', '2026-11-25T00:00:00Z')).toEqual([
      '11-23T08:00 11-23T12:00 ben',
      '11-23T12:00 11-23T20:00 kim',
      '11-23T20:00 11-24T08:00 kim',
      '11-24T08:00 11-24T10:00 kim',
      '11-24T10:00 11-24T20:00 ben',
    ]);
  });
});

describe('review windows', () => {
  it.each([
    { name: 'are the halves of a shift', hours: 12, windows: ['00:00', '06:00', '12:00'] },
    { name: 'also of an odd one', hours: 11, windows: ['00:00', '05:30', '11:00'] },
    { name: 'are never longer than 12 hours', hours: 48, windows: ['00:00', '12:00', '00:00', '12:00', '00:00'] },
    { name: 'are three for a shift of 25 hours', hours: 25, windows: ['00:00', '08:20', '16:40', '01:00'] },
  ])('$name', ({ hours, windows }) => {
    const start = '2026-11-23T00:00:00Z';
    const end = new Date(Date.parse(start) + hours * 3_600_000).toISOString();
    const found = windowsOf(config(), { start, end, engineer: 'ana' });
    expect([...found.map((window) => window.start), found.at(-1)?.end].map((time) => time?.slice(11, 16))).toEqual(windows);
  });
});

describe('cover', () => {
  it('names gaps and overlaps, with the layer that overlaps, and is cut to what was asked for', () => {
    const roster = rostered([layer({ rotation: ['@ana'], shifts: [{ from: '08:00', to: '20:00' }] }), layer({ rotation: ['@eve'], shifts: [{ from: '19:00', to: '07:00' }] })]);
    expect(coverOf(roster, 'engineers', at('2026-11-23T06:00:00Z'), at('2026-11-23T21:00:00Z'))).toEqual({
      stretches: [
        { start: '2026-11-23T06:00:00Z', end: '2026-11-23T07:00:00Z', user: 'eve' },
        { start: '2026-11-23T08:00:00Z', end: '2026-11-23T19:00:00Z', user: 'ana' },
        { start: '2026-11-23T20:00:00Z', end: '2026-11-23T21:00:00Z', user: 'eve' },
      ],
      gaps: [{ from: '2026-11-23T07:00:00Z', to: '2026-11-23T08:00:00Z' }],
      overlaps: [{ from: '2026-11-23T19:00:00Z', to: '2026-11-23T20:00:00Z', users: ['ana', 'eve'], layer: 1 }],
    });
  });
});
