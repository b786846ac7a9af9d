import { describe, expect, it } from 'vitest';
import { reconcile } from '../../scripts/apply/reconcile.ts';
import { rosterOf } from '../support/handoff.ts';
import { act, say } from '../support/scenarios.ts';
import { slotsOf, stageDuty, type Duty } from '../support/shifts.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';

/** An incident of a page, which the bot opened and @ana took. */
async function paged(duty: Duty, time = '10:00'): Promise<StoredIssue> {
  const page = duty.page(time, { authorId: duty.bot.id });
  await duty.event(page);
  say(duty, page, '/ack');
  await duty.event(page);
  return page;
}

describe('an incident of a page stays one', () => {
  it('though somebody writes the first line of the log of a quiet shift into it', async () => {
    const duty = await stageDuty();
    await duty.tend();
    duty.at('20:10');
    await duty.tend();
    const page = await paged(duty, '20:10');
    act(duty, page, { description: `<!-- watchkeeper:shift-log 202611200800 -->\n${page.description ?? ''}`, stateEvent: 'close' });
    await duty.event(page);
    expect(page).toMatchObject({ state: 'opened', labels: expect.arrayContaining(['closure::blocked']) as string[] });
    duty.at('21:00');
    await duty.tend();
    expect(page.state).toBe('opened');
  });

  it('though somebody labels it as a shift log, and the event is lost', async () => {
    const duty = await stageDuty();
    await duty.tend();
    const page = await paged(duty);
    duty.at('12:00');
    act(duty, page, { addLabels: ['shift-log'], stateEvent: 'close' });
    await duty.sweep(true);
    expect(page).toMatchObject({ state: 'opened', labels: expect.arrayContaining(['closure::blocked']) as string[] });
  });
});

it('a shift goes on while PagerDuty does not say whose it is', async () => {
  const duty = await stageDuty({ roster: { pagerduty: { schedule: 'S1', fallback: '@lea' } } });
  const turn = { start: '2026-11-20T08:00:00Z', end: '2026-11-20T20:00:00Z', user: 'ana' };
  const known = { ...duty.installation, onCalls: { managers: [], engineers: [turn] } };
  await duty.tend({ config: known });
  duty.at('13:05');
  await duty.tend({ config: { ...known, onCalls: { managers: [], engineers: [] } } });
  const [log] = duty.logs();
  expect([log!.state, duty.text(log!, 'log')]).toEqual(['opened', expect.stringContaining('2026-11-20 08:00 UTC to 2026-11-20 20:00 UTC')]);
});

it('what was opened after a change is not handed over, though its page came before', async () => {
  const duty = await stageDuty();
  await duty.tend();
  duty.at('20:01');
  const page = duty.page('20:00', { createdAt: '2026-11-20T20:00:10.000Z', labels: ['severity::1'] });
  const { gitlab } = duty.connect();
  const seen = await gitlab.issue(page);
  await reconcile(seen!, await gitlab.me(), duty.tools({ gitlab, config: duty.installation }), { pagerduty: 'Q1', pagedAt: '2026-11-20T19:59:40.000Z' });
  await duty.event(page);
  expect(slotsOf(duty, page)).not.toContain('handoff');
});

it('what is accepted while the gate has an incident as paperwork stays accepted', async () => {
  const duty = await stageDuty();
  const page = duty.page('09:30', { labels: ['severity::1'] });
  await duty.event(page);
  const happens: [time: string, who: string, what: string][] = [
    ['10:05', 'ana', '/ack'],
    ['10:10', 'ana', '/handoff @ben'],
    ['10:12', 'ana', 'close'],
    ['10:15', 'ben', '/accept'],
    ['10:20', 'ben', '/active'],
    ['10:50', 'ben', 'still at it'],
  ];
  for (const [time, who, what] of happens) {
    duty.at(time);
    if (what === 'close') act(duty, page, { stateEvent: 'close' }, who);
    else say(duty, page, what, who);
    await duty.event(page, who);
  }
  expect(duty.text(page, 'handoff')).toContain('**accepted** by `ben`');
  expect(slotsOf(duty, page)).not.toContain('handoff-late');
});

it('the same person in letters of another case changes no shift', async () => {
  const duty = await stageDuty({ roster: rosterOf({ rotation: ['@ana', '@Ana'] }) });
  const page = duty.page('09:30', { labels: ['severity::1'] });
  await duty.event(page);
  say(duty, page, '/ack');
  await duty.event(page);
  await duty.tend();
  duty.at('20:05');
  await duty.tend();
  expect([slotsOf(duty, page).includes('handoff'), duty.told]).toEqual([false, []]);
});

it('neither what another issue tracks nor what is silenced is counted as handed over', async () => {
  const duty = await stageDuty();
  await duty.tend();
  const tracked = duty.page('09:30', { description: '## Resolution\n\n- Outcome: tracked in sirt/incidents#1\n', labels: ['severity::1'] });
  const silenced = duty.page('09:31', { labels: ['severity::1'] });
  for (const page of [tracked, silenced]) {
    await duty.event(page);
    say(duty, page, '/ack');
    await duty.event(page);
  }
  act(duty, silenced, { addLabels: ['watchkeeper::off'] }, 'lea');
  duty.at('20:05');
  await duty.tend();
  duty.at('20:40');
  await duty.tend();
  const log = duty.logs().at(-1)!;
  expect(duty.text(log, 'handoff')).toContain('Nothing is open that would have to be handed over.');
  expect(slotsOf(duty, log)).not.toContain('handoff-late');
});
