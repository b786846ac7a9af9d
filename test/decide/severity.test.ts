import { describe, expect, it } from 'vitest';
import { gatherSeverities, type Severities } from '../../scripts/decide/severity.ts';
import type { Issue } from '../../scripts/gitlab/port.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import type { GateFacts } from '../../scripts/schema/types.gen.ts';
import { ana, config, lea, snapshot } from '../support/snapshot.ts';

const AT = '2026-11-20T10:00:00.000Z';
const BEFORE = '2026-11-20T09:00:00.000Z';
const BETWEEN = '2026-11-20T09:30:00.000Z';

const gather = (issue: Partial<Issue> = {}, around: Partial<Snapshot> = {}): Severities => gatherSeverities(snapshot(issue, around), config(), AT);
const written = (severity: string): Partial<Issue> => ({ description: `## Impact\n- Severity: ${severity}\n` });
const gate = (severity: GateFacts['severity'], at = BEFORE): GateFacts => ({ state: 'blocked', ...(severity ? { severity, severity_at: at } : {}) });
const confirmed = (more: Partial<Snapshot['commands'][number]> = {}): Snapshot['commands'][number] => ({
  ...{ name: 'severity-confirmed', argument: '', noteId: 70, author: lea, at: BETWEEN, accessLevel: 40 },
  ...more,
});

describe('the severity that is given now', () => {
  it.each([
    { name: 'none', issue: {}, now: undefined, isMajor: false },
    { name: 'by the description', issue: written('S3'), now: 3, isMajor: false },
    { name: 'not by what cannot be read', issue: written('S3 or S1'), now: undefined, isMajor: false },
    { name: 'by a label', issue: { labels: ['vip', 'severity::2'] }, now: 2, isMajor: true },
    { name: "by GitLab's own", issue: { severity: 1 } as const, now: 1, isMajor: true },
  ])('$name', ({ issue, now, isMajor }) => {
    expect(gather(issue)).toMatchObject({ now, counted: now, isMajor, conflict: [], facts: now === undefined ? {} : { severity: now, severity_at: AT } });
  });

  it('is the highest of those that disagree, each named with its place', () => {
    const given: Partial<Issue> = { ...written('S3'), labels: ['severity::4', 'severity::2'], severity: 3 };
    expect(gather(given)).toMatchObject({
      ...{ now: 2, counted: 2 },
      conflict: ['S3 (description)', 'S4 (label severity::4)', 'S2 (label severity::2)', "S3 (GitLab's severity)"],
    });
  });

  it('is no conflict where all agree', () => {
    expect(gather({ ...written('S3'), labels: ['severity::3'], severity: 3 })).toMatchObject({ now: 3, conflict: [] });
  });
});

describe('the severity that counts', () => {
  type Row = { name: string; now?: number; around: Partial<Snapshot>; counted: number | undefined; at: string };
  it.each<Row>([
    { name: 'is a higher one on record', now: 3, around: { gate: gate(1) }, counted: 1, at: BEFORE },
    { name: 'is one on record where none is given any more', around: { gate: gate(2) }, counted: 2, at: BEFORE },
    { name: 'is the same as on record, since when it is', now: 2, around: { gate: gate(2) }, counted: 2, at: BEFORE },
    { name: 'is a higher one that is given now, since now', now: 1, around: { gate: gate(2) }, counted: 1, at: AT },
    { name: 'is one that the gate has no record of, since now', now: 3, around: { gate: gate(undefined) }, counted: 3, at: AT },
    { name: 'is a higher one of former times', now: 4, around: { formerSeverity: 2 }, counted: 2, at: AT },
    { name: 'is the one on record rather than one of former times', now: 4, around: { gate: gate(3), formerSeverity: 1 }, counted: 3, at: BEFORE },
    { name: 'is a lower one that was confirmed, since then', now: 3, around: { gate: gate(1), commands: [confirmed()] }, counted: 3, at: BETWEEN },
    { name: 'is a lower one than in former times that was confirmed', now: 3, around: { formerSeverity: 1, commands: [confirmed()] }, counted: 3, at: AT },
    { name: 'is not one that was confirmed before it rose', now: 3, around: { gate: gate(1, BETWEEN), commands: [confirmed()] }, counted: 1, at: BETWEEN },
    { name: 'is not one that somebody confirmed who may not', now: 3, around: { gate: gate(1), commands: [confirmed({ author: ana, accessLevel: 30 })] }, counted: 1, at: BEFORE },
    { name: 'is not one that another command confirmed', now: 3, around: { gate: gate(1), commands: [confirmed({ name: 'active' })] }, counted: 1, at: BEFORE },
    {
      name: 'is a lower one since the last confirmation that counts',
      now: 3,
      around: { gate: gate(1), commands: [confirmed({ at: '2026-11-20T09:10:00.000Z' }), confirmed(), confirmed({ author: ana, accessLevel: 30, at: '2026-11-20T09:50:00.000Z' })] },
      counted: 3,
      at: BETWEEN,
    },
    { name: 'is one that rose although a lower one was confirmed, since now', now: 1, around: { gate: gate(2), commands: [confirmed()] }, counted: 1, at: AT },
  ])('$name', ({ now, around, counted, at }) => {
    const severities = gather(now === undefined ? {} : { labels: [`severity::${now}`] }, around);
    expect(severities).toMatchObject({ now, counted, isMajor: counted !== undefined && counted <= 2, facts: { severity: counted, severity_at: at } });
  });

  it('is none where none was ever given, or a confirmation took the last one', () => {
    expect(gather({}, { gate: gate(undefined) })).toMatchObject({ counted: undefined, isMajor: false, facts: {} });
    expect(gather({}, { gate: gate(1), commands: [confirmed()] })).toMatchObject({ counted: undefined, isMajor: false, facts: {} });
  });
});
