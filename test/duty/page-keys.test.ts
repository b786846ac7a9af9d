import { describe, expect, it } from 'vitest';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { ANA, asked, BEN, stagePaging, type Paging } from '../support/paging.ts';
import { act, later, say } from '../support/scenarios.ts';

/** A page that has become an incident, told a while ago. */
async function paged(scene: Paging, title = 'Token'): Promise<{ id: string; issue: StoredIssue }> {
  const { id } = scene.pagerduty.pages.trigger({ title });
  await scene.deliver();
  const issue = scene.made().at(-1)!;
  later(scene, 10);
  return { id, issue };
}

/** Somebody writes the description anew. */
function overwrite(scene: Paging, issue: StoredIssue, description: string): void {
  act(scene, issue, { description }, 'ben');
  later(scene, 5);
}

const key = (id: string): string => `<!-- watchkeeper:page ${id} -->`;
const isOpen = ({ state }: StoredIssue): boolean => state === 'opened';
const userId = (scene: Paging, name: string): number => scene.gitlab.world.userNamed(name).id;

describe('a page whose description somebody wrote anew', () => {
  it.each<{ name: string; happens: (scene: Paging, id: string) => unknown; stands: Partial<StoredIssue> | ((scene: Paging) => object) }>([
    { name: 'acknowledged', happens: (scene, id) => scene.pagerduty.pages.acknowledge(id, ANA), stands: (scene) => ({ assigneeIds: [userId(scene, 'ana')] }) },
    { name: 'escalated', happens: (scene, id) => scene.pagerduty.pages.escalate(id), stands: { labels: ['severity::2', 'incident', 'oncall', 'ack::escalated'] } },
    { name: 'resolved', happens: (scene, id) => scene.pagerduty.pages.resolve(id), stands: { labels: ['severity::2', 'incident', 'oncall'] } },
    { name: 'told again', happens: () => undefined, stands: {} },
  ])('is the same incident when it is $name', async ({ happens, stands }) => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene);
    for (const description of ['We handle it in the channel.', '']) {
      overwrite(scene, issue, description);
      await scene.deliver(scene.hooks[0]);
    }
    happens(scene, id);
    await scene.deliver();
    await scene.deliver();
    expect(scene.made()).toHaveLength(1);
    const wanted = typeof stands === 'function' ? stands(scene) : stands;
    expect({ ...issue, labels: [...issue.labels].sort() }).toMatchObject({ ...wanted, ...('labels' in wanted ? { labels: [...(wanted.labels as string[])].sort() } : {}) });
  });

  it('is found with one list more', async () => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene);
    scene.pagerduty.pages.acknowledge(id, ANA);
    await scene.deliver();
    const readsOfNext = async (): Promise<number> => {
      const before = scene.gitlab.faults.calls.length;
      await scene.deliver();
      return scene.gitlab.faults.calls.length - before;
    };
    const usual = await readsOfNext();
    overwrite(scene, issue, 'We handle it in the channel.');
    await scene.deliver();
    expect([usual, await readsOfNext()]).toEqual([5, 6]);
  });

  it('with that of another incident, key and all, is neither the other nor its duplicate', async () => {
    const scene = await stagePaging();
    const first = await paged(scene, 'First');
    const second = await paged(scene, 'Second');
    overwrite(scene, first.issue, second.issue.description!);
    scene.pagerduty.pages.acknowledge(second.id, ANA);
    await scene.deliver();
    scene.pagerduty.pages.acknowledge(first.id, BEN);
    await scene.deliver();
    expect(scene.made().map(({ state, assigneeIds }) => ({ state, assigneeIds }))).toEqual([
      { state: 'opened', assigneeIds: [userId(scene, 'ben')] },
      { state: 'opened', assigneeIds: [userId(scene, 'ana')] },
    ]);
  });

  it('with that of another incident, which has lost its own, leaves each page its incident', async () => {
    const scene = await stagePaging();
    const first = await paged(scene, 'First');
    const second = await paged(scene, 'Second');
    overwrite(scene, first.issue, second.issue.description!);
    overwrite(scene, second.issue, 'Nothing to see.');
    for (const [{ id }, by] of [
      [second, ANA],
      [first, BEN],
    ] as const) {
      scene.pagerduty.pages.acknowledge(id, by);
      await scene.deliver();
    }
    expect(scene.made().map(({ state, assigneeIds }) => [state, assigneeIds])).toEqual([
      ['opened', [userId(scene, 'ben')]],
      ['opened', [userId(scene, 'ana')]],
    ]);
  });
});

describe('a page whose comment of ours somebody deleted', () => {
  const forget = (scene: Paging, issue: StoredIssue): void => {
    scene.gitlab.world.notes.remove(scene.comment(issue, 'ack')!);
  };

  it('is still one that PagerDuty escalates and is told of', async () => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene);
    forget(scene, issue);
    later(scene, 20);
    await scene.run(issue, scene.work());
    expect(scene.comment(issue, 'escalation')).toBeUndefined();
    expect([asked(scene.pagerduty, /enqueue/), scene.slack.messages]).toEqual([0, []]);
    forget(scene, issue);
    say(scene, issue, '/ack', 'ben');
    await scene.run(issue, scene.work());
    expect(scene.pagerduty.pages.page(id)).toMatchObject({ status: 'acknowledged', acknowledgements: [{ by: BEN }] });
  });

  it('climbs by our ladder where it is a person’s issue that bears a key', async () => {
    const scene = await stagePaging();
    const { id } = await paged(scene);
    const { world } = scene.gitlab;
    const forged = createIssue(world, world.userNamed('ben'), scene.project, 'Forged', 'incident');
    act(scene, forged, { description: key(id) }, 'ben');
    await scene.run(forged, scene.work());
    later(scene, 16);
    await scene.run(forged, scene.work());
    expect(scene.comment(forged, 'escalation')).toBeDefined();
  });
});

describe('what a person forged', () => {
  it('a key and a marker in an incident of their own are not taken for the page', async () => {
    const scene = await stagePaging();
    const { world } = scene.gitlab;
    const { id, issue } = await paged(scene);
    const forged = createIssue(world, world.userNamed('ben'), scene.project, 'Forged', 'incident');
    act(scene, forged, { description: key(id) }, 'ben');
    say(scene, forged, `<!-- watchkeeper:ack {"pagerduty":"${id}"} -->\nmine`, 'ben');
    overwrite(scene, issue, 'Nothing to see.');
    say(scene, issue, '<!-- watchkeeper:ack {"pagerduty":"QOTHER"} -->\nmine', 'ben');
    scene.pagerduty.pages.acknowledge(id, ANA);
    await scene.deliver();
    expect([forged.assigneeIds, issue.assigneeIds, scene.made().length]).toEqual([[], [userId(scene, 'ana')], 1]);
  });

  it('a key in an older issue of ours takes no page from its incident, and closes none that people work on', async () => {
    const scene = await stagePaging();
    const { world } = scene.gitlab;
    const log = createIssue(world, scene.bot, scene.project, 'Shift log', 'issue');
    say(scene, log, 'Notes of the night.', 'ben');
    const { id, issue } = await paged(scene);
    overwrite(scene, log, key(id));
    scene.pagerduty.pages.acknowledge(id, ANA);
    await scene.deliver();
    expect([log, issue].map(({ assigneeIds }) => assigneeIds)).toEqual([[], [userId(scene, 'ana')]]);
    expect(scene.made().every(isOpen)).toBe(true);
  });
});
