import { Hono } from 'hono';
import { Faults } from '../api/faults.ts';
import type { Served } from '../server.ts';
import { Pages, type Person } from './pagerduty-pages.ts';
import { routeEvents, routeRest, type Keys } from './pagerduty-routes.ts';
import { PageWebhooks } from './pagerduty-webhooks.ts';
import { serveOnLoopback, type Running } from '../listen.ts';

/** An embedded PagerDuty: one service and its incidents, one escalation policy, its webhooks. One address for both APIs. */
export type EmbeddedPagerDuty = Running & {
  keys: Keys;
  pages: Pages;
  webhooks: PageWebhooks;
  faults: Faults;
  /** Answers the next calls whose `METHOD /path` matches with 429 and, where given, `ratelimit-reset`. Source: PagerDuty developer-docs, REST-API/04-Rate-Limits. */
  limit: (call: RegExp, resetSeconds?: number, times?: number) => void;
};

/** Starts a PagerDuty on loopback with these people. `clock` gives the time that it writes on things. */
export async function startPagerDuty(clock: () => Date, people: readonly Person[]): Promise<EmbeddedPagerDuty> {
  const keys = { token: 'embedded-pagerduty-token', routingKey: 'R0EMBEDDED0EMBEDDED0EMBEDDED0KEY' };
  const pages = new Pages(clock, people);
  const faults = new Faults();
  const app = new Hono<Served>();
  const limits: { call: RegExp; headers: Record<string, string>; times: number }[] = [];
  app.use((c, next) => faults.answer(c, next));
  app.use(async (c, next) => {
    const limit = limits.find(({ call, times }) => times > 0 && call.test(`${c.req.method} ${c.req.path}`));
    if (!limit) return next();
    limit.times -= 1;
    return c.json({ error: { message: 'Rate Limit Exceeded', code: 2020 } }, 429, limit.headers);
  });
  routeRest(app, pages, keys);
  routeEvents(app, pages, keys);
  app.all('*', (c) => c.json({ error: { message: 'Not Found', code: 2100 } }, 404));
  return {
    ...(await serveOnLoopback(app)),
    ...{ keys, pages, faults, webhooks: new PageWebhooks(pages) },
    limit: (call, resetSeconds, times = 1) => {
      const asks = { 'ratelimit-limit': '960', 'ratelimit-remaining': '0', 'ratelimit-reset': String(resetSeconds) };
      limits.push({ call, headers: resetSeconds === undefined ? {} : asks, times });
    },
  };
}
