import { LeftOver, SetupError } from '../ci/errors.ts';
import { mergeParts } from '../decide/merge.ts';
import type { Message, Plan } from '../decide/plan.ts';
import { Overtaken } from '../gitlab/errors.ts';
import { MaybePosted } from '../outside/errors.ts';
import type { Marked } from '../read/markers.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { applyActions, type Target } from './apply.ts';
import { difference, type Action } from './difference.ts';
import { areSame, asSending, changingLists, entriesOf, entryOf, listsIn, remembering, withholding } from './keys.ts';
import type { Memory, Sent, Ways } from './outward.ts';
import { readStanding, settle, settled, takeBack, type Outcome } from './settling.ts';

/** Longer than an edit takes, so that of two runs which edit one comment at a time both see who was the later. */
const CLAIM_PAUSE_MS = 3_000;

/**
 * Tells Slack what a plan wants told, each key at most once, though Slack's incoming webhooks know no key. First it is
 * written, with the comment, that this run sends a message: where several runs race, the comment of one stands. Then it is
 * sent, then what became of it is written. What another run sends, or sent when it was killed, is let be, and warned of.
 */
export async function tellSlack(
  plan: Plan,
  snapshot: Snapshot,
  ways: Ways,
  memory: Memory,
  target: Target,
): Promise<Omit<Sent, 'failures'>> {
  const { plan: intended, messages } = intend(plan, snapshot, ways, memory, target);
  if (messages.length === 0) return { plan: intended, marked: snapshot.marked, sent: [], actions: [] };
  const slots = messages.map(({ slot }) => slot);
  const actions = await claim(intended, messages, snapshot, ways, memory, target);
  const outcomes = await sendAll(messages, ways, memory);
  const standing = await settle(outcomes, memory.run, target);
  const told = outcomes.reduce((before, outcome) => afterwards(before, outcome, memory), withoutTimer(intended));
  expectUntouched(told, slots, standing);
  const others = snapshot.marked.filter(({ slot }) => !slots.includes(slot));
  return {
    plan: told,
    marked: [...others, ...standing.filter(({ slot }) => slots.includes(slot))],
    sent: outcomes.filter(({ isSent }) => isSent).map(({ message }) => message),
    actions,
  };
}

/** Which messages this run is to send, and the plan whose comments say so. */
function intend(
  plan: Plan,
  { marked }: Snapshot,
  { isOn = () => true, send }: Ways,
  { run, over, failed }: Memory,
  { warn }: Target,
): { plan: Plan; messages: Message[] } {
  // What Slack would not take in an attempt before is the next run's, whoever has answered its command meanwhile.
  const refused = failed.map(({ message }) => message).filter(({ key }) => !over.includes(key));
  let intended = refused.reduce(withholding, plan);
  const messages: Message[] = [];
  for (const message of plan.messages) {
    const { to, slot, key } = message;
    if (to !== 'slack' || refused.some((each) => each.key === key)) continue;
    const standing = listsIn(slot, marked);
    const ours = entryOf(key, run);
    const others = entriesOf(key, standing).filter((entry) => entry !== ours);
    if (over.includes(key) || standing.sent.includes(key)) intended = remembering(intended, message);
    else if (others.length > 0) {
      intended = changingLists(intended, slot, (lists) => others.reduce(asSending, lists));
      const warning = `Slack may not have been told of ${key}: a run ended while it told it. Look into the channel, and tell it there if it is missing.`;
      warn(warning);
    } else if (send && isOn(message)) {
      intended = changingLists(intended, slot, (lists) => asSending(lists, ours));
      messages.push(message);
    }
  }
  return { plan: intended, messages };
}

/** Writes the comments that say what this run sends; before them a timer, since after them none is started. */
async function claim(
  { comments, wakeAt }: Plan,
  messages: readonly Message[],
  snapshot: Snapshot,
  ways: Ways,
  { run }: Memory,
  target: Target,
): Promise<Action[]> {
  const claiming = comments.filter((comment) => messages.some(({ slot }) => slot === comment.slot));
  const first = { ...mergeParts([]), comments: claiming, ...(wakeAt === undefined ? {} : { wakeAt }) };
  const actions = difference(first, snapshot);
  try {
    await applyActions(actions, target);
    if (actions.some(({ kind }) => kind === 'edit')) await expectOurs(messages, ways, run, target);
  } catch (error) {
    await takeBack(messages, run, target);
    throw error;
  }
  return actions;
}

/** Of two edits none is refused, unlike of two posts: whoever's stands after a pause goes on. Throws `Overtaken` for the other. */
async function expectOurs(messages: readonly Message[], { bounds }: Ways, run: string, target: Target): Promise<void> {
  await bounds.sleep(CLAIM_PAUSE_MS);
  const standing = await readStanding(target);
  for (const { slot, key } of messages) {
    const entries = entriesOf(key, listsIn(slot, standing));
    if (entries.length !== 1 || entries[0] !== entryOf(key, run)) throw new Overtaken();
  }
}

async function sendAll(messages: readonly Message[], { send }: Ways, memory: Memory): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const message of messages) {
    let isSent = false;
    try {
      isSent = (await send?.(message)) ?? false;
    } catch (error) {
      if (!(error instanceof LeftOver) && !(error instanceof SetupError)) throw error;
      isSent = error instanceof MaybePosted;
      memory.failed.push({ message, error });
    }
    if (isSent) memory.over.push(message.key);
    outcomes.push({ message, isSent });
  }
  return outcomes;
}

/** The plan once its timer was started. */
function withoutTimer(plan: Plan): Plan {
  const rest = { ...plan };
  delete rest.wakeAt;
  return rest;
}

/** The plan once it is known what became of a message. */
function afterwards(plan: Plan, outcome: Outcome, { run }: Memory): Plan {
  const { message, isSent } = outcome;
  const known = changingLists(plan, message.slot, (lists) => settled(lists, outcome, run));
  return isSent ? known : withholding(known, message);
}

/** Another run may have written these comments anew meanwhile; then the rest of the plan is out of date. */
function expectUntouched({ comments }: Plan, slots: readonly string[], standing: readonly Marked[]): void {
  for (const { slot, facts } of comments.filter((comment) => slots.includes(comment.slot))) {
    const newest = standing.find((each) => each.own && each.slot === slot);
    if (!areSame(newest?.facts, facts)) throw new Overtaken();
  }
}
