import { beginOfDay } from '../read/time.ts';
import type { Config, History, Metrics, Numbers } from '../schema/types.gen.ts';
import type { Period } from './clocks.ts';
import { dayClockOf, weekdayOf } from './day.ts';
import { botsOf } from './lives.ts';
import { measureDuty } from './metrics-duty.ts';
import { measureIncidents } from './metrics-incidents.ts';
import { analysisTask, followUpTask, measureTasks } from './metrics-learning.ts';
import { toIso } from './roster.ts';

/** The numbers of a period and of each of its weeks. docs/metrics.md has the formulae. */
export function measureAll(history: History, period: Period, config: Config, now: Date): Metrics {
  return {
    version: 1,
    made_at: now.toISOString(),
    whole: measure(history, period, config, now),
    weeks: weeksOf(period, config.time_zone).map((week) => measure(history, week, config, now)),
  };
}

/** The numbers of a period; what is open or late is as of its end, or of now where it is not over. */
export function measure(history: History, period: Period, config: Config, now: Date): Numbers {
  const { from, to } = period;
  const end = now < to ? now : to;
  const clock = dayClockOf(config.time_zone);
  return {
    ...{ from: toIso(from.getTime()), to: toIso(to.getTime()) },
    ...measureIncidents(history.incidents, period, end, botsOf(history, config)),
    ...measureDuty(history, period, config),
    follow_ups: measureTasks(history.follow_ups.map(followUpTask), period, end, clock),
    analyses: measureTasks(history.analyses.map(analysisTask), period, end, clock),
  };
}

/** The weeks of a period, from Monday 00:00 in a zone, oldest first; the first and the last are cut at its ends. */
export function weeksOf({ from, to }: Period, timeZone: string): Period[] {
  const weekday = weekdayOf(dayClockOf(timeZone)(from).day);
  const weeks: Period[] = [];
  let start = from;
  let next = beginOfDay(from, 7 - weekday, timeZone);
  for (; start < to; [start, next] = [next, beginOfDay(next, 7, timeZone)]) {
    weeks.push({ from: start, to: next < to ? next : to });
  }
  return weeks;
}
