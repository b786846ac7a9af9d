import { describe, expect, it } from 'vitest';
import { findExemption, type Exemptions } from '../../scripts/decide/exemption.ts';
import { gatherSeverities } from '../../scripts/decide/severity.ts';
import type { Issue } from '../../scripts/gitlab/port.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import { ana, ben, config, lea, NOW, snapshot } from '../support/snapshot.ts';

type Row = { name: string; issue?: Partial<Issue>; around?: Partial<Snapshot>; config?: object };

function find({ issue, around, config: more }: Omit<Row, 'name'>): Exemptions {
  const [seen, installation] = [snapshot(issue, around), config(more)];
  return findExemption(seen, gatherSeverities(seen, installation, NOW.toISOString()), installation);
}

type Command = Snapshot['commands'][number];
const REASON = 'it was a pentest that had been announced';
const override = (more: Partial<Command> = {}): Command => ({ name: 'override', argument: REASON, noteId: 70, author: lea, at: '2026-11-20T09:40:00.000Z', accessLevel: 40, ...more });

describe('an exemption by what GitLab shows', () => {
  const alertBot = { id: 8, username: 'alert-bot' };
  const target = { reference: 'sirt/incidents#1', isIncident: true, isExempt: false };
  it.each<Row & { exemption: Exemptions['exemption'] }>([
    { name: 'a move', issue: { movedToId: 5 }, exemption: { code: 'MOVED' } },
    { name: 'a duplicate, with what it duplicates', issue: { isDuplicate: true }, around: { duplicate: target }, exemption: { code: 'DUPLICATE', reason: 'sirt/incidents#1' } },
    { name: 'a duplicate of what is hidden', issue: { isDuplicate: true }, around: { duplicate: { ...target, reference: '' } }, exemption: { code: 'DUPLICATE' } },
    { name: 'not one that only looks like a duplicate', around: { duplicate: target }, exemption: undefined },
    { name: 'not a duplicate of what was not read', issue: { isDuplicate: true }, exemption: undefined },
    { name: 'an alert that recovered', issue: { closedBy: alertBot }, exemption: { code: 'ALERT_RECOVERED' } },
    { name: 'an alert of another bot, where that is one', issue: { closedBy: ben }, config: { alert_bots: ['grafana', 'ben'] }, exemption: { code: 'ALERT_RECOVERED' } },
    { name: 'not an alert that nobody closed', issue: { closedBy: undefined }, exemption: undefined },
    { name: 'not one that was acknowledged', issue: { closedBy: alertBot }, around: { ack: { by: ana, at: '2026-11-20T02:07:00.000Z' } }, exemption: undefined },
    { name: 'not one that has an owner', issue: { closedBy: alertBot, description: '## Ownership\n- Owner: @ana\n' }, exemption: undefined },
    { name: 'not one with a time of acknowledgement', issue: { closedBy: alertBot, description: '## Ownership\n- Acknowledged at: 2026-11-20 02:07 UTC\n' }, exemption: undefined },
    { name: 'not one that was severity 1 once', issue: { closedBy: alertBot, severity: 4 }, around: { formerSeverity: 1 }, exemption: undefined },
    { name: 'a move, whatever was overridden', issue: { movedToId: 5 }, around: { commands: [override()] }, exemption: { code: 'MOVED' } },
  ])('$name', ({ exemption, ...row }) => {
    expect(find(row)).toEqual({ ...(exemption ? { exemption } : {}), refusals: [] });
  });
});

describe('an override', () => {
  it('says who gave it, where, and why', () => {
    expect(find({ around: { commands: [override()] } })).toEqual({ exemption: { code: 'OVERRIDDEN', by: 'lea', noteId: 70, reason: REASON }, refusals: [] });
  });

  it('is the last one that counts, and then no other is refused aloud', () => {
    const commands = [override(), override({ noteId: 71, argument: 'the pentest went on until the evening' }), override({ noteId: 72, author: ben, accessLevel: 30 })];
    expect(find({ around: { commands } })).toEqual({ exemption: { code: 'OVERRIDDEN', by: 'lea', noteId: 71, reason: 'the pentest went on until the evening' }, refusals: [] });
  });

  it('is no other command', () => {
    expect(find({ around: { commands: [override({ name: 'active' })] } })).toEqual({ refusals: [] });
  });

  it.each<Row & { by?: string; why: string }>([
    { name: 'of who may not', around: { commands: [override({ author: ben, accessLevel: 30 })] }, by: 'ben', why: 'role' },
    { name: 'with a reason of 19 letters', around: { commands: [override({ argument: 'abcdefghij 123456789' })] }, why: 'reason' },
    { name: 'by a sole assignee', issue: { assignees: [lea] }, around: { commands: [override()] }, why: 'own' },
    {
      name: 'by who acknowledged, whatever the case of their name',
      around: { commands: [override({ author: { id: 3, username: 'Lea' } })], ack: { by: lea, at: '2026-11-20T02:07:00.000Z' } },
      by: 'Lea',
      why: 'own',
    },
    { name: 'by who is written down as owner, whatever the case', issue: { description: '## Ownership\n- Owner: @LEA\n' }, around: { commands: [override()] }, why: 'own' },
    { name: 'by who closed', issue: { closedBy: lea }, around: { commands: [override()] }, why: 'own' },
    { name: 'of an open incident by who had closed it', issue: { state: 'opened', closedBy: undefined }, around: { commands: [override()], gate: { state: 'blocked', closed_by: 3 } }, why: 'own' },
  ])('$name is refused', ({ by = 'lea', why, ...row }) => {
    expect(find(row)).toEqual({ refusals: [{ command: 'override', by, why }] });
  });

  it.each<Row>([
    { name: 'with a reason of 20 letters', around: { commands: [override({ argument: 'abcdefghij 1234567890' })] } },
    { name: 'by one of two assignees', issue: { assignees: [lea, ana] }, around: { commands: [override()] } },
    { name: 'by whose name only begins like that of the owner', issue: { description: '## Ownership\n- Owner: @lea.k\n' }, around: { commands: [override()] } },
    { name: 'by one of two who are said to be responsible', issue: { description: '## Ownership\n- Owner: @ana\n- Responsible: @lea\n- Responsible: @ben\n' }, around: { commands: [override()] } },
    { name: 'of a closed incident by who had closed it before', around: { commands: [override()], gate: { state: 'blocked', closed_by: 3 } } },
    { name: 'by the owner, where that is allowed', issue: { assignees: [lea] }, config: { commands: { override_own: true } }, around: { commands: [override()] } },
    { name: 'given after a person reopened', around: { commands: [override()], reopenedAt: '2026-11-20T09:39:59.000Z' } },
  ])('$name counts', (row) => {
    expect(find(row)).toMatchObject({ exemption: { code: 'OVERRIDDEN', by: 'lea' } });
  });

  it('given before a person reopened is neither counted nor refused', () => {
    expect(find({ around: { commands: [override()], reopenedAt: '2026-11-20T09:40:00.000Z' } })).toEqual({ refusals: [] });
  });
});
