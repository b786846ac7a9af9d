import { LeftOver } from '../ci/errors.ts';
import { decideGate } from '../decide/gate.ts';
import type { Decision, Finding } from '../decide/plan.ts';
import { Busy, OUTDATED_AFTER_MS, Overtaken } from '../gitlab/errors.ts';
import type { GitLab, Issue, IssueRef, Source, User } from '../gitlab/port.ts';
import type { Event } from '../read/event.ts';
import { sourceNotThere, sourcesOf, type Installation } from '../read/config.ts';
import { readHistory, readSnapshot, type Snapshot } from '../read/snapshot.ts';
import { applyActions } from './apply.ts';
import { describe, difference } from './difference.ts';

/** What a run works with. */
export type Tools = {
  gitlab: GitLab;
  config: Installation;
  now: Date;
  dryRun: boolean;
  commit: string | undefined;
  bounds: { now: () => number; sleep: (ms: number) => Promise<void> };
};

/** What became of an incident in a run. */
export type Reconciled = { issue: Issue; finding: Finding; actions: string[]; bodies: string[]; warnings: string[] };

/** What became of an event: an incident was looked at, or there was nothing to look at. */
export type Handled = { incident: Reconciled } | { nothing: string };

const MOST_TRIES = 3;

/**
 * Reads an incident as it stands, decides what must be true of it, and makes it so. Where that took long (GitLab made us
 * wait) and the incident has moved on meanwhile, it begins again.
 */
export async function reconcile(issue: Issue, me: User, tools: Tools, tries = MOST_TRIES): Promise<Reconciled> {
  const { gitlab, dryRun, bounds } = tools;
  const readAtMs = bounds.now();
  const { snapshot, plan, finding } = await readAndDecide(issue, me, tools);
  const actions = difference(plan, snapshot);
  const isOvertaken = async (): Promise<boolean> => {
    if (bounds.now() - readAtMs < OUTDATED_AFTER_MS) return false;
    const fresh = await gitlab.issue(issue);
    return !fresh || hasMovedOn(issue, fresh, plan.state === 'opened');
  };
  try {
    if (!dryRun) await applyActions(actions, { issue, me, gitlab, isOvertaken });
  } catch (error) {
    if (!(error instanceof Overtaken) && !(error instanceof Busy)) throw error;
    if (tries === 1) throw new LeftOver(`${issue.reference}: ${error.message}`, { cause: error });
    if (error instanceof Busy) await bounds.sleep(error.pauseMs);
    const fresh = await gitlab.issue(issue);
    if (!fresh)
      throw new LeftOver(
        `${issue.reference} is gone: deleted, or the bot may not see it any more; there is nothing left to do.`,
        { cause: error },
      );
    return reconcile(fresh, me, tools, tries - 1);
  }
  const bodies = actions.flatMap((action) => ('body' in action ? [action.body] : []));
  return { issue, finding, actions: actions.map(describe), bodies, warnings: snapshot.warnings };
}

async function readAndDecide(
  issue: Issue,
  me: User,
  { gitlab, config, now, commit }: Tools,
): Promise<Decision & { snapshot: Snapshot }> {
  const snapshot = await readSnapshot(gitlab, issue, me, config);
  const decision = decideGate(snapshot, config, now, commit);
  const fuller = decision.finding.state === 'verified' ? await readHistory(gitlab, snapshot) : undefined;
  return fuller ? { ...decideGate(fuller, config, now, commit), snapshot: fuller } : { ...decision, snapshot };
}

/** Whether people have done something since that asks for another decision; that it is open already, as wanted, is none. */
function hasMovedOn(seen: Issue, fresh: Issue, wantsOpen: boolean): boolean {
  if (fresh.description !== seen.description) return true;
  if (fresh.movedToId !== seen.movedToId || fresh.isDuplicate !== seen.isDuplicate) return true;
  if (fresh.state === 'closed') return seen.state !== 'closed' || fresh.closedAt !== seen.closedAt;
  return seen.state === 'closed' && !wantsOpen;
}

/** Reconciles the issue that an event names, if it is ours to look at. What the event says is a hint; GitLab is asked. */
export async function reconcileEvent(event: Event, tools: Tools): Promise<Handled> {
  if (event.kind === 'nothing') return { nothing: event.reason };
  const { gitlab, config } = tools;
  const sources = sourcesOf(config);
  const outside = `project ${event.ref.projectId} is not among the sources of the configuration`;
  if (sources.every(({ kind, id }) => kind === 'project' && typeof id === 'number' && id !== event.ref.projectId)) {
    return { nothing: outside };
  }
  const me = await gitlab.me();
  if (event.userId !== undefined && [me.id, ...config.bot.former_ids].includes(event.userId)) {
    return { nothing: 'caused by the bot itself' };
  }
  const issue = await gitlab.issue(event.ref);
  if (!issue) return { nothing: await explainMissing(event.ref, sources, gitlab) };
  if (!(await isWatched(issue, sources, gitlab))) return { nothing: outside };
  return { incident: await reconcile(issue, me, tools) };
}

/** A deleted issue is nothing to do; a configured project that is not there is the operator's mistake. */
async function explainMissing(
  { projectId, iid }: IssueRef,
  sources: readonly Source[],
  gitlab: GitLab,
): Promise<string> {
  const isConfigured = sources.some(({ kind, id }) => kind === 'project' && id === projectId);
  if (isConfigured && !(await gitlab.hasProject(projectId))) throw sourceNotThere({ kind: 'project', id: projectId });
  return `project ${projectId} shows no issue ${iid}: deleted, or the bot may not see it`;
}

async function isWatched(issue: Issue, sources: readonly Source[], gitlab: GitLab): Promise<boolean> {
  const path = issue.reference.replace(/#\d+$/, '').toLowerCase();
  const isProject = ({ kind, id }: Source): boolean =>
    kind === 'project' && (id === issue.projectId || String(id).toLowerCase() === path);
  if (sources.some(isProject)) return true;
  for (const source of sources.filter(({ kind }) => kind === 'group')) {
    const { id } = source;
    const group = typeof id === 'number' ? await gitlab.groupPath(id) : id;
    if (group === undefined) throw sourceNotThere(source);
    if (path.startsWith(`${group.toLowerCase()}/`)) return true;
  }
  return false;
}
