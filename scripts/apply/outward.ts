import { LeftOver, SetupError } from '../ci/errors.ts';
import type { Message, Plan } from '../decide/plan.ts';
import type { Marked } from '../read/markers.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { Target } from './apply.ts';
import type { Action } from './difference.ts';
import { listsIn, remembering, withholding } from './keys.ts';
import type { Tools } from './reconcile.ts';
import { tellSlack } from './telling.ts';

/** Sends one message; resolves to false where its channel is not configured, so that the feature is off. */
export type Send = (message: Message) => Promise<boolean>;

/** The ways out: `isOn` says whether the channel of a message is configured, where anything is sent at all. */
export type Ways = Pick<Tools, 'send' | 'isOn' | 'bounds'>;

/** What a run remembers over its attempts at an issue: its own name, the keys of what it sent, and what failed in Slack. */
export type Memory = { run: string; over: string[]; failed: Failed[] };

/** A message that could not be sent to Slack, or of which no answer came. */
export type Failed = { message: Message; error: LeftOver | SetupError };

/**
 * What is left of a plan once all was sent; its comments remember what was, so that each key is sent once. `marked` is what
 * stands then, `actions` what was written on the way, `failures` what could not be sent: the next run tries that again.
 */
export type Sent = {
  plan: Plan;
  marked: Marked[];
  failures: (LeftOver | SetupError)[];
  sent: Message[];
  actions: Action[];
};

/**
 * Sends what a plan wants sent. PagerDuty takes a key, or what is done twice is done once: it is told before that is on
 * record. Slack takes none, and is told after. A message that fails stops nothing else; the command that asked for it stays
 * unanswered, so that the next run finds it.
 */
export async function sendMessages(
  plan: Plan,
  snapshot: Snapshot,
  ways: Ways,
  memory: Memory,
  target: Target,
): Promise<Sent> {
  const paged = await tellPagerDuty(plan, snapshot, ways, memory);
  const told = await tellSlack(paged.plan, snapshot, ways, memory, target);
  return {
    ...told,
    failures: [...paged.failures, ...memory.failed.map(({ error }) => error)],
    sent: [...paged.sent, ...told.sent],
  };
}

async function tellPagerDuty(
  plan: Plan,
  { marked }: Snapshot,
  { send }: Ways,
  { over }: Memory,
): Promise<Pick<Sent, 'plan' | 'failures' | 'sent'>> {
  const failures: Sent['failures'] = [];
  const sent: Message[] = [];
  let told = plan;
  for (const message of plan.messages.filter(({ to }) => to === 'pagerduty')) {
    const { key, slot } = message;
    if (over.includes(key) || listsIn(slot, marked).sent.includes(key)) {
      told = remembering(told, message);
      continue;
    }
    try {
      if (!(await send?.(message))) continue;
      told = remembering(told, message);
      sent.push(message);
      over.push(key);
    } catch (error) {
      if (!(error instanceof LeftOver) && !(error instanceof SetupError)) throw error;
      failures.push(error);
      told = withholding(told, message);
    }
  }
  return { plan: told, failures, sent };
}

/** A message in a few words, for the job log and the report. */
export function describeMessage({ to, key }: Message): string {
  return `tell ${to === 'slack' ? 'Slack' : 'PagerDuty'} (${key})`;
}
