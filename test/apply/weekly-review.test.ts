import { afterAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { takeHistory } from '../../scripts/apply/history.ts';
import { keepWeeklyReview, type KeptReview } from '../../scripts/apply/weekly-review.ts';
import { LeftOver, SetupError } from '../../scripts/ci/errors.ts';
import type { GitLab } from '../../scripts/gitlab/port.ts';
import type { Installation } from '../../scripts/read/config.ts';
import { COMPLETE } from '../../scripts/sandbox/story/descriptions.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { dying, FAULTS, Killed, wrapped } from '../support/dying.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { INPUTS } from '../support/provided.ts';
import { act, later, onDuty, opened, say } from '../support/scenarios.ts';
import { config } from '../support/snapshot.ts';
import { Turns } from '../support/turns.ts';

/** Every point, and what can go wrong there, in `npm run test:hard`; some of them in `npm test`. */
const isHard = INPUTS >= 5_000;
const tally = { kills: 0, faults: 0, races: 0 };
afterAll(() => {
  console.log(`weekly review interrupted: killed at ${tally.kills} points, a bad answer at ${tally.faults}, ${tally.races} races; one issue and one comment each`);
});

const WEEK = 7 * 24 * 60;
type Run = KeptReview & { reads: number; writes: number };

/** What a report run does for the review, by a history that it reads before; its calls alone count. */
async function keep(scene: Scene, installation: Installation = config(), given?: GitLab, dryRun = false): Promise<Run> {
  const { gitlab, count } = scene.connect();
  const me = await gitlab.me();
  const taken = await takeHistory(gitlab, me, installation, { now: scene.clock.now });
  const before = { ...count };
  const kept = await keepWeeklyReview(taken, me, scene.tools({ gitlab: given ?? gitlab, config: installation, dryRun }));
  return { ...kept, reads: count.reads - before.reads, writes: count.writes - before.writes };
}

const reviews = ({ gitlab: { world } }: Scene): StoredIssue[] => world.issues.filter(({ title }) => title.startsWith('Weekly review '));
const standing = (scene: Scene): StoredIssue[] => reviews(scene).filter(({ duplicatedToId }) => duplicatedToId === null);
const names = ({ gitlab: { world } }: Scene, { assigneeIds }: StoredIssue): string[] => world.users.filter(({ id }) => assigneeIds.includes(id)).map(({ username }) => username);

describe('the review of a week', () => {
  it('is one issue: confidential, labelled, with a comment, assigned to the manager on call', async () => {
    const scene = await stage();
    opened(scene, COMPLETE);
    expect((await keep(scene, onDuty())).also).toEqual(['opened the review of 2026-W46', expect.stringMatching(/#2: post the weekly-review comment$/)]);
    const [review, ...others] = reviews(scene);
    expect(others).toEqual([]);
    expect(review).toMatchObject({ title: 'Weekly review 2026-W46, 2026-11-09 to 2026-11-15', state: 'opened', type: 'issue', confidential: true, labels: ['weekly-review'] });
    expect(review!.description).toMatch(/^<!-- watchkeeper:weekly-review 2026-W46 -->\n.*2026-11-09 to 2026-11-15.*\n\n## Notes\n/);
    expect(names(scene, review!)).toEqual(['lea']);
    expect(scene.said(review!)).toMatchObject([{ body: expect.stringMatching(/### Open \(1\)\n\n- sirt\/incidents#1.*\n {2}- Scope: `deploy-token service/) as string }]);
  });

  it('costs two reads and no write where nothing changed, days later too', async () => {
    const scene = await stage();
    opened(scene, COMPLETE);
    await keep(scene);
    for (let time = 0; time < 2; time += 1) {
      later(scene, 24 * 60);
      expect(await keep(scene)).toEqual({ also: [], leftOver: [], reads: 2, writes: 0 });
    }
  });

  it('is kept current by one comment, which is edited', async () => {
    const scene = await stage();
    const issue = opened(scene, COMPLETE);
    await keep(scene);
    const [review] = reviews(scene);
    const [before] = scene.said(review!);
    say(scene, review!, 'We look at it on Monday.', 'lea');
    later(scene, 60);
    act(scene, issue, { addLabels: ['severity::1'] });
    expect(await keep(scene)).toMatchObject({ also: [expect.stringMatching(/: edit the weekly-review comment$/)], writes: 1 });
    const said = scene.said(review!);
    expect(said.map(({ id }) => id)).toEqual([before!.id]);
    expect(said[0]!.body).toContain('sirt/incidents#1, S1: open since');
  });

  it('is left alone once people closed it', async () => {
    const scene = await stage();
    const issue = opened(scene, COMPLETE);
    await keep(scene);
    const [review] = reviews(scene);
    later(scene, 60);
    act(scene, review!, { stateEvent: 'close' }, 'lea');
    act(scene, issue, { addLabels: ['severity::1'] });
    expect(await keep(scene)).toMatchObject({ also: [], writes: 0 });
    expect(reviews(scene)).toMatchObject([{ state: 'closed' }]);
    expect(scene.said(review!)[0]!.body).not.toContain('S1');
  });

  it('keeps what people write in its description and title', async () => {
    const scene = await stage();
    await keep(scene);
    const [review] = reviews(scene);
    const description = `${review!.description}\n- @ben rotates the rest\n`;
    act(scene, review!, { description, title: 'Weekly review 2026-W46, with legal' }, 'lea');
    later(scene, 60);
    expect(await keep(scene)).toMatchObject({ also: [], writes: 0 });
    expect(review).toMatchObject({ description, title: 'Weekly review 2026-W46, with legal' });
  });

  it('is followed by that of the next, and then stays as it was', async () => {
    const scene = await stage();
    const issue = opened(scene, COMPLETE);
    await keep(scene);
    const before = scene.said(reviews(scene)[0]!)[0]!.body;
    later(scene, WEEK);
    act(scene, issue, { addLabels: ['severity::1'] });
    await keep(scene);
    expect(reviews(scene).map(({ title, state }) => [title, state])).toEqual([
      ['Weekly review 2026-W46, 2026-11-09 to 2026-11-15', 'opened'],
      ['Weekly review 2026-W47, 2026-11-16 to 2026-11-22', 'opened'],
    ]);
    expect(scene.said(reviews(scene)[0]!).map(({ body }) => body)).toEqual([before]);
  });

  it('is none that somebody else wrote under its key', async () => {
    const scene = await stage();
    scene.closed('<!-- watchkeeper:weekly-review 2026-W46 -->\n', { type: 'issue' });
    await keep(scene);
    expect(reviews(scene)).toHaveLength(1);
  });

  it('stands in the project that the configuration names, under its label, and tells nothing confidential from elsewhere', async () => {
    const scene = await stage();
    const other = scene.gitlab.world.addProject('sirt/reviews', { 'watchkeeper-bot': 30, lea: 40 }, 43);
    opened(scene, COMPLETE, { confidential: true });
    await keep(scene, config({ weekly_review: { project: 'sirt/reviews', label: 'review' } }));
    const [review] = reviews(scene);
    expect(review).toMatchObject({ projectId: other.id, labels: ['review'] });
    const [{ body } = { body: '' }] = scene.said(review!);
    expect(body).toContain('- sirt/incidents#1, S2: open since');
    expect(body).not.toContain('deploy-token');
  });

  it('is said in a dry run, and neither opened nor edited', async () => {
    const scene = await stage();
    const issue = opened(scene, COMPLETE);
    expect(await keep(scene, config(), undefined, true)).toMatchObject({ also: [{ does: ['open the review of 2026-W46'] }], writes: 0 });
    expect(reviews(scene)).toEqual([]);
    await keep(scene);
    later(scene, 60);
    act(scene, issue, { addLabels: ['severity::1'] });
    expect(await keep(scene, config(), undefined, true)).toMatchObject({ also: [{ does: ['edit the weekly-review comment'], why: 'weekly review: what the week had' }], writes: 0 });
  });

  it.each([
    { name: 'is off where the configuration says so', different: { weekly_review: { mode: 'off' } }, left: [] },
    {
      name: 'is left to the operator where its project is not there',
      different: { weekly_review: { project: 'sirt/nowhere' } },
      left: [{ to: 'operator', reason: 'The project sirt/nowhere of weekly_review.project does not exist, or the bot may not see it. Correct it, or give the bot the role Developer there.' }],
    },
  ])('$name', async ({ different, left }) => {
    const scene = await stage();
    const kept = await keep(scene, config(different));
    expect(kept).toMatchObject({ also: [], leftOver: left, writes: 0 });
    expect(reviews(scene)).toEqual([]);
  });

  it('is not opened where all sources are groups and it has no project, which the log says', async () => {
    const scene = await stage();
    const kept = await keep(scene, config({ sources: [{ group: 'sirt' }] }));
    expect(kept).toMatchObject({ also: ['no weekly review: sources are groups alone, and weekly_review.project names none'], leftOver: [], writes: 0 });
    expect(reviews(scene)).toEqual([]);
  });
});

/** A review that is to be opened, or edited. */
const SCENARIOS: readonly { name: string; set: (scene: Scene) => Promise<void> }[] = [
  { name: 'opening', set: () => Promise.resolve() },
  {
    name: 'editing',
    set: async (scene) => {
      const issue = opened(scene, COMPLETE);
      await keep(scene);
      later(scene);
      act(scene, issue, { addLabels: ['severity::1'] });
    },
  },
];
type Scenario = (typeof SCENARIOS)[number];

async function set({ set: prepare }: Scenario): Promise<Scene> {
  // What GitLab answers is judged by all other tests.
  const scene = await stage({ hear: undefined });
  await prepare(scene);
  return scene;
}

/** All that stands of the reviews; which number an issue has is not told. */
const stateOf = (scene: Scene): object[] =>
  standing(scene).map((review) => ({ ...{ title: review.title, state: review.state, labels: review.labels }, said: scene.said(review).map(({ body }) => body.replace(/#\d+/g, '#')) }));

async function undisturbed(scenario: Scenario): Promise<{ calls: number; wanted: object[] }> {
  const scene = await set(scenario);
  const { wrap, calls } = dying();
  await keep(scene, onDuty(), wrapped(scene.connect().gitlab, wrap));
  expect(stateOf(scene)).toMatchObject([{ state: 'opened', said: [expect.any(String)] }]);
  return { calls: calls(), wanted: stateOf(scene) };
}

async function expectSettled(scene: Scene, wanted: object[], where: object): Promise<void> {
  const { leftOver } = await keep(scene, onDuty());
  expect({ ...where, leftOver, all: stateOf(scene) }).toEqual({ ...where, leftOver: [], all: wanted });
  expect({ ...where, writes: (await keep(scene, onDuty())).writes }).toEqual({ ...where, writes: 0 });
  expect(reviews(scene).filter(({ state }) => state === 'opened')).toHaveLength(1);
}

describe('a run that keeps the review', () => {
  it.each(SCENARIOS)('killed at any call while $name: the next ends where an undisturbed one does', { timeout: 600_000 }, async (scenario) => {
    const { calls, wanted } = await undisturbed(scenario);
    for (let at = 1; at <= calls; at += 1) {
      for (const isDone of isHard ? [false, true] : [at % 2 === 0]) {
        const scene = await set(scenario);
        const { wrap } = dying({ at, isDone });
        await expect(keep(scene, onDuty(), wrapped(scene.connect().gitlab, wrap))).rejects.toThrow(Killed);
        await expectSettled(scene, wanted, { at, isDone });
        tally.kills += 1;
      }
    }
  });

  it.each(SCENARIOS)('with a bad answer to any call while $name: it or the next ends where an undisturbed one does', { timeout: 600_000 }, async (scenario) => {
    const { calls, wanted } = await undisturbed(scenario);
    for (let at = 1; at <= calls; at += isHard ? 1 : 2) {
      for (const fault of isHard ? FAULTS : [FAULTS[at % FAULTS.length]!]) {
        const scene = await set(scenario);
        const { gitlab } = scene.connect();
        const taken = await takeHistory(gitlab, await gitlab.me(), onDuty(), { now: scene.clock.now });
        const start = scene.gitlab.faults.calls.length;
        scene.gitlab.faults.follow((_call, number) => (number === start + at ? fault : undefined));
        await keepWeeklyReview(taken, await botOf(scene), scene.tools({ gitlab, config: onDuty() })).catch((error: unknown) => {
          if (!(error instanceof LeftOver) && !(error instanceof SetupError)) throw error;
        });
        scene.gitlab.faults.clear();
        await expectSettled(scene, wanted, { at, fault });
        tally.faults += 1;
      }
    }
  });

  it.each(SCENARIOS)('raced by two others while $name: there is one issue, and one comment, in the end', { timeout: 600_000 }, async (scenario) => {
    const { wanted } = await undisturbed(scenario);
    const property = fc.asyncProperty(fc.infiniteStream(fc.nat(1_000_000)), async (choices) => {
      const scene = await set(scenario);
      const turns = new Turns((waiting) => (choices.next().value ?? 0) % waiting);
      const pipeline = async (who: number): Promise<void> => {
        await keep(scene, onDuty(), turns.gate(who, scene.connect().gitlab));
      };
      await turns.run([pipeline, pipeline, pipeline]);
      await expectSettled(scene, wanted, {});
      tally.races += 1;
    });
    await fc.assert(property, { numRuns: isHard ? 40 : 4 });
  });
});

/** Who the bot is, which costs a run no call here. */
const botOf = ({ bot }: Scene): Promise<{ id: number; username: string }> => Promise.resolve({ id: bot.id, username: bot.username });
