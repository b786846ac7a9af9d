import { describe, expect, it } from 'vitest';
import { readHistory } from '../../scripts/read/history.ts';
import { readSnapshot, type Snapshot } from '../../scripts/read/snapshot.ts';
import { changeIssue } from '../../scripts/sandbox/world/changes.ts';
import { writeSystemNote } from '../../scripts/sandbox/world/system-notes.ts';
import { addNote } from '../../scripts/sandbox/world/notes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { config } from '../support/snapshot.ts';
import { stage, type Scene } from '../support/gitlab.ts';

/** Reads an issue as a run would, and counts what that cost beyond the issue itself and who the bot is. */
async function read(scene: Scene, { projectId, iid }: StoredIssue, more: object = {}): Promise<Snapshot & { reads: number }> {
  const { gitlab, count } = scene.connect();
  const me = await gitlab.me();
  const issue = await gitlab.issue({ projectId, iid });
  const before = count.reads;
  const snapshot = await readSnapshot(gitlab, issue!, me, config(more));
  return { ...snapshot, reads: count.reads - before };
}

const idOf = (scene: Scene, username: string): number => scene.gitlab.world.userNamed(username).id;
const as = (scene: Scene, username: string, issue: StoredIssue, changes: Parameters<typeof changeIssue>[3]): void => {
  changeIssue(scene.gitlab.world, scene.gitlab.world.userNamed(username), issue, changes);
};
const say = (scene: Scene, username: string, issue: StoredIssue, body: string): void => {
  addNote(scene.gitlab.world, scene.gitlab.world.userNamed(username), issue, body, false);
};
const remember = (scene: Scene, issue: StoredIssue, slot: string, facts: object): void => {
  say(scene, 'watchkeeper-bot', issue, `<!-- watchkeeper:${slot} ${JSON.stringify(facts)} -->\nWords.`);
};
const GATE = { state: 'blocked', closed_at: '2026-11-20T09:00:00.000Z' };

describe('whether an issue is an incident', () => {
  it.each([
    { name: 'by its type', issue: {}, incident: 'now' },
    { name: 'by its label', issue: { type: 'issue', labels: ['incident'] }, incident: 'now' },
    { name: 'by a label of the configuration', issue: { type: 'issue', labels: ['vip', 'breach'] }, config: { incident: { labels: ['breach'] } }, incident: 'now' },
    { name: 'by what the gate said of it once', issue: { type: 'issue' }, slot: 'gate', incident: 'once' },
    { name: 'not by what another slot says', issue: { type: 'issue' }, slot: 'ack', incident: 'no' },
    { name: 'not by another label', issue: { type: 'issue', labels: ['breach'] }, incident: 'no' },
  ] as const)('$name', async (row) => {
    const scene = await stage();
    const issue = scene.closed('## Summary\n\nA token leaked.\n', { ...row.issue, labels: [...('labels' in row.issue ? row.issue.labels : [])] });
    if ('slot' in row) remember(scene, issue, row.slot, GATE);
    const { incident, read: record } = await read(scene, issue, 'config' in row ? row.config : {});
    expect(incident).toBe(row.incident);
    expect(record.record).toEqual(row.incident === 'no' ? {} : { summary: 'A token leaked.' });
  });
});

describe('what the gate remembers', () => {
  it('is read from its own comment', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    remember(scene, issue, 'gate', GATE);
    expect(await read(scene, issue)).toMatchObject({ gate: GATE, warnings: [], marked: [{ slot: 'gate', own: true }] });
  });
  it('that cannot be read is warned of and counts as nothing', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    remember(scene, issue, 'gate', { state: 'asleep' });
    expect(await read(scene, issue)).toMatchObject({ gate: undefined, warnings: [expect.stringMatching(/^the facts of the gate comment \(note \d+\) are not readable and were ignored$/)] });
  });
  it('is read from a former account too', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    say(scene, 'alert-bot', issue, `<!-- watchkeeper:gate ${JSON.stringify(GATE)} -->`);
    expect(await read(scene, issue)).toMatchObject({ gate: undefined, marked: [] });
    expect(await read(scene, issue, { bot: { former_ids: [idOf(scene, 'alert-bot')] } })).toMatchObject({ gate: GATE, marked: [{ own: false }] });
  });
});

describe('what is asked for costs no more than it must', () => {
  it.each([
    { name: 'a closed incident without comments', arrange: () => undefined, reads: 1 },
    {
      name: 'an open one that the gate never saw, for who may command',
      arrange: (scene: Scene, issue: StoredIssue) => {
        say(scene, 'ana', issue, '/override it was a pentest');
        Object.assign(issue, { state: 'opened', closedAt: null, closedById: null });
      },
      reads: 2,
    },
    {
      name: 'two commands of one author',
      arrange: (scene: Scene, issue: StoredIssue) => {
        for (const body of ['/active', '/severity-confirmed']) say(scene, 'ana', issue, body);
      },
      reads: 2,
    },
    {
      name: 'an override, for which it matters who reopened',
      arrange: (scene: Scene, issue: StoredIssue) => {
        say(scene, 'ana', issue, '/override it was a pentest');
      },
      reads: 3,
    },
  ])('$name: $reads reads', async ({ arrange, reads }) => {
    const scene = await stage();
    const issue = scene.closed('');
    arrange(scene, issue);
    expect((await read(scene, issue)).reads).toBe(reads);
  });
});

describe('commands', () => {
  it('come with the level that their author has now', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    const { world } = scene.gitlab;
    world.addUser('mallory');
    for (const username of ['lea', 'ana', 'mallory']) say(scene, username, issue, '/active');
    scene.project.members.set(idOf(scene, 'ana'), 20);
    const { commands } = await read(scene, issue);
    expect(commands.map(({ author, accessLevel }) => [author.username, accessLevel])).toEqual([
      ['lea', 40],
      ['ana', 20],
      ['mallory', 0],
    ]);
  });

  it('of the bot, and of its former accounts, are none', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    for (const username of ['watchkeeper-bot', 'alert-bot']) say(scene, username, issue, '/active');
    expect((await read(scene, issue, { bot: { former_ids: [idOf(scene, 'alert-bot')] } })).commands).toEqual([]);
  });

  it('to override come with when a person last reopened, not the bot', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    say(scene, 'lea', issue, '/override it was a pentest');
    const minutes = (count: number): void => void (scene.clock.now = new Date(Date.parse('2026-11-20T10:00:00.000Z') + count * 60_000));
    expect((await read(scene, issue)).reopenedAt).toBeUndefined();
    for (const [index, username] of ['ana', 'ben', 'watchkeeper-bot'].entries()) {
      minutes(2 * index);
      as(scene, username, issue, { stateEvent: 'reopen' });
      minutes(2 * index + 1);
      as(scene, username, issue, { stateEvent: 'close' });
    }
    expect((await read(scene, issue)).reopenedAt).toBe('2026-11-20T10:02:00.000Z');
  });
});

describe('who closed and who acknowledged', () => {
  const ack = (scene: Scene, username: string): object => ({ by: idOf(scene, username), at: '2026-11-20T02:07:00.000Z' });
  it.each([
    { name: 'an assignee is known', username: 'ben', assigned: true, reads: 1 },
    { name: 'whoever closed is known', username: 'ana', reads: 1 },
    { name: 'who wrote a comment is known', username: 'lea', wrote: true, reads: 1 },
    { name: 'others are asked for', username: 'alert-bot', reads: 2 },
  ])('$name', async ({ username, assigned = false, wrote = false, reads }) => {
    const scene = await stage();
    const issue = scene.closed('', assigned ? { assigneeIds: [idOf(scene, username)] } : {});
    if (wrote) say(scene, username, issue, 'on it');
    remember(scene, issue, 'ack', ack(scene, username));
    const snapshot = await read(scene, issue);
    expect(snapshot).toMatchObject({ ack: { by: { username }, at: '2026-11-20T02:07:00.000Z' }, reads });
  });

  it('who is gone acknowledged nothing', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    remember(scene, issue, 'ack', { by: 4711, at: '2026-11-20T02:07:00.000Z' });
    expect((await read(scene, issue)).ack).toBeUndefined();
  });

  it('once the gate has reopened it, the closer is whom it remembers, if they are about', async () => {
    const scene = await stage();
    const issue = scene.closed('', { state: 'opened', closedAt: null, closedById: null, assigneeIds: [idOf(scene, 'ben')] });
    remember(scene, issue, 'gate', { ...GATE, closed_by: idOf(scene, 'ben') });
    expect((await read(scene, issue)).closer?.username).toBe('ben');
    issue.assigneeIds = [];
    expect((await read(scene, issue)).closer).toBeUndefined();
  });

  it('of a closed one the closer is who closed it now', async () => {
    const scene = await stage();
    const issue = scene.closed('', { assigneeIds: [idOf(scene, 'ben')] });
    remember(scene, issue, 'gate', { ...GATE, closed_by: idOf(scene, 'ben') });
    expect((await read(scene, issue)).closer?.username).toBe('ana');
  });
});

describe('a duplicate', () => {
  const target = { reference: 'sirt/incidents#1', isIncident: true, isExempt: false };
  it.each([
    { name: 'of an incident', original: {}, duplicate: target },
    { name: 'of an ordinary issue', original: { type: 'issue' }, duplicate: { ...target, isIncident: false } },
    { name: 'of a duplicate', original: {}, duplicates: true, duplicate: { ...target, isExempt: true } },
    { name: 'of what was moved', original: { movedToId: 1 }, duplicate: { ...target, isExempt: true } },
    { name: 'of what only its label calls exempt', original: { labels: ['closure::exempt'] }, duplicate: target },
    { name: 'of what the gate calls exempt and no label does', original: {}, gate: 'exempt', duplicate: target },
    { name: 'of what label and gate call exempt', original: { labels: ['closure::exempt'] }, gate: 'exempt', duplicate: { ...target, isExempt: true } },
    { name: 'of what the gate blocked since', original: { labels: ['closure::exempt'] }, gate: 'blocked', duplicate: target },
  ] as const)('$name', async (row) => {
    const scene = await stage();
    const original = scene.closed('', { ...row.original, labels: 'labels' in row.original ? [...row.original.labels] : [] });
    if ('duplicates' in row) original.duplicatedToId = scene.closed('').id;
    if ('gate' in row) remember(scene, original, 'gate', { ...GATE, state: row.gate });
    const issue = scene.closed('', { duplicatedToId: original.id });
    expect((await read(scene, issue)).duplicate).toEqual(row.duplicate);
  });

  it('of nothing is none', async () => {
    const scene = await stage();
    expect((await read(scene, scene.closed(''))).duplicate).toBeUndefined();
  });

  it('of what the bot may not see gets the benefit of the doubt', async () => {
    const scene = await stage();
    const { world } = scene.gitlab;
    const hidden = world.addProject('legal/cases', { ana: 30 });
    const original = Object.assign(scene.closed(''), { projectId: hidden.id });
    const issue = scene.closed('', { duplicatedToId: original.id });
    expect((await read(scene, issue)).duplicate).toEqual({ reference: '', isIncident: true, isExempt: false });
  });
});

describe('watchkeeper::off', () => {
  const WARNING = 'the label watchkeeper::off was not set by a Maintainer and does not count';
  it.each([
    { name: 'set by a Maintainer silences', set: ['lea'], off: true },
    { name: 'set by a Developer does not', set: ['ben'], off: false },
    { name: 'set by nobody that GitLab knows does not', set: [], off: false },
    { name: 'set again by a Developer does not', set: ['lea', 'ben'], off: false },
    { name: 'set again by a Maintainer silences', set: ['ben', 'lea'], off: true },
  ])('$name', async ({ set, off }) => {
    const scene = await stage();
    const issue = scene.closed('', set.length === 0 ? { labels: ['watchkeeper::off'] } : {});
    for (const [index, username] of set.entries()) {
      if (index > 0) as(scene, 'ana', issue, { removeLabels: ['watchkeeper::off'] });
      as(scene, username, issue, { addLabels: ['watchkeeper::off'] });
    }
    as(scene, 'ana', issue, { addLabels: ['vip'] });
    as(scene, 'ana', issue, { removeLabels: ['vip'] });
    expect(await read(scene, issue)).toMatchObject({ off, warnings: off ? [] : [WARNING], reads: set.length === 0 ? 2 : 3 });
  });
});

describe('a severity of former times', () => {
  const noted = (scene: Scene, issue: StoredIssue, ...bodies: string[]): void => {
    for (const body of bodies) writeSystemNote(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), issue, body);
  };
  it.each([
    { name: 'is the highest that GitLab noted', notes: ['changed the severity to **High - S2**', 'changed the severity to **Critical - S1**', 'changed the severity to **Low - S4**'], severity: 1 },
    { name: 'is none where GitLab noted none', notes: ['changed the severity to **Unknown**', 'assigned to @ben', 'once changed the severity to **High - S2**'], severity: undefined },
  ])('$name', async ({ notes, severity }) => {
    const scene = await stage();
    const issue = scene.closed('');
    noted(scene, issue, ...notes);
    expect((await read(scene, issue)).formerSeverity).toBe(severity);
  });

  it('is not what somebody wrote, nor what the gate has on record itself', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    say(scene, 'ana', issue, 'changed the severity to **Critical - S1**');
    expect((await read(scene, issue)).formerSeverity).toBeUndefined();
    noted(scene, issue, 'changed the severity to **Critical - S1**');
    remember(scene, issue, 'gate', GATE);
    expect((await read(scene, issue)).formerSeverity).toBeUndefined();
  });

  it.each([
    { name: 'is the highest of its labels', labels: ['severity::2', 'vip', 'severity::3'], noted: [], severity: 2 },
    { name: 'is what GitLab noted, where that is higher', labels: ['severity::2', 'severity::3'], noted: ['changed the severity to **Critical - S1**'], severity: 1 },
    { name: 'is the label that it bears, where there was no other', labels: ['severity::3'], noted: [], severity: 3 },
    { name: 'is not asked for where a label says that it is high', labels: ['severity::4', 'severity::2'], noted: [], severity: 'not asked' },
    { name: 'is not asked for where no label says how high it is', labels: ['vip'], noted: [], severity: 'not asked' },
  ])('by the history of labels $name', async ({ labels, noted: bodies, severity }) => {
    const scene = await stage();
    const issue = scene.closed('');
    for (const label of labels) as(scene, 'ana', issue, { labels: [label] });
    noted(scene, issue, ...bodies);
    const history = await readHistory(scene.connect().gitlab, await read(scene, issue));
    expect(history ? history.formerSeverity : 'not asked').toBe(severity);
  });

  it('by the history of labels is not asked for where the gate has facts', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    as(scene, 'ana', issue, { labels: ['severity::3'] });
    remember(scene, issue, 'gate', GATE);
    expect(await readHistory(scene.connect().gitlab, await read(scene, issue))).toBeUndefined();
  });
});
