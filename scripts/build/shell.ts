import { openSync, readSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type v8 from 'node:v8';
import { Script } from 'node:vm';
import type zlib from 'node:zlib';

/** What the build writes before this: the version, the doors with what each does. */
declare const VERSION: string;
declare const DOORS: Readonly<Record<string, string>>;
/** A digest of all parts. */
declare const BUILD: string;
/** How long this head is, and where each part begins behind it, how long it is (in bytes), and after how many lines. */
declare const HEAD_BYTES: number;
declare const HEAD_LINES: number;
declare const PLACES: Readonly<Partial<Record<string, readonly [start: number, length: number, line: number]>>>;
/** Of the file that this stands at the head of. */
declare const __filename: string;
declare const require: (name: string) => unknown;

type Part = Record<string, unknown>;

/** Where the compiled form of each part stands in a file of them, and how long it is. */
type Compiled = Readonly<Record<string, readonly [start: number, length: number]>>;

/** What the build lets parts know by these names. */
const OPENING = '(function (module, require, load, later, here, NoForm) {';
const COMPILED_FOR = `${BUILD} ${process.version} ${process.arch}`;
const here = pathToFileURL(__filename).href;
const file = openSync(__filename, 'r');
const loaded = new Map<string, { exports: Part }>();
/** The one text that is no program. */
const LICENCES = 'licences';
/** How many bytes the length of the index takes. */
const INDEX_AT = 16;
/** Whoever sets variables may run what they like, by NODE_OPTIONS; a file that merely lies beside this one is not read. */
// eslint-disable-next-line no-restricted-syntax -- before anything of scripts/ci is there to read it
const compiled = openCompiled(process.env['WATCHKEEPER_COMPILED']);

/** In the place of FormData, of which gitbeaker asks whether a body is one, and none is: Node would load all of `fetch` for it, 20 ms. */
const NoForm = function (): void {};

/** A text as it stands in its comment, and by which name and line a stack tells of it. */
function read(name: string): { body: string; filename: string; line: number } {
  const place = PLACES[name];
  if (!place) throw new Error(`the bundle has no part ${name}`);
  const [start, length, line] = place;
  const text = bytesOf(file, HEAD_BYTES + start, length).toString('latin1');
  if (line === 0) return { body: unpack(text), filename: `${__filename} ${name}`, line };
  return { body: text.replaceAll('*#/', '*/'), filename: __filename, line: HEAD_LINES + line };
}

function bytesOf(descriptor: number, start: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, start));
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
  const run = scriptOf(name, compiled?.(name)).runInThisContext() as (...given: unknown[]) => void;
  run(module, require, load, later, here, NoForm);
  return module.exports;
}

/** A part as a program; V8 takes its compiled form only where it made that itself, of the same text. */
function scriptOf(name: string, cachedData?: Buffer): Script {
  const { body, filename, line } = read(name);
  const place = { filename, lineOffset: line, columnOffset: -OPENING.length };
  return new Script(`${OPENING}${body}\n})`, { ...place, ...(cachedData ? { cachedData } : {}) });
}

/** Writes the compiled form of all parts that are not packed, for this Node. */
function compileInto(target: string): void {
  const { setFlagsFromString } = require('node:v8') as typeof v8;
  // All functions, not only those that run at once. What is compiled is kept for the flags that count when it is kept.
  setFlagsFromString('--no-lazy');
  const names = Object.keys(PLACES).filter((name) => PLACES[name]?.[2] && name !== LICENCES);
  const scripts = names.map((name) => ({ name, script: scriptOf(name) }));
  setFlagsFromString('--lazy');
  const pieces = scripts.map(({ name, script }) => ({ name, bytes: script.createCachedData() }));
  let end = 0;
  const places: Compiled = Object.fromEntries(
    pieces.map(({ name, bytes }) => [name, [(end += bytes.length) - bytes.length, bytes.length]]),
  );
  const index = Buffer.from(JSON.stringify({ for: COMPILED_FOR, places }));
  writeFileSync(
    target,
    Buffer.concat([Buffer.from(String(index.length).padEnd(INDEX_AT)), index, ...pieces.map(({ bytes }) => bytes)]),
  );
}

/** What was compiled before for this bundle and this Node; nothing where there is none. */
function openCompiled(path: string | undefined): ((name: string) => Buffer | undefined) | undefined {
  if (!path) return undefined;
  try {
    const descriptor = openSync(path, 'r');
    const length = Number(bytesOf(descriptor, 0, INDEX_AT).toString('latin1'));
    const index = JSON.parse(bytesOf(descriptor, INDEX_AT, length).toString('latin1')) as {
      for: string;
      places: Compiled;
    };
    if (index.for !== COMPILED_FOR) return undefined;
    return (name) => {
      const place = index.places[name];
      return place && bytesOf(descriptor, INDEX_AT + length + place[0], place[1]);
    };
  } catch {
    return undefined;
  }
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
  else if (door === '--compile' && process.argv[3]) compileInto(process.argv[3]);
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
  return read(LICENCES).body.replace(/\\u([0-9a-f]{4})/g, (_all, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
}

function help(): string {
  const doors = Object.entries(DOORS).map(([name, does]) => `  ${name.padEnd(22)}${does}`);
  const own = [
    '  --help                show this; behind a door, what that door knows',
    '  --version             show the version',
    '  --compile FILE        write into FILE what V8 makes of this, for an image: docs/bundle.md',
    '  --licences            show the licences of what is inside',
  ];
  return ['node watchkeeper.cjs DOOR [flags]', '', ...doors, '', ...own].join('\n');
}

start(process.argv[2]);
