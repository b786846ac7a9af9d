import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { reconcile, type Tools } from '../../scripts/apply/reconcile.ts';
import { LeftOver, SetupError } from '../../scripts/ci/errors.ts';
import type { GitLab } from '../../scripts/gitlab/port.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { DUTY_SCENARIOS, dutyStateOf, slotsOn, toolsFor, type DutyScenario } from '../support/duty-scenarios.ts';
import { dying, FAULTS, Killed, wrapped } from '../support/dying.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { INPUTS } from '../support/provided.ts';
import { Turns } from '../support/turns.ts';

/** Every point, and what can go wrong there, in `npm run test:hard`; some of them in `npm test`. */
const isHard = INPUTS >= 10_000;
const tally = { kills: 0, faults: 0, races: 0 };
afterAll(() => {
  console.log(`duty interrupted: killed at ${tally.kills} points, a bad answer at ${tally.faults}, ${tally.races} races; the next run finished, nothing lost or doubled`);
});

type Set = { scene: Scene; issue: StoredIssue; told: string[]; tools: Tools; run: (gitlab?: GitLab, more?: Partial<Tools>) => Promise<unknown> };

async function set(scenario: DutyScenario): Promise<Set> {
  // What GitLab answers is judged by all other tests.
  const scene = await stage({ hear: undefined });
  const issue = await scenario.set(scene);
  const told: string[] = [];
  const tools = scene.tools(toolsFor(scenario, told));
  const run = async (gitlab = scene.connect().gitlab, more: Partial<Tools> = {}): Promise<unknown> => {
    const me = await gitlab.me();
    const seen = await gitlab.issue({ projectId: issue.projectId, iid: issue.iid });
    return reconcile(seen!, me, { ...tools, ...more, gitlab }, scenario.observed?.(scene));
  };
  return { scene, issue, told, tools, run };
}

const isPage = (key: string): boolean => key.endsWith('-pagerduty');

/** The keys of what a run was sending to Slack when it was killed, as a comment of ours remembers them. */
function sendingIn({ body }: { body: string }): string[] {
  const entries = /"sending":\[(.*?)\]/.exec(body)?.[1] ?? '';
  return [...entries.matchAll(/"([a-z0-9-]+)\.[0-9a-f]+"/g)].map(([, key = '']) => key.replace(/^(update)-\d+$/, '$1-NOTE'));
}

/** A state as it is where each message's end is on record. */
function settled(state: ReturnType<typeof dutyStateOf>): object {
  const { ours } = state;
  const inSent = (body: string): string =>
    body
      .replace(/,"after":\d+/, '')
      .replace(/,"sending":\["([a-z0-9-]+)\.[0-9a-f]+"\]/, ',"sent":["$1"]')
      .replace('"],"sent":["', '","');
  return { ...state, ours: ours.map(inSent) };
}

/** What holds in the end whatever happened: all as in an undisturbed run, each comment once, and a next run writes nothing. */
async function expectSettled({ scene, issue, told }: Set, scenario: DutyScenario): Promise<void> {
  expect(slotsOn(scene, issue)).toEqual([...new Set(slotsOn(scene, issue))]);
  const [paged, slack] = [told.filter(isPage), told.filter((key) => !isPage(key))];
  expect([...new Set(paged)].sort()).toEqual((scenario.tells ?? []).filter(isPage));
  // What a run was sending to Slack when it was killed was told, or not; all else was told once.
  const unknown = scene.said(issue).flatMap(sendingIn);
  expect(slack.filter((key) => !unknown.includes(key))).toEqual((scenario.tells ?? []).filter((key) => !isPage(key) && !unknown.includes(key)));
  expect(slack).toEqual([...new Set(slack)]);
  const { writes } = await scene.run(issue, toolsFor(scenario, told));
  expect(writes).toBe(0);
}

async function runDying({ run, scene, tools }: Set, kill?: { at: number; isDone: boolean }): Promise<number> {
  const { wrap, calls } = dying(kill);
  const running = run(wrapped(scene.connect().gitlab, wrap), { send: wrap(tools.send!), wake: wrap(tools.wake!) });
  await running.catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  return calls();
}

describe('a run on duty that is killed at any call', () => {
  it.each(DUTY_SCENARIOS)('$name: the next run ends where an undisturbed one does', { timeout: 300_000 }, async (scenario) => {
    const undisturbed = await set(scenario);
    const calls = await runDying(undisturbed);
    const wanted = dutyStateOf(undisturbed.scene, undisturbed.issue);
    await expectSettled(undisturbed, scenario);
    expect(undisturbed.told).toHaveLength(scenario.tells?.length ?? 0);
    for (let at = 1; at <= calls; at += 1) {
      for (const isDone of isHard ? [false, true] : [at % 2 === 0]) {
        const one = await set(scenario);
        await runDying(one, { at, isDone });
        await one.run();
        expect({ at, isDone, ...settled(dutyStateOf(one.scene, one.issue)) }).toEqual({ at, isDone, ...wanted });
        await expectSettled(one, scenario);
        tally.kills += 1;
      }
    }
  });
});

describe('a run on duty with a bad answer to any call', () => {
  it.each(DUTY_SCENARIOS)('$name: it or the next run ends where an undisturbed one does', { timeout: 300_000 }, async (scenario) => {
    const undisturbed = await set(scenario);
    const before = undisturbed.scene.gitlab.faults.calls.length;
    await undisturbed.run();
    const calls = undisturbed.scene.gitlab.faults.calls.length - before;
    const wanted = dutyStateOf(undisturbed.scene, undisturbed.issue);
    for (let at = isHard ? 1 : 3; at <= calls; at += isHard ? 1 : 3) {
      for (const fault of isHard ? FAULTS : [FAULTS[at % FAULTS.length]!]) {
        const one = await set(scenario);
        const start = one.scene.gitlab.faults.calls.length;
        one.scene.gitlab.faults.follow((_call, number) => (number === start + at ? fault : undefined));
        await one.run().catch((error: unknown) => {
          if (!(error instanceof LeftOver) && !(error instanceof SetupError)) throw error;
        });
        one.scene.gitlab.faults.clear();
        await one.run();
        expect({ at, fault, ...settled(dutyStateOf(one.scene, one.issue)) }).toEqual({ at, fault, ...wanted });
        await expectSettled(one, scenario);
        tally.faults += 1;
      }
    }
  });
});

describe.each(isHard ? [2, 5] : [3])('%i pipelines on duty at once', (pipelines) => {
  it.each(DUTY_SCENARIOS)('$name: each comment stands once, and the next run finds all done', { timeout: 600_000 }, async (scenario) => {
    const undisturbed = await set(scenario);
    await undisturbed.run();
    const wanted = dutyStateOf(undisturbed.scene, undisturbed.issue);
    const property = fc.asyncProperty(fc.infiniteStream(fc.nat(1_000_000)), async (choices) => {
      const one = await set(scenario);
      const turns = new Turns((waiting) => (choices.next().value ?? 0) % waiting);
      const pipeline = async (who: number): Promise<void> => {
        await one.run(turns.gate(who, one.scene.connect().gitlab)).catch((error: unknown) => {
          expect(error).toBeInstanceOf(LeftOver);
        });
      };
      await turns.run(Array.from({ length: pipelines }, () => pipeline));
      await one.run();
      expect(dutyStateOf(one.scene, one.issue)).toEqual(wanted);
      await expectSettled(one, scenario);
      tally.races += 1;
    });
    await fc.assert(property, { numRuns: isHard ? 50 : 2 });
  });
});
