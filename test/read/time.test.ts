import { describe, expect, it } from 'vitest';
import { readTime, splitTime, workingDaysLater } from '../../scripts/read/time.ts';

describe('a time and what follows it', () => {
  it.each([
    { text: '2026-11-20 01:58 UTC: alert fires', at: '2026-11-20T01:58:00Z', rest: ': alert fires' },
    { text: '2026-11-20 01:58 alert fires', at: '2026-11-20T00:58:00Z', rest: ' alert fires' },
    { text: '2026-11-20 01:58 pager fires', at: '2026-11-20T00:58:00Z', rest: ' pager fires' },
    { text: '2026-11-20 at 01:58 pager fires', at: '2026-11-20T00:58:00Z', rest: ' pager fires' },
    { text: '2026-11-20   01:58', at: '2026-11-20T00:58:00Z', rest: '' },
    { text: '2026-11-20,01:58', at: '2026-11-20T00:58:00Z', rest: '' },
    { text: '2026-11-20t01:58z', at: '2026-11-20T01:58:00Z', rest: '' },
    { text: '2026-11-20 01:58:07.5 gmt', at: '2026-11-20T01:58:07Z', rest: '' },
    { text: '2026-11-20 01:58:07,123456789Z', at: '2026-11-20T01:58:07Z', rest: '' },
    { text: '2026-11-20 01:58 GMT+1', at: '2026-11-20T00:58:00Z', rest: '' },
    { text: '2026-11-20 01:58 UTC-10', at: '2026-11-20T11:58:00Z', rest: '' },
    { text: '2026-11-20 01:58 UTC+5:30', at: '2026-11-19T20:28:00Z', rest: '' },
    { text: '2026-11-20 01:58 utc+0530', at: '2026-11-19T20:28:00Z', rest: '' },
    { text: '2026-11-20 01:58 -0330', at: '2026-11-20T05:28:00Z', rest: '' },
    { text: '2026-11-20 01:58+05:30', at: '2026-11-19T20:28:00Z', rest: '' },
    { text: '2026-11-20 01:58 America/New_York: alert', at: '2026-11-20T06:58:00Z', rest: ': alert' },
    { text: '2026-11-20 01:58 America/Argentina/Buenos_Aires', at: '2026-11-20T04:58:00Z', rest: '' },
    { text: '2026-11-20 01:58 read/write tokens revoked', at: '2026-11-20T00:58:00Z', rest: 'read/write tokens revoked' },
    { text: '1.2.2026 9:05', at: '2026-02-01T08:05:00Z', rest: '' },
    { text: '20.11.2026 at 9:05 Europe/London', at: '2026-11-20T09:05:00Z', rest: '' },
    { text: '2026-11-20 01:58 Tokens revoked', at: '2026-11-20T00:58:00Z', rest: ' Tokens revoked' },
  ])('$text', ({ text, at, rest }) => {
    expect(splitTime(text, 'Europe/Berlin')).toEqual({ at, rest });
  });

  it.each([
    'at 2026-11-20 01:58',
    '2026-11-20',
    '01:58',
    '2026-11-20 0158',
    '2026-11-2001:58',
    '2026-11-20 01:589',
    '2026-11-20 25:00',
    '2026-13-20 01:58',
    '2026-11-31 01:58',
    '32.01.2026 01:58',
    '20/11/2026 01:58',
    '2026-11-20 01:58 PST',
    '2026-11-20 01:58 CEST pager fires',
    '2026-11-20 01:58 pm',
    '2026-11-20 01:58PM',
    '2026-11-20 01:58 a.m.',
    '2026-11-20 01:58 +99:00',
    '2026-11-20 01:58 UTC+24',
  ])('%s is none', (text) => {
    expect(splitTime(text, 'Europe/Berlin')).toBeUndefined();
  });

  it.each([
    { name: 'that the change of clocks leaves out is an hour later', text: '2026-03-29 02:30', at: '2026-03-29T01:30:00Z' },
    { name: 'that it gives twice is the first', text: '2026-10-25 02:30', at: '2026-10-25T00:30:00Z' },
  ])('a time $name', ({ text, at }) => {
    expect(splitTime(text, 'Europe/Berlin')?.at).toBe(at);
  });
});

describe('a time and nothing else', () => {
  it.each([
    { text: '2026-11-20 01:58 UTC', at: '2026-11-20T01:58:00Z' },
    { text: '2026-11-20 01:58 UTC.', at: '2026-11-20T01:58:00Z' },
    { text: '2026-11-20 01:58 (by the log)', at: '2026-11-20T01:58:00Z' },
    { text: '2026-11-20 01:58 UTC (by the log). ', at: '2026-11-20T01:58:00Z' },
    { text: '2026-11-20 01:58 UTC or so', at: '2026-11-20 01:58 UTC or so' },
    { text: '2026-11-20 01:58 UTC (by the log) or so', at: '2026-11-20 01:58 UTC (by the log) or so' },
    { text: '2026-11-20 01:58 UTC (by (the) log)', at: '2026-11-20 01:58 UTC (by (the) log)' },
    { text: 'at two', at: 'at two' },
  ])('$text', ({ text, at }) => {
    expect(readTime(text, 'UTC')).toBe(at);
  });
});

describe('working days are Monday to Friday', () => {
  it.each([
    { name: 'from a Monday', from: '2026-11-16T10:00:00Z', days: 1, day: '2026-11-17' },
    { name: 'over a weekend', from: '2026-11-20T10:00:00Z', days: 1, day: '2026-11-23' },
    { name: 'over two of them', from: '2026-11-20T10:00:00Z', days: 7, day: '2026-12-01' },
    { name: 'to a Friday', from: '2026-11-20T10:00:00Z', days: 5, day: '2026-11-27' },
    { name: 'from a Saturday', from: '2026-11-21T10:00:00Z', days: 1, day: '2026-11-23' },
    { name: 'from a Sunday', from: '2026-11-22T10:00:00Z', days: 7, day: '2026-12-01' },
    { name: 'over the end of the year', from: '2026-12-30T10:00:00Z', days: 3, day: '2027-01-04' },
    { name: 'over the end of summer time', from: '2026-10-23T10:00:00Z', days: 7, day: '2026-11-03' },
    { name: 'over its beginning', from: '2026-03-27T23:30:00Z', days: 1, day: '2026-03-30' },
    { name: 'from the evening before midnight in UTC, which is Saturday in Berlin', from: '2026-11-20T23:30:00Z', days: 1, day: '2026-11-23' },
    { name: 'from the evening of a Sunday in UTC, which is Monday in Berlin', from: '2026-11-22T23:30:00Z', days: 1, day: '2026-11-24' },
  ])('$name', ({ from, days, day }) => {
    expect(workingDaysLater(new Date(from), days, 'Europe/Berlin')).toBe(day);
  });
});
