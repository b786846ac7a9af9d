import type { Metrics, Numbers } from '../schema/types.gen.ts';
import type { Chart } from './chart.ts';
import { showMinutes, showTime } from './times.ts';

/** A chart of the weeks, and the table that says the same in words. */
export type Trend = {
  /** The stem of its files. */
  name: string;
  title: string;
  about: string;
  chart: Chart;
  /** Whether any week has a number. */
  hasNumbers: boolean;
  head: string[];
  rows: { week: string; cells: string[] }[];
};

/** What one line or row of bars shows: a number of a week, null where there is none, and how it is said. */
type Series = { name: string; of: (numbers: Numbers) => number | null; show: (value: number) => string };

type Spec = Pick<Trend, 'name' | 'title' | 'about'> &
  Pick<Chart, 'form'> & { unit: string; series: Series[]; counts?: Series[] };

const WEEKS = 12;
const NO_DATA = 'no data';
const show = (value: number): string => String(value);
const percent = (value: number): string => `${Math.round(value)} %`;
const hundred = (rate: number | null): number | null => (rate === null ? null : rate * 100);

const spread = (
  of: (numbers: Numbers) => Numbers['time_to_resolve'],
): Pick<Spec, 'series' | 'counts' | 'unit' | 'form'> => ({
  ...{ form: 'lines', unit: 'minutes' },
  series: [
    { name: 'median', of: (numbers) => of(numbers).median_minutes, show: showMinutes },
    { name: '90th percentile', of: (numbers) => of(numbers).p90_minutes, show: showMinutes },
  ],
  counts: [{ name: 'incidents', of: (numbers) => of(numbers).count, show }],
});

const SPECS: readonly Spec[] = [
  {
    ...{
      name: 'incidents',
      title: 'Incidents',
      about: 'opened and closed in each week',
      form: 'bars',
      unit: 'incidents',
    },
    series: [
      { name: 'opened', of: ({ incidents }) => incidents.opened, show },
      { name: 'closed', of: ({ incidents }) => incidents.closed, show },
    ],
    counts: [{ name: 'open at the end', of: ({ incidents }) => incidents.open, show }],
  },
  {
    ...{ name: 'acknowledge', title: 'Time to acknowledge', about: 'from the page to the first acknowledgement' },
    ...spread((numbers) => numbers.time_to_acknowledge),
  },
  {
    ...{ name: 'resolve', title: 'Time to resolve', about: 'from the page to the resolution' },
    ...spread((numbers) => numbers.time_to_resolve),
  },
  {
    ...{ name: 'reopened', title: 'Reopened by the gate', about: 'closed incidents that were sent back at least once' },
    ...{ form: 'lines', unit: '%' },
    series: [{ name: 'reopened', of: ({ gate }) => hundred(gate.reopen_rate), show: percent }],
    counts: [
      { name: 'reopened incidents', of: ({ gate }) => gate.reopened, show },
      { name: 'closed incidents', of: ({ gate }) => gate.closed, show },
    ],
  },
  {
    ...{ name: 'pages', title: 'Pages', about: 'in and out of working hours', form: 'stack', unit: 'pages' },
    series: [
      { name: 'in hours', of: ({ pages }) => pages.count - pages.out_of_hours, show },
      { name: 'out of hours', of: ({ pages }) => pages.out_of_hours, show },
    ],
    counts: [{ name: 'all', of: ({ pages }) => pages.count, show }],
  },
  {
    ...{
      name: 'reviews',
      title: 'Reviews kept',
      about: 'issues on call that were looked at in time',
      form: 'lines',
      unit: '%',
    },
    series: [{ name: 'kept', of: ({ reviews }) => hundred(reviews.rate), show: percent }],
    counts: [
      { name: 'looked at', of: ({ reviews }) => reviews.seen, show },
      { name: 'missed', of: ({ reviews }) => reviews.missed, show },
    ],
  },
  {
    ...{
      name: 'follow-ups',
      title: 'Follow-ups on time',
      about: 'by the week of their last day',
      form: 'lines',
      unit: '%',
    },
    series: [{ name: 'on time', of: (numbers) => hundred(numbers.follow_ups.rate), show: percent }],
    counts: [
      { name: 'closed in time', of: (numbers) => numbers.follow_ups.on_time, show },
      { name: 'due', of: (numbers) => numbers.follow_ups.due, show },
    ],
  },
];

/** The trends of the last twelve weeks that the numbers have; a week that is not over at `made_at` says so. */
export function trendsOf({ weeks: all, made_at: madeAt }: Metrics, timeZone: string): Trend[] {
  const weeks = all.slice(-WEEKS);
  return weeks.length === 0 ? [] : SPECS.map((spec) => toTrend(spec, weeks, madeAt, timeZone));
}

function toTrend(
  { series, counts = [], unit, form, ...words }: Spec,
  weeks: Numbers[],
  madeAt: string,
  timeZone: string,
): Trend {
  const drawn = series.map(({ name, of }) => ({ name, values: weeks.map(of) }));
  const values = drawn.flatMap((each) => each.values).filter((value) => value !== null);
  const labels = weeks.map(({ from }) => showDay(from, timeZone));
  const columns = [...series, ...counts];
  return {
    ...words,
    chart: { form, labels, ...(unit === '%' ? { highest: 100 } : {}), ...scaled(drawn, unit) },
    hasNumbers: form === 'lines' ? values.length > 0 : values.some((value) => value > 0),
    head: columns.map(({ name }) => name),
    rows: weeks.map((week) => ({
      week: `${showTime(week.from, timeZone).slice(0, 10)}${Date.parse(week.to) > Date.parse(madeAt) ? ' (so far)' : ''}`,
      cells: columns.map(({ of, show: tell }) => {
        const value = of(week);
        return value === null ? NO_DATA : tell(value);
      }),
    })),
  };
}

/** Minutes as the hours or days that their axis is easier to read in. */
function scaled(series: Chart['series'], unit: string): Pick<Chart, 'series' | 'unit'> {
  if (unit !== 'minutes') return { series, unit };
  const longest = Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const [told, minutes] =
    longest < 180 ? (['minutes', 1] as const) : longest < 4320 ? (['hours', 60] as const) : (['days', 1440] as const);
  const round = (value: number | null): number | null =>
    value === null ? null : Math.round((value / minutes) * 100) / 100;
  return { unit: told, series: series.map(({ name, values }) => ({ name, values: values.map(round) })) };
}

/** `21 Sep`; short, for an axis. */
function showDay(moment: string, timeZone: string): string {
  const at = new Date(moment);
  const month = at.toLocaleDateString('en-US', { timeZone, month: 'short' });
  return `${Number(showTime(moment, timeZone).slice(8, 10))} ${month}`;
}
