import fc from 'fast-check';
import { decideGate } from '../../scripts/decide/gate.ts';
import type { User } from '../../scripts/gitlab/port.ts';
import type { Command } from '../../scripts/read/commands.ts';
import { readRecord } from '../../scripts/read/record.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import { renderGateComment } from '../../scripts/render/gate.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { config, NOW, snapshot } from '../support/snapshot.ts';
import { description, hostileText, username } from './hostile.ts';

/** All that people choose of an incident, beside how far the gate is with it. */
export type Written = {
  description: string;
  title: string;
  label: string;
  closer: User;
  assignee: User;
  acknowledgedBy: User;
  argument: string;
  duplicateOf: string;
  stage: (typeof STAGES)[number];
};

export const STAGES = [
  'blocked',
  'observed',
  'disputed',
  'open again',
  'active',
  'overridden',
  'override refused',
  'duplicate of no incident',
  'once an incident',
  'acknowledged',
  'severity lowered',
] as const;

const user = username.map((name): User => ({ id: 5, username: name }));

/** An incident in which people wrote anything anywhere. */
export const written: fc.Arbitrary<Written> = fc.record({
  ...{ description, title: hostileText, label: hostileText, argument: hostileText, duplicateOf: hostileText },
  ...{ closer: user, assignee: user, acknowledgedBy: user, stage: fc.constantFrom(...STAGES) },
});

const HOURS = ['06', '07', '08'].map((hour) => `2026-11-20T${hour}:00:00.000Z`);

function around({ stage, closer, acknowledgedBy, argument, duplicateOf }: Written): Partial<Snapshot> {
  const said: Command = {
    name: stage === 'active' ? 'active' : 'override',
    argument: `${argument} because it was a pentest that we announced`,
    noteId: 70,
    author: closer,
    at: '2026-11-20T09:50:00.000Z',
  };
  const accessLevel = stage === 'override refused' ? 10 : 40;
  return {
    closer,
    ...(['active', 'overridden', 'override refused'].includes(stage) ? { commands: [{ ...said, author: { ...closer, id: 6 }, accessLevel }] } : {}),
    ...(stage === 'disputed' ? { gate: { state: 'blocked', closed_at: HOURS[2]!, reopens: HOURS } } : {}),
    ...(stage === 'open again' || stage === 'active' ? { gate: { state: 'blocked' } } : {}),
    ...(stage === 'severity lowered' ? { gate: { state: 'open', severity: 1, severity_at: HOURS[0]! } } : {}),
    ...(stage === 'duplicate of no incident' ? { duplicate: { reference: duplicateOf, isIncident: false, isExempt: false } } : {}),
    ...(stage === 'once an incident' ? { incident: 'once' } : {}),
    ...(stage === 'acknowledged' ? { ack: { by: acknowledgedBy, at: HOURS[0]! } } : {}),
  };
}

/** The decision on such an incident. */
export function decide(incident: Written): ReturnType<typeof decideGate> & { snapshot: Snapshot } {
  const { stage, title, label, closer, assignee } = incident;
  const isOpen = stage === 'open again' || stage === 'active';
  const native = { title, labels: [label, `severity::${label}`, 'incident'], assignees: [assignee], closedBy: closer, isDuplicate: stage === 'duplicate of no incident' };
  const read = readRecord(incident.description, 'UTC', OUR_FORM);
  const changes = { ...native, description: incident.description, ...(isOpen ? { state: 'opened' as const, closedAt: undefined } : {}) };
  const seen = snapshot(changes, { read, ...around(incident) });
  return { snapshot: seen, ...decideGate(seen, config(stage === 'observed' ? { gate: { mode: 'observe' } } : {}), NOW) };
}

/** The gate comment that such an incident gets; empty where it gets none. */
export function commentOn(incident: Written): string {
  const { comment } = decide(incident).plan;
  return comment ? renderGateComment(comment) : '';
}
