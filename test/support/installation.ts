import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DoorRun } from '../../scripts/ci/door.ts';
import { LEVEL, type Account, type Project } from '../../scripts/sandbox/world/records.ts';
import { runBundled } from './bundle.ts';
import { stage, type Scene } from './gitlab.ts';

/** A duty of the demo's team: @ana by night, @ben by day. */
const DUTY = `# Ours.
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

/** A team with the project of its incidents and an empty one beside it, a folder with an oncall.yml, and setup run there. */
export type Site = Scene & {
  home: Project;
  lea: Account;
  configPath: string;
  setup: (flags: string[], variables?: Record<string, string>) => Promise<DoorRun>;
};

/** A GitLab on which nothing is installed yet. */
export async function emptySite(config = DUTY): Promise<Site> {
  const scene = await stage();
  const { world } = scene.gitlab;
  const home = world.addProject('sirt/watchkeeper', { lea: LEVEL.maintainer, 'watchkeeper-bot': LEVEL.maintainer }, 7);
  const folder = await mkdtemp(path.join(tmpdir(), 'site-'));
  const configPath = path.join(folder, 'oncall.yml');
  await writeFile(configPath, config);
  const lea = world.userNamed('lea');
  const setup = (flags: string[], variables: Record<string, string> = {}): Promise<DoorRun> =>
    runBundled(
      'setup',
      {
        ...{ GITLAB_URL: scene.gitlab.address, WATCHKEEPER_TOKEN: scene.bot.token, WATCHKEEPER_SETUP_TOKEN: lea.token },
        ...{ WATCHKEEPER_CONFIG: configPath, WATCHKEEPER_OUT: folder, WATCHKEEPER_NOW: scene.clock.now.toISOString(), ...variables },
      },
      flags,
    );
  return { ...scene, home, lea, configPath, setup };
}

/** The configuration of a site, as it lies here. */
export function configHere({ configPath }: Site): Promise<string> {
  return readFile(configPath, 'utf8');
}
