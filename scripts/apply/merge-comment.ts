import { LeftOver, SetupError } from '../ci/errors.ts';
import { MERGE_SLOT } from '../decide/merge-request.ts';
import { AnswerLost } from '../gitlab/errors.ts';
import type { MergeRequest } from '../gitlab/merge-request-port.ts';
import type { GitLab, User } from '../gitlab/port.ts';
import { readMarkers, type Marked } from '../read/markers.ts';

/**
 * Says something in the one comment on a merge request: edits it, or posts it and reads again, so that of several runs that
 * do so at once one comment stays. Throws a SetupError where the bot may not comment there.
 */
export async function sayOn(
  one: MergeRequest,
  body: string,
  newest: Marked | undefined,
  me: User,
  gitlab: GitLab,
): Promise<void> {
  if (newest) {
    await gitlab.editMergeRequestNote(one, newest.noteId, body);
    return;
  }
  const lost = await tryPost(one, body, gitlab);
  const notes = readMarkers(await gitlab.mergeRequestNotes(one), me, []);
  const [stays, ...others] = notes.filter(({ slot }) => slot === MERGE_SLOT);
  if (!stays)
    throw lost ?? new LeftOver(`${one.reference}: GitLab took a comment and does not show it; the next run goes on.`);
  for (const { noteId } of others) await gitlab.deleteMergeRequestNote(one, noteId);
}

async function tryPost(one: MergeRequest, body: string, gitlab: GitLab): Promise<AnswerLost | undefined> {
  try {
    await gitlab.addMergeRequestNote(one, body);
    return undefined;
  } catch (error) {
    if (error instanceof AnswerLost) return error;
    if (!(error instanceof SetupError)) throw error;
    throw new SetupError(
      `${one.reference}: the bot may not comment there. Give it the role Developer in that project.`,
      { cause: error },
    );
  }
}
