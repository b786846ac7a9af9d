import { conclude, mask, type Ending } from './ending.ts';
import { SetupError } from './errors.ts';
import { startOf } from './flags.ts';
import type { Bounds } from './network.ts';
import { readEnvironment, readPlace, type Environment } from './environment.ts';

/** The job that a door runs in: its environment as values, the moment it speaks of, and what bounds it. */
export type Job = Environment & {
  door: string;
  /** The flags that the door was started with, such as `--deep`. */
  flags: ReadonlySet<string>;
  /** What was given with the options that take a value, such as `--from`. */
  given: ReadonlyMap<string, string>;
  /** The moment that decisions speak of. */
  now: Date;
  bounds: Bounds;
  /** Writes a line to the job log, the token masked. */
  log: (line: string) => void;
};

/**
 * A door's name, the longest it may take, what `--help` says of it, the flags it knows with what they do, and its options that
 * take a value.
 */
export type Door = {
  name: string;
  limitMs: number;
  help: string;
  flags?: Readonly<Record<string, string>>;
  options?: Readonly<Record<string, string>>;
  /** What one of these flags or options asks for needs no GitLab, and is done without an environment. */
  offline?: { words: readonly string[]; main: (words: Words) => Promise<Ending> };
};

/** What a door was started with, beside its environment; `say` writes a line. */
export type Words = Pick<Job, 'flags' | 'given' | 'now'> & {
  configPath: string;
  address: string;
  say: (line: string) => void;
};

/** Starts a door that works on GitLab, with the environment of its job; see `conclude` for how it ends. */
export function runJob(door: Door, main: (job: Job) => Promise<Ending>): void {
  const say = (line: string): void => {
    console.log(mask(line));
  };
  if (process.argv.includes('--help')) {
    say(helpOf(door));
    return;
  }
  conclude(door.name, say, () => {
    const words = readWords(door, process.argv.slice(2));
    const { offline } = door;
    if (offline?.words.some((word) => words.flags.has(word) || words.given.has(word)))
      return offline.main({ ...words, say, now: new Date(), ...readPlace(process.env) });
    const environment = readEnvironment(process.env);
    const startMs = Date.now();
    const job: Job = {
      ...environment,
      door: door.name,
      ...words,
      now: environment.rehearsal ?? new Date(startMs),
      bounds: { now: Date.now, sleep, deadlineMs: Math.min(startMs + door.limitMs, environment.jobEndsMs) },
      log: say,
    };
    return main(job);
  });
}

function helpOf({ name, help, flags = {}, options = {} }: Door): string {
  const all = Object.entries({ ...flags, ...options, '--help': 'show this' });
  const width = Math.max(...all.map(([flag]) => flag.length)) + 2;
  const known = all.map(([flag, does]) => `  ${flag.padEnd(width)}${does}`);
  const codes = 'Exit codes: 0 done, 1 a check failed, 2 setup error, 3 GitLab not reached or work left over.';
  const usage = `${startOf(name, `npx tsx scripts/${name}.ts`)} [flags]`;
  return [usage, '', help, '', ...known, '', codes, 'Variables: docs/jobs.md, "Variables".'].join('\n');
}

function readWords({ name, flags = {}, options = {} }: Door, words: string[]): Pick<Job, 'flags' | 'given'> {
  const found = new Set<string>();
  const given = new Map<string, string>();
  for (let at = 0; at < words.length; at += 1) {
    const [flag = '', ...rest] = (words[at] ?? '').split('=');
    if (Object.hasOwn(options, flag)) {
      const value = rest.length > 0 ? rest.join('=') : words[(at += 1)];
      if (!value || value.startsWith('--'))
        throw new SetupError(`${flag} takes a value; --help shows what ${name} knows.`);
      given.set(flag, value);
    } else if (rest.length === 0 && Object.hasOwn(flags, flag)) found.add(flag);
    else throw new SetupError(`${name} knows no ${words[at] ?? ''}; --help shows what it knows.`);
  }
  return { flags: found, given };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
