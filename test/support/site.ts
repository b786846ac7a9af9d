import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DoorRun } from '../../scripts/ci/door.ts';
import { LEVEL, type Account, type Project } from '../../scripts/sandbox/world/records.ts';
import { runBundled } from './bundle.ts';
import type { EmbeddedOptions } from '../../scripts/sandbox/server.ts';
import { stage, type Scene } from './gitlab.ts';

/** A duty of the demo's team: @ana by night, @ben by day. */
export const DUTY = `# Ours.
sources:
  - project: sirt/incidents
installation:
  project: sirt/watchkeeper
managers: ['@lea']
roster:
  engineers:
    fallback: '@lea'
    layers:
      - { name: night, start: 2026-11-16, rotation: ['@ana'], rotate: week, shifts: [{ from: '20:00', to: '08:00' }] }
      - { name: day, start: 2026-11-16, rotation: ['@ben'], rotate: week, shifts: [{ from: '08:00', to: '20:00' }] }
`;

/** A team with the project of its incidents, an empty one beside it, and a Maintainer of both. */
export type EmptySite = Scene & { home: Project; lea: Account };

/** The same with a folder, an oncall.yml in it, and setup run there. */
export type Site = EmptySite & {
  configPath: string;
  /** Runs what pipelines start from now on, with nothing but what GitLab gives their jobs. */
  runJobs: () => void;
  /** Lets a schedule run, by its description. */
  play: (description: string) => Promise<void>;
  setup: (flags: string[], variables?: Record<string, string>) => Promise<DoorRun>;
};

/** A GitLab on which nothing is installed yet. */
export async function bareSite(options: EmbeddedOptions = {}): Promise<EmptySite> {
  const scene = await stage(options);
  const { world } = scene.gitlab;
  const home = world.addProject('sirt/watchkeeper', { lea: LEVEL.maintainer, 'watchkeeper-bot': LEVEL.maintainer }, 7);
  return { ...scene, home, lea: world.userNamed('lea') };
}

/** The same, with setup to be run there. */
export async function emptySite(config = DUTY): Promise<Site> {
  const scene = await bareSite();
  const {
    home,
    lea,
    gitlab: { world },
  } = scene;
  const folder = await mkdtemp(path.join(tmpdir(), 'site-'));
  const configPath = path.join(folder, 'oncall.yml');
  await writeFile(configPath, config);
  const setup = (flags: string[], variables: Record<string, string> = {}): Promise<DoorRun> =>
    runBundled(
      'setup',
      {
        ...{ GITLAB_URL: scene.gitlab.address, WATCHKEEPER_TOKEN: scene.bot.token, WATCHKEEPER_SETUP_TOKEN: lea.token },
        ...{ WATCHKEEPER_CONFIG: configPath, WATCHKEEPER_OUT: folder, WATCHKEEPER_NOW: scene.clock.now.toISOString(), ...variables },
      },
      flags,
    );
  const runJobs = (): void => {
    scene.gitlab.pipelines.run = async ({ name, inputs, variables, payloadPath = '' }) => {
      const files = home.repository.branches.get('main')?.files ?? new Map<string, string>();
      const checkout = await mkdtemp(path.join(tmpdir(), 'job-'));
      await writeFile(path.join(checkout, 'oncall.yml'), files.get('oncall.yml') ?? '');
      const timer = { object_kind: 'timer', project_id: String(inputs['project']), iid: String(inputs['iid']) };
      const given = {
        ...{ CI_API_V4_URL: `${scene.gitlab.address}/api/v4`, WATCHKEEPER_CONFIG: path.join(checkout, 'oncall.yml'), WATCHKEEPER_OUT: checkout },
        ...{ WATCHKEEPER_NOW: scene.clock.now.toISOString(), TRIGGER_PAYLOAD: name === 'timer' ? JSON.stringify(timer) : payloadPath, ...variables },
      };
      const done = await runBundled(name === 'timer' ? 'on-event' : name, given);
      if (done.exitCode !== 0) throw new Error(`${name} ended with exit ${String(done.exitCode)}: ${done.output}`);
    };
  };
  const play = async (description: string): Promise<void> => {
    const schedule = home.schedules.find((known) => known.description === description);
    const owner = world.userById(schedule?.ownerId ?? null);
    if (!schedule || !owner) throw new Error(`no schedule is called ${description}`);
    const inputs = Object.fromEntries(schedule.inputs.map(({ name, value }) => [name, value]));
    scene.gitlab.pipelines.start({ project: home, user: owner, ref: 'main', source: 'schedule', inputs, variables: {} });
    await scene.gitlab.settled();
  };
  return { ...scene, configPath, setup, runJobs, play };
}

/** The schedules of a site, a line each. */
export function schedules({ home }: Pick<EmptySite, 'home'>): string[] {
  return home.schedules.map(({ description, cron, ref, inputs }) =>
    [description, cron, ref.replace('refs/heads/', ''), inputs.map(({ name, value }) => `${name}=${String(value)}`).join(' ')].join(' | '),
  );
}

/** The configuration of a site, as it lies here. */
export function configHere({ configPath }: Site): Promise<string> {
  return readFile(configPath, 'utf8');
}
