import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkConfig } from '../../scripts/read/config.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { COMPLETE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { FILE } from '../support/bundle.ts';
import { stage, type Scene } from '../support/gitlab.ts';

/** A little above what it is (docs/bundle.md): `npm run bundle` shows what is large. */
const MOST_BYTES = 2_750_000;
/** What an event that needs nothing may read of programs; each further 100 KiB take some 5 ms of each job. */
const MOST_READ = 1_000_000;

type Ended = { code: number; output: string };

/** A folder with nothing in it but the bundle and the smallest configuration. */
function emptyFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'bundle-'));
  copyFileSync(FILE, path.join(folder, 'watchkeeper.cjs'));
  writeFileSync(path.join(folder, 'oncall.yml'), 'sources: [{ project: 42 }]\nfollow_ups: { mode: "off" }\nrca: { mode: "off" }\n');
  return folder;
}

function run(folder: string, words: string[], env: Record<string, string> = {}, options: string[] = []): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...options, 'watchkeeper.cjs', ...words], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
    });
  });
}

/** What a job of an event on an issue has in its environment. */
function variables(scene: Scene, iid: number): Record<string, string> {
  const payload = { object_kind: 'issue', user: { id: scene.gitlab.world.userNamed('ana').id }, project: { id: 42 }, object_attributes: { iid, action: 'close', type: 'Incident' } };
  const moment = { WATCHKEEPER_NOW: scene.clock.now.toISOString() };
  return { GITLAB_URL: scene.gitlab.address, WATCHKEEPER_TOKEN: scene.bot.token, TRIGGER_PAYLOAD: JSON.stringify(payload), ...moment };
}

type Part = { name: string; bytes: number; isPacked: boolean; isCompiled: boolean };

/** The parts that a run evaluated: where each begins is told by who compiles it. */
async function partsRead(scene: Scene, iid: number, more: Record<string, string> = {}): Promise<Part[]> {
  const folder = emptyFolder();
  const spy = `const vm = require('node:vm'), fs = require('node:fs'), { Script } = vm;
vm.Script = class extends Script { constructor(body, options) {
  super(body, options);
  fs.appendFileSync('read', JSON.stringify({ ...options, cachedData: undefined, bytes: body.length, isRejected: this.cachedDataRejected }) + '\\n');
} };`;
  writeFileSync(path.join(folder, 'spy.cjs'), spy);
  const ended = await run(folder, ['on-event'], { ...variables(scene, iid), ...more }, ['-r', './spy.cjs']);
  expect(ended).toMatchObject({ code: 0 });
  const lines = readFileSync(FILE, 'latin1').split('\n');
  const told = readFileSync(path.join(folder, 'read'), 'utf8').trim().split('\n');
  return told.map((line) => {
    const { filename, lineOffset, bytes, isRejected } = JSON.parse(line) as { filename: string; lineOffset: number; bytes: number; isRejected?: boolean };
    const [, packed] = /\.cjs (.+)$/.exec(filename) ?? [];
    return { name: packed ?? lines[lineOffset - 1]?.replace(/^\/\* /, '') ?? '', bytes, isPacked: packed !== undefined, isCompiled: isRejected === false };
  });
}

function namesOf(parts: readonly Part[]): string[] {
  return parts.map(({ name }) => name);
}

describe('the bundle alone in a folder', () => {
  it('does the whole work of an event, and reads nothing outside its folder', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const folder = emptyFolder();
    const within = ['--experimental-permission', `--allow-fs-read=${folder}/*`, `--allow-fs-write=${folder}/*`];
    const { code, output } = await run(folder, ['on-event'], variables(scene, issue.iid), within);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('blocked: OWNER_MISSING') as string });
    expect(issue.state).toBe('opened');
    expect(scene.said(issue)[0]?.body).toContain('reopened');
  });

  it.each([
    { words: ['validate', 'oncall.yml'], code: 0, says: '1 file, in order' },
    { words: ['roster'], code: 2, says: 'roster' },
    { words: ['sweep', '--help'], code: 0, says: 'node watchkeeper.cjs sweep [flags]' },
    { words: ['validate', '--help'], code: 0, says: 'node watchkeeper.cjs validate' },
    { words: ['shift'], code: 2, says: 'GITLAB_URL' },
    { words: ['report'], code: 2, says: 'GITLAB_URL' },
    { words: ['check-merge-request'], code: 2, says: 'GITLAB_URL' },
  ])('$words: exit $code', async ({ words, code, says }) => {
    const ended = await run(emptyFolder(), words);
    expect(ended).toMatchObject({ code, output: expect.stringContaining(says) as string });
  });

  it.each([
    { what: 'an option that there is not', yaml: 'sources: [{ project: 42 }]\nsweeps: {}\n' },
    { what: 'one deep inside, beside defaults', yaml: 'sources: [{ project: 42 }]\nlimits: { notes_per_minute: 0 }\nsweep: { interval: 5 }\n' },
    { what: 'a text for a list', yaml: 'sources: 42\nmanagers: lea\n' },
    { what: 'a shift of no roster', yaml: 'sources: [{ project: 42 }]\nroster: { engineers: { layers: [{ name: a, start: 2026-11-02, rotation: [ana], rotate: moon }] } }\n' },
    { what: 'nothing', yaml: '{}\n' },
  ])('says of a configuration with $what what the source says', async ({ yaml }) => {
    const folder = emptyFolder();
    writeFileSync(path.join(folder, 'oncall.yml'), yaml);
    const checked = await checkConfig('oncall.yml', yaml);
    const told = checked.ok ? [] : checked.mistakes.map((each) => `oncall.yml:${each.line}:${each.column}: ${each.code} ${each.message}`);
    const { code, output } = await run(folder, ['validate', 'oncall.yml']);
    expect({ code, told: output.split('\n').slice(0, -2) }).toEqual({ code: 1, told });
  });

  it.each([
    { words: ['--help'], code: 0, says: /on-event {2,}Reconciles the incident[^]*roster {2,}Shows who is on call/ },
    { words: [], code: 2, says: /on-event {2,}Reconciles/ },
    { words: ['--version'], code: 0, says: /^\d+\.\d+\.\d+\n$/ },
    { words: ['constructor'], code: 2, says: /^watchkeeper: setup error: There is no door "constructor"\. --help shows which there are\.\n$/ },
    { words: ['--licences'], code: 0, says: /MIT License[^]*handlebars [\d.]+ \(MIT\)\n\nCopyright \(C\)[^]*re2js/ },
  ])('$words: exit $code', async ({ words, code, says }) => {
    const ended = await run(emptyFolder(), words);
    expect(ended.code).toBe(code);
    expect(ended.output).toMatch(says);
  });

  it('shows where it crashed: the file, and a line of what it runs there', async () => {
    const folder = emptyFolder();
    writeFileSync(path.join(folder, 'spy.cjs'), "globalThis.structuredClone = () => { throw new RangeError('ours'); };");
    const { code, output } = await run(folder, ['validate', 'oncall.yml'], {}, ['-r', './spy.cjs']);
    const [, name, line = '0'] = /at (\w+) \(.*watchkeeper\.cjs:(\d+):\d+\)/.exec(output) ?? [];
    expect({ code, name }).toEqual({ code: 1, name: 'validate' });
    expect(readFileSync(FILE, 'latin1').split('\n')[Number(line) - 1]).toContain('structuredClone');
  });
});

describe('what the bundle costs', () => {
  it('is no larger than it should be, and ASCII', () => {
    expect(statSync(FILE).size).toBeLessThan(MOST_BYTES);
    expect(readFileSync(FILE).every((byte) => byte < 0x80)).toBe(true);
  });

  it('an event that needs nothing evaluates no compiler of schemas or templates, no charts, calendars or CSV', async () => {
    const scene = await stage();
    const issue = createIssue(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), scene.project, 'Token leaked', 'incident');
    issue.description = COMPLETE;
    const parts = await partsRead(scene, issue.iid);
    const names = namesOf(parts);
    expect(names).toContain('scripts/apply/reconcile.ts');
    const late = /schema\/engine|compile|\/own-|charts?|echarts|zrender|calendar|csv|papers|re2js|:(?:history|metrics)$/;
    expect(names.filter((name) => late.test(name) && name !== 'scripts/read/own-account.ts')).toEqual([]);
    expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(MOST_READ);
  });

  it('one that writes a comment renders it from what was compiled before', async () => {
    const scene = await stage();
    const parts = await partsRead(scene, scene.closed(TOO_EARLY).iid);
    const names = namesOf(parts);
    expect(names).toEqual(expect.arrayContaining(['templates:comments/gate', 'validators:urn:watchkeeper:closure']));
    expect(names.filter((name) => /schema\/engine|render\/compile/.test(name))).toEqual([]);
    expect(parts.filter(({ isPacked }) => isPacked)).toEqual([]);
  });

  it('one on an issue that is no incident evaluates nothing that reads a description', async () => {
    const scene = await stage();
    const issue = createIssue(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), scene.project, 'A question', 'issue');
    issue.description = COMPLETE;
    const names = namesOf(await partsRead(scene, issue.iid));
    expect(names).toContain('scripts/decide/incident.ts');
    expect(names.filter((name) => /markdown|collect|placeholder|schemas\/|validators:urn:watchkeeper:(?:closure|config$)/.test(name))).toEqual([]);
  });
});

describe('what was compiled before, as in an image', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'compiled-'));
  const made = path.join(folder, 'made');

  beforeAll(async () => {
    copyFileSync(FILE, path.join(folder, 'watchkeeper.cjs'));
    expect(await run(folder, ['--compile', made])).toEqual({ code: 0, output: '' });
  });

  it('is all that V8 takes of the parts of an event', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const parts = await partsRead(scene, issue.iid, { WATCHKEEPER_COMPILED: made });
    expect(parts.filter(({ isCompiled }) => !isCompiled)).toEqual([]);
    expect(issue.state).toBe('opened');
  });

  it.each([
    { what: 'of another node', change: (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace(process.version, 'v20.19.0'.padEnd(process.version.length)), 'latin1') },
    { what: 'cut off', change: (bytes: Buffer) => bytes.subarray(0, bytes.length / 4) },
    { what: 'empty', change: () => Buffer.alloc(0) },
  ])('$what, it changes nothing', async ({ change }) => {
    const other = path.join(folder, 'other');
    writeFileSync(other, change(readFileSync(made)));
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    await partsRead(scene, issue.iid, { WATCHKEEPER_COMPILED: other });
    expect(issue.state).toBe('opened');
  });

  it('is not looked for where nothing names it', async () => {
    const scene = await stage();
    copyFileSync(made, path.join(folder, 'watchkeeper.cjs.compiled'));
    const parts = await partsRead(scene, scene.closed(TOO_EARLY).iid);
    expect(parts.filter(({ isCompiled }) => isCompiled)).toEqual([]);
  });
});
