import type { Action, Change } from './difference.ts';

/** The slot of the comment whose words a configuration may give; see `read/own-template.ts`. */
const OWN_WORDS = 'major';

/** A name that a quick action can quote. */
const QUOTABLE = /^[^"~\\\r\n]+$/;

/**
 * Lets the last comment take the change of the issue along, as quick actions, so that both are one call and one moment: a
 * run that is cut off leaves none without the other. Only where the change comes right after that comment, and where quick
 * actions can say it: a closing is followed by a look at it, whom to assign is known by id alone, and a template of one's own
 * may end with an open fence.
 */
export function combine(actions: readonly Action[]): Action[] {
  const at = actions.findIndex(({ kind }) => kind === 'change');
  const change = actions[at];
  const said = actions.findLastIndex(({ kind }, index) => index < at && (kind === 'post' || kind === 'edit'));
  const post = actions[said];
  if (change?.kind !== 'change' || post?.kind !== 'post' || post.slot === OWN_WORDS || !isSayable(change))
    return [...actions];
  if (actions.slice(said, at).some(({ kind }) => kind === 'unlock')) return [...actions];
  return actions.flatMap((action, index) => (index === at ? [] : index === said ? [{ ...post, change }] : [action]));
}

function isSayable({ addLabels, removeLabels, state, assignee }: Change): boolean {
  return (
    state !== 'close' && assignee === undefined && [...addLabels, ...removeLabels].every((name) => QUOTABLE.test(name))
  );
}
