import type { Delivery, Hook } from './automation.ts';

const FAILURES_UNTIL_PAUSE = 4;
const FAILURES_UNTIL_OFF = 40;
const WEEK_MS = 7 * 24 * 3_600_000;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 24 * 3_600_000;

/** Where a hook stands. Source: GitLab docs, user/project/integrations/webhooks, auto-disabled webhooks. */
export function alertStatus(hook: Hook, now: Date): 'executable' | 'temporarily_disabled' | 'disabled' {
  if (hook.failures >= FAILURES_UNTIL_OFF) return 'disabled';
  return hook.disabledUntil !== null && Date.parse(hook.disabledUntil) > now.getTime()
    ? 'temporarily_disabled'
    : 'executable';
}

/**
 * Remembers how a delivery ended: four failures in a row switch a hook off for a minute, each further one for twice as long,
 * up to a day; forty switch it off for good, until a test succeeds.
 */
export function countDelivery(hook: Hook, status: number, now: Date): void {
  if (status >= 200 && status < 300) {
    Object.assign(hook, { failures: 0, disabledUntil: null });
    return;
  }
  hook.failures += 1;
  if (hook.failures < FAILURES_UNTIL_PAUSE) return;
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (hook.failures - FAILURES_UNTIL_PAUSE), LONGEST_PAUSE_MS);
  hook.disabledUntil = hook.failures >= FAILURES_UNTIL_OFF ? null : new Date(now.getTime() + pauseMs).toISOString();
}

/** The address that is really called. */
export function calledAddress({ url, urlVariables }: Hook): string {
  return url.replace(/\{(\w+)\}/g, (whole, name: string) => urlVariables[name] ?? whole);
}

/**
 * The deliveries of the last week, newest first; of a status such as `500`, or of a kind of status.
 * Source: GitLab docs, api/project_webhooks, list project webhook events.
 */
export function recentDeliveries(deliveries: readonly Delivery[], now: Date, wanted?: string): Delivery[] {
  const kinds: Record<string, (status: number) => boolean> = {
    successful: (status) => status >= 200 && status < 300,
    client_failure: (status) => status >= 400 && status < 500,
    server_failure: (status) => status === 0 || status >= 500,
  };
  const fits = wanted === undefined ? () => true : (kinds[wanted] ?? ((status: number) => String(status) === wanted));
  const recent = deliveries.filter(({ at, status }) => now.getTime() - Date.parse(at) < WEEK_MS && fits(status));
  return recent.reverse();
}
