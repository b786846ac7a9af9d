import type { Issue, Note } from '../gitlab/port.ts';
import { readActs } from '../read/acts.ts';
import { factsOf, readMarkers } from '../read/markers.ts';
import { isSameUser } from '../read/people.ts';
import type { HandoffFacts, ShiftOnRecord } from '../schema/types.gen.ts';
import type { LifeContext } from './life.ts';
import { some } from './life-acts.ts';

/** A shift, as its log remembers it; nothing for as long as nothing is told there. */
export function toShift(issue: Issue, notes: readonly Note[], context: LifeContext): ShiftOnRecord | undefined {
  const { projectId: project, iid, reference, webUrl: url, updatedAt } = issue;
  const marked = readMarkers(notes, { id: context.me, username: '' }, context.config.bot.former_ids);
  const { facts } = factsOf('log', marked);
  if (!facts) return undefined;
  const { facts: handoff } = factsOf('handoff', marked);
  const source = marked.find(({ slot }) => slot === 'handoff')?.noteId ?? 0;
  const engineer = handoff?.to ?? assignedFirst(notes, context) ?? issue.assignees[0]?.id;
  return {
    ...{ project, iid, reference, url, updated_at: updatedAt, start: facts.start, end: facts.end },
    ...(engineer === undefined ? {} : { engineer }),
    ...{ pages: facts.pages, windows: facts.windows },
    ...(handoff ? { handoff: toTakeover(handoff, source) } : {}),
  };
}

/** Whom the bot assigned when the shift began. */
function assignedFirst(notes: readonly Note[], { botIds, people }: LifeContext): number | undefined {
  const act = readActs(notes).find(({ kind, by }) => kind === 'assigned' && botIds.includes(by.id));
  return act && people.find(({ username }) => isSameUser(username, act.username))?.id;
}

function toTakeover(facts: HandoffFacts, source: number): NonNullable<ShiftOnRecord['handoff']> {
  const { at, from, to, accepted_at, accepted_by, incidents, complete } = facts;
  return { at, ...some({ from, to, accepted_at, accepted_by, incidents, complete }), source };
}
