import { describe, expect, it } from 'vitest';
import { tendFollowUps } from '../../scripts/apply/follow-ups.ts';
import type { Installation } from '../../scripts/read/config.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { take } from '../support/history.ts';
import { followUpsIn, noting, withFollowUps } from '../support/learning.ts';
import { act } from '../support/scenarios.ts';

/** The follow-up of a severe incident, opened on 2026-11-20 and due by the end of 2026-12-20. */
async function begun(config = withFollowUps()): Promise<{ scene: Scene; one: StoredIssue }> {
  const scene = await stage();
  const issue = scene.closed(noting('tooling: alert earlier'));
  await scene.run(issue, { config });
  return { scene, one: followUpsIn(scene, issue)[0]! };
}

/** What a report run does for the follow-ups at a time. */
async function tend(scene: Scene, at: string, config: Installation = withFollowUps()): Promise<{ reads: number; writes: number }> {
  scene.clock.now = new Date(`${at}:00.000Z`);
  const taken = await take(scene, config);
  const { gitlab, count } = scene.connect();
  const { leftOver } = await tendFollowUps(taken, await gitlab.me(), scene.tools({ gitlab, config }), () => undefined);
  expect(leftOver).toEqual([]);
  return count;
}

const slo = ({ labels }: StoredIssue): string[] => labels.filter((label) => label.startsWith('slo::'));
const nudges = (scene: Scene, one: StoredIssue): string[] => scene.said(one).flatMap(({ body }) => (body.startsWith('<!-- watchkeeper:nudge') ? [body.split('\n')[1]!] : []));

describe('a follow-up whose time runs', () => {
  it.each([
    { name: 'is in time at first', at: '2026-12-01T10:00', labels: [], reminded: false },
    { name: 'is a near miss once three quarters of it are over', at: '2026-12-14T10:00', labels: ['slo::near-miss'], reminded: false },
    { name: 'is a near miss until its last day ends', at: '2026-12-20T23:59', labels: ['slo::near-miss'], reminded: false },
    { name: 'is missed then, but nobody is reminded by night', at: '2026-12-21T00:01', labels: ['slo::missed'], reminded: false },
    { name: 'is missed, and reminded of by day', at: '2026-12-21T10:00', labels: ['slo::missed'], reminded: true },
  ])('$name', async ({ at, labels, reminded }) => {
    const { scene, one } = await begun();
    await tend(scene, at);
    expect(slo(one)).toEqual(labels);
    expect(nudges(scene, one)).toHaveLength(reminded ? 1 : 0);
    expect((await tend(scene, at)).writes).toBe(0);
  });

  it('costs no call while there is nothing to say', async () => {
    const { scene } = await begun();
    expect(await tend(scene, '2026-12-01T10:00')).toEqual({ reads: 1, writes: 0 });
  });

  it('is a near miss first, then missed, under one label at a time', async () => {
    const { scene, one } = await begun();
    await tend(scene, '2026-12-14T10:00');
    await tend(scene, '2026-12-21T10:00');
    expect(slo(one)).toEqual(['slo::missed']);
  });

  it('is reminded of once a week, by a comment that takes the place of the one before', async () => {
    const { scene, one } = await begun();
    await tend(scene, '2026-12-21T10:00');
    const [first] = scene.said(one);
    await tend(scene, '2026-12-22T10:00');
    await tend(scene, '2026-12-27T17:00');
    expect(scene.said(one)).toEqual([first]);
    await tend(scene, '2026-12-28T10:00');
    expect(scene.said(one)).toHaveLength(1);
    expect(scene.said(one)[0]!.id).toBeGreaterThan(first!.id);
    expect(nudges(scene, one)).toEqual(['@ana: this follow-up was due by the end of 2026-12-20. Finish it, or say here what it waits for; it is told in the weekly review until it is closed.']);
  });

  it('tells the manager where nobody is assigned', async () => {
    const { scene, one } = await begun();
    act(scene, one, { assigneeIds: [] });
    await tend(scene, '2026-12-21T10:00');
    expect(nudges(scene, one)[0]).toMatch(/^@lea: this follow-up was due .* Nobody is assigned\. /);
  });

  it.each([
    { name: 'observed', config: withFollowUps({ mode: 'observe' }), labels: ['slo::missed'] },
    { name: 'where nobody is to be reminded', config: withFollowUps({ nudge_days: 0 }), labels: ['slo::missed'] },
    { name: 'switched off', config: withFollowUps({ mode: 'off' }), labels: [] },
  ])('reminds nobody $name', async ({ config, labels }) => {
    const { scene, one } = await begun();
    await tend(scene, '2026-12-21T10:00', config);
    expect(slo(one)).toEqual(labels);
    expect(nudges(scene, one)).toEqual([]);
  });

  it('is let be once it is closed, with the label that it had', async () => {
    const { scene, one } = await begun();
    await tend(scene, '2026-12-21T10:00');
    act(scene, one, { stateEvent: 'close' });
    expect((await tend(scene, '2027-01-10T10:00')).writes).toBe(0);
    expect(slo(one)).toEqual(['slo::missed']);
  });

  it('that people opened counts from when they labelled it', async () => {
    const { scene } = await begun();
    const { world } = scene.gitlab;
    const own = createIssue(world, world.userNamed('ben'), scene.project, 'Rotate keys', 'issue');
    scene.clock.now = new Date('2026-12-10T10:00:00.000Z');
    act(scene, own, { addLabels: ['corrective-action', 'severity::1'] }, 'ben');
    await tend(scene, '2026-12-17T12:00');
    expect(slo(own)).toEqual(['slo::near-miss']);
    await tend(scene, '2026-12-18T12:00');
    expect(slo(own)).toEqual(['slo::missed']);
  });

  it('loses its label where its severity was lowered, and its time with it', async () => {
    const { scene, one } = await begun();
    await tend(scene, '2026-12-21T10:00');
    act(scene, one, { addLabels: ['severity::4'], removeLabels: ['severity::2'] });
    await tend(scene, '2026-12-22T10:00');
    expect(slo(one)).toEqual([]);
  });
});
