import { describe, expect, it } from 'vitest';
import { LeftOver, SetupError } from '../../scripts/ci/errors.ts';
import { Declined, Unreached } from '../../scripts/outside/errors.ts';
import { connectPagerDuty, pagerDutyAddresses } from '../../scripts/outside/pagerduty.ts';
import type { PagerDuty } from '../../scripts/outside/pagerduty-port.ts';
import { boundsOf, outcomeOf, serve, type Asked, type Planned } from '../support/loopback.ts';

const TOKEN = 'y_NbAkKc66ryYTWUXYEu';
const KEY = 'R0123456789abcdef0123456789abcde';

const raw = {
  incident_key: 'watchtower/311',
  ...{ id: 'PT4KHLK', incident_number: 1234, status: 'acknowledged', title: 'Token used', urgency: 'high', created_at: '2026-11-20T01:58:00Z' },
  ...{ html_url: 'https://acme.pagerduty.com/incidents/PT4KHLK', priority: { id: 'P1', type: 'priority', name: 'P2', summary: 'Two' } },
  service: { id: 'PSVC', type: 'service_reference', summary: 'SIRT pages' },
  acknowledgements: [
    { at: '2026-11-20T02:07:00Z', acknowledger: { id: 'PANA', type: 'user', email: 'ana@example.com' } },
    { at: '2026-11-20T02:08:00Z', acknowledger: { id: 'PINT', type: 'service_reference' } },
  ],
  assignments: [{ at: '2026-11-20T01:58:00Z', assignee: { id: 'PBEN', type: 'user_reference', summary: 'Ben' } }],
};
const incident = {
  key: 'watchtower/311',
  ...{ id: 'PT4KHLK', number: 1234, status: 'acknowledged', title: 'Token used', urgency: 'high', createdAt: '2026-11-20T01:58:00.000Z' },
  ...{ htmlUrl: 'https://acme.pagerduty.com/incidents/PT4KHLK', priority: 'P2', service: { id: 'PSVC', name: 'SIRT pages' } },
  acknowledgements: [{ at: '2026-11-20T02:07:00.000Z', by: { id: 'PANA', email: 'ana@example.com' } }],
  assignees: [{ id: 'PBEN' }],
};

type Scene = { pagerduty: PagerDuty; asked: Asked[]; clock: { waitedMs: number } };

async function stage(...answers: Planned[]): Promise<Scene> {
  const { address, asked } = await serve(...answers);
  const clock = { waitedMs: 0 };
  return { pagerduty: connectPagerDuty({ ...pagerDutyAddresses(address), token: TOKEN, routingKey: KEY, bounds: boundsOf(clock) }), asked, clock };
}

const error = (status: number, code: number, message: string, errors?: string[]): Planned => ({ status, body: { error: { code, message, ...(errors ? { errors } : {}) } } });

describe('where PagerDuty is', () => {
  it.each([
    { name: 'the US region', given: undefined, apiUrl: 'https://api.pagerduty.com', eventsUrl: 'https://events.pagerduty.com' },
    { name: 'the EU region', given: 'https://api.eu.pagerduty.com', apiUrl: 'https://api.eu.pagerduty.com', eventsUrl: 'https://events.eu.pagerduty.com' },
    { name: 'one address for both', given: 'http://127.0.0.1:8081', apiUrl: 'http://127.0.0.1:8081', eventsUrl: 'http://127.0.0.1:8081' },
  ])('is $name', ({ given, apiUrl, eventsUrl }) => {
    expect(pagerDutyAddresses(given)).toEqual({ apiUrl, eventsUrl });
  });
});

describe('an incident of PagerDuty', () => {
  it('is read in one call, with who acknowledged it; integrations are nobody', async () => {
    const { pagerduty, asked } = await stage({ body: { incident: raw } });
    expect(await pagerduty.incident('PT4KHLK')).toEqual(incident);
    expect(asked).toMatchObject([
      {
        method: 'GET',
        path: '/incidents/PT4KHLK?include[]=acknowledgers&include[]=assignees',
        headers: { authorization: `Token token=${TOKEN}`, accept: 'application/vnd.pagerduty+json;version=2' },
      },
    ]);
  });

  it('has no more than PagerDuty tells', async () => {
    const bare = { id: 'P1', status: 'triggered', summary: '[#1] x', created_at: '2026-11-20T01:58:00Z', urgency: 'low', priority: null };
    const { pagerduty } = await stage({ body: { incident: bare } });
    const empty = { htmlUrl: '', service: { id: '', name: '' }, acknowledgements: [], assignees: [] };
    expect(await pagerduty.incident('P1')).toEqual({ ...empty, id: 'P1', status: 'triggered', title: '[#1] x', urgency: 'low', createdAt: '2026-11-20T01:58:00.000Z' });
  });

  it.each([
    { name: 'there is none of', id: 'PNONE', calls: 1 },
    { name: 'is no id', id: '../users', calls: 0 },
    { name: 'is empty', id: '', calls: 0 },
  ])('is undefined where the id $name', async ({ id, calls }) => {
    const { pagerduty, asked } = await stage(error(404, 2100, 'Not Found'));
    expect(await pagerduty.incident(id)).toBeUndefined();
    expect(asked).toHaveLength(calls);
  });

  it.each(['acknowledge', 'resolve'] as const)('%s as a person: by their address in From', async (verb) => {
    const { pagerduty, asked } = await stage({ body: { incident: raw } });
    await pagerduty[verb]('PT4KHLK', 'ana@example.com');
    const status = verb === 'acknowledge' ? 'acknowledged' : 'resolved';
    expect(asked).toMatchObject([{ method: 'PUT', path: '/incidents/PT4KHLK', headers: { from: 'ana@example.com' } }]);
    expect(JSON.parse(asked[0]!.body)).toEqual({ incident: { type: 'incident_reference', status } });
  });

  it.each([
    { name: 'acknowledged already', answer: error(400, 1002, 'said otherwise') },
    { name: 'resolved already', answer: error(400, 1001, 'said otherwise') },
    { name: 'resolved already, said in the details', answer: error(400, 2001, 'Invalid Input Provided', ['Incident Already Resolved']) },
  ])('is left alone where it is $name', async ({ answer }) => {
    const { pagerduty } = await stage(answer);
    await expect(pagerduty.acknowledge('PT4KHLK', 'ana@example.com')).resolves.toBeUndefined();
  });

  it.each(['ana@example.com\r\nX-Evil: 1', 'ana', '', 'änä@example.com'])('is touched as nobody: %j', async (address) => {
    const { pagerduty, asked } = await stage({});
    await expect(pagerduty.acknowledge('PT4KHLK', address)).rejects.toThrow(Declined);
    expect(asked).toEqual([]);
  });

  it('says by its code that PagerDuty knows nobody by an address', async () => {
    const { pagerduty } = await stage(error(400, 1008, 'Requester User Not Found'));
    await expect(pagerduty.resolve('PT4KHLK', 'x@example.com')).rejects.toMatchObject({ name: 'Declined', status: 400, code: 1008 });
  });
});

describe('people', () => {
  it('notes: who wrote each, and when', async () => {
    const by = (type: string): object => ({ id: 'PANA', type, summary: 'Ana' });
    const notes = [
      { id: 'PNOTE1', user: by('user_reference'), content: 'the token is revoked', created_at: '2026-11-20T03:31:00+01:00' },
      { id: 'PNOTE2', user: by('bot_user_reference'), content: null, created_at: '2026-11-20T02:32:00Z' },
    ];
    const { pagerduty, asked } = await stage({ body: { notes } }, { status: 404 }, { body: {} });
    expect(await pagerduty.notes('PT4KHLK')).toEqual([
      { id: 'PNOTE1', at: '2026-11-20T02:31:00.000Z', text: 'the token is revoked', by: { id: 'PANA' } },
      { id: 'PNOTE2', at: '2026-11-20T02:32:00.000Z', text: '' },
    ]);
    expect(asked).toMatchObject([{ method: 'GET', path: '/incidents/PT4KHLK/notes' }]);
    expect(await pagerduty.notes('PNONE')).toEqual([]);
    await expect(pagerduty.notes('PT4KHLK')).rejects.toThrow(/something else than the notes of an incident/);
  });

  it('are read by id', async () => {
    const { pagerduty } = await stage({ body: { user: { id: 'PANA', type: 'user', email: 'ana@example.com', name: 'Ana' } } });
    expect(await pagerduty.user('PANA')).toEqual({ id: 'PANA', email: 'ana@example.com' });
  });

  it('on call are read from all pages', async () => {
    const policy = { id: 'PPOL', type: 'escalation_policy_reference' };
    const entry = (id: string, level: number): object => ({
      user: { id, type: 'user', email: `${id}@example.com` },
      escalation_level: level,
      escalation_policy: policy,
      schedule: null,
      start: null,
      end: null,
    });
    const timed = { ...entry('PBEN', 1), schedule: { id: 'PSCHED' }, start: '2026-11-20T00:00:00Z', end: '2026-11-20T12:00:00Z' };
    const { pagerduty, asked } = await stage({ body: { oncalls: [timed], more: true } }, { body: { oncalls: [entry('PLEA', 2), { ...timed, user: null }], more: false } });
    expect(await pagerduty.onCalls({ escalationPolicy: 'PPOL', schedule: 'PSCHED' }, '2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z')).toEqual([
      {
        ...{ user: { id: 'PBEN', email: 'PBEN@example.com' }, level: 1, escalationPolicy: 'PPOL', schedule: 'PSCHED' },
        ...{ start: '2026-11-20T00:00:00.000Z', end: '2026-11-20T12:00:00.000Z' },
      },
      { user: { id: 'PLEA', email: 'PLEA@example.com' }, level: 2, escalationPolicy: 'PPOL' },
    ]);
    const query = 'escalation_policy_ids[]=PPOL&schedule_ids[]=PSCHED&include[]=users&since=2026-11-20T00:00:00Z&until=2026-11-21T00:00:00Z&limit=100';
    expect(asked.map(({ path }) => path)).toEqual([`/oncalls?${query}&offset=0`, `/oncalls?${query}&offset=1`]);
  });

  it('on call are asked for no further than PagerDuty gives them', async () => {
    const page = { oncalls: Array.from({ length: 100 }, () => ({ user: { id: 'PBEN' }, escalation_level: 1, escalation_policy: null })), more: true };
    const { pagerduty, asked } = await stage({ body: page });
    await pagerduty.onCalls({}, '2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z');
    expect(asked).toHaveLength(100);
  });
});

describe('a page to somebody', () => {
  const alert = { dedupKey: 'watchkeeper:42#7:ack', summary: 'x'.repeat(2000), source: 'gitlab', severity: 'critical', link: 'https://gitlab.example.com/x' } as const;

  it('is sent with its key, which makes it one however often it is sent', async () => {
    const { pagerduty, asked } = await stage({ status: 500 }, { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: alert.dedupKey } });
    await pagerduty.trigger(alert);
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /v2/enqueue', 'POST /v2/enqueue']);
    expect(JSON.parse(asked[1]!.body)).toEqual({
      ...{ routing_key: KEY, event_action: 'trigger', dedup_key: alert.dedupKey, client: 'Watchkeeper', client_url: alert.link },
      payload: { summary: 'x'.repeat(1024), source: 'gitlab', severity: 'critical' },
      links: [{ href: alert.link, text: 'The incident in GitLab' }],
    });
    expect(asked[1]!.headers).not.toHaveProperty('authorization');
  });

  it('is ended by its key alone', async () => {
    const { pagerduty, asked } = await stage({ status: 202, body: { status: 'success', message: 'Event processed', dedup_key: alert.dedupKey } });
    await pagerduty.end(alert.dedupKey);
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /v2/enqueue']);
    expect(JSON.parse(asked[0]!.body)).toEqual({ routing_key: KEY, event_action: 'resolve', dedup_key: alert.dedupKey });
  });

  it.each([
    {
      name: 'a key that is none',
      answer: { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors: ['Invalid routing key'] } },
      error: SetupError,
      says: /PAGERDUTY_ROUTING_KEY/,
    },
    { name: 'a key that is not taken', answer: { status: 403 }, error: SetupError, says: /PAGERDUTY_ROUTING_KEY/ },
    {
      name: 'an event that is none',
      answer: { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors: ['summary'] } },
      error: Declined,
      says: /Event object is invalid/,
    },
    { name: 'too many', answer: { status: 429 }, error: Unreached, says: /Too many requests/ },
  ])('ends with a named cure, or is left over: $name', async ({ answer, error: kind, says }) => {
    const { pagerduty } = await stage(answer);
    const outcome = await outcomeOf(pagerduty.trigger({ ...alert, summary: 'x' }));
    expect(outcome).toBeInstanceOf(kind);
    expect(String(outcome)).toMatch(says);
    expect(String(outcome)).not.toContain(KEY);
  });
});

describe('a call that fails', () => {
  it.each([
    { name: '429 with Retry-After', answer: { status: 429, headers: { 'retry-after': '7' } }, waitedMs: 7000 },
    { name: "429 with PagerDuty's own header", answer: { ...(error(429, 2020, 'Rate Limit Exceeded') as object), headers: { 'ratelimit-reset': '20' } }, waitedMs: 20_000 },
    { name: '429 with neither', answer: { status: 429 }, waitedMs: 1000 },
    { name: '408', answer: { status: 408 }, waitedMs: 250 },
    { name: '500', answer: { status: 500 }, waitedMs: 250 },
    { name: '503 with Retry-After', answer: { status: 503, headers: { 'retry-after': '3' } }, waitedMs: 3000 },
    { name: 'a cut connection', answer: 'cut' as const, waitedMs: 250 },
  ])('is made again after $waitedMs ms: $name', async ({ answer, waitedMs }) => {
    const { pagerduty, asked, clock } = await stage(answer, { body: { incident: raw } });
    expect(await pagerduty.incident('PT4KHLK')).toEqual(incident);
    expect([asked.length, clock.waitedMs]).toEqual([2, waitedMs]);
  });

  it.each([
    { name: 'a long pause', answer: { status: 429, headers: { 'retry-after': '61' } }, calls: 1, error: Unreached, says: /answered 429\. Too many requests/ },
    { name: 'trouble that stays', answer: { status: 502 }, calls: 4, error: Unreached, says: /answered 502\. PagerDuty is in trouble/ },
    { name: 'no answer at all', answer: 'cut' as const, calls: 4, error: Unreached, says: /no answer/ },
    { name: 'a token that is not taken', answer: error(401, 2006, 'Authentication failed'), calls: 1, error: SetupError, says: /Authentication failed \(2006\).*PAGERDUTY_TOKEN/ },
    { name: 'a token with too few rights', answer: error(403, 2010, 'Access Denied'), calls: 1, error: SetupError, says: /PAGERDUTY_TOKEN/ },
    { name: 'another place', answer: { status: 302, headers: { location: 'https://evil.example.com/' } }, calls: 1, error: SetupError, says: /PAGERDUTY_API_URL/ },
    { name: 'a page for people', answer: { body: '<html>' }, calls: 1, error: SetupError, says: /PAGERDUTY_API_URL/ },
    { name: 'an account that may not', answer: error(402, 2014, 'Missing Account Ability'), calls: 1, error: Declined, says: /answered 402: Missing Account Ability \(2014\)\.$/ },
    { name: "a proxy's page", answer: { status: 418, body: `<html>${TOKEN}` }, calls: 1, error: Declined, says: /answered 418\.$/ },
    { name: 'something else', answer: { body: { incident: { id: 7 } } }, calls: 1, error: Unreached, says: /something else than an incident/ },
    { name: 'nothing', answer: { body: 'null' }, calls: 1, error: Unreached, says: /something else than an incident/ },
  ])('ends so that the cure or the next run is named, and no token: $name', async ({ answer, calls, error: kind, says }) => {
    const { pagerduty, asked } = await stage(answer);
    const outcome = await outcomeOf(pagerduty.incident('PT4KHLK'));
    expect(outcome).toBeInstanceOf(kind);
    expect(String(outcome)).toMatch(says);
    expect(String(outcome)).not.toContain(TOKEN);
    expect(asked).toHaveLength(calls);
  });

  it('is not made again once waiting would outlast the run, nor at all once its time is up', async () => {
    const { pagerduty, asked, clock } = await stage({ status: 429, headers: { 'retry-after': '50' } });
    await expect(pagerduty.user('PANA')).rejects.toThrow(Unreached);
    expect([asked.length, clock.waitedMs]).toEqual([3, 100_000]);
    clock.waitedMs = 120_000;
    await expect(pagerduty.user('PANA')).rejects.toThrow(LeftOver);
    await expect(pagerduty.user('PANA')).rejects.toThrow(/not tried, the time of this run is up/);
    expect(asked).toHaveLength(3);
  });

  it('is not begun without what opens it', async () => {
    const { address, asked } = await serve({});
    const pagerduty = connectPagerDuty({ ...pagerDutyAddresses(address), bounds: boundsOf({ waitedMs: 0 }) });
    await expect(pagerduty.user('PANA')).rejects.toThrow(/^PAGERDUTY_TOKEN is not set/);
    await expect(pagerduty.trigger({ dedupKey: 'k', summary: 's', source: 'x', severity: 'info' })).rejects.toThrow(/^PAGERDUTY_ROUTING_KEY is not set/);
    expect(asked).toEqual([]);
  });
});
