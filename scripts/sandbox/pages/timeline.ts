import type { LabelChange, StateChange, StoredIssue, StoredNote } from '../world/records.ts';
import type { World } from '../world/world.ts';

/** What happened on an issue, as its page tells it. */
export type Entry =
  | { kind: 'comment'; at: string; userId: number; note: StoredNote }
  | { kind: 'system'; at: string; userId: number; note: StoredNote }
  | { kind: 'state'; at: string; userId: number; state: StateChange['state'] }
  | { kind: 'labels'; at: string; userId: number; added: string[]; removed: string[] };

/** Comments, system notes, and events of state and labels, in the order in which they happened. */
export function timelineOf(world: World, issue: StoredIssue): Entry[] {
  const happened = [
    ...world.notes.of(issue).map((note) => ({ id: note.id, entry: fromNote(note) })),
    ...world.stateChanges.of(issue).map((change) => ({ id: change.id, entry: fromState(change) })),
    ...world.labelChanges.of(issue).map((change) => ({ id: change.id, entry: fromLabel(change) })),
  ];
  // What happened within one millisecond is in the order of the ids, which all come from one counter.
  const ordered = happened.sort((a, b) => a.entry.at.localeCompare(b.entry.at) || a.id - b.id);
  return ordered.map(({ entry }) => entry).reduce(joinLabels, []);
}

function fromNote(note: StoredNote): Entry {
  return { kind: note.system ? 'system' : 'comment', at: note.createdAt, userId: note.authorId, note };
}

function fromState({ createdAt: at, userId, state }: StateChange): Entry {
  return { kind: 'state', at, userId, state };
}

function fromLabel({ createdAt: at, userId, action, label }: LabelChange): Entry {
  const [added, removed] = action === 'add' ? [[label], []] : [[], [label]];
  return { kind: 'labels', at, userId, added, removed };
}

/** Labels that one person changed at once are told at once. Source: app/services/resource_events/synthetic_label_notes_builder_service.rb. */
function joinLabels(entries: Entry[], entry: Entry): Entry[] {
  const last = entries.at(-1);
  const isSameChange =
    last?.kind === 'labels' &&
    entry.kind === 'labels' &&
    last.userId === entry.userId &&
    last.at.slice(0, 19) === entry.at.slice(0, 19);
  if (!isSameChange) return [...entries, entry];
  const joined = {
    ...last,
    added: [...last.added, ...entry.added],
    removed: [...last.removed, ...entry.removed],
  };
  return [...entries.slice(0, -1), joined];
}
