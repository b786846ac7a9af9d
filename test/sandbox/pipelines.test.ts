import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { SetupError } from '../../scripts/ci/errors.ts';
import { AnswerLost, NotFound, Refused } from '../../scripts/gitlab/errors.ts';
import type { PipelineStart } from '../../scripts/gitlab/port.ts';
import { installWebhook } from '../../scripts/sandbox/story/company.ts';
import { readCiFiles } from '../../scripts/sandbox/story/world.ts';
import type { RunningJob } from '../../scripts/sandbox/webhooks/pipelines.ts';
import { LEVEL } from '../../scripts/sandbox/world/records.ts';
import { answer } from '../support/answer.ts';
import { stage, type Scene } from '../support/gitlab.ts';

/** A CI file with a job at once for what triggers and calls of the API start, and a delayed one where a task asks for it. */
const CI_FILE = `
spec:
  inputs:
    task:
      options: [none, timer]
      default: none
    iid:
      type: number
      default: 0
    start_in:
      regex: '^\\d{1,4} (minutes?|hours?|days?)$'
      default: 1 minute
---
default:
  image: node:22
.base:
  script: [echo]
  rules:
    - if: $CI_PIPELINE_SOURCE == "push"
event:
  extends: .base
  rules:
    - if: $CI_PIPELINE_SOURCE == "trigger" && "$[[ inputs.task ]]" != "timer"
    - if: $CI_PIPELINE_SOURCE == 'api' && $NOW
timer:
  script: [echo $[[ inputs.iid ]]]
  rules:
    - if: '"$[[ inputs.task ]]" == "timer" && $CI_PIPELINE_SOURCE == "pipeline" || "$[[ inputs.task ]]" == "timer" && $CI_PIPELINE_SOURCE == "api"'
      when: delayed
      start_in: $[[ inputs.start_in ]]
by-hand:
  script: [echo]
  when: manual
on-push:
  extends: .base
`;

type Given = { ref?: string; inputs?: unknown; variables?: unknown };
type Answer = { status: number; body: unknown };

/** A scene with a CI file, a trigger of @lea's, and all jobs that ran. */
async function withPipelines(file = CI_FILE, others: readonly (readonly [string, string])[] = []): Promise<Scene & { ran: RunningJob[] }> {
  const scene = await stage();
  await installWebhook(scene);
  for (const [path, text] of [['.gitlab-ci.yml', file] as const, ...others]) scene.project.repository.branches.get('main')?.files.set(path, text);
  const ran: RunningJob[] = [];
  scene.gitlab.pipelines.run = (job) => {
    ran.push(job);
    return Promise.resolve();
  };
  return { ...scene, ran };
}

async function trigger(scene: Scene, token: string, given: Given = {}): Promise<Answer> {
  const body = JSON.stringify({ token, ref: 'main', ...given });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const response = await fetch(`${scene.gitlab.address}/api/v4/projects/42/trigger/pipeline`, init);
  return { status: response.status, body: await response.json() };
}

const tokenOf = ({ project }: Scene): string => project.triggers[0]?.token ?? '';
const start = (scene: Scene, who: string, given: Given = {}): Promise<Answer> => answer(scene, who, 'POST', '/projects/42/pipeline', { ref: 'main', ...given });
const later = (scene: Scene, minutes: number): void => {
  scene.clock.now = new Date(scene.clock.now.getTime() + minutes * 60_000);
};
const timer = { task: 'timer', iid: 7, start_in: '15 minutes' };

/** Runs something within a job of a pipeline that the trigger started, with that job's token. */
async function inJob(scene: Scene, act: (token: string) => Promise<void>): Promise<string> {
  let token = '';
  const before = scene.gitlab.pipelines.run;
  scene.gitlab.pipelines.run = async (job) => {
    scene.gitlab.pipelines.run = before;
    token = job.jobToken;
    await act(job.jobToken);
  };
  await trigger(scene, tokenOf(scene));
  await scene.gitlab.settled();
  return token;
}

describe('a delayed job', () => {
  it('waits for its time, by the clock of the world, and runs once', async () => {
    const scene = await withPipelines();
    const { pipelines } = scene.gitlab;
    expect(pipelines.nextDueAt()).toBeUndefined();
    expect(await start(scene, 'ana', { inputs: timer })).toMatchObject({ status: 201, body: { status: 'scheduled', source: 'api', user: { username: 'ana' } } });
    expect(pipelines.nextDueAt()).toEqual(new Date('2026-11-20T10:15:00Z'));
    for (const minutes of [0, 14]) {
      later(scene, minutes);
      await pipelines.runDue();
    }
    expect(scene.ran).toEqual([]);
    later(scene, 1);
    for (let time = 0; time < 2; time += 1) await pipelines.runDue();
    expect(scene.ran).toEqual([{ name: 'timer', source: 'api', inputs: timer, variables: {}, jobToken: expect.stringMatching(/^glcbt-/) as string }]);
    expect((await answer(scene, 'ana', 'GET', '/projects/42/pipelines')).body).toMatchObject([{ status: 'success', source: 'api' }]);
    expect(pipelines.nextDueAt()).toBeUndefined();
  });

  it.each([
    { startIn: '1 minute', at: '2026-11-20T10:01:00.000Z' },
    { startIn: '90 minutes', at: '2026-11-20T11:30:00.000Z' },
    { startIn: '2 hours', at: '2026-11-20T12:00:00.000Z' },
    { startIn: '7 days', at: '2026-11-27T10:00:00.000Z' },
  ])('$startIn: due at $at', async ({ startIn, at }) => {
    const scene = await withPipelines();
    await start(scene, 'ana', { inputs: { task: 'timer', start_in: startIn } });
    expect(scene.gitlab.pipelines.nextDueAt()?.toISOString()).toBe(at);
  });

  it('that is due earlier runs first, whichever was asked for first', async () => {
    const scene = await withPipelines();
    for (const [iid, start_in] of [
      [1, '30 minutes'],
      [2, '15 minutes'],
      [3, '2 hours'],
    ])
      await start(scene, 'ana', { inputs: { task: 'timer', iid, start_in } });
    later(scene, 60);
    await scene.gitlab.pipelines.runDue();
    expect(scene.ran.map(({ inputs }) => inputs['iid'])).toEqual([2, 1]);
    expect(scene.gitlab.pipelines.nextDueAt()?.toISOString()).toBe('2026-11-20T12:00:00.000Z');
  });

  it('that fails leaves a failed pipeline', async () => {
    const scene = await withPipelines();
    await start(scene, 'ana', { inputs: timer });
    scene.gitlab.pipelines.run = () => Promise.reject(new Error('exit 1'));
    later(scene, 15);
    await expect(scene.gitlab.pipelines.runDue()).rejects.toThrow('exit 1');
    expect(scene.project.pipelines).toMatchObject([{ status: 'failed', jobs: [{ name: 'timer', status: 'failed' }] }]);
  });

  it.each([
    { startIn: '8 days', says: 'jobs:timer start in should not exceed the limit' },
    { startIn: 'soon', says: '`start_in` input: provided value does not match required RegEx pattern' },
  ])('is not made of $startIn', async ({ startIn, says }) => {
    const scene = await withPipelines();
    expect(await start(scene, 'ana', { inputs: { task: 'timer', start_in: startIn } })).toMatchObject({ status: 400, body: { message: { base: [says] } } });
    expect(scene.project.pipelines).toEqual([]);
  });
});

describe('inputs', () => {
  it.each<{ name: string; inputs: unknown; file?: string; says: string }>([
    { name: 'that the CI file does not know', inputs: { other: 1, more: 2 }, says: 'unknown input arguments: other, more' },
    { name: 'of another type', inputs: { iid: true }, says: '`iid` input: provided value is not a number' },
    { name: 'that read as numbers where a text is due', inputs: { start_in: '15' }, says: '`start_in` input: provided value is not a string' },
    { name: 'that are no option', inputs: { task: 'other' }, says: '`task` input: `other` cannot be used because it is not in the list of allowed options' },
    { name: 'where the CI file has no header', inputs: { a: 1 }, file: 'job:\n  script: [echo]\n', says: 'Given inputs not defined in the `spec` section of the included configuration file' },
    { name: 'that are demanded and missing', inputs: {}, file: 'spec:\n  inputs:\n    a:\n---\njob:\n  script: [echo]\n', says: '`a` input: required value has not been provided' },
    {
      name: 'whose default is wrong',
      inputs: {},
      file: 'spec:\n  inputs:\n    a:\n      type: number\n      default: x\n---\njob:\n  script: [echo]\n',
      says: '`a` input: default value is not a number',
    },
    { name: 'for a file that is none', inputs: {}, file: 'a: [', says: 'Invalid configuration format' },
  ])('$name are refused: 400 by the API, 422 and a failed pipeline by the trigger', async ({ inputs, file, says }) => {
    const scene = await withPipelines(file);
    const body = { message: { base: [expect.stringContaining(says) as string] } };
    expect(await start(scene, 'ana', { inputs })).toMatchObject({ status: 400, body });
    expect(await trigger(scene, tokenOf(scene), { inputs })).toMatchObject({ status: 422, body });
    await scene.gitlab.settled();
    expect([scene.ran.length, scene.project.pipelines.map(({ status }) => status)]).toEqual([0, ['failed']]);
  });

  it.each([{ inputs: [1] }, { inputs: 'x' }])('must be a map: %j', async (given) => {
    const scene = await withPipelines();
    expect(await start(scene, 'ana', given)).toMatchObject({ status: 400, body: { error: 'inputs is invalid' } });
    expect(await trigger(scene, tokenOf(scene), given)).toMatchObject({ status: 400, body: { error: 'inputs is invalid' } });
  });

  it('have their defaults, and come in forms and in the address too', async () => {
    const scene = await withPipelines();
    const url = `${scene.gitlab.address}/api/v4/projects/42/ref/main/trigger/pipeline?token=${tokenOf(scene)}&inputs[iid]=7`;
    expect((await fetch(url, { method: 'POST' })).status).toBe(201);
    await scene.gitlab.settled();
    expect(scene.ran).toMatchObject([{ name: 'event', source: 'trigger', inputs: { task: 'none', iid: 7, start_in: '1 minute' } }]);
  });

  it('are taken as they are where there is no CI file', async () => {
    const scene = await withPipelines();
    scene.project.repository.branches.get('main')?.files.delete('.gitlab-ci.yml');
    await start(scene, 'ana', { inputs: { anything: 'goes' } });
    await scene.gitlab.settled();
    expect(scene.ran).toMatchObject([{ source: 'api', inputs: { anything: 'goes' } }]);
  });
});

describe('the rules of a CI file', () => {
  it.each<{ name: string; given: Given; by: 'api' | 'trigger'; jobs: string[] }>([
    { name: 'an event', by: 'trigger', given: {}, jobs: ['event'] },
    { name: 'a variable that is set', by: 'api', given: { variables: [{ key: 'NOW', value: '1' }] }, jobs: ['event'] },
    { name: 'a variable that is empty, and the timer', by: 'api', given: { variables: [{ key: 'NOW', value: '' }], inputs: timer }, jobs: [] },
  ])('$name: $jobs at once', async ({ given, by, jobs }) => {
    const scene = await withPipelines();
    expect((by === 'api' ? await start(scene, 'lea', given) : await trigger(scene, tokenOf(scene), given)).status).toBe(201);
    await scene.gitlab.settled();
    expect(scene.ran.map(({ name }) => name)).toEqual(jobs);
  });

  it.each([
    { name: 'that leave no job', file: CI_FILE, status: 400, says: 'rules configuration prevented any jobs' },
    { name: 'of the workflow', file: 'workflow:\n  rules:\n    - if: $NEVER\njob:\n  script: [echo]\n', status: 400, says: 'prevented any jobs' },
    { name: 'that nobody understands', file: 'job:\n  script: [echo]\n  rules:\n    - if: $A ==\n', status: 400, says: 'jobs:job:rules:rule if invalid expression syntax' },
  ])('$name refuse the pipeline', async ({ file, status, says }) => {
    const scene = await withPipelines(file);
    expect(await start(scene, 'ana')).toMatchObject({ status, body: { message: { base: [expect.stringContaining(says) as string] } } });
  });
});

describe('a pipeline that somebody starts by the API', () => {
  type Case = { name: string; who?: string; given?: Given; change?: (scene: Scene) => void; status: number; says: string };
  it.each<Case>([
    { name: 'by somebody unknown', who: 'nobody', status: 401, says: '401 Unauthorized' },
    { name: 'by a Reporter', change: ({ project, gitlab }) => project.members.set(gitlab.world.userNamed('ana').id, LEVEL.reporter), status: 403, says: '403 Forbidden' },
    { name: 'by somebody who is no member', change: ({ project, gitlab }) => project.members.delete(gitlab.world.userNamed('ana').id), status: 404, says: '404 Project Not Found' },
    { name: 'on a branch that is not there', given: { ref: 'nowhere' }, status: 400, says: 'Reference not found' },
    { name: 'with variables that only Maintainers may set', given: { variables: [{ key: 'A', value: 'b' }] }, status: 400, says: 'Insufficient permissions to set pipeline variables' },
    {
      name: 'with variables that nobody may set',
      who: 'lea',
      given: { variables: [{ key: 'A', value: 'b' }] },
      change: ({ project }) => (project.pipelineVariablesRole = 'no_one_allowed'),
      status: 400,
      says: 'Insufficient permissions',
    },
    { name: 'with variables that are no list', given: { variables: { A: 'b' } }, status: 400, says: 'variables is invalid' },
  ])('is refused $name: $status', async ({ who = 'ana', given, change, status, says }) => {
    const scene = await withPipelines();
    change?.(scene);
    const refused = await start(scene, who, { inputs: timer, ...given });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([status, expect.stringContaining(says)]);
    expect(scene.project.pipelines).toEqual([]);
  });

  it('may have inputs where nobody may set variables', async () => {
    const scene = await withPipelines();
    scene.project.pipelineVariablesRole = 'no_one_allowed';
    expect((await start(scene, 'ana', { inputs: timer })).status).toBe(201);
  });
});

describe("a job's token", () => {
  it('starts a pipeline as the user of its own, which is told from that of a trigger', async () => {
    const scene = await withPipelines();
    await inJob(scene, async (token) => {
      expect(await trigger(scene, token, { inputs: timer })).toMatchObject({ status: 201, body: { source: 'pipeline', status: 'scheduled', user: { username: 'lea' } } });
    });
    later(scene, 15);
    let payload = '';
    scene.gitlab.pipelines.run = async (job) => {
      payload = await readFile(job.payloadPath ?? '', 'utf8');
    };
    await scene.gitlab.pipelines.runDue();
    expect(JSON.parse(payload)).toEqual({ id: '42', ref: 'main', inputs: timer, variables: {} });
  });

  it('is good for nothing once its job is over', async () => {
    const scene = await withPipelines();
    const token = await inJob(scene, () => Promise.resolve());
    expect(await trigger(scene, token, { inputs: timer })).toEqual({ status: 401, body: { message: 'Job is not running' } });
  });

  it.each<{ name: string; change: (scene: Scene) => unknown; status: number; says: string }>([
    { name: 'whose user is no member any more', change: ({ project, gitlab }) => project.members.delete(gitlab.world.userNamed('lea').id), status: 404, says: '404 Not found' },
    { name: 'whose user is a Reporter now', change: ({ project, gitlab }) => project.members.set(gitlab.world.userNamed('lea').id, LEVEL.reporter), status: 400, says: 'sufficient permission' },
    {
      name: 'where nobody may set variables, of which the payload is one',
      change: ({ project }) => (project.pipelineVariablesRole = 'no_one_allowed'),
      status: 400,
      says: 'Insufficient permissions to set pipeline variables',
    },
  ])('starts nothing $name: $status', async ({ change, status, says }) => {
    const scene = await withPipelines();
    await inJob(scene, async (token) => {
      change(scene);
      const refused = await trigger(scene, token, { inputs: timer });
      expect([refused.status, JSON.stringify(refused.body)]).toEqual([status, expect.stringContaining(says)]);
    });
    expect(scene.project.pipelines.map(({ source }) => source)).toEqual(['trigger']);
  });

  it('opens no issue, whichever way it is shown', async () => {
    const scene = await withPipelines();
    const issue = scene.closed('');
    const url = `${scene.gitlab.address}/api/v4/projects/42/issues/${issue.iid}`;
    await inJob(scene, async (token) => {
      for (const headers of [{ 'job-token': token }, { 'private-token': token }, { authorization: `Bearer ${token}` }]) {
        for (const init of [{ headers }, { headers, method: 'PUT', body: 'title=x' }]) expect((await fetch(url, init)).status).toBe(401);
        expect((await fetch(`${url}/notes`, { headers, method: 'POST', body: 'body=x' })).status).toBe(401);
      }
    });
  });
});

describe("the project's own CI file", () => {
  const withOwnFiles = async (): Promise<Scene & { ran: RunningJob[] }> => withPipelines('', await readCiFiles());

  it.each([
    { by: 'trigger', inputs: {}, jobs: ['on-event'], waits: false },
    { by: 'trigger', inputs: { task: 'timer', project: 42, iid: 7 }, jobs: ['on-event'], waits: false },
    { by: 'job', inputs: { task: 'timer', project: 42, iid: 7, start_in: '15 minutes' }, jobs: [], waits: true },
    { by: 'ana', inputs: { task: 'timer', project: 42, iid: 7, start_in: '15 minutes' }, jobs: [], waits: true },
  ])('started by $by with $inputs runs $jobs at once; a timer waits: $waits', async ({ by, inputs, jobs, waits }) => {
    const scene = await withOwnFiles();
    if (by === 'trigger') expect((await trigger(scene, tokenOf(scene), { inputs })).status).toBe(201);
    else if (by === 'ana') expect((await start(scene, by, { inputs })).status).toBe(201);
    else
      await inJob(scene, async (token) => {
        expect((await trigger(scene, token, { inputs })).status).toBe(201);
      });
    await scene.gitlab.settled();
    expect(scene.ran.map(({ name }) => name)).toEqual(jobs);
    expect(scene.gitlab.pipelines.nextDueAt()?.toISOString()).toBe(waits ? '2026-11-20T10:15:00.000Z' : undefined);
  });

  it.each([
    { name: 'a text for a number', inputs: { iid: '7; id' }, says: '`iid` input: provided value is not a number' },
    { name: 'a quote in the time', inputs: { start_in: "1 minute'; id" }, says: '`start_in` input: provided value does not match required RegEx pattern' },
    { name: 'another task', inputs: { task: 'timer" || "' }, says: 'not in the list of allowed options' },
    { name: 'longer than a week', inputs: { start_in: '9999 hours' }, says: 'should not exceed the limit' },
  ])('takes no $name, so that nothing of an input reaches a shell', async ({ inputs, says }) => {
    const scene = await withOwnFiles();
    const refused = await start(scene, 'ana', { inputs: { task: 'timer', project: 42, iid: 7, ...inputs } });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([400, expect.stringContaining(says)]);
  });
});

describe('our client', () => {
  const timerOf = (jobToken?: string): PipelineStart => ({ projectId: 42, ref: 'main', inputs: timer, ...(jobToken === undefined ? {} : { jobToken }) });

  it('starts a pipeline as the bot, and as whom a job runs, with no token of the bot', async () => {
    const scene = await withPipelines();
    const { gitlab, count } = scene.connect();
    await gitlab.startPipeline(timerOf());
    await inJob(scene, (token) => scene.connect('glpat-none').gitlab.startPipeline(timerOf(token)));
    expect(scene.project.pipelines.map(({ source, status, userId }) => [source, status, scene.gitlab.world.userById(userId)?.username])).toEqual([
      ['api', 'scheduled', 'watchkeeper-bot'],
      ['trigger', 'success', 'lea'],
      ['pipeline', 'scheduled', 'lea'],
    ]);
    expect(count).toEqual({ reads: 0, writes: 1 });
  });

  it.each<{ name: string; change: (scene: Scene) => unknown; jobToken?: string; error: new (...given: never[]) => Error; says: RegExp }>([
    {
      name: 'inputs that the CI file does not know',
      change: ({ project }) => project.repository.branches.get('main')?.files.set('.gitlab-ci.yml', 'job:\n  script: [echo]\n'),
      error: Refused,
      says: /Given inputs not defined/,
    },
    { name: 'a bot that is a Reporter', change: ({ project, bot }) => project.members.set(bot.id, LEVEL.reporter), error: SetupError, says: /role Developer/ },
    { name: 'a token of a job that is none', change: () => undefined, jobToken: 'glcbt-none', error: NotFound, says: /404/ },
    {
      name: 'a lost answer, and is not sent again',
      change: ({ gitlab }) => {
        gitlab.faults.plan(/pipeline/, { kind: 'lose' });
      },
      error: AnswerLost,
      says: /may have been applied/,
    },
  ])('tells of $name', async ({ change, jobToken, error, says }) => {
    const scene = await withPipelines();
    change(scene);
    const started = scene.connect().gitlab.startPipeline(timerOf(jobToken));
    await expect(started).rejects.toThrow(error);
    await expect(started).rejects.toThrow(says);
    expect(scene.gitlab.faults.calls.filter((call) => call.endsWith('/pipeline'))).toHaveLength(1);
  });

  it("blames no token of the bot's where that of a job is over", async () => {
    const scene = await withPipelines();
    const over = await inJob(scene, () => Promise.resolve());
    const started = scene.connect().gitlab.startPipeline(timerOf(over));
    await expect(started).rejects.toThrow(Refused);
    await expect(started).rejects.toThrow(/401: Job is not running/);
  });
});
