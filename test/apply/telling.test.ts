import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { reconcile, type Reconciled, type Tools } from '../../scripts/apply/reconcile.ts';
import { createSend } from '../../scripts/apply/send.ts';
import { LeftOver } from '../../scripts/ci/errors.ts';
import type { GitLab } from '../../scripts/gitlab/port.ts';
import { connectOutside } from '../../scripts/outside/connect.ts';
import { startSlack, type EmbeddedSlack } from '../../scripts/sandbox/outside/slack.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { dying, Killed, wrapped } from '../support/dying.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { INPUTS } from '../support/provided.ts';
import { later, onDuty, opened, say } from '../support/scenarios.ts';
import { Turns, type Chooser } from '../support/turns.ts';

const isHard = INPUTS >= 10_000;
const tally = { kills: 0, races: 0 };
afterAll(() => {
  console.log(`telling Slack: killed at ${tally.kills} points, ${tally.races} races; no message stood twice`);
});
const running: EmbeddedSlack[] = [];
afterEach(() => Promise.all(running.splice(0).map(({ stop }) => stop())));

const LADDER = [
  { after_minutes: 15, notify: ['manager'], via: ['mention', 'slack'] },
  { after_minutes: 30, notify: ['second manager'], via: ['mention', 'slack'] },
];
const CONFIG = onDuty({ escalation: { steps: LADDER } });

/** An incident of which Slack is to be told, and runs as jobs of their own would do them. */
type Room = { scene: Scene; issue: StoredIssue; slack: EmbeddedSlack; tools: Partial<Tools>; run: (more?: Partial<Tools>) => Promise<Reconciled> };
type Telling = { name: string; key: string; slot: string; set: (scene: Scene, issue: StoredIssue) => void };

const TELLINGS: readonly Telling[] = [
  {
    name: 'a step of the ladder',
    key: 'escalation-1-slack',
    slot: 'escalation',
    set: (scene) => {
      later(scene, 16);
    },
  },
  {
    ...{ name: 'an update', key: 'update-NOTE', slot: 'update-NOTE' },
    set: (scene, issue) => {
      later(scene);
      say(scene, issue, '/update the token is revoked');
    },
  },
];
const [STEP, UPDATE] = TELLINGS as readonly [Telling, Telling];

async function open({ set }: Telling): Promise<Room> {
  const scene = await stage({ hear: undefined });
  const slack = await startSlack();
  running.push(slack);
  const issue = opened(scene, '');
  await scene.run(issue, { config: CONFIG });
  set(scene, issue);
  const tools = { config: CONFIG, ...waysTo(slack.hookUrl, scene) };
  const run = async (more: Partial<Tools> = {}): Promise<Reconciled> => {
    const gitlab = more.gitlab ?? scene.connect().gitlab;
    const me = await gitlab.me();
    const seen = await gitlab.issue({ projectId: issue.projectId, iid: issue.iid });
    return reconcile(seen!, me, scene.tools({ ...tools, ...more, gitlab }));
  };
  return { scene, issue, slack, tools, run };
}

function waysTo(slackUrl: string | undefined, { bounds }: Scene, log: string[] = []): Pick<Tools, 'send' | 'isOn'> {
  const outside = connectOutside({ pagerduty: {}, ...(slackUrl === undefined ? {} : { slackUrl }), bounds });
  return createSend(outside, CONFIG, (line) => log.push(line));
}

/** What the comments of ours remember: keys of what was sent, and of what was being sent, without the run. */
function remembered({ scene, issue }: Room): { sent: string[]; sending: string[] } {
  const list = (name: string): string[] =>
    scene.said(issue).flatMap(({ body }) => {
      const entries = new RegExp(`"${name}":\\[(.*?)\\]`).exec(body)?.[1] ?? '';
      return [...entries.matchAll(/"([^".]+)(?:\.[0-9a-f]{16})?"/g)].map(([, key = '']) => key.replace(/^(update)-\d+$/, '$1-NOTE'));
    });
  return { sent: list('sent'), sending: list('sending') };
}

const commentsOf = ({ scene, issue }: Room): number[] => scene.said(issue).map(({ id }) => id);
const emojisOf = ({ scene, issue }: Room): number => scene.gitlab.world.awards.of(issue).length;

describe.each(TELLINGS)('Slack is told of $name', (telling) => {
  const { key } = telling;

  it('once, and that stays on record', async () => {
    const room = await open(telling);
    const { actions, failures, warnings } = await room.run();
    expect(actions.filter((action) => action.startsWith('tell Slack'))).toHaveLength(1);
    expect([failures, warnings]).toEqual([[], []]);
    expect(remembered(room)).toEqual({ sent: [key], sending: [] });
    const before = commentsOf(room);
    expect(await room.run()).toMatchObject({ actions: [], warnings: [] });
    expect([room.slack.messages.length, commentsOf(room)]).toEqual([1, before]);
  });

  it('only after it is written that a run tells it', async () => {
    const room = await open(telling);
    const { send } = room.tools;
    const standing: object[] = [];
    await room.run({
      send: (message) => {
        standing.push(remembered(room));
        return send!(message);
      },
    });
    expect(standing).toEqual([{ sent: [], sending: [key] }]);
  });

  it.each<{ name: string; fails: (slack: EmbeddedSlack) => void; failure: RegExp }>([
    {
      name: 'refuses',
      fails: (slack) => {
        slack.failWith('invalid_token');
      },
      failure: /^SetupError: Slack answered 403 invalid_token/,
    },
    {
      name: 'is in trouble',
      fails: (slack) => {
        slack.failWith('rollup_error');
      },
      failure: /^Unreached: Slack answered 500/,
    },
    {
      name: 'wants to be left in peace for long',
      fails: (slack) => {
        slack.limit(61);
      },
      failure: /^Unreached: Slack answered 429/,
    },
    {
      name: 'wants to be left in peace again and again',
      fails: (slack) => {
        slack.limit(1, 4);
      },
      failure: /^Unreached: Slack answered 429/,
    },
  ])('by the next run where it $name, in the same comment', async ({ fails, failure }) => {
    const room = await open(telling);
    fails(room.slack);
    const { failures } = await room.run();
    expect(failures.map(String)).toEqual([expect.stringMatching(failure)]);
    expect(remembered(room)).toEqual({ sent: [], sending: [] });
    expect([room.slack.messages.length, emojisOf(room)]).toEqual([0, 0]);
    const before = commentsOf(room);
    expect(await room.run()).toMatchObject({ failures: [], warnings: [] });
    expect(remembered(room)).toEqual({ sent: [key], sending: [] });
    expect([room.slack.messages.length, commentsOf(room), emojisOf(room)]).toEqual([1, before, telling === UPDATE ? 1 : 0]);
    expect((await room.run()).actions).toEqual([]);
  });

  it('by the next run where it cannot be reached', async () => {
    const room = await open(telling);
    const gone = await startSlack();
    await gone.stop();
    const { failures } = await room.run(waysTo(gone.hookUrl, room.scene));
    expect(failures.map(({ name }) => name)).toEqual(['Unreached']);
    expect(remembered(room)).toEqual({ sent: [], sending: [] });
    await room.run();
    expect(room.slack.messages).toHaveLength(1);
  });

  it.each([
    { name: 'having posted it', fault: { kind: 'lose' } as const, stands: 1 },
    { name: 'having posted nothing', fault: { kind: 'reset' } as const, stands: 0 },
  ])('at most once where it answers nothing, $name', async ({ fault, stands }) => {
    const room = await open(telling);
    room.slack.faults.plan(/^POST /, fault);
    const { failures } = await room.run();
    expect(failures.map(({ name }) => name)).toEqual(['MaybePosted']);
    expect(remembered(room)).toEqual({ sent: [key], sending: [] });
    expect(await room.run()).toMatchObject({ actions: [], failures: [], warnings: [] });
    expect(room.slack.messages).toHaveLength(stands);
  });

  it('by the next run where this one has no time to wait for it and to say so', async () => {
    const room = await open(telling);
    const { scene, slack } = room;
    scene.clock.waitedMs = 55_000;
    scene.gitlab.faults.turn = () => {
      scene.clock.waitedMs += 2_000;
      return Promise.resolve();
    };
    slack.limit(50, 2);
    await room.run().catch((error: unknown) => {
      expect(error).toBeInstanceOf(LeftOver);
    });
    expect(remembered(room)).toEqual({ sent: [], sending: [] });
    slack.faults.clear();
    scene.gitlab.faults.clear();
    scene.clock.waitedMs = 0;
    await room.run();
    expect([slack.messages.length, remembered(room)]).toEqual([1, { sent: [key], sending: [] }]);
  });

  it('by nobody where there is no webhook, of which no comment says anything', async () => {
    const room = await open(telling);
    const { gitlab } = room.scene.connect();
    const [log, bodies]: string[][] = [[], []];
    const heard: GitLab = {
      ...gitlab,
      addNote: async (issue, body) => {
        bodies!.push(body);
        return gitlab.addNote(issue, body);
      },
      sayAndChange: async (issue, body, ...more) => {
        bodies!.push(body);
        return gitlab.sayAndChange(issue, body, ...more);
      },
    };
    await room.run({ ...waysTo(undefined, room.scene, log), gitlab: heard });
    expect(bodies!.filter((body) => body.includes(telling.slot.replace('NOTE', '')))).toHaveLength(1);
    expect(bodies!.filter((body) => body.includes('"sending"'))).toEqual([]);
    expect(remembered(room)).toEqual({ sent: [], sending: [] });
    expect(log).toEqual(['SLACK_WEBHOOK_URL is not set: Slack is told nothing']);
  });

  it('at most once where a run is killed at any call, and every run that might tell it again warns', { timeout: 300_000 }, async () => {
    const died = async (room: Room, kill?: { at: number; isDone: boolean }): Promise<number> => {
      const { wrap, calls } = dying(kill);
      await room.run({ gitlab: wrapped(room.scene.connect().gitlab, wrap), send: wrap(room.tools.send!) }).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      return calls();
    };
    const calls = await died(await open(telling));
    let unknown = 0;
    for (let at = 1; at <= calls; at += 1) {
      for (const isDone of [false, true]) {
        const room = await open(telling);
        await died(room, { at, isDone });
        const { sending } = remembered(room);
        const { warnings } = await room.run();
        expect({ at, isDone, warnings }).toEqual({ at, isDone, warnings: sending.map(() => expect.stringMatching(/^Slack may not have been told of /) as string) });
        await room.run();
        expect({ at, isDone, ...remembered(room) }).toEqual({ at, isDone, sent: sending.length > 0 ? [] : [key], sending });
        if (sending.length === 0) expect({ at, isDone, told: room.slack.messages.length }).toEqual({ at, isDone, told: 1 });
        expect(room.slack.messages.length).toBeLessThanOrEqual(1);
        unknown += sending.length;
        tally.kills += 1;
      }
    }
    expect(unknown).toBeGreaterThan(0);
  });

  it('once where GitLab answers any one call badly', { timeout: 300_000 }, async () => {
    const undisturbed = await open(telling);
    const before = undisturbed.scene.gitlab.faults.calls.length;
    await undisturbed.run();
    const calls = undisturbed.scene.gitlab.faults.calls.length - before;
    const faults = [{ kind: 'lose' }, { kind: 'reset' }, { kind: 'status', status: 429, retryAfterSeconds: 120 }] as const;
    for (let at = 1; at <= calls; at += 1) {
      for (const fault of faults) {
        const room = await open(telling);
        const start = room.scene.gitlab.faults.calls.length;
        room.scene.gitlab.faults.follow((_call, number) => (number === start + at ? fault : undefined));
        await room.run().catch((error: unknown) => {
          expect(error).toBeInstanceOf(LeftOver);
        });
        room.scene.gitlab.faults.clear();
        await room.run();
        expect({ at, fault, told: room.slack.messages.length }).toEqual({ at, fault, told: 1 });
      }
    }
  });

  /** Two runs at once, each call to GitLab and to Slack at its turn. */
  const race = async (room: Room, choose: Chooser): Promise<void> => {
    const turns = new Turns(choose);
    const actor = async (who: number): Promise<void> => {
      const gated = turns.gate(who, room.scene.connect().gitlab);
      // Pauses are longer than any call takes, so that the other goes on meanwhile.
      const sleep = async (): Promise<void> => {
        for (let turn = 0; turn < 3; turn += 1) await turns.wait(who);
      };
      const send: Tools['send'] = async (message) => {
        await turns.wait(who);
        return room.tools.send!(message);
      };
      await room.run({ gitlab: gated, send, bounds: { ...room.scene.bounds, sleep } }).catch((error: unknown) => {
        expect(error).toBeInstanceOf(LeftOver);
      });
    };
    await turns.run([actor, actor]);
    tally.races += 1;
  };
  const byChance = async (runs: number, test: (choose: Chooser) => Promise<void>): Promise<void> => {
    const property = fc.asyncProperty(fc.infiniteStream(fc.nat(1_000_000)), (choices) => test((waiting) => (choices.next().value ?? 0) % waiting));
    await fc.assert(property, { numRuns: isHard ? runs * 20 : runs });
  };

  it('once by two runs at one moment', { timeout: 600_000 }, async () => {
    await byChance(20, async (choose) => {
      const room = await open(telling);
      await race(room, choose);
      expect([room.slack.messages.length, remembered(room)]).toEqual([1, { sent: [key], sending: [] }]);
      await room.run();
      expect((await room.run()).actions).toEqual([]);
      expect(room.slack.messages).toHaveLength(1);
    });
  });

  it('once by two runs at one moment and the next, where it refuses the first message', { timeout: 600_000 }, async () => {
    await byChance(20, async (choose) => {
      const room = await open(telling);
      room.slack.failWith('invalid_token');
      await race(room, choose);
      await room.run();
      await room.run();
      expect([room.slack.messages.length, remembered(room)]).toEqual([1, { sent: [key], sending: [] }]);
    });
  });

  it.each(Array.from({ length: isHard ? 20 : 8 }, (_each, lag) => lag))('once by two runs that try again at one moment, the second %i calls behind', async (lag) => {
    const room = await open(telling);
    room.slack.failWith('invalid_token');
    await room.run();
    let calls = 0;
    await race(room, (waiting) => {
      calls += 1;
      return waiting < 2 || calls <= lag ? 0 : calls % 2;
    });
    await room.run();
    expect([room.slack.messages.length, remembered(room)]).toEqual([1, { sent: [key], sending: [] }]);
  });
});

describe('what another run is sending', () => {
  it('is carried over by a later step of the ladder, which is told', async () => {
    const room = await open(STEP);
    const { wrap } = dying();
    const dead: Tools['send'] = () => Promise.reject(new Killed());
    await room.run({ gitlab: wrapped(room.scene.connect().gitlab, wrap), send: dead }).catch(() => undefined);
    later(room.scene, 15);
    const { warnings } = await room.run();
    expect(warnings).toHaveLength(1);
    expect(remembered(room)).toEqual({ sent: ['escalation-2-slack'], sending: ['escalation-1-slack'] });
    expect(room.slack.messages).toHaveLength(1);
  });

  it('is found by who sends it in the comment that another run has put in its place', async () => {
    const room = await open(STEP);
    const { send } = room.tools;
    await room.run({
      send: async (message) => {
        later(room.scene, 15);
        await room.run();
        return send!(message);
      },
    });
    expect(remembered(room)).toEqual({ sent: ['escalation-2-slack', 'escalation-1-slack'], sending: [] });
    expect([room.slack.messages.length, commentsOf(room).length]).toEqual([2, new Set(commentsOf(room)).size]);
  });

  it('is not lost by who replaces its comment at the moment in which it is settled', async () => {
    const room = await open(STEP);
    const { gitlab } = room.scene.connect();
    const settle: { now?: () => void } = {};
    const sent = new Promise<void>((resolve) => (settle.now = resolve));
    const reached: { now?: () => void } = {};
    const waits = new Promise<void>((resolve) => (reached.now = resolve));
    const first = room.run({
      send: async (message) => {
        reached.now?.();
        await sent;
        return room.tools.send!(message);
      },
    });
    await waits;
    later(room.scene, 15);
    const slow: GitLab = {
      ...gitlab,
      addNote: async (issue, body) => {
        if (body.includes('watchkeeper:escalation')) {
          settle.now?.();
          await first;
        }
        return gitlab.addNote(issue, body);
      },
    };
    await room.run({ gitlab: slow });
    expect(remembered(room)).toEqual({ sent: ['escalation-1-slack', 'escalation-2-slack'], sending: [] });
    expect(room.slack.messages).toHaveLength(2);
  });

  it('is written although its comment goes at that moment, and another comes', async () => {
    const room = await open(STEP);
    const { gitlab } = room.scene.connect();
    const { world } = room.scene.gitlab;
    let isReplaced = false;
    const slow: GitLab = {
      ...gitlab,
      editNote: async (issue, noteId, body) => {
        const note = isReplaced ? undefined : world.notes.of(room.issue).find(({ id }) => id === noteId);
        isReplaced = true;
        if (note) world.notes.add({ ...note, id: world.nextId() });
        if (note) await gitlab.deleteNote(issue, noteId);
        return gitlab.editNote(issue, noteId, body);
      },
    };
    await room.run({ gitlab: slow });
    expect([room.slack.messages.length, remembered(room)]).toEqual([1, { sent: ['escalation-1-slack'], sending: [] }]);
  });

  it('is let be where that run came second, and was killed before it took its comment back', async () => {
    const room = await open(STEP);
    const { gitlab } = room.scene;
    await room.run();
    const first = room.scene.said(room.issue).find(({ body }) => body.includes('"sent"'))!;
    const second = first.body.replace(/"sent":\["(.*?)"\]/, '"after":0,"sending":["$1.0123456789abcdef"]');
    gitlab.world.notes.add({ ...first, id: gitlab.world.nextId(), body: second });
    expect(await room.run()).toMatchObject({ warnings: [] });
    expect([room.slack.messages.length, remembered(room)]).toEqual([1, { sent: ['escalation-1-slack'], sending: [] }]);
    expect(commentsOf(room)).toContain(first.id);
  });

  it.each(TELLINGS)('stays on record when the run that Slack refused decides anew: $name', async (telling) => {
    const room = await open(telling);
    const { gitlab } = room.scene.connect();
    room.slack.failWith('invalid_token');
    let isMeanwhile = false;
    const interrupted: GitLab = {
      ...gitlab,
      editNote: async (issue, noteId, body) => {
        await gitlab.editNote(issue, noteId, body);
        if (isMeanwhile) return;
        isMeanwhile = true;
        // It tells Slack, and is killed before it answers the command.
        await room.run({ gitlab: { ...gitlab, addEmoji: () => Promise.reject(new Killed()) } }).catch((error: unknown) => {
          expect(error).toBeInstanceOf(Killed);
        });
      },
    };
    await room.run({ gitlab: interrupted });
    await room.run();
    expect([room.slack.messages.length, remembered(room)]).toEqual([1, { sent: [telling.key], sending: [] }]);
  });

  it('leaves the command of an update answered, unless Slack refuses it', async () => {
    const room = await open(UPDATE);
    const seen: string[][] = [];
    room.slack.failWith('invalid_token');
    await room.run({
      send: async (message) => {
        seen.push((await room.run()).warnings);
        return room.tools.send!(message);
      },
    });
    expect(seen).toEqual([[expect.stringMatching(/^Slack may not have been told of update-/)]]);
    await room.run();
    expect([room.slack.messages.length, emojisOf(room), remembered(room)]).toEqual([1, 1, { sent: ['update-NOTE'], sending: [] }]);
  });
});

describe('what else a run does', () => {
  it('is to start the timer of the next step once, before Slack is told', async () => {
    const room = await open(STEP);
    const done: string[] = [];
    await room.run({
      wake: (_issue, at) => {
        done.push(at);
        return Promise.resolve();
      },
      send: (message) => {
        done.push(message.key);
        return room.tools.send!(message);
      },
    });
    expect(done).toEqual(['2026-11-20T10:30:00.000Z', 'escalation-1-slack']);
  });

  it('is to answer the other commands of a comment only when Slack was told', async () => {
    const room = await open({
      ...UPDATE,
      set: (scene, issue) => {
        say(scene, issue, '/help\n/update the token is revoked');
      },
    });
    room.slack.failWith('invalid_token');
    const replies = (): number => room.scene.said(room.issue).filter(({ body }) => body.includes('watchkeeper:reply-')).length;
    await room.run();
    expect([room.slack.messages.length, replies()]).toEqual([0, 0]);
    await room.run();
    expect([room.slack.messages.length, replies()]).toEqual([1, 1]);
  });
});
