import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decideGate } from '../../scripts/decide/gate.ts';
import type { Issue } from '../../scripts/gitlab/port.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import type { GateFacts } from '../../scripts/schema/types.gen.ts';
import { ana, ben, CLOSED_AT, config, lea, NOW, snapshot } from '../support/snapshot.ts';

const read = (name: string): string => readFileSync(new URL(`../../schemas/examples/descriptions/${name}.md`, import.meta.url), 'utf8');
const COMPLETE = read('passes/resolved%20at%20severity%202');
const FALSE_POSITIVE = read('passes/false%20positive%20in%20one%20line');

type Command = Snapshot['commands'][number];
const command = (name: Command['name'], more: Partial<Command> = {}): Command => ({
  ...{
    name,
    argument: 'it was a pentest that had been announced',
    noteId: 70,
    author: lea,
    at: '2026-11-20T09:40:00.000Z',
  },
  ...{ accessLevel: 40, ...more },
});

type Row = {
  name: string;
  issue?: Partial<Issue>;
  around?: Partial<Snapshot>;
  config?: object;
  now?: string;
  state: string;
  codes?: string[];
};

function decide({ issue, around, config: more, now }: Omit<Row, 'name' | 'state'>): ReturnType<typeof decideGate> {
  return decideGate(snapshot(issue, around), config(more), now === undefined ? NOW : new Date(now));
}

describe('conflicts with native fields and recorded facts', () => {
  const ack = { by: ana, at: '2026-11-20T02:07:00.000Z' };
  it.each<Row>([
    {
      name: 'an owner who is not among the assignees',
      issue: { assignees: [lea] },
      state: 'blocked',
      codes: ['OWNER_NOT_ASSIGNED'],
    },
    { name: 'the present responsible assigned instead of the owner', issue: { assignees: [ben] }, state: 'verified' },
    {
      name: 'a label that gives another severity',
      issue: { labels: ['severity::1'] },
      state: 'blocked',
      codes: ['SEVERITY_CONFLICT'],
    },
    {
      name: "GitLab's severity that gives another",
      issue: { severity: 3 },
      state: 'blocked',
      codes: ['SEVERITY_CONFLICT'],
    },
    {
      name: 'two labels that disagree',
      issue: { labels: ['severity::2', 'severity::3'] },
      state: 'blocked',
      codes: ['SEVERITY_CONFLICT'],
    },
    {
      name: 'label, field and description that agree',
      issue: { labels: ['severity::2'], severity: 2 },
      state: 'verified',
    },
    {
      name: 'another owner than who acknowledged',
      around: { ack: { ...ack, by: ben } },
      state: 'blocked',
      codes: ['OWNER_CONFLICT'],
    },
    {
      name: 'an acknowledgement 5 minutes off',
      around: { ack: { ...ack, at: '2026-11-20T02:12:00.000Z' } },
      state: 'verified',
    },
    {
      name: 'an acknowledgement 6 minutes off',
      around: { ack: { ...ack, at: '2026-11-20T02:13:00.000Z' } },
      state: 'blocked',
      codes: ['ACKNOWLEDGED_AT_CONFLICT'],
    },
    {
      name: 'an incident whose mark was removed',
      around: { incident: 'once' },
      state: 'blocked',
      codes: ['INCIDENT_MARK_REMOVED'],
    },
  ])('$name', (row) => {
    const { finding } = decide({ ...row, issue: { description: COMPLETE, ...row.issue } });
    expect(finding).toMatchObject({ state: row.state, codes: row.codes ?? [] });
  });
});

describe('what fills in for the description', () => {
  const bare = COMPLETE.replace(/- \*\*Owner.*\n/, '')
    .replace(/- \*\*Acknowledged.*\n/, '')
    .replace(/- \*\*Responsible.*\n/, '');
  it.each<Row>([
    {
      name: 'nothing',
      issue: { description: bare },
      state: 'blocked',
      codes: ['OWNER_MISSING', 'ACKNOWLEDGED_AT_MISSING'],
    },
    {
      name: 'a sole assignee is the owner',
      issue: { description: bare, assignees: [ana] },
      state: 'blocked',
      codes: ['ACKNOWLEDGED_AT_MISSING'],
    },
    {
      name: 'two assignees are none',
      issue: { description: bare, assignees: [ana, ben] },
      state: 'blocked',
      codes: ['OWNER_MISSING', 'ACKNOWLEDGED_AT_MISSING'],
    },
    {
      name: 'the recorded acknowledgement gives both',
      issue: { description: bare },
      around: { ack: { by: ana, at: '2026-11-20T02:07:00.000Z' } },
      state: 'verified',
    },
    {
      name: 'a false positive takes them from whoever closed',
      issue: { description: FALSE_POSITIVE },
      state: 'verified',
    },
    {
      name: 'a false positive at severity 1 wants evidence',
      issue: { description: FALSE_POSITIVE, severity: 1 },
      state: 'blocked',
      codes: ['EVIDENCE_MISSING'],
    },
    { name: 'the label outcome::false-positive', issue: { labels: ['outcome::false-positive'] }, state: 'verified' },
    {
      name: "GitLab's severity serves",
      issue: { description: COMPLETE.replace(/\| Severity.*\n/, ''), severity: 2 },
      state: 'verified',
    },
    {
      name: "GitLab's duplicate link names the duplicate",
      issue: { description: '## Outcome\n\nduplicate\n', isDuplicate: true },
      around: { duplicate: { reference: 'a/b#1', isIncident: true, isExempt: false } },
      state: 'exempt',
      codes: ['DUPLICATE'],
    },
  ])('$name', (row) => {
    expect(decide(row).finding).toMatchObject({ state: row.state, codes: row.codes ?? [] });
  });

  const noise = {
    known_noise: [{ label: 'noise::311', reason: 'rule 311 fires during load tests', until: '2026-11-20' }],
  };
  it.each<Row>([
    {
      name: 'known noise supplies outcome and reason',
      issue: { labels: ['noise::311'] },
      config: noise,
      state: 'verified',
    },
    {
      name: 'known noise expires',
      issue: { labels: ['noise::311'], closedAt: '2026-11-21T00:00:01.000Z' },
      config: noise,
      now: '2026-11-21T00:01:00.000Z',
      state: 'blocked',
    },
  ])('$name', (row) => {
    expect(decide(row).finding.state).toBe(row.state);
  });
});

describe('exemptions', () => {
  const alertBot = { id: 8, username: 'alert-bot' };
  const target = { reference: 'sirt/incidents#1', isIncident: true, isExempt: false };
  it.each<Row>([
    { name: 'moved', issue: { movedToId: 5 }, state: 'exempt', codes: ['MOVED'] },
    {
      name: 'a duplicate of an incident',
      issue: { isDuplicate: true },
      around: { duplicate: target },
      state: 'exempt',
      codes: ['DUPLICATE'],
    },
    {
      name: 'not: a duplicate of what is exempt itself',
      issue: { isDuplicate: true },
      around: { duplicate: { ...target, isExempt: true } },
      state: 'blocked',
    },
    {
      name: 'not: a duplicate of an ordinary issue',
      issue: { isDuplicate: true },
      around: { duplicate: { ...target, isIncident: false } },
      state: 'blocked',
    },
    { name: 'an alert that recovered', issue: { closedBy: alertBot }, state: 'exempt', codes: ['ALERT_RECOVERED'] },
    {
      name: 'an alert that recovered at S3',
      issue: { closedBy: alertBot, severity: 3 },
      state: 'exempt',
      codes: ['ALERT_RECOVERED'],
    },
    { name: 'not: a recovered alert of severity 2', issue: { closedBy: alertBot, severity: 2 }, state: 'blocked' },
    {
      name: 'not: a recovered alert that somebody took',
      issue: { closedBy: alertBot, assignees: [ana] },
      state: 'blocked',
    },
    {
      name: 'overridden by a Maintainer',
      around: { commands: [command('override', { author: ben })] },
      state: 'exempt',
      codes: ['OVERRIDDEN'],
    },
    {
      name: 'overridden by an on-call manager who is a Developer',
      around: { commands: [command('override', { accessLevel: 30 })] },
      state: 'exempt',
      codes: ['OVERRIDDEN'],
    },
    {
      name: 'not: by a Developer',
      around: { commands: [command('override', { author: ben, accessLevel: 30 })] },
      state: 'blocked',
    },
    {
      name: 'not: by a manager who left the project',
      around: { commands: [command('override', { accessLevel: 0 })] },
      state: 'blocked',
    },
    { name: 'not: by whoever closed', around: { commands: [command('override', { author: ana })] }, state: 'blocked' },
    {
      name: 'not: by the owner',
      issue: { assignees: [lea] },
      around: { commands: [command('override')] },
      state: 'blocked',
    },
    {
      name: 'by whoever closed, where that is allowed',
      around: { commands: [command('override', { author: ana })] },
      config: { commands: { override_own: true } },
      state: 'exempt',
      codes: ['OVERRIDDEN'],
    },
    {
      name: 'not: without a reason',
      around: { commands: [command('override', { argument: '.......................' })] },
      state: 'blocked',
    },
    {
      name: 'not: once a person reopened since',
      around: { commands: [command('override')], reopenedAt: '2026-11-20T09:41:00.000Z' },
      state: 'blocked',
    },
    {
      name: 'nothing else is checked',
      issue: { movedToId: 5, labels: ['severity::1'], description: '## Summary\n\n## Summary\n' },
      state: 'exempt',
      codes: ['MOVED'],
    },
  ])('$name', (row) => {
    const { finding, plan } = decide(row);
    expect(finding.state).toBe(row.state);
    if (row.codes) expect(finding.codes).toEqual(row.codes);
    expect(plan.labels.present).toEqual([`closure::${row.state}`]);
  });
});

describe('the life of a gate', () => {
  const blockedAt = (times: string[]): GateFacts => ({
    state: 'blocked',
    closed_at: times.at(-1) ?? '',
    reopens: times,
  });
  const thrice = blockedAt(['2026-11-20T06:00:00.000Z', '2026-11-20T07:00:00.000Z', '2026-11-20T08:00:00.000Z']);
  it.each<Row & { opened?: boolean; label?: string; delivery?: string }>([
    {
      name: 'the first failing close is undone, and said as a call',
      state: 'blocked',
      opened: true,
      label: 'closure::blocked',
      delivery: 'call',
    },
    {
      name: 'a close already answered is only finished',
      around: { gate: blockedAt([CLOSED_AT]) },
      state: 'blocked',
      opened: true,
      label: 'closure::blocked',
      delivery: 'board',
    },
    {
      name: 'after three reopens within a day it is in dispute',
      around: { gate: thrice },
      state: 'disputed',
      label: 'closure::disputed',
      delivery: 'call',
    },
    {
      name: 'a day later it is tried again',
      around: { gate: { ...thrice, state: 'disputed', closed_at: CLOSED_AT } },
      now: '2026-11-21T08:00:01.000Z',
      state: 'blocked',
      opened: true,
      label: 'closure::blocked',
      delivery: 'call',
    },
    {
      name: 'observing labels and comments only',
      config: { gate: { mode: 'observe' } },
      state: 'observed',
      label: 'closure::blocked',
      delivery: 'call',
    },
    { name: 'within the grace period nothing happens', config: { gate: { grace_minutes: 20 } }, state: 'in grace' },
    {
      name: 'after the grace period it is blocked',
      config: { gate: { grace_minutes: 15 } },
      state: 'blocked',
      opened: true,
      label: 'closure::blocked',
      delivery: 'call',
    },
    {
      name: 'a complete one needs no grace',
      issue: { description: FALSE_POSITIVE },
      config: { gate: { grace_minutes: 20 } },
      state: 'verified',
      label: 'closure::verified',
      delivery: 'board',
    },
    { name: 'closed more than 7 days ago is history', now: '2026-11-27T09:45:01.000Z', state: 'too old' },
    {
      name: 'closed before gate.since is history',
      config: { gate: { since: '2026-11-20T09:45:01.000Z' } },
      state: 'too old',
    },
    {
      name: 'closed since gate.since is not',
      config: { gate: { since: '2026-01-01T00:00:00+01:00' } },
      now: '2026-12-24T00:00:00.000Z',
      state: 'blocked',
      opened: true,
      label: 'closure::blocked',
      delivery: 'call',
    },
    { name: 'an open incident is let be', issue: { state: 'opened', closedAt: undefined }, state: 'open' },
    {
      name: 'an open blocked one keeps its board',
      issue: { state: 'opened', closedAt: undefined },
      around: { gate: blockedAt([CLOSED_AT]) },
      state: 'blocked',
      label: 'closure::blocked',
      delivery: 'board',
    },
    {
      name: '/active ends the paperwork',
      issue: { state: 'opened', closedAt: undefined },
      around: {
        gate: blockedAt([CLOSED_AT]),
        commands: [command('active', { at: CLOSED_AT, author: ana, accessLevel: 30 })],
      },
      state: 'active',
      delivery: 'board',
    },
    {
      name: '/active by a guest does not',
      issue: { state: 'opened', closedAt: undefined },
      around: {
        gate: blockedAt([CLOSED_AT]),
        commands: [command('active', { at: CLOSED_AT, author: ana, accessLevel: 10 })],
      },
      state: 'blocked',
      label: 'closure::blocked',
      delivery: 'board',
    },
    {
      name: 'a verified one that a person reopened is open',
      issue: { state: 'opened', closedAt: undefined },
      around: { gate: { state: 'verified', closed_at: CLOSED_AT } },
      state: 'open',
      delivery: 'board',
    },
    { name: 'a silenced one is left alone', around: { off: true }, state: 'off' },
    { name: 'no incident is left alone', around: { incident: 'no' }, state: 'not an incident' },
  ])('$name', (row) => {
    const { plan, finding } = decide(row);
    expect(finding.state).toBe(row.state);
    expect(plan.state === 'opened').toBe(row.opened === true);
    expect(plan.labels.present).toEqual(row.label === undefined ? [] : [row.label]);
    expect(plan.comment?.delivery).toBe(row.delivery);
  });

  it('stays verified whatever is edited later, and shows by a label that a required field changed', () => {
    const verified = decide({ issue: { description: COMPLETE } });
    const gate = verified.plan.comment?.facts;
    const unchanged = decide({ issue: { description: `${COMPLETE}\n## Chat\n\nAn afterthought.\n` }, around: { gate } });
    const changed = decide({ issue: { description: COMPLETE.replace('@ana', '@ben') }, around: { gate } });
    expect(unchanged.plan).toEqual({
      labels: { present: ['closure::verified'], absent: expect.any(Array) as string[] },
    });
    expect(changed.plan.labels.present).toEqual(['closure::changed']);
    expect(changed.plan.state).toBeUndefined();
  });

  it('judges the next close anew', () => {
    const gate = decide({ issue: { description: COMPLETE } }).plan.comment?.facts;
    const again = decide({ issue: { closedAt: '2026-11-20T09:50:00.000Z' }, around: { gate } });
    expect(again.finding.state).toBe('blocked');
  });

  it('remembers who closed, when, what it rests on and the commit of the configuration', () => {
    const { plan } = decideGate(snapshot({ description: COMPLETE }), config(), NOW, 'abcdef1');
    expect(plan.comment?.facts).toMatchObject({
      state: 'verified',
      closed_by: 1,
      closed_at: CLOSED_AT,
      config: 'abcdef1',
      severity: 2,
    });
  });
});

describe('the severity on record', () => {
  const low = COMPLETE.replace(/\| S2 +\|/, '| S4 |')
    .replace(/## Timeline[^]*?## Related/, '## Related')
    .replace(/- \*\*Root.*\n/, '');
  const gate: GateFacts = {
    state: 'blocked',
    closed_at: '2026-11-20T09:00:00.000Z',
    severity: 1,
    severity_at: '2026-11-20T09:00:00.000Z',
  };
  const confirmed = command('severity-confirmed', { at: '2026-11-20T09:30:00.000Z' });
  it.each<Row>([
    { name: 'never was higher', issue: { description: low }, state: 'verified' },
    {
      name: 'counts although it was lowered',
      issue: { description: low },
      around: { gate },
      state: 'blocked',
      codes: ['TIMELINE_MISSING', 'EVIDENCE_MISSING', 'RCA_MISSING'],
    },
    {
      name: 'may be lowered by a manager',
      issue: { description: low },
      around: { gate, commands: [confirmed] },
      state: 'verified',
    },
    {
      name: 'may not be lowered by a Developer',
      issue: { description: low },
      around: { gate, commands: [{ ...confirmed, author: ben, accessLevel: 30 }] },
      state: 'blocked',
      codes: ['TIMELINE_MISSING', 'EVIDENCE_MISSING', 'RCA_MISSING'],
    },
    {
      name: 'is not lowered further by a confirmation that was used up',
      issue: { description: low },
      around: { gate: { ...gate, severity: 2, severity_at: confirmed.at }, commands: [confirmed] },
      state: 'blocked',
      codes: ['TIMELINE_MISSING', 'EVIDENCE_MISSING', 'RCA_MISSING'],
    },
    {
      name: 'counts again when it rose after the confirmation',
      issue: { description: low },
      around: { gate: { ...gate, severity_at: '2026-11-20T09:35:00.000Z' }, commands: [confirmed] },
      state: 'blocked',
      codes: ['TIMELINE_MISSING', 'EVIDENCE_MISSING', 'RCA_MISSING'],
    },
  ])('$name', (row) => {
    expect(decide(row).finding).toMatchObject({ state: row.state, codes: row.codes ?? [] });
  });
});

describe('an owner cannot override their own incident by writing another name', () => {
  const written = '## Ownership\n- Owner: @ben\n';
  const overridden = { commands: [command('override')] };
  it.each<Row>([
    { name: 'when they acknowledged', issue: { description: written }, around: { ...overridden, ack: { by: lea, at: '2026-11-20T02:07:00.000Z' } }, state: 'blocked' },
    { name: 'when they alone are assigned', issue: { description: written, assignees: [lea] }, around: overridden, state: 'blocked' },
    { name: 'when two places disagree', issue: { description: `${written}- Owner: @lea\n` }, around: overridden, state: 'blocked' },
    { name: 'when they are one of two', issue: { description: '## Ownership\n- Owner: @ben and @lea\n' }, around: overridden, state: 'blocked' },
    { name: 'but somebody else can', issue: { description: written }, around: overridden, state: 'exempt' },
  ])('$name', (row) => {
    expect(decide(row).finding.state).toBe(row.state);
  });
});

describe('what looks like a judgement and is none', () => {
  it('does not hold an unreadable severity against a false positive', () => {
    expect(decide({ issue: { description: `## Impact\n- Severity: not sure\n\n${FALSE_POSITIVE}` } }).finding.state).toBe('verified');
  });
  it('names the entry of a list that is wrong, with its line', () => {
    const description = `${COMPLETE}\n## Correspondence\n\n- 2026-11-20 04:00 UTC: external, told the customer\n- told the board\n`;
    const [check] = decide({ issue: { description } }).finding.checks;
    expect(check).toMatchObject({ code: 'CORRESPONDENCE_INVALID', line: description.split('\n').indexOf('- told the board') + 1, given: ['told the board'] });
  });
  it('names an unreadable time once', () => {
    expect(decide({ issue: { description: COMPLETE.replace('2026-11-20 09:30 UTC', 'Nov 20, 9:30') } }).finding.codes).toEqual(['RESOLVED_AT_INVALID']);
  });
  it('uses up a confirmation of a lower severity', () => {
    const facts = (severity: 1 | 3, at: string, gate: GateFacts, commands: Snapshot['commands']): GateFacts | undefined =>
      decide({ issue: { severity, state: 'opened', closedAt: undefined }, around: { gate, commands }, now: at }).plan.comment?.facts;
    const confirmed = [command('severity-confirmed', { at: '2026-11-20T09:20:00.000Z' })];
    const high: GateFacts = { state: 'open', severity: 1, severity_at: '2026-11-20T09:00:00.000Z' };
    const lowered = facts(3, '2026-11-20T09:30:00.000Z', high, confirmed);
    const raised = facts(1, '2026-11-20T10:00:00.000Z', lowered!, confirmed);
    const loweredAgain = facts(3, '2026-11-20T11:00:00.000Z', raised!, confirmed);
    expect([lowered?.severity, raised?.severity, loweredAgain?.severity]).toEqual([3, 1, 1]);
  });
  it('does not change a verified incident by the passing of time', () => {
    const issue = { labels: ['noise::311'] };
    const noise = { known_noise: [{ label: 'noise::311', reason: 'rule 311 fires during load tests', until: '2026-11-20' }] };
    const gate = decide({ issue, config: noise }).plan.comment?.facts;
    expect(decide({ issue, config: noise, around: { gate }, now: '2026-11-22T00:00:00.000Z' }).plan.labels.present).toEqual(['closure::verified']);
  });
  it('forgets a verification once the incident is open again', () => {
    const gate = decide({ issue: { description: COMPLETE } }).plan.comment?.facts;
    const facts = decide({ issue: { state: 'opened', closedAt: undefined }, around: { gate } }).plan.comment?.facts;
    expect(facts).not.toHaveProperty('record');
  });
  it('counts reopens by when they happened, not by when it was closed', () => {
    const { plan } = decide({ issue: { closedAt: '2026-11-17T09:45:00.000Z' } });
    expect(plan.comment?.facts.reopens).toEqual(['2026-11-20T10:00:00.000Z']);
  });
});

describe('telling the managers of a dispute', () => {
  const gate: GateFacts = {
    state: 'blocked',
    closed_at: '2026-11-20T08:00:00.000Z',
    reopens: ['2026-11-20T06:00:00.000Z', '2026-11-20T07:00:00.000Z', '2026-11-20T08:00:00.000Z'],
  };
  it.each([
    { name: 'by day at once', now: '2026-11-20T10:00:00.000Z', severity: undefined, tell: ['@lea'] },
    { name: 'by night not yet', now: '2026-11-20T23:00:00.000Z', severity: undefined, tell: [] },
    { name: 'by night for a severity 1', now: '2026-11-20T23:00:00.000Z', severity: 1 as const, tell: ['@lea'] },
  ])('$name', ({ now, severity, tell }) => {
    const closedAt = new Date(Date.parse(now) - 60_000).toISOString();
    expect(decide({ issue: { severity, closedAt }, around: { gate }, now }).plan.comment?.view.tell).toEqual(tell);
  });

  it('told once: by day for what happened at night, and not again', () => {
    const night = decide({ issue: { closedAt: '2026-11-20T23:00:00.000Z' }, around: { gate }, now: '2026-11-20T23:01:00.000Z' }).plan.comment;
    const morning = decide({
      issue: { closedAt: '2026-11-20T23:00:00.000Z' },
      around: { gate: night?.facts },
      now: '2026-11-21T05:59:00.000Z',
    }).plan.comment;
    expect([night?.delivery, morning?.delivery]).toEqual(['call', 'board']);
  });
});
