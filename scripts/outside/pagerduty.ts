import { SetupError } from '../ci/errors.ts';
import type { Bounds } from '../ci/network.ts';
import { callPatiently, type Answer } from './call.ts';
import { Declined } from './errors.ts';
import { explainEvents, explainRest, readSaid } from './pagerduty-explain.ts';
import { toIncident, toNotes, toOnCalls, toUser } from './pagerduty-map.ts';
import type { OnCall, PagerDuty, PagerDutyAlert } from './pagerduty-port.ts';

/** Where PagerDuty's two APIs are, what opens them, and what bounds the calls. */
export type PagerDutyOptions = PagerDutyAddresses & { token?: string; routingKey?: string; bounds: Bounds };

/** Addresses without a trailing slash: of the REST API, and of the Events API without `/v2/enqueue`. */
export type PagerDutyAddresses = { apiUrl: string; eventsUrl: string };

const PAGE = 100;
/** PagerDuty gives no more than this by offset. Source: PagerDuty developer-docs, REST-API/09-Pagination. */
const LAST_OFFSET = 10_000;
const LONGEST_SUMMARY = 1024;
const ALREADY = ['Incident Already Resolved', 'Incident Already Acknowledged'];

/**
 * Where PagerDuty is: `PAGERDUTY_API_URL`, else the US service region. The events of a host `api.` are taken by the host
 * `events.` beside it, as in the EU service region; any other address takes both. Source: PagerDuty, docs/service-regions.
 */
export function pagerDutyAddresses(apiUrl = 'https://api.pagerduty.com'): PagerDutyAddresses {
  return { apiUrl, eventsUrl: apiUrl.replace(/^(https:\/\/)api\./, '$1events.') };
}

/** The one client of PagerDuty's REST API (version 2) and Events API v2. All pages; see `call.ts` for how it calls. */
export function connectPagerDuty(options: PagerDutyOptions): PagerDuty {
  const get = (path: string, query: [string, string][] = []): Promise<unknown> =>
    callRest(options, 'GET', `${path}${query.length > 0 ? `?${new URLSearchParams(query).toString()}` : ''}`);
  return {
    incident: (id) =>
      orUndefined(async () =>
        toIncident(
          await get(pathTo('incidents', id), [
            ['include[]', 'acknowledgers'],
            ['include[]', 'assignees'],
          ]),
        ),
      ),
    acknowledge: (id, asEmail) => setStatus(options, id, 'acknowledged', asEmail),
    resolve: (id, asEmail) => setStatus(options, id, 'resolved', asEmail),
    notes: async (id) => (await orUndefined(async () => toNotes(await get(`${pathTo('incidents', id)}/notes`)))) ?? [],
    user: (id) => orUndefined(async () => toUser(await get(pathTo('users', id)))),
    onCalls: (of, since, until) => listOnCalls(get, [...filterOf(of), ['since', since], ['until', until]]),
    trigger: (alert) => enqueue(options, toTrigger(alert)),
    end: (dedupKey) => enqueue(options, { event_action: 'resolve', dedup_key: dedupKey }),
  };
}

function filterOf({ escalationPolicy, schedule }: Parameters<PagerDuty['onCalls']>[0]): [string, string][] {
  return [
    ...(escalationPolicy === undefined ? [] : [['escalation_policy_ids[]', escalationPolicy] as [string, string]]),
    ...(schedule === undefined ? [] : [['schedule_ids[]', schedule] as [string, string]]),
    ['include[]', 'users'],
  ];
}

async function listOnCalls(
  get: (path: string, query: [string, string][]) => Promise<unknown>,
  query: [string, string][],
): Promise<OnCall[]> {
  const found: OnCall[] = [];
  for (let offset = 0; offset < LAST_OFFSET;) {
    const page = toOnCalls(await get('/oncalls', [...query, ['limit', String(PAGE)], ['offset', String(offset)]]));
    found.push(...page.onCalls);
    if (!page.more || page.count === 0) break;
    offset += page.count;
  }
  return found;
}

/** Setting a status twice is setting it once. Source: PagerDuty api-schema, reference/REST, PUT /incidents/{id}. */
async function setStatus(options: PagerDutyOptions, id: string, status: string, asEmail: string): Promise<void> {
  const isAddress = /^[\x21-\x7e]+@[\x21-\x7e]+$/.test(asEmail);
  if (!isAddress) throw new Declined('PagerDuty: the person to act as has no e-mail address that can be sent.', 400);
  const incident = { type: 'incident_reference', status };
  await callRest(options, 'PUT', pathTo('incidents', id), { incident }, { From: asEmail });
}

async function callRest(
  { apiUrl, token, bounds }: PagerDutyOptions,
  method: 'GET' | 'PUT',
  path: string,
  body?: object,
  more: Record<string, string> = {},
): Promise<unknown> {
  if (token === undefined) throw new SetupError('PAGERDUTY_TOKEN is not set, and PagerDuty was to be asked.');
  const headers = {
    ...{ Authorization: `Token token=${token}`, Accept: 'application/vnd.pagerduty+json;version=2' },
    ...(body ? { 'Content-Type': 'application/json', ...more } : more),
  };
  const name = `${method} ${apiUrl}${path.replace(/\?.*/, '')}`;
  const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
  const answer = await callPatiently({ name, url: `${apiUrl}${path}`, init, isRepeatable: true }, bounds);
  if (isDone(answer)) return undefined;
  if (answer.status < 200 || answer.status >= 300) throw explainRest(name, answer);
  return parse(name, answer);
}

/** The incident has, or has left behind, the status that was to be set: in PagerDuty an error, for us what we wanted. */
function isDone({ status, text }: Answer): boolean {
  const { code, message, details } = readSaid(text);
  return (
    status === 400 && (code === 1001 || code === 1002 || [message, ...details].some((each) => ALREADY.includes(each)))
  );
}

function parse(name: string, { text }: Answer): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const asks = `Is PAGERDUTY_API_URL the address of PagerDuty's API, and is no log-in page before it?`;
    throw new SetupError(`${name}: what answers speaks no JSON. ${asks}`, { cause });
  }
}

function toTrigger({ dedupKey, summary, source, severity, link }: PagerDutyAlert): object {
  const shortened = summary.slice(0, LONGEST_SUMMARY).replace(/[\uD800-\uDBFF]$/, '');
  return {
    ...{ event_action: 'trigger', dedup_key: dedupKey, client: 'Watchkeeper' },
    payload: { summary: shortened, source, severity },
    ...(link === undefined ? {} : { client_url: link, links: [{ href: link, text: 'The incident in GitLab' }] }),
  };
}

/**
 * Source: PagerDuty developer-docs, events-API-v2/02-Trigger-Events: sent again with its key, a trigger is the same alert; a
 * resolve that finds no open alert of its key is dropped.
 */
async function enqueue({ eventsUrl, routingKey, bounds }: PagerDutyOptions, event: object): Promise<void> {
  if (routingKey === undefined) throw new SetupError('PAGERDUTY_ROUTING_KEY is not set, and somebody was to be paged.');
  const url = `${eventsUrl}/v2/enqueue`;
  const body = JSON.stringify({ routing_key: routingKey, ...event });
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
  const answer = await callPatiently({ name: `POST ${url}`, url, init, isRepeatable: true }, bounds);
  if (answer.status !== 202) throw explainEvents(`POST ${url}`, answer);
}

/** What is no id never gets into a path; like an id that nothing has, it is not found. */
function pathTo(kind: string, id: string): string {
  if (!/^[A-Za-z0-9]{1,64}$/.test(id))
    throw new Declined('PagerDuty: what was to be asked for has no id of PagerDuty.', 404);
  return `/${kind}/${id}`;
}

async function orUndefined<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Declined && error.status === 404) return undefined;
    throw error;
  }
}
