import { personOf } from '../decide/acknowledgement.ts';
import type { DutyComment, HandoffComment, Message, Plan, SlotComment } from '../decide/plan.ts';
import { reviewsOf } from '../decide/review.ts';
import type { Issue, User } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { describe, type Action } from './difference.ts';
import { describeMessage } from './outward.ts';
import type { Reconciled } from './reconcile.ts';

/** What a run did to an incident. */
type Done = Pick<Reconciled, 'issue' | 'finding' | 'failures' | 'planned'> & {
  snapshot: Snapshot;
  plan: Plan;
  sent: Message[];
  /** What was done for what follows from the incident, in words. */
  also: string[];
  actions: Action[];
};

/** What became of an incident, and how it stands now that its plan came true. */
export function summarise({ snapshot, plan, sent, also, actions, ...done }: Done, config: Installation): Reconciled {
  return {
    ...done,
    issue: {
      ...done.issue,
      state: plan.state ?? done.issue.state,
      labels: labelsAfter(done.issue, plan),
      assignees: assigneesAfter(snapshot, plan),
    },
    actions: [...sent.map(describeMessage), ...also, ...actions.map(describe)],
    bodies: actions.flatMap((action) => ('body' in action ? [action.body] : [])),
    warnings: snapshot.warnings,
    reviews: reviewsOf(snapshot, config),
    onCallSince: snapshot.labelledAt ?? done.issue.createdAt,
    remembered: rememberedBy(snapshot, plan),
    isMentioned: snapshot.isMentioned ?? false,
  };
}

/** Who is assigned once a plan came true, the one whom GitLab Free keeps first. */
function assigneesAfter(snapshot: Snapshot, { assign, unassign }: Plan): User[] {
  const { assignees } = snapshot.issue;
  const assigned = assign === undefined ? undefined : personOf(snapshot, assign);
  if (!assigned) return assignees;
  return [assigned, ...assignees.filter(({ id }) => id !== assign && !unassign.includes(id))];
}

/** What is remembered once a plan came true. */
function rememberedBy({ duty, handoff }: Snapshot, { comments }: Plan): Reconciled['remembered'] {
  const [ack, handedOver] = [comments.find(isOfDuty)?.facts ?? duty, comments.find(isOfHandoff)?.facts ?? handoff];
  return { ...(ack ? { ack } : {}), ...(handedOver ? { handoff: handedOver } : {}) };
}

function isOfDuty(comment: SlotComment): comment is DutyComment {
  return comment.slot === 'ack';
}

function isOfHandoff(comment: SlotComment): comment is HandoffComment {
  return comment.slot === 'handoff';
}

/** The labels that an issue bears once a plan came true. */
function labelsAfter({ labels }: Issue, { labels: { present, absent } }: Plan): string[] {
  return [...new Set([...labels.filter((label) => !absent.includes(label)), ...present])];
}
