import { describe, expect, it } from 'vitest';
import { fillIn } from '../../scripts/decide/closing.ts';
import { conflictChecks, type Contradiction } from '../../scripts/decide/conflicts.ts';
import { gatherSeverities } from '../../scripts/decide/severity.ts';
import type { Issue } from '../../scripts/gitlab/port.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { ana, ben, config, lea, NOW, snapshot } from '../support/snapshot.ts';

type Row = { name: string; issue?: Partial<Issue>; around?: Partial<Snapshot> };

function conflicts({ issue, around }: Omit<Row, 'name'>): Contradiction[] {
  const [seen, installation] = [snapshot(issue, around), config()];
  const severities = gatherSeverities(seen, installation, NOW.toISOString());
  return conflictChecks(seen, fillIn(seen, severities, installation, '2026-11-20'), severities);
}

const helpOf = (field: string): string => OUR_FORM.fieldAt([field])!.help;
const written = (...lines: string[]): Partial<Issue> => ({ description: `## Ownership\n${lines.map((line) => `- ${line}\n`).join('')}` });
const ack = { by: ana, at: '2026-11-20T02:07:00.000Z' };

describe('an owner contradicts', () => {
  const conflict = { code: 'OWNER_CONFLICT', kind: 'conflict', field: 'owner', help: helpOf('owner') };
  const notAssigned = { code: 'OWNER_NOT_ASSIGNED', kind: 'not assigned', field: 'owner', help: helpOf('owner') };
  it.each<Row & { says: object[] }>([
    { name: 'who acknowledged', issue: written('Owner: @ben'), around: { ack }, says: [{ ...conflict, given: ['@ben', '@ana (recorded at acknowledgement)'] }] },
    { name: 'not the same in other case', issue: written('Owner: @Ana'), around: { ack }, says: [] },
    { name: 'nobody, where none is written', around: { ack }, says: [] },
    { name: 'nobody, where nobody acknowledged', issue: written('Owner: @ben'), says: [] },
    { name: 'who is assigned', issue: { ...written('Owner: @ana'), assignees: [ben, lea] }, says: [{ ...notAssigned, given: ['@ana', '@ben', '@lea'] }] },
    { name: 'not who is assigned, in other case', issue: { ...written('Owner: @ANA'), assignees: [ana] }, says: [] },
    { name: 'not one of two who are assigned', issue: { ...written('Owner: @ana'), assignees: [ben, ana] }, says: [] },
    { name: 'not where the present responsible is assigned', issue: { ...written('Owner: @ana', 'Responsible: @ben'), assignees: [ben] }, says: [] },
    { name: 'not where nobody is assigned', issue: written('Owner: @ana'), says: [] },
    { name: 'not where no one user is written', issue: { ...written('Owner: @ana and @ben'), assignees: [lea] }, says: [] },
    { name: 'not where a name is written that is none', issue: { ...written('Owner: ana'), assignees: [lea] }, says: [] },
    { name: 'who is assigned, as the recorded owner too', issue: { assignees: [ben] }, around: { ack }, says: [{ ...notAssigned, given: ['@ana', '@ben'] }] },
  ])('$name', ({ says, ...row }) => {
    expect(conflicts(row)).toEqual(says);
  });
});

describe('a time of acknowledgement contradicts the recorded one', () => {
  const says = { code: 'ACKNOWLEDGED_AT_CONFLICT', kind: 'conflict', field: 'acknowledged_at', help: helpOf('acknowledged_at') };
  it.each<Row & { says: object[] }>([
    {
      name: 'later by more than 5 minutes',
      issue: written('Acknowledged at: 2026-11-20 02:12:01 UTC'),
      around: { ack },
      says: [{ ...says, given: ['2026-11-20 02:12 UTC', '2026-11-20 02:07 UTC (recorded)'] }],
    },
    {
      name: 'earlier by more than 5 minutes',
      issue: written('Acknowledged at: 2026-11-20 02:01:59 UTC'),
      around: { ack },
      says: [{ ...says, given: ['2026-11-20 02:01 UTC', '2026-11-20 02:07 UTC (recorded)'] }],
    },
    { name: 'not by 5 minutes', issue: written('Acknowledged at: 2026-11-20 02:12 UTC'), around: { ack }, says: [] },
    { name: 'not where it cannot be read', issue: written('Acknowledged at: around two'), around: { ack }, says: [] },
    { name: 'not where none is written', around: { ack }, says: [] },
    { name: 'not where none is recorded', issue: written('Acknowledged at: 2026-11-20 02:12 UTC'), says: [] },
  ])('$name', ({ says: wanted, ...row }) => {
    expect(conflicts(row)).toEqual(wanted);
  });
});

describe('severities contradict each other', () => {
  it('by what each of them says', () => {
    expect(conflicts({ issue: { labels: ['severity::1'], severity: 3 } })).toEqual([
      { code: 'SEVERITY_CONFLICT', kind: 'conflict', field: 'severity', given: ['S1 (label severity::1)', "S3 (GitLab's severity)"], help: helpOf('severity') },
    ]);
  });
  it('not where they agree', () => {
    expect(conflicts({ issue: { labels: ['severity::3'], severity: 3 } })).toEqual([]);
  });
});

describe('times are out of order', () => {
  const times = (...lines: string[]): Partial<Issue> => ({ description: `## Impact\n${lines.map((line) => `- ${line} UTC\n`).join('')}` });
  const late = (field: string, ...given: string[]): object => ({ code: 'TIMES_OUT_OF_ORDER', kind: 'order', field, given, help: '' });
  it.each<Row & { says: object[] }>([
    {
      name: 'mitigated before detected',
      issue: times('Detected at: 2026-11-20 03:00', 'Mitigated at: 2026-11-20 02:00'),
      says: [late('mitigated_at', 'Mitigated at 2026-11-20 02:00 UTC', 'Detected at 2026-11-20 03:00 UTC')],
    },
    {
      name: 'resolved before mitigated',
      issue: times('Mitigated at: 2026-11-20 03:00', 'Resolved at: 2026-11-20 02:00'),
      says: [late('resolved_at', 'Resolved at 2026-11-20 02:00 UTC', 'Mitigated at 2026-11-20 03:00 UTC')],
    },
    {
      name: 'acknowledged, by the record, before detected',
      issue: times('Detected at: 2026-11-20 03:00'),
      around: { ack },
      says: [late('acknowledged_at', 'Acknowledged at 2026-11-20 02:07 UTC', 'Detected at 2026-11-20 03:00 UTC')],
    },
    {
      name: 'resolved before acknowledged, by the record',
      issue: times('Resolved at: 2026-11-20 02:00'),
      around: { ack },
      says: [late('resolved_at', 'Resolved at 2026-11-20 02:00 UTC', 'Acknowledged at 2026-11-20 02:07 UTC')],
    },
    {
      name: 'several of them, of which the first is named',
      issue: times('Detected at: 2026-11-20 05:00', 'Mitigated at: 2026-11-20 04:00', 'Resolved at: 2026-11-20 03:00'),
      says: [late('mitigated_at', 'Mitigated at 2026-11-20 04:00 UTC', 'Detected at 2026-11-20 05:00 UTC')],
    },
    { name: 'not at the same time', issue: times('Detected at: 2026-11-20 03:00', 'Mitigated at: 2026-11-20 03:00', 'Resolved at: 2026-11-20 03:00'), says: [] },
    { name: 'not by a time that cannot be read', issue: { description: '## Impact\n- Detected at: 2026-11-20 03:00 UTC\n- Mitigated at: at two\n' }, says: [] },
    { name: 'not by the time of closing', issue: times('Mitigated at: 2026-11-20 11:00'), says: [] },
    { name: 'not mitigated before acknowledged', issue: times('Mitigated at: 2026-11-20 02:00'), around: { ack }, says: [] },
  ])('$name', ({ says, ...row }) => {
    expect(conflicts(row)).toEqual(says);
  });
});

describe('what GitLab shows contradicts the incident', () => {
  const duplicate = { reference: 'sirt/incidents#1', isIncident: true, isExempt: false };
  const invalid = { code: 'DUPLICATE_OF_INVALID', kind: 'duplicate', field: '', given: ['sirt/incidents#1'], help: '' };
  it.each<Row & { says: object[] }>([
    { name: 'a mark that was removed', around: { incident: 'once' }, says: [{ code: 'INCIDENT_MARK_REMOVED', kind: 'mark removed', field: '', given: [], help: '' }] },
    { name: 'a duplicate of an ordinary issue', issue: { isDuplicate: true }, around: { duplicate: { ...duplicate, isIncident: false } }, says: [invalid] },
    { name: 'a duplicate of what is exempt itself', issue: { isDuplicate: true }, around: { duplicate: { ...duplicate, isExempt: true } }, says: [invalid] },
    { name: 'not a duplicate of an incident', issue: { isDuplicate: true }, around: { duplicate }, says: [] },
    { name: 'not what is no duplicate', around: { duplicate: { ...duplicate, isExempt: true } }, says: [] },
  ])('$name', ({ says, ...row }) => {
    expect(conflicts(row)).toEqual(says);
  });
});
