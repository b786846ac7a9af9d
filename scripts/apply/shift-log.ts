import { SetupError } from '../ci/errors.ts';
import { digestOf, digestsDue, digestSlot, type Looked } from '../decide/digest.ts';
import { mergeParts, NO_PART } from '../decide/merge.ts';
import type { CallComment } from '../decide/plan.ts';
import type { ReviewWindow } from '../decide/review.ts';
import { shiftAt } from '../decide/roster.ts';
import { showTime } from '../decide/show.ts';
import type { Issue, NewIssue, User } from '../gitlab/port.ts';
import { lookBackMs } from '../read/candidates.ts';
import { projectOr, sourcesOf } from '../read/config.ts';
import { readMarkers } from '../read/markers.ts';
import { render } from '../render/engine.ts';
import { applyActions } from './apply.ts';
import { difference } from './difference.ts';
import { closeDuplicates, createOnce, type Keeper } from './keyed.ts';
import type { Reconciled, Tools } from './reconcile.ts';

/**
 * Posts the digests of the review windows that ended, each once, on the log of its shift: an issue that is created for it,
 * confidential and assigned to the engineer. Costs nothing while no window has ended of late. Gives what was done, in words.
 */
export async function postDigests(done: readonly Reconciled[], me: User, tools: Tools): Promise<string[]> {
  const { config, now, dryRun } = tools;
  const windows = digestsDue(config, now, lookBackMs(config));
  const actions: string[] = [];
  const looked = windows.length === 0 ? [] : await lookedAt(done, tools);
  for (const window of windows) {
    const digest = digestOf(window, looked, config, now);
    if (!digest) continue;
    if (dryRun) actions.push(`post the digest of the window that ended ${window.end}`);
    else if (await postDigest(window, digest, me, tools))
      actions.push(`posted the digest of the window that ended ${window.end}`);
  }
  return actions;
}

/** All open issues on call, as this run left them; who looked at them is known of those that it examined. */
async function lookedAt(done: readonly Reconciled[], { gitlab, config }: Tools): Promise<Looked[]> {
  const examined = new Map(
    done.map(({ issue, reviews, onCallSince: since }) => [issue.webUrl, { reviews, since }] as const),
  );
  const found: Issue[] = [];
  for (const source of sourcesOf(config)) {
    found.push(...(await gitlab.issues(source, { state: 'opened', labels: [config.review.label] })));
  }
  return found.map((issue) => {
    const known = examined.get(issue.webUrl);
    return { issue, ...(known ? { examined: known } : {}) };
  });
}

async function postDigest(window: ReviewWindow, digest: CallComment, me: User, tools: Tools): Promise<boolean> {
  const { gitlab, config } = tools;
  const log = await shiftLog(window, me, tools);
  const marked = readMarkers(await gitlab.notes(log), me, config.bot.former_ids);
  if (marked.some(({ slot }) => slot === digestSlot(window))) return false;
  const plan = mergeParts([{ ...NO_PART, comment: digest }]);
  const actions = difference(plan, { issue: log, marked });
  await applyActions(actions, {
    issue: log,
    me,
    gitlab,
    isOvertaken: () => Promise.resolve(false),
    warn: () => undefined,
  });
  return true;
}

/** The log of the shift to which a window belongs; created where there is none. */
async function shiftLog(window: ReviewWindow, me: User, { gitlab, config, bounds }: Tools): Promise<Issue> {
  const shift = shiftAt(config, new Date(window.start)) ?? window;
  const project = projectOr(config.shift_log.project, config);
  if (!project) throw new SetupError('No project takes the shift logs. Set shift_log.project in the configuration.');
  const engineer = await gitlab.userNamed(window.engineer);
  const keeper: Keeper = { gitlab, me, formerIds: config.bot.former_ids, project, sleep: bounds.sleep };
  const key = `shift-log ${shift.start.replace(/\D/g, '').slice(0, 12)}`;
  const describe = (): NewIssue => ({
    title: `Shift log ${shift.start.slice(0, 16).replace('T', ' ')} UTC`,
    description: describeShift(shift.start, shift.end, window.engineer),
    labels: [config.shift_log.label],
    ...{ confidential: true, assigneeIds: engineer ? [engineer.id] : [], isIncident: false },
  });
  const logs = await createOnce(key, describe, keeper);
  await closeDuplicates(logs, keeper);
  return logs[0];
}

function describeShift(start: string, end: string, engineer: string): string {
  return render('issues/shift-log', { start: showTime(start), end: showTime(end), engineer });
}
