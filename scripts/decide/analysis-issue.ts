import type { Installation } from '../read/config.ts';
import { factsOf } from '../read/markers.ts';
import type { Given, Snapshot } from '../read/snapshot.ts';
import { endOfDay } from '../read/time.ts';
import { analysisForm } from '../schema/rca-form.ts';
import type { Config } from '../schema/types.gen.ts';
import { answerCommands } from './answers.ts';
import { isDay } from './day.ts';
import { decideGate } from './gate.ts';
import type { HandoffVerdict } from './handoff-commands.ts';
import { withAnswers, type Decided } from './incident.ts';
import { call, mergeRuled, NO_PART } from './merge.ts';
import { whoSeesToIt } from './on-call.ts';
import type { Part } from './plan.ts';

const WEEK_MS = 7 * 24 * 3_600_000;
/** What the gate follows, and what asks a question; all other commands are for incidents. */
const COMMANDS: readonly string[] = ['check', 'resolved', 'override', 'active', 'help', 'who'];

/** The configuration by which an analysis is read and judged: it has a form of its own, and its label makes it one. */
export function analysisInstallation(config: Installation): Installation {
  const mode = config.rca.mode === 'enforce' ? config.gate.mode : 'observe';
  return {
    ...config,
    form: analysisForm(),
    incident: { labels: [config.rca.label] },
    gate: { ...config.gate, mode },
  };
}

/**
 * What must be true of a root cause analysis: it stays open until it says what its form asks for, by the same gate as
 * incidents, and calls for whoever is to write it once its time is over. `config` is that of `analysisInstallation`.
 */
export function decideAnalysis(snapshot: Snapshot, config: Installation, now: Date, commit?: string): Decided {
  const isOurs = ({ name }: Given): boolean => COMMANDS.includes(name);
  const gate = decideGate({ ...snapshot, commands: snapshot.commands.filter(isOurs) }, config, now, commit);
  if (snapshot.incident === 'no' || snapshot.off)
    return { ...mergeRuled([['closure gate', gate.plan]]), finding: gate.finding };
  const state = gate.plan.comment?.facts.state ?? snapshot.gate?.state;
  const isMute = gate.plan.comment === undefined;
  const refused = snapshot.commands.filter((command) => !isOurs(command));
  const handoffs = new Map<Given, HandoffVerdict>(refused.map((command) => [command, 'analysis']));
  const answers = answerCommands(snapshot, {}, state, { config, now, isMute, handoffs });
  const ruled = mergeRuled([
    ['closure gate', withAnswers(gate.plan, snapshot, answers)],
    ['due date', decideOverdue(snapshot, config, now)],
    ['commands', answers.part],
  ]);
  return { ...ruled, finding: gate.finding };
}

/** Whether the last day of an analysis is over (in the team's zone), and it is open. */
export function isOverdue(issue: Snapshot['issue'], config: Config, now: Date): boolean {
  const endMs = endOf(issue, config);
  return issue.state === 'opened' && endMs !== undefined && now.getTime() >= endMs;
}

/** Whoever is assigned to an analysis past its time, else the manager on call, is called once a week, by day. */
function decideOverdue({ issue, marked }: Snapshot, config: Config, now: Date): Part {
  const endMs = endOf(issue, config);
  const mayCall = config.rca.mode === 'enforce' && isDay(now, config);
  if (!mayCall || endMs === undefined || !isOverdue(issue, config, now)) return NO_PART;
  const weeks = Math.floor((now.getTime() - endMs) / WEEK_MS);
  const at = new Date(endMs + weeks * WEEK_MS).toISOString();
  if ((factsOf('overdue', marked).facts?.at ?? '') >= at) return NO_PART;
  const told = whoSeesToIt(issue, config, now);
  if (told.tell.length === 0) return NO_PART;
  const view = { words: 'analysis-overdue', ...told, dueOn: issue.dueOn ?? '' } as const;
  return { ...NO_PART, comment: call('overdue', 'call', { at }, view) };
}

function endOf({ dueOn }: Snapshot['issue'], { time_zone: timeZone }: Config): number | undefined {
  return dueOn === undefined ? undefined : endOfDay(dueOn, timeZone)?.getTime();
}
