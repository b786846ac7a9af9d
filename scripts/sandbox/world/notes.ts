import { ApiError } from './errors.ts';
import { executeQuickActions } from './quick-actions.ts';
import type { Account, StoredIssue, StoredNote } from './records.ts';
import type { World } from './world.ts';

/** What became of a comment: a note, or only the quick actions in it, which leave none. */
export type Commented =
  { note: StoredNote; changes: Record<string, unknown> } | { summary: string[]; changes: Record<string, unknown> };

const LONGEST = 1_000_000;

/** Posts a comment: quick actions in it run, and what is left of the text is the note. Source: platform sheet, section 3. */
export function addNote(world: World, author: Account, issue: StoredIssue, body: string, internal: boolean): Commented {
  if (body.trim() === '') throw new ApiError(400, { message: '400 Bad request - Note {:note=>["can\'t be blank"]}' });
  if (body.length > LONGEST)
    throw new ApiError(400, {
      message: '400 Bad request - Note {:note=>["is too long (maximum is 1000000 characters)"]}',
    });
  const done = executeQuickActions(world, author, issue, body);
  if (done.text === '') {
    if (done.applied === 0)
      throw new ApiError(400, { message: `400 Bad request - Note {:commands_only=>${JSON.stringify(done.summary)}}` });
    return { summary: done.summary, changes: done.changes };
  }
  const at = world.now();
  const note: StoredNote = {
    ...{ id: world.nextId(), issueId: issue.id, body: done.text, authorId: author.id, system: false, internal },
    ...{ createdAt: at, updatedAt: at },
  };
  world.notes.add(note);
  issue.updatedAt = at;
  world.tell({ kind: 'note', issue, actorId: author.id, action: 'create', note });
  return { note, changes: done.changes };
}

/** Edits one's own comment, or another's as a Maintainer; quick actions run here too. */
export function editNote(world: World, author: Account, issue: StoredIssue, note: StoredNote, body: string): Commented {
  const done = executeQuickActions(world, author, issue, body);
  if (done.text === '') return { summary: done.summary, changes: done.changes };
  note.body = done.text;
  note.updatedAt = world.now();
  issue.updatedAt = note.updatedAt;
  world.tell({ kind: 'note', issue, actorId: author.id, action: 'update', note });
  return { note, changes: done.changes };
}
