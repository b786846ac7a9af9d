import type { Finding, Part, Rule, Ruled, SlotComment } from './plan.ts';
import type { AckView, CallView } from './words.ts';

/** What a rule wants of an issue at all: a label there or gone, a comment by its slot, and so on. */
export type Wish =
  | { kind: 'label'; label: string }
  | { kind: 'comment'; slot: string }
  | { kind: 'emoji'; noteId: number }
  | { kind: 'message'; key: string }
  | { kind: 'relate'; reference: string }
  | { kind: 'state' | 'assign' | 'native' | 'wakeAt' | 'learning' };

/** The rule that wants something, and its part. Nothing for what no rule wants, such as taking away what was doubled. */
export function ruleFor(wish: Wish, ruled: readonly Ruled[]): Ruled | undefined {
  return ruled.find(([, part]) => wants(part, wish));
}

function wants(part: Part, wish: Wish): boolean {
  switch (wish.kind) {
    case 'label':
      return [...part.labels.present, ...part.labels.absent].includes(wish.label);
    case 'comment':
      return commentsOf(part).some(({ slot }) => slot === wish.slot);
    case 'emoji':
      return part.emojis?.includes(wish.noteId) === true;
    case 'message':
      return part.messages?.some(({ key }) => key === wish.key) === true;
    case 'relate':
      return part.relate?.includes(wish.reference) === true;
    case 'state':
    case 'assign':
    case 'native':
    case 'wakeAt':
    case 'learning':
      return part[wish.kind] !== undefined;
  }
}

/**
 * Why a rule wants its part, in codes and a few words of ours: `closure gate: OWNER_MISSING, RCA_MISSING`. Nothing of what
 * people wrote is in it.
 */
export function whyOf(rule: Rule, part: Part, { state, codes }: Finding): string {
  const reasons = rule === 'closure gate' ? (codes.length > 0 ? codes : [state]) : reasonsOf(part);
  return reasons.length > 0 ? `${rule}: ${[...new Set(reasons)].join(', ')}` : rule;
}

function reasonsOf(part: Part): string[] {
  const said = commentsOf(part).flatMap((comment) => (comment.slot === 'gate' ? [] : wordsOf(comment)));
  const wanted = said.length > 0 ? [] : part.labels.present;
  const tracked = part.relate?.map((reference) => `tracked in ${reference}`) ?? [];
  const done = part.emojis && part.emojis.length > 0 ? ['done'] : [];
  const due = said.length === 0 && part.wakeAt !== undefined ? [`due at ${part.wakeAt}`] : [];
  const told = said.length + wanted.length > 0 ? [] : (part.messages?.map(({ key }) => key) ?? []);
  return [...said, ...wanted, ...tracked, ...done, ...due, ...told];
}

function commentsOf({ comment, comments = [] }: Part): SlotComment[] {
  return [...(comment ? [comment] : []), ...comments];
}

function wordsOf({ view }: SlotComment): string[] {
  return 'words' in view ? reasonOf(view) : [];
}

/** What a comment is about, in a few words. */
function reasonOf(view: CallView): string[] {
  switch (view.words) {
    case 'ack':
      return [acknowledged(view)];
    case 'escalation': {
      const minutes = view.steps.at(-1)?.minutes ?? 0;
      return [view.acknowledgedAt === '' ? `not acknowledged in ${minutes} minutes` : 'acknowledged since'];
    }
    case 'owner':
      return ['its owner was unassigned'];
    case 'update-due':
      return [`no update in ${view.minutes} minutes`];
    case 'major':
      return [view.severity === null ? '/major' : `severity ${view.severity}`];
    case 'major-check':
      return [`missing ${view.missing.join(', ')}`];
    case 'reply':
      return view.lines.map(({ command, why }) => `/${command}: ${why}`);
    case 'analysis-overdue':
    case 'nudge':
      return [`due on ${view.dueOn}`];
    case 'learning':
      return view.rows.map(({ kind, state }) => `${kind || 'note'} ${state}`);
    case 'handoff':
      return [view.isCommanded ? '/handoff' : 'change of shift'];
    case 'handoff-late':
      return [`not accepted in ${view.minutes} minutes`];
    case 'update':
    case 'page-note':
    case 'on-call':
    case 'note':
    case 'handoff-due':
    case 'shift-handoff':
    case 'log':
    case 'weekly-review':
    case 'doctor':
    case 'digest':
      return [ABOUT[view.words]];
  }
}

const ABOUT = {
  update: '/update',
  'page-note': 'a note in PagerDuty',
  'on-call': 'came on call',
  note: 'its note changed',
  'handoff-due': 'the shift ends soon',
  'shift-handoff': 'change of shift',
  log: 'what the shift had',
  'weekly-review': 'what the week had',
  doctor: 'what the check found',
  digest: 'a review window ended',
} as const;

function acknowledged({ acknowledgedAt, how, pagedAt }: AckView): string {
  if (acknowledgedAt !== undefined) return how === undefined ? 'acknowledged' : `acknowledged by ${how}`;
  return pagedAt === '' ? 'commands' : 'not acknowledged';
}
