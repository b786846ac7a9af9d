import { factsOf } from '../read/markers.ts';
import type { Installation } from '../read/config.ts';
import { isSameUser } from '../read/people.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { AckFacts, Config, HandoffFacts } from '../schema/types.gen.ts';
import { ownerOf, personOf } from './acknowledgement.ts';
import { changesAround, type Change, type Changes } from './changes.ts';
import { isDay } from './day.ts';
import { isAlarmOver, isAwaited, minutesAfter, pagedAt, type Around } from './duty.ts';
import { followHandoffs, type Standing } from './handoff-commands.ts';
import { handoffFields, missingAmong } from './handoff-fields.ts';
import { call, NO_PART } from './merge.ts';
import { managersOnCall } from './on-call.ts';
import type { HandoffComment, Message, Part } from './plan.ts';
import { trackedIn } from './tracking.ts';

/** The labels of an incident that is to be handed over soon: whether the hand-off's fields are complete. */
export const [NEEDED, READY] = ['handoff::needed', 'handoff::ready'] as const;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

/** A decision on handing over: its part, what became of the commands, who is responsible, and whether the bot assigned them. */
export type HandoffDecision = Standing & { part: Part; isAssigned: boolean };

/**
 * Handing over (product.md, "The duty"): before a shift ends the fields of each active incident are asked for by a label;
 * at the change, or by `/handoff`, they are posted as they stand, and the next engineer becomes responsible. The owner
 * stays. Whoever becomes responsible accepts; what was handed over by command and is not accepted is told to the manager.
 */
export function decideHandoff(
  snapshot: Snapshot,
  facts: AckFacts,
  config: Installation,
  around: Around,
): HandoffDecision {
  const { now } = around;
  const isActive = isHandedOn(snapshot, facts, config, around);
  if (config.handoff.mode === 'off') return { ...switchedOff(snapshot), isAssigned: false };
  const changes = changesAround(config, now);
  const change = isActive ? changeDue(snapshot, facts, changes) : undefined;
  const standing = followHandoffs(snapshot, facts, config, { now, change, isActive });
  const { handoff } = standing;
  const parts: Part = {
    ...labelled(snapshot, config, { now, changes, isActive }),
    ...(handoff && isActive ? posted(snapshot, handoff, config, around) : {}),
    // What is accepted while it is mere paperwork stays accepted once it is more.
    ...(handoff && !isActive && handoff.accepted_at !== snapshot.handoff?.accepted_at
      ? { comments: [commentOf(snapshot, handoff, config, { ...around, isNew: false })] }
      : {}),
  };
  // Who took the incident, or was given it, since then is assigned as its owner.
  const isStill = handoff?.owner === ownerOf(snapshot, facts)?.id;
  const isAssigned = handoff !== undefined && isStill && assigns(config) && facts.at !== undefined;
  const assign = isAssigned && isActive ? assignment(snapshot, handoff, config) : {};
  return { ...standing, part: { ...parts, ...assign }, isAssigned };
}

function switchedOff({ commands, handoff }: Snapshot): Standing & { part: Part } {
  const given = commands.filter(({ name }) => name === 'handoff' || name === 'accept');
  return { handoff, verdicts: new Map(given.map((command) => [command, 'off'])), part: NO_PART };
}

function assigns({ handoff }: Config): boolean {
  return handoff.mode === 'enforce' && handoff.assign !== 'none';
}

/** Whether an incident is somebody's work now: open, paged, no mere paperwork, tracked nowhere else. */
function isHandedOn(snapshot: Snapshot, facts: AckFacts, config: Config, { isPaperwork }: Around): boolean {
  const { issue, incident } = snapshot;
  const isKnown = facts.at !== undefined || isAwaited(issue.labels);
  const isOpen = issue.state === 'opened' && incident === 'now' && !isPaperwork;
  return isOpen && isKnown && !isAlarmOver(facts) && trackedIn(snapshot, config) === undefined;
}

/** The last change of shift, where the incident was there already and it is not on record. */
function changeDue(snapshot: Snapshot, facts: AckFacts, { last }: Changes): Change | undefined {
  const since = [facts.at ?? pagedAt(snapshot), snapshot.issue.createdAt].sort().at(-1) ?? '';
  const isOnRecord = last !== undefined && (snapshot.handoff?.at ?? '') >= last.at;
  return last && since < last.at && !isOnRecord ? last : undefined;
}

function labelled(
  { read }: Snapshot,
  config: Config,
  { now, changes: { next }, isActive }: { now: Date; changes: Changes; isActive: boolean },
): Part {
  const { before_minutes: minutes } = config.handoff;
  const isNear = next !== undefined && minutes > 0 && now.toISOString() >= minutesAfter(next.at, -minutes);
  if (!isNear || !isActive) return { labels: { present: [], absent: [NEEDED, READY] } };
  const [label, other] = missingAmong(handoffFields(read)).length > 0 ? [NEEDED, READY] : [READY, NEEDED];
  return { labels: { present: [label], absent: [other] } };
}

/** The hand-off as it is told on the incident: once, and again when it was accepted; of what is not accepted the manager hears. */
function posted(
  snapshot: Snapshot,
  handoff: HandoffFacts,
  config: Installation,
  around: Around,
): Pick<Part, 'comments' | 'messages' | 'wakeAt'> {
  const before = snapshot.handoff;
  const isNew = handoff.at !== before?.at || handoff.note !== before.note;
  const isNews = isNew || handoff.accepted_at !== before.accepted_at;
  const messages = toldInSlack(snapshot, handoff, config, around.now);
  const late = isNew ? undefined : lateCall(snapshot, handoff, config, around);
  const wake = isNew && handoff.note !== undefined && config.handoff.accept_minutes > 0;
  return {
    comments: [
      ...(isNews || messages.length > 0 ? [commentOf(snapshot, handoff, config, { ...around, isNew })] : []),
      ...(late ? [late] : []),
    ],
    messages,
    ...(wake ? { wakeAt: minutesAfter(handoff.at, config.handoff.accept_minutes) } : {}),
  };
}

function commentOf(
  snapshot: Snapshot,
  handoff: HandoffFacts,
  config: Config,
  { severity, isNew }: Around & { isNew: boolean },
): HandoffComment {
  const nameOf = (id: number | undefined): string => personOf(snapshot, id ?? 0)?.username ?? '';
  const isObserved = config.handoff.mode === 'observe';
  const fields = handoffFields(snapshot.read);
  // What is minor is told on the shift log, in one call for all; its own comment is edited in place.
  const asks = isNew && !isObserved && (handoff.note !== undefined || (severity ?? 4) <= 2);
  const view = {
    ...{ words: 'handoff' as const, at: handoff.at, from: nameOf(handoff.from), to: nameOf(handoff.to) },
    ...{ owner: nameOf(handoff.owner), isCommanded: handoff.note !== undefined, isObserved, asks },
    ...{ fields, missing: missingAmong(fields) },
    ...{ acceptedAt: handoff.accepted_at ?? '', acceptedBy: nameOf(handoff.accepted_by) },
  };
  return { slot: 'handoff', delivery: asks ? 'call' : 'board', facts: handoff, view };
}

/** A hand-off by command is told in Slack by itself; those of a change of shift are told together. */
function toldInSlack(snapshot: Snapshot, handoff: HandoffFacts, config: Installation, now: Date): Message[] {
  const { reference, webUrl: link, confidential } = snapshot.issue;
  const key = `handoff-${handoff.note ?? ''}`;
  const isOld = now.getTime() - Date.parse(handoff.at) > DAY_MS || handoff.sent?.includes(key);
  if (handoff.note === undefined || config.handoff.mode === 'observe' || isOld) return [];
  const [from, to] = [handoff.from, handoff.to].map((id) => personOf(snapshot, id ?? 0)?.username);
  const maySay = !confidential || config.slack.confidential;
  const fields = handoffFields(snapshot.read).map(({ title, text, isMissing }) => {
    return `${title}: ${isMissing ? 'missing' : maySay ? text : 'there'}`;
  });
  const text = `${reference}: handed over by ${from ?? 'somebody'} to ${to ?? 'somebody'}`;
  const tell = to === undefined ? [] : [to];
  return [{ slot: 'handoff', key, to: 'slack', text, tell, lines: fields, link }];
}

function lateCall(
  snapshot: Snapshot,
  handoff: HandoffFacts,
  config: Config,
  { now, severity }: Around,
): Part['comment'] {
  const { accept_minutes: minutes, mode } = config.handoff;
  if (handoff.note === undefined || handoff.accepted_at !== undefined || minutes === 0) return undefined;
  const dueAt = minutesAfter(handoff.at, minutes);
  const isTold = (factsOf('handoff-late', snapshot.marked).facts?.at ?? '') >= handoff.at;
  const mayCall = mode === 'enforce' && ((severity ?? 4) <= 2 || isDay(now, config));
  if (now.toISOString() < dueAt || isTold || !mayCall) return undefined;
  const [tell = ''] = managersOnCall(config, now);
  const to = personOf(snapshot, handoff.to ?? 0)?.username ?? '';
  const waited = Math.floor((now.getTime() - Date.parse(handoff.at)) / MINUTE_MS);
  return call(
    'handoff-late',
    'call',
    { at: dueAt },
    { words: 'handoff-late', tell, to, minutes: waited, references: [] },
  );
}

/**
 * Whoever is responsible is assigned, unless somebody took that away since; whoever was is no more, but for the owner, and
 * for whom people assigned since.
 */
function assignment(
  { issue, acts, people, me }: Snapshot,
  { at, from, to, owner }: HandoffFacts,
  { handoff: { assign } }: Config,
): Pick<Part, 'assign' | 'unassign'> {
  if (to === undefined) return {};
  const since = acts.filter((act) => act.at >= at);
  const isAssignedSince = (name: string): boolean =>
    since.some(({ kind, by, username }) => kind === 'assigned' && by.id !== me.id && isSameUser(username, name));
  const others = issue.assignees.filter(({ id, username }) => id !== to && !isAssignedSince(username));
  const leaving = others.filter(({ id }) => assign === 'replace' || (id === from && id !== owner)).map(({ id }) => id);
  const isThere = issue.assignees.some(({ id }) => id === to);
  const name = people.get(to)?.username ?? '';
  const isTakenAway = since.some(({ kind, username }) => kind === 'unassigned' && isSameUser(username, name));
  return (isThere ? leaving.length === 0 : isTakenAway) ? {} : { assign: to, unassign: leaving };
}
