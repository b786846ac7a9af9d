import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DoorRun } from '../../scripts/ci/door.ts';
import { expect } from 'vitest';
import { runBundled } from './bundle.ts';
import type { Scene } from './gitlab.ts';

/** A configuration of the gate alone, without a duty. */
export const GATE_ALONE = fileURLToPath(new URL('oncall.yml', import.meta.url));

export type Ran = DoorRun & { report: Record<string, unknown> };

/** Runs a door as a process of its own against the embedded GitLab, with a payload; a test says which variables differ. */
export async function runAgainst(scene: Scene, name: string, payload: unknown, more: Record<string, string | undefined> = {}, flags: string[] = []): Promise<Ran> {
  const folder = await mkdtemp(path.join(tmpdir(), 'door-'));
  const payloadPath = path.join(folder, 'payload.json');
  await writeFile(payloadPath, typeof payload === 'string' ? payload : JSON.stringify(payload));
  const variables: Record<string, string | undefined> = {
    ...{ GITLAB_URL: scene.gitlab.address, WATCHKEEPER_TOKEN: scene.bot.token, TRIGGER_PAYLOAD: payloadPath },
    ...{ WATCHKEEPER_OUT: folder, WATCHKEEPER_CONFIG: GATE_ALONE, WATCHKEEPER_NOW: scene.clock.now.toISOString(), ...more },
  };
  const set = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const run = await runBundled(name, Object.fromEntries(set), flags);
  expect(secretsIn(scene, run.output + (await artifactsIn(folder)))).toEqual([]);
  const report = JSON.parse(await readFile(path.join(folder, 'watchkeeper-report.json'), 'utf8').catch(() => '{}')) as Record<string, unknown>;
  return { ...run, report };
}

/** All that a run has left in files, its payload aside. */
async function artifactsIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== 'payload.json');
  return (await Promise.all(files.map((file) => readFile(path.join(file.parentPath, file.name), 'utf8')))).join('\n');
}

const TELLING = 30;

/** What no output may show, whatever the run: tokens, and the titles and lines of confidential incidents. */
function secretsIn({ gitlab: { world } }: Scene, text: string): string[] {
  const tokens = [...world.users.map(({ token }) => token), ...world.projects.flatMap(({ triggers }) => triggers.map(({ token }) => token))];
  const confidential = world.issues.filter((issue) => issue.confidential);
  const told = confidential.flatMap(({ title, description }) => [title, ...(description ?? '').split('\n').filter((line) => line.length >= TELLING)]);
  return [...tokens, ...told].filter((secret) => secret !== '' && text.includes(secret));
}

/** A configuration file with this text. */
export async function configFile(text: string): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'config-')), 'oncall.yml');
  await writeFile(file, text);
  return file;
}
