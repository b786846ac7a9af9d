import type { Installation } from '../read/config.ts';
import type { Given, Snapshot } from '../read/snapshot.ts';
import type { GateFacts } from '../schema/types.gen.ts';
import { isOnDuty } from './duty.ts';
import { clearLabels, decision, only } from './gate-decision.ts';
import { closingCommand } from './outcome-command.ts';
import type { Decision } from './plan.ts';
import { mayCommand } from './rights.ts';
import { assess } from './situation.ts';

/**
 * The gate while an incident is open: it closes for somebody who commanded it as soon as nothing is missing, says what is
 * missing to whoever asks, and keeps a checklist current that stands already. The checklist appears when it is of use: at
 * acknowledgement for severity 1 and 2, else when somebody asks for it or closes.
 */
export function decideOpen(snapshot: Snapshot, config: Installation, now: Date, commit: string | undefined): Decision {
  const closing = standingClosing(snapshot, config);
  const situation = assess(closing ? asIfClosed(snapshot, closing, now) : snapshot, config, now, commit);
  if (closing && situation.failing.length === 0) {
    return {
      plan: { labels: only(undefined), state: 'closed' },
      finding: { state: 'closing', codes: [], checks: situation.checks },
    };
  }
  const { gate = { state: 'open' } } = snapshot;
  const asked = askedBy(snapshot, gate, closing);
  const isOfUse = snapshot.ack !== undefined && situation.severities.isMajor && isOnDuty(config);
  if (!snapshot.gate && !asked && !isOfUse) return clearLabels();
  const state = stateOf(gate, snapshot, config);
  const facts: GateFacts = {
    ...lastingFacts(gate),
    ...situation.severities.facts,
    ...(closing ? { closing: closing.noteId } : {}),
    state,
  };
  const told = asked ? { ...situation, asker: asked.author } : situation;
  return decision(told, facts, asked ? 'call' : 'board', state === 'blocked' ? 'closure::blocked' : undefined);
}

/** A command to close that was not carried out yet and that nobody took back by `/active`. */
function standingClosing(snapshot: Snapshot, config: Installation): Given | undefined {
  const command = closingCommand(snapshot, config);
  if (!command || snapshot.gate?.answered?.includes(command.noteId)) return undefined;
  const takenBack = snapshot.commands.some(
    (other) => other.name === 'active' && other.noteId > command.noteId && mayCommand(other, config),
  );
  return takenBack ? undefined : command;
}

function asIfClosed(snapshot: Snapshot, { author }: Given, now: Date): Snapshot {
  return { ...snapshot, issue: { ...snapshot.issue, closedBy: author, closedAt: now.toISOString() } };
}

/** The command that wants to be told now what is missing. */
function askedBy({ commands }: Snapshot, gate: GateFacts, closing: Given | undefined): Given | undefined {
  const check = commands.findLast(({ name, noteId }) => name === 'check' && !gate.answered?.includes(noteId));
  return check ?? (closing && closing.noteId !== gate.closing ? closing : undefined);
}

function stateOf(gate: GateFacts, { commands }: Snapshot, config: Installation): 'open' | 'active' | 'blocked' {
  const lastAnswered = gate.closed_at ?? '';
  const isActive = commands.some(
    (command) => command.name === 'active' && mayCommand(command, config) && command.at >= lastAnswered,
  );
  const wasBlocked = gate.state === 'blocked' || gate.state === 'active';
  return !wasBlocked ? 'open' : isActive ? 'active' : 'blocked';
}

/** What is still true of an earlier closing once the incident is open: a verification no longer holds. */
function lastingFacts({
  closed_at,
  closed_by,
  first_closed_at,
  reopens,
  missing,
  answered,
}: GateFacts): Omit<GateFacts, 'state'> {
  return Object.fromEntries(
    Object.entries({ closed_at, closed_by, first_closed_at, reopens, missing, answered }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}
