import { describe, expect, it } from 'vitest';
import { SetupError } from '../../scripts/ci/errors.ts';
import { marker } from '../../scripts/read/markers.ts';
import { COMPLETE } from '../../scripts/sandbox/story/descriptions.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { addNote } from '../../scripts/sandbox/world/notes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import type { History } from '../../scripts/schema/types.gen.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { take } from '../support/history.ts';
import { act, later, say } from '../support/scenarios.ts';
import { stageDuty } from '../support/shifts.ts';
import { fullConfig } from '../support/snapshot.ts';

/** Who the bot is, and what a source of one project takes: incidents, follow-ups and analyses, each open and changed; what lost its mark; logs. */
const LISTS = 1 + 4 + 1 + 2 + 2 + 1;

/** Incidents of @ana's, opened a day ago, the last touch as long ago. */
function incidents(scene: Scene, many: number, more: Partial<StoredIssue> = {}): StoredIssue[] {
  const { world } = scene.gitlab;
  const at = '2026-11-19T10:00:00.000Z';
  return Array.from({ length: many }, () => Object.assign(createIssue(world, world.userNamed('ana'), scene.project, 'Token leaked', 'incident'), { createdAt: at, updatedAt: at, ...more }));
}

/** Without when it was taken, and by what lists and comments people are known. */
const timeless = (history: History): object => ({ ...history, taken_at: '', since: '', people: [] });

describe('the history costs', () => {
  it('a few lists, and three calls for each incident', async () => {
    const scene = await stage();
    incidents(scene, 5);
    const { history, count } = await take(scene);
    expect(history.incidents.map(({ iid }) => iid)).toEqual([1, 2, 3, 4, 5]);
    expect(count.reads).toBe(LISTS + 3 * 5);
  });

  it('the lists alone, where nothing changed', async () => {
    const scene = await stage();
    incidents(scene, 5);
    const { history: known } = await take(scene);
    later(scene, 60);
    const { history, count } = await take(scene, fullConfig(), { known });
    expect(count.reads).toBe(LISTS);
    expect(timeless(history)).toEqual(timeless(known));
  });

  it.each([
    {
      name: 'a comment',
      change: (scene: Scene, issue: StoredIssue) => {
        say(scene, issue, 'On it.');
      },
    },
    {
      name: 'a closing',
      change: (scene: Scene, issue: StoredIssue) => {
        act(scene, issue, { stateEvent: 'close' });
      },
    },
    {
      name: 'a label',
      change: (scene: Scene, issue: StoredIssue) => {
        act(scene, issue, { addLabels: ['severity::1'] });
      },
    },
  ])('three calls more for each that changed, by $name', async ({ change }) => {
    const scene = await stage();
    const [first, second] = incidents(scene, 5);
    const { history: known } = await take(scene);
    later(scene, 60);
    for (const issue of [first!, second!]) change(scene, issue);
    later(scene, 60);
    const { history, count } = await take(scene, fullConfig(), { known });
    expect(count.reads).toBe(LISTS + 3 * 2);
    expect(timeless(history)).toEqual(timeless((await take(scene)).history));
    expect(timeless(history)).not.toEqual(timeless(known));
  });

  it('one call more per further 100 comments', async () => {
    const scene = await stage();
    const [issue] = incidents(scene, 1);
    for (let time = 0; time < 101; time += 1) say(scene, issue!, 'Still looking.');
    expect((await take(scene)).count.reads).toBe(LISTS + 3 + 1);
  });

  it('for a quarter of 300 incidents 2 lists more and three calls each, once; then 2 lists more alone', async () => {
    const scene = await stage();
    incidents(scene, 300);
    const { history: known, count, told } = await take(scene);
    expect(count.reads).toBe(LISTS + 2 + 3 * 300);
    expect(told).toEqual([50, 100, 150, 200, 250, 300].map((done) => `read ${done} of 300 incidents`));
    later(scene, 24 * 60);
    const again = await take(scene, fullConfig(), { known });
    expect(again.count.reads).toBe(LISTS + 2);
    expect(again.told).toEqual([]);
    expect(timeless(again.history)).toEqual(timeless(known));
  }, 60_000);
});

describe('what is known is not trusted further than it reaches', () => {
  it('a comment that moves no time, since it followed another within a minute, is read', async () => {
    const scene = await stage();
    const [issue] = incidents(scene, 1);
    say(scene, issue!, 'On it.');
    later(scene, 0.5);
    const { history: known } = await take(scene);
    const { updatedAt } = issue!;
    addNote(scene.gitlab.world, scene.bot, issue!, `${marker('gate', { state: 'blocked' })}\nWords.`, false);
    expect(issue!.updatedAt).toBe(updatedAt);
    later(scene, 60);
    const second = await take(scene, fullConfig(), { known });
    expect(second.history.incidents).toMatchObject([{ gate: 'blocked' }]);
    later(scene, 60);
    expect((await take(scene, fullConfig(), { known: second.history })).count.reads).toBe(LISTS);
  });

  it.each<{ name: string; known?: Partial<History>; different?: object; since?: string }>([
    { name: 'of another configuration', different: { incident: { labels: ['incident', 'outage'] } } },
    { name: 'of another bot', known: { bot: 999 } },
    { name: 'of a time to come', known: { taken_at: '2027-01-01T00:00:00.000Z' } },
    { name: 'that begins later', since: '2026-07-01T00:00:00.000Z' },
    { name: 'that does not say when it begins', known: { since: undefined as never } },
  ])('a history $name counts for nothing', async ({ known: more = {}, different = {}, since }) => {
    const scene = await stage();
    incidents(scene, 2);
    const { history: known } = await take(scene);
    later(scene, 60);
    const { history, count } = await take(scene, fullConfig(different), {
      known: { ...known, ...more, incidents: known.incidents.map((life) => ({ ...life, title: 'Stale' })) },
      ...(since === undefined ? {} : { since }),
    });
    expect(history.incidents.map(({ title }) => title)).toEqual(['Token leaked', 'Token leaked']);
    expect(count.reads).toBeGreaterThanOrEqual(LISTS + 3 * 2);
  });

  it('what was deleted while it was open is gone, what was closed stays until its time is over', async () => {
    const scene = await stage();
    const [open, closed] = [...incidents(scene, 1), ...incidents(scene, 1, { state: 'closed', closedAt: '2026-11-19T11:00:00.000Z' })];
    const { history: known } = await take(scene);
    scene.gitlab.world.removeIssue(open!);
    later(scene, 60);
    expect((await take(scene, fullConfig(), { known })).history.incidents).toMatchObject([{ iid: closed!.iid }]);
    later(scene, 14 * 7 * 24 * 60);
    expect((await take(scene, fullConfig(), { known })).history.incidents).toEqual([]);
  });

  it('what is gone between the list and its comments is left out', async () => {
    const scene = await stage();
    incidents(scene, 2);
    scene.gitlab.faults.plan(/issues\/1\/notes/, { kind: 'status', status: 404 });
    expect((await take(scene)).history.incidents).toMatchObject([{ iid: 2 }]);
  });
});

describe('in the history is', () => {
  const old = { createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-02T00:00:00.000Z' };

  it.each<{ name: string; issue: Partial<StoredIssue>; is: boolean; since?: string }>([
    { name: 'an old incident that is open', issue: old, is: true },
    { name: 'no old incident that is closed', issue: { ...old, state: 'closed', closedAt: old.updatedAt }, is: false },
    { name: 'an old incident that is closed, where it is asked for', issue: { ...old, state: 'closed', closedAt: old.updatedAt }, is: true, since: '2026-01-01T00:00:00.000Z' },
    { name: 'an old incident that was touched of late', issue: { ...old, state: 'closed', closedAt: old.updatedAt, updatedAt: '2026-11-01T00:00:00.000Z' }, is: true },
    { name: 'an incident by its label', issue: { type: 'issue', labels: ['incident'] }, is: true },
    { name: 'no other issue', issue: { type: 'issue' }, is: false },
  ])('$name', async ({ issue, is, since }) => {
    const scene = await stage();
    incidents(scene, 1, issue);
    const { history, issues } = await take(scene, fullConfig(), since === undefined ? {} : { since });
    expect([history.incidents.length, issues.length]).toEqual(is ? [1, 1] : [0, 0]);
  });

  it('an incident once, though a group and a project show it', async () => {
    const scene = await stage();
    incidents(scene, 1, { labels: ['incident'] });
    const { history } = await take(scene, fullConfig({ sources: [{ project: 42 }, { group: 'sirt' }] }));
    expect(history.incidents).toHaveLength(1);
  });

  it('everybody who occurs, and nobody else', async () => {
    const scene = await stage();
    const [issue] = incidents(scene, 1, { state: 'closed', closedAt: '2026-11-19T11:00:00.000Z', closedById: scene.gitlab.world.userNamed('lea').id });
    say(scene, issue!, 'Well done.', 'ben');
    expect((await take(scene)).history.people.map(({ username }) => username)).toEqual(['lea']);
  });
});

it('a source that is not there is named', async () => {
  const taken = take(await stage(), fullConfig({ sources: [{ project: 999 }] }));
  await expect(taken).rejects.toThrow(SetupError);
  await expect(taken).rejects.toThrow(/The project 999 does not exist/);
});

describe('a shift', () => {
  it('is as its log remembers it, and is read again once that changed', async () => {
    const duty = await stageDuty();
    const [first, second] = [duty.page('10:30'), duty.page('11:00', { labels: ['severity::1'], description: COMPLETE })];
    duty.at('10:31');
    say(duty, first, '/ack');
    await duty.tend();
    duty.at('12:00');
    await duty.tend();
    const [log] = duty.logs();
    const ana = duty.gitlab.world.userNamed('ana').id;
    const { history: known } = await take(duty, duty.installation);
    expect(known.shifts).toEqual([
      expect.objectContaining({
        ...{ project: 42, iid: log!.iid, start: '2026-11-20T08:00:00.000Z', end: '2026-11-20T20:00:00.000Z', engineer: ana },
        pages: [
          { project: 42, iid: first.iid, at: '2026-11-20T10:30:00.000Z', acknowledged_at: '2026-11-20T10:31:00.000Z' },
          { project: 42, iid: second.iid, at: '2026-11-20T11:00:00.000Z' },
        ],
      }),
    ]);
    duty.at('20:05');
    await duty.tend();
    const { history } = await take(duty, duty.installation, { known });
    const [, night] = history.shifts;
    expect(history.shifts).toHaveLength(2);
    expect(night?.handoff).toMatchObject({ at: '2026-11-20T20:00:00.000Z', from: ana, to: duty.gitlab.world.userNamed('ben').id, incidents: 2, complete: 0 });
    expect(night?.engineer).toBe(duty.gitlab.world.userNamed('ben').id);
    duty.at('20:06');
    say(duty, duty.logs()[1]!, '/accept', 'ben');
    await duty.event(duty.logs()[1]!, 'ben');
    duty.at('20:10');
    const accepted = (await take(duty, duty.installation, { known: history })).history;
    expect(accepted.shifts[1]?.handoff).toMatchObject({ accepted_at: '2026-11-20T20:06:00.000Z', accepted_by: duty.gitlab.world.userNamed('ben').id });
    expect(accepted.incidents.map(({ iid }) => iid)).toEqual([first.iid, second.iid]);
    expect(timeless(accepted)).toEqual(timeless((await take(duty, duty.installation)).history));
  });

  it('is not where its log says nothing yet, nor where a person wrote one', async () => {
    const duty = await stageDuty();
    createIssue(duty.gitlab.world, duty.gitlab.world.userNamed('ana'), duty.project, 'Shift log', 'issue');
    Object.assign(duty.gitlab.world.issues.at(-1)!, { labels: ['shift-log'], description: '<!-- watchkeeper:shift-log 202611200800 -->' });
    expect((await take(duty, duty.installation)).history.shifts).toEqual([]);
  });
});

/** An issue of somebody's that bears a label. */
function labelled(scene: Scene, label: string, more: Partial<StoredIssue> = {}, who = 'ana', project = scene.project): StoredIssue {
  const { world } = scene.gitlab;
  const issue = createIssue(world, world.userNamed(who), project, 'Alert earlier', 'issue');
  act(scene, issue, { addLabels: [label] }, 'lea');
  return Object.assign(issue, more);
}

describe('a follow-up', () => {
  it('that people made is one from when on it was labelled, which is read once', async () => {
    const scene = await stage();
    const { world } = scene.gitlab;
    const issue = createIssue(world, world.userNamed('ana'), scene.project, 'Alert earlier', 'issue');
    later(scene, 24 * 60);
    act(scene, issue, { addLabels: ['corrective-action', 'severity::2'] });
    later(scene, 60);
    act(scene, issue, { removeLabels: ['corrective-action'] });
    act(scene, issue, { addLabels: ['corrective-action'] });
    later(scene, 60);
    const { history: known, count } = await take(scene);
    expect(known.follow_ups).toMatchObject([{ iid: issue.iid, title: 'Alert earlier', labelled_at: '2026-11-21T10:00:00.000Z', severity: 2, due_on: '2026-12-21', state: 'opened' }]);
    expect(count.reads).toBe(LISTS + 1);
    act(scene, issue, { stateEvent: 'close' });
    later(scene, 60);
    const { history, count: again } = await take(scene, fullConfig(), { known });
    expect(history.follow_ups).toMatchObject([{ state: 'closed', closed_at: '2026-11-21T12:00:00.000Z', labelled_at: '2026-11-21T10:00:00.000Z' }]);
    expect(again.reads).toBe(LISTS);
  });

  it('that the bot made is one from its creation on, and has the severity and the kind that its incident gives it', async () => {
    const scene = await stage();
    const [incident] = incidents(scene, 1, { labels: ['severity::1'] });
    const [issue, linked] = [labelled(scene, 'corrective-action', { confidential: true }, 'watchkeeper-bot'), labelled(scene, 'corrective-action')];
    issue.description = `<!-- watchkeeper:follow-up 42-${incident!.iid}-1 -->\nText.`;
    const items = [{ n: 2, note: 'a'.repeat(32), kind: 'tooling', project: 42, iid: linked.iid, linked: true }];
    addNote(scene.gitlab.world, scene.bot, incident!, `${marker('learning', { items })}\nWords.`, false);
    const { history, count } = await take(scene);
    const from = { incident: { project: 42, iid: incident!.iid }, severity: 1, due_on: '2026-11-27' };
    expect(history.follow_ups).toMatchObject([from, { ...from, kind: 'tooling', title: 'Alert earlier' }]);
    expect(history.follow_ups[0]).not.toHaveProperty('title');
    expect(count.reads).toBe(LISTS + 3 + 1);
  });

  it('lies in other projects too, where the configuration says so, and its days are those of the time zone', async () => {
    const scene = await stage();
    const { world } = scene.gitlab;
    const other = world.addProject('infra/detection', { 'watchkeeper-bot': 30, ana: 30, lea: 40 }, 77);
    scene.clock.now = new Date('2026-11-20T23:30:00.000Z');
    labelled(scene, 'corrective-action', {}, 'ana', other);
    later(scene, 60);
    const { history } = await take(scene, fullConfig({ follow_ups: { projects: { tooling: 'infra/detection' } }, time_zone: 'Europe/Berlin' }));
    expect(history.follow_ups).toMatchObject([{ project: 77, severity: 4, due_on: '2027-02-19' }]);
  });

  it('that lost its label while it was open is none any more', async () => {
    const scene = await stage();
    const issue = labelled(scene, 'corrective-action');
    const { history: known } = await take(scene);
    later(scene, 60);
    act(scene, issue, { removeLabels: ['corrective-action'] });
    later(scene, 60);
    expect([known.follow_ups.length, (await take(scene, fullConfig(), { known })).history.follow_ups.length]).toEqual([1, 0]);
  });
});

describe('an analysis', () => {
  it('is due in working days, and over once the gate let it be closed, which its incident then tells', async () => {
    const scene = await stage();
    const issue = labelled(scene, 'rca');
    const [incident] = incidents(scene, 1, { description: `## Resolution\n- Root cause analysis: #${issue.iid}\n` });
    const { history: known } = await take(scene);
    expect(known.analyses).toMatchObject([{ iid: issue.iid, state: 'opened', due_on: '2026-12-01', incident: { project: 42, iid: incident!.iid } }]);
    later(scene, 60);
    act(scene, issue, { stateEvent: 'close' });
    later(scene, 60);
    expect((await take(scene, fullConfig(), { known })).history.incidents[0]?.rca).toEqual({ decision: 'reference', project: 42, iid: issue.iid });
    addNote(scene.gitlab.world, scene.bot, issue, `${marker('gate', { state: 'verified', verified_at: '2026-11-20T12:00:00.000Z' })}\nWords.`, false);
    later(scene, 60);
    const { history, count } = await take(scene, fullConfig(), { known });
    expect(history.analyses).toMatchObject([{ state: 'closed', closed_at: '2026-11-20T11:00:00.000Z', verified_at: '2026-11-20T12:00:00.000Z' }]);
    expect(history.incidents[0]?.rca).toEqual({ decision: 'reference', project: 42, iid: issue.iid, closed_at: '2026-11-20T11:00:00.000Z' });
    expect(count.reads).toBe(LISTS + 1);
    later(scene, 60);
    expect((await take(scene, fullConfig(), { known: history })).history.analyses).toEqual(history.analyses);
  });
});
