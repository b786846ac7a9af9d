import { isForgiven } from '../ci/errors.ts';
import { call } from '../decide/merge.ts';
import { managersOnCall } from '../decide/on-call.ts';
import { lastWeek, viewWeek, type ReviewedWeek } from '../decide/weekly-review.ts';
import { NotFound } from '../gitlab/errors.ts';
import type { Issue, NewIssue, User } from '../gitlab/port.ts';
import { projectNotThere, projectOr, type Installation } from '../read/config.ts';
import { dayOf } from '../read/time.ts';
import { render } from '../render/engine.ts';
import type { Also, Step } from '../render/steps.ts';
import { keepBoard } from './board.ts';
import { describe } from './difference.ts';
import type { TakenHistory } from './history.ts';
import { closeDuplicates, createOnce, findByKey, keeperIn } from './keyed.ts';
import { toLeft, type Left } from './left.ts';
import type { Tools } from './reconcile.ts';

/** What was done for the weekly review, in words, and what was left. */
export type KeptReview = { also: Also[]; leftOver: Left[] };

/**
 * Keeps the review of the last week that is over: opens its issue, once, by its key, and keeps its one comment current until
 * people close it. Where GitLab does not let us, that is left over, and stops nothing else.
 */
export async function keepWeeklyReview(taken: TakenHistory, me: User, tools: Tools): Promise<KeptReview> {
  const { config, now, dryRun } = tools;
  if (config.weekly_review.mode === 'off') return { also: [], leftOver: [] };
  const project = projectOr(config.weekly_review.project, config);
  if (!project)
    return { also: ['no weekly review: sources are groups alone, and weekly_review.project names none'], leftOver: [] };
  const week = lastWeek(now, config.time_zone);
  try {
    const keeper = keeperIn(project, me, tools);
    const key = `weekly-review ${week.name}`;
    const found = await findByKey(key, keeper).catch((error: unknown) => {
      if (!(error instanceof NotFound)) throw error;
      throw projectNotThere(project.id, 'weekly_review.project', error);
    });
    if (found.length === 0 && dryRun) return { also: [toOpen(week)], leftOver: [] };
    const manager = found.length === 0 ? await managerAt(tools) : undefined;
    const [issue, ...others] = await createOnce(key, () => describeReview(week, config, manager), keeper, found);
    if (!dryRun) await closeDuplicates([issue, ...others], keeper);
    const opened = found.length === 0 ? [`opened the review of ${week.name}`] : [];
    return { also: [...opened, ...(await keepCurrent(issue, week, taken, me, tools))], leftOver: [] };
  } catch (error) {
    if (!isForgiven(error)) throw error;
    return { also: [], leftOver: [toLeft('weekly review', error)] };
  }
}

function toOpen({ name }: ReviewedWeek): Step {
  return {
    reference: name,
    state: 'over',
    does: [`open the review of ${name}`],
    why: 'weekly review: the week is over',
  };
}

/** The manager on call leads the review. */
async function managerAt({ gitlab, config, now }: Tools): Promise<User | undefined> {
  const [name] = managersOnCall(config, now);
  return name === undefined ? undefined : gitlab.userNamed(name);
}

function describeReview({ name, period }: ReviewedWeek, config: Installation, manager: User | undefined): NewIssue {
  const from = dayOf(period.from, config.time_zone);
  const to = dayOf(new Date(period.to.getTime() - 1), config.time_zone);
  return {
    title: `Weekly review ${name}, ${from} to ${to}`,
    description: render('issues/weekly-review', { from, to }),
    labels: [config.weekly_review.label],
    ...{ confidential: true, assigneeIds: manager ? [manager.id] : [], isIncident: false },
  };
}

async function keepCurrent(
  issue: Issue,
  week: ReviewedWeek,
  { history, issues }: TakenHistory,
  me: User,
  tools: Tools,
): Promise<Also[]> {
  if (issue.state === 'closed') return [];
  const view = viewWeek({ history, issues, home: issue.projectId }, week, tools.config, tools.now);
  const actions = await keepBoard(issue, call('weekly-review', 'board', {}, view), me, tools);
  const does = actions.map(describe);
  if (!tools.dryRun) return does.map((each) => `${issue.reference}: ${each}`);
  const why = 'weekly review: what the week had';
  return does.length > 0 ? [{ reference: issue.reference, state: issue.state, does, why }] : [];
}
