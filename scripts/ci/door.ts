import { spawn } from 'node:child_process';
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

/** A way to run the doors of a bundle, which start in little time; otherwise that of `runDoor`. */
export function doorsIn(bundle: string): RunDoor {
  return (name, variables, flags = []) => run([bundle, name, ...flags], variables);
}

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
