import type { LeftOver, SetupError } from '../ci/errors.ts';
import {
  asIfClosed,
  decideMergeRequest,
  judgeClosing,
  MERGE_SLOT,
  stands,
  type Judged,
  type MergePlan,
} from '../decide/merge-request.ts';
import type { MergeRequest, MergeRequestRef } from '../gitlab/merge-request-port.ts';
import type { GitLab, Issue, User } from '../gitlab/port.ts';
import { isAnalysisIssue } from '../read/analyses.ts';
import { sourcesOf } from '../read/config.ts';
import { readHistory } from '../read/history.ts';
import { readMarkers, type Marked } from '../read/markers.ts';
import { readSnapshot } from '../read/snapshot.ts';
import type { Also, Step } from '../render/steps.ts';
import { renderMergeComment } from '../render/merge-request.ts';
import { setStatus } from './commit-status.ts';
import { areSame } from './keys.ts';
import { sayOn } from './merge-comment.ts';
import type { Tools } from './reconcile.ts';
import { isWatched } from './watched.ts';

/** What became of a merge request: the incidents that it would close, what was done in words, and what could not be done. */
export type Checked = {
  reference: string;
  judged: (Judged & { actions: string[]; bodies: string[]; planned: Step[]; warnings: string[] })[];
  /** Whether the gate would not let the merge close one of them. */
  isFailing: boolean;
  also: Also[];
  failures: (LeftOver | SetupError)[];
};

const MOST_TRIES = 3;

/**
 * Judges the incidents that a merge request would close as if its author closed them now, and makes its comment and the
 * status of its head say so. Where the head has moved on while that was written, it begins again.
 */
export async function checkMergeRequest(ref: MergeRequestRef, me: User, tools: Tools): Promise<Checked | undefined> {
  const also: Also[] = [];
  for (let tries = MOST_TRIES; ; tries -= 1) {
    const one = await tools.gitlab.mergeRequest(ref);
    if (one?.state !== 'opened') return undefined;
    const done = await checkOnce(one, me, tools);
    also.push(...done.also.filter((line) => !also.includes(line)));
    const isSettled = done.also.length === 0 || tools.dryRun || tries === 1;
    if (isSettled || (await tools.gitlab.mergeRequest(ref))?.sha === one.sha) return { ...done, also };
  }
}

async function checkOnce(one: MergeRequest, me: User, tools: Tools): Promise<Checked> {
  const { gitlab, config, dryRun } = tools;
  const judged: Judged[] = [];
  const warnings = new Map<Judged, string[]>();
  for (const issue of await watchedAmong(await gitlab.closedByMerging(one), me, tools)) {
    const { warnings: told, ...each } = await judge(issue, one.author, me, tools);
    judged.push(each);
    warnings.set(each, told);
  }
  const marked = readMarkers(await gitlab.mergeRequestNotes(one), me, config.bot.former_ids);
  const ours = marked.filter(({ slot }) => slot === MERGE_SLOT);
  const plan = decideMergeRequest(judged, ours.length > 0);
  const said = dryRun ? [] : await applyComment(one, plan, ours, me, tools);
  const set = dryRun || !plan.status ? { also: [], failures: [] } : await setStatus(one, plan.status, gitlab);
  return {
    reference: one.reference,
    judged: judged.map((each) => ({
      ...{ ...each, actions: [], bodies: [], planned: [] },
      warnings: warnings.get(each) ?? [],
    })),
    isFailing: judged.some(stands),
    also: dryRun ? planned(one, plan, judged) : [...said, ...set.also],
    failures: set.failures,
  };
}

/**
 * Only what is open can be closed, and only what is in the sources of the configuration is ours to judge. A root cause
 * analysis is judged once it is closed.
 */
async function watchedAmong(issues: readonly Issue[], me: User, { gitlab, config }: Tools): Promise<Issue[]> {
  const botIds = [me.id, ...config.bot.former_ids];
  const watched: Issue[] = [];
  for (const issue of issues.filter((each) => each.state === 'opened' && !isAnalysisIssue(each, botIds, config)))
    if (await isWatched(issue, sourcesOf(config), gitlab)) watched.push(issue);
  return watched;
}

async function judge(
  issue: Issue,
  author: User,
  me: User,
  { gitlab, config, now }: Tools,
): Promise<Judged & { warnings: string[] }> {
  const snapshot = await readSnapshot(gitlab, asIfClosed(issue, author, now), me, config);
  const finding = judgeClosing(snapshot, config, now);
  const fuller = finding.state === 'ready' ? await readHistory(gitlab, snapshot) : undefined;
  const { warnings } = snapshot;
  return { issue, warnings, finding: fuller ? judgeClosing(fuller, config, now) : finding };
}

async function applyComment(
  one: MergeRequest,
  { comment }: MergePlan,
  ours: readonly Marked[],
  me: User,
  { gitlab, config }: Pick<Tools, 'gitlab' | 'config'>,
): Promise<string[]> {
  const [newest, ...older] = ours.filter(({ own }) => own);
  for (const { noteId } of older) await gitlab.deleteMergeRequestNote(one, noteId);
  if (!comment || (newest && areSame(newest.facts, comment.facts))) return [];
  await sayOn(one, renderMergeComment(comment, config.form), newest, me, gitlab);
  return [`${one.reference}: ${newest ? 'edited' : 'posted'} the comment`];
}

/** What would be written: the comment and the status, on account of what the gate says of each incident. */
function planned({ reference }: MergeRequest, { status, comment }: MergePlan, judged: readonly Judged[]): Step[] {
  const does = [...(comment ? ['write the comment'] : []), ...(status ? [`set the status ${status.state}`] : [])];
  if (does.length === 0) return [];
  const because = judged.map(({ issue, finding }) => [issue.reference, finding.state, ...finding.codes].join(' '));
  const why = `merge request: ${because.length > 0 ? because.join(', ') : 'closes no incident'}`;
  return [{ reference, state: status?.state ?? '', does, why }];
}

/** The open merge requests that may close an issue, to be judged anew because it has changed. */
export function mergeRequestsOn(issue: Issue, gitlab: GitLab): Promise<MergeRequestRef[]> {
  return gitlab.mergeRequestsOf(issue, issue.state === 'opened' ? 'closing' : 'naming');
}
