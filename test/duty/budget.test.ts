import { performance } from 'node:perf_hooks';
import { afterAll, describe, expect, it } from 'vitest';
import { reconcileEvent } from '../../scripts/apply/event.ts';
import { sweep } from '../../scripts/apply/sweep.ts';
import { shiftsBetween } from '../../scripts/decide/roster.ts';
import { TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { dutyConfig, ENGINEERS, MANAGERS } from '../support/duty-room.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { act, later, say } from '../support/scenarios.ts';

/** A roster, a ladder, updates and reviews, all on. */
const CONFIG = dutyConfig();
/** No window has ended of late, and no digest is due. */
const QUIET = new Date('2026-11-20T12:30:00.000Z');

type Calls = { reads: number; writes: number };

const printed: string[] = [];
afterAll(() => {
  console.log(printed.join('\n'));
});

async function onDuty(now = QUIET): Promise<Scene> {
  const scene = await stage();
  scene.clock.now = now;
  for (const name of [...ENGINEERS, ...MANAGERS]) if (!scene.gitlab.world.users.some(({ username }) => username === name)) scene.gitlab.world.addUser(name);
  return scene;
}

function incident(scene: Scene, more: Partial<StoredIssue> = {}, author = 'alert-bot'): StoredIssue {
  return Object.assign(createIssue(scene.gitlab.world, scene.gitlab.world.userNamed(author), scene.project, 'Incident', 'incident'), more);
}

/** What a sweep costs, as its door runs it. */
async function sweepOnce(scene: Scene, config = CONFIG): Promise<Calls> {
  const { gitlab, count } = scene.connect();
  await sweep(scene.tools({ gitlab, config }), { deep: false, shard: { index: 1, total: 1 }, progress: () => undefined });
  return count;
}

/** What an event of an issue costs, as its door runs it. */
async function event(scene: Scene, { projectId, iid }: StoredIssue): Promise<Calls> {
  const { gitlab, count } = scene.connect();
  await reconcileEvent({ kind: 'issue', ref: { projectId, iid }, userId: 1 }, scene.tools({ gitlab, config: CONFIG }));
  return count;
}

describe('with the whole duty on', () => {
  it('a sweep lists what was touched within four days, and what is on call: it costs at most ceil(N/100) + 5 calls and writes nothing', async () => {
    const duty = await onDuty();
    const old = { createdAt: '2026-11-10T00:00:00.000Z', updatedAt: '2026-11-10T00:00:00.000Z' };
    for (let count = 0; count < 100; count += 1) incident(duty, old);
    // Handed over at the change of shift; paperwork; pages that nobody ever took, handed over too.
    for (let count = 0; count < 80; count += 1) incident(duty, { ...old, updatedAt: '2026-11-20T08:10:00.000Z', labels: ['oncall', 'ack::done', 'severity::3'] });
    for (let count = 0; count < 40; count += 1) incident(duty, { ...old, labels: ['closure::blocked', 'ack::done', 'severity::1'] });
    for (let count = 0; count < 30; count += 1) incident(duty, { ...old, updatedAt: '2026-11-20T08:10:00.000Z', labels: ['ack::escalated', 'severity::2'] });
    const { reads, writes } = await sweepOnce(duty);
    printed.push(`sweep of 250 untouched open incidents: ${reads} reads, ${writes} writes`);
    // 140 of the 250 were touched for the last time ten days ago; 80 of the others are on call.
    expect({ reads, writes }).toEqual({ reads: 1 + 6, writes: 0 });
  });

  const old = { createdAt: '2026-11-10T00:00:00.000Z', updatedAt: '2026-11-10T00:00:00.000Z' };
  const today = { ...old, updatedAt: '2026-11-20T09:00:00.000Z' };
  it.each<{ name: string; issue: Partial<StoredIssue>; config?: object; now?: string; each: number }>([
    { name: 'reads the emoji of one whose review is due', issue: { ...today, labels: ['oncall', 'review::due'] }, each: 1 },
    { name: 'reads the emoji of one whose review is due for many windows', issue: { ...old, labels: ['oncall', 'review::due'] }, each: 1 },
    {
      name: 'reads nothing of one whose update is due where updates only observe',
      issue: { ...today, labels: ['ack::done', 'severity::2', 'update::due'] },
      config: { updates: { mode: 'observe' } },
      each: 0,
    },
    {
      name: 'reads nothing of one whose update is due, by night, though not severe',
      issue: { ...today, labels: ['ack::done', 'severity::3', 'update::due'] },
      config: { updates: { severity_3: 60 }, handoff: { mode: 'off' } },
      now: '2026-11-20T23:30:00.000Z',
      each: 0,
    },
    { name: 'reads nothing of one that another issue tracks', issue: { ...today, labels: ['ack::done', 'severity::2'], description: '## Outcome\ntracked in #3' }, each: 0 },
  ])('a sweep of untouched incidents $name', async ({ issue, config, now, each }) => {
    const duty = await onDuty(now === undefined ? QUIET : new Date(now));
    for (let count = 0; count < 10; count += 1) incident(duty, issue);
    expect(await sweepOnce(duty, dutyConfig(config))).toEqual({ reads: 1 + 5 + 10 * each, writes: 0 });
  });

  it('the first block costs 4 reads and 1 write, and the same event again nothing', async () => {
    const duty = await onDuty();
    const issue = duty.closed(TOO_EARLY);
    expect(await event(duty, issue)).toEqual({ reads: 4, writes: 1 });
    expect(issue).toMatchObject({ state: 'opened', labels: ['closure::blocked'] });
    expect(await event(duty, issue)).toEqual({ reads: 3, writes: 0 });
  });

  it.each<{ name: string; set: (duty: Scene) => StoredIssue }>([
    { name: 'a page that nobody has taken', set: (duty) => incident(duty, { labels: ['incident', 'oncall', 'severity::3'] }) },
    {
      name: 'one that was taken by a command',
      set: (duty) => {
        const issue = incident(duty, { labels: ['incident', 'oncall', 'severity::3'] });
        say(duty, issue, '/ack');
        return issue;
      },
    },
    {
      name: 'one that was taken by assignment, of severity 2, with an update',
      set: (duty) => {
        const issue = incident(duty, { labels: ['incident', 'oncall', 'severity::2'] });
        act(duty, issue, { assigneeIds: [duty.gitlab.world.userNamed('ana').id] });
        say(duty, issue, '/update Current risk: low. The token is revoked.');
        return issue;
      },
    },
    { name: 'a major incident', set: (duty) => incident(duty, { labels: ['incident', 'severity::1'] }, 'ana') },
    {
      name: 'one that was escalated',
      set: (duty) => {
        const issue = incident(duty);
        later(duty, 40);
        return issue;
      },
    },
    {
      name: 'one that asks who and for help, and commands what it may not',
      set: (duty) => {
        const issue = incident(duty);
        for (const command of ['/who', '/help', '/transfer @nobody', '/update', '/handoff']) say(duty, issue, command);
        return issue;
      },
    },
  ])('an event of $name that needs nothing any more costs 3 reads and no write', async ({ set }) => {
    const duty = await onDuty();
    const issue = set(duty);
    const first = await event(duty, issue);
    expect(first.writes).toBeGreaterThan(0);
    expect(await event(duty, issue)).toEqual({ reads: 3, writes: 0 });
    await sweepOnce(duty);
    expect((await sweepOnce(duty)).writes).toBe(0);
  });
});

const MANY = 5;

describe(`each of ${MANY} incidents that a sweep acts on costs at most`, () => {
  it.each<{ name: string; now?: string; set: (duty: Scene) => StoredIssue; each: Calls; why?: string }>([
    { name: 'a page that no event told of', set: (duty) => incident(duty), each: { reads: 2, writes: 1 } },
    { name: 'such a page on call', set: (duty) => incident(duty, { labels: ['oncall'] }), each: { reads: 3, writes: 1 }, why: 'its emoji are read, of which no time tells' },
    {
      name: 'a step of the ladder',
      set: (duty) => incident(duty, { labels: ['ack::pending'], createdAt: '2026-11-20T12:10:00.000Z' }, 'ana'),
      each: { reads: 2, writes: 1 },
    },
    {
      name: 'an update that is due',
      set: (duty) => {
        const issue = incident(duty, { labels: ['severity::2'] }, 'ana');
        say(duty, issue, '/ack');
        return issue;
      },
      each: { reads: 2, writes: 1 },
      now: '2026-11-20T16:30:00.000Z',
    },
    {
      name: 'a review that is due',
      now: '2026-11-20T16:30:00.000Z',
      set: (duty) => incident(duty, { labels: ['oncall'], createdAt: '2026-11-10T00:00:00.000Z', updatedAt: '2026-11-10T00:00:00.000Z' }),
      each: { reads: 2, writes: 1 },
    },
    {
      name: 'an acknowledgement by /ack that no event told of',
      set: (duty) => {
        const issue = incident(duty, {}, 'ana');
        say(duty, issue, '/ack');
        return issue;
      },
      each: { reads: 6, writes: 5 },
      why: "the role of who commanded is read, and GitLab's timeline in three calls; the emoji, GitLab's status and timeline are written, once an incident",
    },
  ])('$each.reads reads and $each.writes writes: $name', async ({ name, now, set, each, why }) => {
    const duty = await onDuty();
    const issues = Array.from({ length: MANY }, () => set(duty));
    if (now !== undefined) {
      if (issues.some(({ iid }) => duty.gitlab.world.notes.of(duty.gitlab.world.issue(42, iid)!).length > 0)) await sweepOnce(duty);
      duty.clock.now = new Date(now);
    }
    const { reads, writes } = await sweepOnce(duty);
    const lists = 1 + 5;
    const cost = { reads: (reads - lists) / MANY, writes: writes / MANY };
    printed.push(`a sweep, for ${name}: ${cost.reads} reads and ${cost.writes} writes${why === undefined ? '' : ` (${why})`}`);
    // Comments of several are read at once, how many depends on how the answers come.
    expect(cost.writes).toBe(each.writes);
    expect(cost.reads).toBeLessThanOrEqual(each.reads + 1 / MANY);
    expect((await sweepOnce(duty)).writes).toBe(0);
  });
});

it('a year of the roster is arithmetic of a moment', () => {
  const config = dutyConfig();
  const began = performance.now();
  const shifts = shiftsBetween(config, new Date('2026-11-02T08:00:00Z'), new Date('2027-11-01T08:00:00Z'));
  printed.push(`a year of the roster: ${shifts.length} shifts in ${(performance.now() - began).toFixed(0)} ms`);
  expect(shifts).toHaveLength(52 * 11);
});
