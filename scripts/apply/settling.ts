import { LeftOver, SetupError } from '../ci/errors.ts';
import type { Message } from '../decide/plan.ts';
import { NotFound, Overtaken } from '../gitlab/errors.ts';
import { marker, readMarkers, type Marked } from '../read/markers.ts';
import type { Target } from './apply.ts';
import { asSent, entryOf, listsOf, notSending, withLists, type Lists } from './keys.ts';

/** What became of a message that a run said it sends: whether it was sent, or may have been. */
export type Outcome = { message: Message; isSent: boolean };

const MOST_TRIES = 8;

/** The comments of ours as they stand now, newest first. */
export async function readStanding({ issue, me, gitlab }: Target): Promise<Marked[]> {
  return readMarkers(await gitlab.notes(issue), me, []);
}

/**
 * Writes what became of messages into whatever comments say now that this run sends them; another run may have taken that
 * over into one of its own. Their words stay as they are. Gives what stands then. Throws `Overtaken` where it never settles.
 */
export async function settle(outcomes: readonly Outcome[], run: string, target: Target): Promise<Marked[]> {
  for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
    const standing = await readStanding(target);
    const unsettled = standing.find(({ own, facts }) => own && concerned(facts, outcomes, run).length > 0);
    if (!unsettled) return standing;
    const { slot, noteId, body, facts } = unsettled;
    const lists = concerned(facts, outcomes, run).reduce((all, each) => settled(all, each, run), listsOf(facts));
    const words = body.slice(body.indexOf('-->') + '-->'.length);
    const settling = target.gitlab.editNote(
      target.issue,
      noteId,
      marker(slot, withLists(facts as object, lists)) + words,
    );
    // Whoever deleted it has posted another, which is read next.
    await settling.catch((error: unknown) => {
      if (!(error instanceof NotFound)) throw error;
    });
  }
  throw new Overtaken();
}

/** Takes back that a run sends messages, where none was sent. What GitLab does not take is left as it is. */
export async function takeBack(messages: readonly Message[], run: string, target: Target): Promise<void> {
  const outcomes = messages.map((message) => ({ message, isSent: false }));
  try {
    await settle(outcomes, run, target);
  } catch (error) {
    if (!(error instanceof LeftOver) && !(error instanceof SetupError)) throw error;
  }
}

/** What is remembered once it is known what became of a message. */
export function settled(lists: Lists, { message: { key }, isSent }: Outcome, run: string): Lists {
  const known = notSending(entryOf(key, run), lists);
  return isSent ? asSent(key, known) : known;
}

function concerned(facts: unknown, outcomes: readonly Outcome[], run: string): Outcome[] {
  const { sending } = listsOf(facts);
  return outcomes.filter(({ message }) => sending.includes(entryOf(message.key, run)));
}
