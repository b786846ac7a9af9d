import { LeftOver } from '../ci/errors.ts';
import { AnswerLost } from '../gitlab/errors.ts';
import type { GitLab, Issue, User } from '../gitlab/port.ts';
import { readMarkers, type Marked } from '../read/markers.ts';
import type { GateFacts } from '../schema/types.gen.ts';
import { sameText, type Action } from './difference.ts';

const MOST_POSTS = 3;

/** Somebody closed, reopened or verified the incident since it was read: what was decided is out of date. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';

  constructor() {
    super('it changes faster than it can be judged; the next run goes on.');
  }
}

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
    else await change(action, target);
  }
}

/**
 * Posts a comment and reads again. If no answer came, that shows whether the comment stands; if another pipeline posted
 * at the same time, the newest stays and the others go.
 */
async function post({ slot, body, facts }: Action & { kind: 'post' }, target: Target): Promise<void> {
  const { issue, me, gitlab } = target;
  for (let attempt = 1; ; attempt += 1) {
    const lost = await tryPost(issue, body, gitlab);
    const ours = readMarkers(await gitlab.notes(issue), me, []).filter((each) => each.slot === slot);
    const standing = ours.filter((each) => sameText(each.body, body));
    if (standing.length === 0 && ours.length === 0) {
      if (lost && attempt < MOST_POSTS) continue;
      throw lost ?? new LeftOver(`${issue.reference}: GitLab took a comment and does not show it.`);
    }
    if (ours.some((each) => isLater(each, facts)) || (await target.isOvertaken())) {
      for (const { noteId } of standing) await gitlab.deleteNote(issue, noteId);
      throw new Overtaken();
    }
    for (const { noteId } of ours.slice(1)) await gitlab.deleteNote(issue, noteId);
    return;
  }
}

/** Whether another pipeline has answered a later closing than we did. */
function isLater({ facts }: Marked, { closed_at: ours }: GateFacts): boolean {
  const theirs = (facts as Partial<GateFacts> | undefined)?.closed_at;
  return theirs !== undefined && ours !== undefined && theirs > ours;
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
  const { issue, gitlab } = target;
  if (await target.isOvertaken()) throw new Overtaken();
  const changed = await gitlab.changeIssue(issue, { addLabels, removeLabels, ...(state ? { state } : {}) });
  if (state && changed.state !== 'opened') {
    throw new LeftOver(
      `${issue.reference}: GitLab did not reopen it; the bot needs the role Developer in the project.`,
    );
  }
}
