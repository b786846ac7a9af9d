import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import { HOOK_EVENTS, type Hook } from '../world/automation.ts';
import { ApiError, notFound } from '../world/errors.ts';
import type { Project } from '../world/records.ts';
import type { World } from '../world/world.ts';
import type { Deliverer } from '../webhooks/delivery.ts';
import { page } from './paging.ts';
import { readParams, type Params } from './params.ts';
import { projectFor } from './scope.ts';
import { showDelivery, showHook } from './shows-automation.ts';

const HOOKS = '/projects/:id/hooks';
const TEXTS = ['url', 'name', 'description', 'token', 'custom_webhook_template'] as const;

/** Webhooks. Source: GitLab docs, api/project_webhooks. */
export function routeHooks(app: Hono<Served>, world: World, deliverer: Deliverer): void {
  app.get(HOOKS, async (c) => {
    const project = projectFor(world, c, 'manage hooks');
    return c.json(page(c, await readParams(c), project.hooks).map((hook) => showHook(world, project, hook)));
  });
  app.post(HOOKS, async (c) => {
    const params = await readParams(c);
    const project = projectFor(world, c, 'manage hooks');
    const url = demandUrl(params.demanded('url'));
    const hook: Hook = {
      ...{ id: world.nextId(), name: null, description: null, url, createdAt: world.now(), urlVariables: {} },
      ...{ customHeaders: {}, token: null, template: null, events: { push: true }, failures: 0, disabledUntil: null },
      deliveries: [],
    };
    change(hook, params);
    demandVariables(hook);
    project.hooks.push(hook);
    return c.json(showHook(world, project, hook), 201);
  });
  routeHook(app, world);
  routeVariables(app, world, 'url_variables', ({ urlVariables }) => urlVariables);
  routeVariables(app, world, 'custom_headers', ({ customHeaders }) => customHeaders);
  routeDeliveries(app, world, deliverer);
}

function routeHook(app: Hono<Served>, world: World): void {
  app.get(`${HOOKS}/:hook`, (c) => {
    const project = projectFor(world, c, 'manage hooks');
    return c.json(showHook(world, project, hookIn(c, project)));
  });
  app.put(`${HOOKS}/:hook`, async (c) => {
    const params = await readParams(c);
    const project = projectFor(world, c, 'manage hooks');
    const hook = hookIn(c, project);
    const url = params.text('url');
    // Another address gets no old secret. Source: platform sheet, section 5, hooks.
    if (url !== undefined && demandUrl(url) !== hook.url) hook.token = null;
    change(hook, params);
    demandVariables(hook);
    return c.json(showHook(world, project, hook));
  });
  app.delete(`${HOOKS}/:hook`, (c) => {
    const project = projectFor(world, c, 'manage hooks');
    project.hooks.splice(project.hooks.indexOf(hookIn(c, project)), 1);
    return c.body(null, 204);
  });
}

function routeVariables(
  app: Hono<Served>,
  world: World,
  name: string,
  of: (hook: Hook) => Record<string, string>,
): void {
  app.put(`${HOOKS}/:hook/${name}/:key`, async (c) => {
    const value = (await readParams(c)).demanded('value');
    const hook = hookIn(c, projectFor(world, c, 'manage hooks'));
    of(hook)[c.req.param('key')] = value;
    return c.body(null, 204);
  });
  app.delete(`${HOOKS}/:hook/${name}/:key`, (c) => {
    const values = of(hookIn(c, projectFor(world, c, 'manage hooks')));
    if (!Object.hasOwn(values, c.req.param('key'))) throw notFound();
    Reflect.deleteProperty(values, c.req.param('key'));
    return c.body(null, 204);
  });
}

function routeDeliveries(app: Hono<Served>, world: World, deliverer: Deliverer): void {
  app.get(`${HOOKS}/:hook/events`, async (c) => {
    const params = await readParams(c);
    const { deliveries } = hookIn(c, projectFor(world, c, 'manage hooks'));
    const recent = [...deliveries].reverse();
    return c.json(page(c, params, recent).map(showDelivery));
  });
  app.post(`${HOOKS}/:hook/events/:event/resend`, async (c) => {
    const hook = hookIn(c, projectFor(world, c, 'manage hooks'));
    const delivery = hook.deliveries.find(({ id }) => String(id) === c.req.param('event'));
    if (!delivery) throw notFound();
    const { status } = await deliverer.send(hook, delivery.trigger, delivery.requestBody);
    return c.json({ response_status: status }, 201);
  });
  app.post(`${HOOKS}/:hook/test/:trigger`, async (c) => {
    const project = projectFor(world, c, 'manage hooks');
    const { status } = await deliverer.test(hookIn(c, project), project, c.var.user, c.req.param('trigger'));
    if (status < 200 || status > 299) throw new ApiError(422, { message: `Hook execution failed: ${status}` });
    return c.json({ message: '201 Created' }, 201);
  });
}

function hookIn(c: Context<Served>, { hooks }: Project): Hook {
  const hook = hooks.find(({ id }) => String(id) === c.req.param('hook'));
  if (!hook) throw notFound();
  return hook;
}

function demandUrl(url: string): string {
  if (!/^https?:\/\/[^\s/]+/.test(url)) throw new ApiError(422, { message: 'Invalid url given' });
  return url;
}

/** An address may only name portions whose values are known. Source: app/models/hooks/web_hook.rb, no_missing_url_variables. */
function demandVariables({ url, urlVariables }: Hook): void {
  const missing = [...url.matchAll(/\{(\w+)\}/g)].flatMap(([, key = '']) =>
    Object.hasOwn(urlVariables, key) ? [] : [key],
  );
  if (missing.length === 0) return;
  throw new ApiError(422, { message: `Url Invalid URL template. Missing keys: ${JSON.stringify(missing)}` });
}

function change(hook: Hook, params: Params): void {
  const [url, name, description, token, template] = TEXTS.map((key) => params.text(key));
  const given = { url, name, description, token, template };
  Object.assign(hook, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  const variables = params.all['url_variables'];
  if (Array.isArray(variables)) {
    const pairs = (variables as { key: string; value: string }[]).map(({ key, value }) => [key, value] as const);
    hook.urlVariables = Object.fromEntries(pairs);
  }
  for (const event of HOOK_EVENTS) hook.events[event] = params.flag(`${event}_events`) ?? hook.events[event] ?? false;
}
