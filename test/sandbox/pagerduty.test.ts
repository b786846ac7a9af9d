import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { connectPagerDuty, pagerDutyAddresses } from '../../scripts/outside/pagerduty.ts';
import type { PagerDuty } from '../../scripts/outside/pagerduty-port.ts';
import { readEvent } from '../../scripts/read/event.ts';
import { startPagerDuty, type EmbeddedPagerDuty } from '../../scripts/sandbox/outside/pagerduty.ts';
import { CONTRACT } from '../support/contract.ts';
import { stage as stageGitLab } from '../support/gitlab.ts';
import { boundsOf, serve } from '../support/loopback.ts';
import { NOW } from '../support/snapshot.ts';

const ANA = { id: 'PANA01', name: 'Ana', email: 'ana@example.com' };
const BEN = { id: 'PBEN01', name: 'Ben', email: 'ben@example.com' };
const LEA = { id: 'PLEA01', name: 'Lea', email: 'lea@example.com' };

const running: EmbeddedPagerDuty[] = [];
afterEach(() => Promise.all(running.splice(0).map(({ stop }) => stop())));

type Scene = EmbeddedPagerDuty & { client: PagerDuty; clock: { now: Date; waitedMs: number } };

async function stage(): Promise<Scene> {
  const clock = { now: NOW, waitedMs: 0 };
  const embedded = await startPagerDuty(() => clock.now, [ANA, BEN, LEA]);
  running.push(embedded);
  embedded.pages.duties.push({ person: ANA, level: 1, schedule: 'PSCHED1', start: '2026-11-20T00:00:00.000Z', end: '2026-11-20T12:00:00.000Z' }, { person: LEA, level: 2 });
  const client = connectPagerDuty({ ...pagerDutyAddresses(embedded.address), ...embedded.keys, bounds: boundsOf(clock) });
  return { ...embedded, client, clock };
}

const title = 'Token used';

describe('an incident of the embedded PagerDuty', () => {
  it('goes to who is on call, and further up when nobody takes it', async () => {
    const { pages, client } = await stage();
    const { id } = pages.trigger({ title, priority: 'P2' });
    expect(await client.incident(id)).toMatchObject({ status: 'triggered', title, priority: 'P2', urgency: 'high', assignees: [{ id: ANA.id, email: ANA.email }], acknowledgements: [] });
    pages.escalate(id);
    expect(await client.incident(id)).toMatchObject({ assignees: [{ id: LEA.id }] });
    expect(await client.incident('Q404')).toBeUndefined();
  });

  it.each([
    {
      name: 'acknowledged',
      happens: (scene: Scene, id: string) => scene.client.acknowledge(id, BEN.email),
      is: { status: 'acknowledged', acknowledgements: [{ by: { id: BEN.id, email: BEN.email } }], assignees: [{ id: BEN.id }] },
    },
    { name: 'resolved', happens: (scene: Scene, id: string) => scene.client.resolve(id, BEN.email), is: { status: 'resolved', acknowledgements: [], assignees: [] } },
    { name: 'unacknowledged', happens: (scene: Scene, id: string) => scene.pages.unacknowledge(scene.pages.acknowledge(id, ANA).id), is: { status: 'triggered', acknowledgements: [] } },
    { name: 'reassigned', happens: (scene: Scene, id: string) => scene.pages.reassign(id, [BEN], LEA), is: { status: 'triggered', assignees: [{ id: BEN.id }] } },
    { name: 'reopened', happens: (scene: Scene, id: string) => scene.pages.reopen(scene.pages.resolve(id).id, ANA), is: { status: 'triggered', assignees: [{ id: ANA.id }] } },
    { name: 'given a priority', happens: (scene: Scene, id: string) => scene.pages.prioritise(id, 'P1', ANA), is: { priority: 'P1' } },
  ])('is $name', async ({ happens, is }) => {
    const scene = await stage();
    const { id } = scene.pages.trigger({ title });
    await happens(scene, id);
    expect(await scene.client.incident(id)).toMatchObject(is);
  });

  it('is left alone by what has happened already', async () => {
    const { pages, client } = await stage();
    const { id } = pages.trigger({ title });
    await client.acknowledge(id, ANA.email);
    await client.acknowledge(id, ANA.email);
    await client.resolve(id, ANA.email);
    await client.resolve(id, BEN.email);
    await client.acknowledge(id, BEN.email);
    expect(pages.page(id)).toMatchObject({ status: 'resolved', acknowledgements: [] });
  });

  it('is touched only by people whom PagerDuty knows', async () => {
    const { pages, client } = await stage();
    const { id } = pages.trigger({ title });
    await expect(client.acknowledge(id, 'mallory@example.com')).rejects.toMatchObject({ code: 1008 });
    await expect(client.acknowledge('Q404', ANA.email)).rejects.toMatchObject({ status: 404 });
    expect(pages.page(id).status).toBe('triggered');
  });
});

describe('alerts', () => {
  const alert = { dedupKey: 'watchkeeper:42#7', summary: title, source: 'gitlab', severity: 'critical' } as const;

  it('are one while they are open, by their key', async () => {
    const { pages, client } = await stage();
    await client.trigger(alert);
    await client.trigger(alert);
    expect(pages.all).toMatchObject([{ key: alert.dedupKey, title, urgency: 'high', status: 'triggered' }]);
    pages.resolve(pages.all[0]!.id);
    await client.trigger({ ...alert, severity: 'info' });
    expect(pages.all.map(({ status, urgency }) => `${status} ${urgency}`)).toEqual(['resolved high', 'triggered low']);
  });

  it.each([
    { action: 'acknowledge', status: 'acknowledged' },
    { action: 'resolve', status: 'resolved' },
  ])('$action by their key, as nobody', async ({ action, status }) => {
    const { address, keys, pages, client } = await stage();
    await client.trigger(alert);
    const send = async (key: string): Promise<number> => {
      const body = JSON.stringify({ routing_key: keys.routingKey, event_action: action, dedup_key: key });
      return (await fetch(`${address}/v2/enqueue`, { method: 'POST', body })).status;
    };
    expect([await send(alert.dedupKey), await send('of no alert')]).toEqual([202, 202]);
    expect(pages.all).toMatchObject([{ status, acknowledgements: [] }]);
  });

  it.each([
    { name: 'a key of nobody', event: { routing_key: 'x' }, errors: ['Invalid routing key'] },
    { name: 'no action', event: { event_action: 'page' }, errors: ["'event_action' is missing or invalid"] },
    { name: 'no summary', event: { payload: { source: 'x', severity: 'info' } }, errors: ["'payload.summary' is missing or blank"] },
    { name: 'a severity of ours', event: { payload: { summary: 'x', source: 'x', severity: 'S1' } }, errors: ["'payload.severity' is invalid"] },
    { name: 'a summary that is too long', event: { payload: { summary: 'x'.repeat(1025), source: 'x', severity: 'info' } }, errors: ["'payload.summary' is too long"] },
    { name: 'a key that is too long', event: { dedup_key: 'x'.repeat(256) }, errors: ["'dedup_key' is too long"] },
    { name: 'nothing to resolve', event: { event_action: 'resolve' }, errors: ["'dedup_key' is missing or blank"] },
  ])('are refused in the words of PagerDuty: $name', async ({ event, errors }) => {
    const { address, keys, pages } = await stage();
    const body = { routing_key: keys.routingKey, event_action: 'trigger', payload: { summary: 'x', source: 'x', severity: 'info' }, ...event };
    const answer = await fetch(`${address}/v2/enqueue`, { method: 'POST', body: JSON.stringify(body) });
    expect([answer.status, await answer.json()]).toEqual([400, { status: 'invalid event', message: 'Event object is invalid', errors }]);
    expect(pages.all).toEqual([]);
  });
});

describe('the API of the embedded PagerDuty', () => {
  it('knows its token', async () => {
    const { address } = await stage();
    const stranger = connectPagerDuty({ ...pagerDutyAddresses(address), token: 'other', bounds: boundsOf({ waitedMs: 0 }) });
    await expect(stranger.user(ANA.id)).rejects.toThrow(/answered 401: Authentication failed \(2006\)/);
  });

  it('tells who is on call then, of the schedule or policy that is asked for', async () => {
    const { client } = await stage();
    const day = ['2026-11-20T10:00:00Z', '2026-11-20T11:00:00Z'] as const;
    const ids = async (of: object, since: string, until: string): Promise<string[]> => (await client.onCalls(of, since, until)).map(({ user, level }) => `${level} ${user.email ?? ''}`);
    expect(await ids({}, ...day)).toEqual(['1 ana@example.com', '2 lea@example.com']);
    expect(await ids({ schedule: 'PSCHED1' }, ...day)).toEqual(['1 ana@example.com']);
    expect(await ids({ escalationPolicy: 'POTHER' }, ...day)).toEqual([]);
    expect(await ids({}, '2026-11-20T12:00:00Z', '2026-11-20T13:00:00Z')).toEqual(['2 lea@example.com']);
    await expect(client.onCalls({}, 'tomorrow', 'later')).rejects.toMatchObject({ code: 2004 });
    expect(await client.user(BEN.id)).toEqual({ id: BEN.id, email: BEN.email });
  });

  it('tells it page by page', async () => {
    const { client, pages, faults } = await stage();
    pages.duties.push(...Array.from({ length: 150 }, (_, at) => ({ person: BEN, level: at + 3 })));
    expect(await client.onCalls({}, '2026-11-20T10:00:00Z', '2026-11-20T11:00:00Z')).toHaveLength(152);
    expect(faults.calls).toEqual(['GET /oncalls', 'GET /oncalls']);
  });

  it('asks to wait as PagerDuty does', async () => {
    const { client, limit, clock } = await stage();
    limit(/GET \/users/, 20);
    await client.user(ANA.id);
    expect(clock.waitedMs).toBe(20_000);
  });
});

describe('webhooks of the embedded PagerDuty', () => {
  const secret = 'the secret of the subscription';

  it('come signed, and read as what happened', async () => {
    const { pages, webhooks } = await stage();
    const { address, asked } = await serve({ status: 201 });
    webhooks.subscribe(address, secret);
    const { id } = pages.trigger({ title, priority: 'P2', key: 'k' });
    pages.annotate(id, 'looking', ANA);
    pages.acknowledge(id, ANA);
    await webhooks.settled();
    const pagesRead = await Promise.all(asked.map(({ body }) => readEvent(body)));
    const told = { kind: 'page', page: { incidentId: id, title, at: NOW.toISOString(), url: `https://sirt.pagerduty.com/incidents/${id}` } };
    expect(pagesRead).toMatchObject([
      { ...told, page: { ...told.page, type: 'triggered', key: 'k', priority: 'P2', service: 'SIRT pages', assignees: [ANA.id] } },
      { ...told, page: { ...told.page, type: 'annotated', note: 'looking', agent: { id: ANA.id } } },
      { ...told, page: { ...told.page, type: 'acknowledged', agent: { id: ANA.id } } },
    ]);
    expect(pagesRead[0]).not.toHaveProperty('page.agent');
    for (const { body, headers } of asked) expect(headers['x-pagerduty-signature']).toBe(`v1=${createHmac('sha256', secret).update(body).digest('hex')}`);
    expect(new Set(asked.map(({ headers }) => headers['x-webhook-id'])).size).toBe(3);
  });

  it.each([
    { name: 'is tried again after 503, with the same id', answers: [{ status: 503 }, { status: 201 }], attempts: [503, 201] },
    { name: 'is tried again after 429', answers: [{ status: 429 }, { status: 201 }], attempts: [429, 201] },
    { name: 'is tried again where no answer came', answers: ['cut' as const, { status: 201 }], attempts: [0, 201] },
    { name: 'is dropped after 400', answers: [{ status: 400 }], attempts: [400] },
    { name: 'is dropped after five attempts', answers: [{ status: 500 }], attempts: [500, 500, 500, 500, 500] },
  ])('one $name', async ({ answers, attempts }) => {
    const { webhooks } = await stage();
    const { address, asked } = await serve(...answers);
    webhooks.subscribe(address, secret);
    webhooks.ping();
    await webhooks.settled();
    expect(webhooks.deliveries).toMatchObject([{ type: 'ping', attempts }]);
    expect(new Set(asked.map(({ headers }) => headers['x-webhook-id'])).size).toBe(1);
    expect(await readEvent(asked[0]!.body)).toEqual({ kind: 'nothing', reason: "a test delivery: PagerDuty's webhook works" });
  });

  it('may come twice, as they were', async () => {
    const { pages, webhooks } = await stage();
    const { address, asked } = await serve({ status: 201 });
    webhooks.subscribe(address, secret);
    pages.trigger({ title });
    await webhooks.settled();
    webhooks.again(webhooks.deliveries[0]!);
    await webhooks.settled();
    expect(asked.map(({ body, headers }) => `${String(headers['x-webhook-id'])} ${body}`)).toEqual(Array(2).fill(`${webhooks.deliveries[0]!.webhookId} ${asked[0]!.body}`));
  });

  it('stop for a day after three that were dropped', async () => {
    const { pages, webhooks, clock } = await stage();
    const { address, asked } = await serve({ status: 404 });
    webhooks.subscribe(address, secret);
    for (let time = 0; time < 4; time += 1) pages.trigger({ title });
    await webhooks.settled();
    expect(asked).toHaveLength(3);
    clock.now = new Date(NOW.getTime() + 24 * 60 * 60_000);
    pages.trigger({ title });
    await webhooks.settled();
    expect(asked).toHaveLength(4);
  });

  it("start a pipeline by GitLab's trigger, whose payload is the event", async () => {
    const { pages, webhooks } = await stage();
    const { gitlab, call } = await stageGitLab();
    const seen: string[] = [];
    gitlab.pipelines.run = async ({ payloadPath = '' }) => {
      seen.push(await readFile(payloadPath, 'utf8'));
    };
    const { token } = await call('lea', 'POST', '/projects/42/triggers', { description: 'pagerduty' });
    webhooks.subscribe(`${gitlab.address}/api/v4/projects/42/ref/main/trigger/pipeline?token=${String(token)}`, secret);
    const { id } = pages.trigger({ title });
    await webhooks.settled();
    await gitlab.settled();
    expect(webhooks.deliveries[0]!.attempts).toEqual([201]);
    expect(JSON.parse(seen[0]!)).toMatchObject({ id: '42', ref: 'main', variables: {} });
    expect(await readEvent(seen[0])).toMatchObject({ kind: 'page', page: { type: 'triggered', incidentId: id } });
  });

  it.skipIf(!existsSync(new URL('pagerduty/', CONTRACT)))("have the fields of PagerDuty's own (skipped where ../shared is absent)", async () => {
    const { pages, webhooks } = await stage();
    const { address, asked } = await serve({ status: 201 });
    webhooks.subscribe(address, secret);
    const { id } = pages.trigger({ title, priority: 'P1' });
    pages.annotate(id, 'x', ANA);
    await webhooks.settled();
    const keys = (value: unknown): string[] => Object.keys(value as object).sort();
    const sample = (name: string): unknown => JSON.parse(readFileSync(new URL(`pagerduty/${name}`, CONTRACT), 'utf8'));
    const events = asked.map(({ body }) => (JSON.parse(body) as { event: { data: Record<string, unknown> } }).event);
    const { event } = sample('docs.incident.priority_updated.json') as { event: { data: { service: object; priority: object } } };
    expect(keys(events[0])).toEqual(keys(event));
    expect(keys(events[0]!.data)).toEqual(keys(sample('docs.data.incident.json')).filter((key) => key !== 'reopened_at'));
    for (const part of ['service', 'priority'] as const) expect(keys(events[0]!.data[part])).toEqual(keys(event.data[part]));
    expect(keys(events[1]!.data)).toEqual(keys(sample('docs.data.incident_note.json')));
  });
});
