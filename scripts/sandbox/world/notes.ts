import { ApiError } from './errors.ts';
import { applyInterpreted, interpret, type Interpreted } from './quick-actions.ts';
import type { Account, StoredIssue, StoredNote } from './records.ts';
import { crossReference } from './relations.ts';
import type { World } from './world.ts';

/** What became of a comment: a note, or only the quick actions in it, which leave none. */
export type Commented =
  { note: StoredNote; changes: Record<string, unknown> } | { summary: string[]; changes: Record<string, unknown> };

const LONGEST = 1_000_000;
/** How far the time of an issue may lag behind its comments. Source: app/models/concerns/noteable.rb, touch; platform sheet. */
const LAG_MS = 60_000;

/** Posts a comment: quick actions in it run, and what is left of the text is the note. Source: platform sheet, section 3. */
export function addNote(world: World, author: Account, issue: StoredIssue, body: string, internal: boolean): Commented {
  const asked = read(world, author, issue, body);
  if (asked.text === '') return applyAlone(world, author, issue, asked);
  const at = world.now();
  const note: StoredNote = {
    ...{ id: world.nextId(), issueId: issue.id, body: asked.text, authorId: author.id, system: false, internal },
    ...{ createdAt: at, updatedAt: at },
  };
  world.notes.add(note);
  touch(world, issue);
  crossReference(world, author, issue, note.body);
  applyInterpreted(world, author, issue, asked);
  world.tell({ kind: 'note', issue, actorId: author.id, action: 'create', note });
  return { note, changes: asked.reported };
}

/**
 * Edits a comment; quick actions run here too, and where nothing else is left the comment goes.
 * Source: app/services/notes/update_service.rb.
 */
export function editNote(world: World, author: Account, issue: StoredIssue, note: StoredNote, body: string): Commented {
  const asked = read(world, author, issue, body);
  if (asked.text === '') {
    world.notes.remove(note);
    return applyAlone(world, author, issue, asked);
  }
  note.body = asked.text;
  note.updatedAt = world.now();
  touch(world, issue);
  crossReference(world, author, issue, note.body);
  applyInterpreted(world, author, issue, asked);
  world.tell({ kind: 'note', issue, actorId: author.id, action: 'update', note });
  return { note, changes: asked.reported };
}

function read(world: World, author: Account, issue: StoredIssue, body: string): Interpreted {
  if (body.trim() === '') throw noteRefused('{:note=>["can\'t be blank"]}');
  if (body.length > LONGEST) throw noteRefused(`{:note=>["is too long (maximum is ${LONGEST} characters)"]}`);
  return interpret(world, author, issue, body);
}

function applyAlone(world: World, author: Account, issue: StoredIssue, asked: Interpreted): Commented {
  if (asked.applied === 0) throw noteRefused(`{:commands_only=>${JSON.stringify(asked.summary)}}`);
  applyInterpreted(world, author, issue, asked);
  return { summary: asked.summary, changes: asked.reported };
}

/** A comment moves the time of its issue only where that is a minute old. */
function touch(world: World, issue: StoredIssue): void {
  const at = world.now();
  if (Date.parse(at) - Date.parse(issue.updatedAt) >= LAG_MS) issue.updatedAt = at;
}

/** Source: lib/api/helpers/notes_helpers.rb, the errors of a note printed as Ruby prints them. */
function noteRefused(errors: string): ApiError {
  return new ApiError(400, { message: `400 Bad request - Note ${errors}` });
}
