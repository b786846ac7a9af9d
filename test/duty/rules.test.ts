import { describe, expect, it } from 'vitest';
import { acknowledges, assigns, at, does, live, opens, pagerduty, run, says, sweeps, type Life, type Standing } from '../support/duty.ts';

/** A row of a rule: what happens, and what stands in the end. `says` are the slots of all our comments, with words of each. */
type Row = Life & { name: string; labels: string[]; says?: Record<string, string | RegExp>; silent?: Record<string, string | RegExp>; assignees?: string[]; status?: string; timeline?: string[] };

async function expectEnd({ labels, says: wanted = {}, silent = {}, assignees, status, timeline, ...life }: Row): Promise<void> {
  const { end, again } = await live(life);
  expect(end.labels).toEqual([...labels].sort());
  expect(Object.keys(end.says).sort()).toEqual(Object.keys(wanted).sort());
  for (const [slot, words] of Object.entries(wanted)) expect(end.says[slot]).toMatch(words);
  for (const [slot, words] of Object.entries(silent)) expect(end.says[slot]).not.toMatch(words);
  const rest = { ...(assignees ? { assignees } : {}), ...(status ? { status } : {}), ...(timeline ? { timeline } : {}) } satisfies Partial<Standing>;
  expect(end).toMatchObject(rest);
  expect(again, 'writes of another run and another sweep').toBe(0);
}

const taken = (by: string, time: string): RegExp => new RegExp(`^Acknowledged by \`?@?${by}\`? at 2026-11-20 ${time}`);
const done = { labels: ['ack::done'], status: 'ACKNOWLEDGED' };

describe('acknowledgement: the first counts, and owns the incident', () => {
  it.each<Row>([
    { name: 'nobody has acknowledged yet', happens: [run], labels: ['ack::pending'], assignees: [], status: 'TRIGGERED', timeline: [] },
    {
      name: 'by /ack',
      happens: [run, at('10:05', says('ana', '/ack'), run)],
      ...done,
      says: { ack: taken('ana', '10:05') },
      assignees: ['ana'],
      timeline: ['10:05 Page acknowledged'],
    },
    { name: 'by assigning oneself', happens: [run, at('10:05', assigns('ana', 'ana'), run)], ...done, says: { ack: taken('ana', '10:05') }, assignees: ['ana'], timeline: ['10:05 Page acknowledged'] },
    { name: "by GitLab's own status", happens: [run, at('10:05', acknowledges('ben'), run)], ...done, says: { ack: taken('ben', '10:05') }, assignees: ['ben'], timeline: ['10:05 Page acknowledged'] },
    {
      name: 'in PagerDuty',
      happens: [run, at('10:05', pagerduty({ acknowledged: ['ben', '2026-11-20T10:04:00.000Z'] }))],
      ...done,
      says: { ack: taken('ben', '10:04') },
      assignees: ['ben'],
      timeline: ['10:04 Page acknowledged'],
    },
    {
      name: 'in PagerDuty, by somebody whom `people` does not name: nobody owns it yet',
      happens: [run, at('10:05', pagerduty({ acknowledged: [undefined, '2026-11-20T10:04:00.000Z'] }))],
      ...done,
      says: { ack: /^Acknowledged in PagerDuty, by somebody whom `people` in the configuration does not name at 2026-11-20 10:04/ },
      assignees: [],
    },
    { name: 'at once, seen by one run', happens: [at('10:01', says('ana', '/ack'), run)], ...done, says: { ack: taken('ana', '10:01') }, assignees: ['ana'] },
    { name: 'seen by a sweep alone', happens: [at('10:05', says('ana', '/ack')), at('10:10', sweeps)], ...done, says: { ack: taken('ana', '10:05') }, assignees: ['ana'] },
    {
      name: 'twice: who came second is engaged',
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:06', says('ben', '/ack'), run)],
      ...done,
      says: { ack: /^Acknowledged by \S*ana\S* at 2026-11-20 10:05[^]*Also engaged\*\*: \S*ben/ },
      assignees: ['ana'],
    },
    {
      name: 'twice by two routes, seen by one run: the earlier counts',
      happens: [run, at('10:05', acknowledges('ben')), at('10:06', says('ana', '/ack'), run)],
      ...done,
      says: { ack: /^Acknowledged by \S*ben\S* at 2026-11-20 10:05[^]*Also engaged\*\*: \S*ana/ },
      assignees: ['ben'],
    },
    {
      name: 'twice by the same person: nobody else is engaged',
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:06', acknowledges('ana'), run)],
      ...done,
      says: { ack: taken('ana', '10:05') },
      silent: { ack: /engaged/ },
      assignees: ['ana'],
    },
    {
      name: 'an earlier one in PagerDuty that arrives late counts, and who came second is engaged',
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:07', pagerduty({ acknowledged: ['ben', '2026-11-20T10:03:00.000Z'] }))],
      ...done,
      says: { ack: /^Acknowledged by \S*ben\S* at 2026-11-20 10:03[^]*Also engaged\*\*: \S*ana/ },
      assignees: ['ben'],
    },
    {
      name: 'a later one in PagerDuty changes nothing but who is engaged',
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:07', pagerduty({ acknowledged: ['ben', '2026-11-20T10:06:00.000Z'] }))],
      ...done,
      says: { ack: /^Acknowledged by \S*ana\S* at 2026-11-20 10:05[^]*Also engaged\*\*: \S*ben/ },
      assignees: ['ana'],
    },
    { name: 'not by being assigned by others', happens: [run, at('10:05', assigns('lea', 'ana'), run)], labels: ['ack::pending'], assignees: ['ana'], status: 'TRIGGERED' },
    { name: "not by the bot's own assignment", happens: [run, at('10:05', assigns('watchkeeper-bot', 'watchkeeper-bot'), run)], labels: ['ack::pending'], status: 'TRIGGERED' },
    { name: 'not by the alert bot', happens: [run, at('10:05', assigns('alert-bot', 'alert-bot'), run)], config: { alert_bots: ['alert-bot'] }, labels: ['ack::pending'], status: 'TRIGGERED' },
    {
      name: 'not by whoever may not: a reply says so',
      happens: [run, at('10:05', says('gus', '/ack'), run)],
      labels: ['ack::pending'],
      says: { 'reply-n': /^@gus: `\/ack`/ },
      assignees: [],
    },
    { name: 'not by a quoted command', happens: [run, at('10:05', says('ana', '> /ack'), run)], labels: ['ack::pending'] },
    {
      name: 'of an incident that is closed before: nobody is waited for',
      happens: [run, at('10:05', does('alert-bot', { stateEvent: 'close' }), run)],
      config: { alert_bots: ['alert-bot'] },
      labels: ['closure::exempt'],
    },
    {
      name: 'of an incident of two days ago, which is left alone',
      issue: { createdAt: '2026-11-18T10:00:00.000Z', updatedAt: '2026-11-18T10:00:00.000Z' },
      happens: [sweeps, run, at('10:30', sweeps)],
      labels: [],
    },
    {
      name: 'of an old incident that somebody takes by command',
      issue: { createdAt: '2026-11-18T10:00:00.000Z', updatedAt: '2026-11-18T10:00:00.000Z' },
      happens: [at('10:05', says('ana', '/ack'), run)],
      labels: ['ack::done'],
      says: { ack: taken('ana', '10:05') },
      assignees: ['ana'],
    },
    {
      name: 'of one that a Maintainer silenced: nothing',
      happens: [does('lea', { addLabels: ['watchkeeper::off'] }), run, at('10:05', says('ana', '/ack'), run), at('10:31', sweeps)],
      labels: ['watchkeeper::off'],
      assignees: [],
    },
    {
      name: 'where there is no duty: only the command counts',
      config: { roster: undefined },
      happens: [run, at('10:05', assigns('ana', 'ana'), run)],
      labels: [],
      assignees: ['ana'],
      status: 'TRIGGERED',
    },
  ])('$name', expectEnd);
});

describe('ownership: from acknowledgement to closing', () => {
  it.each<Row>([
    {
      name: 'takes the one place of GitLab Free',
      happens: [assigns('ben', 'lea'), run, at('10:05', says('ana', '/ack'), run)],
      ...done,
      says: { ack: taken('ana', '10:05') },
      assignees: ['ana'],
    },
    {
      name: 'comes first where several may be assigned',
      several: true,
      happens: [assigns('ben', 'lea'), run, at('10:05', says('ana', '/ack'), run)],
      ...done,
      says: { ack: taken('ana', '10:05') },
      assignees: ['ana', 'lea'],
    },
    {
      name: 'is handed over by the owner',
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:10', says('ana', '/transfer @ben'), run)],
      ...done,
      says: { ack: /^Acknowledged by \S*ana[^]*\*\*Owner\*\*: \S*ben/ },
      assignees: ['ben'],
    },
    {
      name: 'is handed over by the owner, to two people in turn',
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:10', says('ana', '/transfer @ben'), run), at('10:20', says('ben', '/transfer @lea'), run)],
      ...done,
      says: { ack: /\*\*Owner\*\*: \S*lea/ },
      assignees: ['lea'],
    },
    {
      name: 'is handed over, and back again',
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:10', says('ana', '/transfer @ben'), run), at('10:20', says('ben', '/transfer @ana'), run)],
      ...done,
      says: { ack: /\*\*Owner\*\*: \S*ana/ },
      assignees: ['ana'],
    },
    {
      name: 'is handed over by a manager',
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:10', says('lea', '/transfer @ben'), run)],
      ...done,
      says: { ack: /\*\*Owner\*\*: \S*ben/ },
      assignees: ['ben'],
    },
    {
      name: 'is not handed over by others',
      config: { commands: { transfer: 'maintainer' } },
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:10', says('ben', '/transfer @ben'), run)],
      ...done,
      says: { ack: /\*\*Owner\*\*: \S*ana/, 'reply-n': /^@ben: `\/transfer`/ },
      assignees: ['ana'],
    },
    {
      name: 'is not handed to somebody who cannot read it',
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:10', says('ana', '/transfer @gus'), run)],
      ...done,
      says: { ack: /\*\*Owner\*\*: \S*ana/, 'reply-n': /^@ana: `\/transfer`/ },
      assignees: ['ana'],
    },
    {
      name: 'is not handed to nobody',
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:10', says('ana', '/transfer @nobody'), run)],
      ...done,
      says: { ack: /\*\*Owner\*\*: \S*ana/, 'reply-n': /^@ana: `\/transfer`/ },
      assignees: ['ana'],
    },
    {
      name: 'is not handed over before somebody has it',
      happens: [run, at('10:05', says('ana', '/transfer @ben'), run)],
      labels: ['ack::pending'],
      says: { 'reply-n': /^@ana: `\/transfer`/ },
      assignees: [],
    },
    {
      name: 'is asked about once when somebody takes the owner off',
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:10', assigns('ben'), run), at('10:20', run), at('10:30', sweeps)],
      ...done,
      says: { ack: taken('ana', '10:05'), owner: /^@ana: \S*ben\S* took you off the assignees/ },
      assignees: [],
    },
    {
      name: 'is asked about once when somebody is assigned in the place of the owner',
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:10', assigns('ben', 'ben'), run), at('10:20', run)],
      ...done,
      says: { ack: taken('ana', '10:05'), owner: /^@ana: \S*ben\S* took you off/ },
      assignees: ['ben'],
    },
    {
      name: 'is not asked about where the owner was handed over by command',
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:10', says('ana', '/transfer @ben'), run), at('10:20', run)],
      ...done,
      says: { ack: /\*\*Owner\*\*: \S*ben/ },
      assignees: ['ben'],
    },
    {
      name: 'is not asked about once it is closed',
      issue: { description: '## Outcome\nfalse positive: the load test tripped rule 311 again' },
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:10', does('ana', { stateEvent: 'close', assigneeIds: [] }), run)],
      labels: ['ack::done', 'closure::verified'],
      says: { ack: taken('ana', '10:05'), gate: /./ },
      assignees: [],
    },
    {
      name: 'stays where the label is taken off by hand',
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:10', does('ben', { removeLabels: ['ack::done'] }), run)],
      ...done,
      says: { ack: taken('ana', '10:05') },
      assignees: ['ana'],
    },
  ])('$name', expectEnd);
});

const escalated = { labels: ['ack::escalated'], assignees: [], status: 'TRIGGERED' };
const sweepsAt = (...times: string[]): Life['happens'] => times.map((time) => at(time, sweeps));

describe('escalation: acknowledge within 15 minutes, or the manager is alerted', () => {
  it.each<Row>([
    { name: 'not a minute before', happens: [run, at('10:14', run, sweeps)], labels: ['ack::pending'] },
    { name: 'after 15 minutes, the manager', happens: [run, at('10:15', run)], ...escalated, says: { escalation: /^@lea Nobody has acknowledged this page since 2026-11-20 10:00/ } },
    {
      name: 'after 30 minutes, the second one; the first is not mentioned again',
      happens: [run, at('10:15', run), at('10:30', run)],
      ...escalated,
      says: { escalation: /^@kim Nobody[^]*After 15 minutes: \S*lea[^]*After 30 minutes: \S*kim/ },
      silent: { escalation: /@lea/ },
    },
    { name: 'both steps at once, where nobody looked for so long', happens: [at('10:45', sweeps)], ...escalated, says: { escalation: /^@lea @kim Nobody/ } },
    { name: 'when timers are lost, by the sweep', happens: [run, ...sweepsAt('10:10', '10:20', '10:40')], ...escalated, says: { escalation: /^@kim Nobody/ } },
    { name: 'each step once, however often anybody looks', happens: [run, at('10:16', run, run, sweeps), at('10:29', sweeps, run)], ...escalated, says: { escalation: /^@lea Nobody/ } },
    { name: 'by night too', happens: [at('03:00', run)], issue: { createdAt: '2026-11-21T02:40:00.000Z' }, ...escalated, says: { escalation: /^@lea Nobody/ } },
    {
      name: 'not what is acknowledged in time',
      happens: [run, at('10:14', says('ana', '/ack')), at('10:15', run), at('10:31', sweeps)],
      ...done,
      says: { ack: taken('ana', '10:14') },
    },
    {
      name: 'until somebody acknowledges, which it then says silently',
      happens: [run, at('10:15', run), at('10:20', says('ana', '/ack'), run), at('10:31', sweeps)],
      ...done,
      says: { ack: taken('ana', '10:20'), escalation: /^Escalated, and acknowledged by \S*ana\S* at 2026-11-20 10:20/ },
      silent: { escalation: /@/ },
    },
    {
      name: 'until it is closed',
      happens: [run, at('10:15', run), at('10:20', does('alert-bot', { stateEvent: 'close' }), run), at('10:31', sweeps)],
      config: { alert_bots: ['alert-bot'] },
      labels: ['closure::exempt'],
      says: { escalation: /^Escalated, and closed before anybody acknowledged/ },
    },
    {
      name: 'not what is mere paperwork',
      happens: [run, at('10:05', does('ana', { stateEvent: 'close' }), run), at('10:31', run, sweeps)],
      labels: ['closure::blocked'],
      says: { gate: /^@ana, reopened/ },
    },
    {
      name: 'what is paperwork no more, once somebody says so',
      happens: [run, at('10:05', does('ana', { stateEvent: 'close' }), run), at('10:10', says('ben', '/active'), run), at('10:16', run)],
      labels: ['ack::escalated'],
      says: { gate: /./, escalation: /^@lea Nobody/ },
    },
    {
      name: 'faster where it is severe, by a ladder of its own',
      config: { escalation: { by_severity: { 2: [{ after_minutes: 5, notify: ['engineer', '@kim'] }] } } },
      issue: { labels: ['severity::2'] },
      happens: [run, at('10:05', run), at('10:31', sweeps)],
      labels: ['ack::escalated', 'severity::2'],
      says: { escalation: /^@ana @kim Nobody/ },
      silent: { escalation: /After 15/ },
    },
    {
      name: 'to all managers, where the step says so',
      config: { escalation: { steps: [{ after_minutes: 20, notify: ['all managers'] }] } },
      happens: [run, at('10:15', run), at('10:20', run)],
      ...escalated,
      says: { escalation: /^@lea @kim Nobody/ },
    },
    {
      name: 'to nobody where nobody is named, which it says',
      config: { managers: [] },
      happens: [run, at('10:15', run)],
      ...escalated,
      says: { escalation: /^Nobody[^]*nobody is named for this step/ },
    },
    {
      name: 'to nobody where it only observes',
      config: { escalation: { mode: 'observe' } },
      happens: [run, at('10:15', run), at('10:30', run)],
      ...escalated,
      says: { escalation: /^Nobody has[^]*Escalation only observes: nobody was told/ },
      silent: { escalation: /@/ },
    },
    {
      name: 'not what PagerDuty paged, which escalates itself: that is recorded',
      happens: [pagerduty({ pagedAt: '2026-11-20T09:58:00.000Z' }), at('10:31', sweeps), at('10:32', pagerduty({ escalatedAt: '2026-11-20T10:30:00.000Z' }))],
      ...escalated,
      says: { ack: /^Paged at 2026-11-20 09:58[^]*PagerDuty escalated at 2026-11-20 10:30/ },
    },
    {
      name: 'nobody is waited for once the alarm resolved',
      happens: [pagerduty({ pagedAt: '2026-11-20T09:58:00.000Z' }), at('10:05', pagerduty({ alarmResolvedAt: '2026-11-20T10:04:00.000Z' })), at('10:31', sweeps)],
      labels: [],
      says: { ack: /The alarm resolved at 2026-11-20 10:04[^]* That closes nothing here/ },
    },
    {
      name: 'somebody is waited for again when the alarm goes off again',
      happens: [pagerduty({}), at('10:05', pagerduty({ alarmResolvedAt: '2026-11-20T10:04:00.000Z' })), at('10:07', pagerduty({ alarmReopened: true }))],
      labels: ['ack::pending'],
      says: { ack: /^Paged at/ },
      silent: { ack: /alarm/ },
    },
    { name: 'where there is no duty: nothing', config: { roster: undefined }, happens: [run, at('10:31', run, sweeps)], labels: [] },
    { name: 'where there is a ladder and no roster', config: { roster: undefined, escalation: {} }, happens: [run, at('10:16', run)], ...escalated, says: { escalation: /^@lea Nobody/ } },
  ])('$name', expectEnd);
});

const two = { labels: ['severity::2'] };
const due = { labels: ['ack::done', 'severity::2', 'update::due'] };
const onTime = { labels: ['ack::done', 'severity::2'] };

describe('stakeholder updates: at most so long without one, by severity', () => {
  it.each<Row>([
    { name: 'not before the cadence is over', issue: two, happens: [run, at('10:05', says('ana', '/ack'), run), at('12:04', sweeps)], ...onTime, says: { ack: /./, gate: /./ } },
    {
      name: 'the owner, once it is over',
      issue: two,
      happens: [run, at('10:05', says('ana', '/ack'), run), at('12:05', sweeps)],
      ...due,
      says: { ack: /./, gate: /./, update: /^@ana: no stakeholder update for 120 minutes, since 2026-11-20 10:05/ },
    },
    {
      name: 'the owner to whom it was handed over',
      issue: two,
      happens: [run, at('10:05', says('ana', '/ack'), run), at('10:10', says('ana', '/transfer @ben'), run), at('12:05', sweeps)],
      ...due,
      says: { ack: /./, gate: /./, update: /^@ben: no stakeholder update/ },
    },
    {
      name: 'once a cadence, however often anybody looks',
      issue: two,
      happens: [run, at('10:05', says('ana', '/ack'), run), ...sweepsAt('12:05', '12:35', '13:05', '13:35', '14:04')],
      ...due,
      says: { ack: /./, gate: /./, update: /for 120 minutes/ },
    },
    {
      name: 'again when the next one is over',
      issue: two,
      happens: [run, at('10:05', says('ana', '/ack'), run), ...sweepsAt('12:05', '14:05')],
      ...due,
      says: { ack: /./, gate: /./, update: /^@ana: no stakeholder update for 240 minutes/ },
    },
    {
      name: 'not after an update, from which it counts anew',
      issue: two,
      happens: [run, at('10:05', says('ana', '/ack'), run), at('11:00', says('ana', '/update We turned the token off.'), run), ...sweepsAt('12:06', '12:59')],
      ...onTime,
      says: { ack: /Latest stakeholder update: 2026-11-20 11:00/, gate: /./, 'update-n': /^\*\*Stakeholder update\*\* by \S*ana\S* at 2026-11-20 11:00[^]*We turned the token off/ },
    },
    {
      name: 'until there is one',
      issue: two,
      happens: [run, at('10:05', says('ana', '/ack'), run), at('12:05', sweeps), at('12:10', says('ben', '/update Nothing new.'), run)],
      ...onTime,
      says: { ack: /./, gate: /./, update: /^@ana/, 'update-n': /Nothing new/ },
    },
    {
      name: 'not by a comment, nor by an update that says nothing',
      issue: two,
      happens: [run, at('10:05', says('ana', '/ack'), run), at('11:00', says('ana', 'Still at it.'), says('ana', '/update'), run), at('12:05', sweeps)],
      ...due,
      says: { ack: /./, gate: /./, update: /^@ana/, 'reply-n': /^@ana: `\/update`/ },
    },
    { name: 'not what nobody has taken yet', issue: two, happens: [run, at('10:15', run), at('12:31', sweeps)], labels: ['ack::escalated', 'severity::2'], says: { escalation: /./ } },
    {
      name: 'only the label where PagerDuty knows who took it, and we do not',
      issue: two,
      happens: [pagerduty({ acknowledged: [undefined, '2026-11-20T10:00:00.000Z'] }), at('12:05', sweeps)],
      ...due,
      says: { ack: /./ },
    },
    {
      name: 'by night at severity 2',
      issue: two,
      happens: [run, at('10:05', says('ana', '/ack'), run), at('23:00', says('ana', '/update All quiet.'), run), at('01:00', sweeps)],
      ...due,
      says: { ack: /./, gate: /./, 'update-n': /./, update: /^@ana: no stakeholder update for 120 minutes/ },
    },
    {
      name: 'not at severity 3, unless the team wants it',
      issue: { labels: ['severity::3'] },
      happens: [run, at('10:05', says('ana', '/ack'), run), ...sweepsAt('12:31', '16:00')],
      labels: ['ack::done', 'severity::3'],
      says: { ack: /./ },
    },
    {
      name: 'only the label by night at severity 3',
      issue: { labels: ['severity::3'] },
      config: { updates: { severity_3: 60 } },
      happens: [run, at('17:30', says('ana', '/ack'), run), ...sweepsAt('18:30', '20:00', '08:50')],
      labels: ['ack::done', 'severity::3', 'update::due'],
      says: { ack: /./ },
    },
    {
      name: 'once in the morning after such a night',
      issue: { labels: ['severity::3'] },
      config: { updates: { severity_3: 60 } },
      happens: [run, at('10:05', says('ana', '/ack'), run), at('17:30', says('ana', '/update All quiet.'), run), ...sweepsAt('18:30', '20:00', '08:50', '09:00', '09:20')],
      labels: ['ack::done', 'severity::3', 'update::due'],
      says: { ack: /./, 'update-n': /./, update: /^@ana: no stakeholder update for 15 hours|^@ana: no stakeholder update for 900 minutes/ },
    },
    {
      name: 'only the label where it observes',
      issue: two,
      config: { updates: { mode: 'observe' } },
      happens: [run, at('10:05', says('ana', '/ack'), run), at('12:05', sweeps)],
      ...due,
      says: { ack: /./, gate: /./ },
    },
    {
      name: 'not what another issue tracks',
      issue: { ...two, description: '## Outcome\ntracked in #2' },
      happens: [opens, run, at('10:05', says('ana', '/ack'), run), at('12:05', sweeps)],
      ...onTime,
      says: { ack: /./, gate: /./ },
    },
    {
      name: 'not what is mere paperwork, and the label goes',
      issue: two,
      happens: [run, at('10:05', says('ana', '/ack'), run), at('12:05', sweeps), at('12:10', does('ana', { stateEvent: 'close' }), run), at('14:05', sweeps)],
      labels: ['ack::done', 'closure::blocked', 'severity::2'],
      says: { ack: /./, gate: /^@ana, reopened/, update: /for 120 minutes/ },
    },
    {
      name: 'not what is closed, and the label goes',
      issue: two,
      happens: [
        run,
        at('10:05', says('ana', '/ack'), run),
        at('12:05', sweeps),
        at('12:10', does('ben', { stateEvent: 'close' }), says('lea', '/override a pentest that was announced to us last week'), run),
        at('14:05', sweeps),
      ],
      labels: ['ack::done', 'closure::exempt', 'severity::2'],
      says: { ack: /./, gate: /./, update: /for 120 minutes/ },
    },
  ])('$name', expectEnd);
});
