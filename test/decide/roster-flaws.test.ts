import { describe, expect, it } from 'vitest';
import { rosterFlaws } from '../../scripts/decide/roster-flaws.ts';
import { showSpan } from '../../scripts/render/times.ts';
import { config } from '../support/snapshot.ts';

/** A Friday. */
const NOW = new Date('2026-11-20T10:00:00Z');
const day = (offset: number): string => new Date(NOW.getTime() + offset * 86_400_000).toISOString();

const layer = { name: 'all', start: '2026-11-02', rotation: ['@ana'], rotate: 'week', shifts: [{ from: '08:00' }] };
const override = (from: number, to: number): object => ({ from: day(from), to: day(to), user: '@kim', instead_of: '@ana' });

/** What is told of a roster: `error gap @ /roster engineers: 2026-11-21 08:00 to 2026-11-23 08:00 +1`. */
function told(roster: object): string[] {
  return rosterFlaws(config({ roster }), NOW).map(({ flaw, level, pointer, key = '' }) => {
    const time = (moment: string | null): string => moment?.slice(5, 16) ?? '...';
    return `${level} ${flaw.kind} @ ${`${pointer} ${key}`.trim()}: ${time(flaw.from)} ${time(flaw.to)} +${flaw.more} ${flaw.users.join(' ')}`.trim();
  });
}

describe('a roster is held against the next 90 days', () => {
  it.each([
    { name: 'and is in order', layers: [layer], says: [] },
    {
      name: 'with a gap each weekend, near and far',
      layers: [{ ...layer, shifts: [{ days: 'mon-fri', from: '08:00', to: '08:00' }] }],
      says: ['error gap @ /roster engineers: 11-21T08:00 11-23T08:00 +1', 'warning gap @ /roster engineers: 12-05T08:00 12-07T08:00 +10'],
    },
    { name: 'with one that begins within 14 days', layers: [{ ...layer, until: '2026-11-26' }], says: ['error gap @ /roster engineers: 12-03T08:00 ... +0'] },
    { name: 'with one that begins later', layers: [{ ...layer, until: '2026-11-28' }], says: ['warning gap @ /roster engineers: 12-05T08:00 ... +0'] },
    { name: 'with one that begins beyond', layers: [{ ...layer, until: '2027-02-20' }], says: [] },
    { name: 'with one that is there already', layers: [{ ...layer, start: '2026-11-21' }], says: ['error gap @ /roster engineers: ... 11-21T08:00 +0'] },
    { name: 'with one that is over', layers: [{ ...layer, start: '2026-11-20' }], says: [] },
    {
      name: 'with two people at once, at the layer that is too many',
      layers: [layer, { ...layer, rotation: ['@ben'], shifts: [{ days: 'mon', from: '08:00', to: '09:00' }] }],
      says: ['error overlap @ /roster/engineers/layers/1: 11-23T08:00 11-23T09:00 +1 ana ben', 'warning overlap @ /roster/engineers/layers/1: 12-07T08:00 12-07T09:00 +10 ana ben'],
    },
  ])('$name', ({ layers, says }) => {
    expect(told({ engineers: { layers, fallback: '@lea' } })).toEqual(says);
  });

  it('for managers too, and by its overrides', () => {
    const engineers = { layers: [layer], fallback: '@lea', overrides: [override(1, 3)] };
    const managers = { layers: [{ ...layer, shifts: [{ days: 'mon', from: '09:00', to: 'sun 09:00' }] }], fallback: '@cto', overrides: [{ from: day(0), to: day(90), user: '@kim' }] };
    expect(told({ engineers, managers })).toEqual([]);
    expect(told({ engineers, managers: { ...managers, overrides: [] } })[0]).toBe('error gap @ /roster managers: 11-22T09:00 11-23T09:00 +1');
  });

  it('but not where PagerDuty keeps it, nor where there is none', () => {
    expect(told({ pagerduty: { schedule: 'PI7DH85', fallback: '@lea' } })).toEqual([]);
    expect(rosterFlaws(config(), NOW)).toEqual([]);
  });
});

describe('a span of time is shown in UTC and by the clock of a zone', () => {
  const [from, to] = ['2027-03-27T23:30:00Z', '2027-03-28T22:30:00Z'];
  it.each([
    { name: 'once where that is UTC', from, to, zone: 'UTC', shown: 'from 2027-03-27 23:30 to 2027-03-28 22:30 UTC' },
    { name: 'over a change of clocks', from, to, zone: 'Europe/Berlin', shown: 'from 2027-03-27 23:30 to 2027-03-28 22:30 UTC (from 2027-03-28 00:30 to 2027-03-29 00:30 Europe/Berlin)' },
    { name: 'without its beginning', from: null, to, zone: 'UTC', shown: 'until 2027-03-28 22:30 UTC' },
    { name: 'without its end', from, to: null, zone: 'UTC', shown: 'from 2027-03-27 23:30 UTC on' },
    { name: 'without either', from: null, to: null, zone: 'UTC', shown: 'at all times' },
  ])('$name', ({ zone, shown, ...span }) => {
    expect(showSpan(span.from, span.to, zone)).toBe(shown);
  });
});
