import { randomBytes } from 'node:crypto';
import { LeftOver, type SetupError } from '../ci/errors.ts';
import type { Finding, Message, Plan } from '../decide/plan.ts';
import type { Review } from '../decide/review.ts';
import { Busy, OUTDATED_AFTER_MS, Overtaken } from '../gitlab/errors.ts';
import type { Glance, GitLab, Issue, User } from '../gitlab/port.ts';
import type { PagerDuty } from '../outside/pagerduty-port.ts';
import type { Installation } from '../read/config.ts';
import type { AckFacts, HandoffFacts } from '../schema/types.gen.ts';
import type { Step } from '../render/steps.ts';
import type { Observed, Snapshot } from '../read/snapshot.ts';
import { applyActions, type Target } from './apply.ts';
import { difference } from './difference.ts';
import { planned } from './foresee.ts';
import { amongOthers, decide } from './glance.ts';
import { makeFollow } from './learning.ts';
import { sendMessages, type Memory, type Send, type Sent } from './outward.ts';
import type { Rules } from './rules.ts';
import { stepsOf } from './steps.ts';
import { summarise } from './summary.ts';

/**
 * What a run works with. `send` reaches Slack and PagerDuty, and `isOn` tells whether the channel of a message is configured;
 * `wake` starts a timer for an incident, where the job can; `isSweep` is whether nobody woke us for this very issue, so that
 * all that is due by time is looked at.
 */
export type Tools = {
  gitlab: GitLab;
  config: Installation;
  now: Date;
  dryRun: boolean;
  commit: string | undefined;
  bounds: { now: () => number; sleep: (ms: number) => Promise<void> };
  send?: Send;
  isOn?: (message: Message) => boolean;
  wake?: Target['wake'];
  /** PagerDuty, where its token is known. */
  pagerduty?: PagerDuty;
  isSweep?: boolean;
  /** By which an issue is read and judged; by default those of incidents. */
  rules?: Rules;
};

/** What became of an incident in a run. */
export type Reconciled = {
  issue: Issue;
  finding: Finding;
  actions: string[];
  bodies: string[];
  /** In a dry run, what would be done and why. */
  planned: Step[];
  warnings: string[];
  /** Who looked at an issue on call, and since when it is on call, as far as that was read. */
  reviews: Review[];
  onCallSince: string;
  /** What its comments remember of its acknowledgement and its hand-off. */
  remembered: { ack?: AckFacts; handoff?: HandoffFacts };
  /** Whether a merge request names it, which may be about to close it. */
  isMentioned: boolean;
  /** What could not be sent; the next run tries again. */
  failures: (LeftOver | SetupError)[];
};

const MOST_TRIES = 3;

/** The comments of an issue that were read with those of others, and when (ms). */
export type Seen = Glance & { readAtMs: number };

/**
 * An attempt: what an event observed beside the issue, how many attempts are left, what is remembered of those before, and
 * its comments, where they were read already.
 */
type Attempt = { observed: Observed; tries: number; memory: Memory; seen?: Seen };

/**
 * Reads an incident as it stands, decides what must be true of it, and makes it so. Where that took long (GitLab made us
 * wait) and the incident has moved on meanwhile, it begins again; also once it closed the incident for somebody.
 */
export async function reconcile(
  issue: Issue,
  me: User,
  tools: Tools,
  observed: Observed = {},
  seen?: Seen,
): Promise<Reconciled> {
  return attempt(issue, me, tools, { observed, tries: MOST_TRIES, memory: newMemory(), ...(seen ? { seen } : {}) });
}

async function attempt(
  issue: Issue,
  me: User,
  tools: Tools,
  { observed, tries, memory, seen }: Attempt,
): Promise<Reconciled> {
  const { gitlab, dryRun, bounds } = tools;
  const readAtMs = seen?.readAtMs ?? bounds.now();
  const { snapshot, plan: wanted, finding, ruled } = await decide(issue, me, tools, observed, seen);
  const target = targetOf(snapshot, wanted, me, tools, readAtMs);
  let outcome: Carried;
  try {
    outcome = dryRun ? planned(wanted, snapshot) : await carryOut(wanted, snapshot, tools, memory, target);
  } catch (error) {
    if (!(error instanceof Overtaken) && !(error instanceof Busy)) throw error;
    if (tries === 1) throw new LeftOver(`${issue.reference}: ${error.message}`, { cause: error });
    if (error instanceof Busy) await bounds.sleep(error.pauseMs);
    const fresh = asClosed(issue, await again(issue, gitlab, error), me);
    return attempt(fresh, me, tools, { observed, tries: tries - 1, memory });
  }
  const { plan, failures, sent, also, actions } = outcome;
  const steps = dryRun ? stepsOf(outcome, snapshot, ruled, finding) : [];
  const done = summarise(
    { issue, snapshot, plan, finding, failures, sent, also, actions, planned: steps },
    tools.config,
  );
  if (plan.state !== 'closed' || dryRun || tries === 1) return done;
  return joined(
    done,
    await attempt(await again(issue, gitlab), me, tools, { observed: {}, tries: tries - 1, memory: newMemory() }),
  );
}

function targetOf({ issue, warnings }: Snapshot, wanted: Plan, me: User, tools: Tools, readAtMs: number): Target {
  const { gitlab, bounds, isSweep = false, wake } = tools;
  const isOvertaken = async (): Promise<boolean> => {
    if (bounds.now() - readAtMs < OUTDATED_AFTER_MS) return false;
    const fresh = await gitlab.issue(issue);
    return !fresh || hasMovedOn(issue, fresh, wanted.state);
  };
  const warn = (warning: string): void => {
    warnings.push(warning);
  };
  return { issue, me, gitlab: isSweep ? amongOthers(gitlab, issue) : gitlab, isOvertaken, warn, wake };
}

/** What was sent and written, and in words what was done for what follows. */
export type Carried = Sent & { also: string[] };

/** Sends and writes all that a plan wants. */
async function carryOut(
  wanted: Plan,
  snapshot: Snapshot,
  tools: Tools,
  memory: Memory,
  target: Target,
): Promise<Carried> {
  const sent = await sendMessages(wanted, snapshot, tools, memory, target);
  const { comment, done, failures } = await makeFollow(sent.plan, snapshot, tools, target);
  const plan = comment ? { ...sent.plan, comments: [...sent.plan.comments, comment] } : sent.plan;
  const actions = difference(plan, { ...snapshot, marked: sent.marked });
  await applyActions(actions, target);
  return {
    ...sent,
    plan,
    failures: [...sent.failures, ...failures],
    also: done,
    actions: [...sent.actions, ...actions],
  };
}

function newMemory(): Memory {
  return { run: randomBytes(8).toString('hex'), over: [], failed: [] };
}

/** The incident as it stands now. Throws a LeftOver where it is gone. */
export async function again(issue: Issue, gitlab: GitLab, cause?: unknown): Promise<Issue> {
  const fresh = await gitlab.issue(issue);
  if (fresh) return fresh;
  throw new LeftOver(
    `${issue.reference} is gone: deleted, or the bot may not see it any more; there is nothing left to do.`,
    { cause },
  );
}

/** What we closed again, having opened it on account of what was out of date, is closed by whoever had closed it. */
function asClosed(seen: Issue, fresh: Issue, me: User): Issue {
  const isOurs = fresh.closedBy?.id === me.id && seen.state === 'closed';
  return isOurs ? { ...fresh, closedBy: seen.closedBy } : fresh;
}

function joined(first: Reconciled, last: Reconciled): Reconciled {
  return {
    ...last,
    actions: [...first.actions, ...last.actions],
    bodies: [...first.bodies, ...last.bodies],
    warnings: [...new Set([...first.warnings, ...last.warnings])],
    failures: [...first.failures, ...last.failures],
  };
}

/** Whether people have done something since that asks for another decision; that it is open already, as wanted, is none. */
function hasMovedOn(seen: Issue, fresh: Issue, wanted: Plan['state']): boolean {
  if (fresh.description !== seen.description) return true;
  if (fresh.movedToId !== seen.movedToId || fresh.isDuplicate !== seen.isDuplicate) return true;
  if (fresh.state === 'closed') return seen.state !== 'closed' || fresh.closedAt !== seen.closedAt;
  return seen.state === 'closed' && wanted !== 'opened';
}
