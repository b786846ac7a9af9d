import { describe, expect, it } from 'vitest';
import { analysisOf } from '../../scripts/decide/analysis.ts';
import { judgeClosure } from '../../scripts/decide/closure.ts';
import { decideGate } from '../../scripts/decide/gate.ts';
import type { Check } from '../../scripts/decide/plan.ts';
import { gatherSeverities } from '../../scripts/decide/severity.ts';
import type { Issue } from '../../scripts/gitlab/port.ts';
import type { Given, Snapshot } from '../../scripts/read/snapshot.ts';
import { renderAnalysis } from '../../scripts/render/analysis.ts';
import { renderGateComment } from '../../scripts/render/gate.ts';
import { COMPLETE, FALSE_POSITIVE, SMALL } from '../../scripts/sandbox/story/descriptions.ts';
import { analysisForm } from '../../scripts/schema/rca-form.ts';
import { readConfig } from '../../scripts/read/config.ts';
import { readRecord } from '../../scripts/read/record.ts';
import { ben, fullConfig, NOW, snapshot } from '../support/snapshot.ts';

const rca = (decision: string): string => COMPLETE.replace('requested', decision);
const command = (argument: string, accessLevel = 30): Given => ({ name: 'rca', argument, noteId: 70, author: ben, at: '2026-11-20T09:40:00.000Z', accessLevel });

describe('an analysis is wanted', () => {
  it.each<{ name: string; issue?: Partial<Issue>; around?: Partial<Snapshot>; more?: object; wanted: boolean }>([
    { name: 'where the description asks for it', wanted: true },
    { name: 'where a command does', issue: { description: rca('') }, around: { commands: [command('requested')] }, wanted: true },
    { name: 'not where there is one', issue: { description: rca('#31') }, wanted: false },
    { name: 'not where it is waived', issue: { description: rca('not needed: the cause is known and was mended last week') }, wanted: false },
    {
      name: 'not where the description waives it, whatever a command says',
      issue: { description: rca('not needed: the cause is known and was mended') },
      around: { commands: [command('requested')] },
      wanted: false,
    },
    { name: 'not where nothing is decided', issue: { description: SMALL }, wanted: false },
    { name: 'not by a command of a guest', issue: { description: rca('') }, around: { commands: [command('requested', 10)] }, wanted: false },
    { name: 'also where analyses only observe', more: { rca: { mode: 'observe' } }, wanted: true },
    { name: 'not where they are off', more: { rca: { mode: 'off' } }, wanted: false },
  ])('$name', ({ issue = {}, around = {}, more = {}, wanted }) => {
    expect(analysisOf(snapshot({ description: COMPLETE, ...issue }, around), fullConfig(more), NOW) !== undefined).toBe(wanted);
  });
});

describe('the analysis', () => {
  const wanted = (more: object = {}, issue: Partial<Issue> = {}, around: Partial<Snapshot> = {}): ReturnType<typeof analysisOf> =>
    analysisOf(snapshot({ description: COMPLETE, ...issue }, around), fullConfig(more), NOW);

  it('is keyed, in the project of the incident, with its label, its title, its owner and seven working days', () => {
    expect(wanted()).toEqual({
      ...{ key: 'rca 42-7', project: { kind: 'project', id: 42 }, label: 'rca', title: 'Root cause analysis of sirt/incidents#7: Token leaked' },
      ...{ view: { reference: 'sirt/incidents#7', dueOn: '2026-12-01' }, confidential: false, owner: 'ana', dueOn: '2026-12-01' },
    });
  });

  it.each([
    { name: 'says nothing of a confidential incident but where it is', more: {}, issue: { confidential: true }, title: 'Root cause analysis of sirt/incidents#7', confidential: true },
    { name: 'says nothing of an incident elsewhere', more: { rca: { project: 'sirt/analyses' } }, issue: {}, title: 'Root cause analysis of sirt/incidents#7', confidential: true },
    { name: 'is that of the incident, in the same project by its path', more: { rca: { project: 'SIRT/incidents' } }, issue: {}, title: 'Root cause analysis of sirt/incidents#7: Token leaked' },
    { name: 'has room for what GitLab takes', more: {}, issue: { title: `x${'💥'.repeat(200)}` }, title: `Root cause analysis of sirt/incidents#7: x${'💥'.repeat(106)}` },
  ])('has a title that $name', ({ more, issue, title, confidential = false }) => {
    expect(wanted(more, issue)).toMatchObject({ title, confidential });
  });

  it.each<{ name: string; more: object; around?: Partial<Snapshot>; owner: string | undefined }>([
    {
      name: 'the recorded owner, where none is written',
      more: {},
      around: { ack: { by: ben, at: '2026-11-20T02:07:00.000Z' }, read: readRecord(COMPLETE.replace('- **Owner**: @ana\n', ''), 'UTC', fullConfig().form) },
      owner: 'ben',
    },
    { name: 'the manager', more: { rca: { owner: 'manager' } }, owner: 'lea' },
    { name: 'nobody, where there is no manager', more: { rca: { owner: 'manager' }, managers: [] }, owner: undefined },
    { name: 'whom the configuration names', more: { rca: { owner: '@kim' } }, owner: 'kim' },
  ])('is for $name', ({ more, around, owner }) => {
    expect(wanted(more, {}, around)?.owner).toBe(owner);
  });

  it.each([
    { name: 'from the verification on record', more: {}, gate: { state: 'verified', verified_at: '2026-11-16T23:30:00.000Z' } as const, dueOn: '2026-11-25' },
    { name: 'by the clocks of the team', more: { time_zone: 'Europe/Berlin' }, gate: { state: 'verified', verified_at: '2026-11-16T23:30:00.000Z' } as const, dueOn: '2026-11-26' },
    { name: 'as many days as the configuration gives', more: { rca: { due_working_days: 1 } }, gate: undefined, dueOn: '2026-11-23' },
  ])('is due $name', ({ more, gate, dueOn }) => {
    expect(wanted(more, {}, { gate })).toMatchObject({ dueOn, view: { dueOn } });
  });

  it('has a description that answers nothing yet', async () => {
    const text = renderAnalysis({ reference: 'sirt/incidents#7', dueOn: '2026-12-01' });
    await expect(text).toMatchFileSnapshot('../render/issues/rca.md');
    expect(readRecord(text, 'UTC', analysisForm())).toMatchObject({ record: {}, problems: [], strays: [] });
  });
});

describe('a decision on an analysis is asked for', () => {
  type Row = { name: string; issue?: Partial<Issue>; around?: Partial<Snapshot>; more?: object; because: Check['because'] | 'never' };
  const labels = { rca: { labels: ['data-exposure', 'press'] } };
  const long = { rca: { after_hours: 24 } };
  const days = (text: string): string => SMALL.replace('## Resolution\n', `## Resolution\n\n${text}\n`);

  function lacking({ issue = {}, around = {}, more = {} }: Partial<Row>): Check | undefined {
    const installation = fullConfig(more);
    const seen = snapshot({ description: SMALL, ...issue }, around);
    const { checks } = judgeClosure(seen, gatherSeverities(seen, installation, NOW.toISOString()), installation, NOW);
    return checks.find(({ code, status }) => code === 'RCA_MISSING' && status === 'fail');
  }

  it.each<Row>([
    { name: 'by nothing, by default', issue: { labels: ['data-exposure'], createdAt: '2026-11-01T00:00:00.000Z' }, because: 'never' },
    { name: 'by a label', issue: { labels: ['press', 'vip'] }, more: labels, because: { label: 'press' } },
    { name: 'by none of other labels', issue: { labels: ['vip'] }, more: labels, because: 'never' },
    { name: 'by the severity first', issue: { labels: ['press', 'severity::2'], description: SMALL.replace('S3', 'S2') }, more: labels, because: 2 },
    { name: 'by the hours from page to closing', issue: { createdAt: '2026-11-19T07:45:00.000Z' }, more: long, because: { hours: 26 } },
    { name: 'from the hours on that are configured', issue: { createdAt: '2026-11-19T09:45:00.000Z' }, more: long, because: { hours: 24 } },
    { name: 'by no minute less', issue: { createdAt: '2026-11-19T09:46:00.000Z' }, more: long, because: 'never' },
    { name: 'from the page, as PagerDuty has it', issue: { createdAt: '2026-11-20T09:00:00.000Z' }, around: { duty: { paged_at: '2026-11-19T04:00:00.000Z' } }, more: long, because: { hours: 29 } },
    { name: 'from the detection, where that was earlier', issue: { description: `${SMALL}\n## Impact\n\n- Detected at: 2026-11-18 09:45 UTC\n` }, more: long, because: { hours: 48 } },
    {
      name: 'to the resolution, as it is written',
      issue: { createdAt: '2026-11-01T00:00:00.000Z', description: `${SMALL}\n## Impact\n\n- Resolved at: 2026-11-01 20:00 UTC\n` },
      more: long,
      because: 'never',
    },
    {
      name: 'to the first closing, however long its paperwork took',
      issue: { createdAt: '2026-11-01T00:00:00.000Z' },
      around: { gate: { state: 'blocked', first_closed_at: '2026-11-01T05:00:00.000Z' } },
      more: long,
      because: 'never',
    },
    { name: 'of one that goes on, by as many hours as are enough', issue: { state: 'opened', closedAt: undefined, createdAt: '2026-11-01T00:00:00.000Z' }, more: long, because: { hours: 24 } },
    { name: 'of no false positive', issue: { description: FALSE_POSITIVE, labels: ['press'] }, more: labels, because: 'never' },
    { name: 'of none that is tracked elsewhere', issue: { description: '## Resolution\n\n- Outcome: tracked in #3\n', labels: ['press'] }, more: labels, because: 'never' },
    { name: 'not where it is decided', issue: { description: days('- Root cause analysis: requested'), labels: ['press'] }, more: labels, because: 'never' },
    { name: 'not where a command decided', issue: { labels: ['press'] }, around: { commands: [command('requested')] }, more: labels, because: 'never' },
  ])('$name', ({ because, ...row }) => {
    const check = lacking(row);
    expect(check ? check.because : 'never').toEqual(because);
  });

  it.each([
    { name: 'analysis asked for by a label', issue: { labels: ['press'] }, more: labels },
    { name: 'analysis asked for by its length', issue: { createdAt: '2026-11-19T07:45:00.000Z' }, more: long },
  ])('and the comment says why: $name', async ({ name, issue, more }) => {
    const { plan, finding } = decideGate(snapshot({ description: SMALL, ...issue }), fullConfig(more), NOW);
    expect([finding.codes, plan.state]).toEqual([['RCA_MISSING'], 'opened']);
    await expect(renderGateComment(plan.comment!)).toMatchFileSnapshot(`../render/comments/${name}.md`);
  });

  it('by no form that has no such field', async () => {
    const own = await readConfig('schemas/examples/own/small-team/oncall.yml');
    const seen = snapshot({ description: SMALL, labels: ['press'] }, { read: readRecord(SMALL, 'UTC', own.form) });
    const asking = { ...own, rca: fullConfig(labels).rca };
    const { checks } = judgeClosure(seen, gatherSeverities(seen, asking, NOW.toISOString()), asking, NOW);
    expect(own.form.fieldAt(['root_cause_analysis']) === undefined).toBe(checks.every(({ code }) => code !== 'RCA_MISSING'));
  });

  it('is part of what was verified, so that taking it back is seen', () => {
    const of = (decision: string): string => {
      const seen = snapshot({ description: days(`- Root cause analysis: ${decision}`), labels: ['press'] });
      return judgeClosure(seen, gatherSeverities(seen, fullConfig(labels), NOW.toISOString()), fullConfig(labels), NOW).hash;
    };
    expect(of('requested')).not.toBe(of('not needed: it is known why, and it was mended'));
  });
});
