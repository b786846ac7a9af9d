import type { Duty, Page, PageHappening, Person } from './pagerduty-pages.ts';

const API = 'https://api.pagerduty.com';
const WEB = 'https://sirt.pagerduty.com';

/** The one service and the one escalation policy of the embedded PagerDuty. */
const SERVICE = { id: 'PSIRT01', name: 'SIRT pages' };
export const POLICY = { id: 'PESC001', name: 'SIRT' };

type Reference = { id: string; type: string; summary: string; self: string; html_url: string };

function reference(type: string, id: string, summary: string, plural = `${type}s`): Reference {
  const [self, htmlUrl] = [`${API}/${plural}/${id}`, `${WEB}/${plural}/${id}`];
  return { id, type: `${type}_reference`, summary, self, html_url: htmlUrl };
}

function personReference({ id, name }: Person): Reference {
  return reference('user', id, name);
}

const serviceReference = (): Reference => reference('service', SERVICE.id, SERVICE.name);
const policyReference = (): Reference => reference('escalation_policy', POLICY.id, POLICY.name, 'escalation_policies');
const priorityReference = (name: string | null): Reference | null =>
  name === null
    ? null
    : {
        ...reference('priority', `PPRIO${name.replace(/\W/g, '')}`, name, 'priorities'),
        html_url: `${WEB}/account/incident_priorities`,
      };

/** A user as the REST API shows one. Source: PagerDuty api-schema, reference/REST, the schema User. */
export function showUser({ id, name, email }: Person): object {
  const more = { name, email, time_zone: 'Etc/UTC', role: 'user', job_title: null, teams: [], contact_methods: [] };
  return { ...reference('user', id, name), type: 'user', ...more };
}

/** An incident as the REST API shows one; people in full where that is asked for. Source: the same, the schema Incident. */
export function showIncident(page: Page, include: readonly string[]): object {
  const show = (person: Person, which: string): object =>
    include.includes(which) ? showUser(person) : personReference(person);
  return {
    ...{ ...reference('incident', page.id, `[#${page.number}] ${page.title}`), type: 'incident' },
    ...{ incident_number: page.number, incident_key: page.key, title: page.title, description: page.title },
    ...{ status: page.status, urgency: page.urgency, created_at: page.createdAt, updated_at: page.changedAt },
    ...{ last_status_change_at: page.changedAt, resolved_at: page.resolvedAt, resolve_reason: null, teams: [] },
    ...{ service: serviceReference(), escalation_policy: policyReference() },
    priority:
      page.priority === null ? null : { ...priorityReference(page.priority), type: 'priority', name: page.priority },
    assignments: page.assignees.map((person) => ({ at: page.changedAt, assignee: show(person, 'assignees') })),
    acknowledgements: page.acknowledgements.map(({ at, by }) => ({ at, acknowledger: show(by, 'acknowledgers') })),
  };
}

/** A note as the REST API shows one. Source: the same, the schema IncidentNote. */
export function showNote({ id, at, by, content }: Page['notes'][number]): object {
  return {
    id,
    user: personReference(by),
    content,
    created_at: at,
    channel: { summary: 'The PagerDuty website or APIs' },
  };
}

/** An entry of the list of who is on call. Source: the same, the schema Oncall. */
export function showDuty({ person, level, schedule, start, end }: Duty, include: readonly string[]): object {
  return {
    ...{ escalation_policy: policyReference(), escalation_level: level, start: start ?? null, end: end ?? null },
    schedule: schedule === undefined ? null : reference('schedule', schedule, schedule),
    user: include.includes('users') ? showUser(person) : personReference(person),
  };
}

/** The body of a V3 webhook. Source: PagerDuty developer-docs, docs/webhooks/01-Overview. */
export function toWebhook({ type, page, by, at, note }: PageHappening, eventId: string): object {
  const head = { id: eventId, event_type: `incident.${type}`, resource_type: 'incident', occurred_at: at };
  const agent = by === null ? null : personReference(by);
  return { event: { ...head, agent, client: null, data: note ? ofNote(page, note) : ofPage(page) } };
}

function ofPage(page: Page): object {
  const [self, htmlUrl] = [`${API}/incidents/${page.id}`, `${WEB}/incidents/${page.id}`];
  return {
    ...{
      id: page.id,
      type: 'incident',
      self,
      html_url: htmlUrl,
      number: page.number,
      status: page.status,
      incident_key: page.key,
      title: page.title,
    },
    ...{ created_at: page.createdAt, service: serviceReference(), assignees: page.assignees.map(personReference) },
    ...{
      escalation_policy: policyReference(),
      teams: [],
      priority: priorityReference(page.priority),
      urgency: page.urgency,
    },
    ...{ conference_bridge: null, resolve_reason: null, incident_type: { name: 'incident_default' } },
  };
}

function ofNote(page: Page, { id, content }: Page['notes'][number]): object {
  return { incident: reference('incident', page.id, page.title), id, content, trimmed: false, type: 'incident_note' };
}
