import { openSync, readSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';
import type zlib from 'node:zlib';

/** What the build writes before this: the version, the doors with what each does. */
declare const VERSION: string;
declare const DOORS: Readonly<Record<string, string>>;
/** How long this head is, and where each part begins behind it, how long it is (in bytes), and after how many lines. */
declare const HEAD_BYTES: number;
declare const HEAD_LINES: number;
declare const PLACES: Readonly<Partial<Record<string, readonly [start: number, length: number, line: number]>>>;
/** Of the file that this stands at the head of. */
declare const __filename: string;
declare const require: (name: string) => unknown;

type Part = Record<string, unknown>;

/** What the build lets parts know by these names. */
const GIVEN = ['module', 'require', 'load', 'later', 'here', 'NoForm'];
const here = pathToFileURL(__filename).href;
const file = openSync(__filename, 'r');
const loaded = new Map<string, { exports: Part }>();

/** In the place of FormData, of which gitbeaker asks whether a body is one, and none is: Node would load all of `fetch` for it, 20 ms. */
const NoForm = function (): void {};

/** A part, or the licences, as they stand in their comment, and in which line of this file they begin. */
function read(name: string): { body: string; line: number } {
  const place = PLACES[name];
  if (!place) throw new Error(`the bundle has no part ${name}`);
  const [start, length, line] = place;
  const bytes = Buffer.allocUnsafe(length);
  readSync(file, bytes, 0, length, HEAD_BYTES + start);
  if (line === 0) return { body: unpack(bytes.toString('latin1')), line };
  return { body: bytes.toString('latin1').replaceAll('*#/', '*/'), line: HEAD_LINES + line };
}

function unpack(packed: string): string {
  const { brotliDecompressSync } = require('node:zlib') as typeof zlib;
  return brotliDecompressSync(Buffer.from(packed, 'base64')).toString('latin1');
}

/** Runs a part, once, and gives what it exports. */
function load(name: string): Part {
  const known = loaded.get(name);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const { body, line } = read(name);
  const run = compileFunction(body, GIVEN, { filename: __filename, lineOffset: line });
  (run as (...given: unknown[]) => void)(module, require, load, later, here, NoForm);
  return module.exports;
}

/** A part that runs when something of it is first asked for. */
function later(name: string): Part {
  return new Proxy({}, { get: (_, key) => load(name)[key as string] });
}

function start(door: string | undefined): void {
  if (door !== undefined && Object.hasOwn(DOORS, door)) {
    process.argv.splice(2, 1);
    load(`scripts/${door}.ts`);
  } else if (door === '--version') console.log(VERSION);
  else if (door === '--licences') console.log(licences());
  else if (door === undefined || door === '--help') {
    console.log(help());
    if (door === undefined) process.exitCode = 2;
  } else {
    console.error(`watchkeeper: setup error: There is no door ${JSON.stringify(door)}. --help shows which there are.`);
    process.exitCode = 2;
  }
}

/** What is not ASCII in them is escaped. */
function licences(): string {
  return read('licences').body.replace(/\\u([0-9a-f]{4})/g, (_all, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
}

function help(): string {
  const doors = Object.entries(DOORS).map(([name, does]) => `  ${name.padEnd(22)}${does}`);
  const own = [
    '  --help                show this; behind a door, what that door knows',
    '  --version             show the version',
    '  --licences            show the licences of what is inside',
  ];
  return ['node watchkeeper.cjs DOOR [flags]', '', ...doors, '', ...own].join('\n');
}

start(process.argv[2]);
