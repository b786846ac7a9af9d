import { afterAll, describe, expect, it } from 'vitest';
import { LeftOver, SetupError } from '../../scripts/ci/errors.ts';
import { dutyStateOf } from '../support/duty-scenarios.ts';
import { dying, FAULTS, Killed, wrapped } from '../support/dying.ts';
import { INPUTS } from '../support/provided.ts';
import { act, later, say } from '../support/scenarios.ts';
import { slotsOf, stageDuty, type Duty } from '../support/shifts.ts';

/** Every point, and what can go wrong there, in `npm run test:hard`; some of them in `npm test`. */
const isHard = INPUTS >= 10_000;
const tally = { kills: 0, faults: 0 };
afterAll(() => {
  console.log(`shifts interrupted: killed at ${tally.kills} points, a bad answer at ${tally.faults}; the next run finished, nothing lost or doubled`);
});

type Scenario = { name: string; config?: object; set: (duty: Duty) => Promise<void> };

/** Two incidents that @ana took, one of them severe, in a shift that has its log. */
async function begin(duty: Duty): Promise<void> {
  for (const labels of [['severity::1'], []]) {
    const page = duty.page('09:55', { labels });
    await duty.event(page);
    say(duty, page, '/ack');
    await duty.event(page);
  }
  await duty.tend();
}

async function handOver(duty: Duty): Promise<void> {
  await begin(duty);
  duty.at('19:05');
  await duty.tend();
  duty.at('20:03');
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'the first log', set: () => Promise.resolve() },
  { name: 'the first log, where nobody is assigned to incidents', config: { handoff: { assign: 'none' } }, set: () => Promise.resolve() },
  {
    name: 'an hour before the end',
    set: async (duty) => {
      await begin(duty);
      duty.at('19:05');
    },
  },
  { name: 'the change', set: handOver },
  { name: 'the change, replacing', config: { handoff: { assign: 'replace' } }, set: handOver },
  {
    name: 'the change back to the owner',
    set: async (duty) => {
      await handOver(duty);
      await duty.tend();
      duty.at('08:03');
    },
  },
  {
    name: 'accepting in the log',
    set: async (duty) => {
      await handOver(duty);
      await duty.tend();
      later(duty);
      say(duty, duty.logs()[1]!, '/accept', 'ben');
    },
  },
  {
    name: 'what nobody accepted',
    set: async (duty) => {
      await handOver(duty);
      await duty.tend();
      duty.at('20:40');
    },
  },
  {
    name: 'a quiet shift that closes',
    set: async (duty) => {
      await duty.tend();
      duty.at('20:03');
      await duty.tend();
      duty.at('09:30');
    },
  },
  {
    name: 'a log that says nothing and is closed',
    set: async (duty) => {
      await begin(duty);
      act(duty, duty.logs()[0]!, { stateEvent: 'close' });
    },
  },
];

async function set({ set: prepare, config = {} }: Scenario): Promise<Duty> {
  // What GitLab answers is judged by all other tests.
  const duty = await stageDuty({ updates: { severity_1: 0 }, ...config }, { hear: undefined });
  duty.project.hasSeveralAssignees = true;
  await prepare(duty);
  return duty;
}

/** What is true of all issues in the end. */
function stateOf(duty: Duty): object[] {
  const { issues } = duty.gitlab.world;
  return issues.map((issue) => ({ iid: issue.iid, ...dutyStateOf(duty, issue), slots: slotsOf(duty, issue).sort(), confidential: issue.confidential }));
}

/**
 * A state without addresses, and without whom a summary shows as assigned: it is told once, also where an incident could not be
 * looked at then. What a run was telling Slack when it was killed stays as such, and counts as told.
 */
function comparable(duty: Duty): string {
  return JSON.stringify(stateOf(duty), undefined, 1)
    .replaceAll(duty.gitlab.address, '')
    .replace(/\\"sending\\":\[\\"([a-z0-9-]+)\.[0-9a-f]{16}\\"\],\\"after\\":\d+/g, String.raw`\"sent\":[\"$1\"]`)
    .replace(/(\| sirt\/incidents#\d+ \| [^|]*\|)[^|]*\|/g, '$1 |');
}

async function expectSettled(duty: Duty): Promise<void> {
  for (const issue of duty.gitlab.world.issues) expect(slotsOf(duty, issue)).toEqual([...new Set(slotsOf(duty, issue))]);
  for (const key of new Set(duty.told.map((message) => message.key))) expect(duty.told.filter((message) => message.key === key).length).toBe(1);
  expect((await duty.tend()).writes).toBe(0);
}

/** What is scheduled after a run that was cut off: a sweep, which looks at what was touched, and a tending. */
async function makeUp(duty: Duty): Promise<void> {
  await duty.sweep(false);
  await duty.tend();
}

/** Runs the tending and counts its calls of GitLab; ends it at one of them, before that is done, or after, its answer never heard. */
async function tendDying(duty: Duty, kill?: { at: number; isDone: boolean }): Promise<number> {
  const { wrap, calls } = dying(kill);
  await duty.tend({ gitlab: wrapped(duty.connect().gitlab, wrap) }, true).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  return calls();
}

describe('a tending of the shifts that is killed at any call', () => {
  it.each(SCENARIOS)('$name: the next ends where an undisturbed one does', { timeout: 600_000 }, async (scenario) => {
    const undisturbed = await set(scenario);
    const calls = await tendDying(undisturbed);
    const wanted = comparable(undisturbed);
    await expectSettled(undisturbed);
    const step = isHard ? 1 : Math.ceil(calls / 3);
    for (let at = 1; at <= calls; at += step) {
      for (const isDone of isHard ? [false, true] : [at % 2 === 0]) {
        const one = await set(scenario);
        await tendDying(one, { at, isDone });
        await makeUp(one);
        expect(`${at} ${isDone} ${comparable(one)}`).toEqual(`${at} ${isDone} ${wanted}`);
        await expectSettled(one);
        tally.kills += 1;
      }
    }
  });
});

describe('a tending of the shifts with a bad answer to any call', () => {
  it.each(SCENARIOS)('$name: it or the next ends where an undisturbed one does', { timeout: 600_000 }, async (scenario) => {
    const undisturbed = await set(scenario);
    const before = undisturbed.gitlab.faults.calls.length;
    await undisturbed.tend();
    const calls = undisturbed.gitlab.faults.calls.length - before;
    const wanted = comparable(undisturbed);
    const step = isHard ? 1 : calls;
    for (let at = Math.ceil(step / 2); at <= calls; at += step) {
      for (const fault of isHard ? FAULTS : [FAULTS[at % FAULTS.length]!]) {
        const one = await set(scenario);
        const start = one.gitlab.faults.calls.length;
        one.gitlab.faults.follow((_call, number) => (number === start + at ? fault : undefined));
        await one.tend({}, true).catch((error: unknown) => {
          if (!(error instanceof LeftOver) && !(error instanceof SetupError)) throw error;
        });
        one.gitlab.faults.clear();
        await makeUp(one);
        expect(`${at} ${fault.kind} ${comparable(one)}`).toEqual(`${at} ${fault.kind} ${wanted}`);
        await expectSettled(one);
        tally.faults += 1;
      }
    }
  });
});
