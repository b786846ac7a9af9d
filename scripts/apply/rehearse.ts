import { analysisInstallation } from '../decide/analysis-issue.ts';
import type { Rested } from '../decide/kept-hashes.ts';
import type { Questions } from '../gitlab/port.ts';
import { isAnalysisIssue } from '../read/analyses.ts';
import type { Installation } from '../read/config.ts';
import { replay, type Recording } from '../read/recording.ts';
import type { Step } from '../render/steps.ts';
import { planned, readAndDecide } from './foresee.ts';
import { analysisRules } from './rules.ts';
import { stepsOf } from './steps.ts';

/** What would become of a recorded incident: what is decided and why, and the comments as they would be written. */
export type Rehearsed = Rested & { steps: Step[]; bodies: string[] };

/**
 * Puts a recorded incident before the rules at a moment, as a sweep would an incident that nobody woke it for. `questions`
 * answers what they ask: by default the recording itself. Nothing is written anywhere.
 */
export async function rehearse(
  recording: Recording,
  config: Installation,
  now: Date,
  questions: Questions = replay(recording),
): Promise<Rehearsed> {
  const { issue, me, isAnalysis } = recording;
  const judging = { gitlab: questions, now, isSweep: true };
  const isOther = isAnalysis || isAnalysisIssue(issue, [me.id, ...config.bot.former_ids], config);
  const by = isOther ? { config: analysisInstallation(config), rules: analysisRules } : { config };
  const decided = await readAndDecide(issue, me, { ...judging, ...by }, {});
  const { plan, snapshot, ruled, finding } = decided;
  const wanted = planned(plan, snapshot);
  const bodies = wanted.actions.flatMap((action) => ('body' in action ? [action.body] : []));
  return { ...decided, config: by.config, steps: stepsOf(wanted, snapshot, ruled, finding), bodies };
}
