import type { Installation } from '../read/config.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { gatherDuty, withDuty } from './acknowledgement.ts';
import { decideAnnouncement } from './announcement.ts';
import { decideAlarm } from './alarm.ts';
import { answerCommands, type Answers } from './answers.ts';
import type { Around } from './duty.ts';
import { decideEscalation } from './escalation.ts';
import { decideGate } from './gate.ts';
import { decideHandoff } from './handoff.ts';
import { decideLearning } from './learning.ts';
import { decideMajor } from './major.ts';
import { mergeRuled } from './merge.ts';
import { decideOwnership } from './ownership.ts';
import type { Decision, Finding, Part, Plan, Ruled } from './plan.ts';
import { decidePriority } from './priority.ts';
import { decideReview } from './review.ts';
import { gatherSeverities } from './severity.ts';
import { decideStakeholderUpdates } from './stakeholders.ts';
import { decideTracking } from './tracking.ts';
import { decideUpdates } from './updates.ts';

/** What must be true of an issue by all rules together, what the report says of it, and which rule wants what. */
export type Decided = { plan: Plan; finding: Finding; ruled: Ruled[] };

/** Decides all that must be true of an issue: every rule of the duty is a file beside this one, and gives its part. */
export function decideIncident(snapshot: Snapshot, config: Installation, now: Date, commit?: string): Decided {
  const facts = gatherDuty(snapshot, config, now);
  const known = withDuty(snapshot, facts);
  const gate = decideGate(known, config, now, commit);
  if (snapshot.off) return { ...mergeRuled([['closure gate', gate.plan]]), finding: gate.finding };
  const severity = gatherSeverities(known, config, now.toISOString()).counted;
  const around: Around = { now, severity, isPaperwork: ['blocked', 'closing'].includes(gate.finding.state) };
  const gateState = gate.plan.comment?.facts.state ?? known.gate?.state;
  const isMute = gate.plan.comment === undefined;
  const handedOver = decideHandoff(known, facts, config, around);
  const handoffs = handedOver.verdicts;
  const answers = answerCommands(snapshot, facts, gateState, { config, now, isMute, handoffs });
  const remembered = remember(facts.answered, answers.done.ack);
  const { part: climbed, wasEscalated } = decideEscalation(known, facts, config, around);
  const ruled = mergeRuled([
    ['closure gate', withAnswers(gate.plan, known, answers)],
    [
      'acknowledgement',
      decideOwnership(known, { ...facts, ...remembered }, config, {
        ...around,
        wasEscalated,
        isHandedOver: handedOver.isAssigned,
      }),
    ],
    ['hand-off', handedOver.part],
    ['escalation', climbed],
    ['updates', decideUpdates(known, facts, config, around)],
    ['review', decideReview(known, config, around)],
    ['announcement', decideAnnouncement(known, facts, config, now)],
    ['major incident', decideMajor(known, facts, config, around)],
    ['stakeholder updates', decideStakeholderUpdates(snapshot, config)],
    ['tracking', decideTracking(known, config)],
    ['priority', decidePriority(known)],
    ['follow-ups', decideLearning(known, config, gate.finding, now)],
    ['alarm', decideAlarm(known, facts, config, ['verified', 'exempt'].includes(gate.finding.state))],
    ['commands', answers.part],
  ]);
  return { ...ruled, finding: gate.finding };
}

/** The gate's facts remember which of its commands were done; without its comment nothing does. */
export function withAnswers(plan: Decision['plan'], { gate }: Snapshot, { done }: Answers): Part {
  if (!plan.comment) return plan;
  const facts = { ...plan.comment.facts, ...remember(gate?.answered, done.gate) };
  return { ...plan, comment: { ...plan.comment, facts } };
}

function remember(before: readonly number[] = [], now: readonly number[]): { answered?: number[] } {
  const answered = [...new Set([...before, ...now])].sort((a, b) => a - b);
  return answered.length > 0 ? { answered } : {};
}
