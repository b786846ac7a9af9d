import { describe, expect, it } from 'vitest';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { LEVEL, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { ANA, asked, BEN, DUTY, stagePaging, type Paging } from '../support/paging.ts';
import { act, later, say } from '../support/scenarios.ts';

const UNVERIFIED = ['triggered', 'acknowledged', 'unacknowledged', 'reassigned', 'escalated', 'delegated', 'resolved', 'reopened', 'annotated', 'priority_updated'];
const BELIEVING = { ...DUTY, pagerduty: { unverified: UNVERIFIED } };

/** A webhook that somebody who has the trigger token wrote. */
function forged(type: string, data: object, more: object = {}): object {
  const head = { id: '01FORGED', event_type: `incident.${type}`, resource_type: 'incident', occurred_at: '2026-11-20T10:04:00Z' };
  return { event: { ...head, agent: { id: ANA.id, type: 'user_reference' }, client: null, data: { type: 'incident', title: 'Forged', ...data }, ...more } };
}

async function paged(scene: Paging, more: object = {}): Promise<{ id: string; issue: StoredIssue }> {
  const { id } = scene.pagerduty.pages.trigger({ title: 'Token', ...more });
  await scene.deliver();
  return { id, issue: scene.made().at(-1)! };
}

type Seen = { labels: string[]; assigneeIds: number[]; state: string; said: string[] };

function seen(scene: Paging, { labels, assigneeIds, state, ...issue }: StoredIssue): Seen {
  return { labels: [...labels], assigneeIds: [...assigneeIds], state, said: scene.said({ labels, assigneeIds, state, ...issue }).map(({ body }) => body) };
}

describe('a claim with PAGERDUTY_TOKEN', () => {
  it.each([
    { name: 'acknowledged', hook: (id: string) => forged('acknowledged', { id }) },
    { name: 'resolved', hook: (id: string) => forged('resolved', { id }) },
    { name: 'a priority', hook: (id: string) => forged('priority_updated', { id, priority: { summary: 'P4' } }) },
    { name: 'a note', hook: (id: string) => forged('annotated', {}, { data: { type: 'incident_note', id: 'PNOTE9', content: 'call +49 …', incident: { id } } }) },
  ])('that PagerDuty does not confirm changes nothing: $name', async ({ hook }) => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene);
    const before = seen(scene, issue);
    await scene.deliver(hook(id));
    expect(seen(scene, issue)).toEqual(before);
  });

  it('of an incident that PagerDuty does not know opens none', async () => {
    const scene = await stagePaging();
    expect(await scene.deliver(forged('triggered', { id: 'QFORGED' }))).toEqual({ nothing: 'PagerDuty knows no incident QFORGED' });
    expect(scene.made()).toEqual([]);
  });

  it('says nothing by its own words of a page that is there', async () => {
    const scene = await stagePaging();
    const { id } = scene.pagerduty.pages.trigger({ title: 'Token', priority: 'P3' });
    await scene.deliver(forged('triggered', { id, title: 'Forged', priority: { summary: 'P1' }, service: { id: 'PX', summary: 'Forged' }, html_url: 'https://forged.pagerduty.com/' }));
    expect(scene.made()).toMatchObject([{ title: 'Token' }]);
    expect(scene.made()[0]!.description).not.toMatch(/forged|P1/i);
    expect(scene.made()[0]!.labels).toContain('severity::3');
  });
});

describe('a claim without PAGERDUTY_TOKEN', () => {
  it.each(UNVERIFIED.filter((type) => !['triggered', 'unacknowledged', 'escalated', 'reopened'].includes(type)))('is not believed by default: %s', async (type) => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene);
    const before = seen(scene, issue);
    const data = type === 'annotated' ? { data: { type: 'incident_note', content: 'x', incident: { id } } } : {};
    expect(await scene.deliver(forged(type, { id }, data), { known: { token: false } })).toEqual({
      nothing: `without PAGERDUTY_TOKEN an event ${type} is not believed (pagerduty.unverified)`,
    });
    expect(seen(scene, issue)).toEqual(before);
  });

  it.each([
    { name: 'by id', by: BEN, owner: ['ben'] },
    { name: 'by address, which only PagerDuty tells: nobody', by: ANA, owner: [] },
  ])('is believed where the configuration says so; who it was is known $name', async ({ by, owner }) => {
    const scene = await stagePaging();
    const without = { given: BELIEVING, known: { token: false } };
    const { id } = scene.pagerduty.pages.trigger({ title: 'Token' });
    await scene.deliver(undefined, without);
    scene.pagerduty.pages.acknowledge(id, by);
    await scene.deliver(undefined, without);
    const [issue] = scene.made();
    expect(issue!.assigneeIds).toEqual(owner.map((name) => scene.gitlab.world.userNamed(name).id));
    expect(issue!.labels).toContain('ack::done');
    expect(scene.pagerduty.faults.calls).toEqual([]);
  });

  it('by the door makes an incident of a page', async () => {
    const scene = await stagePaging();
    scene.pagerduty.pages.trigger({ title: 'Token', priority: 'P1' });
    const { exitCode } = await scene.door(undefined, { variables: { PAGERDUTY_TOKEN: undefined } });
    expect([exitCode, scene.made().length, scene.pagerduty.faults.calls]).toEqual([0, 1, []]);
    expect(scene.made()[0]!.labels).toContain('severity::1');
  });

  it.each([
    { name: 'outside the sources', project: 77, iid: 1 },
    { name: 'that is not there', project: 42, iid: 99 },
  ])('to have been raised for an issue $name touches none', async ({ project, iid }) => {
    const scene = await stagePaging();
    const { world } = scene.gitlab;
    const other = world.addProject('sirt/secret', { 'watchkeeper-bot': LEVEL.developer }, 77);
    const issue = createIssue(world, world.userNamed('watchkeeper-bot'), other, 'Secret', 'incident');
    const handled = await scene.deliver(forged('triggered', { id: 'QFORGED', incident_key: `watchkeeper/${project}/${iid}/1` }), { known: { token: false } });
    expect(handled).toEqual({ nothing: 'the alert QFORGED was raised for no issue of the sources of the configuration' });
    expect([scene.said(issue), issue.labels]).toEqual([[], []]);
  });
});

describe('a new priority in PagerDuty', () => {
  it('is the new severity, by the table and alone of its kind', async () => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene, { priority: 'P3' });
    later(scene);
    scene.pagerduty.pages.prioritise(id, 'P1', ANA);
    await scene.deliver();
    await scene.deliver();
    expect(issue.labels.filter((label) => label.startsWith('severity::'))).toEqual(['severity::1']);
    later(scene);
    scene.pagerduty.pages.prioritise(id, null, ANA);
    await scene.deliver();
    expect(issue.labels.filter((label) => label.startsWith('severity::'))).toEqual(['severity::2']);
  });

  it.each([
    { name: 'set another', does: { addLabels: ['severity::4'], removeLabels: ['severity::3'] }, stays: ['severity::4'] },
    { name: 'taken it away', does: { removeLabels: ['severity::3'] }, stays: [] },
  ])('is none where people have $name since', async ({ does, stays }) => {
    const scene = await stagePaging();
    const { id, issue } = await paged(scene, { priority: 'P3' });
    later(scene);
    act(scene, issue, does, 'ben');
    scene.pagerduty.pages.prioritise(id, 'P1', ANA);
    await scene.deliver();
    expect(issue.labels.filter((label) => label.startsWith('severity::'))).toEqual(stays);
  });
});

describe('an incident that no page made', () => {
  it.each([
    { name: 'a person', by: 'ana' },
    { name: 'an alert of GitLab', by: 'alert-bot' },
  ])('by $name climbs by PagerDuty, whose own webhook leads to the same incident, and whoever takes it there owns it', async ({ by }) => {
    const scene = await stagePaging();
    const { world } = scene.gitlab;
    const issue = createIssue(world, world.userNamed(by), scene.project, 'Token leaked', 'incident');
    issue.confidential = true;
    await scene.run(issue, scene.work());
    expect(issue.labels).toContain('ack::pending');
    later(scene, 16);
    await scene.run(issue, scene.work());
    await scene.run(issue, scene.work());
    const [page] = scene.pagerduty.pages.all;
    expect(scene.pagerduty.pages.all).toHaveLength(1);
    expect(page).toMatchObject({ key: `watchkeeper/42/${issue.iid}/1`, title: `sirt/incidents#${issue.iid}: nobody has acknowledged this page` });
    expect((await scene.door()).exitCode).toBe(0);
    expect(scene.made()).toEqual([]);
    later(scene, 2);
    scene.pagerduty.pages.acknowledge(page!.id, BEN);
    await scene.deliver();
    expect(issue.assigneeIds).toEqual([world.userNamed('ben').id]);
    expect(scene.comment(issue, 'ack')!.body).toContain('`ben` acknowledged at 2026-11-20 10:18 UTC');
    expect([scene.made(), asked(scene.pagerduty, /^PUT/)]).toEqual([[], 0]);
  });
});

describe('an alert that a step of ours raised', () => {
  const TWO = { ...DUTY, alert_bots: ['alert-bot'], escalation: { steps: [15, 20].map((minutes) => ({ after_minutes: minutes, notify: ['manager'], via: ['pagerduty'] })) } };
  const statuses = (scene: Paging): string[] => scene.pagerduty.pages.all.map(({ status }) => status);

  /** An incident that has climbed for so many minutes. */
  async function climbed(scene: Paging, minutes: number): Promise<StoredIssue> {
    const { world } = scene.gitlab;
    const issue = createIssue(world, world.userNamed('alert-bot'), scene.project, 'Token leaked', 'incident');
    await scene.run(issue, scene.work(TWO));
    for (const more of minutes > 16 ? [16, minutes - 16] : [minutes]) {
      later(scene, more);
      await scene.run(issue, scene.work(TWO));
    }
    return issue;
  }

  it.each<{ name: string; minutes: number; ends: (scene: Paging, issue: StoredIssue) => unknown; were: string[]; known?: object }>([
    {
      name: 'somebody acknowledges in GitLab',
      minutes: 16,
      ends: (scene, issue) => {
        say(scene, issue, '/ack', 'ben');
      },
      were: ['resolved'],
    },
    {
      name: 'somebody acknowledges after two of them',
      minutes: 22,
      ends: (scene, issue) => {
        say(scene, issue, '/ack', 'ben');
      },
      were: ['resolved', 'resolved'],
    },
    {
      name: 'the incident is closed',
      minutes: 16,
      ends: (scene, issue) => {
        act(scene, issue, { stateEvent: 'close' }, 'alert-bot');
      },
      were: ['resolved'],
    },
    {
      name: 'the incident is closed too early, and is mere paperwork since',
      minutes: 16,
      ends: (scene, issue) => {
        act(scene, issue, { stateEvent: 'close' }, 'ben');
      },
      were: ['resolved'],
    },
    {
      name: 'it is never raised',
      minutes: 10,
      ends: (scene, issue) => {
        say(scene, issue, '/ack', 'ben');
      },
      were: [],
    },
  ])('is over, once, when $name', async ({ minutes, ends, were }) => {
    const scene = await stagePaging();
    const issue = await climbed(scene, minutes);
    expect(statuses(scene)).toEqual(were.map(() => 'triggered'));
    ends(scene, issue);
    await scene.run(issue, scene.work(TWO));
    expect(statuses(scene)).toEqual(were);
    const told = asked(scene.pagerduty, /enqueue/);
    await scene.run(issue, scene.work(TWO));
    expect([told, asked(scene.pagerduty, /enqueue/)]).toEqual([2 * were.length, 2 * were.length]);
  });

  it('is over with all others when somebody acknowledges one in PagerDuty, who owns the incident', async () => {
    const scene = await stagePaging();
    const issue = await climbed(scene, 22);
    scene.pagerduty.pages.acknowledge(scene.pagerduty.pages.all[1]!.id, BEN);
    await scene.deliver(undefined, { given: TWO });
    expect(statuses(scene)).toEqual(['resolved', 'resolved']);
    for (const hook of scene.hooks.slice(-2)) await scene.deliver(hook, { given: TWO });
    expect(issue.assigneeIds).toEqual([scene.gitlab.world.userNamed('ben').id]);
    expect([asked(scene.pagerduty, /enqueue/), scene.made()]).toEqual([4, []]);
  });

  it('is over by the next run where PagerDuty was in trouble, and stays where its key is gone, which the log says', async () => {
    const scene = await stagePaging();
    const issue = await climbed(scene, 16);
    say(scene, issue, '/ack', 'ben');
    const log: string[] = [];
    await scene.run(issue, scene.work(TWO, { routingKey: false }, log));
    expect(log).toEqual(['PAGERDUTY_ROUTING_KEY is not set: PagerDuty is not told that an alert is over']);
    scene.pagerduty.faults.follow(() => ({ kind: 'status', status: 500 }));
    await scene.run(issue, scene.work(TWO));
    expect(statuses(scene)).toEqual(['triggered']);
    scene.pagerduty.faults.clear();
    await scene.run(issue, scene.work(TWO));
    expect(statuses(scene)).toEqual(['resolved']);
  });
});

describe('what Slack is told', () => {
  const UPDATE = '/update Customer Contoso is hit, we rotate the keys';
  it.each([
    { name: 'of a confidential incident that nobody takes', confidential: true, slack: {}, tells: false },
    { name: 'of a confidential incident where the team allows it', confidential: true, slack: { confidential: true }, tells: true },
    { name: 'of an incident that all may read', confidential: false, slack: {}, tells: true },
  ])('$name: its number and a link, and only where it may, words', async ({ confidential, slack, tells }) => {
    const scene = await stagePaging();
    const { world } = scene.gitlab;
    const issue = createIssue(world, world.userNamed('ana'), scene.project, 'Contoso token leaked', 'incident');
    Object.assign(issue, { confidential, description: '## Impact\n- **Affected users**: all of Contoso' });
    const given = { ...DUTY, slack };
    later(scene, 16);
    await scene.run(issue, scene.work(given));
    say(scene, issue, UPDATE);
    await scene.run(issue, scene.work(given));
    await scene.run(issue, scene.work(given));
    expect(scene.slack.messages).toHaveLength(2);
    const told = JSON.stringify(scene.slack.messages);
    expect(told).toContain(`sirt/incidents#${issue.iid}`);
    expect(told.includes('Contoso')).toBe(tells);
    expect(JSON.stringify(scene.pagerduty.pages.all)).not.toContain('Contoso');
  });
});
