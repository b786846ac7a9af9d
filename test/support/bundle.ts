import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BUNDLE, writeBundle } from '../../scripts/build/bundle.ts';
import type { DoorRun } from '../../scripts/ci/door.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = `${ROOT}node_modules/.doors`;

/** The one file that is shipped, in which all doors are. */
export const FILE = `${FOLDER}/${BUNDLE}`;

/** Makes the bundle, as a release does, once before all tests. */
export async function bundleDoors(): Promise<void> {
  await writeBundle(FOLDER);
}

/** Starts a bundled door as a process of its own; `over` resolves with how it ended: its exit code, or a signal's name. */
export function startDoor(name: string, variables: Record<string, string>, flags: string[] = [], input = ''): { child: ChildProcess; output: () => string; over: Promise<number | string | null> } {
  const child = spawn(process.execPath, [FILE, name, ...flags], { cwd: ROOT, env: variables });
  let told = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
  }
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const over = new Promise<number | string | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve(signal ?? code);
    });
  });
  return { child, output: () => told, over };
}

/** Runs a bundled door to its end, as `runDoor` runs its source. */
export async function runBundled(name: string, variables: Record<string, string>, flags: string[] = [], input = ''): Promise<DoorRun> {
  const { output, over } = startDoor(name, variables, flags, input);
  const ended = await over;
  return { exitCode: typeof ended === 'number' ? ended : null, output: output() };
}
