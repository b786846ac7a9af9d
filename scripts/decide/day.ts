import type { Config } from '../schema/types.gen.ts';

/** What a clock shows: the day as `2026-11-20`, the time of day as `03:07`. */
export type Shown = { day: string; time: string };

/** The clock on the wall in an IANA zone: what it shows at a moment. */
export type DayClock = (moment: Date) => Shown;

/** Making one takes Node longer than a hundred questions to it; there are as many as a configuration names zones. */
const clocks = new Map<string, DayClock>();

/** The clock of an IANA zone. */
export function dayClockOf(timeZone: string): DayClock {
  const clock = clocks.get(timeZone) ?? makeClock(timeZone);
  clocks.set(timeZone, clock);
  return clock;
}

function makeClock(timeZone: string): DayClock {
  // Swedish writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return (moment) => {
    const [day = '', time = ''] = format.format(moment).split(' ');
    return { day, time };
  };
}

/** Whether it is day where the team is, so that what can wait may be told. */
export function isDay(now: Date, { time_zone: timeZone, day }: Config): boolean {
  return isWithin(dayClockOf(timeZone)(now).time, day);
}

/** Whether what a clock shows is no working time: outside of the hours of `day`, or a Saturday or Sunday. */
export function isOutOfHours({ day, time }: Shown, hours: Config['day']): boolean {
  return weekdayOf(day) >= 5 || !isWithin(time, hours);
}

/** The weekday of a day such as `2026-11-20`; Monday is 0. */
export function weekdayOf(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

function isWithin(time: string, { from, to }: Config['day']): boolean {
  return time >= from && time < to;
}
