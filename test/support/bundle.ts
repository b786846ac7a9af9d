import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { DoorRun } from '../../scripts/ci/door.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Two folders below the root, as the rooms of `scripts/` are: the templates are found from there. */
const FOLDER = `${ROOT}node_modules/.doors`;

/** Bundles doors into a file each, so that hundreds of them start in little time. */
export async function bundleDoors(names: string[]): Promise<void> {
  await build({
    ...{ entryPoints: names.map((name) => `${ROOT}scripts/${name}.ts`), outdir: FOLDER, outExtension: { '.js': '.mjs' } },
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' },
    banner: { js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);" },
  });
}

/** Starts a bundled door as a process of its own; `over` resolves with how it ended: its exit code, or a signal's name. */
export function startDoor(name: string, variables: Record<string, string>, flags: string[] = [], input = ''): { child: ChildProcess; output: () => string; over: Promise<number | string | null> } {
  const child = spawn(process.execPath, [`${FOLDER}/${name}.mjs`, ...flags], { cwd: ROOT, env: variables });
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
