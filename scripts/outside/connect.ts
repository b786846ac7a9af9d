import type { PagerDutyAccess } from '../ci/secrets.ts';
import type { Bounds } from '../ci/network.ts';
import { connectPagerDuty, pagerDutyAddresses } from './pagerduty.ts';
import type { PagerDuty } from './pagerduty-port.ts';
import { connectSlack } from './slack.ts';
import type { Slack } from './slack-port.ts';

/** Slack's calls end so long before the run does, so that what became of a message can still be written down. */
const SETTLING_MS = 15_000;

/** Opens what the environment names: Slack by its webhook, PagerDuty by its token, and by the key of a service to page. */
export function connectOutside({
  pagerduty: access,
  slackUrl,
  bounds,
}: {
  pagerduty: PagerDutyAccess;
  slackUrl?: string;
  bounds: Bounds;
}): { slack?: Slack; pagerduty?: PagerDuty; pages?: PagerDuty } {
  const { apiUrl, ...secrets } = access;
  const pagerduty = connectPagerDuty({ ...pagerDutyAddresses(apiUrl), ...secrets, bounds });
  const slackBounds = { ...bounds, deadlineMs: bounds.deadlineMs - SETTLING_MS };
  return {
    ...(slackUrl === undefined ? {} : { slack: connectSlack({ url: slackUrl, bounds: slackBounds }) }),
    ...(access.token === undefined ? {} : { pagerduty }),
    ...(access.routingKey === undefined ? {} : { pages: pagerduty }),
  };
}
