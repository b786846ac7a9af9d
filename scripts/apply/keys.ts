import type { Message, Plan, SlotComment } from '../decide/plan.ts';
import { replySlot } from '../read/given.ts';
import type { Marked } from '../read/markers.ts';
import { digest } from '../schema/digest.ts';

/** The keys of messages that a comment remembers: what was sent, and, with the run that sends it (`KEY.RUN`), what is being sent. */
export type Lists = { sent: string[]; sending: string[] };

/** What the comment that stands in a slot remembers, of whichever account of the bot; nothing where none stands. */
export function listsIn(slot: string, marked: readonly Marked[]): Lists {
  return listsOf(marked.find((each) => each.slot === slot)?.facts);
}

/** What facts remember, whatever they are. */
export function listsOf(facts: unknown): Lists {
  const { sent, sending } = (facts ?? {}) as Record<string, unknown>;
  return { sent: textsOf(sent), sending: textsOf(sending) };
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}

/** Facts with these keys; a list that is empty is left out. What a comment replaced matters only while something is being sent. */
export function withLists<F extends object>(facts: F, lists: Lists): F {
  const some = Object.entries(lists).filter(([, list]) => list.length > 0);
  const gone = [...Object.keys(lists), ...(lists.sending.length > 0 ? [] : ['after'])];
  const others = Object.entries(facts).filter(([name]) => !gone.includes(name));
  return Object.fromEntries([...others, ...some]) as F;
}

/** Whether facts remember the same, whatever their comments replaced. */
export function areSame(before: unknown, facts: object): boolean {
  const bare = (each: unknown): string => digest({ ...(each ?? {}), after: 0 });
  return bare(before) === bare(facts);
}

/** Whether facts differ at most in what was sent on their account. */
export function saySame(before: unknown, facts: object): boolean {
  const nothing = { sent: [], sending: [] };
  return areSame(withLists(before ?? {}, nothing), withLists(facts, nothing));
}

/** How it is remembered that a run is sending a message. */
export function entryOf(key: string, run: string): string {
  return `${key}.${run}`;
}

/** Who is sending a message, as it is remembered. */
export function entriesOf(key: string, { sending }: Lists): string[] {
  return sending.filter((entry) => entry === key || entry.startsWith(`${key}.`));
}

/** The lists with a message among what was sent. */
export function asSent(key: string, { sent, sending }: Lists): Lists {
  return { sent: [...new Set([...sent, key])], sending };
}

/** The lists with an entry among what is being sent. */
export function asSending({ sent, sending }: Lists, entry: string): Lists {
  return { sent, sending: [...new Set([...sending, entry])] };
}

/** The lists without an entry among what is being sent. */
export function notSending(entry: string, { sent, sending }: Lists): Lists {
  return { sent, sending: sending.filter((each) => each !== entry) };
}

/** A plan whose comment in a slot remembers other keys. Throws where it has none: that is our mistake. */
export function changingLists(plan: Plan, slot: string, change: (lists: Lists) => Lists): Plan {
  if (!plan.comments.some((comment) => comment.slot === slot))
    throw new Error(`no comment remembers messages of ${slot}`);
  return changing(plan, slot, (facts) => withLists(facts, change(listsOf(facts))));
}

/** A plan whose comment remembers that a message was sent. */
export function remembering(plan: Plan, { slot, key }: Message): Plan {
  return changingLists(plan, slot, (lists) => asSent(key, lists));
}

/** A plan in which the command of a message that failed is not done yet, and its comment has no answer. */
export function withholding(plan: Plan, { noteId }: Message): Plan {
  if (noteId === undefined) return plan;
  const emojis = plan.emojis.filter((id) => id !== noteId);
  const comments = plan.comments.filter(({ slot }) => slot !== replySlot(noteId));
  return changing({ ...plan, emojis, comments }, 'ack', (facts) => {
    const answered = ('answered' in facts ? (facts.answered ?? []) : []).filter((id) => id !== noteId);
    return { ...facts, answered };
  });
}

function changing(plan: Plan, slot: string, change: (facts: SlotComment['facts']) => SlotComment['facts']): Plan {
  const comments = plan.comments.map((comment) =>
    comment.slot === slot ? ({ ...comment, facts: change(comment.facts) } as SlotComment) : comment,
  );
  return { ...plan, comments };
}
