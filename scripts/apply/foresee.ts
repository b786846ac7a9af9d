import type { Decided } from '../decide/incident.ts';
import type { Plan } from '../decide/plan.ts';
import type { Issue, Questions, User } from '../gitlab/port.ts';
import { readHistory } from '../read/history.ts';
import { readSnapshot, type Beside, type Observed, type Snapshot } from '../read/snapshot.ts';
import { difference } from './difference.ts';
import { describeLearning } from './learning.ts';
import type { Carried, Tools } from './reconcile.ts';
import { incidentRules } from './rules.ts';

/** What an issue is read and judged by. */
export type Judging = Pick<Tools, 'config' | 'now' | 'rules' | 'isSweep'> & {
  gitlab: Questions;
  commit?: string | undefined;
};

/** Reads an issue as it stands, and decides what must be true of it. */
export async function readAndDecide(
  issue: Issue,
  me: User,
  { gitlab, config, now, commit, isSweep = false, rules: own }: Judging,
  observed: Observed,
): Promise<Decided & { snapshot: Snapshot }> {
  const rules = own ?? incidentRules(isSweep);
  const beside: Beside = { observed, ...rules.beside(issue, config, now) };
  const snapshot = await readSnapshot(gitlab, issue, me, config, beside);
  const decision = rules.decide(snapshot, config, now, commit);
  const fuller = decision.finding.state === 'verified' ? await readHistory(gitlab, snapshot) : undefined;
  return fuller ? { ...rules.decide(fuller, config, now, commit), snapshot: fuller } : { ...decision, snapshot };
}

/** What a plan would send and write. */
export function planned(plan: Plan, snapshot: Snapshot): Carried {
  const { marked } = snapshot;
  const also = describeLearning(plan);
  return { plan, marked, failures: [], sent: plan.messages, also, actions: difference(plan, snapshot) };
}
