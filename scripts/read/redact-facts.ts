import type { Names } from './redact-names.ts';

const USERS = ['by', 'owner', 'engaged', 'asked', 'closed_by', 'to', 'accepted_by'];
const NOTES = ['note', 'notes', 'answered', 'closing', 'after'];

/** A slot that is that of a comment bears its id: `reply-12`, `update-12`. */
export function redactSlot(slot: string, names: Names): string {
  return slot.replace(
    /^(reply|update)-(\d+)$/,
    (_all, name: string, id: string) => `${name}-${names.note(Number(id))}`,
  );
}

/** What a comment of ours remembers, its ids renamed. Hashes and times stay, since they tell of no words. */
export function redactFacts(slot: string, facts: object, names: Names): object {
  return redactAt(slot, '', facts, names) as object;
}

function redactAt(slot: string, key: string, value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => redactAt(slot, key, each, names));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redactAt(slot, name, inner, names)]));
  if (typeof value === 'number') return redactNumber(slot, key, value, names);
  return typeof value === 'string' ? redactString(key, value, names) : value;
}

function redactNumber(slot: string, key: string, value: number, names: Names): number {
  // `from` is a person in a hand-off, and a step of the ladder in an escalation.
  const isUser = USERS.includes(key) || (key === 'from' && slot === 'handoff');
  if (isUser) return names.user(value);
  if (NOTES.includes(key)) return value === 0 ? 0 : names.note(value);
  if (key === 'project') return names.project(value);
  return key === 'iid' ? names.iid(value) : value;
}

function redactString(key: string, value: string, names: Names): string {
  if (key === 'config') return '0'.repeat(value.length);
  if (key === 'pagerduty') return `P${'0'.repeat(Math.max(0, value.length - 2))}1`;
  // Keys of what was sent may bear the id of the comment that asked for it.
  return key === 'sent' || key === 'sending' ? redactSlot(value, names) : value;
}
