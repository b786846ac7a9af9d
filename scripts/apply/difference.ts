import type { Plan, SlotComment } from '../decide/plan.ts';
import type { Marked } from '../read/markers.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { renderComment } from '../render/comment.ts';
import { areSame, listsOf, saySame } from './keys.ts';

/**
 * One thing to write. `post` replaces the slot's comments that stood (the newest is `after`, and said `seen`), `edit` changes
 * the newest.
 */
export type Action =
  | { kind: 'wake'; at: string }
  | { kind: 'emoji'; noteId: number }
  | { kind: 'native'; acknowledgedAt: string }
  | Post
  /** `seen` is what stood there, for a comment that another run may have added to meanwhile. */
  | { kind: 'edit'; slot: string; noteId: number; body: string; seen?: string }
  | { kind: 'delete'; slot: string; noteId: number }
  | { kind: 'unlock' }
  | Change
  | { kind: 'relate'; reference: string };

/** A new comment; `change` is what it changes of the issue besides. */
export type Post = {
  kind: 'post';
  slot: string;
  body: string;
  facts: SlotComment['facts'];
  after: number;
  seen?: string;
  change?: Change;
};

/** An edit of the issue itself. `assignee` is a user id to put before those who are assigned, but for `unassign`. */
export type Change = {
  kind: 'change';
  addLabels: string[];
  removeLabels: string[];
  state?: 'reopen' | 'close';
  assignee?: number;
  unassign?: number[];
};

/**
 * What to write so that a plan comes true; nothing where it is true already. The comment comes before the issue: if a run
 * is cut off between them, the issue is still closed, and the next run finds it and finishes. A timer comes before the
 * label that says that one runs, and an emoji, and what a command asked for, before the facts that remember it.
 */
export function difference(plan: Plan, { issue, marked }: Pick<Snapshot, 'issue' | 'marked'>): Action[] {
  return [
    ...(plan.wakeAt === undefined ? [] : [{ kind: 'wake' as const, at: plan.wakeAt }]),
    ...plan.emojis.map((noteId): Action => ({ kind: 'emoji', noteId })),
    ...(plan.native ? [{ kind: 'native' as const, ...plan.native }] : []),
    ...inOrder(plan.comments).flatMap((comment) => commentActions(comment, marked)),
    ...doubled(plan, marked),
    ...issueActions(plan, issue),
    ...plan.relate.map((reference): Action => ({ kind: 'relate', reference })),
  ];
}

/**
 * What a run left that was cut off between a new comment and taking the former one away: what was posted on account of an
 * earlier moment. Of several on account of one moment, runs that race agree on which stays, see `posting.ts`; and the gate's
 * own rule knows which counts.
 */
function doubled({ comments }: Plan, marked: readonly Marked[]): Action[] {
  const own = marked.filter(({ own, slot }) => own && slot !== 'gate' && !comments.some((each) => each.slot === slot));
  const former = own.filter((each) => {
    const newest = own.find(({ slot }) => slot === each.slot);
    return newest !== undefined && momentOf(each) < momentOf(newest);
  });
  return former.map(({ slot, noteId }): Action => ({ kind: 'delete', slot, noteId }));
}

/** On account of which moment a comment was posted; the same for all that remember none. */
function momentOf({ facts }: Marked): string {
  const { at } = (facts ?? {}) as { at?: unknown };
  return typeof at === 'string' ? at : '';
}

/** The duty's comment remembers commands as done, so it comes after what they asked for; a reply closes its comment. */
function inOrder(comments: readonly SlotComment[]): SlotComment[] {
  const rank = ({ slot }: SlotComment): number =>
    slot.startsWith('reply-') ? 2 : slot === 'ack' || slot === 'log' ? 1 : 0;
  return [...comments].sort((a, b) => rank(a) - rank(b));
}

function commentActions(comment: SlotComment, marked: readonly Marked[]): Action[] {
  const { slot, delivery, facts } = comment;
  const [newest, ...older] = standingFirst(marked.filter((each) => each.own && each.slot === slot));
  const superfluous = older.map(({ noteId }): Action => ({ kind: 'delete', slot, noteId }));
  if (newest && areSame(newest.facts, facts)) return superfluous;
  if (newest && (delivery === 'board' || saySame(newest.facts, facts))) {
    // An edit calls nobody, also where only what was sent on account of a call is different.
    const body = renderComment({ ...comment, delivery: 'board' });
    const seen = slot === 'gate' ? {} : { seen: newest.body };
    return [{ kind: 'edit', slot, noteId: newest.noteId, body, ...seen }, ...superfluous];
  }
  return [toPost(comment, newest), ...superfluous];
}

/**
 * The comments of a slot, newest first; but of those that remember the same the oldest, since runs that race for it agree that
 * it stays, see `posting.ts`, where the gate's have another rule.
 */
function standingFirst(own: Marked[]): Marked[] {
  const [newest] = own;
  if (!newest || newest.slot === 'gate') return own;
  const twins = own.filter(({ facts }) => areSame(newest.facts, facts ?? {}));
  const [oldest = newest] = twins.sort((a, b) => a.noteId - b.noteId);
  return [oldest, ...own.filter((each) => each !== oldest)];
}

/** While something is sent on account of a comment, it says what it replaced, by which it is known whose stands in a race. */
function toPost(comment: SlotComment, newest: Marked | undefined): Action {
  const { slot } = comment;
  const after = newest?.noteId ?? 0;
  const isSending = listsOf(comment.facts).sending.length > 0;
  const posted = (isSending ? { ...comment, facts: { ...comment.facts, after } } : comment) as SlotComment;
  const seen = newest && slot !== 'gate' ? { seen: newest.body } : {};
  return { kind: 'post', slot, body: renderComment(posted), facts: posted.facts, after, ...seen };
}

function issueActions({ labels, state, assign, unassign }: Plan, issue: Snapshot['issue']): Action[] {
  const addLabels = labels.present.filter((label) => !issue.labels.includes(label));
  const removeLabels = labels.absent.filter((label) => issue.labels.includes(label));
  const reopens = state === 'opened' && issue.state === 'closed';
  const closes = state === 'closed' && issue.state === 'opened';
  const unlock: Action[] = reopens && issue.locked ? [{ kind: 'unlock' }] : [];
  if (addLabels.length + removeLabels.length === 0 && !reopens && !closes && assign === undefined) return unlock;
  const change: Change = {
    ...{ kind: 'change', addLabels, removeLabels },
    ...(reopens || closes ? { state: reopens ? 'reopen' : 'close' } : {}),
    ...(assign === undefined ? {} : { assignee: assign, unassign }),
  };
  return [...unlock, change];
}

/** GitLab may store other line ends, and takes off what ends a text. */
export function sameText(a: string, b: string): boolean {
  return a.replaceAll('\r\n', '\n').trimEnd() === b.replaceAll('\r\n', '\n').trimEnd();
}

/** An action in a few words, for the job log and the report. */
export function describe(action: Action): string {
  switch (action.kind) {
    case 'unlock':
      return 'unlock the discussion';
    case 'wake':
      return `start a timer for ${action.at}`;
    case 'emoji':
      return `answer comment ${action.noteId}`;
    case 'native':
      return 'acknowledge in GitLab';
    case 'relate':
      return 'link the issue that tracks it';
    case 'change':
      return describeChange(action);
    case 'post':
    case 'edit':
    case 'delete':
      return `${action.kind} the ${action.slot} comment`;
  }
}

function describeChange({ addLabels, removeLabels, state, assignee }: Change): string {
  const labels = [...addLabels.map((label) => `+${label}`), ...removeLabels.map((label) => `-${label}`)];
  return [...(state ? [state] : []), ...labels, ...(assignee === undefined ? [] : ['assign somebody'])].join(' ');
}
