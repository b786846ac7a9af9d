import { describe, it } from 'vitest';
import { at, calls, does, expectEnd, looks, run, says, sweeps, sweepsAt, taken, type Life, type Row } from '../support/duty.ts';

/** A ticket of ten days ago that is on call since then. */
const ticket = { type: 'issue', labels: ['oncall'], createdAt: '2026-11-10T10:00:00.000Z', updatedAt: '2026-11-10T10:00:00.000Z' } satisfies Life['issue'];
const unseen = { labels: ['oncall', 'review::due'] };
const seen = { labels: ['oncall'] };

describe('review: what is on call is looked at in each half of a shift', () => {
  it.each<Row>([
    {
      name: 'is not due before the window ends',
      issue: { ...ticket, createdAt: '2026-11-20T08:30:00.000Z', updatedAt: '2026-11-20T08:30:00.000Z' },
      happens: [looks('ana'), ...sweepsAt('13:50')],
      ...seen,
    },
    { name: 'is due when nobody looked', issue: ticket, happens: [at('14:10', sweeps)], ...unseen },
    { name: 'is not due after a comment by the engineer', issue: ticket, happens: [at('11:00', says('ana', 'Waits for the vendor.')), at('14:10', sweeps)], ...seen },
    { name: 'is due though others comment', issue: ticket, happens: [at('11:00', says('ben', 'Waits for the vendor.')), at('14:10', sweeps)], ...unseen },
    { name: 'is not due after /reviewed by anybody who may', issue: ticket, happens: [at('11:00', says('ben', '/reviewed'), run), at('14:10', sweeps)], ...seen, says: { ack: /./ } },
    {
      name: 'is due after /reviewed by somebody who may not',
      issue: ticket,
      happens: [at('11:00', says('gus', '/reviewed'), run), at('14:10', sweeps)],
      ...unseen,
      says: { 'reply-n': /^@gus: `\/reviewed`/ },
    },
    { name: 'is not due after the eyes of the engineer', issue: ticket, happens: [at('11:00', looks('ana')), at('14:10', sweeps)], ...seen },
    { name: 'is due after the eyes of others', issue: ticket, happens: [at('11:00', looks('ben')), at('14:10', sweeps)], ...unseen },
    { name: 'is due after another emoji', issue: ticket, happens: [at('11:00', looks('ana', 'thumbsup')), at('14:10', sweeps)], ...unseen },
    { name: 'is due though it was touched otherwise', issue: ticket, happens: [at('13:55', does('ana', { addLabels: ['vip'] })), at('14:10', sweeps)], labels: ['oncall', 'review::due', 'vip'] },
    { name: 'is due no more when the engineer looks late', issue: ticket, happens: [at('14:10', sweeps), at('14:20', looks('ana')), at('15:10', sweeps)], ...seen },
    { name: 'is due no more when the engineer comments late, by that event', issue: ticket, happens: [at('14:10', sweeps), at('14:20', says('ana', 'Still waits.'), run)], ...seen },
    { name: 'is due again in the next window, for which an earlier look does not count', issue: ticket, happens: [at('11:00', looks('ana')), ...sweepsAt('14:10', '20:10')], ...unseen },
    {
      name: 'is not due in the next window when it is looked at in each',
      issue: ticket,
      happens: [at('11:00', looks('ana')), at('14:10', sweeps), at('15:00', says('ana', 'Still waits.')), at('20:10', sweeps)],
      ...seen,
    },
    { name: 'counts the engineer of the hour, by night too', issue: ticket, happens: [at('21:00', looks('ben')), at('02:10', sweeps)], ...seen },
    { name: 'does not count the engineer of the other shift', issue: ticket, happens: [at('21:00', looks('ana')), at('02:10', sweeps)], ...unseen },
    { name: 'is due however late the sweep comes', issue: ticket, happens: [at('19:50', sweeps)], ...unseen },
    {
      name: 'is not due in the window in which it came on call',
      issue: { ...ticket, labels: [] },
      happens: [at('13:00', does('ana', { addLabels: ['oncall'] })), at('14:10', sweeps)],
      ...seen,
    },
    {
      name: 'is due in the window after it came on call',
      issue: { ...ticket, labels: [] },
      happens: [at('13:00', does('ana', { addLabels: ['oncall'] })), ...sweepsAt('14:10', '20:10')],
      ...unseen,
    },
    {
      name: 'is not due in the window in which it was opened',
      issue: { ...ticket, createdAt: '2026-11-20T09:00:00.000Z', updatedAt: '2026-11-20T09:00:00.000Z' },
      happens: [does('ana', { title: 'Rotate it' }), at('14:10', sweeps)],
      ...seen,
      says: {},
    },
    { name: 'is due no more when it is not on call any more', issue: ticket, happens: [at('14:10', sweeps), at('14:20', does('ana', { removeLabels: ['oncall'] }), run)], labels: [] },
    { name: 'is due no more when it is closed', issue: ticket, happens: [at('14:10', sweeps), at('14:20', does('ana', { stateEvent: 'close' }), run)], ...seen },
    { name: 'is labelled where review observes', issue: ticket, config: { review: { mode: 'observe' } }, happens: [at('14:10', sweeps)], ...unseen },
    { name: 'is not asked for where it is off', issue: ticket, config: { review: { mode: 'off' } }, happens: [at('14:10', sweeps)], ...seen },
    {
      name: 'is asked for under the label that the team uses',
      issue: { ...ticket, labels: ['duty'] },
      config: { review: { label: 'duty' } },
      happens: [at('14:10', sweeps)],
      labels: ['duty', 'review::due'],
    },
    { name: 'is not asked for what a Maintainer silenced', issue: ticket, happens: [does('lea', { addLabels: ['watchkeeper::off'] }), at('14:10', sweeps)], labels: ['oncall', 'watchkeeper::off'] },
    {
      name: 'is not asked for an incident that is mere paperwork',
      issue: { labels: ['oncall'], createdAt: '2026-11-20T07:00:00.000Z', updatedAt: '2026-11-20T07:00:00.000Z' },
      happens: [at('10:05', does('ana', { stateEvent: 'close' }), run), at('14:10', sweeps)],
      labels: ['closure::blocked', 'oncall'],
      says: { gate: /^@ana, reopened/ },
    },
  ])('$name', expectEnd);
});

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
