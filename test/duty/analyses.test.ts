import { describe, expect, it } from 'vitest';
import { checkMergeRequest } from '../../scripts/apply/merge-request.ts';
import { LEVEL, type StoredIssue, type StoredNote } from '../../scripts/sandbox/world/records.ts';
import { analysisText, stageLearning, type Learning } from '../support/analyses.ts';
import { act, later, say } from '../support/scenarios.ts';
import { slotsOf } from '../support/shifts.ts';

const UNFINISHED = analysisText({ 'Root cause': undefined, 'Corrective actions': '- rotate the runner tokens' });

function close(learning: Learning, issue: StoredIssue, who = 'ben'): void {
  later(learning);
  act(learning, issue, { stateEvent: 'close' }, who);
}

/** That another run of each kind has nothing left to do, and sees no incident in it. */
async function expectSettled(learning: Learning, issue: StoredIssue): Promise<void> {
  const seen = (): string => JSON.stringify([issue, learning.said(issue)]);
  const before = seen();
  await learning.event(issue);
  await learning.sweep(true);
  await learning.tend();
  expect((await learning.learn()).writes).toBe(0);
  expect(seen()).toBe(before);
}

describe('an analysis that is closed', () => {
  it('incomplete is reopened, with what is missing; filled in, it is verified', async () => {
    const learning = await stageLearning();
    const issue = learning.analysis(UNFINISHED);
    close(learning, issue);
    await learning.event(issue, 'ben');
    expect(issue).toMatchObject({ state: 'opened', labels: ['rca', 'closure::blocked'] });
    const said = learning.text(issue, 'gate');
    expect(said).toMatch(/^@ben, reopened: 3 items missing\. Nobody was paged\./);
    expect(said.match(/^- `[A-Z_]+`/gm)).toEqual(['- `ROOT_CAUSE_MISSING`', '- `CORRECTIVE_ACTION_OWNER_MISSING`', '- `CORRECTIVE_ACTION_DUE_MISSING`']);
    expect(said).toMatch(/close the analysis again\.$/m);
    await expectSettled(learning, issue);
    act(learning, issue, { description: analysisText() }, 'ben');
    close(learning, issue);
    await learning.event(issue, 'ben');
    expect(issue).toMatchObject({ state: 'closed', labels: ['rca', 'closure::verified'] });
    expect(learning.text(issue, 'gate')).toMatch(/^Verified: .* do not reopen this analysis\./);
    await expectSettled(learning, issue);
  });

  it('incomplete three times and again is left closed, in dispute', async () => {
    const learning = await stageLearning();
    const issue = learning.analysis('');
    for (let time = 0; time < 4; time += 1) {
      close(learning, issue);
      await learning.event(issue, 'ben');
    }
    expect(issue).toMatchObject({ state: 'closed', labels: ['rca', 'closure::disputed'] });
    await expectSettled(learning, issue);
  });

  it('though no event told of it is reopened by the run that looks at all of them', async () => {
    const learning = await stageLearning();
    const [first, second] = [learning.analysis(UNFINISHED), learning.byHand(UNFINISHED + '## Root cause\n')];
    for (const issue of [first, second]) close(learning, issue);
    const { incidents, leftOver } = await learning.learn();
    expect([incidents.length, leftOver, first.state, second.state]).toEqual([2, [], 'opened', 'opened']);
    await expectSettled(learning, first);
  });

  it.each([
    { name: 'where analyses observe', config: { rca: { mode: 'observe' } } },
    { name: 'where the gate does', config: { gate: { mode: 'observe' } } },
  ])('incomplete stays so, and is told what is missing, $name', async ({ config }) => {
    const learning = await stageLearning(config);
    const issue = learning.analysis(UNFINISHED);
    close(learning, issue);
    await learning.event(issue, 'ben');
    expect(issue).toMatchObject({ state: 'closed', labels: ['rca', 'closure::blocked'] });
    expect(learning.text(issue, 'gate')).toMatch(/^@ben, 3 items missing; the gate only observes, so this stays closed/);
    await expectSettled(learning, issue);
  });

  it('incomplete is nobody’s business where analyses are off, and no incident either', async () => {
    const learning = await stageLearning({ rca: { mode: 'off' } });
    const issue = learning.analysis(UNFINISHED);
    close(learning, issue);
    expect(await learning.event(issue, 'ben')).toEqual({ nothing: 'root cause analyses are off in the configuration' });
    expect([issue.state, slotsOf(learning, issue)]).toEqual(['closed', []]);
    await expectSettled(learning, issue);
  });

  it('before the gate began is left alone', async () => {
    const learning = await stageLearning();
    const issue = learning.analysis('', { state: 'closed', closedAt: '2026-11-01T00:00:00.000Z', updatedAt: '2026-11-20T09:00:00.000Z' });
    await learning.event(issue, 'ben');
    expect([issue.state, slotsOf(learning, issue)]).toEqual(['closed', []]);
    await expectSettled(learning, issue);
  });

  it('without its label gets that back, and is judged', async () => {
    const learning = await stageLearning();
    const issue = learning.analysis(UNFINISHED);
    act(learning, issue, { removeLabels: ['rca'] }, 'ben');
    close(learning, issue);
    await learning.event(issue, 'ben');
    expect(issue.state).toBe('opened');
    expect([...issue.labels].sort()).toEqual(['closure::blocked', 'rca']);
    await expectSettled(learning, issue);
  });
});

describe('what is no analysis', () => {
  it.each<{ name: string; set: (learning: Learning) => StoredIssue }>([
    { name: 'a task with the label, and no heading of the root cause', set: ({ byHand }) => byHand('Rotate the runner tokens.') },
    { name: 'an issue with the headings, and no label', set: ({ byHand }) => byHand(UNFINISHED + '## Root cause\n', { labels: [] }) },
    { name: "an issue of somebody's with the line of a key", set: ({ byHand }) => byHand(`<!-- watchkeeper:rca 42-7 -->\n`, { labels: [] }) },
    { name: 'another issue that the bot keeps', set: ({ analysis }) => Object.assign(analysis(''), { description: '<!-- watchkeeper:follow-up 42-7-1 -->\n## Root cause\n' }) },
  ])('is closed as people like: $name', async ({ set }) => {
    const learning = await stageLearning();
    const issue = set(learning);
    close(learning, issue);
    await learning.event(issue, 'ben');
    expect([issue.state, slotsOf(learning, issue)]).toEqual(['closed', []]);
    await expectSettled(learning, issue);
  });

  it('an incident, whatever stands on it', async () => {
    const learning = await stageLearning();
    const issue = learning.analysis(analysisText(), { type: 'incident' });
    close(learning, issue);
    await learning.event(issue, 'ben');
    expect(issue.state).toBe('opened');
    expect(learning.text(issue, 'gate')).toMatch(/OUTCOME_MISSING/);
  });

  it('an issue in a project that nobody watches; in that of the configuration it is one', async () => {
    const places = [{}, { rca: { project: 'sirt/analyses' } }];
    const states = [];
    for (const config of places) {
      const learning = await stageLearning(config);
      const other = learning.gitlab.world.addProject('sirt/analyses', { ben: LEVEL.developer, 'watchkeeper-bot': LEVEL.developer }, 43);
      const issue = learning.analysis(UNFINISHED, {}, other);
      close(learning, issue);
      await learning.event(issue, 'ben');
      await learning.learn();
      states.push(issue.state);
    }
    expect(states).toEqual(['closed', 'opened']);
  });

  it('an open one is for a merge request that would close it: the gate judges it when it is closed', async () => {
    const learning = await stageLearning();
    const issue = learning.analysis(UNFINISHED, { labels: ['rca', 'closure::blocked'] });
    close(learning, issue);
    await learning.event(issue, 'ben');
    const { tools, connect, installation } = learning;
    const { gitlab } = connect();
    const seen = await gitlab.issue({ projectId: 42, iid: issue.iid });
    const asked = { ...gitlab, mergeRequest: () => Promise.resolve(REQUEST), closedByMerging: () => Promise.resolve([seen!]), mergeRequestNotes: () => Promise.resolve([]) };
    const checked = await checkMergeRequest(REQUEST, await gitlab.me(), tools({ gitlab: asked, config: installation }));
    expect(checked).toMatchObject({ judged: [], isFailing: false });
  });
});

it('an analysis that is on call too is reviewed by no shift, and taken for no incident that lost its mark', async () => {
  const learning = await stageLearning({ shift_log: { mode: 'enforce' } });
  const issue = learning.analysis(UNFINISHED, { labels: ['rca', 'oncall'] });
  await learning.tend();
  close(learning, issue);
  await learning.event(issue, 'ben');
  const before = [[...issue.labels], learning.text(issue, 'gate')];
  for (const time of ['14:05', '20:05', '02:05', '09:05']) {
    learning.at(time);
    await learning.tend();
  }
  expect([issue.labels, learning.text(issue, 'gate')]).toEqual(before);
});

const REQUEST = { projectId: 42, iid: 1, reference: 'sirt/incidents!1', state: 'opened', sha: 'a'.repeat(40), author: { id: 1, username: 'ana' } } as never;

describe('commands on an analysis', () => {
  it.each([
    { command: '/check', says: /^@ben, 3 items missing before this can be closed\./ },
    { command: '/resolved it is all written down', says: /^@ben, 3 items missing before this can be closed\./ },
  ])('$command says what is missing', async ({ command, says }) => {
    const learning = await stageLearning();
    const issue = learning.analysis(UNFINISHED);
    say(learning, issue, command, 'ben');
    await learning.event(issue, 'ben');
    expect([issue.state, slotsOf(learning, issue)]).toEqual(['opened', ['gate']]);
    expect(learning.text(issue, 'gate')).toMatch(says);
    await expectSettled(learning, issue);
  });

  it('/resolved closes for you once nothing is missing', async () => {
    const learning = await stageLearning();
    const issue = learning.analysis(analysisText());
    say(learning, issue, '/resolved it is all written down', 'ben');
    await learning.event(issue, 'ben');
    expect(issue).toMatchObject({ state: 'closed', labels: ['rca', 'closure::verified'] });
    await expectSettled(learning, issue);
  });

  it('/override closes it as it is, by a Maintainer who did not close it', async () => {
    const learning = await stageLearning();
    const issue = learning.analysis(UNFINISHED);
    close(learning, issue);
    await learning.event(issue, 'ben');
    later(learning);
    say(learning, issue, '/override the analysis of the vendor stands in the contract', 'lea');
    close(learning, issue);
    await learning.event(issue, 'ben');
    expect(issue).toMatchObject({ state: 'closed', labels: ['rca', 'closure::exempt'] });
    await expectSettled(learning, issue);
  });

  it('/active is noted, and it is open without the label of the gate', async () => {
    const learning = await stageLearning();
    const issue = learning.analysis(UNFINISHED);
    close(learning, issue);
    await learning.event(issue, 'ben');
    later(learning);
    say(learning, issue, '/active', 'ben');
    await learning.event(issue, 'ben');
    expect(issue).toMatchObject({ state: 'opened', labels: ['rca'] });
    await expectSettled(learning, issue);
  });

  it.each([
    '/ack',
    '/reviewed',
    '/update all is well',
    '/false-positive it was announced to us last week',
    '/tracked-in #7',
    '/handoff @ana',
    '/accept',
    '/transfer @ana',
    '/major',
    '/rca requested',
    '/severity-confirmed',
  ])('%s is refused in words, and does nothing', async (command) => {
    const learning = await stageLearning();
    const issue = learning.analysis(analysisText());
    say(learning, issue, command, 'lea');
    await learning.event(issue, 'lea');
    expect(issue).toMatchObject({ state: 'opened', labels: ['rca'] });
    const [reply = ''] = learning.said(issue).map(({ body }) => body);
    expect(reply).toMatch(/\n@lea: `\/[a-z-]+` was not done: this is a root cause analysis, and that command is for an incident\.$/m);
    await expectSettled(learning, issue);
  });
});

describe('an analysis past its time', () => {
  /** The day is over at midnight where the team is; calls wait for the morning. */
  const overdue = { dueDate: '2026-11-27' };

  /** The days of November and December on which somebody is called, by runs at each hour. */
  async function calledOn(learning: Learning, issue: StoredIssue, days: number): Promise<string[]> {
    const called: string[] = [];
    const lastCall = (): StoredNote | undefined => learning.said(issue).findLast(({ body }) => body.startsWith('<!-- watchkeeper:overdue'));
    let before = lastCall()?.id;
    for (let hour = 0; hour < days * 24; hour += 6) {
      later(learning, 6 * 60);
      await learning.learn();
      const said = lastCall();
      if (said && said.id !== before) called.push(`${said.createdAt.slice(5, 13)} ${/@\w+/.exec(said.body)?.[0] ?? ''}`);
      before = said?.id;
    }
    return called;
  }

  it('calls whoever is assigned once a week, by day, as long as it is open', async () => {
    const learning = await stageLearning({ time_zone: 'Europe/Berlin' });
    const issue = learning.analysis(UNFINISHED, overdue);
    expect(await calledOn(learning, issue, 25)).toEqual(['11-28T10 @ben', '12-05T10 @ben', '12-12T10 @ben']);
    expect(learning.text(issue, 'overdue')).toMatch(/^@ben: this analysis was due on 2026-11-27, and is still open\. /);
    close(learning, issue);
    act(learning, issue, { description: analysisText() });
    expect(await calledOn(learning, issue, 8)).toEqual([]);
  });

  it.each([
    { name: 'the manager, where nobody is assigned', config: {}, more: { assigneeIds: [] }, called: ['11-28T10 @lea'] },
    { name: 'nobody before its last day is over', config: {}, more: { dueDate: '2026-11-29' }, called: [] },
    { name: 'nobody where it has no day', config: {}, more: { dueDate: null }, called: [] },
    { name: 'nobody where analyses observe', config: { rca: { mode: 'observe' } }, more: {}, called: [] },
  ])('calls $name', async ({ config, more, called }) => {
    const learning = await stageLearning(config);
    const issue = learning.analysis(UNFINISHED, { ...overdue, ...more });
    expect(await calledOn(learning, issue, 8)).toEqual(called);
  });

  it('is found though nobody touched it for a month', async () => {
    const learning = await stageLearning();
    const issue = learning.analysis(UNFINISHED, { dueDate: '2026-11-10', updatedAt: '2026-10-20T00:00:00.000Z' });
    await learning.learn();
    expect(slotsOf(learning, issue)).toEqual(['overdue']);
    await expectSettled(learning, issue);
  });
});

it('a look at all analyses costs two lists a source', async () => {
  const learning = await stageLearning();
  for (let count = 0; count < 5; count += 1) learning.analysis(UNFINISHED, { createdAt: '2026-10-20T00:00:00.000Z', updatedAt: '2026-10-20T00:00:00.000Z' });
  const { reads, writes } = await learning.learn();
  expect([reads, writes]).toEqual([3, 0]);
});
