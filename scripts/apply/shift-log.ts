import { SetupError } from '../ci/errors.ts';
import { shiftAt, shiftsBetween, type RosterConfig, type Shift } from '../decide/roster.ts';
import { showTime } from '../decide/show.ts';
import type { Issue, NewIssue, User } from '../gitlab/port.ts';
import { lookBackMs, SETTLED } from '../read/candidates.ts';
import { projectOr } from '../read/config.ts';
import { isLogIssue, logKey, logStart } from '../read/logs.ts';
import { factsOf, readMarkers, type Marked } from '../read/markers.ts';
import type { Config } from '../schema/types.gen.ts';
import { render } from '../render/engine.ts';
import type { Also, Step } from '../render/steps.ts';
import { closeDuplicates, createOnce, keeperIn, type Keeper } from './keyed.ts';
import type { Tools } from './reconcile.ts';

/** The log of a shift, and what is remembered there. Times of the shift are ISO 8601 in UTC with milliseconds. */
export type Log = { issue: Issue; shift: Shift; marked: Marked[] };

/** The logs that are to be tended, oldest first, all that are known by when their shift began, and what was done. */
export type Logs = { tended: Log[]; known: Log[]; also: Also[] };

const DAY_MS = 24 * 3_600_000;
/** Logs are looked for so far back; a shift without one that ended before gets none any more. */
const BACK_MS = 14 * DAY_MS;
const MOST_LATE_MS = 3 * DAY_MS;
/** By then all windows were told by day, and a log without pages was closed. */
const TENDED_MS = 1.5 * DAY_MS;

/**
 * The logs of the present shift and of those that ended of late, created where there are none: that of the present shift
 * always, an earlier one where there are logs from before it, so that runs that were missed are made up for.
 */
export async function openLogs(me: User, tools: Tools): Promise<Logs> {
  const { gitlab, config, now, dryRun } = tools;
  const keeper = keeperOf(me, tools);
  const known = await knownLogs(me, tools);
  const also: Also[] = [];
  for (const shift of missingShifts(known, tools)) {
    also.push(dryRun ? toCreate(shift) : `created the log of the shift from ${shift.start}`);
    if (!dryRun) known.push(await createLog(shift, keeper, tools));
  }
  known.sort((a, b) => (a.shift.start < b.shift.start ? -1 : 1));
  const tended: Log[] = [];
  for (const log of known.filter((each) => isTended(each, config, now))) {
    const marked = readMarkers(await gitlab.notes(log.issue), me, config.bot.former_ids);
    tended.push({ ...log, marked });
  }
  return { tended, known, also };
}

function toCreate({ start }: Shift): Step {
  const does = [`create the log of the shift from ${start}`];
  return { reference: 'shift log', state: '', does, why: 'shift log: the shift has none' };
}

/** The logs that there are, by when their shift began; of several for one shift the first, the others are closed. */
export async function knownLogs(me: User, tools: Tools): Promise<Log[]> {
  const { gitlab, config, now, dryRun } = tools;
  const keeper = keeperOf(me, tools);
  const updatedAfter = new Date(now.getTime() - BACK_MS).toISOString();
  const query = { state: 'all', labels: [config.shift_log.label], updatedAfter } as const;
  const byStart = new Map<string, Log[]>();
  for (const issue of await gitlab.issues(keeper.project, query)) {
    const log = await findLog(issue, me, tools);
    if (log) byStart.set(log.shift.start, [...(byStart.get(log.shift.start) ?? []), log]);
  }
  const all = [...byStart.values()].map((logs) => logs.sort((a, b) => a.issue.iid - b.issue.iid));
  if (!dryRun) for (const logs of all) await closeDuplicates(issuesOf(logs), keeper);
  return all.flatMap((logs) => logs.slice(0, 1)).sort((a, b) => (a.shift.start < b.shift.start ? -1 : 1));
}

function issuesOf(logs: readonly Log[]): Issue[] {
  return logs.map(({ issue }) => issue);
}

/** The log that an issue is, if it is one; where people took its first line away, its comment says of which shift. */
export async function findLog(issue: Issue, me: User, { gitlab, config, now }: Tools): Promise<Log | undefined> {
  const botIds = [me.id, ...config.bot.former_ids];
  if (!isLogIssue(issue, botIds, config)) return undefined;
  const written = logStart(issue);
  const rostered = written === undefined ? undefined : shiftFrom(written, config);
  if (rostered) return { issue, shift: rostered, marked: [] };
  const marked = readMarkers(await gitlab.notes(issue), me, config.bot.former_ids);
  const facts = logFacts(marked);
  const start = written ?? facts?.start;
  if (start === undefined) return undefined;
  // A shift that a change of the roster swept away is over; while PagerDuty tells nothing, none was.
  const isUnknown = config.roster?.pagerduty !== undefined && config.onCalls?.engineers.length === 0;
  const ends = [facts?.end ?? '', isUnknown ? '' : now.toISOString()].filter((time) => time !== '').sort();
  const end = ends[0] ?? now.toISOString();
  const swept = { start, end, engineer: issue.assignees[0]?.username ?? '' };
  return { issue, shift: shiftFrom(start, config) ?? swept, marked };
}

/** The shift that begins at a time, by the roster. */
function shiftFrom(start: string, config: RosterConfig): Shift | undefined {
  const rostered = shiftAt(config, new Date(start));
  return rostered && Date.parse(rostered.start) === Date.parse(start) ? exact(rostered) : undefined;
}

/** Whether there may be something to tell of a shift, or somebody wrote or closed its log of late. */
function isTended({ issue, shift }: Log, config: Config, now: Date): boolean {
  const sinceMs = (time: string): number => now.getTime() - Date.parse(time);
  if (sinceMs(issue.updatedAt) <= lookBackMs(config)) return true;
  const isSettled = issue.state === 'closed' && SETTLED.some((label) => issue.labels.includes(label));
  return !isSettled && sinceMs(shift.end) <= TENDED_MS;
}

/** What a log remembers of its pages and windows. */
export function pagesKnown({ marked }: Log): Pick<NonNullable<ReturnType<typeof logFacts>>, 'pages' | 'windows'> {
  return logFacts(marked) ?? { pages: [], windows: [] };
}

function logFacts(marked: readonly Marked[]): ReturnType<typeof factsOf<'log'>>['facts'] {
  return factsOf('log', marked).facts;
}

/** The present shift, and those since the latest that has a log, as far as none of them has one. */
function missingShifts(known: readonly Log[], { config, now }: Tools): Shift[] {
  const starts = known.map(({ shift }) => shift.start).sort();
  const latestMs = Date.parse(starts.at(-1) ?? now.toISOString());
  const from = new Date(Math.min(now.getTime(), Math.max(latestMs, now.getTime() - MOST_LATE_MS)));
  const shifts = shiftsBetween(config, from, new Date(now.getTime() + 1)).map(exact);
  return shifts.filter(({ start }) => start <= now.toISOString() && !starts.includes(start));
}

function exact({ start, end, engineer }: Shift): Shift {
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString(), engineer };
}

function keeperOf(me: User, tools: Tools): Keeper {
  const project = projectOr(tools.config.shift_log.project, tools.config);
  if (!project) throw new SetupError('No project takes the shift logs. Set shift_log.project in the configuration.');
  return keeperIn(project, me, tools);
}

/** The engineer is assigned once it tells of the shift, so that what it tells first is mailed to nobody. */
async function createLog(shift: Shift, keeper: Keeper, { config }: Tools): Promise<Log> {
  const [start, end] = [showTime(shift.start), showTime(shift.end)];
  const describe = (): NewIssue => ({
    title: `Shift log ${start}, ${shift.engineer}`,
    description: render('issues/shift-log', { start, end }),
    labels: [config.shift_log.label],
    ...{ confidential: true, assigneeIds: [], isIncident: false },
  });
  const logs = await createOnce(logKey(shift.start), describe, keeper);
  await closeDuplicates(logs, keeper);
  return { issue: logs[0], shift, marked: [] };
}
