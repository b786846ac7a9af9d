import type { Note, User } from '../gitlab/port.ts';
import type { ShapeName } from '../schema/schemas.ts';
import { validate } from '../schema/validate.ts';
import type { AckFacts, CallFacts, GateFacts, HandoffFacts, LearningFacts, LogFacts } from '../schema/types.gen.ts';

/** A comment of the bot that begins with a marker: whose slot it fills, and the facts it remembers (unchecked). */
export type Marked = {
  slot: string;
  noteId: number;
  body: string;
  facts: unknown;
  /** Written by the bot's present account, so that it may be edited; notes of former accounts are only read. */
  own: boolean;
};

type CallSlot =
  'escalation' | 'update' | 'major' | 'major-check' | 'handoff-late' | 'handoff-due' | 'nudge' | 'overdue';
type Facts = { gate: GateFacts; ack: AckFacts; handoff: HandoffFacts; log: LogFacts; learning: LearningFacts } & Record<
  CallSlot,
  CallFacts
>;

/** The slots whose facts have a schema of their own; those of all others are those of calls. */
const SHAPES: Readonly<Partial<Record<keyof Facts, ShapeName>>> = {
  gate: 'facts-gate',
  ack: 'facts-ack',
  handoff: 'facts-handoff',
  log: 'facts-log',
  learning: 'facts-learning',
};

const MARKER = /^<!-- watchkeeper:([a-z][a-z0-9-]{0,40})(?: (\{.*\}))? -->\r?(?:\n|$)/;

/** The first line of a comment that fills a slot. Facts hold ids, numbers, hashes and times alone. */
export function marker(slot: string, facts: object): string {
  return `<!-- watchkeeper:${slot} ${JSON.stringify(facts)} -->`;
}

/** Whether a comment begins as ours do. */
export function isMarked(body: string): boolean {
  return MARKER.test(body);
}

/**
 * The marked comments among notes, newest first, but those that lost a race last. Only the beginning of a body counts, and only in notes by the bot or one
 * of its former accounts: a marker that a person copied is text.
 */
export function readMarkers(notes: readonly Note[], me: User, formerIds: readonly number[]): Marked[] {
  const marked = [...notes]
    .sort((a, b) => b.id - a.id)
    .flatMap(({ id, body, author, system }) => {
      const own = author.id === me.id;
      const match = !system && (own || formerIds.includes(author.id)) ? MARKER.exec(body) : null;
      return match ? [{ slot: match[1] ?? '', noteId: id, body, facts: parse(match[2]), own }] : [];
    });
  const lost = marked.filter((each) => hasLost(each, marked));
  return [...marked.filter((each) => !lost.includes(each)), ...lost];
}

/** Whether two runs replaced the same comment at one moment, and this one's came later: whose it is takes it back. */
function hasLost({ slot, noteId, facts, own }: Marked, marked: readonly Marked[]): boolean {
  const { after } = (facts ?? {}) as { after?: unknown };
  if (!own || typeof after !== 'number') return false;
  return marked.some((other) => other.own && other.slot === slot && other.noteId > after && other.noteId < noteId);
}

/** The newest facts of a slot. Facts that their schema refuses count as none, and are warned of. */
export function factsOf<S extends keyof Facts>(
  slot: S,
  marked: readonly Marked[],
): { facts?: Facts[S]; warning?: string } {
  const newest = marked.find((each) => each.slot === slot);
  if (!newest) return {};
  const shape = SHAPES[slot] ?? 'facts-call';
  const checked = validate(shape, newest.facts);
  if (checked.ok) return { facts: checked.value as Facts[S] };
  return { warning: `the facts of the ${slot} comment (note ${newest.noteId}) are not readable and were ignored` };
}

/** What others were told on account of a slot's comment, and are being told, for the next comment there to remember. */
export function toldOf(slot: string, marked: readonly Marked[]): Pick<CallFacts, 'sent' | 'sending'> {
  const newest = marked.find((each) => each.slot === slot);
  const checked = validate('facts-call', newest?.facts ?? {});
  const { sent, sending } = checked.ok ? checked.value : {};
  return { ...(sent === undefined ? {} : { sent }), ...(sending === undefined ? {} : { sending }) };
}

function parse(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '{}');
  } catch {
    return undefined;
  }
}
