import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LeftOver, SetupError } from './errors.ts';
import { readEnvironment, type Environment } from './environment.ts';

/** The job that a door runs in: its environment as values, the moment it speaks of, and what bounds it. */
export type Job = Environment & {
  door: string;
  /** The flags that the door was started with, such as `--deep`. */
  flags: ReadonlySet<string>;
  /** The moment that decisions speak of. */
  now: Date;
  bounds: { now: () => number; sleep: (ms: number) => Promise<void>; deadlineMs: number };
  /** Writes a line to the job log, the token masked. */
  log: (line: string) => void;
};

/** How a run ended: its summary line, its exit code, and the files it leaves, by name. */
export type Ending = { summary: string; exitCode: 0 | 1 | 2 | 3; artifacts: Record<string, string> };

/** A door's name, the longest it may take, what `--help` says of it, and the flags it knows with what they do. */
export type Door = { name: string; limitMs: number; help: string; flags?: Readonly<Record<string, string>> };

const REPORT = 'watchkeeper-report.json';

/**
 * Runs a door. The operator's mistakes end it with exit 2 and one line that names the cure, unreachable GitLab with
 * exit 3; our own mistakes crash with a stack.
 */
export async function runJob(door: Door, main: (job: Job) => Promise<Ending>): Promise<void> {
  const say = (line: string): void => {
    console.log(mask(line));
  };
  if (process.argv.includes('--help')) {
    say(helpOf(door));
    return;
  }
  try {
    const flags = readFlags(door, process.argv.slice(2));
    const environment = readEnvironment(process.env);
    const startMs = Date.now();
    const job: Job = {
      ...environment,
      door: door.name,
      flags,
      now: environment.rehearsal ?? new Date(startMs),
      bounds: { now: Date.now, sleep, deadlineMs: startMs + Math.min(door.limitMs, environment.jobTimeoutMs) },
      log: say,
    };
    const ending = await main(job);
    await leave(environment.outFolder, ending.artifacts);
    say(ending.summary);
    process.exitCode = ending.exitCode;
  } catch (error) {
    if (!(error instanceof SetupError) && !(error instanceof LeftOver)) throw error;
    const exitCode = error instanceof SetupError ? 2 : 3;
    const line = `watchkeeper ${door.name}: ${exitCode === 2 ? 'setup error' : 'left over'}: ${error.message}`;
    say(line);
    process.exitCode = exitCode;
    const report = JSON.stringify({ door: door.name, exit_code: exitCode, error: error.message }, null, 2);
    const suite = `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="watchkeeper ${door.name}"/>\n`;
    await leave(process.env['WATCHKEEPER_OUT'] || '.', { [REPORT]: `${report}\n`, 'junit.xml': suite });
  }
}

function helpOf({ name, help, flags = {} }: Door): string {
  const known = Object.entries({ ...flags, '--help': 'show this' }).map(
    ([flag, does]) => `  ${flag.padEnd(12)}${does}`,
  );
  const codes = 'Exit codes: 0 done, 1 a check failed, 2 setup error, 3 GitLab not reached or work left over.';
  const usage = `npx tsx scripts/${name}.ts [flags]`;
  return [usage, '', help, '', ...known, '', codes, 'Variables: README.md, "Variables".'].join('\n');
}

function readFlags({ name, flags = {} }: Door, given: string[]): ReadonlySet<string> {
  const unknown = given.find((flag) => !Object.hasOwn(flags, flag));
  if (unknown !== undefined) throw new SetupError(`${name} knows no ${unknown}; --help shows what it knows.`);
  return new Set(given);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Takes the token out of a text, as it is set and as it is sent. */
function mask(text: string): string {
  const token = process.env['WATCHKEEPER_TOKEN'] ?? '';
  const known = [token, token.trim(), ...token.trim().split(/\s+/)].filter((part) => part !== '');
  return known.reduce((masked, part) => masked.replaceAll(part, '[masked]'), text);
}

async function leave(folder: string, artifacts: Record<string, string>): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(artifacts)) await writeFile(path.join(folder, name), mask(text));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    console.log(`warning: the report could not be written to WATCHKEEPER_OUT: ${reason}`);
  }
}
