import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { reconcile } from '../../scripts/apply/reconcile.ts';
import { LeftOver } from '../../scripts/ci/errors.ts';
import { COMPLETE, FALSE_POSITIVE, SMALL, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { INPUTS } from '../support/provided.ts';
import { act, later, say, SCENARIOS } from '../support/scenarios.ts';
import { config } from '../support/snapshot.ts';
import { everyOrder, Turns, type Chooser } from '../support/turns.ts';

let tried = 0;
afterAll(() => {
  console.log(`races: ${tried} interleavings of pipelines and people; no human edit lost, one comment in the end`);
});

type Actor = (who: number) => Promise<void>;

/** A pipeline of its own, each of whose calls waits for its turn. */
function pipeline(scene: Scene, issue: StoredIssue, turns: Turns): Actor {
  return async (who) => {
    const gitlab = turns.gate(who, scene.connect().gitlab);
    const me = await gitlab.me();
    const seen = await gitlab.issue({ projectId: issue.projectId, iid: issue.iid });
    const tools = { gitlab, config: config(), now: scene.clock.now, dryRun: false, commit: undefined, bounds: scene.bounds };
    if (seen) await reconcile(seen, me, tools).catch(expectLeftOver);
  };
}

function expectLeftOver(error: unknown): void {
  expect(error).toBeInstanceOf(LeftOver);
}

/** A person who does one thing after the other, each when it is their turn. */
function person(turns: Turns, deeds: readonly (() => void)[]): Actor {
  return async (who) => {
    for (const deed of deeds) {
      deed();
      await turns.wait(who);
    }
  };
}

/** What holds whoever came first: one comment, nothing of people's lost, and a next run that finds all as it should be. */
async function expectSound(scene: Scene, issue: StoredIssue, theirs: { description: string; label: string; words: string }): Promise<void> {
  tried += 1;
  await scene.run(issue);
  const { said, gitlab } = scene;
  expect(said(issue)).toHaveLength(1);
  expect((await scene.run(issue)).writes).toBe(0);
  expect([issue.description, issue.labels.includes(theirs.label)]).toEqual([theirs.description, true]);
  expect(gitlab.world.notes.of(issue).some(({ body, system }) => !system && body === theirs.words)).toBe(true);
  expect(issue.labels.filter((label) => label.startsWith('closure::')).length).toBeLessThanOrEqual(1);
  if (issue.state === 'closed') expect(issue.labels.some((label) => /closure::(?:verified|exempt|disputed|changed)/.test(label))).toBe(true);
}

const WORDS = 'I am on it, please leave it to me';
const DESCRIPTIONS = [TOO_EARLY, COMPLETE, FALSE_POSITIVE, SMALL, ''];

/** One race: some pipelines on a scenario's incident, and a person who edits, labels, speaks, reopens or closes meanwhile. */
async function race(draw: () => number, given: { scenario: number; pipelines: number; description: string; states: ('close' | 'reopen')[] }): Promise<void> {
  const scene = await stage();
  const issue = await SCENARIOS[given.scenario]!.set(scene);
  const before = scene.said(issue).length;
  // Now and then a call takes seconds, so that what was read is out of date and is asked for again.
  const turns = new Turns((waiting) => {
    const drawn = draw();
    scene.clock.waitedMs += drawn % 3 === 0 ? 1_500 : 0;
    return drawn % waiting;
  });
  const deeds = [
    () => {
      later(scene);
      act(scene, issue, { description: given.description });
    },
    () => {
      act(scene, issue, { addLabels: ['vip'] }, 'ben');
    },
    () => {
      say(scene, issue, WORDS);
    },
    ...given.states.map((stateEvent) => () => {
      later(scene);
      act(scene, issue, { stateEvent });
    }),
  ];
  const runs = Array.from({ length: given.pipelines }, () => pipeline(scene, issue, turns));
  await turns.run([...runs, person(turns, deeds)]);
  expect(scene.said(issue).length).toBeLessThanOrEqual(Math.max(1, before));
  later(scene);
  // Whatever the race left, somebody has to close it for the gate to have said something.
  act(scene, issue, { stateEvent: 'close' });
  await expectSound(scene, issue, { description: given.description, label: 'vip', words: WORDS });
}

describe('pipelines on one incident, with a person at work meanwhile', () => {
  it.each([2, 5])('%i of them', { timeout: 600_000 }, async (pipelines) => {
    const races = fc.record({
      scenario: fc.constantFrom(...SCENARIOS.keys()).filter((index) => !['a move', 'a duplicate', 'an alert that recovered'].includes(SCENARIOS[index]!.name)),
      description: fc.constantFrom(...DESCRIPTIONS),
      states: fc.array(fc.constantFrom('close' as const, 'reopen' as const), { maxLength: 3 }),
      choices: fc.infiniteStream(fc.nat(1_000_000)),
    });
    const property = fc.asyncProperty(races, async ({ choices, ...given }) => {
      await race(() => Number(choices.next().value), { ...given, pipelines });
    });
    await fc.assert(property, { numRuns: Math.max(20, Math.round(INPUTS / 20)) });
  });
});

const PAIRS = [
  { name: 'blocking', description: TOO_EARLY, ends: { state: 'opened', labels: ['closure::blocked'] } },
  { name: 'verifying', description: COMPLETE, ends: { state: 'closed', labels: ['closure::verified'] } },
];

/** Two pipelines on one closing: one comment, at once, and nothing left to do. */
async function pair(choose: Chooser, description: string, ends: object): Promise<void> {
  const scene = await stage();
  const issue = scene.closed(description);
  const turns = new Turns(choose);
  await turns.run([pipeline(scene, issue, turns), pipeline(scene, issue, turns)]);
  expect(issue).toMatchObject(ends);
  expect(scene.said(issue)).toHaveLength(1);
  expect((await scene.run(issue)).writes).toBe(0);
  tried += 1;
}

describe('two pipelines on one incident', () => {
  it.each(PAIRS)('$name, in orders of their calls by chance', { timeout: 600_000 }, async ({ description, ends }) => {
    const property = fc.asyncProperty(fc.infiniteStream(fc.nat(1_000_000)), async (choices) => {
      await pair((waiting) => (choices.next().value ?? 0) % waiting, description, ends);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it.runIf(INPUTS >= 10_000).each(PAIRS)('$name, in every order of their calls (in npm run test:long)', { timeout: 600_000 }, async ({ description, ends }) => {
    await everyOrder(1_500, (choose) => pair(choose, description, ends));
  });
});
