import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SetupError } from '../../scripts/ci/errors.ts';
import { readEvent } from '../../scripts/read/event.ts';
import { SCHEMAS } from '../../scripts/schema/schemas.ts';

type Hook = { event: { event_type: string; resource_type: string; occurred_at: string; agent: unknown; data: Record<string, unknown> } };

const example = (name: string): Hook => JSON.parse(readFileSync(new URL(`../../schemas/examples/event-pagerduty/valid/${name}.json`, import.meta.url), 'utf8')) as Hook;
const triggered = example('triggered by an integration');
const read = (hook: unknown): Promise<unknown> => readEvent(JSON.stringify(hook));
const withEvent = (more: Partial<Hook['event']>): Hook => ({ ...triggered, event: { ...triggered.event, ...more } });
const withData = (more: object): Hook => withEvent({ data: { ...triggered.event.data, ...more } });

const page = {
  ...{ incidentId: 'Q1TOKEN7', title: 'Deploy token used from an unknown address', service: 'SIRT pages', urgency: 'high', priority: 'P2' },
  ...{ number: 1187, key: 'watchtower/311', url: 'https://sirt.pagerduty.com/incidents/Q1TOKEN7', escalationPolicyId: 'PESC01', assignees: ['PANA01'] },
};

describe('what PagerDuty says of a page', () => {
  it.each([
    { name: 'raised by an integration: nobody did it', hook: triggered, says: { ...page, type: 'triggered', at: '2026-11-20T01:58:04.512Z' } },
    {
      name: 'acknowledged by a person',
      hook: example('acknowledged by a person'),
      says: { ...page, type: 'acknowledged', at: '2026-11-20T02:07:31.040Z', agent: { id: 'PANA01' } },
    },
    {
      name: 'annotated: the service is not told',
      hook: example('annotated'),
      says: {
        ...{ type: 'annotated', at: '2026-11-20T02:31:00.000Z', agent: { id: 'PANA01' }, incidentId: 'Q1TOKEN7', title: page.title },
        ...{ service: '', url: page.url, note: 'the token is revoked', noteId: 'PNOTE01', assignees: [] },
      },
    },
    { name: 'at an hour elsewhere', hook: withEvent({ occurred_at: '2026-11-20T02:58:04+01:00' }), says: { ...page, type: 'triggered', at: '2026-11-20T01:58:04.000Z' } },
    {
      name: 'of which little is known',
      hook: withEvent({ agent: null, data: { id: 'Q1', type: 'incident' } }),
      says: { type: 'triggered', at: '2026-11-20T01:58:04.512Z', incidentId: 'Q1', title: '', service: '', assignees: [] },
    },
  ])('is read: $name', async ({ hook, says }) => {
    expect(await read(hook)).toEqual({ kind: 'page', page: says });
  });

  it.each(SCHEMAS.config.properties.pagerduty.properties.unverified.items.enum)('%s is an event of its own', async (type) => {
    expect(await read(withEvent({ event_type: `incident.${type}` }))).toMatchObject({ kind: 'page', page: { type } });
  });

  it.each([
    { name: 'an urgency of tomorrow', more: { urgency: 'medium' }, lacks: 'urgency' },
    { name: 'no priority', more: { priority: null }, lacks: 'priority' },
    { name: 'an address elsewhere', more: { html_url: 'https://evil.example.com/incidents/Q1TOKEN7' }, lacks: 'url' },
    { name: 'an address that only looks like it', more: { html_url: 'https://pagerduty.com.evil.example.com/' }, lacks: 'url' },
    { name: 'an address of a name that none has', more: { html_url: 'https:/}sirt.pagerduty.com/' }, lacks: 'url' },
    { name: 'an address with a user', more: { html_url: 'https://sirt.pagerduty.com@sirt.pagerduty.com/' }, lacks: 'url' },
    { name: 'an address without TLS', more: { html_url: 'http://sirt.pagerduty.com/' }, lacks: 'url' },
    { name: 'a program for an address', more: { html_url: 'javascript:alert(1)//.pagerduty.com' }, lacks: 'url' },
  ])('is left out where it cannot be taken: $name', async ({ more, lacks }) => {
    expect(await read(withData(more))).toMatchObject({ kind: 'page', page: { incidentId: 'Q1TOKEN7' } });
    expect(await read(withData(more))).not.toHaveProperty(`page.${lacks}`);
  });

  it('takes only people for people', async () => {
    const service = { id: 'PSIRT1', type: 'service_reference' };
    expect(await read(withData({ assignees: [service, { id: 'PANA01', type: 'user_reference' }, { id: 'PBEN01', type: 'user' }] }))).toMatchObject({ page: { assignees: ['PANA01', 'PBEN01'] } });
    expect(await read(withEvent({ agent: service }))).not.toHaveProperty('page.agent');
  });

  it.each([
    { name: 'the button for a test', event: { event_type: 'pagey.ping', resource_type: 'pagey', data: { message: 'Hello', type: 'ping' } }, reason: "a test delivery: PagerDuty's webhook works" },
    { name: 'a service', event: { event_type: 'service.updated', resource_type: 'service', data: { id: 'PSIRT1', type: 'service' } }, reason: 'not an event of a page' },
    { name: 'a responder', event: { event_type: 'incident.responder.added', data: { type: 'incident_responder' } }, reason: 'an event of a page that changes nothing for the duty' },
    { name: 'an event of tomorrow', event: { event_type: 'incident.triggered.again' }, reason: 'an event of a page that changes nothing for the duty' },
  ])('is nothing to do, with the reason: $name', async ({ event, reason }) => {
    expect(await read(withEvent(event))).toEqual({ kind: 'nothing', reason });
  });

  it.each([
    { name: 'an id that is a path', hook: withData({ id: '../users' }), says: /^The payload at \/event\/data\/id .*See docs\/pagerduty.md, "The webhook"\.$/ },
    { name: 'a time that is none', hook: withEvent({ occurred_at: '2026-11-20T23:59:60Z' }), says: /\/event\/occurred_at/ },
    { name: 'a day that is none', hook: withEvent({ occurred_at: '2026-02-30T10:00:00Z' }), says: /\/event\/occurred_at/ },
    { name: 'no incident', hook: withEvent({ data: { type: 'incident' } }), says: /\/event\/data/ },
  ])('is a setup error where PagerDuty would not write it: $name', async ({ hook, says }) => {
    await expect(read(hook)).rejects.toThrow(SetupError);
    await expect(read(hook)).rejects.toThrow(says);
  });
});
