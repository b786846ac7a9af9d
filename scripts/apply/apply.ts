import { LeftOver } from '../ci/errors.ts';
import { AnswerLost } from '../gitlab/errors.ts';
import type { GitLab, Issue, User } from '../gitlab/port.ts';
import { readMarkers } from '../read/markers.ts';
import { sameText, type Action } from './difference.ts';

const MOST_POSTS = 3;

/** Writes actions in their order. Each may be repeated: a second run finds what stands and writes the rest. */
export async function applyActions(actions: readonly Action[], issue: Issue, me: User, gitlab: GitLab): Promise<void> {
  for (const action of actions) {
    if (action.kind === 'post') await post(action, issue, me, gitlab);
    else if (action.kind === 'edit') await gitlab.editNote(issue, action.noteId, action.body);
    else if (action.kind === 'delete') await gitlab.deleteNote(issue, action.noteId);
    else await change(action, issue, gitlab);
  }
}

/**
 * Posts a comment and reads again. If no answer came, that shows whether the comment stands; if another pipeline posted
 * at the same time, the newest stays and the others go.
 */
async function post({ slot, body }: Action & { kind: 'post' }, issue: Issue, me: User, gitlab: GitLab): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const lost = await tryPost(issue, body, gitlab);
    const ours = readMarkers(await gitlab.notes(issue), me, []).filter((each) => each.slot === slot);
    const stands = ours.some((each) => sameText(each.body, body));
    if (lost && !stands && attempt < MOST_POSTS) continue;
    if (lost && !stands) throw lost;
    for (const { noteId } of ours.slice(1)) await gitlab.deleteNote(issue, noteId);
    return;
  }
}

async function tryPost(issue: Issue, body: string, gitlab: GitLab): Promise<AnswerLost | undefined> {
  try {
    await gitlab.addNote(issue, body);
    return undefined;
  } catch (error) {
    if (error instanceof AnswerLost) return error;
    throw error;
  }
}

async function change(
  { addLabels, removeLabels, state }: Action & { kind: 'change' },
  issue: Issue,
  gitlab: GitLab,
): Promise<void> {
  const changed = await gitlab.changeIssue(issue, { addLabels, removeLabels, ...(state ? { state } : {}) });
  if (state && changed.state !== 'opened') {
    throw new LeftOver(
      `${issue.reference}: GitLab did not reopen it; the bot needs the role Developer in the project.`,
    );
  }
}
