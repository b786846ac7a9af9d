import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reconcileEvent } from '../../scripts/apply/event.ts';
import { SetupError } from '../../scripts/ci/errors.ts';
import { editNote } from '../../scripts/sandbox/world/notes.ts';
import { LEVEL, type StoredIssue, type StoredNote } from '../../scripts/sandbox/world/records.ts';
import { COMPLETE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { runAgainst } from '../support/door.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { act, say } from '../support/scenarios.ts';
import { config } from '../support/snapshot.ts';

const OVERRIDE = '/override a pentest that was announced to us last week';

/** Somebody with a role, or with none. */
function join(scene: Scene, level: number, more: object = {}): string {
  const user = scene.gitlab.world.addUser('mallory', more);
  if (level > 0) scene.project.members.set(user.id, level);
  return user.username;
}

describe('what a comment may command depends on who wrote it, as GitLab knows them now', () => {
  it.each([
    { who: 'a Guest', level: LEVEL.guest, ends: 'opened' },
    { who: 'a Planner', level: LEVEL.planner, ends: 'opened' },
    { who: 'a Reporter', level: LEVEL.reporter, ends: 'opened' },
    { who: 'a Developer', level: LEVEL.developer, ends: 'opened' },
    { who: 'a Maintainer', level: LEVEL.maintainer, ends: 'closed' },
    { who: 'an Owner', level: LEVEL.owner, ends: 'closed' },
    { who: 'nobody of the project', level: 0, ends: 'opened' },
    { who: 'a Maintainer who was blocked since', level: LEVEL.maintainer, more: { state: 'blocked' }, ends: 'opened' },
    { who: 'a Maintainer who was deactivated since', level: LEVEL.maintainer, more: { state: 'deactivated' }, ends: 'opened' },
    { who: 'another bot with the role Developer', level: LEVEL.developer, more: { bot: true }, ends: 'opened' },
  ])('$who overrides: it ends $ends', async ({ level, more = {}, ends }) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const who = join(scene, level);
    say(scene, issue, OVERRIDE, who);
    Object.assign(scene.gitlab.world.userNamed(who), more);
    await scene.run(issue);
    expect(issue.state).toBe(ends);
  });

  it('who has lost the role since commands nothing', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const who = join(scene, LEVEL.maintainer);
    say(scene, issue, OVERRIDE, who);
    scene.project.members.set(scene.gitlab.world.userNamed(who).id, LEVEL.reporter);
    await scene.run(issue);
    expect(issue.state).toBe('opened');
  });

  it('the bot itself commands nothing, whatever its comments quote', async () => {
    const scene = await stage();
    scene.project.members.set(scene.bot.id, LEVEL.owner);
    const issue = scene.closed(TOO_EARLY);
    say(scene, issue, OVERRIDE, scene.bot.username);
    await scene.run(issue);
    expect(issue.state).toBe('opened');
  });
});

describe('a comment counts as it stands now', () => {
  const noteOf = (scene: Scene, issue: StoredIssue): StoredNote => scene.gitlab.world.notes.of(issue).find(({ body }) => body.includes('pentest') || body === 'nothing')!;

  it('a command that was deleted counts no more', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    say(scene, issue, OVERRIDE, 'lea');
    scene.gitlab.world.notes.remove(noteOf(scene, issue));
    await scene.run(issue);
    expect(issue.state).toBe('opened');
  });

  it.each([
    { name: 'a command that was edited out counts no more', before: OVERRIDE, after: 'nothing', ends: 'opened' },
    { name: 'a command that was edited in counts', before: 'nothing', after: OVERRIDE, ends: 'closed' },
  ])('$name', async ({ before, after, ends }) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    say(scene, issue, before, 'lea');
    editNote(scene.gitlab.world, scene.gitlab.world.userNamed('lea'), issue, noteOf(scene, issue), after);
    await scene.run(issue);
    expect(issue.state).toBe(ends);
  });

  it('a marker that somebody else wrote is text, also one for a former bot that is not ours', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const closed = `<!-- watchkeeper:gate {"state":"verified","closed_at":"2026-11-20T09:45:00.000Z"} -->\nVerified.`;
    for (const who of ['ana', 'lea', 'alert-bot']) say(scene, issue, closed, who);
    say(scene, issue, '<!-- watchkeeper:ack {"by":1,"at":"2026-11-20T01:00:00Z"} -->', 'lea');
    await scene.run(issue);
    expect(issue.state).toBe('opened');
    expect(scene.said(issue)).toHaveLength(1);
  });
});

describe('a payload is a hint', () => {
  const handle = async (scene: Scene, projectId: number, iid: number, userId?: number): Promise<object> => {
    const tools = { ...{ gitlab: scene.connect().gitlab, config: config(), now: scene.clock.now, dryRun: false }, commit: undefined, bounds: scene.bounds };
    return reconcileEvent({ kind: 'issue', ref: { projectId, iid }, userId }, tools);
  };

  it('a forged one has an incident looked at, and no more: whatever it says, the issue is read from GitLab', async () => {
    const scene = await stage();
    const complete = scene.closed(COMPLETE);
    const payload = {
      object_kind: 'issue',
      user: { id: 1 },
      project: { id: 42 },
      object_attributes: { iid: complete.iid, action: 'close', state: 'closed', description: '', labels: [] },
      labels: [{ title: 'closure::exempt' }],
    };
    await runAgainst(scene, 'on-event', payload);
    expect(complete).toMatchObject({ state: 'closed', labels: ['closure::verified'], description: COMPLETE });
  });

  it('one that names another project is turned down before GitLab is asked anything', async () => {
    const scene = await stage();
    scene.gitlab.world.addProject('sirt/secret', { 'watchkeeper-bot': LEVEL.developer }, 77);
    expect(await handle(scene, 77, 1)).toEqual({ nothing: 'project 77 is not among the sources of the configuration' });
    expect(scene.gitlab.faults.calls).toEqual([]);
  });

  it('one that says the bot did it leaves the incident to the sweep, which trusts nobody', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    expect(await handle(scene, 42, issue.iid, scene.bot.id)).toEqual({ nothing: 'caused by the bot itself' });
    await runAgainst(scene, 'sweep', '');
    expect(issue.state).toBe('opened');
  });
});

describe('a GitLab, or what stands before it, that is not to be trusted', () => {
  it('gets the token at its own address and at no other', async () => {
    const [scene, other] = [await stage(), await stage()];
    scene.gitlab.faults.plan(/GET/, { kind: 'status', status: 302, location: `${other.gitlab.address}/api/v4/user` });
    await expect(scene.connect().gitlab.me()).rejects.toThrow(SetupError);
    expect(other.gitlab.faults.calls).toEqual([]);
  });
});

describe('what a run prints and leaves', () => {
  it.each(['on-event', 'sweep'])('%s: of a confidential incident no title and no line, blocked, verified, or gone wrong', async (door) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY, { confidential: true, title: 'The board was hacked' });
    const payload = { object_kind: 'issue', user: { id: issue.authorId }, project: { id: 42 }, object_attributes: { iid: issue.iid, action: 'close' } };
    const run = (more: Record<string, string> = {}): ReturnType<typeof runAgainst> => runAgainst(scene, door, payload, more, door === 'sweep' ? ['--deep'] : []);
    const dry = await run({ WATCHKEEPER_DRY_RUN: '1' });
    const blocked = await run();
    act(scene, issue, { description: COMPLETE, stateEvent: 'close' });
    const verified = await run();
    scene.gitlab.faults.plan(/notes/, { kind: 'text', body: JSON.stringify([{ id: 1, body: issue.description, created_at: issue.createdAt, author: null }]), contentType: 'application/json' });
    const wrong = await run();
    expect([dry, blocked, verified, wrong].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 3]);
  });
});

describe('SECURITY.md', () => {
  const page = readFileSync('SECURITY.md', 'utf8');
  const titles = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(`test/${file}`, 'utf8'))
    .join('\n');
  const named = [...page.matchAll(/^\|.*\| `([^`|]+)` \|$/gm)].map(([, title = '']) => title);

  it('names a test for each line of its threat model', () => {
    const lines = page.split('\n').filter((line) => /^\| (?!---|what)/.test(line));
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.filter((line) => !/\| `[^`|]+` \|$/.test(line))).toEqual([]);
  });

  it.each(named)('the test %s is there', (title) => {
    expect(titles.includes(title)).toBe(true);
  });
});
