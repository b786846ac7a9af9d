import pThrottle from 'p-throttle';
import type { Bounds } from '../ci/network.ts';
import { createCaller } from './caller.ts';
import { createGitLab } from './client.ts';
import type { CallCount, GitLab, WritePace } from './port.ts';
import { createTraffic } from './traffic.ts';

/** What a connection takes of a job: where GitLab is, as whom it speaks, until when, and its share of the limits. */
export type Caller = { address: string; token: string; bounds: Bounds; shard: { total: number } };

/** A run's GitLab, and the count of its calls so far. */
export type Connection = { gitlab: GitLab; count: CallCount };

/** Writes per minute that the configuration allows; GitLab's own limits where it is silent. */
export type Limits = { notes_per_minute?: number; issue_writes_per_minute?: number };

/** Opens the GitLab that a job speaks to; the shards of a parallel job share what may be written per minute. */
export function connect(job: Caller, limits: Limits): Connection {
  const count: CallCount = { reads: 0, writes: 0 };
  const { bounds, shard } = job;
  const writes = createPace(limits, new URL(job.address).hostname === 'gitlab.com', shard.total);
  const traffic = createTraffic(bounds.now, shard.total);
  const call = createCaller({ bounds, count, traffic });
  return { gitlab: createGitLab({ ...job, call, traffic, writes }), count };
}

/**
 * gitlab.com allows 60 new notes a minute and starts 25 pipelines, and each edit of an issue starts one through our own
 * hook; other GitLabs allow 300 notes by default. Counted over any minute, whenever GitLab's own begins. Source: GitLab docs,
 * user/gitlab_com, rate limits.
 */
function createPace(limits: Limits, isGitLabCom: boolean, shards: number): WritePace {
  const perMinute = (limit: number): ReturnType<typeof pThrottle> =>
    pThrottle({ limit: Math.max(1, Math.floor(limit / shards)), interval: 60_000, strict: true });
  const note = perMinute(limits.notes_per_minute ?? (isGitLabCom ? 60 : 300));
  const issue = perMinute(limits.issue_writes_per_minute ?? (isGitLabCom ? 15 : 300));
  const run = async (call: () => Promise<unknown>): Promise<unknown> => call();
  const [paceNote, paceIssue] = [note(run), issue(run)];
  return { note: (call) => paceNote(call) as never, issue: (call) => paceIssue(call) as never };
}
