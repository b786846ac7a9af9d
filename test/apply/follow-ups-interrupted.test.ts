import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { LeftOver, SetupError } from '../../scripts/ci/errors.ts';
import type { Installation } from '../../scripts/read/config.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { dying, FAULTS, Killed, wrapped } from '../support/dying.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { linkedWith, noting, withFollowUps } from '../support/learning.ts';
import { INPUTS } from '../support/provided.ts';
import { act, later, stateOf } from '../support/scenarios.ts';
import { Turns } from '../support/turns.ts';

/** Every point, and what can go wrong there, in `npm run test:hard`; some of them in `npm test`. */
const isHard = INPUTS >= 5_000;
const tally = { kills: 0, faults: 0, races: 0 };
afterAll(() => {
  console.log(`follow-ups interrupted: killed at ${tally.kills} points, a bad answer at ${tally.faults}, ${tally.races} races; each was created once`);
});

const follows = withFollowUps();

type Scenario = { name: string; config?: Installation; set: (scene: Scene) => Promise<StoredIssue> };
type Set = { scene: Scene; issue: StoredIssue; config: Installation };

async function again(scene: Scene, before: string, description: string): Promise<StoredIssue> {
  const issue = scene.closed(before);
  await scene.run(issue, { config: follows });
  later(scene);
  act(scene, issue, { stateEvent: 'reopen', description });
  await scene.run(issue, { config: follows });
  later(scene);
  act(scene, issue, { stateEvent: 'close' });
  return issue;
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'creating two', set: (scene) => Promise.resolve(scene.closed(noting('process: ask later', 'tooling: @ben alerts earlier'))) },
  {
    name: 'linking one and creating one',
    set: (scene) => {
      const other = createIssue(scene.gitlab.world, scene.gitlab.world.userNamed('ben'), scene.project, 'Teach the rule', 'issue');
      return Promise.resolve(scene.closed(noting(`tooling: as #${other.iid}`, 'process: ask later')));
    },
  },
  {
    name: 'opening an analysis and two follow-ups',
    config: withFollowUps({}, { rca: {} }),
    set: (scene) => Promise.resolve(scene.closed(noting('process: ask later', 'tooling: alert earlier'), { confidential: true })),
  },
  { name: 'one that changed, one that is gone, one that is new', set: (scene) => again(scene, noting('process: a', 'tooling: b', 'risk: c'), noting('process: a', 'tooling: d', 'question: e')) },
];

async function set({ set: prepare, config = follows }: Scenario): Promise<Set> {
  // What GitLab answers is judged by all other tests.
  const scene = await stage({ hear: undefined });
  return { scene, issue: await prepare(scene), config };
}

/** What is true of all issues: duplicates that two pipelines created at once are closed, and nothing more is said there. */
function allOf(scene: Scene): object[] {
  const { issues } = scene.gitlab.world;
  const standing = issues.filter(({ duplicatedToId }) => duplicatedToId === null);
  return standing.map((issue) => {
    const { ours, ...state } = stateOf(scene, issue);
    return { ...state, ours: ours.map((body) => body.replaceAll(/"said":"\w+"|"iid":\d+|#\d+/g, '#')).sort(), linked: linkedWith(scene, issue) };
  });
}

async function expectSettled({ scene, issue, config }: Set, wanted: object[], where: object): Promise<void> {
  expect({ ...where, all: allOf(scene) }).toEqual({ ...where, all: wanted });
  expect({ ...where, writes: (await scene.run(issue, { config })).writes }).toEqual({ ...where, writes: 0 });
}

async function undisturbed(scenario: Scenario): Promise<{ calls: number; wanted: object[] }> {
  const { scene, issue, config } = await set(scenario);
  const before = scene.gitlab.faults.calls.length;
  await scene.run(issue, { config });
  return { calls: scene.gitlab.faults.calls.length - before, wanted: allOf(scene) };
}

describe('a run that creates follow-ups', () => {
  it.each(SCENARIOS)('killed at any call while $name: the next ends where an undisturbed one does', { timeout: 600_000 }, async (scenario) => {
    const { calls, wanted } = await undisturbed(scenario);
    for (let at = isHard ? 1 : 2; at <= calls; at += isHard ? 1 : 4) {
      for (const isDone of isHard ? [false, true] : [at % 8 < 4]) {
        const one = await set(scenario);
        const { wrap } = dying({ at, isDone });
        await one.scene.run(one.issue, { config: one.config, gitlab: wrapped(one.scene.connect().gitlab, wrap) }).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
        await one.scene.run(one.issue, { config: one.config });
        await expectSettled(one, wanted, { at, isDone });
        tally.kills += 1;
      }
    }
  });

  it.each(SCENARIOS)('with a bad answer to any call while $name: it or the next ends where an undisturbed one does', { timeout: 600_000 }, async (scenario) => {
    const { calls, wanted } = await undisturbed(scenario);
    for (let at = isHard ? 1 : 3; at <= calls; at += isHard ? 1 : 5) {
      for (const fault of isHard ? FAULTS : [FAULTS[at % FAULTS.length]!]) {
        const one = await set(scenario);
        const start = one.scene.gitlab.faults.calls.length;
        one.scene.gitlab.faults.follow((_call, number) => (number === start + at ? fault : undefined));
        await one.scene.run(one.issue, { config: one.config }).catch((error: unknown) => {
          if (!(error instanceof LeftOver) && !(error instanceof SetupError)) throw error;
        });
        one.scene.gitlab.faults.clear();
        await one.scene.run(one.issue, { config: one.config });
        await expectSettled(one, wanted, { at, fault });
        tally.faults += 1;
      }
    }
  });

  it.each(SCENARIOS)('raced by others while $name: each is created once in the end', { timeout: 600_000 }, async (scenario) => {
    const { wanted } = await undisturbed(scenario);
    const property = fc.asyncProperty(fc.infiniteStream(fc.nat(1_000_000)), async (choices) => {
      const one = await set(scenario);
      const turns = new Turns((waiting) => (choices.next().value ?? 0) % waiting);
      const pipeline = async (who: number): Promise<void> => {
        await one.scene.run(one.issue, { config: one.config, gitlab: turns.gate(who, one.scene.connect().gitlab) }).catch((error: unknown) => {
          expect(error).toBeInstanceOf(LeftOver);
        });
      };
      await turns.run([pipeline, pipeline, pipeline]);
      await one.scene.run(one.issue, { config: one.config });
      await expectSettled(one, wanted, {});
      tally.races += 1;
    });
    await fc.assert(property, { numRuns: isHard ? 40 : 3 });
  });
});
