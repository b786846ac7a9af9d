import { describe, expect, it } from 'vitest';
import { acknowledges, assigns, at, does, live, pagerduty, run, says, sweeps, type Life, type Standing } from '../support/duty.ts';

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
