import { hookEvent, renderHookTemplate, toPayload } from './payloads.ts';
import type { Hook } from '../world/automation.ts';
import type { IssueHappening } from '../world/records.ts';
import type { World } from '../world/world.ts';

/** How a delivery went. Source: GitLab docs, api/project_webhooks, events. */
export type Delivery = { hookId: number; status: number };

/**
 * Delivers webhooks, one after the other, over HTTP, once each: GitLab does not try again. A hook that failed four times
 * in a row is switched off. Source: platform sheet, section 1.5.
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
      if (happening.kind !== 'merge_request' && happening.kind !== 'emoji') this.enqueue(happening);
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

  private enqueue(happening: IssueHappening): void {
    const event = hookEvent(happening);
    const hooks = this.world
      .projectOf(happening.issue)
      .hooks.filter(({ events, failures }) => events[event] && failures < 4);
    if (hooks.length === 0) return;
    this.count += 1;
    const kind = happening.issue.type === 'issue' || this.count % 2 === 0 ? 'issue' : 'work_item';
    const payload = toPayload(this.world, happening, kind, this.base());
    for (const hook of hooks) this.chain = this.chain.then(() => this.deliver(hook, payload));
  }

  private async deliver(hook: Hook, payload: object): Promise<void> {
    const url = hook.url.replace(/\{(\w+)\}/g, (whole, name: string) => hook.urlVariables[name] ?? whole);
    const body = hook.template === null ? JSON.stringify(payload) : renderHookTemplate(hook.template, payload);
    const status = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } }).then(
      (response) => response.status,
      () => 0,
    );
    hook.failures = status >= 200 && status < 300 ? 0 : hook.failures + 1;
    this.deliveries.push({ hookId: hook.id, status });
  }
}
