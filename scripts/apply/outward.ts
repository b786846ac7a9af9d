import { LeftOver, SetupError } from '../ci/errors.ts';
import type { Message, Plan, SlotComment } from '../decide/plan.ts';
import { MaybePosted } from '../outside/errors.ts';
import type { Snapshot } from '../read/snapshot.ts';

/** Sends one message; resolves to false where its channel is not configured, so that the feature is off. */
export type Send = (message: Message) => Promise<boolean>;

/** A plan whose comments remember what was sent, and what could not be: the next run tries that again. `done` are keys not to be sent again. */
export type Sent = { plan: Plan; failures: (LeftOver | SetupError)[]; sent: Message[]; done: string[] };

/**
 * Sends what a plan wants sent, each key once: what was sent stays on record with the facts of its comment. A message that
 * fails stops nothing else; the command that asked for it stays unanswered, so that the next run finds it. What may have been
 * posted is not sent again. `over` are the keys that this run has sent already, in an attempt that came to nothing.
 */
export async function sendMessages(
  plan: Plan,
  { marked }: Snapshot,
  send: Send,
  over: readonly string[] = [],
): Promise<Sent> {
  const failures: Sent['failures'] = [];
  const sent: Message[] = [];
  const done = [...over];
  let told = plan;
  for (const message of plan.messages) {
    const comment = told.comments.find(({ slot }) => slot === message.slot);
    if (!comment) throw new Error(`no comment remembers the message ${message.key}`);
    const newest = marked.find(({ own, slot }) => own && slot === message.slot);
    const before = (newest?.facts as { sent?: string[] } | undefined)?.sent ?? [];
    if (before.includes(message.key) || over.includes(message.key)) {
      told = remembering(told, message);
      continue;
    }
    try {
      if (!(await send(message))) continue;
      told = remembering(told, message);
      sent.push(message);
      done.push(message.key);
    } catch (error) {
      if (!(error instanceof LeftOver) && !(error instanceof SetupError)) throw error;
      failures.push(error);
      const isOver = error instanceof MaybePosted;
      if (isOver) done.push(message.key);
      told = isOver ? remembering(told, message) : withholding(told, message);
    }
  }
  return { plan: told, failures, sent, done };
}

function remembering(plan: Plan, { slot, key }: Message): Plan {
  return changing(plan, slot, (facts) => {
    const sent = 'sent' in facts ? (facts.sent ?? []) : [];
    return sent.includes(key) ? facts : { ...facts, sent: [...sent, key] };
  });
}

/** A command whose message failed was not done yet. */
function withholding(plan: Plan, { noteId }: Message): Plan {
  if (noteId === undefined) return plan;
  const emojis = plan.emojis.filter((id) => id !== noteId);
  return changing({ ...plan, emojis }, 'ack', (facts) => {
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

/** A message in a few words, for the job log and the report. */
export function describeMessage({ to, key }: Message): string {
  return `tell ${to === 'slack' ? 'Slack' : 'PagerDuty'} (${key})`;
}
