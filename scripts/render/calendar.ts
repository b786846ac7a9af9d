import { ICalCalendar, ICalCalendarMethod, ICalEventTransparency } from 'ical-generator';
import { stretchesBetween, type RosterConfig } from '../decide/roster.ts';
import { digest } from '../schema/digest.ts';

const DUTIES = { engineers: 'engineer', managers: 'manager' } as const;

/**
 * The turns that touch [from, to) as an iCalendar file (RFC 5545): lines end with CRLF, an event per turn. Its UID is that
 * of the duty and its beginning, so that whoever imports it again, after a swap, finds the event changed and not doubled.
 */
export function renderCalendar(config: RosterConfig, from: Date, to: Date, now: Date): string {
  const prodId = { company: 'Watchkeeper', product: 'roster' };
  const calendar = new ICalCalendar({ name: 'On call', method: ICalCalendarMethod.PUBLISH, prodId });
  const team = digest(config.sources).slice(0, 8);
  for (const duty of ['engineers', 'managers'] as const) {
    const turns = stretchesBetween(config, duty, from, to);
    for (const [index, { start, end, user }] of turns.entries()) {
      const twins = turns.slice(0, index).filter((other) => other.start === start).length;
      const id = `${duty}-${start.replace(/[-:]/g, '')}${twins > 0 ? `-${twins + 1}` : ''}@${team}.watchkeeper`;
      calendar.createEvent({
        ...{ id, start: new Date(start), end: new Date(end), stamp: now },
        ...{ summary: `On call: ${user} (${DUTIES[duty]})`, transparency: ICalEventTransparency.TRANSPARENT },
      });
    }
  }
  return `${calendar.toString()}\r\n`;
}
