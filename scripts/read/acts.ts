import type { Note, User } from '../gitlab/port.ts';

/** What somebody did to an incident by GitLab's own record: `username` is whom it concerns, or the issue it is related to. */
export type Act = {
  kind: 'assigned' | 'unassigned' | 'acknowledged' | 'related';
  by: User;
  username: string;
  noteId: number;
  at: string;
};

const [ASSIGNED, UNASSIGNED] = ['assigned to ', 'unassigned '] as const;
const NAMES = /^(?:@[\w.@, -]{1,2000})?$/;
const RELATED = /^marked this (?:issue|incident) as related to ([\w./-]*#\d+)$/;
const ACKNOWLEDGED = /^changed the incident status to \*\*Acknowledged\*\*/;

/**
 * Assignments and acknowledgements by GitLab's system notes, oldest first. Source: GitLab's
 * app/services/system_notes/issuables_service.rb and incident_management/incidents; platform sheet, section 5.
 */
export function readActs(notes: readonly Note[]): Act[] {
  return notes
    .filter(({ system }) => system)
    .flatMap(({ id, body, author, createdAt }): Act[] => {
      const base = { by: author, noteId: id, at: createdAt };
      if (ACKNOWLEDGED.test(body)) return [{ ...base, kind: 'acknowledged', username: author.username }];
      const related = RELATED.exec(body)?.[1];
      if (related !== undefined) return [{ ...base, kind: 'related', username: related }];
      const { added, removed } = assignmentIn(body);
      return [
        ...namesIn(removed).map((username): Act => ({ ...base, kind: 'unassigned', username })),
        ...namesIn(added).map((username): Act => ({ ...base, kind: 'assigned', username })),
      ];
    })
    .sort((a, b) => a.noteId - b.noteId);
}

/** Who was assigned and who no more, as GitLab has it: `assigned to @a and @b and unassigned @c`, or one of the two. */
function assignmentIn(body: string): { added: string; removed: string } {
  const at = body.indexOf(UNASSIGNED);
  const before = at < 0 ? body : body.slice(0, at);
  const removed = at < 0 ? '' : body.slice(at + UNASSIGNED.length);
  const added = before.startsWith(ASSIGNED) ? before.slice(ASSIGNED.length) : '';
  const isOne = (before === '' || added !== '') && NAMES.test(added) && NAMES.test(removed);
  return isOne ? { added, removed } : { added: '', removed: '' };
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/@([\w.-]*\w)/g)].map((match) => match[1] ?? '');
}
