/** A moment (ISO 8601) as `2026-11-20 03:07`, by the clock of an IANA zone. */
export function showTime(moment: string, timeZone: string): string {
  // Swedish writes dates as ISO 8601 does.
  return new Date(moment).toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
}

/** The same with the day of the week: `Fri 2026-11-20 03:07`. */
export function showDayAndTime(moment: string, timeZone: string): string {
  const weekday = new Date(moment).toLocaleDateString('en-GB', { timeZone, weekday: 'short' });
  return `${weekday} ${showTime(moment, timeZone)}`;
}

/** From when until when, in UTC, and where that is another clock in a zone too; null where it has no end on that side. */
export function showSpan(from: string | null, to: string | null, timeZone: string): string {
  if (from === null && to === null) return 'at all times';
  const span = (zone: string): string => {
    if (to === null) return `from ${showTime(from ?? '', zone)} ${zone} on`;
    return `${from === null ? 'until' : `from ${showTime(from, zone)} to`} ${showTime(to, zone)} ${zone}`;
  };
  return timeZone === 'UTC' ? span('UTC') : `${span('UTC')} (${span(timeZone)})`;
}

/** So many minutes as people say them, in two units at the most: `14 min`, `3 h 20 min`, `5 d 3 h`. */
export function showMinutes(minutes: number): string {
  const whole = Math.max(0, Math.round(minutes));
  const [days, hours] = [Math.floor(whole / 1440), Math.floor((whole % 1440) / 60)];
  const parts =
    days > 0
      ? [
          [days, 'd'],
          [hours, 'h'],
        ]
      : [
          [hours, 'h'],
          [whole % 60, 'min'],
        ];
  const told = parts.filter(([count]) => count !== 0).map(([count, unit]) => `${count} ${unit}`);
  return told.length > 0 ? told.join(' ') : '0 min';
}
