import type { PagerDutyUser } from '../outside/pagerduty-port.ts';
import type { Shapes } from '../schema/types.gen.ts';
import { demandPayload } from './payload.ts';

const TYPES = [
  'triggered',
  'acknowledged',
  'unacknowledged',
  'reassigned',
  'escalated',
  'delegated',
  'resolved',
  'reopened',
  'annotated',
  'priority_updated',
] as const;

/** What happened to a page. Source: PagerDuty developer-docs, docs/webhooks/01-Overview, event types. */
export type PageEventType = (typeof TYPES)[number];

/**
 * What a PagerDuty webhook says, unverified: its signature never reaches a job, so whoever has the trigger token can write
 * one. `at` is ISO UTC. `agent` is the person who did it, absent for integrations and for PagerDuty itself. `assignees` are
 * ids of users. `key` is the alert's own: that of an alert that Watchkeeper raised is the one it gave. Title, service,
 * priority, key and note are people's text; `service` is empty where the event does not tell it, as with a note. `url` leads
 * to PagerDuty. V3 webhooks tell no escalation level.
 */
export type PageEvent = {
  type: PageEventType;
  at: string;
  incidentId: string;
  agent?: PagerDutyUser;
  title: string;
  service: string;
  urgency?: 'high' | 'low';
  priority?: string;
  number?: number;
  key?: string;
  url?: string;
  note?: string;
  noteId?: string;
  escalationPolicyId?: string;
  assignees: string[];
};

/** The web takes more in a name than a name of PagerDuty's has. */
const HOST = /^[a-z0-9.-]{1,200}\.pagerduty\.com$/;

type Read = { kind: 'page'; page: PageEvent } | { kind: 'nothing'; reason: string };
type Raw = Shapes['event-pagerduty']['event'];
type Incident = Extract<Raw['data'], { type: 'incident' }>;
type Reference = NonNullable<Raw['agent']>;

const CURE = 'See docs/pagerduty.md, "The webhook".';

/** Whether a payload is one of PagerDuty's V3 webhooks, whatever it is about. */
export function isPagerDutyPayload(
  payload: object,
): payload is { event: { event_type: string; resource_type: string } } {
  const { event } = payload as { event?: unknown };
  if (event === null || typeof event !== 'object') return false;
  const { event_type: type, resource_type: resource } = event as { event_type?: unknown; resource_type?: unknown };
  return typeof type === 'string' && typeof resource === 'string';
}

/** Reads what happened to a page. Throws a SetupError where the payload is about a page and not as PagerDuty writes it. */
export function readPageEvent(payload: { event: { event_type: string; resource_type: string } }): Read {
  const { event_type: name, resource_type: resource } = payload.event;
  if (resource === 'pagey') return nothing("a test delivery: PagerDuty's webhook works");
  const type = TYPES.find((known) => name === `incident.${known}`);
  if (resource !== 'incident') return nothing('not an event of a page');
  if (type === undefined) return nothing('an event of a page that changes nothing for the duty');
  const { event } = demandPayload('event-pagerduty', payload, CURE);
  const { occurred_at: at, agent, data } = event;
  const about = data.type === 'incident' ? ofIncident(data) : ofNote(data);
  const by = agent && isPerson(agent) ? { agent: { id: agent.id } } : {};
  return { kind: 'page', page: { type, at: new Date(at).toISOString(), ...by, ...about } };
}

type About = Omit<PageEvent, 'type' | 'at' | 'agent'>;

function ofIncident(data: Incident): About {
  const { urgency, priority, number, incident_key: key, escalation_policy: policy } = data;
  return {
    ...{ incidentId: data.id, title: data.title ?? '', service: data.service?.summary ?? '' },
    ...(urgency === 'high' || urgency === 'low' ? { urgency } : {}),
    ...(priority?.summary ? { priority: priority.summary } : {}),
    ...(number ? { number } : {}),
    ...(key ? { key } : {}),
    ...urlOf(data.html_url),
    ...(policy ? { escalationPolicyId: policy.id } : {}),
    assignees: (data.assignees ?? []).filter(isPerson).map(({ id }) => id),
  };
}

function ofNote({ incident, id, content }: Exclude<Raw['data'], { type: 'incident' }>): About {
  return {
    ...{ incidentId: incident.id, title: incident.summary ?? '', service: '', assignees: [] },
    ...urlOf(incident.html_url),
    ...(content ? { note: content } : {}),
    ...(id === undefined ? {} : { noteId: id }),
  };
}

/** An address that does not lead to PagerDuty is not PagerDuty's. */
function urlOf(address: string | null | undefined): { url?: string } {
  const url = address && URL.canParse(address) ? new URL(address) : undefined;
  const isPagerDuty = url?.protocol === 'https:' && HOST.test(url.hostname) && url.username === '';
  return isPagerDuty ? { url: url.href } : {};
}

function isPerson({ type }: Reference): boolean {
  return type === 'user_reference' || type === 'user';
}

function nothing(reason: string): Read {
  return { kind: 'nothing', reason };
}
