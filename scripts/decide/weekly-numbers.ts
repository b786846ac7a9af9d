import type { Numbers } from '../schema/types.gen.ts';
import type { WeeklyNumber } from './weekly-words.ts';

const ROWS: readonly { title: string; unit: WeeklyNumber['unit']; of: (numbers: Numbers) => number | null }[] = [
  { title: 'Incidents opened', unit: 'count', of: ({ incidents }) => incidents.opened },
  { title: 'Incidents closed', unit: 'count', of: ({ incidents }) => incidents.closed },
  { title: 'Open at its end', unit: 'count', of: ({ incidents }) => incidents.open },
  { title: 'Time to acknowledge, median', unit: 'minutes', of: (each) => each.time_to_acknowledge.median_minutes },
  {
    title: 'Time to acknowledge, 90th percentile',
    unit: 'minutes',
    of: (each) => each.time_to_acknowledge.p90_minutes,
  },
  { title: 'Time to mitigate, median', unit: 'minutes', of: (each) => each.time_to_mitigate.median_minutes },
  { title: 'Time to resolve, median', unit: 'minutes', of: (each) => each.time_to_resolve.median_minutes },
  { title: 'Escalated', unit: 'rate', of: ({ escalation }) => escalation.rate },
  { title: 'Reopened by the gate', unit: 'rate', of: ({ gate }) => gate.reopen_rate },
  { title: 'Reviewed in their window', unit: 'rate', of: ({ reviews }) => reviews.rate },
  { title: 'Hand-offs accepted in time', unit: 'rate', of: ({ handoffs }) => handoffs.acceptance_rate },
  { title: 'Hand-offs complete', unit: 'rate', of: ({ handoffs }) => handoffs.completeness_rate },
  { title: 'Follow-ups on time', unit: 'rate', of: (each) => each.follow_ups.rate },
  { title: 'Root cause analyses on time', unit: 'rate', of: ({ analyses }) => analyses.rate },
  { title: 'Pages', unit: 'count', of: ({ pages }) => pages.count },
  { title: 'Pages out of hours', unit: 'count', of: ({ pages }) => pages.out_of_hours },
];

/** The numbers of a week, with those of the week before beside them; what neither has is left out. */
export function weeklyNumbers(now: Numbers, before: Numbers): WeeklyNumber[] {
  const all = ROWS.map(({ title, unit, of }) => ({ title, unit, now: of(now), before: of(before) }));
  return all.filter((each) => each.now !== null || each.before !== null);
}
