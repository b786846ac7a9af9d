import { Cron } from 'croner';
import { ApiError } from './errors.ts';
import type { Schedule } from './automation.ts';

/** When a schedule runs next, by its cron pattern in its time zone. Source: GitLab docs, ci/pipelines/schedules. */
export function nextRun({ cron, cronTimezone }: Pick<Schedule, 'cron' | 'cronTimezone'>, now: Date): string | null {
  return new Cron(cron, { timezone: cronTimezone, paused: true }).nextRun(now)?.toISOString() ?? null;
}

/** Throws 400 for a pattern that is none. Source: app/models/concerns/cron_schedulable.rb. */
export function demandCron(cron: string, cronTimezone: string): void {
  try {
    nextRun({ cron, cronTimezone }, new Date(0));
  } catch {
    throw new ApiError(400, { message: { cron: ['is invalid syntax'] } });
  }
}
