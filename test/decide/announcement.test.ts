import { describe, expect, it } from 'vitest';
import { announcedSince, decideAnnouncement } from '../../scripts/decide/announcement.ts';
import { isDue } from '../../scripts/decide/due.ts';
import { lookBackMs } from '../../scripts/read/candidates.ts';
import type { Issue } from '../../scripts/gitlab/port.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import type { AckFacts } from '../../scripts/schema/types.gen.ts';
import { ana, ben, config, lea, NOW, snapshot } from '../support/snapshot.ts';

/** @ana is on call, from 08:00 on, and @ben by night; it is 10:00. */
const engineers = { fallback: '@lea', layers: [{ name: 'all', start: '2026-11-20', rotation: ['@ana', '@ben'], rotate: 'shift', shifts: [{ from: '08:00' }, { from: '20:00' }] }] };
const ROSTER = { roster: { engineers } };
const LABELLED = '2026-11-20T09:30:00.000Z';
const ticket: Partial<Issue> = { state: 'opened', closedAt: undefined, isIncidentType: false, labels: ['oncall'], createdAt: '2026-11-10T08:00:00.000Z', updatedAt: LABELLED };
const marked = (slot: string): Snapshot['marked'] => [{ slot, noteId: 50, body: '', facts: {}, own: true }];
const comment = (author: Snapshot['comments'][number]['author'], at: string): Snapshot['comments'] => [{ noteId: 60, author, at }];

describe('an issue that came on call', () => {
  type Row = { name: string; told: boolean; issue?: Partial<Issue>; around?: Partial<Snapshot>; facts?: AckFacts; more?: object; now?: string };
  it.each<Row>([
    { name: 'is announced to the engineer', told: true },
    { name: 'is announced once', around: { marked: marked('on-call') }, told: false },
    { name: 'is announced though another comment of ours stands', around: { marked: marked('ack') }, told: true },
    { name: 'is not announced by night', now: '2026-11-20T06:59:00.000Z', around: { labelledAt: '2026-11-20T03:00:00.000Z' }, told: false },
    { name: 'is not announced a day later', now: '2026-11-21T09:31:00.000Z', issue: { updatedAt: '2026-11-21T09:00:00.000Z' }, told: false },
    { name: 'is not announced where nobody labelled it of late', around: { labelledAt: undefined }, told: false },
    { name: 'is not announced once the label is gone', issue: { labels: ['vip'] }, told: false },
    { name: 'is not announced when it is closed', issue: { state: 'closed' }, told: false },
    { name: 'is not announced to the engineer who labelled it', around: { labelledBy: ana }, told: false },
    { name: 'is announced to the engineer where another labelled it', around: { labelledBy: ben }, told: true },
    { name: 'is not announced to the engineer who has commented on it since', around: { comments: comment(ana, '2026-11-20T09:40:00.000Z') }, told: false },
    { name: 'is announced to the engineer who commented on it before', around: { comments: comment(ana, '2026-11-20T09:20:00.000Z') }, told: true },
    { name: 'is announced though somebody else commented', around: { comments: comment(lea, '2026-11-20T09:40:00.000Z') }, told: true },
    { name: 'is not announced where review only observes', more: { review: { mode: 'observe' } }, told: false },
    { name: 'is not announced where there is no review', more: { review: { mode: 'off' } }, told: false },
    { name: 'is not announced without a roster', more: { roster: undefined }, told: false },
    { name: 'is not announced where it is a page that waits', issue: { isIncidentType: true, labels: ['oncall', 'ack::pending'] }, around: { incident: 'now' }, told: false },
    { name: 'is not announced where it is an incident of today', issue: { isIncidentType: true, createdAt: '2026-11-20T09:29:00.000Z' }, around: { incident: 'now' }, told: false },
    {
      name: 'is not announced where the page was taken after it was labelled',
      issue: { isIncidentType: true, labels: ['oncall', 'ack::done'], createdAt: '2026-11-20T09:29:00.000Z' },
      around: { incident: 'now' },
      facts: { by: 2, at: '2026-11-20T09:35:00.000Z' },
      told: false,
    },
    {
      name: 'is announced where an incident that was taken before is put on call',
      issue: { isIncidentType: true, labels: ['oncall', 'ack::done'] },
      around: { incident: 'now' },
      facts: { by: 2, at: '2026-11-20T09:00:00.000Z' },
      told: true,
    },
    { name: 'is not announced where it is a page that nobody took', issue: { isIncidentType: true }, around: { incident: 'now', duty: { pagerduty: 'Q1' } }, told: false },
    { name: 'is announced where it is an old incident that nobody was paged for', issue: { isIncidentType: true }, around: { incident: 'now' }, told: true },
  ])('$name', ({ issue, around, facts = {}, more, now = NOW, told }) => {
    const seen = snapshot({ ...ticket, ...issue }, { incident: 'no', labelledAt: LABELLED, ...around });
    const { comment: said } = decideAnnouncement(seen, facts, config({ ...ROSTER, ...more }), new Date(now));
    expect(said).toEqual(told ? { slot: 'on-call', delivery: 'call', facts: { at: LABELLED, said: expect.any(String) as string }, view: { words: 'on-call', tell: 'ana' } } : undefined);
  });

  it.each([
    { name: 'is read for it by day', issue: {}, now: '2026-11-20T10:00:00.000Z', since: '2026-11-19T10:00:00.000Z' },
    { name: 'is not read for it by night', issue: {}, now: '2026-11-20T20:30:00.000Z', since: undefined },
    { name: 'is not read for it where it is an incident of today', issue: { isIncidentType: true, createdAt: LABELLED }, now: '2026-11-20T10:00:00.000Z', since: undefined },
    {
      name: 'is read for it where it is an incident of today that was taken',
      issue: { isIncidentType: true, createdAt: LABELLED, labels: ['oncall', 'ack::done'] },
      now: '2026-11-20T10:00:00.000Z',
      since: '2026-11-19T10:00:00.000Z',
    },
    {
      name: 'is not read for it where somebody is waited for still',
      issue: { isIncidentType: true, labels: ['oncall', 'ack::escalated'] },
      now: '2026-11-20T10:00:00.000Z',
      since: undefined,
    },
    { name: 'is not read for it when untouched for a day', issue: { updatedAt: '2026-11-19T09:59:59.000Z' }, now: '2026-11-20T10:00:00.000Z', since: undefined },
  ])('$name', ({ issue, now, since }) => {
    expect(announcedSince(snapshot({ ...ticket, ...issue }).issue, config(ROSTER), new Date(now))).toBe(since);
  });

  it.each([
    { name: 'by night is due when day comes', updatedAt: '2026-11-20T04:00:00.000Z', now: '2026-11-20T09:10:00.000Z', due: true },
    { name: 'by night is not due before', updatedAt: '2026-11-20T04:00:00.000Z', now: '2026-11-20T08:50:00.000Z', due: false },
    { name: 'by night is not due again later', updatedAt: '2026-11-20T04:00:00.000Z', now: '2026-11-20T11:02:00.000Z', due: false },
    { name: 'long ago is not due when day comes', updatedAt: '2026-11-19T04:00:00.000Z', now: '2026-11-20T09:10:00.000Z', due: false },
  ])('$name', ({ updatedAt, now, due }) => {
    // No window has ended yet since the roster began, so that no review is due.
    const { issue } = snapshot({ ...ticket, updatedAt, createdAt: '2026-11-18T02:30:00.000Z' });
    const installation = config(ROSTER);
    expect(isDue(issue, installation, new Date(now), lookBackMs(installation))).toBe(due);
  });
});
