import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEMO_CONFIG } from '../../scripts/sandbox/story/company.ts';
import { runDoor, type DoorRun } from '../../scripts/ci/door.ts';
import type { Scene } from './gitlab.ts';

export type Ran = DoorRun & { report: Record<string, unknown> };

/** Runs a door as a process of its own against the embedded GitLab, with a payload; a test says which variables differ. */
export async function runAgainst(scene: Scene, name: string, payload: unknown, more: Record<string, string | undefined> = {}, flags: string[] = []): Promise<Ran> {
  const folder = await mkdtemp(path.join(tmpdir(), 'door-'));
  const payloadPath = path.join(folder, 'payload.json');
  await writeFile(payloadPath, typeof payload === 'string' ? payload : JSON.stringify(payload));
  const variables: Record<string, string | undefined> = {
    ...{ GITLAB_URL: scene.gitlab.address, WATCHKEEPER_TOKEN: scene.bot.token, TRIGGER_PAYLOAD: payloadPath },
    ...{ WATCHKEEPER_OUT: folder, WATCHKEEPER_CONFIG: DEMO_CONFIG, WATCHKEEPER_NOW: scene.clock.now.toISOString(), ...more },
  };
  const set = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const run = await runDoor(name, Object.fromEntries(set), flags);
  const report = JSON.parse(await readFile(path.join(folder, 'watchkeeper-report.json'), 'utf8').catch(() => '{}')) as Record<string, unknown>;
  return { ...run, report };
}

/** A configuration file with this text. */
export async function configFile(text: string): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'config-')), 'oncall.yml');
  await writeFile(file, text);
  return file;
}
