import { describe, expect, it } from 'vitest';
import { LeftOver } from '../../scripts/ci/errors.ts';
import type { Fault } from '../../scripts/sandbox/api/faults.ts';
import { SLACK_ERRORS, type SlackError } from '../../scripts/sandbox/outside/slack.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { addNote } from '../../scripts/sandbox/world/notes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { ANA, asked, DUTY, stagePaging, type Paging } from '../support/paging.ts';
import { later, say } from '../support/scenarios.ts';
import { outcomeOf } from '../support/loopback.ts';

const LIST = /^GET \/projects\/42\/issues$/;
const CREATE = /^POST \/projects\/42\/issues$/;
/** A list that does not show what was written just now. */
const LAG: Fault = { kind: 'text', body: '[]', contentType: 'application/json' };

const isOpen = ({ state }: StoredIssue): boolean => state === 'opened';

describe('a page of which GitLab answers badly', () => {
  it.each([
    { name: 'its list is behind', faults: [[LIST, LAG, 2]] },
    { name: 'the answer to its creation is lost', faults: [[CREATE, { kind: 'lose' }, 1]] },
    {
      name: 'the answer is lost and the list is behind for seconds',
      faults: [
        [CREATE, { kind: 'lose' }, 1],
        [LIST, LAG, 3],
      ],
    },
    { name: 'its creation does not get there', faults: [[CREATE, { kind: 'reset' }, 1]] },
    { name: 'its creation is answered 502 and not done', faults: [[CREATE, { kind: 'status', status: 502 }, 1]] },
  ] as { name: string; faults: [RegExp, Fault, number][] }[])('is one incident all the same, in the same run: $name', async ({ faults }) => {
    const scene = await stagePaging();
    scene.pagerduty.pages.trigger({ title: 'Token' });
    for (const fault of faults) scene.gitlab.faults.plan(...fault);
    expect(await scene.deliver()).toMatchObject({ incident: { issue: { iid: 1 }, failures: [] } });
    expect(scene.made()).toHaveLength(1);
    expect(scene.made()[0]!.labels).toContain('ack::pending');
  });

  it('is left over where GitLab takes no incident, and made by the next word of it', async () => {
    const scene = await stagePaging();
    scene.pagerduty.pages.trigger({ title: 'Token' });
    scene.gitlab.faults.plan(CREATE, { kind: 'status', status: 503 }, 2);
    expect(await outcomeOf(scene.deliver())).toBeInstanceOf(LeftOver);
    expect(scene.made()).toEqual([]);
    await scene.deliver();
    expect(scene.made()).toHaveLength(1);
  });

  it('is one in the end though two pipelines did not see each other', async () => {
    const scene = await stagePaging();
    const { id } = scene.pagerduty.pages.trigger({ title: 'Token' });
    scene.gitlab.faults.plan(LIST, LAG, 4);
    await scene.deliver();
    await scene.deliver();
    expect(scene.made().filter(isOpen)).toHaveLength(2);
    scene.pagerduty.pages.acknowledge(id, ANA);
    await scene.deliver();
    const [first, second] = scene.made();
    expect([first!.state, second!.state, second!.duplicatedToId]).toEqual(['opened', 'closed', first!.id]);
    expect(first!.labels).toContain('ack::done');
  });

  it('cut off at every call, before it was done and after: the next run ends where an undisturbed one does', { timeout: 120_000 }, async () => {
    const calm = await stagePaging();
    const { id } = calm.pagerduty.pages.trigger({ title: 'Token' });
    await calm.deliver();
    const calls = calm.gitlab.faults.calls.length;
    const wanted = calm.made().map(({ labels, description }) => ({ labels, description }));
    for (let at = 1; at <= calls; at += 1) {
      for (const kind of ['reset', 'lose'] as const) {
        const scene = await stagePaging();
        scene.pagerduty.pages.trigger({ title: 'Token' });
        // From this call on GitLab is gone, as it is for a job that was killed.
        scene.gitlab.faults.follow((_call, number) => (number < at ? undefined : { kind: number === at ? kind : 'reset' }));
        await outcomeOf(scene.deliver());
        scene.gitlab.faults.clear();
        await scene.deliver();
        const made = scene.made().filter(isOpen);
        expect({ at, kind, made: made.map(({ labels, description }) => ({ labels, description })) }).toEqual({ at, kind, made: wanted });
        const before = scene.said(made[0]!).length;
        await scene.deliver();
        expect({ at, kind, said: scene.said(made[0]!).length, all: scene.made().filter(isOpen).length }).toEqual({ at, kind, said: before, all: 1 });
        expect(made[0]!.description).toContain(`watchkeeper:page ${id} `);
      }
    }
  });
});

type Down = { name: string; fault: (scene: Paging) => void; exitCode: number };

const PAGERDUTY_DOWN: Down[] = [
  {
    name: 'cuts the connection',
    fault: ({ pagerduty }) => {
      pagerduty.faults.follow(() => ({ kind: 'reset' }));
    },
    exitCode: 3,
  },
  {
    name: 'answers 500',
    fault: ({ pagerduty }) => {
      pagerduty.faults.follow(() => ({ kind: 'status', status: 500 }));
    },
    exitCode: 3,
  },
  {
    name: 'asks to wait for long',
    fault: ({ pagerduty }) => {
      pagerduty.limit(/./, 300);
    },
    exitCode: 3,
  },
  {
    name: 'does not take the token',
    fault: ({ pagerduty }) => {
      pagerduty.faults.follow(() => ({ kind: 'status', status: 401 }));
    },
    exitCode: 2,
  },
  {
    name: 'does not let the token do it',
    fault: ({ pagerduty }) => {
      pagerduty.faults.follow(() => ({ kind: 'status', status: 403 }));
    },
    exitCode: 2,
  },
];

/** Ends the trouble, for what is asked from then on. */
function mend({ pagerduty, slack }: Paging): void {
  pagerduty.faults.clear();
  slack.faults.clear();
}

describe('a PagerDuty that cannot be asked', () => {
  it.each(PAGERDUTY_DOWN)('and $name: the page is an incident by what its webhook says, and the run says what it could not ask', async ({ fault, exitCode }) => {
    const scene = await stagePaging();
    scene.pagerduty.pages.trigger({ title: 'Token', priority: 'P1' });
    fault(scene);
    const ran = await scene.door();
    expect([ran.exitCode, scene.made().length]).toEqual([exitCode, 1]);
    expect(scene.made()[0]!.labels).toContain('severity::1');
    expect(ran.report['left_over']).toMatchObject([{ reference: 'sirt/incidents#1' }]);
  });

  it.each(PAGERDUTY_DOWN)('and $name: nobody is said to have acknowledged on the word of a webhook', async ({ fault, exitCode }) => {
    const scene = await stagePaging();
    const { id } = scene.pagerduty.pages.trigger({ title: 'Token' });
    await scene.deliver();
    scene.pagerduty.pages.acknowledge(id, ANA);
    fault(scene);
    expect((await scene.door()).exitCode).toBe(exitCode);
    expect(scene.made()[0]).toMatchObject({ assigneeIds: [] });
    expect(scene.made()[0]!.labels).toContain('ack::pending');
  });
});

describe('a PagerDuty that cannot be told', () => {
  it.each([
    ...PAGERDUTY_DOWN,
    {
      name: 'knows nobody of that address',
      fault: ({ pagerduty }) => {
        pagerduty.faults.plan(/^PUT/, { kind: 'status', status: 400, body: '{"error":{"code":1008,"message":"Requester User Not Found"}}' }, 4);
      },
      exitCode: 3,
    },
  ] as Down[])('and $name: the incident is acknowledged, and the next run tells it once', async ({ fault }) => {
    const scene = await stagePaging();
    const { id } = scene.pagerduty.pages.trigger({ title: 'Token' });
    await scene.deliver();
    const [issue] = scene.made();
    say(scene, issue!, '/ack');
    fault(scene);
    const done = await scene.run(issue!, scene.work());
    expect(done.failures).toHaveLength(1);
    expect(issue!.labels).toContain('ack::done');
    mend(scene);
    later(scene, 10);
    await scene.run(issue!, scene.work());
    expect(scene.pagerduty.pages.page(id).acknowledgements).toHaveLength(1);
    expect((await scene.run(issue!, scene.work())).writes).toBe(0);
  });

  it('of a step of the ladder: Slack and the manager are told all the same, and the next run pages once', async () => {
    const { scene, issue } = await escalating();
    scene.pagerduty.faults.follow(() => ({ kind: 'status', status: 500 }));
    expect((await scene.run(issue, scene.work())).failures).toHaveLength(1);
    expect([scene.slack.messages.length, scene.comment(issue, 'escalation')!.body.includes('@lea')]).toEqual([1, true]);
    mend(scene);
    await scene.run(issue, scene.work());
    await scene.run(issue, scene.work());
    expect([scene.slack.messages.length, scene.pagerduty.pages.all.length]).toEqual([1, 1]);
    expect(scene.said(issue).filter(({ body }) => body.includes('@lea'))).toHaveLength(1);
  });

  it.each([
    { name: 'no routing key', body: { status: 'invalid event', message: 'Event object is invalid', errors: ['Invalid routing key'] }, status: 400, exitCode: 2 },
    { name: 'too many events', body: {}, status: 429, exitCode: 3 },
  ])('by the events API for $name: the sweep ends with $exitCode', async ({ body, status, exitCode }) => {
    const { scene, issue } = await escalating();
    scene.pagerduty.faults.plan(/enqueue/, { kind: 'status', status, body: JSON.stringify(body), retryAfterSeconds: 600 }, 10);
    expect((await scene.door({}, { name: 'sweep' })).exitCode).toBe(exitCode);
    expect(issue.labels).toContain('ack::escalated');
  });
});

/** An incident that a person made and nobody took for a quarter of an hour. */
async function escalating(): Promise<{ scene: Paging; issue: StoredIssue }> {
  const scene = await stagePaging();
  const { world } = scene.gitlab;
  const issue = createIssue(world, world.userNamed('ana'), scene.project, 'Token leaked', 'incident');
  await scene.run(issue, scene.work());
  later(scene, 16);
  return { scene, issue };
}

const OPERATORS: SlackError[] = ['user_not_found', 'action_prohibited', 'channel_not_found', 'channel_is_archived', 'posting_to_general_channel_denied'];
const OURS: SlackError[] = ['invalid_payload', 'no_text', 'invalid_blocks', 'too_many_attachments'];

describe('a Slack that takes no message', () => {
  it.each(Object.keys(SLACK_ERRORS) as SlackError[])('and says %s: the rest is done, and the next run sends it once', async (word) => {
    const { scene, issue } = await escalating();
    scene.slack.failWith(word);
    const { failures } = await scene.run(issue, scene.work());
    const isLeft = [...OURS, 'rollup_error'].includes(word);
    expect(failures.map((failure) => failure instanceof LeftOver)).toEqual([isLeft]);
    expect([scene.pagerduty.pages.all.length, issue.labels.includes('ack::escalated')]).toEqual([1, true]);
    for (let run = 0; run < 2; run += 1) expect((await scene.run(issue, scene.work())).failures).toEqual([]);
    expect([scene.slack.messages.length, scene.pagerduty.pages.all.length]).toEqual([1, 1]);
    expect(scene.said(issue).filter(({ body }) => body.includes('@lea'))).toHaveLength(1);
    expect((await scene.run(issue, scene.work())).writes).toBe(0);
  });

  it.each([
    {
      name: 'asks to wait for a minute and more',
      fault: ({ slack }: Paging) => {
        slack.limit(120);
      },
      sent: 1,
    },
    {
      name: 'cuts the connection, so that it may stand there, which it does not',
      fault: ({ slack }: Paging) => {
        slack.faults.plan(/^POST/, { kind: 'reset' });
      },
      sent: 0,
    },
    {
      name: 'took it and did not answer',
      fault: ({ slack }: Paging) => {
        slack.faults.plan(/^POST/, { kind: 'lose' });
      },
      sent: 1,
    },
  ])('and $name: it is sent once at most', async ({ fault, sent }) => {
    const { scene, issue } = await escalating();
    fault(scene);
    expect((await scene.run(issue, scene.work())).failures).toHaveLength(1);
    await scene.run(issue, scene.work());
    await scene.run(issue, scene.work());
    expect(scene.slack.messages).toHaveLength(sent);
  });

  it.each([
    { name: '2 where the operator must act', word: OPERATORS[2]!, exitCode: 2 },
    { name: '3 where the next run may', word: 'rollup_error' as const, exitCode: 3 },
  ])('by the door ends with $name', async ({ word, exitCode }) => {
    const { scene, issue } = await escalating();
    scene.slack.failWith(word);
    const payload = { object_kind: 'timer', project_id: 42, iid: issue.iid };
    expect((await scene.door(payload)).exitCode).toBe(exitCode);
    expect((await scene.door(payload)).exitCode).toBe(0);
    expect([scene.slack.messages.length, asked(scene.pagerduty, /enqueue/)]).toEqual([1, 1]);
  });

  it('leaves a stakeholder update unanswered until it was sent', async () => {
    const { scene, issue } = await escalating();
    say(scene, issue, '/ack');
    say(scene, issue, '/update we rotate the keys');
    const command = scene.gitlab.world.notes.of(issue).at(-1)!;
    const isAnswered = (): boolean => scene.gitlab.world.awards.of(issue).some(({ noteId }) => noteId === command.id);
    scene.slack.failWith('channel_is_archived');
    await scene.run(issue, scene.work());
    expect([isAnswered(), scene.slack.messages.length]).toEqual([false, 0]);
    await scene.run(issue, scene.work());
    await scene.run(issue, scene.work());
    expect([isAnswered(), scene.slack.messages.length]).toEqual([true, 1]);
    expect(scene.said(issue).filter(({ body }) => body.startsWith('<!-- watchkeeper:update-'))).toHaveLength(1);
  });

  it('is told once by a run that is overtaken, and decides again', async () => {
    const { scene, issue } = await escalating();
    const { world } = scene.gitlab;
    const body = '<!-- watchkeeper:escalation {"step":1,"from":0,"at":"2026-11-20T10:15:00.000Z"} -->\nanother run said so';
    const happens = (): void => {
      addNote(world, world.userNamed('watchkeeper-bot'), issue, body, false);
    };
    scene.gitlab.faults.plan(/^POST .*\/notes$/, { kind: 'meanwhile', happens });
    await scene.run(issue, scene.work());
    await scene.run(issue, scene.work());
    expect([scene.slack.messages.length, asked(scene.pagerduty, /enqueue/)]).toEqual([1, 1]);
    expect(scene.said(issue).filter(({ body }) => body.startsWith('<!-- watchkeeper:escalation'))).toHaveLength(1);
  });
});

describe('a PagerDuty that does not say who is on call', () => {
  it('stops no door: the fallback stands in, which the log says', async () => {
    const scene = await stagePaging();
    scene.pagerduty.faults.follow(() => ({ kind: 'status', status: 500 }));
    const roster = { pagerduty: { escalation_policy: 'PESC001', fallback: '@ben' } };
    const { exitCode, output } = await scene.door({}, { name: 'sweep', given: { ...DUTY, roster } });
    expect(exitCode).toBe(0);
    expect(output).toContain('who is on call is not known, and the fallback stands in: GET ');
  });
});
