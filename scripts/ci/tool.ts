import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { conclude, mask, type Ending } from './ending.ts';
import { readEnvironment, type Environment } from './environment.ts';
import { SetupError } from './errors.ts';
import { parseFlags, startOf, type Given } from './flags.ts';
import type { Bounds } from './network.ts';

/**
 * An option of a tool: what it does, and for one with a value its choices, the first of which is the default, or where any
 * value will do, what the value is.
 */
type ToolOption = { does: string; choices?: readonly string[]; value?: string };

/** A door for people: its name, its usage, what `--help` says, and its options. */
export type Tool = { name: string; usage: string; help: string; options: Readonly<Record<string, ToolOption>> };

/** What a tool was started with. */
export type Call = {
  files: string[];
  /** Options without a value that were given. */
  has: (option: string) => boolean;
  /** The value of an option with choices. */
  valueOf: (option: string) => string;
  /** The value of an option that takes any, where it was given. */
  given: (option: string) => string | undefined;
  /** The path of the configuration that WATCHKEEPER_CONFIG names. */
  configPath: string | undefined;
  now: Date;
  /** The environment by which a tool reaches GitLab where it has to, for so long (ms). Throws a SetupError as `readEnvironment`. */
  reachGitLab: (limitMs: number) => Environment & { bounds: Bounds };
  readStdin: () => Promise<string>;
  /** Writes to the output. */
  print: (line: string) => void;
};

/**
 * Starts a tool that needs no job: what it finds goes to the output, its summary to the error output, so that what
 * machines read stays clean. See `conclude` for how it ends.
 */
export function runTool(tool: Tool, main: (call: Call) => Promise<Ending>): void {
  const say = (line: string): void => {
    console.error(mask(line));
  };
  const print = (line: string): void => {
    console.log(mask(line));
  };
  if (process.argv.includes('--help')) {
    print(helpOf(tool));
    return;
  }
  conclude(tool.name, say, () => {
    const { values, words } = parse(tool, process.argv.slice(2));
    return main({
      files: words,
      has: (option) => values[option] === true,
      valueOf: (option) => valueOf(tool, option, values[option]),
      given: (option) => (typeof values[option] === 'string' ? values[option] : undefined),
      configPath: process.env['WATCHKEEPER_CONFIG'] || undefined,
      now: new Date(),
      reachGitLab: (limitMs) => {
        const bounds = { now: Date.now, sleep: (ms: number) => setTimeout(ms), deadlineMs: Date.now() + limitMs };
        return { ...readEnvironment(process.env), bounds };
      },
      readStdin: () => text(process.stdin),
      print,
    });
  });
}

/** Writes a file, its folders too. Throws a SetupError where that cannot be done. */
export async function writeInto(file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (cause) {
    throw new SetupError(`${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

function parse({ name, options }: Tool, args: string[]): Given {
  const known = Object.entries(options).map(
    ([option, { choices, value }]) => [option, { type: choices || value ? 'string' : 'boolean' }] as const,
  );
  return parseFlags(name, args, { options: Object.fromEntries(known), allowPositionals: true });
}

function valueOf({ options }: Tool, option: string, given: unknown): string {
  const choices = options[option]?.choices ?? [];
  const value = typeof given === 'string' ? given : (choices[0] ?? '');
  if (!choices.includes(value)) throw new SetupError(`--${option} is one of ${choices.join(', ')}, not ${value}.`);
  return value;
}

function helpOf({ name, usage, help, options }: Tool): string {
  const lines = Object.entries(options).map(([option, { does, choices, value }]) => {
    const flag = `--${option} ${choices?.join('|') ?? value ?? ''}`.trimEnd();
    return flag.length < 22 ? `  ${flag.padEnd(22)}${does}` : `  ${flag}\n${' '.repeat(24)}${does}`;
  });
  const codes = 'Exit codes: 0 in order, 1 a check failed, 2 setup error.';
  return [
    `${startOf(name, `npm run ${name} --`)} ${usage}`,
    '',
    help,
    '',
    ...lines,
    '  --help                show this',
    '',
    codes,
  ].join('\n');
}
