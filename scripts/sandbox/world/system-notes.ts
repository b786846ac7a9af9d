import type { Account, Severity, StoredIssue, StoredNote } from './records.ts';
import type { World } from './world.ts';

/** How GitLab writes severities. Source: app/models/incident_management/issuable_escalation_status.rb and severity labels. */
export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  CRITICAL: 'Critical - S1',
  HIGH: 'High - S2',
  MEDIUM: 'Medium - S3',
  LOW: 'Low - S4',
  UNKNOWN: 'Unknown',
};

/** GitLab's own record of a change among the notes; it fires no webhook. Source: platform sheet, section 1.6. */
export function writeSystemNote(world: World, actor: Account, issue: StoredIssue, body: string): StoredNote {
  const at = world.now();
  return world.notes.add({
    ...{ id: world.nextId(), issueId: issue.id, body, authorId: actor.id, system: true, internal: false },
    ...{ createdAt: at, updatedAt: at },
  });
}

/**
 * The notes on what an edit changed; labels and state have events instead of notes.
 * Source: app/services/system_notes/issuables_service.rb and its siblings.
 */
export function noteChanges(world: World, actor: Account, before: StoredIssue, issue: StoredIssue): void {
  const bodies = [
    before.title === issue.title ? '' : `changed title from **{-${before.title}-}** to **{+${issue.title}+}**`,
    before.description === issue.description ? '' : 'changed the description',
    confidentiality(before, issue),
    before.locked === issue.locked ? '' : `${issue.locked ? 'locked' : 'unlocked'} the discussion in this issue`,
    assignment(world, before, issue),
    before.type === issue.type ? '' : `changed type from ${before.type} to ${issue.type}`,
    before.severity === issue.severity ? '' : `changed the severity to **${SEVERITY_WORDS[issue.severity]}**`,
    dueDate(before, issue),
  ];
  for (const body of bodies) if (body !== '') writeSystemNote(world, actor, issue, body);
}

function confidentiality(before: StoredIssue, { confidential }: StoredIssue): string {
  if (before.confidential === confidential) return '';
  return confidential ? 'made the issue confidential' : 'made the issue visible to everyone';
}

/** Self-assignment is the system note `assigned to @x`, written by x. Source: platform sheet, section 5. */
function assignment(world: World, before: StoredIssue, issue: StoredIssue): string {
  const names = (ids: number[], others: number[]): string => {
    const missing = ids.filter((id) => !others.includes(id));
    return sentence(missing.map((id) => `@${world.userById(id)?.username ?? ''}`));
  };
  const added = names(issue.assigneeIds, before.assigneeIds);
  const removed = names(before.assigneeIds, issue.assigneeIds);
  return [added && `assigned to ${added}`, removed && `unassigned ${removed}`]
    .filter((part) => part !== '')
    .join(' and ');
}

function dueDate(before: StoredIssue, { dueDate: day }: StoredIssue): string {
  if (before.dueDate === day) return '';
  if (day === null) return 'removed due date';
  const long = { timeZone: 'UTC', month: 'long', day: 'numeric', year: 'numeric' } as const;
  return `changed due date to ${new Date(day).toLocaleDateString('en-US', long)}`;
}

function sentence(words: string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
