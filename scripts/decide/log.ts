import type { Installation } from '../read/config.ts';
import { factsOf } from '../read/markers.ts';
import { OF_THE_GATE } from '../read/given.ts';
import type { Given, Snapshot } from '../read/snapshot.ts';
import { logForm } from '../schema/log-form.ts';
import type { LogFacts } from '../schema/types.gen.ts';
import { answerCommands, type Answers } from './answers.ts';
import { decideDigests, type Told } from './log-digests.ts';
import { decideLogHandoff } from './log-handoff.ts';
import { boardOf } from './log-view.ts';
import { decideGate } from './gate.ts';
import { wait } from './gate-decision.ts';
import { userKnown, type HandoffVerdict } from './handoff-commands.ts';
import { withAnswers, type Decided } from './incident.ts';
import { mergeRuled, NO_PART } from './merge.ts';
import type { Part } from './plan.ts';
import { reviewWindows } from './review.ts';
import { isRelated } from './tracking.ts';
import type { PageOfShift, Watch } from './watch.ts';

const DAY_MS = 24 * 3_600_000;
/** What concerns a shift as a whole; all other commands are for incidents. */
const COMMANDS: readonly string[] = ['accept', 'check', 'resolved', 'override', 'active', 'help', 'who'];

/** The configuration by which a shift log is read and judged: it has a form of its own, and its label makes it one. */
export function logInstallation(config: Installation): Installation {
  // What was a log before shift logs were turned off is none of the incidents either.
  const mode = config.shift_log.mode === 'enforce' ? config.gate.mode : 'observe';
  return {
    ...config,
    form: logForm(),
    incident: { labels: [config.shift_log.label] },
    gate: { ...config.gate, mode, since: '1970-01-01T00:00:00Z' },
  };
}

/**
 * What must be true of a shift log (product.md, "The duty"): it tells of the shift in one comment that is kept current,
 * calls for what is missed and handed over, stays open until it says what could be better where there were pages, and
 * closes by itself where there were none. `config` is that of `logInstallation`.
 */
export function decideLog(
  snapshot: Snapshot,
  watch: Watch,
  config: Installation,
  now: Date,
  commit: string | undefined,
): Decided {
  const record = { ...snapshot.read.record, pages: watch.pages.length };
  const log: Snapshot = { ...snapshot, read: { ...snapshot.read, record } };
  const isQuiet = watch.pages.length === 0;
  const gate = isQuiet ? wait('open') : decideGate(log, config, now, commit);
  if (log.off) return { ...mergeRuled([['closure gate', gate.plan]]), finding: gate.finding };
  const digests = decideDigests(log, watch, config, now);
  const handedOver = decideLogHandoff(log, watch, config, now);
  const handoffs = new Map([...refusals(log, isQuiet), ...handedOver.verdicts]);
  const isMute = gate.plan.comment === undefined;
  const state = gate.plan.comment?.facts.state ?? log.gate?.state;
  const answers = answerCommands(log, {}, state, { config, now, isMute, handoffs });
  const before = factsOf('log', log.marked).facts;
  // What somebody reopened stays open.
  const closes = isQuiet && before?.closed_at === undefined && isOver(log.issue, watch, digests.told, config, now);
  const facts: LogFacts = {
    ...{ start: watch.shift.start, end: watch.shift.end, at: before?.at ?? now.toISOString() },
    ...{ pages: watch.pages.map(toFacts), windows: digests.told },
    ...answered(log, answers.done),
    ...closedAt(log.issue, watch, isQuiet, before?.closed_at),
  };
  const ruled = mergeRuled([
    ['closure gate', withAnswers(gate.plan, log, answers)],
    ['review', digests.part],
    ['hand-off', handedOver.part],
    ['shift log', watch.isWhole || before ? boardOf(log, watch, facts, config, now) : NO_PART],
    ['shift log', related(log, watch)],
    ['shift log', { labels: { present: [config.shift_log.label], absent: [] } }],
    ['shift log', assigned(log, watch)],
    ['commands', answers.part],
    ['shift log', closes ? { ...NO_PART, state: 'closed' } : NO_PART],
  ]);
  return { ...ruled, finding: gate.finding };
}

/** Commands that are for incidents, and those of the gate where it asks for nothing. */
function refusals({ commands }: Snapshot, isQuiet: boolean): [Given, HandoffVerdict][] {
  return commands.flatMap((command): [Given, HandoffVerdict][] => {
    if (!COMMANDS.includes(command.name)) return [[command, 'no incident']];
    return isQuiet && OF_THE_GATE.includes(command.name) ? [[command, 'quiet']] : [];
  });
}

/** Whether a shift is over, and all is told that there was to tell. */
function isOver(issue: Snapshot['issue'], watch: Watch, told: Told['told'], config: Installation, now: Date): boolean {
  const { shift, isWhole } = watch;
  if (issue.state === 'closed' || !isWhole || now.toISOString() < shift.end) return false;
  const isTold = config.review.mode !== 'enforce' || told.length >= reviewWindows(config, shift).length;
  return isTold || now.getTime() - Date.parse(shift.end) > DAY_MS;
}

/** When it was closed since nothing had happened: known once that is seen, so that a run that was cut off before it is made up for. */
function closedAt(
  { state, closedAt: at }: Snapshot['issue'],
  { shift }: Watch,
  isQuiet: boolean,
  before: string | undefined,
): Pick<LogFacts, 'closed_at'> {
  if (before !== undefined) return { closed_at: before };
  return isQuiet && state === 'closed' && at !== undefined && at >= shift.end ? { closed_at: at } : {};
}

function toFacts({ issue, at, acknowledgedAt }: PageOfShift): LogFacts['pages'][number] {
  const page = { project: issue.projectId, iid: issue.iid, at };
  return acknowledgedAt === undefined ? page : { ...page, acknowledged_at: acknowledgedAt };
}

/** What the log's own comment remembers of commands that were done. */
function answered({ duty }: Snapshot, { ack }: Answers['done']): Pick<LogFacts, 'answered'> {
  const all = [...new Set([...(duty?.answered ?? []), ...ack])].sort((a, b) => a - b);
  return all.length > 0 ? { answered: all } : {};
}

/** The engineer of the shift is assigned, unless somebody took that away. */
function assigned(log: Snapshot, { shift }: Watch): Part {
  const { issue, acts, me } = log;
  const engineer = userKnown(log, shift.engineer);
  const isTakenAway = acts.some(({ kind, by }) => kind === 'unassigned' && by.id !== me.id);
  const isNeeded = issue.state === 'opened' && !isTakenAway && !issue.assignees.some(({ id }) => id === engineer?.id);
  return isNeeded && engineer ? { ...NO_PART, assign: engineer.id } : NO_PART;
}

/** Each log is linked with the one before, unless GitLab says that it is. */
function related(log: Snapshot, { before }: Watch): Part {
  return !before || isRelated(log, before.reference) ? NO_PART : { ...NO_PART, relate: [before.reference] };
}
