import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a door ended, and all that it printed. */
export type DoorRun = { exitCode: number | null; output: string };

/** Runs a door by its name, with variables and flags. */
export type RunDoor = (name: string, variables: Record<string, string>, flags?: string[]) => Promise<DoorRun>;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a door as a CI job does: a process of its own, with these variables and no others, and an input where it has one. */
export function runDoor(
  name: string,
  variables: Record<string, string>,
  flags: string[] = [],
  input = '',
): Promise<DoorRun> {
  return run(['--import', 'tsx', `scripts/${name}.ts`, ...flags], variables, input);
}

/**
 * Bundles doors into a file each, so that dozens of them start in little time. Gives a way to run them, which is otherwise
 * that of `runDoor`, and one to take the bundles away again.
 */
export async function bundleDoors(names: string[]): Promise<{ runDoor: RunDoor; remove: () => Promise<void> }> {
  const { build } = await import('esbuild');
  // Two folders below the root, as the rooms are: the templates are found from there.
  const folder = await mkdtemp(path.join(ROOT, 'node_modules', '.demo-'));
  await build({
    ...{ entryPoints: names.map((name) => `${ROOT}scripts/${name}.ts`), outdir: folder },
    ...{ outExtension: { '.js': '.mjs' }, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
    banner: { js: REQUIRE },
  });
  return {
    runDoor: (name, variables, flags = []) => run([path.join(folder, `${name}.mjs`), ...flags], variables),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const REQUIRE = "import { createRequire as from } from 'node:module'; const require = from(import.meta.url);";

function run(args: string[], variables: Record<string, string>, input = ''): Promise<DoorRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, env: { PATH: process.env['PATH'], ...variables } });
    let output = '';
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (exitCode) => {
      resolve({ exitCode, output });
    });
  });
}
