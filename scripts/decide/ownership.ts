import { isSameUser } from '../read/people.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { digest } from '../schema/digest.ts';
import type { AckFacts, Config } from '../schema/types.gen.ts';
import { ownerOf, personOf } from './acknowledgement.ts';
import { ACK_LABELS, DONE, ESCALATED, isAlarmOver, isOnDuty, isPaged, pagedAt, PENDING, type Around } from './duty.ts';
import { call, NO_PART } from './merge.ts';
import type { DutyComment, Part } from './plan.ts';
import type { AckView } from './words.ts';

/** What others decided: whether a step of the ladder was taken, and whether somebody else is assigned by a hand-off. */
type Beside = { wasEscalated: boolean; isHandedOver: boolean };

/**
 * Acknowledgement and ownership (product.md, "The duty"): whoever acknowledges first owns the incident, is assigned, and is
 * asked once when somebody takes the assignment away.
 */
export function decideOwnership(
  snapshot: Snapshot,
  facts: AckFacts,
  config: Config,
  { now, wasEscalated, isPaperwork, isHandedOver }: Pick<Around, 'now' | 'isPaperwork'> & Beside,
): Part {
  const { issue, incident } = snapshot;
  const isKnown = Object.keys(facts).length > 0;
  if (incident === 'no') return isKnown ? { ...NO_PART, comment: boardOf(snapshot, facts) } : NO_PART;
  const isDone = facts.at !== undefined;
  const isAsked = issue.state === 'opened' && !isPaperwork && !isAlarmOver(facts);
  const waits = !isDone && isAsked && isPaged(snapshot, config, now);
  const label = isDone ? DONE : waits ? (wasEscalated ? ESCALATED : PENDING) : undefined;
  // Where there is no duty, labels of these names are not ours to take away.
  const isOurs = isDone || isOnDuty(config);
  const labels = {
    present: label === undefined ? [] : [label],
    absent: ACK_LABELS.filter((other) => isOurs && other !== label),
  };
  const { native } = nativeOf(snapshot, facts);
  const opened = waits && !isKnown ? { ...facts, paged_at: pagedAt(snapshot) } : facts;
  const told = native ? { ...facts, native: native.acknowledgedAt } : opened;
  return {
    labels,
    ...(isKnown || (waits && isOfAlert(snapshot, config)) ? { comment: boardOf(snapshot, told) } : {}),
    ...(native ? { native } : {}),
    ...assignment(snapshot, facts, isHandedOver),
  };
}

/**
 * Whether no person takes part in an incident yet, since an alert made it: a comment that is written now and edited later
 * is mailed to nobody (product.md, "Few notifications"). Source: GitLab docs, user/profile/notifications.
 */
function isOfAlert({ issue: { author, assignees }, comments }: Snapshot, { alert_bots: bots }: Config): boolean {
  return bots.includes(author.username) && assignees.length + comments.length === 0;
}

function boardOf(snapshot: Snapshot, facts: AckFacts): DutyComment {
  const nameOf = (id: number | undefined): string | undefined =>
    id === undefined ? undefined : personOf(snapshot, id)?.username;
  const [by, owner] = [nameOf(facts.by), nameOf(facts.owner ?? facts.by)];
  const isPageKnown = facts.at !== undefined || facts.pagerduty !== undefined || facts.paged_at !== undefined;
  const view: AckView = {
    words: 'ack',
    pagedAt: isPageKnown ? pagedAt(snapshot) : '',
    ...(facts.at === undefined ? {} : { acknowledgedAt: facts.at }),
    ...(by === undefined ? {} : { by }),
    ...(facts.how === undefined ? {} : { how: facts.how }),
    ...(owner === undefined ? {} : { owner }),
    engaged: (facts.engaged ?? []).flatMap((id) => nameOf(id) ?? []),
    escalatedAt: facts.escalated ?? [],
    ...(facts.alarm_resolved_at === undefined ? {} : { alarmResolvedAt: facts.alarm_resolved_at }),
    ...(facts.update_at === undefined ? {} : { updatedAt: facts.update_at }),
  };
  return { slot: 'ack', delivery: 'board', facts: { ...facts, said: digest(view) }, view };
}

/** GitLab's escalation status and timeline hear of an acknowledgement once; where it came from the status, only the timeline. */
function nativeOf({ issue, duty }: Snapshot, facts: AckFacts): Pick<Part, 'native'> {
  if (!issue.isIncidentType || facts.at === undefined || duty?.native !== undefined) return {};
  return { native: { acknowledgedAt: facts.at } };
}

/**
 * The owner is assigned unless somebody took that away since the acknowledgement, which is asked about once, or somebody else
 * became responsible and is assigned in their place.
 */
function assignment(snapshot: Snapshot, facts: AckFacts, isHandedOver: boolean): Pick<Part, 'assign' | 'comments'> {
  const { issue, acts, me } = snapshot;
  const owner = ownerOf(snapshot, facts);
  if (!owner || issue.state === 'closed' || issue.assignees.some(({ id }) => id === owner.id)) return {};
  const since = acts.filter(({ kind, at }) => kind !== 'acknowledged' && at >= (facts.at ?? ''));
  const last = since.findLast(({ username }) => isSameUser(username, owner.username));
  if (last?.kind !== 'unassigned' || last.by.id === me.id) return isHandedOver ? {} : { assign: owner.id };
  const view = { words: 'owner', owner: owner.username, by: last.by.username } as const;
  return { comments: [call('owner', 'call', { note: last.noteId }, view)] };
}
