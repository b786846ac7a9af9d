import type { Installation } from '../read/config.ts';
import type { Command } from '../read/commands.ts';
import { CLOSING } from '../read/given.ts';
import { notedSeverity } from '../read/history.ts';
import type { Past } from '../read/past.ts';
import { isSameUser } from '../read/people.ts';
import type { ReadRecord } from '../read/record.ts';
import { readAnalysis, readOutcome, severityOfLabel } from '../read/values.ts';
import type { GateFacts, LearningFacts, Life, Outcome, RootCauseAnalysis } from '../schema/types.gen.ts';
import { outcomeElsewhere } from './closing.ts';
import type { Known, Remembering } from './life-acts.ts';
import type { Resolve } from './references.ts';
import { gatherSeverities } from './severity.ts';

/**
 * What is on record of an incident beside what people wrote: the gate's comment, that on what follows, and the commands that
 * the gate has carried out, so that their authors were allowed to give them.
 */
export type Judged = { gate: Remembering<GateFacts>; learning: LearningFacts | undefined; done: Command[] };

const OUTCOMES: readonly string[] = ['resolved', 'false positive', 'duplicate', 'tracked in', 'transferred'];
const DECISIONS: readonly string[] = ['reference', 'requested', 'not needed'];

/** The times that the description has, as far as they can be read. */
export function timesOf({ record }: ReadRecord): Pick<Life, 'detected_at' | 'mitigated_at' | 'resolved_at'> {
  const { detected_at, mitigated_at, resolved_at } = record;
  const written = Object.entries({ detected_at, mitigated_at, resolved_at });
  return Object.fromEntries(
    written.flatMap(([name, time]) => (isTime(time) ? [[name, new Date(time).toISOString()]] : [])),
  );
}

function isTime(time: string | undefined): time is string {
  return time !== undefined && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time);
}

/** The highest severity on record: what the gate counts, else whatever labels and notes of GitLab's own have told. */
export function severityOfLife(past: Past, read: ReadRecord, { gate }: Judged, config: Installation): Life['severity'] {
  const { issue, notes, labelEvents } = past;
  const levels = [notedSeverity(notes), ...labelEvents.map(({ label }) => severityOfLabel(label ?? ''))];
  const known = levels.filter((level) => level !== undefined);
  const former = known.length > 0 ? Math.min(...known) : undefined;
  const seen = { issue, read, gate: gate.facts, commands: [], formerSeverity: gate.facts ? undefined : former };
  return gatherSeverities(seen, config, issue.createdAt).counted;
}

/** How it ended: by the description, a command that was carried out, known noise, or a label. */
export function outcomeOf({ issue }: Past, read: ReadRecord, judged: Judged, config: Installation): Life['outcome'] {
  const command = judged.done.findLast(({ name }) => CLOSING.includes(name));
  const commanded = command && readOutcome(`${command.name.replace('-', ' ')}: ${command.argument}`);
  const day = (issue.closedAt ?? issue.createdAt).slice(0, 10);
  const outcome: Outcome | undefined = read.record.outcome ?? commanded ?? outcomeElsewhere(issue, config, day);
  return outcome && OUTCOMES.includes(outcome.kind) ? outcome.kind : undefined;
}

/** What was decided on a root cause analysis, and which issue is the analysis. */
export function analysisOf({ issue }: Past, read: ReadRecord, judged: Judged, resolve: Resolve): Life['rca'] {
  const command = judged.done.findLast(({ name }) => name === 'rca');
  const written: RootCauseAnalysis | undefined =
    read.record.root_cause_analysis ?? (command && readAnalysis(command.argument));
  const opened = judged.learning?.rca;
  const isDecided = written !== undefined && DECISIONS.includes(written.decision);
  if (!isDecided && !opened) return undefined;
  const decision = isDecided ? written.decision : 'requested';
  const named = written?.reference === undefined ? undefined : resolve(written.reference, issue.projectId);
  return { decision, ...named, ...opened };
}

/** What the gate last decided, and what of that is on record. What GitLab itself shows to be exempt has no comment, only a label of ours. */
export function gateOf(
  past: Past,
  { gate: { facts, noteId } }: Judged,
  config: Installation,
  { botIds }: Known,
): Pick<Life, 'gate' | 'exemption' | 'override' | 'verified'> {
  const { issue, labelEvents, notes } = past;
  const last = labelEvents.findLast(({ action, label }) => action === 'add' && label === 'closure::exempt');
  const isLabelled = issue.labels.includes('closure::exempt') && botIds.includes(last?.user?.id ?? 0);
  const judged = isOfNow(facts, issue.closedAt) ? facts?.state : undefined;
  const state = judged ?? (facts === undefined && isLabelled ? 'exempt' : undefined);
  if (state === undefined) return {};
  if (state === 'verified') return { gate: state, verified: verificationOf(facts, noteId, issue.updatedAt) };
  if (state !== 'exempt') return { gate: state };
  const [source] = facts?.notes ?? [];
  if (source === undefined) return { gate: state, ...nativeExemption(past, config) };
  const note = notes.find(({ id }) => id === source);
  const override = note ? { override: { at: note.createdAt, by: note.author.id, source } } : {};
  return { gate: state, exemption: 'OVERRIDDEN', ...override };
}

/** Whether what the gate decided is of the closing at hand; of one that nobody judged yet there is no verdict. */
function isOfNow(facts: GateFacts | undefined, closedAt: string | undefined): boolean {
  return closedAt === undefined || facts?.closed_at === undefined || facts.closed_at === closedAt;
}

function nativeExemption({ issue }: Past, { alert_bots: alertBots }: Installation): Pick<Life, 'exemption'> {
  if (issue.movedToId !== undefined) return { exemption: 'MOVED' };
  if (issue.isDuplicate) return { exemption: 'DUPLICATE' };
  const isAlert = alertBots.some((name) => isSameUser(name, issue.closedBy?.username ?? ''));
  return isAlert ? { exemption: 'ALERT_RECOVERED' } : {};
}

function verificationOf(facts: GateFacts | undefined, source = 0, otherwise: string): NonNullable<Life['verified']> {
  const { verified_at: at = facts?.closed_at ?? otherwise, schema, config, notes } = facts ?? {};
  return {
    ...{ at, source },
    ...(schema === undefined ? {} : { schema }),
    ...(config === undefined ? {} : { config }),
    ...(notes ? { notes } : {}),
  };
}
