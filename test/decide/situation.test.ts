import { describe, expect, it } from 'vitest';
import { isDay } from '../../scripts/decide/day.ts';
import { mayCommand } from '../../scripts/decide/rights.ts';
import { showTime } from '../../scripts/decide/show.ts';
import { gateSince, wasClosedLately } from '../../scripts/decide/situation.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import { ana, CLOSED_AT, config, lea, NOW, snapshot } from '../support/snapshot.ts';

describe('day', () => {
  it.each([
    { at: '2026-11-20T08:59:59.000Z', day: false },
    { at: '2026-11-20T09:00:00.000Z', day: true },
    { at: '2026-11-20T17:59:59.000Z', day: true },
    { at: '2026-11-20T18:00:00.000Z', day: false },
    { at: '2026-11-20T00:30:00.000Z', day: false },
    { at: '2026-11-20T08:00:00.000Z', day: true, zone: 'Europe/Berlin' },
    { at: '2026-11-20T17:00:00.000Z', day: false, zone: 'Europe/Berlin' },
    { at: '2026-11-20T07:59:00.000Z', day: false, zone: 'Europe/Berlin' },
    { at: '2026-11-20T12:00:00.000Z', day: false, hours: { from: '12:01', to: '12:30' } },
    { at: '2026-11-20T00:00:00.000Z', day: true, hours: { from: '00:00', to: '06:00' } },
  ])('is $day at $at, $zone $hours', ({ at, day, zone = 'UTC', hours = {} }) => {
    expect(isDay(new Date(at), config({ time_zone: zone, day: hours }))).toBe(day);
  });
});

describe('who may give a command', () => {
  type Given = Snapshot['commands'][number];
  const given = (name: Given['name'], accessLevel: number, author = ana): Given => ({ name, argument: '', noteId: 70, author, at: CLOSED_AT, accessLevel });
  it.each([
    { name: 'a Maintainer overrides', command: given('override', 40), may: true },
    { name: 'a Developer does not', command: given('override', 39), may: false },
    { name: 'an Owner does, where that is asked for', command: given('override', 50), config: { override: 'owner' }, may: true },
    { name: 'a Maintainer does not, where an Owner is asked for', command: given('override', 49), config: { override: 'owner' }, may: false },
    { name: 'a Developer does, where that is enough', command: given('override', 30), config: { override: 'developer' }, may: true },
    { name: 'a Reporter does, where that is enough', command: given('override', 20), config: { override: 'reporter' }, may: true },
    { name: 'a Maintainer confirms a severity', command: given('severity-confirmed', 40), may: true },
    { name: 'a Developer confirms none', command: given('severity-confirmed', 30), may: false },
    { name: 'a Developer confirms one, where that is enough', command: given('severity-confirmed', 30), config: { severity_confirmed: 'developer' }, may: true },
    { name: 'a Developer calls it active', command: given('active', 30), may: true },
    { name: 'a Reporter does not', command: given('active', 29), may: false },
    { name: 'a Reporter does, where that is enough', command: given('active', 20), config: { active: 'reporter' }, may: true },
    { name: 'a manager may all of it', command: given('override', 10, lea), may: true },
    { name: 'a manager is known whatever the case of their name', command: given('override', 10, { id: 3, username: 'LEA' }), may: true },
    { name: 'a manager who is no member may nothing', command: given('override', 0, lea), may: false },
  ])('$name', ({ command, config: commands = {}, may }) => {
    expect(mayCommand(command, config({ commands }))).toBe(may);
  });

  it('a manager is known whatever the case in the configuration', () => {
    expect(mayCommand(given('override', 10, lea), config({ managers: ['@kim', '@LEA'] }))).toBe(true);
    expect(mayCommand(given('override', 10, lea), config({ managers: ['@kim', '@leander'] }))).toBe(false);
  });
});

describe('what is the business of the gate', () => {
  it('begins 7 days ago, or with gate.since', () => {
    expect(gateSince(config(), NOW)).toBe('2026-11-13T10:00:00.000Z');
    expect(gateSince(config({ gate: { since: '2026-11-01T01:00:00+01:00' } }), NOW)).toBe('2026-11-01T00:00:00.000Z');
  });
  it.each([
    { name: 'what closed then', issue: { closedAt: '2026-11-13T10:00:00.000Z' }, lately: true },
    { name: 'not what closed before', issue: { closedAt: '2026-11-13T09:59:59.999Z' }, lately: false },
    { name: 'what was touched since, where GitLab does not know when it closed', issue: { closedAt: undefined }, lately: true },
    { name: 'not what was untouched since, where GitLab does not know', issue: { closedAt: undefined, updatedAt: '2026-11-13T09:59:59.999Z' }, lately: false },
  ])('is $name', ({ issue, lately }) => {
    expect(wasClosedLately(snapshot(issue).issue, config(), NOW)).toBe(lately);
  });
});

describe('a time as people read it', () => {
  it.each([
    { text: '2026-11-20T02:07:00Z', shown: '2026-11-20 02:07 UTC' },
    { text: '2026-11-20T02:07:33.123Z', shown: '2026-11-20 02:07 UTC' },
    { text: '2026-11-20T02:07Z', shown: '2026-11-20 02:07 UTC' },
    { text: '2026-11-20T02:07:00+01:00', shown: '2026-11-20T02:07:00+01:00' },
    { text: 'at 2026-11-20T02:07:00Z', shown: 'at 2026-11-20T02:07:00Z' },
    { text: '2026-11-20T02:07:00Z or so', shown: '2026-11-20T02:07:00Z or so' },
    { text: 'around two', shown: 'around two' },
  ])('$text', ({ text, shown }) => {
    expect(showTime(text)).toBe(shown);
  });
});
