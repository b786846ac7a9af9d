import { demand } from './access.ts';
import type { Account, EscalationStatus, Severity, StoredIssue, TimelineEvent } from './records.ts';
import { SEVERITY_WORDS, writeSystemNote } from './system-notes.ts';
import type { World } from './world.ts';

const STATUS_WORDS: Readonly<Record<EscalationStatus, string>> = {
  TRIGGERED: 'Triggered',
  ACKNOWLEDGED: 'Acknowledged',
  RESOLVED: 'Resolved',
  IGNORED: 'Ignored',
};

/** Sets the escalation status as a Developer does. Source: app/services/incident_management/issuable_escalation_statuses. */
export function setEscalationStatus(world: World, actor: Account, issue: StoredIssue, status: EscalationStatus): void {
  demand(actor, world.projectOf(issue), 'set the escalation status');
  if (issue.escalationStatus === status) return;
  const before = structuredClone(issue);
  issue.escalationStatus = status;
  issue.updatedAt = world.now();
  noteStatus(world, actor, issue, '');
  world.tell({ kind: 'issue', issue, actorId: actor.id, action: 'update', before });
}

/**
 * Closing an incident resolves its escalation status, and writes that into notes and timeline; reopening leaves it
 * resolved. Source: app/services/issues/close_service.rb; platform sheet, section 4.
 */
export function resolveEscalation(world: World, actor: Account, issue: StoredIssue): void {
  if (issue.type !== 'incident' || issue.escalationStatus === 'RESOLVED') return;
  issue.escalationStatus = 'RESOLVED';
  noteStatus(world, actor, issue, ' by closing the incident');
}

/** The timeline's own entries for what GitLab sees happening. Source: app/services/incident_management/timeline_events/create_service.rb. */
export function recordSeverity(world: World, actor: Account, issue: StoredIssue, severity: Severity): void {
  const note = `@${actor.username} changed the incident severity to **${SEVERITY_WORDS[severity]}**`;
  addTimelineEvent(world, actor, issue, { note, action: 'severity' });
}

export function recordReopening(world: World, actor: Account, issue: StoredIssue): void {
  if (issue.type !== 'incident') return;
  addTimelineEvent(world, actor, issue, { note: `@${actor.username} reopened the incident`, action: 'issues' });
}

/** Writes an entry; those of people are `comment`s, may be edited, and leave a system note. */
export function addTimelineEvent(
  world: World,
  author: Account,
  issue: StoredIssue,
  { note, action = 'comment', occurredAt = world.now(), tags = [] }: Partial<TimelineEvent> & { note: string },
): TimelineEvent {
  const isOwn = action === 'comment';
  if (isOwn) writeSystemNote(world, author, issue, 'added an incident timeline event');
  return world.timelineEvents.add({
    ...{ id: world.nextId(), issueId: issue.id, authorId: author.id, note, action, occurredAt, tags },
    ...{ editable: isOwn, createdAt: world.now() },
  });
}

function noteStatus(world: World, actor: Account, issue: StoredIssue, how: string): void {
  const status = STATUS_WORDS[issue.escalationStatus];
  writeSystemNote(world, actor, issue, `changed the incident status to **${status}**${how}`);
  const note = `@${actor.username} changed the incident status to **${status}**`;
  addTimelineEvent(world, actor, issue, { note, action: 'status' });
}
