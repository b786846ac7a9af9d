import { LeftOver } from '../ci/errors.ts';
import { AnswerLost, Overtaken } from '../gitlab/errors.ts';
import { readMarkers, type Marked } from '../read/markers.ts';
import { digest } from '../schema/digest.ts';
import type { GateFacts } from '../schema/types.gen.ts';
import type { Target } from './apply.ts';
import { changeIssue } from './change.ts';
import { sameText, type Action, type Post } from './difference.ts';

const MOST_POSTS = 3;

/**
 * Posts a comment and reads again. If no answer came, that shows whether the comment stands. Of several pipelines that
 * say the same, one comment stays, and all of them agree on which; the others take theirs back.
 */
export async function post(action: Post, target: Target): Promise<void> {
  const { issue, me, gitlab } = target;
  for (let attempt = 1; ; attempt += 1) {
    const { lost, isChanged } = await tryPost(action, target);
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
    if (isOut && ours.length === 0) throw new Overtaken();
    if (isOut) return withdraw(action, sameAnswer(best, action), target);
    if (action.change && !isChanged) await changeIssue(action.change, target);
    return;
  }
}

/**
 * Somebody was faster, or another run knew better: an incident that our comment opened is closed again, to be judged anew.
 * One that a person opened meanwhile, so that ours opened nothing, stays open, without the label of what is taken back.
 */
async function withdraw({ change }: Post, isAlone: boolean, { issue, me, gitlab }: Target): Promise<never> {
  if (change?.state === 'reopen') {
    const last = (await gitlab.stateEvents(issue)).sort((a, b) => a.id - b.id).at(-1);
    const isOpenedByUs = last?.state === 'reopened' && last.user?.id === me.id;
    const back = { addLabels: [], removeLabels: isAlone && !isOpenedByUs ? change.addLabels : [] };
    const undo = isOpenedByUs ? { ...back, state: 'close' as const } : back;
    if (isOpenedByUs || undo.removeLabels.length > 0)
      await gitlab.changeIssue(issue, undo, () => Promise.resolve(false));
  }
  throw new Overtaken();
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

function sameAnswer({ facts }: Marked, ours: Post): boolean {
  if (ours.slot !== 'gate') return digest(facts) === digest(ours.facts);
  const [theirs, wanted] = [(facts ?? {}) as Partial<GateFacts>, ours.facts as GateFacts];
  return theirs.closed_at === wanted.closed_at && theirs.state === wanted.state;
}

/** Whether another run has added to the comment that this one replaces, so that it would be lost. */
function isPredecessorChanged(standing: readonly Marked[], { after, seen }: Post): boolean {
  const replaced = standing.find(({ noteId }) => noteId === after);
  return seen !== undefined && replaced !== undefined && !sameText(replaced.body, seen);
}

async function tryPost(
  { body, change }: Post,
  { issue, gitlab, isOvertaken }: Target,
): Promise<{ lost?: AnswerLost; isChanged: boolean }> {
  try {
    const isChanged = change !== undefined && (await gitlab.sayAndChange(issue, body, change, isOvertaken));
    if (!change) await gitlab.addNote(issue, body);
    return { isChanged };
  } catch (error) {
    if (error instanceof AnswerLost) return { lost: error, isChanged: false };
    throw error;
  }
}
