import { personOf } from '../decide/acknowledgement.ts';
import type { Finding, Message, Rule, Ruled } from '../decide/plan.ts';
import { ruleFor, whyOf, type Wish } from '../decide/why.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { Step } from '../render/steps.ts';
import { describe, type Action, type Change } from './difference.ts';
import { describeMessage } from './outward.ts';

/** What a plan would do: messages, what is to follow in words, and what is to be written. */
type Wanted = { sent: readonly Message[]; also: readonly string[]; actions: readonly Action[] };

/** One thing that would be done, and what wants it. */
type Deed = { does: string; wish: Wish };

/** What stands on account of no rule: one that runs before were cut off at. */
const DOUBLED = 'replaced by a newer comment of ours';

/** What would be done to an issue and why, one step per rule, in the order in which it would be done. */
export function stepsOf(
  { sent, also, actions }: Wanted,
  snapshot: Snapshot,
  ruled: readonly Ruled[],
  finding: Finding,
): Step[] {
  const deeds: Deed[] = [
    ...sent.map((message): Deed => ({ does: describeMessage(message), wish: { kind: 'message', key: message.key } })),
    ...also.map((does): Deed => ({ does, wish: { kind: 'learning' } })),
    ...actions.flatMap((action) => deedsOf(action, snapshot)),
  ];
  const byRule = new Map<Rule | '', { does: string[]; why: string }>();
  for (const { does, wish } of deeds) {
    const [rule, part] = ruleFor(wish, ruled) ?? [];
    const step = byRule.get(rule ?? '') ?? { does: [], why: rule && part ? whyOf(rule, part, finding) : DOUBLED };
    step.does.push(does);
    byRule.set(rule ?? '', step);
  }
  const { reference } = snapshot.issue;
  return [...byRule.values()].map((step) => ({ reference, state: finding.state, ...step }));
}

function deedsOf(action: Action, snapshot: Snapshot): Deed[] {
  const does = describe(action);
  switch (action.kind) {
    case 'change':
      return deedsOfChange(action, snapshot);
    case 'post':
    case 'edit':
    case 'delete':
      return [{ does, wish: { kind: 'comment', slot: action.slot } }];
    case 'emoji':
      return [{ does, wish: { kind: 'emoji', noteId: action.noteId } }];
    case 'relate':
      return [{ does: `link ${action.reference}`, wish: action }];
    case 'native':
      return [{ does, wish: { kind: 'native' } }];
    case 'wake':
      return [{ does, wish: { kind: 'wakeAt' } }];
    case 'unlock':
      return [{ does, wish: { kind: 'state' } }];
  }
}

/** One edit of an issue may be wanted by several rules. */
function deedsOfChange({ state, addLabels, removeLabels, assignee }: Change, snapshot: Snapshot): Deed[] {
  const labels = [...addLabels.map((label) => ['+', label]), ...removeLabels.map((label) => ['-', label])];
  // Who works on a confidential issue is nobody's business in a job log.
  const name =
    assignee === undefined || snapshot.issue.confidential ? undefined : personOf(snapshot, assignee)?.username;
  return [
    ...(state ? [{ does: state, wish: { kind: 'state' } } as const] : []),
    ...labels.map(([sign = '', label = '']): Deed => ({ does: sign + label, wish: { kind: 'label', label } })),
    ...(assignee === undefined
      ? []
      : [{ does: `assign ${name === undefined ? 'somebody' : `@${name}`}`, wish: { kind: 'assign' } } as const]),
  ];
}
