import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What a process took from its start to its end; CPU is user and system time together, memory the peak that was resident. */
export type Spent = { wallMs: number; cpuMs: number; peakMb: number };

/** How it ended beside that. */
export type Ran = Spent & { exitCode: number | null; output: string };

/**
 * Runs Node with arguments and these variables alone. What the process used is what the system counted for it, asked of
 * within by a module of one line that is loaded before all else, as it ends.
 */
export async function measure(args: string[], variables: Record<string, string>): Promise<Ran> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
  const [hook, used] = [path.join(folder, 'hook.cjs'), path.join(folder, 'used.json')];
  const text = `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(used)}, JSON.stringify(process.resourceUsage())));\n`;
  await writeFile(hook, text);
  const start = performance.now();
  const { exitCode, output } = await ended(['--require', hook, ...args], variables);
  const wallMs = performance.now() - start;
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(await readFile(used, 'utf8')) as NodeJS.ResourceUsage;
  await rm(folder, { recursive: true });
  return { wallMs, cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMb: maxRSS / 1024, exitCode, output };
}

function ended(args: string[], env: Record<string, string>): Promise<Pick<Ran, 'exitCode' | 'output'>> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.on('error', reject);
    child.on('close', (exitCode) => {
      resolve({ exitCode, output });
    });
  });
}
