import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readEvent } from '../../scripts/read/event.ts';
import { CONTRACT, HAS_CONTRACT } from '../support/contract.ts';

const FOLDER = new URL('pagerduty/', CONTRACT);
const samples = HAS_CONTRACT ? readdirSync(FOLDER).filter((name) => name.endsWith('.json')) : [];
const json = (name: string): object => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as object;
const delivered = { id: '99', ref: 'main', variables: {} };
/** A delivery around what the documentation shows alone. */
const around = (type: string, data: object): object => ({
  event: { id: '01', event_type: `incident.${type}`, resource_type: 'incident', occurred_at: '2026-11-20T01:58:00.000Z', agent: null, client: null, data },
});

describe.skipIf(!HAS_CONTRACT)("against PagerDuty's own deliveries and documentation (skipped where ../shared is absent)", () => {
  it.each(samples.filter((name) => /^(?:docs\.)?incident\./.test(name)))('%s is read as the page that it is of', async (name) => {
    const payload = json(name) as { event: { event_type: string; occurred_at: string; data: { id: string; type: string; title?: string; incident?: { id: string; summary: string } } } };
    const { data, event_type: type, occurred_at: at } = payload.event;
    const told = data.incident ?? data;
    expect(await readEvent(JSON.stringify({ ...payload, ...delivered }))).toMatchObject({
      kind: 'page',
      page: {
        type: type.replace('incident.', ''),
        at,
        incidentId: told.id,
        title: 'summary' in told ? told.summary : data.title,
        agent: { id: expect.stringMatching(/^P/) as string },
        url: expect.stringContaining(told.id) as string,
      },
    });
  });

  it.each([
    { name: 'docs.data.incident.json', type: 'triggered', page: { incidentId: 'PGR0VU2', service: 'API Service', priority: 'P1', urgency: 'high', number: 2, assignees: ['PTUXL6G'] } },
    { name: 'docs.data.incident_note.json', type: 'annotated', page: { incidentId: 'PGR0VU2', title: 'A little bump in the road', note: 'I sure am glad we are using PagerDuty!' } },
  ])('$name is read', async ({ name, type, page }) => {
    expect(await readEvent(JSON.stringify({ ...around(type, json(name)), ...delivered }))).toMatchObject({ kind: 'page', page });
  });

  it('knows every sample', () => {
    expect(samples.filter((name) => !/^(?:docs\.)?incident\.|^docs\.data\.|^docs\.webhook_subscription_request/.test(name))).toEqual([]);
    expect(samples.length).toBeGreaterThanOrEqual(9);
  });
});
