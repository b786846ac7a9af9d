import { createHmac } from 'node:crypto';
import type { PageHappening, Pages } from './pagerduty-pages.ts';
import { toWebhook } from './pagerduty-shows.ts';

/** One webhook and how its attempts were answered; 0 is no answer. */
export type PageDelivery = {
  webhookId: string;
  type: string;
  body: string;
  headers: Record<string, string>;
  attempts: number[];
};

type Subscription = { url: string; secret: string; dropped: number; offUntil: string };

const TIMEOUT_MS = 5000;
const MOST_ATTEMPTS = 5;
const OFF_AFTER = 3;
const OFF_MS = 24 * 60 * 60_000;

/**
 * Delivers V3 webhooks one after the other. No answer, 429 and 5xx are tried again, here without a pause; other answers than
 * 2xx drop the webhook, and three dropped in a row switch the subscription off for a day. Source: PagerDuty developer-docs,
 * docs/webhooks/02-Behavior and 04-Signatures.
 */
export class PageWebhooks {
  readonly deliveries: PageDelivery[] = [];
  private readonly subscriptions: Subscription[] = [];
  private readonly pages: Pages;
  private chain: Promise<unknown> = Promise.resolve();
  private count = 0;

  constructor(pages: Pages) {
    this.pages = pages;
    pages.listeners.push((happening) => {
      this.enqueue(happening.type, (eventId) => toWebhook(happening, eventId));
    });
  }

  /** Has what happens from now on delivered to an address, signed by a secret. */
  subscribe(url: string, secret: string): void {
    this.subscriptions.push({ url, secret, dropped: 0, offUntil: '' });
  }

  /** What "Send Test Event" sends. */
  ping(): void {
    const data = { message: 'Hello from your friend Pagey!', type: 'ping' };
    const head = { event_type: 'pagey.ping', resource_type: 'pagey', occurred_at: this.pages.now() };
    this.enqueue('ping', (id) => ({ event: { id, ...head, agent: null, client: null, data } }));
  }

  /** Delivers a webhook once more, as PagerDuty may where an answer was lost: with the same id. */
  again({ webhookId, type, body }: PageDelivery): void {
    for (const subscription of this.subscriptions) this.queue(subscription, webhookId, type, body);
  }

  /** Resolves when all that was to be delivered has been. */
  async settled(): Promise<void> {
    for (let seen: unknown; seen !== this.chain;) {
      seen = this.chain;
      await seen;
    }
  }

  private enqueue(type: PageHappening['type'], toBody: (eventId: string) => object): void {
    for (const subscription of this.subscriptions) {
      this.count += 1;
      const id = `01EMBEDDED${String(this.count).padStart(6, '0')}`;
      this.queue(subscription, id, type, JSON.stringify(toBody(id)));
    }
  }

  private queue(subscription: Subscription, webhookId: string, type: string, body: string): void {
    this.chain = this.chain.then(() => this.deliver(subscription, webhookId, type, body));
  }

  private async deliver(subscription: Subscription, webhookId: string, type: string, body: string): Promise<void> {
    if (this.pages.now() < subscription.offUntil) return;
    const { url, secret } = subscription;
    const headers = {
      ...{ 'Content-Type': 'application/json', 'User-Agent': 'PagerDuty-Webhook/V3.0', 'X-Webhook-Id': webhookId },
      'X-PagerDuty-Signature': `v1=${createHmac('sha256', secret).update(body).digest('hex')}`,
    };
    const delivery: PageDelivery = { webhookId, type, body, headers, attempts: [] };
    this.deliveries.push(delivery);
    let status = 0;
    while (delivery.attempts.length < MOST_ATTEMPTS && (status === 0 || status === 429 || status >= 500)) {
      const init = { method: 'POST', body, headers, signal: AbortSignal.timeout(TIMEOUT_MS) };
      status = await fetch(url, init).then(
        (answer) => answer.status,
        () => 0,
      );
      delivery.attempts.push(status);
    }
    subscription.dropped = status >= 200 && status < 300 ? 0 : subscription.dropped + 1;
    if (subscription.dropped >= OFF_AFTER) {
      Object.assign(subscription, {
        dropped: 0,
        offUntil: new Date(Date.parse(this.pages.now()) + OFF_MS).toISOString(),
      });
    }
  }
}
