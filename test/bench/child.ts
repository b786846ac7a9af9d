import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What a process took from its start to its end; CPU is user and system time together, memory the peak that was resident. */
export type Spent = { wallMs: number; cpuMs: number; peakMb: number };

/** How it ended beside that. */
export type Ran = Spent & { exitCode: number; output: string };

type Used = { userCPUTime: number; systemCPUTime: number; peakKb: number };

/**
 * Writes what a process used as it ends. The peak is that of its own memory where Linux tells it: `maxRSS` begins with what
 * the process had that started it.
 */
const HOOK = `const fs = require('fs');
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const status = fs.existsSync('/proc/self/status') ? fs.readFileSync('/proc/self/status', 'utf8') : '';
  const peakKb = Number(/VmHWM:\\s*(\\d+) kB/.exec(status)?.[1] ?? maxRSS);
  fs.writeFileSync(USED, JSON.stringify({ userCPUTime, systemCPUTime, peakKb }));
});
`;

/**
 * Runs Node with arguments and these variables alone. What the process used is what the system counted for it, asked of
 * within by a small module that is loaded before all else, as it ends.
 */
export function measure(args: string[], variables: Record<string, string>): Promise<Ran> {
  return inFolder(async (folder) => {
    const [hook, used] = [path.join(folder, 'hook.cjs'), path.join(folder, 'used.json')];
    await writeFile(
      hook,
      HOOK.replace('USED', () => JSON.stringify(used)),
    );
    const start = performance.now();
    const { exitCode, output } = await ended(['--require', hook, ...args], variables);
    const wallMs = performance.now() - start;
    if (exitCode === null) throw new Error(`node ${args.join(' ')} was killed: ${output}`);
    const { userCPUTime, systemCPUTime, peakKb } = JSON.parse(await readFile(used, 'utf8')) as Used;
    return { wallMs, cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMb: peakKb / 1024, exitCode, output };
  });
}

/** Works in a folder that is there no longer than that. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function ended(args: string[], env: Record<string, string>): Promise<{ exitCode: number | null; output: string }> {
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
