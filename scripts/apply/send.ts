import type { Message } from '../decide/plan.ts';
import type { PagerDuty } from '../outside/pagerduty-port.ts';
import type { Slack } from '../outside/slack-port.ts';
import type { Installation } from '../read/config.ts';
import { isSameUser } from '../read/people.ts';
import { renderSlackMessage } from '../render/slack.ts';
import type { Send, Ways } from './outward.ts';

/** The others that a run can reach: what is absent is not configured. `pages` is whether PagerDuty's routing key is known. */
export type Outside = { slack?: Slack; pagerduty?: PagerDuty; pages?: PagerDuty };

const SLACK_OFF = 'SLACK_WEBHOOK_URL is not set: Slack is told nothing';
const SEVERITIES = { 1: 'critical', 2: 'error', 3: 'warning', 4: 'info' } as const;

/** A way to send messages, and to ask whether their channel is configured. One that is not is off, which the log says once. */
export function createSend(
  { slack, pagerduty, pages }: Outside,
  config: Installation,
  log: (line: string) => void,
): Required<Pick<Ways, 'send' | 'isOn'>> {
  const told = new Set<string>();
  const off = (why: string): false => {
    if (!told.has(why)) log(why);
    told.add(why);
    return false;
  };
  const isOn = ({ to }: Message): boolean => to !== 'slack' || slack !== undefined || off(SLACK_OFF);
  const send: Send = async (message) => {
    if (message.to === 'slack') {
      if (!slack) return off(SLACK_OFF);
      await slack.send(renderSlackMessage(message, slackIdsOf(message.tell, config)));
      return true;
    }
    if (message.does === 'trigger') {
      if (!pages) return off('PAGERDUTY_ROUTING_KEY is not set: PagerDuty pages nobody');
      await pages.trigger(toAlert(message));
      return true;
    }
    if (message.does === 'end') {
      if (!pages) return off('PAGERDUTY_ROUTING_KEY is not set: PagerDuty is not told that an alert is over');
      await pages.end(message.dedupKey);
      return true;
    }
    if (!pagerduty) return off('PAGERDUTY_TOKEN is not set: PagerDuty is not told of acknowledgements');
    const email = emailOf(message, config);
    if (email === undefined)
      return off(`people names no pagerduty_email of who did it: PagerDuty is not told to ${message.does}`);
    await pagerduty[message.does](message.incident, email);
    return true;
  };
  return { send, isOn };
}

/** The Slack accounts of people, as far as `people` knows them. */
function slackIdsOf(tell: readonly string[], { people }: Installation): string[] {
  const told = people.filter(({ gitlab }) => tell.some((name) => isSameUser(gitlab, name)));
  return told.flatMap(({ slack_id: id }) => id ?? []);
}

function toAlert(message: Extract<Message, { does: 'trigger' }>): Parameters<PagerDuty['trigger']>[0] {
  const { dedupKey, severity, link, reference } = message;
  const summary = `${reference}: nobody has acknowledged this page`;
  return { dedupKey, summary, source: reference, severity: SEVERITIES[severity], link };
}

/**
 * PagerDuty wants to know as whom something is done. Nobody acknowledges but who did, since that says who has the page; what
 * is over may be resolved as anybody of the team whose address is known.
 */
function emailOf(
  { as, does }: { as: string; does: 'acknowledge' | 'resolve' },
  { people }: Installation,
): string | undefined {
  const known = people.filter(({ pagerduty_email: email }) => email !== undefined);
  const person = known.find(({ gitlab }) => isSameUser(gitlab, as));
  return (person ?? (does === 'resolve' ? known[0] : undefined))?.pagerduty_email;
}
