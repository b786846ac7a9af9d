import { describe, expect, it } from 'vitest';
import { SetupError } from '../../scripts/ci/errors.ts';
import { readRosterQuestion } from '../../scripts/read/roster-question.ts';
import type { Installation } from '../../scripts/read/config.ts';
import { config } from '../support/snapshot.ts';

/** In Berlin already the 21st. */
const NOW = new Date('2026-11-20T23:30:00Z');
const layer = { name: 'all', start: '2026-11-02', rotation: ['@ana'], rotate: 'week', shifts: [{ from: '08:00' }] };
const BERLIN = config({ time_zone: 'Europe/Berlin', roster: { engineers: { layers: [layer], fallback: '@lea' } } });

function ask({ who = false, files = [], ...given }: { who?: boolean; files?: string[]; from?: string; to?: string }, installation: Installation = BERLIN): string[] {
  const asked = { has: (option: string) => option === 'who' && who, given: (option: string) => given[option as 'from' | 'to'], files, now: NOW };
  return Object.values(readRosterQuestion(asked, installation)).map((moment) => moment.toISOString().slice(0, 16));
}

describe('what is asked of the roster', () => {
  it.each([
    { name: 'is two weeks from today on', given: {}, found: ['2026-11-20T23:00', '2026-12-04T23:00'] },
    { name: 'is days of the zone', given: { from: '2026-11-23', to: '2026-11-24' }, found: ['2026-11-22T23:00', '2026-11-23T23:00'] },
    { name: 'is two weeks over a change of clocks', given: { from: '2027-03-20' }, found: ['2027-03-19T23:00', '2027-04-02T22:00'] },
    { name: 'is times of the zone, or of their own', given: { from: '2026-11-23 08:00', to: '2026-11-23T08:00Z' }, found: ['2026-11-23T07:00', '2026-11-23T08:00'] },
    { name: 'is now', given: { who: true }, found: ['2026-11-20T23:30'] },
    { name: 'is a moment', given: { who: true, files: ['2026-12-24T20:00+01:00'] }, found: ['2026-12-24T19:00'] },
    { name: 'is the beginning of a day', given: { who: true, files: ['2026-12-24'] }, found: ['2026-12-23T23:00'] },
  ])('$name', ({ given, found }) => {
    expect(ask(given)).toEqual(found);
  });

  it.each([
    { name: 'a word that is no time', given: { from: 'tomorrow' }, says: '--from is a day or a time such as 2026-11-23 or 2026-11-23T08:00Z, not tomorrow.' },
    { name: 'a day that does not exist', given: { to: '2027-02-29' }, says: '--to is a day or a time such as' },
    { name: 'a time with more behind it', given: { who: true, files: ['2026-11-23T08:00Z sharp'] }, says: 'TIME is a day or a time such as' },
    { name: 'two times', given: { who: true, files: ['2026-11-23', '2026-11-24'] }, says: 'roster takes one TIME, and that with --who' },
    { name: 'a time without --who', given: { files: ['2026-11-23'] }, says: 'roster takes one TIME, and that with --who' },
    { name: 'an end that is no later', given: { from: '2026-11-23', to: '2026-11-23' }, says: '--to must be later than --from.' },
    { name: 'an end that is far', given: { from: '2026-11-23', to: '2028-11-25' }, says: '--to must be within two years of --from.' },
  ])('is not $name', ({ given, says }) => {
    expect(() => ask(given)).toThrow(SetupError);
    expect(() => ask(given)).toThrow(says);
  });

  it('is of no use where there is none, or PagerDuty has it', () => {
    expect(() => ask({}, config())).toThrow(new SetupError('The configuration has no roster: docs/on-call.md tells how to write one.'));
    expect(() => ask({}, config({ roster: { pagerduty: { schedule: 'PI7DH85', fallback: '@lea' } } }))).toThrow('The roster is kept in PagerDuty, which shows it: look there.');
  });
});
