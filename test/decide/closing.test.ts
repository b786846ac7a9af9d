import { describe, expect, it } from 'vitest';
import { fillIn, needsLittle, type Closing } from '../../scripts/decide/closing.ts';
import { gatherSeverities } from '../../scripts/decide/severity.ts';
import type { Issue } from '../../scripts/gitlab/port.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import type { Outcome } from '../../scripts/schema/types.gen.ts';
import { ben, CLOSED_AT, config, lea, NOW, snapshot } from '../support/snapshot.ts';

type Row = { name: string; issue?: Partial<Issue>; around?: Partial<Snapshot>; config?: object };

function fill({ issue, around, config: more }: Omit<Row, 'name'>): Closing {
  const [seen, installation] = [snapshot(issue, around), config(more)];
  return fillIn(seen, gatherSeverities(seen, installation, NOW.toISOString()), installation, '2026-11-20');
}

const outcome = (words: string, more = ''): Partial<Issue> => ({ description: `## Resolution\n- Outcome: ${words}\n${more}` });
const ack = { by: ben, at: '2026-11-20T02:07:00.000Z' };
const resolved_at = CLOSED_AT;

describe('what fills in for a description', () => {
  it.each<Row & { closing: Closing }>([
    { name: 'nothing, of an open incident', issue: { state: 'opened', closedAt: undefined, closedBy: undefined }, closing: {} },
    { name: 'the time of closing, for when it was resolved', closing: { resolved_at } },
    {
      name: 'nothing for what is written',
      issue: {
        description: '## Ownership\n- Owner: @ana\n- Acknowledged at: 2026-11-20 02:00 UTC\n\n## Impact\n- Severity: S3\n- Resolved at: 2026-11-20 09:00 UTC\n\n## Outcome\nresolved\n',
        assignees: [lea],
        labels: ['outcome::false-positive'],
      },
      around: { ack },
      closing: { owner: '@ana', acknowledged_at: '2026-11-20T02:00:00Z', severity: 3, resolved_at: '2026-11-20T09:00:00Z', outcome: { kind: 'resolved' } },
    },
    { name: 'the recorded acknowledgement before an assignee', issue: { assignees: [lea] }, around: { ack }, closing: { owner: '@ben', acknowledged_at: ack.at, resolved_at } },
    { name: 'a sole assignee', issue: { assignees: [lea] }, closing: { owner: '@lea', resolved_at } },
    { name: 'neither of two assignees', issue: { assignees: [lea, ben] }, closing: { resolved_at } },
    { name: 'the severity that counts for one that is written', issue: { description: '## Impact\n- Severity: S3\n', severity: 1 }, closing: { severity: 1, resolved_at } },
    { name: 'nothing for a severity that cannot be read', issue: { description: '## Impact\n- Severity: not sure\n' }, closing: { severity: 'not sure', resolved_at } },
    { name: 'not whoever closed, for what is resolved', issue: outcome('resolved'), closing: { outcome: { kind: 'resolved' }, resolved_at } },
    {
      name: 'whoever closed and when, for a false positive',
      issue: outcome('false positive: the load test tripped rule 311'),
      closing: { outcome: { kind: 'false positive', reason: 'the load test tripped rule 311' }, owner: '@ana', acknowledged_at: CLOSED_AT, resolved_at },
    },
    {
      name: 'whoever closed, for a duplicate',
      issue: outcome('duplicate of #12'),
      closing: { outcome: { kind: 'duplicate', duplicate_of: '#12' }, owner: '@ana', acknowledged_at: CLOSED_AT, resolved_at },
    },
    { name: 'nobody, where nobody closed', issue: { ...outcome('tracked in #12'), closedAt: undefined, closedBy: undefined }, closing: { outcome: { kind: 'tracked in', tracked_in: '#12' } } },
    {
      name: 'neither of two assignees, for a false positive either',
      issue: { ...outcome('transferred to #12'), assignees: [lea, ben] },
      closing: { outcome: { kind: 'transferred', transferred_to: '#12' }, acknowledged_at: CLOSED_AT, resolved_at },
    },
  ])('$name', ({ closing, ...row }) => {
    expect(fill(row)).toStrictEqual(closing);
  });

  it.each<{ outcome: Outcome | undefined; little: boolean }>([
    { outcome: undefined, little: false },
    { outcome: { kind: 'resolved' }, little: false },
    { outcome: { kind: 'false positive' }, little: true },
    { outcome: { kind: 'duplicate' }, little: true },
    { outcome: { kind: 'tracked in' }, little: true },
    { outcome: { kind: 'transferred' }, little: true },
  ])('little is needed for $outcome: $little', ({ outcome: given, little }) => {
    expect(needsLittle(given)).toBe(little);
  });
});

describe('an outcome that stands elsewhere', () => {
  const duplicate = { reference: 'sirt/incidents#1', isIncident: true, isExempt: false };
  const noise = { label: 'noise::311', reason: 'rule 311 fires during load tests', until: '2026-11-20' };
  it.each<Row & { outcome: Outcome | undefined }>([
    { name: 'is none where nothing says so', outcome: undefined },
    { name: "is GitLab's duplicate, for a duplicate of nothing", issue: outcome('duplicate'), around: { duplicate }, outcome: { kind: 'duplicate', duplicate_of: 'sirt/incidents#1' } },
    { name: "is not GitLab's duplicate, where one is written", issue: outcome('duplicate of #12'), around: { duplicate }, outcome: { kind: 'duplicate', duplicate_of: '#12' } },
    { name: "is not GitLab's duplicate, where it is hidden", issue: outcome('duplicate'), around: { duplicate: { ...duplicate, reference: '' } }, outcome: { kind: 'duplicate' } },
    { name: "is not GitLab's duplicate, where there is none", issue: outcome('duplicate'), outcome: { kind: 'duplicate' } },
    { name: "is not GitLab's duplicate, for another outcome", issue: outcome('tracked in'), around: { duplicate }, outcome: { kind: 'tracked in' } },
    { name: 'is a label', issue: { labels: ['outcome::false-positive'] }, outcome: { kind: 'false positive', reason: 'labelled outcome::false-positive' } },
    { name: 'is known noise, up to its last day', issue: { labels: ['noise::311'] }, config: { known_noise: [noise] }, outcome: { kind: 'false positive', reason: noise.reason } },
    {
      name: 'is known noise with its reference, before the label',
      issue: { labels: ['outcome::false-positive', 'noise::311'] },
      config: { known_noise: [{ ...noise, reference: '#12' }] },
      outcome: { kind: 'false positive', reason: 'rule 311 fires during load tests (#12)' },
    },
    { name: 'is no noise that has expired', issue: { labels: ['noise::311'] }, config: { known_noise: [{ ...noise, until: '2026-11-19' }] }, outcome: undefined },
    { name: 'is no noise of another label', issue: { labels: ['noise::312'] }, config: { known_noise: [noise] }, outcome: undefined },
    { name: 'is not known noise, where one is written', issue: { ...outcome('resolved'), labels: ['noise::311'] }, config: { known_noise: [noise] }, outcome: { kind: 'resolved' } },
  ])('$name', ({ outcome: wanted, ...row }) => {
    expect(fill(row).outcome).toEqual(wanted);
  });
});
