import { LeftOver, SetupError } from '../ci/errors.ts';
import { AnswerLost, Overtaken } from '../gitlab/errors.ts';
import type { GitLab, Issue, User } from '../gitlab/port.ts';
import { readMarkers, type Marked } from '../read/markers.ts';
import type { GateFacts } from '../schema/types.gen.ts';
import { sameText, type Action } from './difference.ts';

const MOST_POSTS = 3;

/** Where actions go, and a way to ask whether the incident is still as it was when they were decided. */
export type Target = { issue: Issue; me: User; gitlab: GitLab; isOvertaken: () => Promise<boolean> };

/**
 * Writes actions in their order. Each may be repeated: a second run finds what stands and writes the rest. Throws
 * `Overtaken`, its own comment taken back, where the incident has moved on meanwhile.
 */
export async function applyActions(actions: readonly Action[], target: Target): Promise<void> {
  const { issue, gitlab } = target;
  for (const action of actions) {
    if (action.kind === 'post') await post(action, target);
    else if (action.kind === 'edit') await gitlab.editNote(issue, action.noteId, action.body);
    else if (action.kind === 'delete') await gitlab.deleteNote(issue, action.noteId);
    else if (action.kind === 'unlock') await gitlab.unlock(issue);
    else await change(action, target);
  }
}

/**
 * Posts a comment and reads again. If no answer came, that shows whether the comment stands. Of several pipelines that
 * answer the same closing, one comment stays, and all of them agree on which; the others take theirs back.
 */
async function post(action: Action & { kind: 'post' }, target: Target): Promise<void> {
  const { issue, me, gitlab } = target;
  for (let attempt = 1; ; attempt += 1) {
    const lost = await tryPost(issue, action.body, gitlab);
    const standing = readMarkers(await gitlab.notes(issue), me, []).filter(({ slot }) => slot === action.slot);
    const [best] = standing.filter(({ noteId }) => noteId > action.after).sort(bestFirst);
    if (!best) {
      if (lost && attempt < MOST_POSTS) continue;
      throw (
        lost ?? new LeftOver(`${issue.reference}: GitLab took a comment and does not show it; the next run goes on.`)
      );
    }
    const ours = standing.filter(({ body }) => sameText(body, action.body));
    const isOut = !sameAnswer(best, action.facts) || (await target.isOvertaken());
    const superfluous = isOut ? ours : standing.filter(({ noteId }) => noteId !== best.noteId);
    for (const { noteId } of superfluous) await gitlab.deleteNote(issue, noteId);
    if (isOut) throw new Overtaken();
    return;
  }
}

/** The answer to the latest closing first; of one closing the verification, which saw more; of equals the newest. */
function bestFirst(a: Marked, b: Marked): number {
  const rank = ({ facts, noteId }: Marked): string => {
    const { closed_at: closedAt = '', state } = (facts ?? {}) as Partial<GateFacts>;
    return `${closedAt} ${state === 'verified' || state === 'exempt' ? 1 : 0} ${String(noteId).padStart(16, '0')}`;
  };
  return rank(a) < rank(b) ? 1 : -1;
}

function sameAnswer({ facts }: Marked, ours: GateFacts): boolean {
  const theirs = (facts ?? {}) as Partial<GateFacts>;
  return theirs.closed_at === ours.closed_at && theirs.state === ours.state;
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

async function change({ addLabels, removeLabels, state }: Action & { kind: 'change' }, target: Target): Promise<void> {
  const { issue, gitlab, isOvertaken } = target;
  const changed = await gitlab.changeIssue(
    issue,
    { addLabels, removeLabels, ...(state ? { state } : {}) },
    isOvertaken,
  );
  if (state && changed.state !== 'opened') {
    throw new SetupError(
      `${issue.reference}: GitLab did not reopen it. Give the bot the role Developer in the project.`,
    );
  }
}
