import type { Context, Hono } from 'hono';
import type { Served } from '../server.ts';
import { HOOK_EVENTS, type Hook } from '../world/automation.ts';
import { ApiError, notFound } from '../world/errors.ts';
import { demandGroupHooks, demandInGroup, projectsIn, visibleGroup } from '../world/groups.ts';
import { recentDeliveries } from '../world/hooks.ts';
import { LEVEL, type Group, type Project } from '../world/records.ts';
import type { World } from '../world/world.ts';
import type { Deliverer } from '../webhooks/delivery.ts';
import { page } from './paging.ts';
import { readParams, type Params } from './params.ts';
import { projectFor } from './scope.ts';
import { showDelivery, showHook } from './shows-automation.ts';

/** Where hooks hang: on a project, or on a group, whose hooks hear of all its projects. */
type Place = { path: string; of: (c: Context<Served>) => Project | Group };
const TEXTS = ['url', 'name', 'description', 'token', 'custom_webhook_template'] as const;

/** Webhooks of projects, and of groups for their Owners. Source: GitLab docs, api/project_webhooks, api/group_webhooks. */
export function routeHooks(app: Hono<Served>, world: World, deliverer: Deliverer): void {
  const ofGroup = (c: Context<Served>): Group => {
    demandGroupHooks(world);
    const group = visibleGroup(world, c.var.user, c.req.param('id') ?? '');
    demandInGroup(c.var.user, group, LEVEL.owner);
    return group;
  };
  const places: Place[] = [
    { path: '/projects/:id/hooks', of: (c) => projectFor(world, c, 'manage hooks') },
    { path: '/groups/:id/hooks', of: ofGroup },
  ];
  for (const place of places) {
    routeList(app, world, place);
    routeHook(app, world, place);
    routeVariables(app, place, 'url_variables', ({ urlVariables }) => urlVariables);
    routeVariables(app, place, 'custom_headers', ({ customHeaders }) => customHeaders);
    routeDeliveries(app, world, deliverer, place);
  }
}

function routeList(app: Hono<Served>, world: World, { path, of }: Place): void {
  app.get(path, async (c) => {
    const owner = of(c);
    return c.json(page(c, await readParams(c), owner.hooks).map((hook) => showHook(world, owner, hook)));
  });
  app.post(path, async (c) => {
    const params = await readParams(c);
    const owner = of(c);
    const url = demandUrl(params.demanded('url'));
    const hook: Hook = {
      ...{ id: world.nextId(), name: null, description: null, url, createdAt: world.now(), urlVariables: {} },
      ...{ customHeaders: {}, token: null, template: null, events: { push: true }, failures: 0, disabledUntil: null },
      deliveries: [],
    };
    change(hook, params);
    demandVariables(hook);
    owner.hooks.push(hook);
    return c.json(showHook(world, owner, hook), 201);
  });
}

function routeHook(app: Hono<Served>, world: World, { path, of }: Place): void {
  app.get(`${path}/:hook`, (c) => {
    const owner = of(c);
    return c.json(showHook(world, owner, hookIn(c, owner)));
  });
  app.put(`${path}/:hook`, async (c) => {
    const params = await readParams(c);
    const owner = of(c);
    const hook = hookIn(c, owner);
    const url = params.text('url');
    // Another address gets no old secret. Source: platform sheet, section 5, hooks.
    if (url !== undefined && demandUrl(url) !== hook.url) hook.token = null;
    const changed = { ...hook, events: { ...hook.events } };
    change(changed, params);
    resetVariables(changed, hook);
    demandVariables(changed);
    Object.assign(hook, changed);
    return c.json(showHook(world, owner, hook));
  });
  app.delete(`${path}/:hook`, (c) => {
    const owner = of(c);
    owner.hooks.splice(owner.hooks.indexOf(hookIn(c, owner)), 1);
    return c.body(null, 204);
  });
}

function routeVariables(
  app: Hono<Served>,
  { path, of: ownerOf }: Place,
  name: string,
  of: (hook: Hook) => Record<string, string>,
): void {
  app.put(`${path}/:hook/${name}/:key`, async (c) => {
    const value = (await readParams(c)).demanded('value');
    const hook = hookIn(c, ownerOf(c));
    of(hook)[c.req.param('key')] = value;
    return c.body(null, 204);
  });
  app.delete(`${path}/:hook/${name}/:key`, (c) => {
    const values = of(hookIn(c, ownerOf(c)));
    if (!Object.hasOwn(values, c.req.param('key'))) throw notFound();
    Reflect.deleteProperty(values, c.req.param('key'));
    return c.body(null, 204);
  });
}

function routeDeliveries(app: Hono<Served>, world: World, deliverer: Deliverer, { path, of }: Place): void {
  app.get(`${path}/:hook/events`, async (c) => {
    const params = await readParams(c);
    const { deliveries } = hookIn(c, of(c));
    const found = recentDeliveries(deliveries, world.clock(), params.text('status'));
    return c.json(page(c, params, found).map(showDelivery));
  });
  app.post(`${path}/:hook/events/:event/resend`, async (c) => {
    const hook = hookIn(c, of(c));
    const delivery = hook.deliveries.find(({ id }) => String(id) === c.req.param('event'));
    if (!delivery) throw notFound();
    const { status } = await deliverer.send(hook, delivery.trigger, delivery.requestBody);
    return c.json({ response_status: status }, 201);
  });
  app.post(`${path}/:hook/test/:trigger`, async (c) => {
    const owner = of(c);
    const project = 'repository' in owner ? owner : projectsIn(world, owner)[0];
    if (!project) throw new ApiError(422, { message: 'Ensure the group has projects with issues.' });
    const { status } = await deliverer.test(hookIn(c, owner), project, c.var.user, c.req.param('trigger'));
    if (status < 200 || status > 299) throw new ApiError(422, { message: `Hook execution failed: ${status}` });
    return c.json({ message: '201 Created' }, 201);
  });
}

function hookIn(c: Context<Served>, { hooks }: Project | Group): Hook {
  const hook = hooks.find(({ id }) => String(id) === c.req.param('hook'));
  if (!hook) throw notFound();
  return hook;
}

function demandUrl(url: string): string {
  if (!/^https?:\/\/[^\s/]+/.test(url)) throw new ApiError(422, { message: 'Invalid url given' });
  return url;
}

/**
 * Whoever may not see what masks an address shall not have it sent elsewhere, nor learn which value it was: with another address, or
 * another value, all is forgotten. Source: app/models/hooks/web_hook.rb, reset_url_variables.
 */
function resetVariables(hook: Hook, { url, urlVariables }: Pick<Hook, 'url' | 'urlVariables'>): void {
  const filled = (text: string, values: Record<string, string>): string =>
    text.replace(/\{(\w+)\}/g, (all, key: string) => values[key] ?? all);
  if (filled(hook.url, hook.urlVariables) === filled(url, urlVariables)) return;
  if (Object.keys(urlVariables).some((key) => Object.hasOwn(hook.urlVariables, key))) hook.urlVariables = {};
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
