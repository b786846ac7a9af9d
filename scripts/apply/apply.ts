import { isForgiven } from '../ci/errors.ts';
import type { GitLab, Issue, User } from '../gitlab/port.ts';
import { changeIssue } from './change.ts';
import type { Action } from './difference.ts';
import { acknowledgeNatively } from './native.ts';
import { combine } from './combine.ts';
import { edit, post } from './posting.ts';

/**
 * Where actions go: the incident, and a way to ask whether it is still as it was when they were decided. `wake` starts a
 * timer, where the job can; `warn` takes what GitLab would not do and nobody needs to wait for.
 */
export type Target = {
  issue: Issue;
  me: User;
  gitlab: GitLab;
  isOvertaken: () => Promise<boolean>;
  wake?: ((issue: Issue, at: string) => Promise<void>) | undefined;
  warn: (warning: string) => void;
};

/**
 * Writes actions in their order, a comment and the change that follows it in one call. Each may be repeated: a second run
 * finds what stands and writes the rest. Throws `Overtaken`, its own comment taken back, where the incident has moved on
 * meanwhile.
 */
export async function applyActions(actions: readonly Action[], target: Target): Promise<void> {
  for (const action of combine(actions)) await applyOne(action, target);
}

async function applyOne(action: Action, target: Target): Promise<void> {
  const { issue, gitlab, warn } = target;
  switch (action.kind) {
    case 'wake':
      return wake(action.at, target);
    case 'emoji':
      return gitlab.addEmoji(issue, action.noteId, 'white_check_mark');
    case 'native':
      return acknowledgeNatively(action.acknowledgedAt, target);
    case 'post':
      return post(action, target);
    case 'edit':
      return edit(action, target);
    case 'delete':
      return gitlab.deleteNote(issue, action.noteId);
    case 'unlock':
      return gitlab.unlock(issue);
    case 'change':
      return changeIssue(action, target);
    case 'relate': {
      const other = await gitlab.issueAt(action.reference);
      if (other) return gitlab.relate(issue, other);
      warn('the issue that is said to track it cannot be read, and was not linked');
    }
  }
}

/** The sweep covers a timer that does not start. */
async function wake(at: string, { issue, wake: start, warn }: Target): Promise<void> {
  try {
    await start?.(issue, at);
  } catch (error) {
    if (!isForgiven(error)) throw error;
    warn(`no timer was started, the sweep will look: ${error.message}`);
  }
}
