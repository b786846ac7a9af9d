import { isForgiven, type LeftOver, type SetupError } from '../ci/errors.ts';
import type { WantedAnalysis } from '../decide/analysis.ts';
import { isTold, type FollowUp } from '../decide/follow-ups.ts';
import type { Learning } from '../decide/learning.ts';
import { call } from '../decide/merge.ts';
import type { LearningComment, Plan } from '../decide/plan.ts';
import type { CallView } from '../decide/words.ts';
import type { Issue, IssueRef } from '../gitlab/port.ts';
import { followUpKey } from '../read/follow-ups.ts';
import { isIncident, type Snapshot } from '../read/snapshot.ts';
import { renderAnalysis } from '../render/analysis.ts';
import { linesOf, renderFollowUp, saysNote } from '../render/follow-up.ts';
import type { FollowUpFacts, LearningFacts } from '../schema/types.gen.ts';
import type { Target } from './apply.ts';
import { keepBoard } from './board.ts';
import { linkWith, openFollowing, type Work } from './following.ts';
import type { Tools } from './reconcile.ts';

/** What came of what is to follow: the comment that remembers it, what was done in words, and what could not be. */
export type Followed = { comment?: LearningComment; done: string[]; failures: (LeftOver | SetupError)[] };

type Wanted = Learning['followUps'][number];
type Row = (CallView & { words: 'learning' })['rows'][number];
/** What became of a note, or of an analysis: what is remembered of it, how it is shown, and what was done in words. */
type Became = { item?: FollowUpFacts; rca?: NonNullable<LearningFacts['rca']>; row?: Row; done?: string };

/**
 * Makes what follows from a verified incident: opens its root cause analysis and the issues of its improvement notes, each
 * once, by its key; links them; tells one whose note changed or is gone. It is on record by the comment, which is written
 * after all that: whatever a run was cut off at, the next one finds what there is. One that fails stops no other, nor the
 * verification.
 */
export async function makeFollow(
  { learning }: Plan,
  snapshot: Snapshot,
  tools: Tools,
  target: Target,
): Promise<Followed> {
  if (!learning) return { done: [], failures: [] };
  const { followUps, analysis, isObserved, before } = learning;
  const failures: Followed['failures'] = [];
  const became: Became[] = [];
  const attempt = async (make: () => Promise<Became>, otherwise: Became[]): Promise<void> => {
    try {
      became.push(await make());
    } catch (error) {
      if (!isForgiven(error)) throw error;
      failures.push(error);
      became.push(...otherwise);
    }
  };
  const work = { snapshot, tools, target };
  if (analysis) await attempt(() => analyse(analysis, before?.rca, work), []);
  for (const wanted of followUps) {
    const make = (): Promise<Became> => (isObserved ? Promise.resolve(observed(wanted)) : become(wanted, work));
    await attempt(make, [notYet(wanted)]);
  }
  const items = followUps.length > 0 ? became.flatMap(({ item }) => item ?? []) : (before?.items ?? []);
  const rca = became.find((each) => each.rca)?.rca ?? before?.rca;
  const comment = toComment({ items, ...(rca ? { rca } : {}) }, became);
  return { ...(comment ? { comment } : {}), done: became.flatMap(({ done }) => done ?? []), failures };
}

function toComment(facts: LearningFacts, became: readonly Became[]): LearningComment | undefined {
  if (became.length === 0) return undefined;
  const view = { words: 'learning' as const, rows: became.flatMap(({ row }) => row ?? []) };
  const { said } = call('learning', 'board', {}, view).facts;
  return { slot: 'learning', delivery: 'board', facts: { ...facts, ...(said === undefined ? {} : { said }) }, view };
}

/** What would be done, in words. */
export function describeLearning({ learning }: Plan): string[] {
  if (!learning) return [];
  const { followUps, analysis, isObserved, before } = learning;
  const opened = analysis && !before?.rca ? ['open a root cause analysis'] : [];
  if (isObserved) return opened;
  const told = followUps.flatMap((wanted) => {
    if (!wanted.known) return wanted.names === undefined ? ['open a follow-up'] : ['link a follow-up'];
    return isTold(wanted) ? [] : ['tell a follow-up of its note'];
  });
  return [...opened, ...told];
}

/** Opens the analysis, or goes on with the one on record. */
async function analyse(analysis: WantedAnalysis, known: LearningFacts['rca'], work: Work): Promise<Became> {
  const kind = 'root cause analysis';
  if (known) {
    const issue = await work.tools.gitlab.issue({ projectId: known.project, iid: known.iid });
    return { rca: known, row: rowOf({ kind }, issue?.reference ?? '', 'created') };
  }
  const { key, project, title, label, confidential, owner, dueOn, view } = analysis;
  const described = { title, labels: [label], confidential, dueOn, description: renderAnalysis(view) };
  const following = { ...described, project: project.id, option: 'rca.project' as const, assignee: owner };
  const { reference, projectId, iid } = await openFollowing(key, following, work);
  const rca = { project: projectId, iid, due_on: dueOn };
  return { rca, row: rowOf({ kind }, reference, 'created'), done: `open ${reference}` };
}

function rowOf({ kind }: Pick<FollowUp, 'kind'>, reference: string, state: Row['state']): Row {
  return { kind, reference, state };
}

function observed(wanted: Wanted): Became {
  return { row: rowOf(wanted, wanted.names ?? '', wanted.names === undefined ? 'wanted' : 'to link') };
}

/** What failed keeps its number, under which it may have been created all the same. */
function notYet({ known, ...wanted }: Wanted): Became {
  const { n, note, kind } = wanted;
  return {
    item: known ?? { n, note, ...(kind === '' ? {} : { kind }) },
    row: rowOf(wanted, '', known?.iid === undefined ? 'not yet' : 'unreadable'),
  };
}

async function become(wanted: Wanted, work: Work): Promise<Became> {
  const { project: projectId, iid } = wanted.known ?? {};
  if (wanted.known && projectId !== undefined && iid !== undefined) {
    return goOn(wanted, wanted.known, { projectId, iid }, work);
  }
  if (wanted.isGone)
    return notYet({ ...wanted, known: { ...wanted.known, n: wanted.n, note: wanted.note, gone: true } });
  return wanted.names === undefined ? open(wanted, work) : link(wanted, wanted.names, work);
}

/** The issue that a note names follows from the incident; GitLab shows the link on both. */
async function link(wanted: Wanted, reference: string, work: Work): Promise<Became> {
  const other = await work.tools.gitlab.issueAt(reference);
  if (!other) {
    work.target.warn('an issue that an improvement note names cannot be read, and was not linked');
    return { row: rowOf(wanted, '', 'unreadable') };
  }
  // An incident that a note mentions is no work: the note becomes an issue of its own.
  if (isIncident(other, work.tools.config)) return open(wanted, work);
  await linkWith(other, work);
  const item = { ...toItem(wanted, other), linked: true };
  return { item, row: rowOf(wanted, other.reference, 'linked'), done: `link ${other.reference}` };
}

/** Opens the issue of a note. What was created by a run that was cut off may say what the note said then. */
async function open(wanted: Wanted, work: Work): Promise<Became> {
  const { project, title, labels, confidential, dueOn, assignee } = wanted.issue;
  const description = renderFollowUp(wanted.issue, work.target.issue.reference);
  const described = { title, description, labels, confidential, dueOn };
  const following = { ...described, project, option: 'follow_ups.project' as const, assignee };
  const issue = await openFollowing(followUpKey(work.target.issue, wanted.n), following, work);
  if (!saysNote(issue, wanted.issue)) await tell(issue, 'changed', wanted, work);
  const row = rowOf(wanted, issue.reference, 'created');
  return { item: toItem(wanted, issue), row, done: `open ${issue.reference}` };
}

/** What follows already is told that its note changed, is gone, or is back. */
async function goOn(wanted: Wanted, known: FollowUpFacts, ref: IssueRef, work: Work): Promise<Became> {
  const { isGone, note, kind } = wanted;
  const issue = await work.tools.gitlab.issue(ref);
  const reference = issue?.reference ?? '';
  const isNews = !isTold(wanted);
  if (isNews && issue && known.linked !== true) {
    await tell(issue, isGone ? 'gone' : known.note === note ? 'back' : 'changed', wanted, work);
  }
  const state = !issue ? 'unreadable' : isGone ? 'gone' : known.linked === true ? 'linked' : 'created';
  const item: FollowUpFacts = { ...known, note, gone: true };
  if (!isGone) delete item.gone;
  return {
    item,
    row: rowOf({ kind: kind === '' ? (known.kind ?? '') : kind }, reference, state),
    ...(isNews ? { done: `tell ${reference} of its note` } : {}),
  };
}

function toItem({ n, note, kind }: Pick<FollowUp, 'n' | 'note' | 'kind'>, { projectId, iid }: IssueRef): FollowUpFacts {
  return { n, note, ...(kind === '' ? {} : { kind }), project: projectId, iid };
}

/** One comment on the follow-up says how its note stands, edited in place. */
async function tell(
  issue: Issue,
  became: (CallView & { words: 'note' })['became'],
  { issue: { text } }: Wanted,
  { tools, target }: Work,
): Promise<void> {
  const view: CallView = { words: 'note', became, incident: target.issue.reference, lines: linesOf(text) };
  await keepBoard(issue, call('note', 'board', {}, view), target.me, tools);
}
