import { describe, expect, it } from 'vitest';
import type { CallView } from '../../scripts/decide/words.ts';
import { readMarkers } from '../../scripts/read/markers.ts';
import { renderComment } from '../../scripts/render/comment.ts';
import { renderPage } from '../../scripts/render/page.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { bot } from '../support/snapshot.ts';

const PAGED = '2026-11-20T01:58:00.000Z';
const TAKEN = '2026-11-20T02:20:00.000Z';
type Words<W> = Extract<CallView, { words: W }>;

const ack: Words<'ack'> = { words: 'ack', pagedAt: PAGED, engaged: [], escalatedAt: [] };
const taken: Words<'ack'> = { ...ack, acknowledgedAt: TAKEN, by: 'ana', how: 'command', owner: 'ana' };
const first = { minutes: 15, tell: ['lea'], isNew: true };
const second = { minutes: 30, tell: ['kim', 'lea'], isNew: true };
const escalation: Words<'escalation'> = { words: 'escalation', steps: [first], pagedAt: PAGED, isObserved: false, policies: [], acknowledgedAt: '', by: '', isClosed: false, alarmResolvedAt: '' };
const bridge = { title: 'Active bridge', text: '' };
const slack = { title: 'Slack channels/threads', text: '#inc-7' };
const digest: Words<'digest'> = { words: 'digest', start: '2026-11-20T07:00:00.000Z', end: '2026-11-20T13:00:00.000Z', engineer: 'ana', tell: ['ben'], missed: [], seen: [], updates: [] };
const seen = { reference: 'sirt/incidents#9', by: 'ana', at: '2026-11-20T08:11:00.000Z', what: 'emoji' };

const SHIFT = { engineer: 'ana', start: '2026-11-19T20:00:00.000Z', end: '2026-11-20T08:00:00.000Z' };
const handoff: Words<'handoff'> = {
  ...{ words: 'handoff', at: SHIFT.end, from: 'ana', to: 'ben', owner: 'ana', isCommanded: false, isObserved: false, asks: true },
  fields: [
    { title: 'Issue summary', text: 'token revoked | reading the logs\n/close @all', isMissing: false },
    { title: 'Active bridge', text: '', isMissing: true },
  ],
  ...{ missing: ['Active bridge'], acceptedAt: '', acceptedBy: '' },
};
const row = { reference: 'sirt/incidents#7', severity: 'S2', responsible: 'ben', missing: ['Active bridge'], fields: [{ title: 'Issue summary', text: 'token `revoked`' }] };
const shiftHandoff: Words<'shift-handoff'> = {
  ...{ words: 'shift-handoff', at: SHIFT.end, from: 'ana', to: 'ben', asks: true, isObserved: false },
  rows: [row, { reference: 'sirt/incidents#8', severity: '', responsible: '', missing: [], fields: [] }],
  ...{ paperwork: ['sirt/incidents#5'], before: 'sirt/incidents#44', acceptedAt: '', acceptedBy: '' },
};
const log: Words<'log'> = {
  ...{ words: 'log', ...SHIFT, open: [], paperwork: [], pages: [], more: 0 },
  windows: [
    { start: SHIFT.start, end: PAGED, state: 'told', seen: 0, missed: 0 },
    { start: PAGED, end: SHIFT.end, state: 'to come', seen: 0, missed: 0 },
  ],
  ...{ before: 'sirt/incidents#44', beforeBy: 'ben', after: '', afterBy: '', handedAt: '' },
};

const weeks = [4, 2, 0, 5, 3, 3, 7, 4, 1, 2, 6, 3].map((opened, n) => ({ name: `W${36 + n}`, opened, closed: (opened * 3 + n) % 6 }));
const none = { rows: [], count: 0, more: 0 };
const quiet: Words<'weekly-review'> = {
  ...{ words: 'weekly-review', week: '2026-W47', from: '2026-11-16', to: '2026-11-22', missing: [], weeks: weeks.map(({ name }) => ({ name, opened: 0, closed: 0 })), most: 1 },
  numbers: ['Incidents opened', 'Incidents closed', 'Open at its end'].map((title) => ({ title, unit: 'count', now: 0, before: 0 })),
  ...{ open: none, closed: none, overrides: [], disputes: [], changed: [], unaccepted: [], followUps: none, analyses: none },
};
const reviewed: Words<'weekly-review'> = {
  ...{
    ...quiet,
    weeks,
    most: 7,
    missing: [
      { code: 'IMPROVEMENT_NOTES_MISSING', count: 5 },
      { code: 'OWNER_MISSING', count: 2 },
    ],
  },
  numbers: [
    { title: 'Incidents opened', unit: 'count', now: 3, before: 6 },
    { title: 'Time to acknowledge, median', unit: 'minutes', now: 4.5, before: 12 },
    { title: 'Time to resolve, median', unit: 'minutes', now: 312, before: null },
    { title: 'Reopened by the gate', unit: 'rate', now: 0.25, before: 0.1111 },
  ],
  open: {
    ...{ count: 62, more: 60 },
    rows: [
      {
        ...{ reference: 'sirt/incidents#7', severity: 'S1', status: 'open', since: PAGED, blockers: ['escalated', 'update due'], missing: [] },
        told: [
          { title: 'Scope', text: 'deploy-token service | projects 311 and 312\n/close @all' },
          { title: 'Impact', text: 'none known' },
          { title: 'Work done', text: 'tokens revoked' },
          { title: 'Next steps', text: 'read the rest of the logs until noon' },
        ],
      },
      { reference: 'sirt/incidents#9', severity: '', status: 'open', since: PAGED, blockers: ['blocked'], missing: ['OWNER_MISSING', 'SUMMARY_MISSING'], told: [] },
    ],
  },
  closed: {
    ...{ count: 1, more: 0 },
    rows: [{ reference: 'sirt/incidents#5', severity: 'S3', status: 'closed, verified', since: TAKEN, blockers: [], missing: [], told: [{ title: 'Scope', text: 'one laptop' }] }],
  },
  overrides: [
    { reference: 'sirt/incidents#3', by: 'lea' },
    { reference: 'sirt/incidents#4', by: '' },
  ],
  ...{ disputes: ['sirt/incidents#2'], changed: ['sirt/incidents#1'], unaccepted: [{ reference: 'sirt/incidents#44', by: 'ben' }] },
  followUps: {
    ...{ count: 3, more: 1 },
    rows: [
      { reference: 'sirt/incidents#12', dueOn: '2026-11-10', tell: ['ana', 'ben'] },
      { reference: 'sirt/incidents#13', dueOn: '2026-11-18', tell: [] },
    ],
  },
  analyses: { count: 1, more: 0, rows: [{ reference: 'sirt/incidents#14', dueOn: '2026-11-20', tell: ['lea'] }] },
};

const VIEWS: readonly { name: string; view: CallView }[] = [
  { name: 'ack, waiting', view: { ...ack, escalatedAt: ['2026-11-20T02:13:00.000Z'] } },
  { name: 'ack, taken', view: taken },
  {
    name: 'ack, taken in PagerDuty, handed over, resolved',
    view: { ...taken, how: 'pagerduty', owner: 'ben', engaged: ['ben', 'lea'], alarmResolvedAt: '2026-11-20T02:40:00.000Z', updatedAt: '2026-11-20T02:31:00.000Z' },
  },
  { name: 'ack, taken by nobody we know', view: { ...ack, acknowledgedAt: TAKEN, how: 'pagerduty' } },
  { name: 'ack, nothing to tell', view: { ...ack, pagedAt: '' } },
  { name: 'escalation, first step', view: escalation },
  { name: 'escalation, second step, by GitLab too', view: { ...escalation, steps: [{ ...first, isNew: false }, second], policies: ['Managers'] } },
  { name: 'escalation, nobody named', view: { ...escalation, steps: [{ ...first, tell: [] }] } },
  { name: 'escalation, observed', view: { ...escalation, steps: [{ ...first, isNew: false }], isObserved: true } },
  { name: 'escalation, acknowledged', view: { ...escalation, policies: ['Managers'], acknowledgedAt: TAKEN, by: 'ana' } },
  { name: 'escalation, closed', view: { ...escalation, isClosed: true } },
  { name: 'escalation, resolved', view: { ...escalation, alarmResolvedAt: TAKEN } },
  { name: 'owner', view: { words: 'owner', owner: 'ana', by: 'lea' } },
  { name: 'analysis-overdue', view: { words: 'analysis-overdue', tell: ['ben', 'dora'], dueOn: '2026-12-01', isAssigned: true } },
  { name: 'analysis-overdue, nobody assigned', view: { words: 'analysis-overdue', tell: ['lea'], dueOn: '2026-12-01', isAssigned: false } },
  { name: 'update-due', view: { words: 'update-due', tell: 'ana', since: TAKEN, minutes: 120 } },
  {
    name: 'update',
    view: {
      ...{ words: 'update', by: 'ana', at: TAKEN, cannotSee: ['dora'] },
      fields: [
        { title: 'Severity', text: 'S2' },
        { title: 'Affected systems', text: 'deploy-token service' },
      ],
      lines: ['The token is revoked.', 'Next: the access logs, by 04:00 UTC.'],
    },
  },
  { name: 'major, by command', view: { words: 'major', tell: ['lea'], template: '', severity: 2, by: 'ana', places: [bridge, slack] } },
  { name: 'major, by severity', view: { words: 'major', tell: [], template: '', severity: 1, by: '', places: [bridge] } },
  { name: 'major-check', view: { words: 'major-check', tell: 'ana', missing: ['Active bridge', 'Slack channels/threads'] } },
  { name: 'page-note', view: { words: 'page-note', by: 'PXPGF42', text: 'looks like the load test\n/close @all' } },
  { name: 'on-call', view: { words: 'on-call', tell: 'ana' } },
  { name: 'digest, all looked at', view: { ...digest, seen: [seen] } },
  {
    name: 'digest, some missed',
    view: { ...digest, missed: ['sirt/incidents#7', 'sirt/incidents#8'], seen: [seen], updates: ['sirt/incidents#7'] },
  },
  { name: 'handoff, asked for', view: handoff },
  { name: 'handoff, observed, nobody took the page', view: { ...handoff, asks: false, isObserved: true, owner: '', isCommanded: true } },
  { name: 'handoff, accepted', view: { ...handoff, asks: false, owner: 'ben', missing: [], acceptedAt: TAKEN, acceptedBy: 'lea' } },
  { name: 'handoff-late', view: { words: 'handoff-late', tell: 'lea', to: 'ben', minutes: 31, references: [] } },
  { name: 'handoff-late, of a shift', view: { words: 'handoff-late', tell: 'lea', to: 'ben', minutes: 65, references: ['sirt/incidents#7', 'sirt/incidents#8'] } },
  { name: 'handoff-due', view: { words: 'handoff-due', tell: 'ana', at: SHIFT.end, to: 'ben', rows: [row], paperwork: ['sirt/incidents#5'], lacksNotes: true } },
  { name: 'shift-handoff', view: shiftHandoff },
  { name: 'shift-handoff, accepted', view: { ...shiftHandoff, asks: false, acceptedAt: TAKEN, acceptedBy: 'ben' } },
  { name: 'shift-handoff, nothing open', view: { ...shiftHandoff, asks: false, rows: [], paperwork: [] } },
  { name: 'log, of a quiet shift', view: log },
  {
    name: 'log, of a shift with pages',
    view: {
      ...{ ...log, paperwork: ['sirt/incidents#5'], more: 2, after: 'sirt/incidents#46', afterBy: 'ben', handedAt: SHIFT.end },
      open: [
        { severity: 'S2', references: ['sirt/incidents#7', 'sirt/incidents#8'] },
        { severity: 'none yet', references: ['sirt/incidents#9'] },
      ],
      windows: [
        { ...log.windows[0]!, state: 'told', seen: 3, missed: 1 },
        { ...log.windows[1]!, state: 'over' },
      ],
      pages: [
        { reference: 'sirt/incidents#7', at: PAGED, isOpen: true, minutes: 1 },
        { reference: 'sirt/incidents#8', at: PAGED, isOpen: true, minutes: null },
        { reference: 'sirt/incidents#9', at: PAGED, isOpen: false, minutes: null },
      ],
    },
  },
  { name: 'weekly-review', view: reviewed },
  { name: 'weekly-review, nothing to tell', view: quiet },
  {
    name: 'reply, refusals',
    view: {
      ...{ words: 'reply', to: 'ana' },
      lines: (
        [
          ...(['role', 'argument', 'unknown user', 'not a member', 'no page', 'not open', 'paperwork', 'settled'] as const),
          ...(['nobody on call', 'nothing handed over', 'not yours', 'no incident', 'analysis', 'quiet', 'off'] as const),
        ] as const
      ).map((why) => ({ command: 'transfer', why })),
    },
  },
  { name: 'reply, who', view: { words: 'reply', to: 'ana', lines: [{ command: 'who', why: 'answer', engineer: 'ana', manager: 'lea', owner: 'ben' }] } },
  { name: 'reply, who, nobody known', view: { words: 'reply', to: 'ana', lines: [{ command: 'who', why: 'answer', engineer: '', manager: '', owner: '' }] } },
  { name: 'reply, help', view: { words: 'reply', to: 'ana', lines: [{ command: 'help', why: 'answer' }] } },
];

const bodyOf = (view: CallView): string => renderComment({ slot: view.words, delivery: 'call', facts: { at: PAGED }, view });

describe('a comment of the duty', () => {
  it.each(VIEWS)('$name', async ({ name, view }) => {
    await expect(bodyOf(view)).toMatchFileSnapshot(`comments/${name}.md`);
  });

  it.each(VIEWS)('$name is found again by its marker', ({ view }) => {
    expect(readMarkers([{ id: 5, body: bodyOf(view), author: bot, system: false, createdAt: '' }], bot, [])).toMatchObject([{ slot: view.words, own: true, facts: { at: PAGED } }]);
  });

  it.each([
    { name: 'escalation, first step', calls: ['lea'] },
    { name: 'escalation, second step, by GitLab too', calls: ['kim', 'lea'] },
    { name: 'escalation, observed', calls: [] },
    { name: 'escalation, acknowledged', calls: [] },
    { name: 'ack, taken in PagerDuty, handed over, resolved', calls: [] },
    { name: 'owner', calls: ['ana'] },
    { name: 'digest, all looked at', calls: [] },
    { name: 'digest, some missed', calls: ['ben'] },
    { name: 'update', calls: [] },
    { name: 'handoff, asked for', calls: ['ben'] },
    { name: 'handoff, accepted', calls: [] },
    { name: 'handoff-late', calls: ['lea'] },
    { name: 'handoff-due', calls: ['ana'] },
    { name: 'shift-handoff', calls: ['ben'] },
    { name: 'shift-handoff, accepted', calls: [] },
    { name: 'log, of a shift with pages', calls: [] },
    { name: 'weekly-review', calls: [] },
  ])('$name calls $calls', ({ name, calls }) => {
    const { view } = VIEWS.find((each) => each.name === name)!;
    const outsideCode = bodyOf(view).replace(/`[^`]*`/g, '');
    expect([...outsideCode.matchAll(/@(\w+)/g)].map(([, user]) => user)).toEqual(calls);
  });

  it.each(['acknowledged', 'closed', 'resolved'])('an escalation that is over, %s, pages nobody by GitLab', (how) => {
    const over = VIEWS.find(({ name }) => name === `escalation, ${how}`)!.view as CallView & { words: 'escalation' };
    expect(bodyOf({ ...over, policies: ['Managers'] })).not.toContain('/page');
  });
});

describe('the description of a page', () => {
  const page = { kind: 'page', type: 'triggered', incidentId: 'Q0BZQFT6J2VM0L', at: PAGED, service: 'deploy tokens', title: 'Token used from a new network' } as const;
  it.each([
    { name: 'page, all told', more: { urgency: 'high', priority: 'P2', number: 311, url: 'https://sirt.pagerduty.com/incidents/Q0BZQFT6J2VM0L' } },
    { name: 'page, hostile', more: { title: '```\n/close @all <!-- watchkeeper:gate -->', service: '' } },
  ])('$name', async ({ name, more }) => {
    const description = renderPage({ ...page, ...more } as never, OUR_FORM);
    await expect(description.split('\n## Summary')[0]).toMatchFileSnapshot(`comments/${name}.md`);
  });
});
