import { describe, it } from 'vitest';
import { at, calls, does, expectEnd, run, says, sweeps, sweepsAt, taken, type Life, type Row } from '../support/duty.ts';

/** A ticket of ten days ago that is on call since then. */
const ticket = { type: 'issue', labels: ['oncall'], createdAt: '2026-11-10T10:00:00.000Z', updatedAt: '2026-11-10T10:00:00.000Z' } satisfies Life['issue'];
const unseen = { labels: ['oncall', 'review::due'] };
const seen = { labels: ['oncall'] };

describe('what came on call is announced to the engineer once', () => {
  const other = { ...ticket, labels: [] };
  it.each<Row>([
    { name: 'by the event', issue: other, happens: [at('10:30', does('lea', { addLabels: ['oncall'] }), run), sweeps], ...seen, says: { 'on-call': calls('ana') } },
    { name: 'by the sweep', issue: other, happens: [at('10:30', does('lea', { addLabels: ['oncall'] })), at('11:00', sweeps)], ...seen, says: { 'on-call': calls('ana') } },
    {
      name: 'once, though the label goes and comes',
      issue: other,
      happens: [at('10:30', does('lea', { addLabels: ['oncall'] }), run), at('11:00', does('lea', { removeLabels: ['oncall'] }), run), at('11:10', does('lea', { addLabels: ['oncall'] }), run)],
      ...seen,
      says: { 'on-call': calls('ana') },
    },
    { name: 'not by night', issue: other, happens: [at('22:00', does('lea', { addLabels: ['oncall'] }), run), at('23:00', sweeps)], ...seen },
    {
      name: 'in the morning after, to the engineer of the day',
      issue: other,
      happens: [at('22:00', does('lea', { addLabels: ['oncall'] }), run), ...sweepsAt('23:00', '09:10')],
      ...unseen,
      says: { 'on-call': calls('ana') },
    },
    { name: 'not to the engineer who labelled it', issue: other, happens: [at('10:30', does('ana', { addLabels: ['oncall'] }), run), sweeps], ...seen },
    {
      name: 'not what is a page',
      issue: { labels: ['oncall'] },
      happens: [run, at('10:05', says('ben', '/ack'), run), at('11:00', sweeps)],
      labels: ['ack::done', 'oncall'],
      says: { ack: taken('ben', '10:05') },
    },
    { name: 'not what was opened before and is on call since', issue: ticket, happens: [at('10:30', does('lea', { title: 'Rotate it' }), run), sweeps], ...unseen },
    { name: 'not what a Maintainer silenced', issue: other, happens: [at('10:30', does('lea', { addLabels: ['oncall', 'watchkeeper::off'] }), run), sweeps], labels: ['oncall', 'watchkeeper::off'] },
    { name: 'not without a roster', issue: other, config: { roster: undefined, escalation: {} }, happens: [at('10:30', does('lea', { addLabels: ['oncall'] }), run)], ...seen },
  ])('$name', expectEnd);
});
