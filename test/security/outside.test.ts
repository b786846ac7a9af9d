import { afterEach, describe, expect, it } from 'vitest';
import { reconcileEvent } from '../../scripts/apply/event.ts';
import { createSend } from '../../scripts/apply/send.ts';
import type { PageEvent } from '../../scripts/read/pagerduty-event.ts';
import { connectOutside } from '../../scripts/outside/connect.ts';
import { startPagerDuty } from '../../scripts/sandbox/outside/pagerduty.ts';
import { startSlack } from '../../scripts/sandbox/outside/slack.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { say } from '../support/scenarios.ts';
import { config } from '../support/snapshot.ts';

const running: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(running.splice(0).map((stop) => stop())));

const PEOPLE = ['ana', 'ben'].map((name) => ({ id: `P${name.toUpperCase()}`, name, email: `${name}@example.com` }));

/** A webhook as anybody with the trigger token could write one. */
function forged(scene: Scene, more: Partial<PageEvent>): PageEvent {
  const at = scene.clock.now.toISOString();
  return { type: 'triggered', at, incidentId: 'QFORGED', title: 'zebra', service: 'zebra', urgency: 'high', assignees: [], ...more };
}

describe('a webhook of PagerDuty that somebody forged', () => {
  it('of an incident that PagerDuty does not have opens nothing', async () => {
    const scene = await stage();
    const pagerduty = await startPagerDuty(() => scene.clock.now, PEOPLE);
    running.push(pagerduty.stop);
    const { pagerduty: port } = connectOutside({ pagerduty: { token: pagerduty.keys.token, apiUrl: pagerduty.address }, bounds: scene.bounds });
    const handled = await reconcileEvent({ kind: 'page', page: forged(scene, {}) }, scene.tools({ pagerduty: port! }));
    expect(handled).toEqual({ nothing: 'PagerDuty knows no incident QFORGED' });
    expect(scene.gitlab.world.issues).toEqual([]);
  });

  it('of an acknowledgement that PagerDuty does not have acknowledges nothing', async () => {
    const scene = await stage();
    const pagerduty = await startPagerDuty(() => scene.clock.now, PEOPLE);
    running.push(pagerduty.stop);
    const { pagerduty: port } = connectOutside({ pagerduty: { token: pagerduty.keys.token, apiUrl: pagerduty.address }, bounds: scene.bounds });
    const { id } = pagerduty.pages.trigger({ title: 'Token used' });
    const people = [{ gitlab: '@ana', pagerduty_email: 'ana@example.com' }];
    const tools = scene.tools({ pagerduty: port!, config: config({ escalation: {}, people }) });
    await reconcileEvent({ kind: 'page', page: forged(scene, { type: 'acknowledged', incidentId: id, agent: { id: 'PANA' } }) }, tools);
    expect(scene.gitlab.world.issues.map(({ labels, assigneeIds }) => ({ ack: labels.filter((label) => label.startsWith('ack::')), assigneeIds }))).toEqual([
      { ack: ['ack::pending'], assigneeIds: [] },
    ]);
  });

  it.each(['acknowledged', 'resolved', 'reassigned', 'annotated'] as const)('quiets nothing where PagerDuty cannot be asked: %s is not believed', async (type) => {
    const scene = await stage();
    const handled = await reconcileEvent({ kind: 'page', page: forged(scene, { type }) }, scene.tools());
    expect(handled).toEqual({ nothing: `without PAGERDUTY_TOKEN an event ${type} is not believed (pagerduty.unverified)` });
    expect(scene.gitlab.world.issues).toEqual([]);
  });
});

describe('a stakeholder update in Slack', () => {
  it.each([
    { name: 'tells nothing of a confidential incident but its reference', confidential: true, slack: {}, told: false },
    { name: 'tells its text where the configuration says so', confidential: true, slack: { confidential: true }, told: true },
    { name: 'tells its text where the incident is open to all', confidential: false, slack: {}, told: true },
  ])('$name', async ({ confidential, slack, told }) => {
    const scene = await stage();
    const channel = await startSlack();
    running.push(channel.stop);
    const settings = config({ escalation: {}, slack });
    const issue = createIssue(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), scene.project, 'okapi', 'incident');
    Object.assign(issue, { confidential, description: '## Impact\n\n- Affected systems: okapi\n' });
    say(scene, issue, '/update okapi <!channel> @all');
    const ways = createSend(connectOutside({ pagerduty: {}, slackUrl: channel.hookUrl, bounds: scene.bounds }), settings, () => undefined);
    await scene.run(issue, { config: settings, ...ways });
    const posted = JSON.stringify(channel.messages);
    expect(channel.messages).toHaveLength(1);
    expect({ reference: posted.includes('sirt/incidents#1'), text: posted.includes('okapi') }).toEqual({ reference: true, text: told });
    expect(posted).not.toContain('<!channel>');
  });
});
