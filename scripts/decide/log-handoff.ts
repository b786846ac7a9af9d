import type { Installation } from '../read/config.ts';
import { factsOf, type Marked } from '../read/markers.ts';
import type { Given, Snapshot } from '../read/snapshot.ts';
import type { HandoffFacts } from '../schema/types.gen.ts';
import { personOf } from './acknowledgement.ts';
import { isDay } from './day.ts';
import { minutesAfter } from './duty.ts';
import { followAccept, userKnown, type HandoffVerdict } from './handoff-commands.ts';
import { call, NO_PART } from './merge.ts';
import { managersOnCall } from './on-call.ts';
import type { CallComment, HandoffComment, Message, Part } from './plan.ts';
import type { OnHand, Watch } from './watch.ts';
import type { HandoffRow } from './words.ts';

const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;
const LATE_MS = 2 * 3_600_000;
/** Of how many incidents the fields are shown; the others are named. */
const MOST_SHOWN = 50;

/** A shift's part in handing over, and what became of who accepted. */
export type LogHandoff = { part: Part; verdicts: Map<Given, HandoffVerdict> };

/**
 * The hand-off of a whole shift, on its log (product.md, "The duty"): at its beginning everything that is open is handed to
 * the engineer in one call and one Slack message, to be accepted by one `/accept`; of what stays unaccepted the manager
 * hears; before its end the engineer hears once what is missing, by incident.
 */
export function decideLogHandoff(log: Snapshot, watch: Watch, config: Installation, now: Date): LogHandoff {
  const given = log.commands.filter(({ name }) => name === 'accept');
  const { mode } = config.handoff;
  if (mode === 'off') return { part: NO_PART, verdicts: new Map(given.map((command) => [command, 'off'])) };
  const before = log.handoff;
  let handoff = isBegun(watch, before, now) ? toFacts(log, watch) : before;
  const verdicts = new Map<Given, HandoffVerdict>();
  for (const command of given) {
    const accepted = followAccept(command, handoff, config);
    handoff = accepted.handoff;
    verdicts.set(command, accepted.verdict);
  }
  if (!handoff) return { part: dueCall(log, watch, config, now), verdicts };
  const waiting = waitingFor(log, handoff, watch, config, now);
  if (waiting?.length === 0) handoff = settled(handoff, config);
  const messages = mode === 'observe' ? [] : toldInSlack(log, handoff, watch, config, now);
  const isNews = handoff.at !== before?.at || handoff.accepted_at !== before.accepted_at;
  const comments = [
    ...(isNews || messages.length > 0 ? [commentOf(log, handoff, watch, config)] : []),
    ...(waiting && waiting.length > 0 ? lateCall(waiting, handoff, watch, config, now) : []),
    ...(dueCall(log, watch, config, now).comments ?? []),
  ];
  return { part: { ...NO_PART, comments, messages }, verdicts };
}

/** Whether the shift is on, began by a change, and that is not on record yet. */
function isBegun({ began, shift, isWhole }: Watch, before: HandoffFacts | undefined, now: Date): boolean {
  return isWhole && began !== undefined && (before?.at ?? '') < began.at && now.toISOString() < shift.end;
}

/** Where nothing was handed over there is nothing to accept. */
function toFacts(log: Snapshot, { began, onHand }: Watch): HandoffFacts {
  const [from, to] = [userKnown(log, began?.from ?? '')?.id, userKnown(log, began?.to ?? '')?.id];
  const taken = began ? takenOver({ onHand }, began) : [];
  return {
    at: began?.at ?? '',
    ...{ incidents: taken.length, complete: taken.filter(({ missing }) => missing.length === 0).length },
    ...(began && taken.length === 0 ? { accepted_at: began.at } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** What the shift took over: what was there when it began. */
function takenOver({ onHand }: Pick<Watch, 'onHand'>, { at }: { at: string }): OnHand[] {
  return onHand.filter(({ issue }) => issue.createdAt < at);
}

function commentOf(log: Snapshot, handoff: HandoffFacts, watch: Watch, config: Installation): HandoffComment {
  const nameOf = (id: number | undefined, else_ = ''): string => personOf(log, id ?? 0)?.username ?? else_;
  const rows = takenOver(watch, handoff).map((each, index) => toRow(each, log, index));
  const isObserved = config.handoff.mode === 'observe';
  const asks = rows.length > 0 && !isObserved && handoff.accepted_at === undefined;
  const view = {
    ...{ words: 'shift-handoff' as const, at: handoff.at, asks, isObserved },
    ...{ from: nameOf(handoff.from, watch.began?.from), to: nameOf(handoff.to, watch.began?.to) },
    ...{ rows, paperwork: watch.paperwork, before: watch.before?.reference ?? '' },
    acceptedAt: handoff.accepted_by === undefined ? '' : (handoff.accepted_at ?? ''),
    acceptedBy: nameOf(handoff.accepted_by),
  };
  const isNew = handoff.at !== log.handoff?.at;
  return { slot: 'handoff', delivery: isNew && asks ? 'call' : 'board', facts: handoff, view };
}

/** What stands in a confidential incident is shown in its own project alone. */
function toRow({ issue, severity, fields, missing }: OnHand, log: Snapshot, index = 0): HandoffRow {
  const maySay = !issue.confidential || issue.projectId === log.issue.projectId;
  return {
    ...{ reference: issue.reference, severity: severity === undefined ? '' : `S${severity}`, missing },
    responsible: issue.assignees[0]?.username ?? '',
    fields: maySay && index < MOST_SHOWN ? fields.filter(({ isMissing }) => !isMissing) : [],
  };
}

/** One message for a change of shift; what is confidential goes there only where the configuration says so. */
function toldInSlack(log: Snapshot, handoff: HandoffFacts, watch: Watch, config: Installation, now: Date): Message[] {
  const key = `handoff-${handoff.at.replace(/\D/g, '').slice(0, 12)}`;
  const isOld = now.getTime() - Date.parse(handoff.at) > DAY_MS || now.toISOString() >= watch.shift.end;
  if (isOld || !watch.isWhole || handoff.sent?.includes(key)) return [];
  const open = takenOver(watch, handoff);
  // That nothing was handed over is told at once or never.
  if (open.length === 0 && now.getTime() - Date.parse(handoff.at) > LATE_MS) return [];
  const { from = '', to = '' } = watch.began ?? {};
  const lacking = open.filter(({ missing }) => missing.length > 0).length;
  const sections = open.map(({ issue, severity, fields }) => {
    const maySay = !issue.confidential || config.slack.confidential;
    const told = fields.map(({ title, text, isMissing }) => `${title}: ${isMissing ? 'missing' : text}`);
    const brief = fields.flatMap(({ title, isMissing }) => (isMissing ? [`${title}: missing`] : []));
    const title = `${issue.reference}${severity === undefined ? '' : ` S${severity}`}`;
    return { title, link: issue.webUrl, lines: maySay ? told : brief };
  });
  const many =
    open.length === 0 ? 'Nothing is open' : open.length === 1 ? '1 open incident' : `${open.length} open incidents`;
  const lack = lacking === 0 ? '' : `, ${lacking} with missing fields`;
  const text = `On call from ${handoff.at.slice(0, 16).replace('T', ' ')} UTC on: ${to}, after ${from}. ${many}${lack}`;
  return [{ slot: 'handoff', key, to: 'slack', text, tell: [to], lines: [], sections, link: log.issue.webUrl }];
}

/** Whether the hand-off of a shift that is on waits for its engineer longer than it should, and nobody was told of that. */
export function isUnaccepted(
  marked: readonly Marked[],
  { end }: Watch['shift'],
  config: Installation,
  now: Date,
): boolean {
  const { accept_minutes: minutes, mode } = config.handoff;
  const { facts: handoff } = factsOf('handoff', marked);
  const isTold = (factsOf('handoff-late', marked).facts?.at ?? '') >= (handoff?.at ?? '');
  const isOn = now.toISOString() < end && mode === 'enforce' && minutes > 0;
  if (!handoff || !isOn || isTold || handoff.accepted_at !== undefined) return false;
  return now.toISOString() >= minutesAfter(handoff.at, minutes);
}

/** What nobody has accepted though it is time; undefined while it is not. */
function waitingFor(
  log: Snapshot,
  handoff: HandoffFacts,
  watch: Watch,
  config: Installation,
  now: Date,
): OnHand[] | undefined {
  const isLate = watch.isWhole && handoff.accepted_at === undefined;
  if (!isLate || !isUnaccepted(log.marked, watch.shift, config, now)) return undefined;
  return takenOver(watch, handoff).filter(({ handoff: own }) => {
    return own?.accepted_at === undefined && own?.note === undefined;
  });
}

/** Each was accepted by itself: nobody has to accept the whole any more. */
function settled(handoff: HandoffFacts, { handoff: { accept_minutes: minutes } }: Installation): HandoffFacts {
  return { ...handoff, accepted_at: minutesAfter(handoff.at, minutes) };
}

/** The manager hears of what nobody accepted, in one call; by night only where it is major. */
function lateCall(
  waiting: readonly OnHand[],
  handoff: HandoffFacts,
  watch: Watch,
  config: Installation,
  now: Date,
): CallComment[] {
  const dueAt = minutesAfter(handoff.at, config.handoff.accept_minutes);
  const isMajor = waiting.some(({ severity }) => (severity ?? 4) <= 2);
  if (!isMajor && !isDay(now, config)) return [];
  const view = {
    ...{ words: 'handoff-late' as const, tell: managersOnCall(config, now)[0] ?? '', to: watch.shift.engineer },
    minutes: Math.floor((now.getTime() - Date.parse(handoff.at)) / MINUTE_MS),
    references: waiting.map(({ issue }) => issue.reference).sort(),
  };
  return [call('handoff-late', 'call', { at: dueAt }, view)];
}

/** Before the shift ends its engineer hears once what is missing, by incident, and in the log itself. */
function dueCall(log: Snapshot, { ends, shift, onHand, ...watch }: Watch, config: Installation, now: Date): Part {
  const { before_minutes: minutes, mode } = config.handoff;
  const at = now.toISOString();
  const isDue = ends !== undefined && at >= minutesAfter(ends.at, -minutes) && at < ends.at;
  const isTold = ends !== undefined && (factsOf('handoff-due', log.marked).facts?.at ?? '') >= ends.at;
  if (!isDue || isTold || minutes === 0 || mode !== 'enforce' || !watch.isWhole) return NO_PART;
  const rows = onHand.filter(({ missing }) => missing.length > 0).map((each) => toRow(each, log));
  const lacksNotes = watch.pages.length > 0 && (log.read.record.improvement_notes ?? []).length === 0;
  if (rows.length === 0 && !lacksNotes) return NO_PART;
  const view = {
    ...{ words: 'handoff-due' as const, tell: shift.engineer, at: ends.at, to: ends.to },
    ...{ rows: rows.map((row) => ({ ...row, fields: [] })), paperwork: watch.paperwork, lacksNotes },
  };
  return { ...NO_PART, comments: [call('handoff-due', 'call', { at: ends.at }, view)] };
}
