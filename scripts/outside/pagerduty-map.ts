import { Unreached } from './errors.ts';
import type { OnCall, PagerDutyIncident, PagerDutyNote, PagerDutyUser } from './pagerduty-port.ts';

/** A thing or a reference to it: `summary` stands for its name. Source: PagerDuty developer-docs, REST-API/11-References. */
type Reference = { id: string; type?: string; summary?: string | null; name?: string | null; email?: string | null };

type RawIncident = Reference & {
  incident_number?: number | null;
  incident_key?: string | null;
  status: string;
  title?: string | null;
  urgency?: string | null;
  priority?: Reference | null;
  service?: Reference | null;
  html_url?: string | null;
  created_at: string;
  acknowledgements?: { at: string; acknowledger: Reference }[] | null;
  assignments?: { assignee: Reference }[] | null;
};

type RawNote = { id: string; user?: Reference | null; content?: string | null; created_at?: string };

type RawOnCall = {
  user: Reference | null;
  escalation_level: number;
  escalation_policy: Reference | null;
  schedule?: Reference | null;
  start?: string | null;
  end?: string | null;
};

/** Source: PagerDuty api-schema, reference/REST, the schema Incident. */
export function toIncident(body: unknown): PagerDutyIncident {
  const raw = (body as { incident?: RawIncident } | null)?.incident;
  const status = raw?.status;
  const isIncident = isReference(raw) && (status === 'triggered' || status === 'acknowledged' || status === 'resolved');
  demandShape(isIncident && isTime(raw.created_at), 'an incident');
  const { incident_number: number, incident_key: key, priority, service, acknowledgements, assignments } = raw;
  const byPeople = (acknowledgements ?? []).filter(({ at, acknowledger }) => isTime(at) && isPerson(acknowledger));
  return {
    ...{ id: raw.id, status, title: raw.title ?? raw.summary ?? '', urgency: raw.urgency === 'low' ? 'low' : 'high' },
    ...(typeof number === 'number' ? { number } : {}),
    ...(typeof key === 'string' ? { key } : {}),
    ...(priority ? { priority: nameOf(priority) } : {}),
    ...{ service: { id: service?.id ?? '', name: service ? nameOf(service) : '' }, htmlUrl: raw.html_url ?? '' },
    createdAt: toTime(raw.created_at),
    acknowledgements: byPeople.map(({ at, acknowledger }) => ({ at: toTime(at), by: userOf(acknowledger) })),
    assignees: (assignments ?? []).flatMap(({ assignee }) => (isPerson(assignee) ? [userOf(assignee)] : [])),
  };
}

/** The user in an answer. */
export function toUser(body: unknown): PagerDutyUser {
  const raw = (body as { user?: Reference } | null)?.user;
  demandShape(isReference(raw), 'a user');
  return userOf(raw);
}

/** All notes of an incident, which come in one answer. Source: PagerDuty api-schema, reference/REST, GET /incidents/{id}/notes. */
export function toNotes(body: unknown): PagerDutyNote[] {
  const { notes } = (body ?? {}) as { notes?: RawNote[] };
  demandShape(Array.isArray(notes), 'the notes of an incident');
  return notes.flatMap(({ id, user, content, created_at: at }) =>
    isTime(at)
      ? [{ id, at: toTime(at), text: content ?? '', ...(isPerson(user) && user ? { by: userOf(user) } : {}) }]
      : [],
  );
}

/** One page of people on call, and whether there are more. Source: PagerDuty developer-docs, REST-API/09-Pagination. */
export function toOnCalls(body: unknown): { onCalls: OnCall[]; count: number; more: boolean } {
  const { oncalls, more } = (body ?? {}) as { oncalls?: RawOnCall[]; more?: boolean | null };
  demandShape(Array.isArray(oncalls), 'a list of who is on call');
  const onCalls = oncalls.flatMap(({ user, escalation_level: level, escalation_policy: policy, ...raw }): OnCall[] => {
    if (!isReference(user)) return [];
    return [
      {
        ...{ user: userOf(user), level, escalationPolicy: policy?.id ?? '' },
        ...(raw.schedule ? { schedule: raw.schedule.id } : {}),
        ...(isTime(raw.start) ? { start: toTime(raw.start) } : {}),
        ...(isTime(raw.end) ? { end: toTime(raw.end) } : {}),
      },
    ];
  });
  return { onCalls, count: oncalls.length, more: more === true };
}

function userOf({ id, email }: Reference): PagerDutyUser {
  return typeof email === 'string' ? { id, email } : { id };
}

function nameOf({ name, summary }: Reference): string {
  return name ?? summary ?? '';
}

/** A user in full or by reference; services and integrations acknowledge too, and are nobody. */
function isPerson(raw: unknown): boolean {
  return isReference(raw) && (raw.type === 'user' || raw.type === 'user_reference');
}

function isReference(raw: unknown): raw is Reference {
  return typeof (raw as Reference | null | undefined)?.id === 'string';
}

/** One way of writing times, to the millisecond, so that two of them compare as text. */
function toTime(time: string): string {
  return new Date(time).toISOString();
}

function isTime(time: unknown): time is string {
  return typeof time === 'string' && !Number.isNaN(Date.parse(time));
}

/** What answers in another shape is not PagerDuty, or in trouble: nothing is guessed. */
function demandShape(isKnown: boolean, what: string): asserts isKnown {
  if (!isKnown)
    throw new Unreached(
      `PagerDuty answered something else than ${what}; nothing was done with it, the next run asks again.`,
    );
}
