import { LeftOver, SetupError } from '../ci/errors.ts';
import { changesAround, type Changes } from '../decide/changes.ts';
import { logInstallation } from '../decide/log.ts';
import { isUnaccepted } from '../decide/log-handoff.ts';
import { windowsToTell } from '../decide/log-digests.ts';
import { isDay } from '../decide/day.ts';
import { isDue, severityShown } from '../decide/due.ts';
import { isHandoffDue, isOnHand } from '../decide/handoff-due.ts';
import { mayConcernShift } from '../decide/horizon.ts';
import { DONE } from '../decide/duty.ts';
import type { Issue, User } from '../gitlab/port.ts';
import { isAnalysisIssue } from '../read/analyses.ts';
import { issueKey, listForShift, lookBackMs } from '../read/candidates.ts';
import { factsOf, readMarkers } from '../read/markers.ts';
import { examine, lookUnasked, type Examined, type Look } from './examine.ts';
import { toLeft, type Left } from './left.ts';
import { reconcile, type Reconciled, type Tools } from './reconcile.ts';
import { logRules } from './rules.ts';
import { knownLogs, openLogs, pagesKnown, type Log, type Logs } from './shift-log.ts';
import type { Also } from '../render/steps.ts';
import { roomOf, watchOf, type Room } from './watch.ts';

/** What was done for the shifts, beside single incidents in words. */
export type Tended = Examined & { untouched: number; also: Also[] };

/** What a run did before it came to the shifts. */
export type Before = { done: readonly Reconciled[]; progress: (line: string) => void };

/**
 * Tends the shifts (product.md, "The duty"): the incidents that are to be handed over, reviewed, or accepted now are looked
 * at, and the logs of the present shift and those before are kept, told of, and closed. What is due is worked out from the
 * roster and from what the logs remember, so that a run too many does nothing, and the next one makes up for one too few.
 */
export async function tendShifts(me: User, tools: Tools, { done, progress }: Before): Promise<Tended> {
  const { gitlab, config, now } = tools;
  const leftOver: Left[] = [];
  const logs = await logsOf(me, tools, leftOver);
  const starts = logs.tended.map(({ shift }) => shift.start);
  const isTold = logs.tended.some((log) => toTell(log, tools).length > 0);
  const since = starts[0] ?? now.toISOString();
  const listing = { closedSince: since, ...(isTold ? { alsoLabelled: config.review.label } : {}) };
  const found = await listForShift(gitlab, config, listing, (issue) => mayConcernShift(issue, config, since, now));
  // An analysis is none of the incidents, though it be on call.
  const botIds = [me.id, ...config.bot.former_ids];
  const listed = found.filter((issue) => !isAnalysisIssue(issue, botIds, config));
  const seen = new Set(done.map(({ issue }) => issueKey(issue)));
  const mayWait =
    !isDay(now, config) && !listed.some((issue) => isOnHand(issue) && (severityShown(issue, config) ?? 4) <= 2);
  const isLate = !mayWait && logs.tended.some(({ marked, shift }) => isUnaccepted(marked, shift, config, now));
  const changes = changesAround(config, now);
  const isBegun = config.handoff.mode !== 'off' && logs.tended.some((log) => isToTakeOver(log, changes));
  const around = { isTold, isAll: isLate || isBegun || isMorning(tools), changes };
  const due = listed.filter((issue) => !seen.has(issueKey(issue)) && isDueFor(issue, logs, around, tools));
  const looked = await examine(due.map(lookUnasked(me, tools)), progress);
  const room = roomOf({ listed, done: [...done, ...looked.incidents], logs, isTold }, tools);
  const told = await tellLogs(me, room, tools, progress);
  return {
    incidents: [...looked.incidents, ...told.incidents],
    leftOver: [...leftOver, ...looked.leftOver, ...told.leftOver],
    ...{ untouched: listed.length - due.length, also: logs.also },
  };
}

/** Looks at one log alone, since somebody wrote there: its closing and its commands. */
export async function tendLog(log: Log, me: User, tools: Tools): Promise<Reconciled> {
  const { gitlab, config } = tools;
  const since = log.shift.start;
  const concerns = (issue: Issue): boolean => mayConcernShift(issue, config, since, tools.now);
  const listed = await listForShift(gitlab, config, { closedSince: since }, concerns);
  const marked = readMarkers(await gitlab.notes(log.issue), me, config.bot.former_ids);
  const told = { ...log, marked };
  const logs: Logs = { tended: [told], known: await knownLogs(me, tools), also: [] };
  const room = roomOf({ listed, done: [], logs, isTold: false }, tools);
  const watch = { ...watchOf(told, room), isWhole: false };
  return reconcile(log.issue, me, { ...tools, config: logInstallation(config), rules: logRules(watch) });
}

/** The logs; where they cannot be had, the incidents are tended all the same. */
async function logsOf(me: User, tools: Tools, leftOver: Left[]): Promise<Logs> {
  const none: Logs = { tended: [], known: [], also: [] };
  if (tools.config.shift_log.mode === 'off') return none;
  try {
    return await openLogs(me, tools);
  } catch (error) {
    if (!(error instanceof LeftOver) && !(error instanceof SetupError)) throw error;
    leftOver.push(toLeft('shift log', error));
    return none;
  }
}

function toTell(log: Log, { config, now }: Tools): unknown[] {
  return windowsToTell(log.shift, pagesKnown(log).windows, config, now);
}

/** Whether an issue is to be looked at: by what a list tells of it, or since a log is to tell of it. */
function isDueFor(
  issue: Issue,
  { tended }: Logs,
  { isTold, isAll, changes }: { isTold: boolean; isAll: boolean; changes: Changes },
  { config, now }: Tools,
): boolean {
  if (isDue(issue, config, now, lookBackMs(config)) || isHandoffDue(issue, config, { changes, now })) return true;
  if (isTold && issue.state === 'opened' && issue.labels.includes(config.review.label)) return true;
  if (isAll && isOnHand(issue)) return true;
  return tended.some((log) => isPageToAsk(issue, log));
}

/** Whether day came of late: what is minor, and nobody accepted by night, is told now. */
function isMorning({ config, now }: Tools): boolean {
  const { mode, accept_minutes: minutes } = config.handoff;
  const before = new Date(now.getTime() - lookBackMs(config));
  return mode === 'enforce' && minutes > 0 && isDay(now, config) && !isDay(before, config);
}

/** Whether a shift began by the last change, and its log does not say yet what it took over: somebody may have touched that since. */
function isToTakeOver({ marked, shift }: Log, { last }: Changes): boolean {
  return last !== undefined && shift.start === last.at && (factsOf('handoff', marked).facts?.at ?? '') < last.at;
}

/** Whether somebody acknowledged a page of a shift, and its log does not know yet when. */
function isPageToAsk({ projectId, iid, labels, createdAt }: Issue, log: Log): boolean {
  const isOfShift = createdAt >= log.shift.start && createdAt < log.shift.end;
  if (!isOfShift || !labels.includes(DONE)) return false;
  const known = pagesKnown(log).pages.find((page) => page.project === projectId && page.iid === iid);
  return known?.acknowledged_at === undefined;
}

async function tellLogs(me: User, room: Room, tools: Tools, progress: Before['progress']): Promise<Examined> {
  const config = logInstallation(tools.config);
  const looks = room.logs.tended.map((log): Look => {
    const rules = logRules(watchOf(log, room));
    return { reference: log.issue.reference, look: () => reconcile(log.issue, me, { ...tools, config, rules }) };
  });
  return examine(looks, progress);
}
