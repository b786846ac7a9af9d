import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a door ended, and all that it printed. */
export type DoorRun = { exitCode: number | null; output: string };

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a door as a CI job does: a process of its own, with these variables and no others, and an input where it has one. */
export function runDoor(
  name: string,
  variables: Record<string, string>,
  flags: string[] = [],
  input = '',
): Promise<DoorRun> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'], ...variables };
    const child = spawn(process.execPath, ['--import', 'tsx', `scripts/${name}.ts`, ...flags], { cwd: ROOT, env });
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
