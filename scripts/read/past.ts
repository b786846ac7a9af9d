import { NotFound } from '../gitlab/errors.ts';
import type { GitLab, Issue, LabelEvent, Note, StateEvent } from '../gitlab/port.ts';

/** All that GitLab keeps of an issue: its comments, and when its state and its labels changed, oldest first. */
export type Past = { issue: Issue; notes: Note[]; stateEvents: StateEvent[]; labelEvents: LabelEvent[] };

/** Reads what became of an issue, in three calls and one more per further 100 comments; nothing where it is gone by now. */
export async function readPast(gitlab: GitLab, issue: Issue): Promise<Past | undefined> {
  try {
    const notes = (await gitlab.notes(issue)).sort(byId);
    const stateEvents = (await gitlab.stateEvents(issue)).sort(byId);
    const labelEvents = (await gitlab.labelEvents(issue)).sort(byId);
    return { issue, notes, stateEvents, labelEvents };
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

function byId(a: { id: number }, b: { id: number }): number {
  return a.id - b.id;
}
