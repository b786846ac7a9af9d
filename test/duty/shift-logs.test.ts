import { describe, expect, it } from 'vitest';
import type { Send } from '../../scripts/apply/outward.ts';
import { createSend } from '../../scripts/apply/send.ts';
import { decideLogHandoff } from '../../scripts/decide/log-handoff.ts';
import type { OnHand, Watch } from '../../scripts/decide/watch.ts';
import { connectOutside } from '../../scripts/outside/connect.ts';
import { LEVEL, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { filled, rosterOf } from '../support/handoff.ts';
import { serve, type Planned } from '../support/loopback.ts';
import { act, later, say } from '../support/scenarios.ts';
import { slotsOf, stageDuty, type Duty } from '../support/shifts.ts';
import { config, snapshot } from '../support/snapshot.ts';
import { Turns } from '../support/turns.ts';

const NOTES = '## Improvement notes\n\n- tooling: alert when a deploy token is used outside the networks of the runners\n';

/** The names of who is assigned. */
const assigneesOf = ({ gitlab: { world } }: Duty, { assigneeIds }: StoredIssue): string[] => assigneeIds.map((id) => world.userById(id)!.username);

/** A way to send to a Slack at an address. */
function slackAt(address: string, { bounds, installation }: Duty): Send {
  const outside = connectOutside({ pagerduty: { apiUrl: address }, slackUrl: `${address}/services/T0/B0/x`, bounds });
  return createSend(outside, installation, () => undefined).send;
}

/** A shift in which a page came and was taken, and its log. */
async function paged(different: object = {}): Promise<{ duty: Duty; page: StoredIssue; log: StoredIssue }> {
  const duty = await stageDuty(different);
  const page = duty.page('09:30');
  await duty.event(page);
  later(duty, 5);
  say(duty, page, '/ack');
  await duty.event(page);
  await duty.tend();
  return { duty, page, log: duty.logs()[0]! };
}

/** That a run and a deep sweep have nothing left to do. */
async function expectSettled(duty: Duty): Promise<void> {
  expect((await duty.tend()).writes).toBe(0);
  const before = duty.logs().map((log) => JSON.stringify([log, duty.said(log)]));
  await duty.sweep(true);
  expect(duty.logs().map((log) => JSON.stringify([log, duty.said(log)]))).toEqual(before);
}

describe('a log of each shift', () => {
  it('is created once, confidential, assigned, and links the one before', async () => {
    const duty = await stageDuty();
    expect((await duty.tend()).also).toEqual(['created the log of the shift from 2026-11-20T08:00:00.000Z']);
    await expectSettled(duty);
    duty.at('20:03');
    await duty.tend();
    await expectSettled(duty);
    const [first, second] = duty.logs();
    expect(duty.logs()).toMatchObject([
      { title: 'Shift log 2026-11-20 08:00 UTC, ana', confidential: true, labels: ['shift-log'] },
      { title: 'Shift log 2026-11-20 20:00 UTC, ben', confidential: true, labels: ['shift-log'] },
    ]);
    expect([assigneesOf(duty, first!), assigneesOf(duty, second!)]).toEqual([['ana'], ['ben']]);
    expect(duty.gitlab.world.links.all.map(({ issueId, targetId }) => [issueId, targetId].sort())).toEqual([[first!.id, second!.id].sort()]);
    expect(duty.text(first!, 'log')).toContain('**Handed over** to `ben` at 2026-11-20 20:00 UTC: sirt/incidents#2');
  });

  it.each([1, 2, 3, 4, 5])('is kept once, by two runs at once (%i)', async (seed) => {
    const duty = await stageDuty();
    let drawn = seed;
    const turns = new Turns((waiting) => (drawn = (drawn * 7 + 3) % 101) % waiting);
    const run = async (who: number): Promise<void> => {
      await duty.tend({ gitlab: turns.gate(who, duty.connect().gitlab) }, true);
    };
    await turns.run([run, run]);
    await duty.tend();
    await expectSettled(duty);
    expect(duty.logs().filter(({ state }) => state === 'opened')).toHaveLength(1);
    const said = duty.logs().flatMap((log) => slotsOf(duty, log));
    expect(said.sort()).toEqual(['handoff', 'log']);
  });

  it('leaves what people write and do alone', async () => {
    const { duty, log } = await paged();
    act(duty, log, { description: `${log.description}\nour own words`, assigneeIds: [duty.gitlab.world.userNamed('ben').id], addLabels: ['vip'] });
    const before = { ...log, labels: [...log.labels] };
    duty.at('12:00');
    await duty.tend();
    await expectSettled(duty);
    expect(log).toMatchObject({ description: before.description, assigneeIds: before.assigneeIds, labels: before.labels });
  });

  it('stays the log, though somebody writes over all of its description', async () => {
    const { duty, log } = await paged();
    act(duty, log, { description: 'quiet, but for one page' });
    await duty.tend();
    duty.at('19:00');
    act(duty, log, { stateEvent: 'close' });
    await duty.event(log);
    await duty.tend();
    await expectSettled(duty);
    expect(duty.logs()).toMatchObject([{ state: 'opened', description: 'quiet, but for one page' }]);
    expect(duty.text(log, 'gate')).toMatch(/IMPROVEMENT_NOTES_MISSING/);
  });

  it('gets its label back', async () => {
    const { duty, log } = await paged();
    act(duty, log, { removeLabels: ['shift-log'] });
    await duty.tend();
    await expectSettled(duty);
    expect(duty.logs()).toHaveLength(1);
    expect(log.labels).toEqual(['shift-log']);
  });

  it('ends, once, where a change of the roster swept its shift away', async () => {
    const { duty, log } = await paged();
    const other = { ...duty.installation, roster: config({ roster: rosterOf({ shifts: [{ from: '06:00' }, { from: '18:00' }] }) }).roster! };
    const writes: number[] = [];
    for (const time of ['11:00', '11:30', '13:00']) {
      duty.at(time);
      writes.push((await duty.tend({ config: other })).writes);
    }
    // At 12:00 a window of the new shift ended, which its own log tells.
    expect(writes.slice(1)).toEqual([0, 1]);
    expect(duty.logs().map(({ title }) => title)).toEqual(['Shift log 2026-11-20 08:00 UTC, ana', 'Shift log 2026-11-20 06:00 UTC, ana']);
    expect(duty.text(log, 'log')).toMatch(/^\*\*Shift of `ana`\*\*, 2026-11-20 08:00 UTC to 2026-11-20 11:00 UTC/);
  });

  it('makes up for runs that were missed, though Slack does not hear hours later that nothing was handed over', async () => {
    const { duty } = await paged();
    for (const time of ['20:30', '20:00', '20:30']) duty.at(time);
    await duty.tend();
    expect(duty.logs().map(({ title }) => title.slice(10, 26))).toEqual(['2026-11-20 08:00', '2026-11-20 20:00', '2026-11-21 08:00', '2026-11-21 20:00']);
    expect(duty.told.map(({ key }) => key)).toEqual(['handoff-202611212000']);
  });

  it('is kept in another project than the incidents', async () => {
    const different = { shift_log: { project: 'sirt/on-call' } };
    const duty = await stageDuty(different);
    const other = duty.gitlab.world.addProject('sirt/on-call', { ana: LEVEL.developer, ben: LEVEL.developer, 'watchkeeper-bot': LEVEL.developer }, 43);
    const page = duty.page('09:30', { confidential: true, description: filled() });
    await duty.event(page);
    duty.at('20:03');
    await duty.tend();
    const [log] = duty.logs();
    expect([log!.projectId, other.id]).toEqual([43, 43]);
    expect(duty.text(log!, 'handoff')).toContain('sirt/incidents#1');
    expect(duty.text(log!, 'handoff')).not.toContain('the token is revoked');
    say(duty, log!, '/accept', 'ben');
    await duty.event(log!, 'ben');
    expect(duty.text(log!, 'handoff')).toMatch(/Accepted by `ben`/);
    await expectSettled(duty);
  });

  it.each([
    { name: 'is not kept where shift logs are off', different: { shift_log: { mode: 'off' } }, logs: 0, told: 0 },
    { name: 'is kept where hand-offs are off, without one', different: { handoff: { mode: 'off' } }, logs: 2, told: 0 },
    { name: 'is kept where hand-offs observe, and calls nobody', different: { handoff: { mode: 'observe' } }, logs: 2, told: 0 },
  ])('$name', async ({ different, logs, told }) => {
    const { duty } = await paged(different);
    for (const time of ['19:05', '20:05', '21:00']) {
      duty.at(time);
      await duty.tend();
    }
    expect([duty.logs().length, duty.told.length]).toEqual([logs, told]);
    for (const log of duty.logs())
      expect(
        duty
          .said(log)
          .map(({ body }) => body)
          .join('\n'),
      ).not.toMatch(/@\w/);
  });
});

describe('the log of a shift tells', () => {
  it('what is open by severity, what waits for paperwork, and the pages with the minutes till somebody took them', async () => {
    const duty = await stageDuty();
    const [first, second] = [duty.page('09:30', { labels: ['severity::2'] }), duty.page('09:40')];
    duty.page('07:00', { labels: ['ack::done', 'closure::blocked'] });
    for (const page of [first, second]) await duty.event(page);
    later(duty, 7);
    say(duty, first, '/ack');
    await duty.event(first);
    await duty.tend();
    const [log] = duty.logs();
    expect(duty.text(log!, 'log')).toContain('| sirt/incidents#1 | 2026-11-20 09:30 UTC | after 37 minutes |\n| sirt/incidents#2 | 2026-11-20 09:40 UTC | **not yet** |');
    expect(duty.text(log!, 'log')).toContain('| S2 | sirt/incidents#1 |\n| none yet | sirt/incidents#2 |');
    expect(duty.text(log!, 'log')).toContain('Open for their paperwork alone: sirt/incidents#3');
    later(duty, 3);
    say(duty, second, '/ack', 'ben');
    await duty.event(second, 'ben');
    await duty.tend();
    expect(duty.text(log!, 'log')).toContain('| sirt/incidents#2 | 2026-11-20 09:40 UTC | after 30 minutes |');
    await expectSettled(duty);
  });

  it('the same after somebody says something there', async () => {
    const { duty, log } = await paged();
    duty.at('20:03');
    await duty.tend();
    const before = duty.logs().map((each) => duty.text(each, 'log'));
    for (const each of duty.logs()) {
      say(duty, each, '/who', 'ben');
      await duty.event(each, 'ben');
    }
    expect(duty.logs().map((each) => duty.text(each, 'log'))).toEqual(before);
    expect(slotsOf(duty, log).filter((slot) => slot.startsWith('reply-'))).toHaveLength(1);
    await expectSettled(duty);
  });

  it('the engineer once, an hour before the end, what is missing by incident', async () => {
    const { duty, log, page } = await paged();
    duty.page('09:50', { labels: ['ack::done', 'closure::blocked'] });
    duty.page('09:55', { labels: ['ack::done'], description: filled() });
    for (const time of ['18:59', '19:01', '19:30', '19:59']) {
      duty.at(time);
      await duty.tend();
    }
    const due = duty.text(log, 'handoff-due');
    expect(due).toMatch(/^@ana \*\*your shift ends at 2026-11-20 20:00 UTC\*\*, and `ben` takes over\./);
    expect(due.split('\n').filter((line) => line.startsWith('| sirt'))).toEqual([expect.stringContaining('sirt/incidents#1 ')]);
    expect(due).toContain('Open for their paperwork alone: sirt/incidents#3');
    expect([slotsOf(duty, log).filter((slot) => slot === 'handoff-due').length, page.labels.includes('handoff::needed')]).toEqual([1, true]);
    await expectSettled(duty);
  });

  it('the manager of what nobody accepted, by day or where it is severe', async () => {
    const { duty, page } = await paged();
    duty.at('20:03');
    await duty.tend();
    duty.at('20:40');
    await duty.tend();
    const [, log] = duty.logs();
    expect(slotsOf(duty, log!)).not.toContain('handoff-late');
    act(duty, page, { addLabels: ['severity::1'] }, 'ben');
    await duty.tend();
    expect(duty.text(log!, 'handoff-late')).toMatch(/^@lea: \*\*nobody accepted the hand-off to `ben` for 40 minutes\.\*\*/);
    await duty.tend();
    expect((await duty.tend()).writes).toBe(0);
  });

  it.each([
    { name: 'in the log', who: 'ben', where: 'log' },
    { name: 'on the incident', who: 'ben', where: 'page' },
    { name: 'by a manager', who: 'lea', where: 'log' },
  ] as const)('nobody of what was accepted $name', async ({ who, where }) => {
    const { duty, page } = await paged();
    act(duty, page, { addLabels: ['severity::1'] });
    duty.at('20:03');
    await duty.tend();
    const log = duty.logs()[1]!;
    const there = where === 'log' ? log : page;
    say(duty, there, '/accept', who);
    await duty.event(there, who);
    duty.at('20:40');
    await duty.tend();
    expect(slotsOf(duty, log)).not.toContain('handoff-late');
  });

  it.each([
    { name: '/accept by somebody else', words: '/accept', who: 'ana', says: /^@ana: `\/accept`/ },
    { name: 'what is for incidents', words: '/ack', who: 'ana', says: /^@ana: `\/ack`/ },
    { name: '/handoff', words: '/handoff @kim', who: 'ana', says: /^@ana: `\/handoff`/ },
  ])('why it does not follow $name', async ({ words, who, says }) => {
    const { duty } = await paged();
    duty.at('20:03');
    await duty.tend();
    const log = duty.logs()[1]!;
    say(duty, log, words, who);
    await duty.event(log, who);
    const reply = slotsOf(duty, log).find((slot) => slot.startsWith('reply-'));
    expect(duty.text(log, reply!)).toMatch(says);
    await expectSettled(duty);
  });

  it('the fields of at most 50 incidents', () => {
    const fields = [{ title: 'Next steps', text: 'read the logs', isMissing: false }];
    const { issue } = snapshot({ state: 'opened' });
    const onHand = Array.from({ length: 60 }, (_, iid): OnHand => ({ issue: { ...issue, iid }, severity: 3, fields, missing: [] }));
    const shift = { start: '2026-11-20T08:00:00.000Z', end: '2026-11-20T20:00:00.000Z', engineer: 'ana' };
    const watch: Watch = { shift, began: { at: shift.start, from: 'ben', to: 'ana' }, onHand, paperwork: [], pages: [], isWhole: true };
    const { part } = decideLogHandoff(snapshot(), watch, config({ roster: rosterOf({}) }), new Date('2026-11-20T08:05:00.000Z'));
    const view = part.comments?.map((comment) => comment.view)[0] as { rows: { fields: unknown[] }[] };
    expect([view.rows.length, view.rows.filter((row) => row.fields.length > 0).length]).toEqual([60, 50]);
  });
});

describe('the log of a shift with pages', () => {
  it.each([
    { name: 'is opened again where it says nothing', notes: '', state: 'opened', labels: ['closure::blocked', 'shift-log'] },
    { name: 'is opened again where it says none without a reason', notes: '## Improvement notes\n\nnone\n', state: 'opened', labels: ['closure::blocked', 'shift-log'] },
    { name: 'is opened again where placeholders stand', notes: '## Improvement notes\n\n- process: TBD\n', state: 'opened', labels: ['closure::blocked', 'shift-log'] },
    {
      name: 'closes where it says none with a reason',
      notes: '## Improvement notes\n\nnone: the page was a drill that we had announced ourselves\n',
      state: 'closed',
      labels: ['closure::verified', 'shift-log'],
    },
    { name: 'closes where it says what would have helped', notes: NOTES, state: 'closed', labels: ['closure::verified', 'shift-log'] },
    { name: 'closes where shift logs observe', different: { shift_log: { mode: 'observe' } }, notes: '', state: 'closed', labels: ['closure::blocked', 'shift-log'] },
  ])('$name', async ({ notes, state, labels, different }) => {
    const { duty, log } = await paged(different);
    const key = log.description!.split('\n')[0]!;
    duty.at('20:03');
    await duty.tend();
    act(duty, log, { description: `${key}\n${notes}`, stateEvent: 'close' });
    await duty.event(log);
    duty.at('23:30');
    await duty.tend();
    await expectSettled(duty);
    expect({ state: log.state, labels: [...log.labels].sort() }).toEqual({ state, labels });
  });

  it('is opened again by a run, where its event was lost', async () => {
    const { duty, log } = await paged();
    act(duty, log, { stateEvent: 'close' });
    await duty.tend();
    expect(log.state).toBe('opened');
  });

  it.each([
    { name: 'closes where shift logs are off since', mode: 'off', state: 'closed' },
    { name: 'is opened again where they are not', mode: 'enforce', state: 'opened' },
  ])('$name, also where it was blocked before', async ({ mode, state }) => {
    const { duty, log } = await paged();
    act(duty, log, { stateEvent: 'close' });
    await duty.event(log);
    Object.assign(duty.installation.shift_log, { mode });
    later(duty);
    act(duty, log, { stateEvent: 'close' });
    await duty.event(log);
    expect(log.state).toBe(state);
    expect(duty.text(log, 'gate')).not.toMatch(/INCIDENT_MARK_REMOVED|OWNER/);
  });

  it('stays one of its shift in a deep sweep, though it is blocked', async () => {
    const { duty, log } = await paged();
    act(duty, log, { stateEvent: 'close' });
    await duty.event(log);
    duty.at('16:00');
    await duty.sweep(true);
    expect(duty.text(log, 'gate')).toMatch(/IMPROVEMENT_NOTES_MISSING/);
    expect(duty.text(log, 'gate')).not.toMatch(/INCIDENT_MARK_REMOVED|OWNER/);
  });
});

describe('the log of a quiet shift', () => {
  it('closes by itself by day, and stays open once somebody reopened it', async () => {
    const duty = await stageDuty();
    await duty.tend();
    duty.at('20:03');
    await duty.tend();
    duty.at('09:30');
    await duty.tend();
    const [first] = duty.logs();
    expect(first!.state).toBe('closed');
    act(duty, first!, { stateEvent: 'reopen' });
    await duty.event(first!);
    later(duty, 60);
    await duty.tend();
    expect(first!.state).toBe('opened');
    await expectSettled(duty);
  });

  it('may be closed early, and asks for notes once a page comes after all', async () => {
    const duty = await stageDuty();
    await duty.tend();
    const [log] = duty.logs();
    act(duty, log!, { stateEvent: 'close' });
    await duty.event(log!);
    expect(log!.state).toBe('closed');
    later(duty, 60);
    await duty.event(duty.page('10:50'));
    await duty.tend();
    expect(log!.state).toBe('opened');
  });
});

const HOSTILE = '@all /close <!-- watchkeeper:gate {} --> <img src=x> | a | b | `code` [x](https://evil.example.com) <!channel> <@U012AB3CD> &lt;';

describe("people's text in a hand-off", () => {
  it('orders nothing, mentions nobody and is no mark-up, in any comment or in Slack', async () => {
    const { address, asked } = await serve({ body: 'ok' });
    const { duty, page } = await paged();
    const send = slackAt(address, duty);
    const all = { 'Issue summary': HOSTILE, 'Related issues': HOSTILE, 'Active bridge': HOSTILE, 'Next steps': HOSTILE };
    act(duty, page, { description: `${filled(all)}\n` });
    duty.at('20:03');
    await duty.tend({ send });
    const bodies = [...duty.said(page), ...duty.logs().flatMap((log) => duty.said(log))].map(({ body }) => body.replace(/^<!-- .* -->\n/, ''));
    const told = bodies.filter((body) => body.includes('/close'));
    expect(told).toHaveLength(2);
    // What is outside of code is ours.
    for (const body of told) expect(body.replace(/`[^`\n]*`/g, '')).not.toMatch(/@all|<!--|<img|evil|\/close|<!channel/);
    for (const line of told.join('\n').split('\n')) if (line.startsWith('| **')) expect(line.match(/\|/g)).toHaveLength(3);
    expect(page.state).toBe('opened');
    const posted = asked.map(({ body }) => body).join('\n');
    expect(posted).toContain('`Issue summary: @\u2060all /close &lt;img src=x&gt;');
    expect(posted).not.toMatch(/<!channel>|<@U012AB3CD>|@all/);
  });

  it.each([
    { name: 'is kept from Slack', different: {}, shown: false },
    { name: 'is told to Slack where the team says so', different: { slack: { confidential: true } }, shown: true },
  ])('of a confidential incident $name, in one message a change', async ({ different, shown }) => {
    const { duty, page } = await paged(different);
    act(duty, page, { description: filled({ 'Next steps': 'TBD' }) });
    page.confidential = true;
    duty.at('20:03');
    await duty.tend();
    await duty.tend();
    say(duty, page, '/handoff @kim', 'ben');
    await duty.event(page, 'ben');
    await duty.tend();
    expect(duty.told.map(({ key }) => key.replace(/\d{4}$/, '') && key.slice(0, 12))).toEqual(['handoff-2026', expect.stringMatching(/^handoff-\d{4}$/)]);
    expect(JSON.stringify(duty.told).includes('the token is revoked')).toBe(shown);
    expect(JSON.stringify(duty.told)).toContain('Next steps: missing');
  });
});

describe('where Slack does not take it', () => {
  const refusals: { name: string; answer: Planned }[] = [
    { name: 'refuses', answer: { status: 403, body: 'invalid_token' } },
    { name: 'is too busy', answer: { status: 429, headers: { 'retry-after': '120' } } },
    { name: 'is out of order', answer: { status: 503, body: 'down' } },
  ];
  it.each(refusals)('as it $name, all else is done, it is reported, and told later once', async ({ answer }) => {
    const { address, asked } = await serve(answer, { body: 'ok' });
    const { duty, page } = await paged();
    const send = slackAt(address, duty);
    duty.at('20:03');
    const { leftOver } = await duty.tend({ send }, true);
    const log = duty.logs()[1]!;
    expect(leftOver).toMatchObject([{ reference: expect.stringMatching(/incidents#3/) as string }]);
    expect([slotsOf(duty, log), assigneesOf(duty, log), slotsOf(duty, page)]).toEqual([['handoff', 'log'], ['ben'], expect.arrayContaining(['handoff'])]);
    const before = asked.length;
    later(duty, 15);
    await duty.tend({ send });
    await duty.tend({ send });
    expect(asked.length - before).toBe(1);
    expect(slotsOf(duty, log)).toEqual(['handoff', 'log']);
  });
});
