import type { Action, Change } from './difference.ts';

/** A name that a quick action can quote. */
const QUOTABLE = /^[^"~\\\r\n]+$/;

/**
 * Lets the last comment take the change of the issue along, as quick actions, so that both are one call and one moment: a
 * run that is cut off leaves none without the other. Only where the change comes right after that comment, and where quick
 * actions can say it: a closing is followed by a look at it, and whom to assign is known by id alone.
 */
export function combine(actions: readonly Action[]): Action[] {
  const at = actions.findIndex(({ kind }) => kind === 'change');
  const change = actions[at];
  const said = actions.findLastIndex(({ kind }, index) => index < at && (kind === 'post' || kind === 'edit'));
  const post = actions[said];
  if (change?.kind !== 'change' || post?.kind !== 'post' || !isSayable(change)) return [...actions];
  if (actions.slice(said, at).some(({ kind }) => kind === 'unlock')) return [...actions];
  return actions.flatMap((action, index) => (index === at ? [] : index === said ? [{ ...post, change }] : [action]));
}

function isSayable({ addLabels, removeLabels, state, assignee }: Change): boolean {
  return (
    state !== 'close' && assignee === undefined && [...addLabels, ...removeLabels].every((name) => QUOTABLE.test(name))
  );
}
