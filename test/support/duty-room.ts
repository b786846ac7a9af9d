import { reconcileEvent } from '../../scripts/apply/event.ts';
import type { Reconciled } from '../../scripts/apply/reconcile.ts';
import { tendShifts, type Tended } from '../../scripts/apply/shift.ts';
import { sweep, type Swept } from '../../scripts/apply/sweep.ts';
import { openTools, type Work } from '../../scripts/apply/tools.ts';
import { LeftOver } from '../../scripts/ci/errors.ts';
import type { Installation } from '../../scripts/read/config.ts';
import { readEvent, type Event } from '../../scripts/read/event.ts';
import { startPagerDuty, type EmbeddedPagerDuty } from '../../scripts/sandbox/outside/pagerduty.ts';
import type { Person } from '../../scripts/sandbox/outside/pagerduty-pages.ts';
import { startSlack, type EmbeddedSlack } from '../../scripts/sandbox/outside/slack.ts';
import { IDS_TEMPLATE, installWebhook } from '../../scripts/sandbox/story/company.ts';
import { readCiFiles } from '../../scripts/sandbox/story/world.ts';
import type { RunningJob } from '../../scripts/sandbox/webhooks/pipelines.ts';
import { LEVEL } from '../../scripts/sandbox/world/records.ts';
import { afterThisTest } from './endings.ts';
import { stage, type Scene } from './gitlab.ts';
import { config } from './snapshot.ts';

const CI_FILES = await readCiFiles();

/** Everybody in the duty's rotations: engineers by day, by night and at the weekend, and the managers. */
export const ENGINEERS = ['ana', 'ben', 'eve', 'dan', 'fay', 'joe'] as const;
export const MANAGERS = ['lea', 'kim'] as const;
export const PEOPLE: readonly Person[] = [...ENGINEERS, ...MANAGERS].map((name) => ({ id: `P${name.toUpperCase()}`, name, email: `${name}@example.com` }));

const named = (names: readonly string[]): string[] => names.map((name) => `@${name}`);

/** The roster of the guide, by UTC: 12 hours from Monday to Friday, 48 at the weekend, and a manager a week. */
export function roster(weekend: readonly string[] = ['ben', 'eve', 'ana'], overrides: readonly object[] = []): object {
  const layers = [
    { name: 'day', start: '2026-11-02', rotation: named(['ana', 'ben', 'eve']), rotate: 'week', shifts: [{ days: 'mon-fri', from: '08:00', to: '20:00' }] },
    { name: 'night', start: '2026-11-02', rotation: named(['dan', 'fay', 'joe']), rotate: 'week', shifts: [{ days: 'mon-fri', from: '20:00', to: '08:00' }] },
    { name: 'weekend', start: '2026-11-07', rotation: named(weekend), rotate: 'week', shifts: [{ days: 'sat', from: '08:00', to: 'mon 08:00' }] },
  ];
  const managers = { fallback: '@lea', layers: [{ name: 'week', start: '2026-11-02', rotation: named(MANAGERS), rotate: 'week', shifts: [{ days: 'mon', from: '09:00' }] }] };
  return { engineers: { fallback: '@lea', layers, overrides }, managers };
}

/** A configuration with the whole duty on; a test says what is different. */
export function dutyConfig(more: object = {}): Installation {
  return config({
    roster: roster(),
    managers: named(MANAGERS),
    people: PEOPLE.map(({ id, name, email }) => ({ gitlab: `@${name}`, pagerduty_id: id, pagerduty_email: email })),
    escalation: {
      steps: [
        { after_minutes: 15, notify: ['manager'], via: ['mention', 'slack'] },
        { after_minutes: 30, notify: ['second manager'], via: ['mention', 'pagerduty'] },
      ],
    },
    limits: { notes_per_minute: 100_000, issue_writes_per_minute: 100_000 },
    ...more,
  });
}

/** How often a job of GitLab's runs on an event: lost, as it should, or twice; `atOnce` where both run side by side. */
export type Fate = { times: 0 | 1 | 2; atOnce?: boolean };

/** The jobs that schedules start. */
export type Scheduled = 'sweep' | 'shift';

/** When a schedule's pipelines run on account of a full hour, within that hour (ms since 1970): those of one time in turn, as their resource group has it. */
export type Slot = { atMs: number; jobs: Scheduled[] };

/** A run of a door: what woke it, when, what it did or failed with. */
export type Ran = { job: 'on-event' | 'timer' | Scheduled; at: string; event?: Event; done: Reconciled[]; swept?: Swept; tended?: Tended; writes: number; reads: number; leftOver?: LeftOver };

/** A team on duty: GitLab with its webhook and CI file, PagerDuty and Slack, and the doors' code, run where GitLab would run a job. */
export type DutyRoom = Scene & {
  config: Installation;
  pagerduty: EmbeddedPagerDuty;
  slack: EmbeddedSlack;
  runs: Ran[];
  /** What crashed us, or the operator. */
  crashes: unknown[];
  /** Decides what becomes of a job; all run once until a test says otherwise. */
  fate: { of: (job: Ran['job'], event: Event) => Fate };
  /** What the schedules start in the hour from a time on: a sweep on the hour until a test says otherwise. */
  schedule: { of: (hourMs: number) => Slot[] };
  /** Lets all webhooks arrive and all jobs end but those that wait for their time. */
  settle: () => Promise<void>;
  /** Moves the clock to a time, running each timer when it is due and the schedules' jobs. */
  until: (time: Date | string) => Promise<void>;
  /** Starts the sweep's pipeline now. */
  sweepNow: () => Promise<Ran>;
  /** Starts the pipeline now that tends the shifts. */
  shiftNow: () => Promise<Ran>;
};

const HOUR_MS = 3_600_000;

export async function openDutyRoom(start: string, more: object = {}): Promise<DutyRoom> {
  const scene = await stage();
  scene.clock.now = new Date(start);
  const { gitlab, clock, project } = scene;
  for (const name of [...ENGINEERS, ...MANAGERS]) if (!gitlab.world.users.some(({ username }) => username === name)) project.members.set(gitlab.world.addUser(name).id, LEVEL.developer);
  project.members.set(gitlab.world.userNamed('kim').id, LEVEL.maintainer);
  for (const [file, text] of CI_FILES) project.repository.branches.get('main')?.files.set(file, text);
  const pagerduty = await startPagerDuty(() => clock.now, PEOPLE);
  const slack = await startSlack();
  afterThisTest(pagerduty.stop, slack.stop);
  await installWebhook(scene, IDS_TEMPLATE);
  const room: DutyRoom = {
    ...{ ...scene, pagerduty, slack, config: dutyConfig(more), runs: [], crashes: [], fate: { of: () => ({ times: 1 }) } },
    schedule: { of: (hourMs) => [{ atMs: hourMs, jobs: ['sweep'] }] },
    settle: () => settle(room),
    until: (time) => goOn(room, new Date(time)),
    sweepNow: () => runNow(room, ['sweep']),
    shiftNow: () => runNow(room, ['shift']),
  };
  pagerduty.webhooks.subscribe(`${gitlab.address}/api/v4/projects/42/ref/main/trigger/pipeline?token=${project.triggers[0]?.token ?? ''}`, 'a secret of PagerDuty and GitLab');
  gitlab.pipelines.run = (job) => runJob(room, job);
  return room;
}

async function settle({ gitlab, pagerduty }: DutyRoom): Promise<void> {
  for (let before = -1; before !== gitlab.deliverer.deliveries.length + pagerduty.webhooks.deliveries.length;) {
    before = gitlab.deliverer.deliveries.length + pagerduty.webhooks.deliveries.length;
    await pagerduty.webhooks.settled();
    await gitlab.settled();
  }
}

async function goOn(room: DutyRoom, end: Date): Promise<void> {
  const { clock, gitlab } = room;
  for (;;) {
    const slot = nextSlot(room);
    const timer = gitlab.pipelines.nextDueAt()?.getTime() ?? Infinity;
    const next = Math.max(Math.min(slot.atMs, timer), clock.now.getTime());
    if (next > end.getTime()) break;
    clock.now = new Date(next);
    await gitlab.pipelines.runDue();
    await room.settle();
    if (next === slot.atMs && slot.jobs.length > 0) await runNow(room, slot.jobs);
  }
  clock.now = end;
}

/** What the schedules start next; at the latest, nothing at the next full hour. */
function nextSlot({ clock, schedule }: DutyRoom): Slot {
  const [nowMs, hourMs] = [clock.now.getTime(), Math.floor(clock.now.getTime() / HOUR_MS) * HOUR_MS];
  const nextHour = hourMs + HOUR_MS;
  const slots = [hourMs, nextHour].flatMap((ms) => schedule.of(ms)).filter(({ atMs }) => atMs > nowMs);
  return slots.reduce((first, slot) => (slot.atMs < first.atMs || (slot.atMs === first.atMs && first.jobs.length === 0) ? slot : first), { atMs: nextHour, jobs: [] });
}

async function runNow(room: DutyRoom, jobs: readonly Scheduled[]): Promise<Ran> {
  const { gitlab, project, bot, runs } = room;
  const start = async (job: Scheduled): Promise<void> => {
    gitlab.pipelines.start({ project, user: bot, ref: 'main', source: 'schedule', inputs: job === 'shift' ? { task: 'shift' } : {}, variables: {} });
    await gitlab.pipelines.settled();
  };
  for (const job of jobs) await start(job);
  const ran = runs.findLast(({ job }) => job === jobs[0]);
  await room.settle();
  if (!ran) throw new Error('the schedule started no job');
  return ran;
}

/** What a job of `.gitlab-ci.yml` does, as often as its fate has it. */
async function runJob(room: DutyRoom, job: RunningJob): Promise<void> {
  const name = job.name as Ran['job'];
  if (name === 'sweep' || name === 'shift') return runOnce(room, job, undefined);
  const timer = JSON.stringify({ object_kind: 'timer', project_id: String(job.inputs['project']), iid: String(job.inputs['iid']) });
  const event = await readEvent(name === 'timer' ? timer : job.payloadPath);
  const { times, atOnce = false } = room.fate.of(name, event);
  const run = (): Promise<void> => runOnce(room, job, event);
  if (times > 0 && atOnce) await Promise.all(Array.from({ length: times }, run));
  else for (let time = 0; time < times; time += 1) await run();
}

async function runOnce(room: DutyRoom, { name, jobToken }: RunningJob, event: Event | undefined): Promise<void> {
  const { runs, crashes, config: installation, clock } = room;
  const ran: Ran = { job: name as Ran['job'], at: clock.now.toISOString(), ...(event ? { event } : {}), done: [], writes: 0, reads: 0 };
  const { tools, count } = await openTools(workOf(room, jobToken), installation);
  try {
    if (event) {
      const handled = await reconcileEvent(event, tools);
      if ('incident' in handled) ran.done.push(handled.incident);
    } else if (ran.job === 'shift') {
      ran.tended = await tendShifts(await tools.gitlab.me(), tools, { done: [], progress: () => undefined });
      ran.done.push(...ran.tended.incidents);
    } else {
      ran.swept = await sweep(tools, { deep: false, shard: { index: 1, total: 1 }, progress: () => undefined });
      ran.done.push(...ran.swept.incidents);
    }
  } catch (error) {
    if (error instanceof LeftOver) ran.leftOver = error;
    else crashes.push(error);
  }
  runs.push(Object.assign(ran, count));
}

function workOf({ gitlab, bot, pagerduty, slack, clock, project }: DutyRoom, jobToken: string): Work {
  const startMs = clock.now.getTime();
  let waitedMs = 0;
  const sleep = (ms: number): Promise<void> => {
    waitedMs += ms;
    return Promise.resolve();
  };
  return {
    ...{ address: gitlab.address, token: bot.token, shard: { total: 1 }, dryRun: false, commit: undefined, log: () => undefined },
    bounds: { now: () => startMs + waitedMs, sleep, deadlineMs: startMs + 120_000 },
    pagerduty: { ...pagerduty.keys, apiUrl: pagerduty.address },
    ...{ slackUrl: slack.hookUrl, now: clock.now, runner: { projectId: project.id, ref: 'main', jobToken } },
  };
}
