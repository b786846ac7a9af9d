import { LeftOver, SetupError } from '../ci/errors.ts';
import type { FollowUp } from '../decide/follow-ups.ts';
import type { FollowingIssue, Learning } from '../decide/learning.ts';
import { call, mergeParts, NO_PART } from '../decide/merge.ts';
import type { LearningComment, Plan } from '../decide/plan.ts';
import { isRelated } from '../decide/tracking.ts';
import type { CallView } from '../decide/words.ts';
import { NotFound } from '../gitlab/errors.ts';
import type { Issue, IssueRef, NewIssue } from '../gitlab/port.ts';
import { followUpKey } from '../read/follow-ups.ts';
import { readMarkers } from '../read/markers.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { linesOf, renderFollowUp, saysNote } from '../render/follow-up.ts';
import type { FollowUpFacts } from '../schema/types.gen.ts';
import { applyActions, type Target } from './apply.ts';
import { difference } from './difference.ts';
import { closeDuplicates, createOnce, type Keeper } from './keyed.ts';
import type { Tools } from './reconcile.ts';

/** What came of what is to follow: the comment that remembers it, what was done in words, and what could not be. */
export type Followed = { comment?: LearningComment; done: string[]; failures: (LeftOver | SetupError)[] };

type Wanted = Learning['followUps'][number];
type Row = (CallView & { words: 'learning' })['rows'][number];
/** What became of a note: what is remembered of it, how it is shown, and what was done in words. */
type Became = { item?: FollowUpFacts; row: Row; done?: string };
type Work = { snapshot: Snapshot; tools: Tools; target: Target };

/**
 * Makes what follows from a verified incident: creates the issues of its improvement notes, each once, by its key; links them;
 * tells one whose note changed or is gone. It is on record by the comment, which is written after all that: whatever a
 * run was cut off at, the next one finds what there is. One that fails stops no other, nor the verification.
 */
export async function makeFollow(
  { learning }: Plan,
  snapshot: Snapshot,
  tools: Tools,
  target: Target,
): Promise<Followed> {
  if (!learning) return { done: [], failures: [] };
  const { followUps, isObserved } = learning;
  const failures: Followed['failures'] = [];
  const became: Became[] = [];
  for (const wanted of followUps) {
    try {
      became.push(isObserved ? observed(wanted) : await become(wanted, { snapshot, tools, target }));
    } catch (error) {
      const isForgiven = error instanceof SetupError || (error instanceof LeftOver && !error.endsRun);
      if (!isForgiven) throw error;
      failures.push(error);
      if (wanted.known)
        became.push({ item: wanted.known, row: { kind: wanted.kind, reference: '', state: 'unreadable' } });
    }
  }
  const items = became.flatMap(({ item }) => item ?? []);
  const view = { words: 'learning' as const, isObserved, rows: became.map(({ row }) => row) };
  const { slot, delivery, facts } = call('learning', 'board', {}, view);
  const isSaid = became.length > 0;
  return {
    ...(isSaid ? { comment: { slot, delivery, facts: { ...facts, items }, view } as LearningComment } : {}),
    ...{ done: became.flatMap(({ done }) => done ?? []), failures },
  };
}

/** What would be done, in words. */
export function describeLearning({ learning }: Plan): string[] {
  if (!learning || learning.isObserved) return [];
  return learning.followUps.flatMap(({ known, names, isGone, note }) => {
    if (!known) return names === undefined ? ['open a follow-up'] : ['link a follow-up'];
    return known.note === note && (known.gone ?? false) === isGone ? [] : ['tell a follow-up of its note'];
  });
}

function observed({ kind, names = '' }: Wanted): Became {
  return {
    row: { kind, reference: names, state: names === '' ? 'wanted' : 'linked' },
  };
}

async function become(wanted: Wanted, work: Work): Promise<Became> {
  if (wanted.known) return goOn(wanted, wanted.known, work);
  return wanted.names === undefined ? open(wanted, work) : link(wanted, wanted.names, work);
}

/** The issue that a note names follows from the incident; GitLab shows the link on both. */
async function link({ n, note, kind }: Wanted, reference: string, work: Work): Promise<Became> {
  const other = await work.tools.gitlab.issueAt(reference);
  if (!other) {
    work.target.warn('an issue that an improvement note names cannot be read, and was not linked');
    return { row: { kind, reference: '', state: 'unreadable' } };
  }
  await relate(other, work);
  return {
    item: { ...toItem({ n, note, kind }, other), linked: true },
    row: { kind, reference: other.reference, state: 'linked' },
    done: 'link a follow-up',
  };
}

/** Opens the issue of a note. What was created by a run that was cut off may say what the note said then. */
async function open(wanted: Wanted, work: Work): Promise<Became> {
  const { issue } = wanted;
  const { target, tools } = work;
  const keeper = keeperOf(issue, work);
  const key = followUpKey(target.issue, wanted.n);
  const description = renderFollowUp(issue, target.issue.reference);
  const assignee = issue.assignee === undefined ? undefined : await tools.gitlab.userNamed(issue.assignee);
  const describe = (): NewIssue => ({
    ...{ title: issue.title, description, labels: issue.labels, confidential: issue.confidential, dueOn: issue.dueOn },
    ...{ assigneeIds: assignee ? [assignee.id] : [], isIncident: false },
  });
  const [first, ...others] = await createOnce(key, describe, keeper).catch((error: unknown) => {
    throw error instanceof NotFound ? projectNotThere(issue, error) : error;
  });
  await closeDuplicates([first, ...others], keeper);
  await relate(first, work);
  if (!saysNote(first, issue)) await tell(first, 'changed', wanted, work);
  return {
    item: toItem(wanted, first),
    row: { kind: wanted.kind, reference: first.reference, state: 'created' },
    done: `open ${first.reference}`,
  };
}

/** What follows already is told that its note changed, is gone, or is back. */
async function goOn(wanted: Wanted, known: FollowUpFacts, work: Work): Promise<Became> {
  const ref = { projectId: known.project, iid: known.iid };
  const { gone: wasGone = false, ...before } = known;
  const { isGone, note, kind } = wanted;
  const issue = await work.tools.gitlab.issue(ref);
  const reference = issue?.reference ?? '';
  const isTold = known.note === note && wasGone === isGone;
  if (!isTold && issue && known.linked !== true) {
    await tell(issue, isGone ? 'gone' : known.note === note ? 'back' : 'changed', wanted, work);
  }
  const state = isGone ? 'gone' : known.linked === true ? 'linked' : 'created';
  return {
    item: { ...before, note, ...(isGone ? { gone: true } : {}) },
    row: { kind: kind === '' ? (known.kind ?? '') : kind, reference, state },
    ...(isTold ? {} : { done: `tell ${reference} of its note` }),
  };
}

function toItem({ n, note, kind }: Pick<FollowUp, 'n' | 'note' | 'kind'>, { projectId, iid }: IssueRef): FollowUpFacts {
  return { n, note, ...(kind === '' ? {} : { kind }), project: projectId, iid };
}

async function relate(other: Issue, { snapshot, tools, target }: Work): Promise<void> {
  if (!isRelated(snapshot, other.reference)) await tools.gitlab.relate(target.issue, other);
}

/** One comment on the follow-up says how its note stands, edited in place. */
async function tell(
  issue: Issue,
  became: (CallView & { words: 'note' })['became'],
  { issue: { text } }: Wanted,
  { tools, target }: Work,
): Promise<void> {
  const { gitlab, config } = tools;
  const marked = readMarkers(await gitlab.notes(issue), target.me, config.bot.former_ids);
  const view: CallView = { words: 'note', became, incident: target.issue.reference, lines: linesOf(text) };
  const plan = mergeParts([{ ...NO_PART, comment: call('note', 'board', {}, view) }]);
  const isOvertaken = (): Promise<boolean> => Promise.resolve(false);
  await applyActions(difference(plan, { issue, marked }), { ...target, issue, isOvertaken });
}

function keeperOf({ project }: FollowingIssue, { tools: { gitlab, config, bounds }, target: { me } }: Work): Keeper {
  const source = { kind: 'project', id: project } as const;
  return { gitlab, me, formerIds: config.bot.former_ids, project: source, sleep: bounds.sleep };
}

function projectNotThere({ project }: FollowingIssue, cause: unknown): SetupError {
  const cure = 'Correct follow_ups in the configuration, or give the bot the role Developer there.';
  return new SetupError(
    `The project ${project} that takes follow-ups does not exist, or the bot may not see it. ${cure}`,
    { cause },
  );
}
