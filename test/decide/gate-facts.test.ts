import { describe, expect, it } from 'vitest';
import { decideGate } from '../../scripts/decide/gate.ts';
import type { Decision } from '../../scripts/decide/plan.ts';
import type { Issue } from '../../scripts/gitlab/port.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import type { GateFacts } from '../../scripts/schema/types.gen.ts';
import { ana, ben, CLOSED_AT, config, lea, NOW, snapshot } from '../support/snapshot.ts';

type Row = { name: string; issue?: Partial<Issue>; around?: Partial<Snapshot>; config?: object; now?: string };

function decide({ issue, around, config: more, now }: Omit<Row, 'name'>): Decision {
  return decideGate(snapshot(issue, around), config(more), now === undefined ? NOW : new Date(now));
}

/** What is remembered, but for the hash of what was said. */
function factsOf(row: Omit<Row, 'name'>): Partial<GateFacts> | undefined {
  const facts: Partial<GateFacts> | undefined = decide(row).plan.comment?.facts;
  if (!facts) return undefined;
  return Object.fromEntries(Object.entries(facts).filter(([name]) => name !== 'said'));
}

type Command = Snapshot['commands'][number];
const command = (name: Command['name'], more: Partial<Command> = {}): Command => ({
  ...{ name, argument: 'it was a pentest that had been announced', noteId: 70, author: lea, at: '2026-11-20T09:40:00.000Z', accessLevel: 40 },
  ...more,
});

const BEFORE = '2026-11-20T09:00:00.000Z';
const NOW_TEXT = NOW.toISOString();
const FALSE_POSITIVE: Partial<Issue> = { description: '## Resolution\n- Outcome: false positive: the load test tripped rule 311\n' };
const OPEN: Partial<Issue> = { state: 'opened', closedAt: undefined, closedBy: undefined };
const ALL = ['closure::blocked', 'closure::verified', 'closure::exempt', 'closure::disputed', 'closure::changed'];
/** What a closing lacks whose description is empty. */
const missing = ['SUMMARY_MISSING', 'OWNER_MISSING', 'ACKNOWLEDGED_AT_MISSING', 'SEVERITY_MISSING', 'OUTCOME_MISSING', 'IMPROVEMENT_NOTES_MISSING'];
const MAJOR = ['SUMMARY_MISSING', 'OWNER_MISSING', 'ACKNOWLEDGED_AT_MISSING', 'TIMELINE_MISSING', 'EVIDENCE_MISSING', 'OUTCOME_MISSING', 'RCA_MISSING', 'IMPROVEMENT_NOTES_MISSING'];
const thrice = ['2026-11-20T06:00:00.000Z', '2026-11-20T07:00:00.000Z', '2026-11-20T08:00:00.000Z'];

describe('what the gate remembers', () => {
  it.each<Row & { facts: Partial<GateFacts> | undefined }>([
    {
      name: 'of a close that it undid',
      facts: { state: 'blocked', closed_at: CLOSED_AT, closed_by: 1, first_closed_at: CLOSED_AT, reopens: [NOW_TEXT], missing },
    },
    {
      name: 'of a second one also when it was closed first',
      around: { gate: { state: 'blocked', closed_at: BEFORE, closed_by: 2, first_closed_at: BEFORE, reopens: [BEFORE] } },
      facts: { state: 'blocked', closed_at: CLOSED_AT, closed_by: 1, first_closed_at: BEFORE, reopens: [BEFORE, NOW_TEXT], missing },
    },
    {
      name: 'of one that it answered already as before',
      around: { gate: { state: 'blocked', closed_at: CLOSED_AT, first_closed_at: CLOSED_AT, reopens: ['2026-11-20T09:46:00.000Z'] } },
      facts: { state: 'blocked', closed_at: CLOSED_AT, closed_by: 1, first_closed_at: CLOSED_AT, reopens: ['2026-11-20T09:46:00.000Z'] },
    },
    {
      name: 'of reopens only those within a day',
      around: { gate: { state: 'blocked', closed_at: BEFORE, reopens: ['2026-11-19T10:00:00.000Z', '2026-11-19T10:00:00.001Z'] } },
      facts: { state: 'blocked', closed_at: CLOSED_AT, closed_by: 1, first_closed_at: CLOSED_AT, reopens: ['2026-11-19T10:00:00.001Z', NOW_TEXT], missing },
    },
    {
      name: 'of one that nobody closed no name, and its own time',
      issue: { closedAt: undefined, closedBy: undefined },
      facts: { state: 'blocked', closed_at: NOW_TEXT, first_closed_at: NOW_TEXT, reopens: [NOW_TEXT], missing },
    },
    {
      name: 'of a severity since when',
      issue: { severity: 2 },
      facts: { state: 'blocked', closed_at: CLOSED_AT, closed_by: 1, first_closed_at: CLOSED_AT, reopens: [NOW_TEXT], severity: 2, severity_at: NOW_TEXT, missing: MAJOR },
    },
    {
      name: 'of all that closings lacked each once',
      around: { gate: { state: 'blocked', closed_at: BEFORE, reopens: [BEFORE], missing: ['RCA_MISSING', 'OWNER_MISSING'] } },
      facts: {
        state: 'blocked',
        closed_at: CLOSED_AT,
        closed_by: 1,
        first_closed_at: CLOSED_AT,
        reopens: [BEFORE, NOW_TEXT],
        missing: ['RCA_MISSING', 'OWNER_MISSING', ...missing.filter((code) => code !== 'OWNER_MISSING')],
      },
    },
    {
      name: 'of a dispute what the closings before lacked',
      around: { gate: { state: 'blocked', closed_at: BEFORE, reopens: thrice, missing: ['OWNER_MISSING'] } },
      facts: { state: 'disputed', closed_at: CLOSED_AT, closed_by: 1, first_closed_at: CLOSED_AT, reopens: thrice, missing: ['OWNER_MISSING'], told_at: NOW_TEXT },
    },
    {
      name: 'of an open incident what its closings lacked',
      issue: OPEN,
      around: { gate: { state: 'blocked', closed_at: BEFORE, reopens: [BEFORE], missing: ['OWNER_MISSING'] } },
      facts: { state: 'blocked', closed_at: BEFORE, reopens: [BEFORE], missing: ['OWNER_MISSING'] },
    },
    { name: 'where it observes', config: { gate: { mode: 'observe' } }, facts: { state: 'observed', closed_at: CLOSED_AT, closed_by: 1, first_closed_at: CLOSED_AT } },
    {
      name: 'of a dispute also the reopens, and when the managers were told',
      around: { gate: { state: 'blocked', closed_at: BEFORE, reopens: thrice } },
      facts: { state: 'disputed', closed_at: CLOSED_AT, closed_by: 1, first_closed_at: CLOSED_AT, reopens: thrice, told_at: NOW_TEXT },
    },
    {
      name: 'of a dispute when the managers were told first',
      around: { gate: { state: 'disputed', closed_at: CLOSED_AT, reopens: thrice, told_at: '2026-11-20T09:46:00.000Z' } },
      facts: { state: 'disputed', closed_at: CLOSED_AT, closed_by: 1, first_closed_at: CLOSED_AT, reopens: thrice, told_at: '2026-11-20T09:46:00.000Z' },
    },
    {
      name: 'of another dispute that they were told anew',
      around: { gate: { state: 'disputed', closed_at: BEFORE, reopens: thrice, told_at: BEFORE } },
      facts: { state: 'disputed', closed_at: CLOSED_AT, closed_by: 1, first_closed_at: CLOSED_AT, reopens: thrice, told_at: NOW_TEXT },
    },
    {
      name: 'of a dispute without managers that nobody was told',
      around: { gate: { state: 'blocked', closed_at: BEFORE, reopens: thrice } },
      config: { managers: [] },
      facts: { state: 'disputed', closed_at: CLOSED_AT, closed_by: 1, first_closed_at: CLOSED_AT, reopens: thrice },
    },
    { name: 'of an override its note', around: { commands: [command('override')] }, facts: { state: 'exempt', closed_at: CLOSED_AT, closed_by: 1, first_closed_at: CLOSED_AT, notes: [70] } },
    {
      name: 'of a move where there is something to correct',
      issue: { movedToId: 5 },
      around: { gate: { state: 'blocked', closed_at: BEFORE, first_closed_at: BEFORE, reopens: [BEFORE] } },
      facts: { state: 'exempt', closed_at: CLOSED_AT, closed_by: 1, first_closed_at: BEFORE, reopens: [BEFORE] },
    },
    { name: 'of a move nothing', issue: { movedToId: 5 }, facts: undefined },
    {
      name: 'of an open incident what is true of the close before',
      issue: OPEN,
      around: {
        gate: {
          state: 'verified',
          closed_at: BEFORE,
          closed_by: 1,
          first_closed_at: BEFORE,
          reopens: [BEFORE],
          record: 'a'.repeat(64),
          schema: 'b'.repeat(64),
          verified_at: BEFORE,
          config: 'abcdef1',
          notes: [70],
        },
      },
      facts: { state: 'open', closed_at: BEFORE, closed_by: 1, first_closed_at: BEFORE, reopens: [BEFORE] },
    },
    { name: 'of an open incident no more than there is', issue: OPEN, around: { gate: { state: 'blocked' } }, facts: { state: 'blocked' } },
  ])('$name', ({ facts, ...row }) => {
    expect(factsOf(row)).toStrictEqual(facts);
  });

  it('of a verification the confirmations of a severity that it rests on', () => {
    const confirmed = [command('severity-confirmed', { noteId: 71 }), command('active', { noteId: 72 }), command('severity-confirmed', { noteId: 73 })];
    expect(factsOf({ issue: FALSE_POSITIVE, around: { commands: confirmed } })).toMatchObject({ state: 'verified', notes: [71, 73], verified_at: NOW_TEXT });
    const bare = factsOf({ issue: FALSE_POSITIVE });
    expect(bare).not.toHaveProperty('notes');
    expect(bare).not.toHaveProperty('config');
    expect(bare).toMatchObject({ record: expect.stringMatching(/^[0-9a-f]{16,}$/) as string, schema: config().form.hash });
  });
});

describe('the hash of what was said', () => {
  const said = (row: Omit<Row, 'name'>): string | undefined => decide(row).plan.comment?.facts.said;
  it.each<Row & { same: boolean }>([
    { name: 'stays with the same', same: true },
    { name: 'changes with what is missing', issue: FALSE_POSITIVE, same: false },
    { name: 'changes with a section that is there now', issue: { description: '## Evidence\n' }, same: false },
    { name: 'stays whoever closed', issue: { closedBy: ben }, around: { closer: ben }, same: true },
  ])('$name', ({ same, ...row }) => {
    expect(said(row) === said({})).toBe(same);
  });
});

describe('labels', () => {
  const labels = (row: Omit<Row, 'name'>): Decision['plan']['labels'] => decide(row).plan.labels;
  it.each<Row & { present: string[]; absent: string[] }>([
    { name: 'of a blocked one', present: ['closure::blocked'], absent: ALL.filter((label) => label !== 'closure::blocked') },
    { name: 'of a verified one', issue: FALSE_POSITIVE, present: ['closure::verified'], absent: ALL.filter((label) => label !== 'closure::verified') },
    { name: 'of a move, that needs no words', issue: { movedToId: 5 }, present: ['closure::exempt'], absent: ALL.filter((label) => label !== 'closure::exempt') },
    { name: 'of an open one that the gate judged', issue: OPEN, around: { gate: { state: 'verified' } }, present: [], absent: ALL },
    { name: 'of an open one that it never judged: blocked may be left of a comment that is gone', issue: OPEN, present: [], absent: ALL.filter((label) => label !== 'closure::blocked') },
    { name: 'of one that is let be', around: { off: true }, present: [], absent: [] },
    { name: 'of one that is too old', now: '2026-11-28T00:00:00.000Z', present: [], absent: [] },
  ])('$name', ({ present, absent, ...row }) => {
    expect(labels(row)).toEqual({ present, absent });
  });
});

describe('what is found', () => {
  it.each<Row & { finding: object }>([
    { name: 'of one that is let be: nothing', around: { off: true }, finding: { state: 'off', codes: [], checks: [] } },
    { name: 'of no incident: nothing', around: { incident: 'no' }, finding: { state: 'not an incident', codes: [], checks: [] } },
    { name: 'of an open one that was never judged: nothing', issue: OPEN, finding: { state: 'open', codes: [], checks: [] } },
    { name: 'of one in its grace period: nothing', config: { gate: { grace_minutes: 16 } }, finding: { state: 'in grace', codes: [], checks: [] } },
  ])('$name', ({ finding, ...row }) => {
    expect(decide(row).finding).toEqual(finding);
  });

  it('of a verified one that changed: only that', () => {
    const gate = decide({ issue: FALSE_POSITIVE }).plan.comment!.facts;
    expect(decide({ issue: FALSE_POSITIVE, around: { gate } }).finding).toEqual({ state: 'verified', codes: [], checks: [] });
    expect(decide({ issue: { description: '' }, around: { gate } }).finding).toEqual({ state: 'verified', codes: ['CHANGED'], checks: [] });
  });

  it('of an exempt one: what it is excused', () => {
    const { finding, plan } = decide({ around: { commands: [command('override')] } });
    expect(finding.codes).toEqual(['OVERRIDDEN']);
    expect(new Set(finding.checks.map(({ status }) => status))).toEqual(new Set(['waived']));
    expect(plan.comment).toMatchObject({ slot: 'gate', delivery: 'board', view: { state: 'exempt', failing: [], exemption: { code: 'OVERRIDDEN', by: 'lea' } } });
    expect(plan.comment?.view.waived.map(({ code }) => code)).toContain('OWNER_MISSING');
  });
});

describe('a comment is a call once, then a board', () => {
  const disputed: GateFacts = { state: 'disputed', closed_at: CLOSED_AT, reopens: thrice };
  it.each<Row & { delivery: string }>([
    { name: 'observed for the first time', config: { gate: { mode: 'observe' } }, delivery: 'call' },
    { name: 'observed again', config: { gate: { mode: 'observe' } }, around: { gate: { state: 'observed', closed_at: CLOSED_AT } }, delivery: 'board' },
    { name: 'observed at another close', config: { gate: { mode: 'observe' } }, around: { gate: { state: 'observed', closed_at: BEFORE } }, delivery: 'call' },
    { name: 'observed once, enforced now', around: { gate: { state: 'observed', closed_at: CLOSED_AT } }, delivery: 'call' },
    { name: 'disputed, and told now', around: { gate: disputed }, delivery: 'call' },
    { name: 'disputed, and told before', around: { gate: { ...disputed, told_at: '2026-11-20T09:46:00.000Z' } }, delivery: 'board' },
    { name: 'disputed, with nobody to tell', around: { gate: disputed }, config: { managers: [] }, delivery: 'board' },
    { name: 'observed once, disputed now, with nobody to tell', around: { gate: { ...disputed, state: 'observed' } }, config: { managers: [] }, delivery: 'call' },
    { name: 'disputed at another close', around: { gate: { ...disputed, closed_at: BEFORE, told_at: BEFORE } }, delivery: 'call' },
  ])('$name', ({ delivery, ...row }) => {
    expect(decide(row).plan.comment?.delivery).toBe(delivery);
  });
});

describe('an open incident', () => {
  const active = (more: Partial<Command> = {}): Command => command('active', { at: CLOSED_AT, author: ana, accessLevel: 30, ...more });
  const blocked: GateFacts = { state: 'blocked', closed_at: CLOSED_AT };
  it.each<Row & { state: string }>([
    { name: 'that was called active is', around: { gate: blocked, commands: [active()] }, state: 'active' },
    { name: 'that was active stays so', around: { gate: { ...blocked, state: 'active' }, commands: [active()] }, state: 'active' },
    { name: 'that was called active before its last close is not', around: { gate: blocked, commands: [active({ at: '2026-11-20T09:44:59.999Z' })] }, state: 'blocked' },
    { name: 'that another command was given to is not', around: { gate: blocked, commands: [command('override', { at: CLOSED_AT })] }, state: 'blocked' },
    { name: 'that was active, and whose command is gone, is blocked again', around: { gate: { ...blocked, state: 'active' } }, state: 'blocked' },
    { name: 'that was never closed is active by any command', around: { gate: { state: 'blocked' }, commands: [active({ at: '2026-01-01T00:00:00.000Z' })] }, state: 'active' },
    { name: 'that was exempt is open', around: { gate: { ...blocked, state: 'exempt' }, commands: [active()] }, state: 'open' },
  ])('$name', ({ state, ...row }) => {
    expect(decide({ issue: OPEN, ...row }).finding.state).toBe(state);
  });
});

describe('a gate counts reopens', () => {
  const reopened = (count: number, at = '2026-11-20T08:00:00.000Z'): Partial<Snapshot> => ({ gate: { state: 'blocked', closed_at: BEFORE, reopens: Array.from({ length: count }, () => at) } });
  it.each<Row & { state: string }>([
    { name: 'up to the number that is allowed', around: reopened(2), state: 'blocked' },
    { name: 'to a dispute from there', around: reopened(3), state: 'disputed' },
    { name: 'to a dispute by the number of the configuration', around: reopened(1), config: { gate: { max_reopens: 1 } }, state: 'disputed' },
    { name: 'for a day', around: reopened(3, '2026-11-19T10:00:00.000Z'), state: 'blocked' },
    { name: 'not of a close that it answered already', around: { gate: { state: 'blocked', closed_at: CLOSED_AT, reopens: thrice } }, state: 'blocked' },
  ])('$name', ({ state, ...row }) => {
    expect(decide(row).finding.state).toBe(state);
  });
});

describe('what the comment says', () => {
  const view = (row: Omit<Row, 'name'>): NonNullable<Decision['plan']['comment']>['view'] => decide(row).plan.comment!.view;
  it('names who closed, where known', () => {
    expect(view({}).closer).toBe('ana');
    expect(view({ issue: { closedBy: undefined } })).not.toHaveProperty('closer');
  });

  it('names the severity on record only where it was lowered since', () => {
    const record = (severity: 1 | 3 | undefined, issue: Partial<Issue>): ReturnType<typeof view> =>
      view({ issue, around: { gate: { state: 'blocked', ...(severity === undefined ? {} : { severity, severity_at: BEFORE }) } } });
    expect(record(1, { severity: 3 }).recordedSeverity).toBe(1);
    expect(record(3, { severity: 3 })).not.toHaveProperty('recordedSeverity');
    expect(record(3, { severity: 1 })).not.toHaveProperty('recordedSeverity');
    expect(record(1, {})).not.toHaveProperty('recordedSeverity');
    expect(record(undefined, { severity: 1 })).not.toHaveProperty('recordedSeverity');
  });

  it('mentions the managers in a dispute of which they are told, and nowhere else', () => {
    const told = { told_at: NOW_TEXT };
    expect(view({ around: { gate: { state: 'blocked', closed_at: BEFORE, reopens: thrice } } }).tell).toEqual(['@lea']);
    expect(view({ around: { gate: { state: 'disputed', closed_at: BEFORE, ...told } } })).toMatchObject({ state: 'blocked', tell: [] });
    expect(view({ around: { gate: { state: 'blocked', closed_at: BEFORE, reopens: thrice } }, now: '2026-11-20T23:00:00.000Z' })).toMatchObject({ state: 'disputed', tell: [] });
  });

  it('has what fails and what passes apart, and what else it needs', () => {
    const seen = view({
      issue: { description: '## Ownership\n- Owner: @ana\n', severity: 3 },
      config: { gate: { max_reopens: 5 } },
      around: { commands: [command('override', { author: ben, accessLevel: 30 })] },
    });
    expect(seen.failing.map(({ code }) => code)).toEqual(['SUMMARY_MISSING', 'ACKNOWLEDGED_AT_MISSING', 'OUTCOME_MISSING', 'IMPROVEMENT_NOTES_MISSING']);
    expect(seen.passing.map(({ code }) => code)).toEqual(['OWNER', 'SEVERITY']);
    expect(seen).toMatchObject({ waived: [], refusals: [{ command: 'override', by: 'ben', why: 'role' }], maxReopens: 5, blocks: [] });
    expect([...seen.sections]).toEqual([['Ownership', 1]]);
    expect(seen).not.toHaveProperty('exemption');
  });
});
