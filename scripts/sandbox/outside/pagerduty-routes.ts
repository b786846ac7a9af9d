import type { Context, Hono, Next } from 'hono';
import type { Served } from '../server.ts';
import { overlaps, type Pages } from './pagerduty-pages.ts';
import { POLICY, showDuty, showIncident, showNote, showUser } from './pagerduty-shows.ts';

/** What opens the embedded PagerDuty. */
export type Keys = { token: string; routingKey: string };

const PAGE = 25;
const MOST_PER_PAGE = 100;

/** An error of the REST API. Source: PagerDuty developer-docs, REST-API/14-Errors. */
function refuse(
  c: Context<Served>,
  status: 400 | 401 | 404,
  code: number,
  message: string,
  errors?: string[],
): Response {
  return c.json({ error: { message, code, ...(errors ? { errors } : {}) } }, status);
}

/** The REST API: incidents, users, who is on call. */
export function routeRest(app: Hono<Served>, pages: Pages, { token }: Keys): void {
  const authenticate = async (c: Context<Served>, next: Next): Promise<Response | undefined> => {
    if (c.req.header('authorization') !== `Token token=${token}`) return refuse(c, 401, 2006, 'Authentication failed');
    await next();
    return undefined;
  };
  for (const path of ['/incidents/*', '/users/*', '/oncalls']) app.use(path, authenticate);
  app.get('/incidents/:id', (c) => {
    const page = pages.find(c.req.param('id'));
    return page
      ? c.json({ incident: showIncident(page, c.req.queries('include[]') ?? []) })
      : refuse(c, 404, 2100, 'Not Found');
  });
  app.get('/incidents/:id/notes', (c) => {
    const page = pages.find(c.req.param('id'));
    return page ? c.json({ notes: page.notes.map(showNote) }) : refuse(c, 404, 2100, 'Not Found');
  });
  app.put('/incidents/:id', (c) => update(c, pages));
  app.get('/users/:id', (c) => {
    const person = pages.people.find(({ id }) => id === c.req.param('id'));
    return person ? c.json({ user: showUser(person) }) : refuse(c, 404, 2100, 'Not Found');
  });
  app.get('/oncalls', (c) => listDuties(c, pages));
}

async function update(c: Context<Served>, pages: Pages): Promise<Response> {
  const page = pages.find(c.req.param('id') ?? '');
  if (!page) return refuse(c, 404, 2100, 'Not Found');
  const from = c.req.header('from');
  if (from === undefined)
    return refuse(c, 400, 2016, `You must specify a user's email address in the "From" header to perform this action`);
  const by = pages.people.find(({ email }) => email === from);
  if (!by) return refuse(c, 400, 1008, 'Requester User Not Found');
  const { incident } = await c.req.json<{ incident?: { status?: string } }>().catch(() => ({ incident: undefined }));
  if (page.status === 'resolved') return refuse(c, 400, 1001, 'Incident Already Resolved');
  if (incident?.status === 'resolved') pages.resolve(page.id, by);
  else if (incident?.status !== 'acknowledged') return refuse(c, 400, 1003, 'Invalid Status Provided');
  else if (page.acknowledgements.some((each) => each.by.id === by.id))
    return refuse(c, 400, 1002, 'Incident Already Acknowledged');
  else pages.acknowledge(page.id, by);
  return c.json({ incident: showIncident(page, []) });
}

/** By offset, 25 a page. Source: PagerDuty developer-docs, REST-API/09-Pagination; api-schema, GET /oncalls. */
function listDuties(c: Context<Served>, pages: Pages): Response {
  const [policies, schedules] = [c.req.queries('escalation_policy_ids[]'), c.req.queries('schedule_ids[]')];
  const [since, until] = [c.req.query('since') ?? pages.now(), c.req.query('until') ?? pages.now()].map(toIso);
  if (since === undefined || until === undefined)
    return refuse(c, 400, 2004, "Invalid time values in 'since' and/or 'until' parameters");
  const found = pages.duties
    .filter((duty) => overlaps(duty, since, until))
    .filter(({ schedule }) => !schedules || (schedule !== undefined && schedules.includes(schedule)))
    .filter(() => !policies || policies.includes(POLICY.id));
  const limit = Math.min(Number(c.req.query('limit') ?? PAGE), MOST_PER_PAGE);
  const offset = Number(c.req.query('offset') ?? 0);
  const shown = found.slice(offset, offset + limit).map((duty) => showDuty(duty, c.req.queries('include[]') ?? []));
  return c.json({ oncalls: shown, limit, offset, more: found.length > offset + limit, total: null });
}

function toIso(time: string): string | undefined {
  return Number.isNaN(Date.parse(time)) ? undefined : new Date(time).toISOString();
}

type AlertEvent = {
  routing_key?: string;
  event_action?: string;
  dedup_key?: string;
  payload?: { summary?: string; source?: string; severity?: string };
};

/** The Events API v2. Source: PagerDuty api-schema, reference/events-v2; developer-docs, events-API-v2/02-Trigger-Events. */
export function routeEvents(app: Hono<Served>, pages: Pages, { routingKey }: Keys): void {
  app.post('/v2/enqueue', async (c) => {
    const event = await c.req.json<AlertEvent>().catch((): AlertEvent => ({}));
    const errors = faultsOf(event, routingKey);
    if (errors.length > 0) return c.json({ status: 'invalid event', message: 'Event object is invalid', errors }, 400);
    const { event_action: action, dedup_key: given, payload } = event;
    const open = pages.all.find(({ key, status }) => key === given && status !== 'resolved');
    if (action === 'resolve' && open) pages.resolve(open.id);
    if (action === 'acknowledge' && open) pages.acknowledge(open.id, null);
    const urgency = payload?.severity === 'critical' || payload?.severity === 'error' ? 'high' : 'low';
    const raised = { title: payload?.summary ?? '', urgency, ...(given === undefined ? {} : { key: given }) } as const;
    const key = action === 'trigger' ? pages.trigger(raised).key : given;
    return c.json({ status: 'success', message: 'Event processed', dedup_key: key }, 202);
  });
}

function faultsOf(
  { routing_key: key, event_action: action, dedup_key: dedup, payload }: AlertEvent,
  ours: string,
): string[] {
  const isTrigger = action === 'trigger';
  const isMissing = (value: unknown): boolean => typeof value !== 'string' || value === '';
  const severities = ['critical', 'error', 'warning', 'info'];
  return [
    ...(key === ours ? [] : ['Invalid routing key']),
    ...(['trigger', 'acknowledge', 'resolve'].includes(action ?? '') ? [] : ["'event_action' is missing or invalid"]),
    ...(['acknowledge', 'resolve'].includes(action ?? '') && isMissing(dedup)
      ? ["'dedup_key' is missing or blank"]
      : []),
    ...((dedup ?? '').length > 255 ? ["'dedup_key' is too long"] : []),
    ...(isTrigger && isMissing(payload?.summary) ? ["'payload.summary' is missing or blank"] : []),
    ...(isTrigger && isMissing(payload?.source) ? ["'payload.source' is missing or blank"] : []),
    ...(isTrigger && !severities.includes(payload?.severity ?? '') ? ["'payload.severity' is invalid"] : []),
    ...((payload?.summary ?? '').length > 1024 ? ["'payload.summary' is too long"] : []),
  ];
}
