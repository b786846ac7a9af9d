import { Cron } from 'croner';
import type { Schedule } from './automation.ts';
import { ApiError } from './errors.ts';
import type { Instance } from './instance.ts';
import type { Account, Project } from './records.ts';
import type { World } from './world.ts';

/** How often GitLab.com looks for schedules that are due, and how often one may run on its Free tier: 24 times a day. */
const LOOKS = '*/5 * * * *';
const HOURLY = '0 * * * *';
/** Source: GitLab docs, user/gitlab_com, GitLab CI/CD; administration/instance_limits. */
const MOST_ON_FREE = 10;
const MOST_ON_PAID = 50;

/**
 * When a schedule runs next, by its cron pattern in its time zone; on the Free tier of GitLab.com, when its plan lets it.
 * Source: GitLab docs, ci/pipelines/schedules; app/services/ci/pipeline_schedules/calculate_next_run_service.rb.
 */
export function nextRun(schedule: Pick<Schedule, 'cron' | 'cronTimezone'>, now: Date, on?: Instance): string | null {
  const own = cronOf(schedule).nextRun(now);
  if (own === null || !on?.isGitLabCom) return own?.toISOString() ?? null;
  const looks = cronOf({ cron: LOOKS });
  const plan = on.tier === 'free' ? cronOf({ cron: HOURLY }) : looks;
  const earliest = plan.nextRun(now) ?? own;
  if (looks.match(own) && earliest <= own) return own.toISOString();
  return (plan.nextRun(own) ?? own).toISOString();
}

/** Throws 400 for a pattern that is none. Source: app/models/concerns/cron_schedulable.rb. */
export function demandCron(cron: string, cronTimezone: string): void {
  try {
    nextRun({ cron, cronTimezone }, new Date(0));
  } catch {
    throw new ApiError(400, { message: { cron: ['is invalid syntax'] } });
  }
}

/** Throws 400 where a project of GitLab.com has all the schedules that it may have. Source: app/models/concerns/limitable.rb. */
export function demandRoom({ instance: { isGitLabCom, tier } }: World, { schedules }: Project): void {
  const most = tier === 'free' ? MOST_ON_FREE : MOST_ON_PAID;
  if (!isGitLabCom || schedules.length < most) return;
  throw new ApiError(400, { message: { base: [`Maximum number of ci pipeline schedules (${most}) exceeded`] } });
}

/**
 * Shuts an account out; the schedules that it owns are switched off.
 * Source: app/services/ci/drop_pipelines_and_disable_schedules_for_user_service.rb.
 */
export function blockUser(world: World, user: Account): void {
  user.state = 'blocked';
  const owned = world.projects.flatMap(({ schedules }) => schedules).filter(({ ownerId }) => ownerId === user.id);
  for (const schedule of owned) schedule.active = false;
}

function cronOf({ cron, cronTimezone = 'UTC' }: { cron: string; cronTimezone?: string }): Cron {
  return new Cron(cron, { timezone: cronTimezone, paused: true });
}
