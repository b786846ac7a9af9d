import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { stretchesBetween } from '../../scripts/decide/roster.ts';
import { readConfig, type Installation } from '../../scripts/read/config.ts';
import { renderCalendar } from '../../scripts/render/calendar.ts';
import { renderOnDuty, renderRoster } from '../../scripts/render/roster.ts';
import { config, NOW } from '../support/snapshot.ts';

const GUIDE = await readConfig('schemas/examples/config/rosters/guide.yml');
const at = (time: string): Date => new Date(time);
const layer = { name: 'all', start: '2026-11-02', rotation: ['@ana'], rotate: 'week', shifts: [{ days: 'mon', from: '08:00', to: '20:00' }] };

function rostered(more: object = {}, layers: object[] = [layer]): Installation {
  return config({ roster: { engineers: { layers, fallback: '@lea', ...more } } });
}

describe('the roster as tables', () => {
  it('has one per duty, in UTC and by the clock of the zone', () => {
    const [engineers, managers] = renderRoster(GUIDE, at('2026-11-22T23:00:00Z'), at('2026-11-23T23:00:00Z'));
    expect(engineers).toEqual({
      title: 'engineers',
      rows: [
        ['from (UTC)', 'to (UTC)', 'from (Europe/Berlin)', 'to (Europe/Berlin)', 'on call'],
        ['Sun 2026-11-22 23:00', 'Mon 2026-11-23 07:00', 'Mon 2026-11-23 00:00', 'Mon 2026-11-23 08:00', 'ana'],
        ['Mon 2026-11-23 07:00', 'Mon 2026-11-23 19:00', 'Mon 2026-11-23 08:00', 'Mon 2026-11-23 20:00', 'ana'],
        ['Mon 2026-11-23 19:00', 'Mon 2026-11-23 23:00', 'Mon 2026-11-23 20:00', 'Tue 2026-11-24 00:00', 'dan'],
      ],
    });
    expect(managers?.rows.slice(1).map((row) => row.at(-1))).toEqual(['lea', 'kim']);
  });

  it('names gaps and overlaps, in order, and UTC once', () => {
    const other = { ...layer, rotation: ['@eve'], shifts: [{ days: 'mon', from: '19:00', to: '21:00' }] };
    expect(renderRoster(rostered({}, [layer, other]), at('2026-11-23T00:00:00Z'), at('2026-11-24T00:00:00Z'))).toEqual([
      {
        title: 'engineers',
        rows: [
          ['from (UTC)', 'to (UTC)', 'on call'],
          ['Mon 2026-11-23 00:00', 'Mon 2026-11-23 08:00', 'nobody: lea stands in'],
          ['Mon 2026-11-23 08:00', 'Mon 2026-11-23 19:00', 'ana'],
          ['Mon 2026-11-23 19:00', 'Mon 2026-11-23 20:00', 'ana and eve: lea stands in'],
          ['Mon 2026-11-23 20:00', 'Mon 2026-11-23 21:00', 'eve'],
          ['Mon 2026-11-23 21:00', 'Tue 2026-11-24 00:00', 'nobody: lea stands in'],
        ],
      },
    ]);
  });
});

describe('who is on call', () => {
  it.each([
    { name: 'is told for both duties', roster: GUIDE, time: '2026-11-23T10:00:00Z', says: '2026-11-23 10:00 UTC (2026-11-23 11:00 Europe/Berlin)\nengineer: ana\nmanager:  kim' },
    { name: 'is told with why somebody stands in', roster: rostered(), time: '2026-11-24T10:00:00Z', says: '2026-11-24 10:00 UTC\nengineer: lea, who stands in, since nobody is on call' },
    {
      name: 'is told of several',
      roster: rostered({}, [layer, { ...layer, rotation: ['@ben'] }]),
      time: '2026-11-23T10:00:00Z',
      says: '2026-11-23 10:00 UTC\nengineer: lea, who stands in, since several are on call',
    },
  ])('$name', ({ roster, time, says }) => {
    expect(renderOnDuty(roster, at(time))).toBe(says);
  });
});

const FROM = at('2027-03-22T00:00:00Z');
const TO = at('2027-04-05T00:00:00Z');

describe('the roster as a calendar', () => {
  const events = (text: string): ICAL.Event[] => new ICAL.Component(ICAL.parse(text) as unknown[]).getAllSubcomponents('vevent').map((event) => new ICAL.Event(event));
  const uidsOf = (roster: Installation, from = FROM, to = TO): string[] => events(renderCalendar(roster, from, to, NOW)).map(({ uid }) => uid);

  it('is read by others as the same turns', () => {
    const told = events(renderCalendar(GUIDE, FROM, TO, NOW)).map(({ startDate, endDate, summary }) => `${startDate.toJSDate().toISOString()} ${endDate.toJSDate().toISOString()} ${summary}`);
    const turns = (['engineers', 'managers'] as const).flatMap((duty) =>
      stretchesBetween(GUIDE, duty, FROM, TO).map(({ start, end, user }) => `${at(start).toISOString()} ${at(end).toISOString()} On call: ${user} (${duty.slice(0, -1)})`),
    );
    expect(told).toEqual(turns);
    expect(told).toContain('2027-03-27T07:00:00.000Z 2027-03-29T06:00:00.000Z On call: ana (engineer)');
  });

  it('has lines that end with CRLF and are no longer than 75 octets, and a stamp on each event', () => {
    const long = rostered({}, [{ ...layer, rotation: [`@${'a'.repeat(200)}`] }]);
    const text = renderCalendar(long, FROM, TO, NOW);
    expect(text).toMatch(/^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\nPRODID:[^]+\r\nEND:VCALENDAR\r\n$/);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(text.split('\r\n').filter((line) => Buffer.byteLength(line) > 75)).toEqual([]);
    expect(events(text).map(({ summary }) => summary)).toEqual(Array(2).fill(`On call: ${'a'.repeat(200)} (engineer)`));
    expect(text.match(/^DTSTAMP:20261120T100000Z\r$/gm)).toHaveLength(2);
  });

  it('knows an event by its duty and beginning: however it is asked for, whoever has it, in the calendar of no other team', () => {
    const uids = uidsOf(GUIDE);
    expect(new Set(uids).size).toBe(uids.length);
    expect(uidsOf(GUIDE, at('2027-03-29T12:00:00Z')).every((uid) => uids.includes(uid))).toBe(true);
    expect(uidsOf(rostered({ overrides: [{ from: '2027-03-22T00:00:00Z', to: '2027-04-05T00:00:00Z', user: '@kim', instead_of: '@ana' }] }))).toEqual(uidsOf(rostered()));
    expect(uidsOf({ ...rostered(), sources: [{ project: 7 }] })).not.toEqual(uidsOf(rostered()));
  });

  it('tells two who begin at once apart', () => {
    const uids = uidsOf(rostered({}, [layer, { ...layer, rotation: ['@ben'] }]));
    expect(uids).toHaveLength(4);
    expect(new Set(uids).size).toBe(4);
  });
});
