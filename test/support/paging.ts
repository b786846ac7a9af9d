import { reconcileEvent, type Outcome } from '../../scripts/apply/event.ts';
import type { Tools } from '../../scripts/apply/reconcile.ts';
import { createSend } from '../../scripts/apply/send.ts';
import { connectOutside } from '../../scripts/outside/connect.ts';
import { readEvent } from '../../scripts/read/event.ts';
import type { Installation } from '../../scripts/read/config.ts';
import { startPagerDuty, type EmbeddedPagerDuty } from '../../scripts/sandbox/outside/pagerduty.ts';
import type { Person } from '../../scripts/sandbox/outside/pagerduty-pages.ts';
import { toWebhook } from '../../scripts/sandbox/outside/pagerduty-shows.ts';
import { startSlack, type EmbeddedSlack } from '../../scripts/sandbox/outside/slack.ts';
import type { StoredIssue, StoredNote } from '../../scripts/sandbox/world/records.ts';
import { configFile, runAgainst, type Ran } from './door.ts';
import { afterThisTest } from './endings.ts';
import { stage, type Scene } from './gitlab.ts';
import { config } from './snapshot.ts';

export const ANA: Person = { id: 'PANA01', name: 'Ana', email: 'ana@example.com' };
export const BEN: Person = { id: 'PBEN01', name: 'Ben', email: 'ben@example.com' };
export const ZOE: Person = { id: 'PZOE01', name: 'Zoe', email: 'zoe@example.com' };

/** Ana is known by her address, Ben by his id; Zoe is in PagerDuty alone. */
export const DUTY = {
  sources: [{ project: 42 }],
  managers: ['@lea'],
  people: [
    { gitlab: '@ana', pagerduty_email: 'ana@example.com' },
    { gitlab: '@ben', pagerduty_id: 'PBEN01', pagerduty_email: 'ben@example.com' },
  ],
  escalation: { steps: [{ after_minutes: 15, notify: ['manager'], via: ['pagerduty', 'slack', 'mention'] }] },
};

/** What is set in a run's environment; all of it by default. */
export type Known = { token?: boolean; routingKey?: boolean; slack?: boolean };

/** The team with a PagerDuty and a Slack beside its GitLab. */
export type Paging = Scene & {
  pagerduty: EmbeddedPagerDuty;
  slack: EmbeddedSlack;
  /** The webhooks of what happened in PagerDuty, oldest first; nobody delivers them but a test. */
  hooks: object[];
  /** What a run of ours works with. */
  work: (given?: object, known?: Known, log?: string[]) => Tools;
  /** Handles a webhook as a run of its own would, the last one by default. */
  deliver: (hook?: object, more?: { given?: object; known?: Known; log?: string[] }) => Promise<Outcome>;
  /** The same by the door, as a process of its own. */
  door: (hook?: object, more?: { given?: object; variables?: Record<string, string | undefined>; name?: string }) => Promise<Ran>;
  /** The issues that were made, oldest first. */
  made: () => StoredIssue[];
  /** The comment of ours in a slot that stands last. */
  comment: (issue: StoredIssue, slot: string) => StoredNote | undefined;
};

export async function stagePaging(): Promise<Paging> {
  const scene = await stage();
  const pagerduty = await startPagerDuty(() => scene.clock.now, [ANA, BEN, ZOE]);
  const slack = await startSlack();
  afterThisTest(pagerduty.stop, slack.stop);
  const hooks: object[] = [];
  pagerduty.pages.listeners.push((happening) => hooks.push(toWebhook(happening, `01EVENT${hooks.length}`)));
  const work = (given: object = DUTY, known: Known = {}, log: string[] = []): Tools => {
    const { token = true, routingKey = true, slack: hasSlack = true } = known;
    const installation: Installation = config(given);
    const access = { apiUrl: pagerduty.address, ...(token && { token: pagerduty.keys.token }), ...(routingKey && { routingKey: pagerduty.keys.routingKey }) };
    const outside = connectOutside({ pagerduty: access, ...(hasSlack && { slackUrl: slack.hookUrl }), bounds: scene.bounds });
    const ways = createSend(outside, installation, (line) => log.push(line));
    return scene.tools({ config: installation, ...ways, ...(outside.pagerduty ? { pagerduty: outside.pagerduty } : {}) });
  };
  return {
    ...{ ...scene, pagerduty, slack, hooks, work },
    deliver: async (hook = hooks.at(-1), { given, known, log } = {}) => reconcileEvent(await readEvent(JSON.stringify(hook)), work(given, known, log)),
    door: async (hook = hooks.at(-1), { given = DUTY, variables = {}, name = 'on-event' } = {}) =>
      runAgainst(scene, name, hook, {
        ...{ PAGERDUTY_API_URL: pagerduty.address, PAGERDUTY_TOKEN: pagerduty.keys.token, PAGERDUTY_ROUTING_KEY: pagerduty.keys.routingKey },
        ...{ SLACK_WEBHOOK_URL: slack.hookUrl, WATCHKEEPER_CONFIG: await configFile(JSON.stringify(given)), ...variables },
      }),
    made: () => scene.gitlab.world.issues.filter(({ authorId }) => authorId === scene.bot.id),
    comment: (issue, slot) => scene.said(issue).findLast(({ body }) => body.startsWith(`<!-- watchkeeper:${slot} `)),
  };
}

/** How often something was asked of PagerDuty or Slack, by `METHOD /path`. */
export function asked({ faults }: EmbeddedPagerDuty | EmbeddedSlack, call: RegExp): number {
  return faults.calls.filter((each) => call.test(each)).length;
}
