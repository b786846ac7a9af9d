import { Temporal } from 'temporal-polyfill';
import { isTimeZone } from '../schema/formats.ts';

const WRITTEN =
  /^(\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})(?:T|\s+(?:at\s+)?|,\s*)(\d{1,2}:\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}|[A-Za-z]+(?:\/[A-Za-z_+-]+)+)?(?!\w)/i;
/** CET, PST and the like, in capitals, mean several things, and 2:07 PM is another hour: a time with one of them is none. */
const UNREADABLE_REST = /^\s*(?:[A-Z]{1,4}T\b|[AaPp]\.?[Mm]\b)/;

/** A time found at the beginning of a text, and what follows it. */
export type TimedText = { at: string; rest: string };

/**
 * The time that a text begins with, as ISO 8601 in UTC to the second, and the rest of the text. A time without a zone is
 * read in `timeZone` (an IANA name); one in the gap of a change of clocks counts as an hour later, as calendars do.
 */
export function splitTime(text: string, timeZone: string): TimedText | undefined {
  const match = WRITTEN.exec(text);
  if (!match) return undefined;
  const [all, date = '', minutes = '', seconds = '00', word] = match;
  // Letters with a slash may be a zone or any two words.
  const zone = word?.includes('/') && !isTimeZone(word) ? undefined : word;
  const whole = zone === undefined && word !== undefined ? all.slice(0, -word.length) : all;
  const local = `${toIsoDate(date)}T${minutes.padStart(5, '0')}:${seconds}`;
  const at = toUtc(local, zone, timeZone);
  const rest = text.slice(whole.length);
  return at === undefined || UNREADABLE_REST.test(rest) ? undefined : { at, rest };
}

/** A text that is a time and nothing else but a remark in brackets, as ISO 8601 in UTC; other texts come back as they are. */
export function readTime(text: string, timeZone: string): string {
  const split = splitTime(text, timeZone);
  return split && /^(?:\([^()]*\))?[\s.]*$/.test(split.rest.trim()) ? split.at : text;
}

/** The moment that a text names and nothing else: a time, or a day in `timeZone`, which begins at midnight there. */
export function readMoment(text: string, timeZone: string): Date | undefined {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text} 00:00` : text;
  const split = splitTime(time, timeZone);
  return split?.rest === '' ? new Date(split.at) : undefined;
}

/** The moment at which a day begins in a zone, some days (or none) after the day of another moment. */
export function beginOfDay(moment: Date, daysLater: number, timeZone: string): Date {
  const day = Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
  return new Date(day.add({ days: daysLater }).toZonedDateTime(timeZone).epochMilliseconds);
}

/** The moment at which a day (YYYY-MM-DD) is over in a zone; nothing for what is no day. */
export function endOfDay(day: string, timeZone: string): Date | undefined {
  const begin = readMoment(day, timeZone);
  return begin && beginOfDay(begin, 1, timeZone);
}

/** The day (YYYY-MM-DD) that a moment is of in a zone. */
export function dayOf(moment: Date, timeZone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(timeZone);
  return zoned.toPlainDate().toString();
}

/** The ISO week of a moment in a zone, such as `2026-W47`. */
export function weekOf(moment: Date, timeZone: string): string {
  const day = Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(timeZone);
  return `${day.yearOfWeek ?? day.year}-W${String(day.weekOfYear ?? 0).padStart(2, '0')}`;
}

/**
 * The day, YYYY-MM-DD, that is so many working days after the day of a moment in a zone. Working days are Monday to Friday;
 * a moment at a weekend counts as if it were the Friday before.
 */
export function workingDaysLater(moment: Date, days: number, timeZone: string): string {
  let day = Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
  for (let left = days; left > 0; left -= day.dayOfWeek <= 5 ? 1 : 0) day = day.add({ days: 1 });
  return day.toString();
}

/** `20.11.2026`, in which the day always comes first, as `2026-11-20`. */
export function toIsoDate(date: string): string {
  const [day = '', month = '', year] = date.split('.');
  return year === undefined ? date : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function toUtc(local: string, zone: string | undefined, timeZone: string): string | undefined {
  const isUtc = /^(?:z|utc|gmt)$/i.test(zone ?? timeZone);
  if (isUtc && isDate(local)) return `${local}Z`;
  try {
    if (zone !== undefined && isUtc) return Temporal.Instant.from(`${local}Z`).toString();
    const offset = /^(?:UTC|GMT)([+-])(\d{1,2}):?(\d{2})?$/i.exec(zone ?? '');
    if (offset) {
      const [, sign = '', hours = '', minutes = '00'] = offset;
      return Temporal.Instant.from(`${local}${sign}${hours.padStart(2, '0')}:${minutes}`).toString();
    }
    if (zone !== undefined && /^[+-]/.test(zone)) return Temporal.Instant.from(local + zone).toString();
    return Temporal.PlainDateTime.from(local)
      .toZonedDateTime(zone ?? timeZone)
      .toInstant()
      .toString();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether there is such a time, as Node's own calendar has it; Temporal takes several times longer to load than to answer. */
function isDate(local: string): boolean {
  const moment = new Date(`${local}Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === `${local}.000Z`;
}

const DAY_MS = 86_400_000;

/** A stretch of time with one offset from UTC, in milliseconds. */
type Span = { from: number; to: number; offset: number };

/** The clock on the wall in a zone: the moment (epoch milliseconds) at which it shows a time, given as if that were UTC. */
export type WallClock = (shown: number) => number;

/**
 * The clock of an IANA zone. Of a time that is shown twice the first counts; one that a change of clocks skips is the
 * moment of the change, so that later times are never earlier moments. What it learns of the zone it keeps for itself.
 */
export function wallClockOf(timeZone: string): WallClock {
  const known: Span[] = [];
  const spanAt = (moment: number): Span => {
    const found = known.find(({ from, to }) => from <= moment && moment < to);
    if (found) return found;
    const span = readSpan(moment, timeZone);
    known.push(span);
    return span;
  };
  return (shown) => {
    const before = spanAt(shown - DAY_MS);
    if (shown + DAY_MS < before.to) return shown - before.offset;
    const after = spanAt(shown + DAY_MS);
    const unchanged = shown - before.offset;
    return unchanged < before.to ? unchanged : Math.max(shown - after.offset, after.from);
  };
}

function readSpan(moment: number, timeZone: string): Span {
  // A transition that lies at the moment itself is before the next millisecond.
  const shown = Temporal.Instant.fromEpochMilliseconds(moment + 1).toZonedDateTimeISO(timeZone);
  return {
    from: shown.getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity,
    to: shown.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
    offset: shown.offsetNanoseconds / 1e6,
  };
}
