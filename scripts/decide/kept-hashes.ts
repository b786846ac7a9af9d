import { factsOf, marker, type Marked } from '../read/markers.ts';
import type { Recording } from '../read/recording.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { Installation } from '../read/config.ts';
import { digest } from '../schema/digest.ts';
import type { Decided } from './incident.ts';
import { assess } from './situation.ts';

/** A decision, and what it rests on. */
export type Rested = Decided & { snapshot: Snapshot; config: Installation };

/** What two decisions of one issue differ in by their words alone: the hashes of one, and of the other. */
type Pairs = ReadonlyMap<string, string>;

/**
 * A redacted recording whose comments remember hashes of the redacted words wherever they remembered those of the original's,
 * so that what was up to date still is, and what had changed since still has. All other hashes are hashed again.
 */
export function withHashes(redacted: Recording, [before, after]: readonly [Rested, Rested], now: Date): Recording {
  const pairs = new Map(
    [...hashesOf(before, now)].flatMap(([name, hash]) => {
      const other = hashesOf(after, now).get(name);
      return other === undefined ? [] : [[hash, other] as const];
    }),
  );
  const marked = after.snapshot.marked;
  return {
    ...redacted,
    notes: redacted.notes.map((note) => {
      const ours = marked.find(({ noteId }) => noteId === note.id);
      return ours ? { ...note, body: inOtherHashes(note.body, ours, pairs) } : note;
    }),
  };
}

/** The hashes that a decision makes of words: what the record demands, what each comment says, and each note that follows. */
function hashesOf({ plan, snapshot, config }: Rested, now: Date): Pairs {
  const said = plan.comments.flatMap((comment, index) => {
    const { said: hash } = comment.facts as { said?: string };
    return hash === undefined ? [] : [[`said ${index}`, hash] as const];
  });
  const followUps = plan.learning?.followUps.map(({ n, note }) => [`note ${n}`, note] as const) ?? [];
  const record = factsOf('gate', snapshot.marked).facts?.record === undefined ? [] : [recordOf(snapshot, config, now)];
  return new Map([...said, ...followUps, ...record]);
}

function recordOf(snapshot: Snapshot, config: Installation, now: Date): readonly [string, string] {
  return ['record', assess(snapshot, config, now, undefined).hash];
}

function inOtherHashes(body: string, { slot, facts }: Marked, pairs: Pairs): string {
  const json = JSON.stringify(facts);
  const other = json.replace(/"([0-9a-f]{32})"/g, (_all, hash: string) => `"${pairs.get(hash) ?? digest(hash)}"`);
  return marker(slot, JSON.parse(other) as object) + body.slice(body.indexOf('-->') + '-->'.length);
}
