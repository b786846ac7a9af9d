import { SetupError } from '../ci/errors.ts';
import { shiftAt, shiftsBetween, type Shift } from '../decide/roster.ts';
import { showTime } from '../decide/show.ts';
import type { Issue, NewIssue, User } from '../gitlab/port.ts';
import { lookBackMs, SETTLED } from '../read/candidates.ts';
import { projectOr } from '../read/config.ts';
import { logKey, logStart } from '../read/logs.ts';
import { factsOf, readMarkers, type Marked } from '../read/markers.ts';
import type { Config } from '../schema/types.gen.ts';
import { render } from '../render/engine.ts';
import { closeDuplicates, createOnce, type Keeper } from './keyed.ts';
import type { Tools } from './reconcile.ts';

/** The log of a shift, and what is remembered there. Times of the shift are ISO 8601 in UTC with milliseconds. */
export type Log = { issue: Issue; shift: Shift; marked: Marked[] };

/** The logs that are to be tended, oldest first, all that are known by when their shift began, and what was done. */
export type Logs = { tended: Log[]; known: Log[]; also: string[] };

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
  const since = new Date(now.getTime() - BACK_MS).toISOString();
  const { label } = config.shift_log;
  const listed = await gitlab.issues(keeper.project, { state: 'all', labels: [label], updatedAfter: since });
  const known = listed.flatMap((issue) => toLog(issue, me, tools) ?? []);
  const also: string[] = [];
  for (const shift of missingShifts(known, tools)) {
    also.push(`${dryRun ? 'would create' : 'created'} the log of the shift from ${shift.start}`);
    if (!dryRun) known.push(await createLog(shift, keeper, tools));
  }
  known.sort((a, b) => (a.shift.start < b.shift.start ? -1 : 1));
  const tended: Log[] = [];
  for (const log of known.filter((each) => isTended(each, config, now))) {
    const marked = readMarkers(await gitlab.notes(log.issue), me, config.bot.former_ids);
    tended.push({ ...log, marked, shift: shiftOf(log, marked) });
  }
  return { tended, known, also };
}

/** The log that an issue is, if it is one. */
export function toLog(issue: Issue, me: User, { config }: Pick<Tools, 'config'>): Log | undefined {
  const start = logStart(issue, [me.id, ...config.bot.former_ids]);
  if (start === undefined || !issue.labels.includes(config.shift_log.label)) return undefined;
  const rostered = shiftAt(config, new Date(start));
  const isRostered = rostered !== undefined && Date.parse(rostered.start) === Date.parse(start);
  const engineer = issue.assignees[0]?.username ?? '';
  return { issue, shift: isRostered ? exact(rostered) : { start, end: start, engineer }, marked: [] };
}

/** A shift that a change of the roster swept away ends as its log remembers it. */
function shiftOf({ shift }: Log, marked: readonly Marked[]): Shift {
  return shift.end > shift.start ? shift : { ...shift, end: logFacts(marked)?.end ?? shift.end };
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

function keeperOf(me: User, { gitlab, config, bounds }: Tools): Keeper {
  const project = projectOr(config.shift_log.project, config);
  if (!project) throw new SetupError('No project takes the shift logs. Set shift_log.project in the configuration.');
  return { gitlab, me, formerIds: config.bot.former_ids, project, sleep: bounds.sleep };
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
