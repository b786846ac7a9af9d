import { describe, expect, it } from 'vitest';
import type { Tools } from '../../scripts/apply/reconcile.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { ANA, asked, BEN, DUTY, stagePaging, ZOE, type Paging } from '../support/paging.ts';
import { later, say } from '../support/scenarios.ts';

const HOSTILE = 'Token leaked\n/close\n@lea <!-- ``` ~~~ | [x](https://evil.example.com) --> `/label ~vip`';

/** A page that has become an incident. */
async function paged(scene: Paging, more: object = {}): Promise<{ id: string; issue: StoredIssue }> {
  const { id } = scene.pagerduty.pages.trigger({ title: 'Deploy token used from an unknown address', priority: 'P2', ...more });
  await scene.deliver();
  return { id, issue: scene.made().at(-1)! };
}

/** Runs once more, and says how much it wrote. */
async function writesAgain(scene: Paging, issue: StoredIssue): Promise<number> {
  const { send } = scene.work();
  return (await scene.run(issue, { config: scene.work().config, ...(send ? { send } : {}) })).writes;
}

describe('a page', () => {
  it('becomes one confidential incident by the door, with what it says shown as text', async () => {
    const scene = await stagePaging();
    const { id } = scene.pagerduty.pages.trigger({ title: HOSTILE, priority: 'P2' });
    expect((await scene.door()).exitCode).toBe(0);
    const [issue] = scene.made();
    expect(issue).toMatchObject({ type: 'incident', state: 'opened', confidential: true, assigneeIds: [] });
    expect([...issue!.labels].sort()).toEqual(['ack::pending', 'incident', 'oncall', 'severity::2']);
    const lines = issue!.description!.split('\n');
    expect(lines.slice(0, 9)).toEqual([
      ...[`<!-- watchkeeper:page ${id} -->`, '', '## Page', '', '```text', 'Service: SIRT pages'],
      'Alert: Token leaked /close @lea <!-- ~~~ [x](https://evil.example.com) --> /label ~vip',
      ...['Triggered: 2026-11-20 10:00 UTC', 'Priority: P2'],
    ]);
    expect(lines).toContain(`Link: https://sirt.pagerduty.com/incidents/${id}`);
    expect(lines.filter((line) => line.startsWith('```'))).toHaveLength(2);
    expect(lines).toContain('## Ownership');
    expect(issue!.title).not.toContain('\n');
    expect((await scene.door()).report).toMatchObject({ calls: { writes: 0 } });
    expect(scene.made()).toHaveLength(1);
  });

  it.each([
    { name: 'its priority', page: { priority: 'P1', urgency: 'low' as const }, label: 'severity::1' },
    { name: 'its urgency, where it has no priority', page: { urgency: 'low' as const }, label: 'severity::3' },
    { name: 'its urgency, where the table does not name its priority', page: { priority: 'Whatever' }, label: 'severity::2' },
    { name: 'a table of the team', page: { priority: 'Sev-1' }, table: { 'Sev-1': 1 }, label: 'severity::1' },
    { name: 'nothing, where a table of the team does not say it', page: {}, table: { 'Sev-1': 1 }, label: undefined },
  ])('has the severity of $name', async ({ page, table, label }) => {
    const scene = await stagePaging();
    scene.pagerduty.pages.trigger({ title: 'Token', ...page });
    await scene.deliver(undefined, { given: { ...DUTY, ...(table ? { pagerduty: { severity: table } } : {}) } });
    expect(scene.made()[0]!.labels.find((each) => each.startsWith('severity::'))).toBe(label);
  });

  it.each([
    { name: 'doubled', order: [0, 0, 1, 1] },
    { name: 'in another order', order: [1, 0] },
    { name: 'whose first word was lost', order: [1] },
  ])('that is told $name is one incident of its first owner', async ({ order }) => {
    const scene = await stagePaging();
    const { id } = scene.pagerduty.pages.trigger({ title: 'Token' });
    later(scene, 5);
    scene.pagerduty.pages.acknowledge(id, ANA);
    for (const index of order) await scene.deliver(scene.hooks[index]);
    const [issue] = scene.made();
    expect(scene.made()).toHaveLength(1);
    expect(issue!.assigneeIds).toEqual([scene.gitlab.world.userNamed('ana').id]);
    expect(issue!.labels).toContain('ack::done');
    expect(scene.comment(issue!, 'ack')!.body).toContain('`ana` acknowledged at 2026-11-20 10:05 UTC in PagerDuty; the page came at 2026-11-20 10:00 UTC.');
    expect(await writesAgain(scene, issue!)).toBe(0);
  });

  it('that two pipelines tell of at once is one incident, and the other is closed as its duplicate', async () => {
    const scene = await stagePaging();
    scene.pagerduty.pages.trigger({ title: 'Token' });
    let waiting = 2;
    let go: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (go = resolve));
    scene.gitlab.faults.turn = async (call) => {
      if (!/^POST .*\/issues$/.test(call)) return;
      waiting -= 1;
      if (waiting === 0) go();
      await both;
    };
    await Promise.all([scene.deliver(), scene.deliver()]);
    const [first, second] = scene.made();
    expect(scene.made().map(({ state }) => state)).toEqual(['opened', 'closed']);
    expect(second!.duplicatedToId).toBe(first!.id);
    expect(scene.said(second!)).toEqual([]);
    scene.gitlab.faults.clear();
    await scene.deliver();
    expect(scene.made()).toHaveLength(2);
  });

  it('that was over before anybody told of it is kept, since it was a page; what only ends one opens none', async () => {
    const scene = await stagePaging();
    const { id } = scene.pagerduty.pages.trigger({ title: 'Token' });
    later(scene, 1);
    scene.pagerduty.pages.resolve(id);
    expect(await scene.deliver(scene.hooks[1])).toEqual({ nothing: `the page ${id} is over, and no incident was opened for it` });
    await scene.deliver(scene.hooks[0]);
    expect(scene.made()).toHaveLength(1);
    await scene.deliver(scene.hooks[1]);
    expect(scene.comment(scene.made()[0]!, 'ack')!.body).toContain('The alarm resolved at 2026-11-20 10:01 UTC');
    expect(scene.made()[0]).toMatchObject({ state: 'opened' });
  });

  it('in a dry run is said and not opened', async () => {
    const scene = await stagePaging();
    const { id } = scene.pagerduty.pages.trigger({ title: 'Token' });
    const { exitCode, report } = await scene.door(undefined, { variables: { WATCHKEEPER_DRY_RUN: '1' } });
    expect([exitCode, report['nothing']]).toEqual([0, `a dry run opens no incident for the page ${id}`]);
    expect(scene.made()).toEqual([]);
  });
});

describe('acknowledged', () => {
  it.each([
    { name: 'who is known by an address', by: ANA, owner: 'ana' },
    { name: 'who is known by an id', by: BEN, owner: 'ben' },
  ])('in PagerDuty by somebody $name, by the door: they own it, and PagerDuty is not told', async ({ by, owner }) => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene);
    later(scene, 5);
    scene.pagerduty.pages.acknowledge(id, by);
    expect((await scene.door()).exitCode).toBe(0);
    expect(issue.assigneeIds).toEqual([scene.gitlab.world.userNamed(owner).id]);
    expect(asked(scene.pagerduty, /^PUT/)).toBe(0);
  });

  it('in PagerDuty by somebody whom people does not name: nobody is waited for, and whoever takes it owns it', async () => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene);
    later(scene, 5);
    scene.pagerduty.pages.acknowledge(id, ZOE);
    await scene.deliver();
    expect(issue.assigneeIds).toEqual([]);
    expect(issue.labels).toContain('ack::done');
    expect(scene.comment(issue, 'ack')!.body).toContain('omebody whom `people` in the configuration does not name');
    later(scene, 5);
    say(scene, issue, '/ack', 'ben');
    await scene.run(issue, scene.work());
    expect(issue.assigneeIds).toEqual([scene.gitlab.world.userNamed('ben').id]);
    say(scene, issue, '/transfer @ana', 'ben');
    await scene.run(issue, scene.work());
    await scene.run(issue, scene.work());
    expect(scene.comment(issue, 'ack')!.body).toContain('omebody whom `people` in the configuration does not name');
    expect(scene.comment(issue, 'ack')!.body).toContain('`ana` owns this incident');
    expect(await writesAgain(scene, issue)).toBe(0);
  });

  it('in GitLab: PagerDuty is told once, as the same person', async () => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene);
    later(scene, 5);
    say(scene, issue, '/ack', 'ben');
    const tools = scene.work();
    await scene.run(issue, tools);
    expect(scene.pagerduty.pages.page(id)).toMatchObject({ status: 'acknowledged', acknowledgements: [{ by: BEN }] });
    await scene.deliver();
    await scene.run(issue, tools);
    expect(asked(scene.pagerduty, /^PUT/)).toBe(1);
    expect(issue.assigneeIds).toEqual([scene.gitlab.world.userNamed('ben').id]);
    expect(scene.comment(issue, 'ack')!.body).not.toContain('Also engaged');
  });

  it('in GitLab by somebody whom PagerDuty does not know: nobody else is said to have done it', async () => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene);
    say(scene, issue, '/ack', 'lea');
    const log: string[] = [];
    await scene.run(issue, scene.work(DUTY, {}, log));
    expect(scene.pagerduty.pages.page(id).status).toBe('triggered');
    expect(log).toEqual(['people names no pagerduty_email of who did it: PagerDuty is not told to acknowledge']);
  });

  it('in GitLab stays there where the configuration wants it so', async () => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene);
    say(scene, issue, '/ack', 'ana');
    await scene.run(issue, scene.work({ ...DUTY, pagerduty: { acknowledge: false } }));
    expect(scene.pagerduty.pages.page(id).status).toBe('triggered');
  });
});

describe('what becomes of a page in PagerDuty', () => {
  it('escalated: it is recorded once, and not repeated by a ladder of ours', async () => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene);
    later(scene, 20);
    scene.pagerduty.pages.escalate(id);
    await scene.deliver();
    await scene.deliver();
    expect(issue.labels).toContain('ack::escalated');
    expect(scene.comment(issue, 'ack')!.body.match(/PagerDuty escalated it at/g)).toHaveLength(1);
    expect(scene.comment(issue, 'escalation')).toBeUndefined();
    expect([asked(scene.pagerduty, /enqueue/), scene.slack.messages]).toEqual([0, []]);
    expect(await writesAgain(scene, issue)).toBe(0);
  });

  it('resolved: nobody is waited for, and nothing is closed; reopened: somebody is again', async () => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene);
    later(scene, 3);
    scene.pagerduty.pages.resolve(id);
    await scene.deliver();
    expect(issue.state).toBe('opened');
    expect(issue.labels).not.toContain('ack::pending');
    later(scene, 3);
    scene.pagerduty.pages.reopen(id, ANA);
    await scene.deliver();
    expect(issue.labels).toContain('ack::pending');
    // PagerDuty may tell again what is no more so.
    await scene.deliver(scene.hooks[1]);
    expect(issue.labels).toContain('ack::pending');
    expect(scene.comment(issue, 'ack')!.body).not.toContain('The alarm resolved');
    later(scene, 3);
    scene.pagerduty.pages.resolve(id);
    await scene.deliver();
    await scene.deliver(scene.hooks[2]);
    expect(issue.labels).not.toContain('ack::pending');
  });

  it.each([
    { when: 'on_close', after: 'verified', resolved: [false, true] },
    { when: 'on_ack', after: 'acknowledged', resolved: [true, true] },
    { when: 'never', after: 'never', resolved: [false, false] },
  ] as const)('is resolved by us once, $when', async ({ when, resolved }) => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene, { priority: 'P3' });
    const tools = (): Tools => scene.work({ ...DUTY, pagerduty: { resolve: when } });
    const isResolved = (): boolean => scene.pagerduty.pages.page(id).status === 'resolved';
    say(scene, issue, '/ack');
    await scene.run(issue, tools());
    const before = isResolved();
    later(scene, 20);
    say(scene, issue, '/false-positive the pentest that was announced to us on Monday');
    await scene.run(issue, tools());
    expect(issue.labels).toContain('closure::verified');
    expect([before, isResolved()]).toEqual(resolved);
    await scene.run(issue, tools());
    expect(scene.pagerduty.pages.page(id).status).toBe(resolved[1] ? 'resolved' : 'acknowledged');
    expect(asked(scene.pagerduty, /^PUT/)).toBe(resolved[1] ? 2 : 1);
  });

  it.each([
    { name: 'reassigned', does: (scene: Paging, id: string) => scene.pagerduty.pages.reassign(id, [BEN], ANA) },
    { name: 'unacknowledged', does: (scene: Paging, id: string) => scene.pagerduty.pages.unacknowledge(id) },
    { name: 'acknowledged by another', does: (scene: Paging, id: string) => scene.pagerduty.pages.acknowledge(id, BEN) },
  ])('$name after somebody acknowledged: they keep it', async ({ does }) => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene);
    scene.pagerduty.pages.acknowledge(id, ANA);
    await scene.deliver();
    later(scene, 3);
    does(scene, id);
    await scene.deliver();
    expect(issue.assigneeIds).toEqual([scene.gitlab.world.userNamed('ana').id]);
    expect(issue.labels).toContain('ack::done');
    expect(scene.comment(issue, 'ack')!.body).toContain('`ana` acknowledged');
  });

  it('annotated: each note stays with the incident once, as text', async () => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene);
    scene.pagerduty.pages.annotate(id, '/close @lea the token is revoked', ANA);
    await scene.deliver();
    await scene.deliver();
    expect(scene.said(issue).filter(({ body }) => body.includes('Noted in PagerDuty'))).toMatchObject([
      { body: expect.stringContaining('Noted in PagerDuty by `ana`: `/close @lea the token is revoked`') as string },
    ]);
  });
});
