import { describe, expect, it } from 'vitest';
import { COMPLETE, SMALL, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { editNote } from '../../scripts/sandbox/world/notes.ts';
import { linksOf } from '../../scripts/sandbox/world/relations.ts';
import { LEVEL, type StoredIssue, type StoredNote } from '../../scripts/sandbox/world/records.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { act, later, onDuty, opened, say } from '../support/scenarios.ts';

const OVERRIDE = '/override a pentest that was announced to us last week';
const NOISE = '/false-positive the load test from 198.51.100.0/24 tripped rule 311';
const DUTY = onDuty();

type Answer = { emojis: number; replies: string[] };

/** How the people's comments of an issue were answered: how many by an emoji, and the replies without their markers. */
function answersOn(scene: Scene, issue: StoredIssue): Answer {
  const emojis = scene.gitlab.world.awards.of(issue).filter(({ noteId, userId }) => noteId !== null && userId === scene.bot.id).length;
  const replies = scene.said(issue).filter(({ body }) => body.startsWith('<!-- watchkeeper:reply-'));
  return { emojis, replies: replies.map(({ body }) => body.replace(/^.*\n/, '').trim()) };
}

/** The comment of a slot without its marker; empty where there is none. */
function saidIn(scene: Scene, issue: StoredIssue, slot: string): string {
  const found = scene.said(issue).filter(({ body }) => body.startsWith(`<!-- watchkeeper:${slot} `));
  expect(found.length).toBeLessThanOrEqual(1);
  return found[0]?.body.replace(/^.*\n/, '').trim() ?? '';
}

/** A run on duty, and one more that has nothing to write. */
async function settle(scene: Scene, issue: StoredIssue): Promise<void> {
  await scene.run(issue, { config: DUTY });
  expect((await scene.run(issue, { config: DUTY })).writes).toBe(0);
}

/** Who says things: the team, and @guest, @reporter and @stranger, who is no member. */
async function withEverybody(): Promise<Scene> {
  const scene = await stage();
  for (const [name, level] of Object.entries({ guest: LEVEL.guest, reporter: LEVEL.reporter, stranger: 0 })) {
    const { id } = scene.gitlab.world.addUser(name);
    if (level > 0) scene.project.members.set(id, level);
  }
  return scene;
}

const ROLE = (name: string, command: string): string => `@${name}: \`/${command}\` was not done: your role in this project does not allow it. The on-call manager may.`;
const NO_TEXT = (command: string): string => `@ana: \`/${command}\` was not done: it needs a text behind it, on the same line. \`/help\` shows how.`;
const IS_CLOSED = (command: string): string => `@ana: \`/${command}\` was not done: the incident is closed.`;
const EMOJI: Answer = { emojis: 1, replies: [] };
const replied = (...replies: string[]): Answer => ({ emojis: 0, replies });

describe('a command on an open incident is answered once, by who gave it', () => {
  type Row = { says: string; who: string; description?: string; answer: Answer };
  it.each<Row>([
    { says: '/ack', who: 'ana', answer: EMOJI },
    { says: '/ack', who: 'reporter', answer: replied(ROLE('reporter', 'ack')) },
    { says: '/ack', who: 'stranger', answer: replied(ROLE('stranger', 'ack')) },
    { says: '/reviewed', who: 'ana', answer: EMOJI },
    { says: '/reviewed', who: 'reporter', answer: replied(ROLE('reporter', 'reviewed')) },
    { says: '/check', who: 'ana', answer: EMOJI },
    { says: '/check', who: 'guest', answer: EMOJI },
    { says: '/check', who: 'stranger', answer: EMOJI },
    { says: '/update', who: 'ana', answer: replied(NO_TEXT('update')) },
    { says: '/update the token is revoked', who: 'ana', answer: EMOJI },
    { says: '/update the token is revoked', who: 'reporter', answer: replied(ROLE('reporter', 'update')) },
    { says: '/false-positive', who: 'ana', answer: replied(NO_TEXT('false-positive')) },
    { says: NOISE, who: 'ana', answer: EMOJI },
    { says: NOISE, who: 'reporter', answer: replied(ROLE('reporter', 'false-positive')) },
    { says: '/resolved the token is revoked', who: 'ana', description: SMALL, answer: EMOJI },
    { says: '/resolved the token is revoked', who: 'reporter', description: SMALL, answer: replied(ROLE('reporter', 'resolved')) },
    { says: '/tracked-in', who: 'ana', answer: replied(NO_TEXT('tracked-in')) },
    { says: '/tracked-in #1', who: 'reporter', answer: replied(ROLE('reporter', 'tracked-in')) },
    { says: '/handoff @ben', who: 'ana', answer: replied('@ana: `/handoff` was not done: nobody owns this incident yet. `/ack` takes it.') },
    { says: '/accept', who: 'ana', answer: replied('@ana: `/accept` was not done: nothing was handed over here. `/handoff @user` does that, `/ack` takes a page.') },
    { says: '/transfer @ben', who: 'ana', answer: replied('@ana: `/transfer` was not done: nobody owns this incident yet. `/ack` takes it.') },
    { says: '/major', who: 'ana', answer: EMOJI },
    { says: '/major', who: 'reporter', answer: replied(ROLE('reporter', 'major')) },
    { says: '/rca', who: 'ana', answer: replied(NO_TEXT('rca')) },
    { says: '/rca requested', who: 'reporter', answer: replied(ROLE('reporter', 'rca')) },
    { says: '/rca not-needed the same cause as last week, see #12', who: 'ana', answer: replied(ROLE('ana', 'rca')) },
    { says: '/severity-confirmed', who: 'ana', answer: replied(ROLE('ana', 'severity-confirmed')) },
    { says: '/active', who: 'reporter', answer: replied(ROLE('reporter', 'active')) },
    { says: '/who', who: 'ana', answer: replied('- **On call**: `ben`\n- **Manager**: `lea`\n- **Owner of this incident**: nobody yet; `/ack` takes it') },
    { says: '/who', who: 'stranger', answer: replied('- **On call**: `ben`\n- **Manager**: `lea`\n- **Owner of this incident**: nobody yet; `/ack` takes it') },
  ])('$says by $who', async ({ says, who, description = '', answer }) => {
    const scene = await withEverybody();
    const issue = opened(scene, description);
    say(scene, issue, says, who);
    await settle(scene, issue);
    expect(answersOn(scene, issue)).toEqual(answer);
  });

  it.each(['ana', 'guest', 'stranger'])('/help by %s lists them all', async (who) => {
    const scene = await withEverybody();
    const issue = opened(scene, '');
    say(scene, issue, '/help', who);
    await settle(scene, issue);
    const { emojis, replies } = answersOn(scene, issue);
    expect([emojis, replies.length]).toEqual([0, 1]);
    expect(replies[0]!.match(/`\/[a-z-]+/g)?.sort()).toEqual([
      ...['`/accept', '`/ack', '`/active', '`/check', '`/false-positive', '`/handoff', '`/handoff', '`/major', '`/override', '`/rca', '`/rca', '`/resolved', '`/reviewed'],
      ...['`/severity-confirmed', '`/tracked-in', '`/transfer', '`/update', '`/who'],
    ]);
  });
});

describe('a command on a closed incident', () => {
  it.each([
    { says: '/update the token is revoked', answer: replied(IS_CLOSED('update')) },
    { says: '/major', answer: replied(IS_CLOSED('major')) },
    { says: '/reviewed', answer: replied(IS_CLOSED('reviewed')) },
    { says: '/who', answer: replied('- **On call**: `ben`\n- **Manager**: `lea`\n- **Owner of this incident**: nobody yet; `/ack` takes it') },
    { says: '/check', answer: EMOJI },
    { says: '/resolved the token is revoked', answer: EMOJI },
  ])('$says by ana is answered once', async ({ says, answer }) => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    say(scene, issue, says);
    await settle(scene, issue);
    expect(answersOn(scene, issue)).toEqual(answer);
    expect(issue.state).toBe('closed');
  });

  it.each([
    { says: '/check', who: 'ana', ends: 'opened', answer: EMOJI },
    { says: OVERRIDE, who: 'lea', ends: 'closed', answer: EMOJI },
    { says: OVERRIDE, who: 'ben', ends: 'opened', answer: { emojis: 0, replies: [] } },
  ])('that is not in order: $says by $who ends $ends', async ({ says, who, ends, answer }) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    say(scene, issue, says, who);
    await settle(scene, issue);
    expect(issue.state).toBe(ends);
    expect(answersOn(scene, issue)).toEqual(answer);
  });
});

describe('several commands in one comment', () => {
  type Row = { name: string; says: string; answer: Answer };
  it.each<Row>([
    { name: 'the same twice', says: '/ack\n/ack', answer: EMOJI },
    { name: 'two that work', says: '/ack\n\n/major', answer: EMOJI },
    { name: 'one of the duty and one of the gate', says: '/ack\n/check', answer: EMOJI },
    {
      name: 'one that works and one that does not',
      says: '/ack\n/transfer @nobody',
      answer: replied('@ana: `/transfer` was not done: there is no such user. Write the user name with its @, and nothing else.'),
    },
    { name: 'two that do not work', says: '/update\n/rca', answer: replied(`${NO_TEXT('update')}\n\n${NO_TEXT('rca')}`) },
    { name: 'two updates', says: '/update first\n/update second', answer: EMOJI },
    { name: 'acknowledged and handed over', says: '/ack\n/transfer @ben', answer: EMOJI },
    { name: 'one question twice', says: '/who\n/who', answer: replied('- **On call**: `ben`\n- **Manager**: `lea`\n- **Owner of this incident**: nobody yet; `/ack` takes it') },
  ])('$name are answered once', async ({ says, answer }) => {
    const scene = await stage();
    const issue = opened(scene, '');
    say(scene, issue, says);
    await settle(scene, issue);
    expect(answersOn(scene, issue)).toEqual(answer);
  });
});

/** The latest comment of somebody. */
function lastOf(scene: Scene, issue: StoredIssue, who: string): StoredNote {
  const { id } = scene.gitlab.world.userNamed(who);
  return scene.gitlab.world.notes.of(issue).findLast(({ authorId, system }) => authorId === id && !system)!;
}

function rewrite(scene: Scene, issue: StoredIssue, body: string, who = 'ana'): void {
  later(scene);
  editNote(scene.gitlab.world, scene.gitlab.world.userNamed(who), issue, lastOf(scene, issue, who), body);
}

/** What becomes of a comment of @ana's. */
const CHANGES = [
  {
    name: 'edited',
    change: (scene: Scene, issue: StoredIssue) => {
      rewrite(scene, issue, 'never mind');
    },
  },
  {
    name: 'deleted',
    change: (scene: Scene, issue: StoredIssue) => {
      scene.gitlab.world.notes.remove(lastOf(scene, issue, 'ana'));
    },
  },
];

describe('a comment that is edited or deleted', () => {
  it('commands what stands in it when it is read', async () => {
    const scene = await stage();
    const issue = opened(scene, '');
    say(scene, issue, 'looking');
    await settle(scene, issue);
    rewrite(scene, issue, '/ack');
    await settle(scene, issue);
    expect(answersOn(scene, issue)).toEqual(EMOJI);
    expect(saidIn(scene, issue, 'ack')).toContain('`ana` owns this incident');
  });

  it.each(CHANGES)('commands nothing when it was $name before', async ({ change }) => {
    const scene = await stage();
    const issue = opened(scene, '');
    say(scene, issue, '/ack');
    change(scene, issue);
    await settle(scene, issue);
    expect(scene.said(issue)).toEqual([]);
    expect(issue.labels).toEqual(['ack::pending']);
  });

  it.each(CHANGES)('takes nothing back when it is $name after it was done', async ({ change }) => {
    const scene = await stage();
    const issue = opened(scene, '');
    say(scene, issue, '/ack');
    await settle(scene, issue);
    change(scene, issue);
    await settle(scene, issue);
    expect(saidIn(scene, issue, 'ack')).toContain('`ana` owns this incident');
    expect(issue.labels).toEqual(['ack::done']);
  });

  it('is not answered a second time', async () => {
    const scene = await stage();
    const issue = opened(scene, '');
    say(scene, issue, '/update');
    await settle(scene, issue);
    rewrite(scene, issue, '/update\n/update');
    await settle(scene, issue);
    expect(answersOn(scene, issue)).toEqual(replied(NO_TEXT('update')));
  });
});

describe('commands that close', () => {
  it.each([
    { says: NOISE, description: '' },
    { says: '/resolved the token is revoked', description: SMALL.replace('- Outcome: resolved', '') },
  ])('$says closes at once, for whoever gave it', async ({ says, description }) => {
    const scene = await stage();
    const issue = opened(scene, description);
    say(scene, issue, says, 'ben');
    await settle(scene, issue);
    expect(issue).toMatchObject({ state: 'closed', labels: expect.arrayContaining(['closure::verified']) as string[] });
    expect(scene.said(issue).find(({ body }) => body.startsWith('<!-- watchkeeper:gate'))?.body).toContain(`"closed_by":${scene.gitlab.world.userNamed('ben').id}`);
    expect(answersOn(scene, issue)).toEqual(EMOJI);
  });

  it.each([
    {
      name: 'its own text',
      says: '/false-positive noise',
      mend: (scene: Scene, issue: StoredIssue) => {
        rewrite(scene, issue, NOISE);
      },
    },
    {
      name: 'the description',
      says: '/resolved the token is revoked',
      mend: (scene: Scene, issue: StoredIssue) => {
        act(scene, issue, { description: SMALL });
      },
    },
    {
      name: 'a second command',
      says: '/false-positive noise',
      mend: (scene: Scene, issue: StoredIssue) => {
        later(scene);
        say(scene, issue, NOISE);
      },
    },
  ])('say once what is missing, and close when it is mended by $name', async ({ says, mend }) => {
    const scene = await stage();
    const issue = opened(scene, '');
    say(scene, issue, says);
    await settle(scene, issue);
    expect(issue.state).toBe('opened');
    expect(saidIn(scene, issue, 'gate')).toMatch(/^@ana, \d+ items? missing before this can be closed\./);
    mend(scene, issue);
    await settle(scene, issue);
    expect(issue.state).toBe('closed');
    expect(saidIn(scene, issue, 'gate')).toMatch(/^Verified:/);
  });

  it('are taken back by /active', async () => {
    const scene = await stage();
    const issue = opened(scene, '');
    say(scene, issue, '/resolved the token is revoked');
    await settle(scene, issue);
    later(scene);
    say(scene, issue, '/active', 'ben');
    await settle(scene, issue);
    act(scene, issue, { description: SMALL });
    await settle(scene, issue);
    expect(issue.state).toBe('opened');
    expect(answersOn(scene, issue).emojis).toBe(1);
  });

  it('close once: whoever reopens it is not overruled', async () => {
    const scene = await stage();
    const issue = opened(scene, '');
    say(scene, issue, NOISE);
    await settle(scene, issue);
    later(scene);
    act(scene, issue, { stateEvent: 'reopen' }, 'ben');
    await settle(scene, issue);
    expect(issue.state).toBe('opened');
  });

  it('ask nothing of an incident that was closed by hand meanwhile', async () => {
    const scene = await stage();
    const issue = opened(scene, '');
    say(scene, issue, NOISE);
    act(scene, issue, { stateEvent: 'close' }, 'ben');
    await settle(scene, issue);
    expect(issue.state).toBe('closed');
    expect(answersOn(scene, issue)).toEqual(EMOJI);
  });
});

describe('/tracked-in', () => {
  it('links both ways, closes, and answers once', async () => {
    const scene = await stage();
    const [first, issue] = [opened(scene, ''), opened(scene, '')];
    say(scene, issue, `/tracked-in #${first.iid}`);
    await settle(scene, issue);
    expect(issue).toMatchObject({ state: 'closed' });
    expect([linksOf(scene.gitlab.world, issue), linksOf(scene.gitlab.world, first)].map((links) => links.map(({ other }) => other.iid))).toEqual([[first.iid], [issue.iid]]);
    expect(answersOn(scene, issue)).toEqual(EMOJI);
  });

  it('links once where the two were linked by hand', async () => {
    const scene = await stage();
    const [first, issue] = [opened(scene, ''), opened(scene, '')];
    say(scene, issue, `/relate #${first.iid}`);
    say(scene, issue, `/tracked-in #${first.iid}`);
    await settle(scene, issue);
    expect(linksOf(scene.gitlab.world, issue)).toHaveLength(1);
  });

  it.each([
    { name: 'what is not there', says: '/tracked-in #99' },
    { name: 'the incident itself', says: '/tracked-in #1' },
    { name: 'no issue at all', says: '/tracked-in the other one' },
  ])('of $name leaves nothing to be done again and again', async ({ says }) => {
    const scene = await stage();
    const issue = opened(scene, '');
    say(scene, issue, says);
    await settle(scene, issue);
    expect(linksOf(scene.gitlab.world, issue)).toEqual([]);
  });
});

describe('/transfer', () => {
  const acknowledged = async (): Promise<{ scene: Scene; issue: StoredIssue }> => {
    const scene = await withEverybody();
    const issue = opened(scene, '');
    say(scene, issue, '/ack');
    await settle(scene, issue);
    later(scene);
    return { scene, issue };
  };

  it.each([
    { says: '/transfer @ben', who: 'ana', owner: 'ben' },
    { says: '/transfer ben', who: 'ana', owner: 'ben' },
    { says: '/transfer @BEN', who: 'lea', owner: 'ben' },
    { says: '/transfer @ben', who: 'ben', owner: 'ana', why: '@ben: `/transfer` was not done: your role in this project does not allow it. The on-call manager may.' },
    { says: '/transfer @reporter', who: 'ana', owner: 'reporter' },
    { says: '/transfer @guest', who: 'ana', owner: 'ana', why: '@ana: `/transfer` was not done: that person is no member of this project, or less than a Reporter.' },
    { says: '/transfer @nobody', who: 'ana', owner: 'ana', why: '@ana: `/transfer` was not done: there is no such user. Write the user name with its @, and nothing else.' },
    { says: '/transfer', who: 'ana', owner: 'ana', why: '@ana: `/transfer` was not done: there is no such user. Write the user name with its @, and nothing else.' },
  ])('$says by $who: $owner owns it', async ({ says, who, owner, why }) => {
    const { scene, issue } = await acknowledged();
    say(scene, issue, says, who);
    await settle(scene, issue);
    expect(saidIn(scene, issue, 'ack')).toContain(`\`${owner}\` owns this incident`);
    expect(issue.assigneeIds).toEqual([scene.gitlab.world.userNamed(owner).id]);
    expect(answersOn(scene, issue)).toEqual(why === undefined ? { emojis: 2, replies: [] } : { emojis: 1, replies: [why] });
  });

  it.each([
    {
      name: 'back to the first',
      then: [
        ['/transfer @ben', 'ana'],
        ['/transfer @ana', 'ben'],
      ],
      owner: 'ana',
    },
    {
      name: 'on to a third',
      then: [
        ['/transfer @ben', 'ana'],
        ['/transfer @lea', 'ben'],
      ],
      owner: 'lea',
    },
    {
      name: 'by who owns it no more',
      then: [
        ['/transfer @ben', 'ana'],
        ['/transfer @lea', 'ana'],
      ],
      owner: 'ben',
      refused: 1,
    },
  ])('$name, each seen alone or both at once', async ({ then, owner, refused = 0 }) => {
    for (const isSeenAlone of [true, false]) {
      const { scene, issue } = await acknowledged();
      for (const [says = '', who] of then) {
        say(scene, issue, says, who);
        if (isSeenAlone) await settle(scene, issue);
        later(scene);
      }
      await settle(scene, issue);
      expect(saidIn(scene, issue, 'ack')).toContain(`\`${owner}\` owns this incident`);
      expect(issue.assigneeIds).toEqual([scene.gitlab.world.userNamed(owner).id]);
      const { emojis, replies } = answersOn(scene, issue);
      expect([emojis, replies.length]).toEqual([3 - refused, refused]);
    }
  });
});

describe('/rca decides on the analysis of a severe incident', () => {
  const OPEN_QUESTION = COMPLETE.replace('- **Root cause analysis**: requested\n', '');
  it.each([
    { says: '/rca requested', who: 'ana', ends: 'closed' },
    { says: '/rca #12', who: 'lea', ends: 'closed' },
    { says: '/rca #12', who: 'ana', ends: 'opened' },
    { says: '/rca not-needed the same cause as last week, and known', who: 'lea', ends: 'closed' },
    { says: '/rca not-needed the same cause as last week, and known', who: 'ana', ends: 'opened' },
    { says: '/rca not-needed', who: 'lea', ends: 'opened' },
    { says: '/rca whatever', who: 'ana', ends: 'opened' },
  ])('$says by $who: a close ends $ends', async ({ says, who, ends }) => {
    const scene = await stage();
    const issue = scene.closed(OPEN_QUESTION);
    say(scene, issue, says, who);
    await settle(scene, issue);
    expect(issue.state).toBe(ends);
  });
});
