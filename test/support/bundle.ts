import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Two folders below the root, as the rooms of `scripts/` are: the templates are found from there. */
const FOLDER = `${ROOT}node_modules/.doors`;

/** Bundles doors into a file each, so that hundreds of them start in little time. */
export async function bundleDoors(names: string[]): Promise<void> {
  await build({
    ...{ entryPoints: names.map((name) => `${ROOT}scripts/${name}.ts`), outdir: FOLDER, outExtension: { '.js': '.mjs' } },
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' },
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  });
}

/** Starts a bundled door as a process of its own; `over` resolves with its exit code, or the signal that ended it. */
export function startDoor(name: string, variables: Record<string, string>, flags: string[] = []): { child: ChildProcess; over: Promise<number | string | null> } {
  const child = spawn(process.execPath, [`${FOLDER}/${name}.mjs`, ...flags], { cwd: ROOT, env: variables, stdio: 'ignore' });
  const over = new Promise<number | string | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      resolve(signal ?? code);
    });
  });
  return { child, over };
}
