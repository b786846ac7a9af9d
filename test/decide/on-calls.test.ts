import { describe, expect, it } from 'vitest';
import { rosterFromOnCalls, type OnCallEntry } from '../../scripts/decide/on-calls.ts';
import { coverOf, engineerAt, hasRoster, managerAt, shiftsBetween } from '../../scripts/decide/roster.ts';
import { config } from '../support/snapshot.ts';

const people = [
  { gitlab: '@ana', pagerduty_id: 'PANA' },
  { gitlab: '@ben', pagerduty_email: 'Ben@example.com' },
  { gitlab: '@lea', pagerduty_id: 'PLEA', pagerduty_email: 'ben@example.net' },
];
const policy = config({ people, roster: { pagerduty: { escalation_policy: 'PUS0KTE', fallback: '@kim' } } });
const schedule = config({ people, roster: { pagerduty: { schedule: 'PI7DH85', fallback: '@kim' } } });
const FROM = new Date('2026-11-23T00:00:00Z');
const TO = new Date('2026-11-25T00:00:00Z');

const ANA = { id: 'PANA' };
const BEN = { id: 'PBEN', email: 'ben@EXAMPLE.com' };
const LEA = { id: 'PLEA' };

function entry(user: OnCallEntry['user'], start: string | null, end: string | null, level = 1): OnCallEntry {
  const time = (text: string | null): string | null => (text === null ? null : `2026-11-${text}:00+01:00`);
  return { user, start: time(start), end: time(end), escalation_level: level };
}

describe("PagerDuty's on-calls are a roster", () => {
  it.each([
    {
      name: 'of engineers on level 1 and managers on level 2',
      entries: [entry(BEN, '23T20:00', '24T08:00'), entry(ANA, '23T08:00', '23T20:00'), entry(LEA, '23T08:00', '24T08:00', 2), entry(BEN, '23T08:00', '24T08:00', 3)],
      engineers: ['23T07:00 23T19:00 ana', '23T19:00 24T07:00 ben'],
      managers: ['23T07:00 24T07:00 lea'],
    },
    { name: 'whole, so that a shift has the same edges whenever one asks', entries: [entry(ANA, '22T08:00', '26T08:00')], engineers: ['22T07:00 26T07:00 ana'], managers: [] },
    { name: 'of those who are always on call', entries: [entry(ANA, null, null)], engineers: ['23T00:00 25T00:00 ana'], managers: [] },
    { name: 'without what is over', entries: [entry(ANA, '20T08:00', '23T01:00'), entry(BEN, '25T01:00', null)], engineers: [], managers: [] },
    {
      name: 'in which nobody is on call twice over',
      entries: [entry(ANA, '23T08:00', '23T20:00'), entry(ANA, '23T08:00', '23T21:00'), entry(ANA, '23T12:00', '23T13:00'), entry(ANA, '23T21:00', '23T22:00')],
      engineers: ['23T07:00 23T20:00 ana', '23T20:00 23T21:00 ana'],
      managers: [],
    },
  ])('$name', ({ entries, engineers, managers }) => {
    const found = rosterFromOnCalls(entries, policy, FROM, TO);
    const told = (duty: 'engineers' | 'managers'): string[] => found[duty].map(({ start, end, user }) => `${start.slice(8, 16)} ${end.slice(8, 16)} ${user}`);
    expect({ engineers: told('engineers'), managers: told('managers'), unknown: found.unknown }).toEqual({ engineers, managers, unknown: [] });
  });

  it('of engineers alone where it is a schedule, whatever policy uses it', () => {
    const found = rosterFromOnCalls([entry(ANA, null, null, 1), entry(ANA, null, null, 2)], schedule, FROM, TO);
    expect(found).toMatchObject({ engineers: [{ user: 'ana' }], managers: [] });
    expect(found.engineers).toHaveLength(1);
  });

  it('that leaves out whom `people` does not know, and names them', () => {
    const found = rosterFromOnCalls([entry({ id: 'PXXX', email: 'x@example.com' }, null, null), entry({ id: 'PXXX' }, null, null, 2)], policy, FROM, TO);
    expect(found).toEqual({ engineers: [], managers: [], unknown: ['PXXX'] });
  });
});

describe('a configuration whose roster is in PagerDuty', () => {
  const onCalls = rosterFromOnCalls([entry(ANA, '23T08:00', '23T20:00'), entry(BEN, '23T19:00', '24T08:00'), entry(LEA, null, null, 2)], policy, FROM, TO);
  const read = { ...policy, onCalls };

  it.each([
    { name: 'has the engineer of the hour', hour: '23T07:00', who: { user: 'ana', isFallback: false } },
    { name: 'falls back where several are on call', hour: '23T18:30', who: { user: 'kim', isFallback: true, why: 'overlap' } },
    { name: 'falls back where nobody is', hour: '24T07:00', who: { user: 'kim', isFallback: true, why: 'gap' } },
  ])('$name', ({ hour, who }) => {
    expect(engineerAt(read, new Date(`2026-11-${hour}:00Z`))).toEqual(who);
  });

  it('has shifts, managers and cover like any other', () => {
    expect(hasRoster(read)).toBe(true);
    expect(shiftsBetween(read, FROM, TO).map(({ engineer }) => engineer)).toEqual(['ana', 'ben']);
    expect(managerAt(read, FROM)).toEqual({ user: 'lea', isFallback: false });
    expect(coverOf(read, 'engineers', FROM, TO)).toMatchObject({ gaps: [{}, {}], overlaps: [{ users: ['ana', 'ben'] }] });
  });

  it('falls back until PagerDuty was read, and has no managers where it is a schedule', () => {
    expect(engineerAt(policy, FROM)).toEqual({ user: 'kim', isFallback: true, why: 'gap' });
    expect(managerAt(policy, FROM)).toEqual({ user: 'kim', isFallback: true, why: 'gap' });
    expect(hasRoster(schedule)).toBe(true);
    expect(managerAt(schedule, FROM)).toBeUndefined();
  });
});
