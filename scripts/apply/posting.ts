import { LeftOver } from '../ci/errors.ts';
import { AnswerLost, Overtaken } from '../gitlab/errors.ts';
import type { GitLab, Issue } from '../gitlab/port.ts';
import { readMarkers, type Marked } from '../read/markers.ts';
import { digest } from '../schema/digest.ts';
import type { GateFacts } from '../schema/types.gen.ts';
import type { Target } from './apply.ts';
import { sameText, type Action } from './difference.ts';

const MOST_POSTS = 3;

/**
 * Posts a comment and reads again. If no answer came, that shows whether the comment stands. Of several pipelines that
 * say the same, one comment stays, and all of them agree on which; the others take theirs back.
 */
export async function post(action: Action & { kind: 'post' }, target: Target): Promise<void> {
  const { issue, me, gitlab } = target;
  for (let attempt = 1; ; attempt += 1) {
    const lost = await tryPost(issue, action.body, gitlab);
    const standing = readMarkers(await gitlab.notes(issue), me, []).filter(({ slot }) => slot === action.slot);
    const since = standing.filter(({ noteId }) => noteId > action.after);
    const [best] = since.sort(action.slot === 'gate' ? bestFirst : (a, b) => a.noteId - b.noteId);
    if (!best) {
      if (lost && attempt < MOST_POSTS) continue;
      throw (
        lost ?? new LeftOver(`${issue.reference}: GitLab took a comment and does not show it; the next run goes on.`)
      );
    }
    const ours = standing.filter(({ body }) => sameText(body, action.body));
    const isOut = !sameAnswer(best, action) || isPredecessorChanged(standing, action) || (await target.isOvertaken());
    const superfluous = isOut ? ours : standing.filter(({ noteId }) => noteId !== best.noteId);
    for (const { noteId } of superfluous) await gitlab.deleteNote(issue, noteId);
    if (isOut) throw new Overtaken();
    return;
  }
}

/**
 * Edits a comment. One that remembers what only an event told is read again first: what another run has added since must
 * not be lost.
 */
export async function edit({ noteId, body, seen }: Action & { kind: 'edit' }, target: Target): Promise<void> {
  const { issue, gitlab } = target;
  if (seen !== undefined) {
    const standing = (await gitlab.notes(issue)).find(({ id }) => id === noteId);
    if (!standing || !sameText(standing.body, seen)) throw new Overtaken();
  }
  await gitlab.editNote(issue, noteId, body);
}

/**
 * The answer to the latest closing first; of one closing the verification, which saw more; of equals the newest. Of other
 * comments the oldest counts: whoever came later decides again with what that one remembers.
 */
function bestFirst(a: Marked, b: Marked): number {
  const rank = ({ facts, noteId }: Marked): string => {
    const { closed_at: closedAt = '', state } = (facts ?? {}) as Partial<GateFacts>;
    return `${closedAt} ${state === 'verified' || state === 'exempt' ? 1 : 0} ${String(noteId).padStart(16, '0')}`;
  };
  return rank(a) < rank(b) ? 1 : -1;
}

function sameAnswer({ facts }: Marked, ours: Action & { kind: 'post' }): boolean {
  if (ours.slot !== 'gate') return digest(facts) === digest(ours.facts);
  const [theirs, wanted] = [(facts ?? {}) as Partial<GateFacts>, ours.facts as GateFacts];
  return theirs.closed_at === wanted.closed_at && theirs.state === wanted.state;
}

/** Whether another run has added to the comment that this one replaces, so that it would be lost. */
function isPredecessorChanged(standing: readonly Marked[], { after, seen }: Action & { kind: 'post' }): boolean {
  const replaced = standing.find(({ noteId }) => noteId === after);
  return seen !== undefined && replaced !== undefined && !sameText(replaced.body, seen);
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
