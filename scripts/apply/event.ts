import type { MergeRequestRef } from '../gitlab/merge-request-port.ts';
import type { GitLab, IssueRef, Source } from '../gitlab/port.ts';
import { analysisPlaces, isAnalysisIssue } from '../read/analyses.ts';
import { projectOr, sourceNotThere, sourcesOf } from '../read/config.ts';
import type { Event } from '../read/event.ts';
import { tendAnalysis } from './analyses.ts';
import { checkMergeRequest, type Checked } from './merge-request.ts';
import { followMergeRequests, type Followed } from './merge-requests.ts';
import { reconcilePage } from './page.ts';
import { reconcile, type Reconciled, type Tools } from './reconcile.ts';
import { tendLog } from './shift.ts';
import { findLog } from './shift-log.ts';
import { warnOfExpiry } from './token-expiry.ts';
import { isWatched } from './watched.ts';

/** What became of an event: an incident was looked at, and the merge requests that would close it, or there was nothing to look at. */
export type Handled = ({ incident: Reconciled } & Partial<Followed>) | { nothing: string };

/** What became of an event of any kind; one may be of a merge request. */
export type Outcome = Handled | { mergeRequest: Checked };

/** Reconciles the issue that an event names, if it is ours to look at. What the event says is a hint; GitLab is asked. */
export async function reconcileEvent(event: Event, tools: Tools): Promise<Outcome> {
  if (event.kind === 'nothing') return { nothing: event.reason };
  if (event.kind === 'page') return reconcilePage(event.page, tools);
  if (event.kind === 'token') return { nothing: await warnOfExpiry(tools) };
  if (event.kind === 'merge_request') return handleMergeRequest(event.ref, tools);
  const { gitlab, config } = tools;
  const sources = sourcesOf(config);
  const home = projectOr(config.shift_log.project, config) ?? [];
  const known = sources.concat(home);
  const places = analysisPlaces(config);
  const outside = `project ${event.ref.projectId} is not among the sources of the configuration`;
  if (
    [...known, ...places].every(
      ({ kind, id }) => kind === 'project' && typeof id === 'number' && id !== event.ref.projectId,
    )
  ) {
    return { nothing: outside };
  }
  const me = await gitlab.me();
  const botIds = [me.id, ...config.bot.former_ids];
  if (event.userId !== undefined && botIds.includes(event.userId)) return { nothing: 'caused by the bot itself' };
  const issue = await gitlab.issue(event.ref);
  if (!issue) return { nothing: await explainMissing(event.ref, sources, gitlab) };
  const log = await findLog(issue, me, tools);
  const isAnalysis = !log && isAnalysisIssue(issue, botIds, config);
  if (!(await isWatched(issue, log ? known : isAnalysis ? places : sources, gitlab))) return { nothing: outside };
  if (log) return { incident: await tendLog(log, me, tools) };
  if (isAnalysis && config.rca.mode === 'off') return { nothing: 'root cause analyses are off in the configuration' };
  if (isAnalysis) return { incident: await tendAnalysis(issue, me, tools) };
  const incident = await reconcile(issue, me, tools);
  return { incident, ...(await followMergeRequests([incident], me, tools)) };
}

/** Judges the merge request that an event names; what the event says is a hint. */
export async function handleMergeRequest(ref: MergeRequestRef, tools: Tools): Promise<Outcome> {
  const checked = await checkMergeRequest(ref, await tools.gitlab.me(), tools);
  if (checked) return { mergeRequest: checked };
  return { nothing: `project ${ref.projectId} has no open merge request ${ref.iid}, or the bot may not see it` };
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
