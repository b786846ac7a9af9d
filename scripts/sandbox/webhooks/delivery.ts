import { randomUUID } from 'node:crypto';
import type { Delivery, Hook, HookEvent } from '../world/automation.ts';
import { alertStatus, calledAddress, countDelivery } from '../world/hooks.ts';
import type { Account, Happening, Project } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { renderHookTemplate, titleOf, triggerOf } from './hook-template.ts';
import { hookEvent, projectOfHappening, toExpiryPayload, toPayload, toTestPayload } from './payloads.ts';

const TIMEOUT_MS = 10_000;

/**
 * Delivers webhooks, one after the other, over HTTP, once each: GitLab does not try again. What is more than the limit of
 * deliveries per minute is dropped, and hooks that fail are switched off. Source: platform sheet, section 1.5.
 */
export class Deliverer {
  readonly deliveries: Delivery[] = [];
  private chain: Promise<unknown> = Promise.resolve();
  private count = 0;
  private readonly world: World;
  private readonly base: () => string;

  constructor(world: World, base: () => string) {
    this.world = world;
    this.base = base;
    world.listeners.push((happening) => {
      this.enqueue(happening);
    });
  }

  /** Resolves when all that was to be delivered has been. */
  async settled(): Promise<void> {
    let seen: unknown;
    while (seen !== this.chain) {
      seen = this.chain;
      await seen;
    }
  }

  /** Delivers a body now, and answers how that went. */
  async send(hook: Hook, trigger: string, body: string): Promise<Delivery> {
    const startMs = performance.now();
    const requestHeaders = {
      'Content-Type': 'application/json',
      'User-Agent': `GitLab/${this.world.instance.version}`,
      'Idempotency-Key': randomUUID(),
      'X-Gitlab-Event': titleOf(trigger),
      'X-Gitlab-Webhook-UUID': `hook-${hook.id}`,
      'X-Gitlab-Event-UUID': randomUUID(),
      'X-Gitlab-Instance': this.base(),
      ...hook.customHeaders,
      ...(hook.token === null ? {} : { 'X-Gitlab-Token': hook.token }),
    };
    const init = { method: 'POST', body, headers: requestHeaders, signal: AbortSignal.timeout(TIMEOUT_MS) };
    const answer = await fetch(calledAddress(hook), init).catch(() => undefined);
    const delivery: Delivery = {
      ...{ id: this.world.nextId(), hookId: hook.id, url: hook.url, trigger, requestBody: body },
      requestHeaders: hook.token === null ? requestHeaders : { ...requestHeaders, 'X-Gitlab-Token': '[REDACTED]' },
      responseHeaders: Object.fromEntries(answer?.headers.entries() ?? []),
      responseBody: (await answer?.text().catch(() => '')) ?? '',
      ...{ status: answer?.status ?? 0, seconds: (performance.now() - startMs) / 1000, at: this.world.now() },
    };
    countDelivery(hook, delivery.status, this.world.clock());
    hook.deliveries.push(delivery);
    this.deliveries.push(delivery);
    return delivery;
  }

  /** What the test button sends: a sample without an action or changes. Source: platform sheet, section 2. */
  test(hook: Hook, project: Project, caller: Account, trigger: string): Promise<Delivery> {
    const payload = toTestPayload(this.world, project, caller, this.base());
    return this.send(hook, triggerOf(trigger.replace(/_events$/, '')), bodyFor(hook, payload));
  }

  private enqueue(happening: Happening): void {
    const event = hookEvent(happening);
    const project = projectOfHappening(this.world, happening);
    this.broadcast(project, event, () => {
      this.count += 1;
      return toPayload(this.world, happening, this.kindOf(happening), this.base());
    });
  }

  /**
   * What GitLab sends when the token of a project's bot is about to end.
   * Source: GitLab docs, user/project/integrations/webhook_events, project and group access token events.
   */
  announceExpiry(project: Project, bot: Account): void {
    this.broadcast(project, 'resource_access_token', () => toExpiryPayload(project, bot, this.base()));
  }

  /** The hooks of the project and, on paid tiers, of the groups above it. */
  private broadcast(project: Project, event: HookEvent, payloadOf: () => object): void {
    const groups = this.world.instance.tier === 'free' ? [] : this.world.groupsAbove(project);
    const all = [project, ...groups].flatMap(({ hooks }) => hooks);
    const hooks = all.filter((hook) => hook.events[event] && isOn(hook, this.world.clock()));
    if (hooks.length === 0) return;
    const payload = payloadOf();
    for (const hook of hooks) {
      if (this.world.limits.count('deliveries', project.path.split('/')[0] ?? '')?.isOver) continue;
      this.chain = this.chain.then(() => this.deliver(hook, event, payload));
    }
  }

  /** Incidents come as either kind, depending on how they were edited: here every other one. Source: traps 2. */
  private kindOf(happening: Happening): 'issue' | 'work_item' {
    const isIncident = happening.kind === 'issue' && happening.issue.type !== 'issue';
    return isIncident && this.count % 2 === 1 ? 'work_item' : 'issue';
  }

  /** A hook that was switched off while others were being delivered gets nothing any more. */
  private async deliver(hook: Hook, event: HookEvent, payload: object): Promise<void> {
    if (isOn(hook, this.world.clock())) await this.send(hook, triggerOf(event), bodyFor(hook, payload));
  }
}

function isOn(hook: Hook, now: Date): boolean {
  return alertStatus(hook, now) === 'executable';
}

function bodyFor({ template }: Hook, payload: object): string {
  return template === null ? JSON.stringify(payload) : renderHookTemplate(template, payload);
}
