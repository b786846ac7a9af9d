import { afterAll, describe, expect, it } from 'vitest';
import { LeftOver, SetupError } from '../../scripts/ci/errors.ts';
import { analysisText, stageLearning, type Learning } from '../support/analyses.ts';
import { dutyStateOf } from '../support/duty-scenarios.ts';
import { dying, FAULTS, Killed, wrapped } from '../support/dying.ts';
import { INPUTS } from '../support/provided.ts';
import { act, later, say } from '../support/scenarios.ts';
import { slotsOf } from '../support/shifts.ts';
import { Turns } from '../support/turns.ts';

/** Every point, and what can go wrong there, in `npm run test:hard`; some of them in `npm test`. */
const isHard = INPUTS >= 10_000;
const tally = { kills: 0, faults: 0, races: 0 };
afterAll(() => {
  console.log(`analyses interrupted: killed at ${tally.kills} points, a bad answer at ${tally.faults}, ${tally.races} races; the next run finished, nothing lost or doubled`);
});

const UNFINISHED = analysisText({ 'Root cause': undefined });

/** Analyses of all kinds: closed incomplete and complete, closed again after a reopening, past their time, with commands. */
async function set(): Promise<Learning> {
  // What GitLab answers is judged by all other tests.
  const learning = await stageLearning({}, { hear: undefined });
  const again = learning.analysis(UNFINISHED);
  act(learning, again, { stateEvent: 'close' }, 'ben');
  await learning.learn();
  later(learning);
  const [incomplete, complete] = [learning.byHand(`${UNFINISHED}## Root cause\n`), learning.analysis(analysisText())];
  for (const issue of [again, incomplete, complete]) act(learning, issue, { stateEvent: 'close' }, 'ben');
  learning.analysis(UNFINISHED, { dueDate: '2026-11-10' });
  const asked = learning.analysis(analysisText());
  say(learning, asked, '/ack', 'ben');
  say(learning, asked, '/resolved all is written down', 'ben');
  later(learning);
  return learning;
}

function stateOf(learning: Learning): string {
  const { issues } = learning.gitlab.world;
  const states = issues.map((issue) => ({ iid: issue.iid, ...dutyStateOf(learning, issue), slots: slotsOf(learning, issue).sort() }));
  return JSON.stringify(states, undefined, 1).replaceAll(learning.gitlab.address, '');
}

async function expectSettled(learning: Learning, wanted: string): Promise<void> {
  for (const issue of learning.gitlab.world.issues) expect(slotsOf(learning, issue)).toEqual([...new Set(slotsOf(learning, issue))]);
  expect(stateOf(learning)).toBe(wanted);
  expect((await learning.learn()).writes).toBe(0);
}

async function learnDying(learning: Learning, kill?: { at: number; isDone: boolean }): Promise<number> {
  const { wrap, calls } = dying(kill);
  // What runs beside a call at which we are killed is crashed too, and told as left over.
  await learning.learn(wrapped(learning.connect().gitlab, wrap)).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  return calls();
}

describe('a look at all analyses', () => {
  it('that is killed at any call: the next ends where an undisturbed one does', { timeout: 600_000 }, async () => {
    const undisturbed = await set();
    const calls = await learnDying(undisturbed);
    const wanted = stateOf(undisturbed);
    expect(undisturbed.gitlab.world.issues.map(({ state, labels }) => `${state} ${labels.at(-1)}`)).toEqual([
      'opened closure::blocked',
      'opened closure::blocked',
      'closed closure::verified',
      'opened rca',
      'closed closure::verified',
    ]);
    await expectSettled(undisturbed, wanted);
    for (let at = 1; at <= calls; at += isHard ? 1 : 2) {
      for (const isDone of isHard ? [false, true] : [at % 4 === 1]) {
        const one = await set();
        await learnDying(one, { at, isDone });
        await one.learn();
        await expectSettled(one, wanted);
        tally.kills += 1;
      }
    }
  });

  it('with a bad answer to any call: it or the next ends where an undisturbed one does', { timeout: 600_000 }, async () => {
    const undisturbed = await set();
    const before = undisturbed.gitlab.faults.calls.length;
    await undisturbed.learn();
    const calls = undisturbed.gitlab.faults.calls.length - before;
    const wanted = stateOf(undisturbed);
    for (let at = 1; at <= calls; at += isHard ? 1 : 3) {
      for (const fault of isHard ? FAULTS : [FAULTS[at % FAULTS.length]!]) {
        const one = await set();
        const start = one.gitlab.faults.calls.length;
        one.gitlab.faults.follow((_call, number) => (number === start + at ? fault : undefined));
        await one.learn().catch((error: unknown) => {
          if (!(error instanceof LeftOver) && !(error instanceof SetupError)) throw error;
        });
        one.gitlab.faults.clear();
        await one.learn();
        await expectSettled(one, wanted);
        tally.faults += 1;
      }
    }
  });

  /** One analysis, so that a run makes one call after the other. */
  const ALONE: readonly { name: string; set: (learning: Learning) => void }[] = [
    {
      name: 'one that was closed incomplete',
      set: (learning) => {
        act(learning, learning.analysis(UNFINISHED), { stateEvent: 'close' }, 'ben');
      },
    },
    {
      name: 'one that was closed complete',
      set: (learning) => {
        act(learning, learning.analysis(analysisText()), { stateEvent: 'close' }, 'ben');
      },
    },
    {
      name: 'one past its time',
      set: (learning) => {
        learning.analysis(UNFINISHED, { dueDate: '2026-11-10' });
      },
    },
  ];
  const seeds = Array.from({ length: isHard ? 50 : 4 }, (_none, seed) => seed + 1);
  it.each(ALONE)('by two runs at once says everything once: $name', { timeout: 600_000 }, async ({ set: begin }) => {
    const alone = async (): Promise<Learning> => {
      const learning = await stageLearning({}, { hear: undefined });
      begin(learning);
      later(learning);
      return learning;
    };
    const undisturbed = await alone();
    await undisturbed.learn();
    const wanted = stateOf(undisturbed);
    for (const seed of seeds) {
      const one = await alone();
      let drawn = seed;
      const turns = new Turns((waiting) => (drawn = (drawn * 7 + 3) % 101) % waiting);
      const run = async (who: number): Promise<void> => {
        await one.learn(turns.gate(who, one.connect().gitlab));
      };
      await turns.run([run, run]);
      await one.learn();
      await expectSettled(one, wanted);
      tally.races += 1;
    }
  });
});
