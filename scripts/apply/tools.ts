import type { Environment } from '../ci/environment.ts';
import { connect, type Caller } from '../gitlab/connect.ts';
import { NotFound, Refused } from '../gitlab/errors.ts';
import type { CallCount, GitLab } from '../gitlab/port.ts';
import { connectOutside } from '../outside/connect.ts';
import type { Installation } from '../read/config.ts';
import { engineerAt, managerAt } from '../decide/roster.ts';
import { withOnCalls } from './on-calls.ts';
import type { Tools } from './reconcile.ts';
import { createSend } from './send.ts';

/** What a door's job gives: where GitLab and the others are, the clock, and a log. */
export type Work = Caller &
  Pick<Environment, 'pagerduty' | 'slackUrl' | 'runner' | 'dryRun' | 'commit'> & {
    now: Date;
    log: (line: string) => void;
  };

const MINUTE_MS = 60_000;

/** Opens all that a run works with: GitLab, Slack and PagerDuty as far as they are configured, timers, who is on call. */
export async function openTools(job: Work, config: Installation): Promise<{ tools: Tools; count: CallCount }> {
  const { gitlab, count } = connect(job, config.limits);
  const outside = connectOutside(job);
  const installed = await withOnCalls(config, outside.pagerduty, job.now, job.log);
  sayFallback(installed, job);
  const tools: Tools = {
    ...{ gitlab, now: job.now, dryRun: job.dryRun, commit: job.commit, bounds: job.bounds },
    config: installed,
    ...(outside.pagerduty ? { pagerduty: outside.pagerduty } : {}),
    ...createSend(outside, config, job.log),
    ...(job.runner ? { wake: createWake(gitlab, job.runner, job.now) } : {}),
  };
  return { tools, count };
}

/** A roster with a gap or an overlap stops no door: its fallback stands in, which the log says. */
function sayFallback(config: Installation, { now, log }: Pick<Work, 'now' | 'log'>): void {
  const duties = { engineer: engineerAt(config, now), manager: managerAt(config, now) };
  for (const [duty, onDuty] of Object.entries(duties)) {
    if (!onDuty?.isFallback) continue;
    const why = onDuty.why === 'gap' ? 'nobody is' : 'several people are';
    log(`the roster says that ${why} on call as ${duty} now: the fallback ${onDuty.user} stands in`);
  }
}

/**
 * Starts a timer: a pipeline whose job is delayed until a time, so that nothing else pays for it. It is started with the
 * job's own token, and where GitLab does not take that, as the bot. Source: GitLab docs, ci/jobs/job_control, delayed jobs.
 */
function createWake(
  gitlab: GitLab,
  { projectId, ref, jobToken }: NonNullable<Environment['runner']>,
  now: Date,
): NonNullable<Tools['wake']> {
  return async (issue, at) => {
    const minutes = Math.max(1, Math.ceil((Date.parse(at) - now.getTime()) / MINUTE_MS));
    const inputs = { task: 'timer', project: issue.projectId, iid: issue.iid, start_in: `${minutes} minutes` };
    const start = { projectId, ref, inputs };
    if (jobToken === undefined) return gitlab.startPipeline(start);
    return gitlab.startPipeline({ ...start, jobToken }).catch((error: unknown) => {
      if (!(error instanceof Refused) && !(error instanceof NotFound)) throw error;
      return gitlab.startPipeline(start);
    });
  };
}
