import type { Config } from '../schema/types.gen.ts';

/** Whether it is day where the team is, so that what can wait may be told. */
export function isDay(now: Date, { time_zone: timeZone, day }: Config): boolean {
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(now);
  return time >= day.from && time < day.to;
}
