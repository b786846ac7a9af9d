import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const SCRIPTS = fileURLToPath(new URL('../scripts/', import.meta.url));
const FILES = readdirSync(SCRIPTS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const DOORS = FILES.filter((file) => !file.includes(path.sep));

/** Which rooms a room may look into: data walks ci -> read -> decide -> render -> apply. */
const MAY_IMPORT: Record<string, string[]> = {
  ci: [],
  schema: [],
  gitlab: ['ci'],
  outside: ['ci'],
  read: ['ci', 'schema', 'gitlab', 'outside'],
  decide: ['schema', 'gitlab', 'read'],
  render: ['schema', 'gitlab', 'outside', 'read', 'decide'],
  apply: ['ci', 'schema', 'gitlab', 'outside', 'read', 'decide', 'render'],
  sandbox: [],
  // Makes the one file of the release; what it writes down of schemas and templates is made where these are at home.
  build: ['ci', 'schema', 'render'],
};

/**
 * Libraries and where they live: in one file each, beside those that know only their types. gitbeaker has two, since setup asks
 * of GitLab what no job does. Templates have two, since the project's own are held against what they may say before they are rendered. Markdown has two, since it is read for its fields and shown as GitLab would show it, and the
 * sandbox, which shows it, imports no other room.
 */
const HOME: Record<string, string[]> = {
  '@gitbeaker/rest': ['gitlab/client.ts', 'gitlab/installation.ts'],
  '@gitbeaker/requester-utils': ['gitlab/requester.ts'],
  '@slack/webhook': ['outside/slack.ts'],
  'ajv/dist/2020.js': ['schema/engine.ts', 'schema/fault.ts'],
  'ajv/dist/standalone/index.js': ['build/validators.ts'],
  'ajv-formats/dist/formats.js': ['schema/keywords.ts'],
  'csv-stringify/sync': ['render/csv.ts'],
  'echarts/charts': ['render/chart-library.ts', 'render/chart.ts'],
  'echarts/components': ['render/chart-library.ts'],
  'echarts/core': ['render/chart-library.ts', 'render/chart.ts'],
  'echarts/renderers': ['render/chart-library.ts'],
  esbuild: ['build/layout.ts', 'build/parts.ts', 'build/seams.ts'],
  handlebars: ['read/own-template.ts', 'render/compile.ts'],
  'handlebars/runtime.js': ['render/engine.ts'],
  leven: ['read/strays.ts'],
  'markdown-it': ['read/markdown.ts', 'sandbox/pages/markdown.ts'],
  re2js: ['schema/engine.ts'],
  'sanitize-html': ['sandbox/pages/markdown.ts'],
  tinyglobby: ['read/papers.ts'],
  'ical-generator': ['render/calendar.ts'],
  'temporal-polyfill': ['read/time.ts'],
};

function textOf(file: string): string {
  return readFileSync(path.join(SCRIPTS, file), 'utf8');
}

function importsOf(file: string): string[] {
  return ts.preProcessFile(textOf(file), true, true).importedFiles.map(({ fileName }) => fileName);
}

function roomOf(file: string): string {
  return file.split(path.sep)[0] ?? '';
}

/** The rooms that a file's imports lead to, its own left out; `.` is the doors'. */
function roomsImported(file: string): string[] {
  const inside = importsOf(file).filter((name) => name.startsWith('.') && name.endsWith('.ts'));
  const targets = inside.map((name) => path.join(path.dirname(file), name));
  return targets.map((target) => (target.includes(path.sep) ? roomOf(target) : '.')).filter((room) => room !== roomOf(file));
}

describe('the shape of the code', () => {
  it.each(FILES.filter((file) => !DOORS.includes(file)))('%s imports only what its room may', (file) => {
    expect(roomsImported(file).filter((room) => !MAY_IMPORT[roomOf(file)]?.includes(room))).toEqual([]);
  });

  it('every folder is a room that the table names', () => {
    expect([...new Set(FILES.filter((file) => !DOORS.includes(file)).map(roomOf))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it('only doors open the embedded GitLab', () => {
    expect(FILES.filter((file) => roomsImported(file).includes('sandbox'))).toEqual(['demo.ts']);
  });

  it.each(Object.entries(HOME))('%s lives in %s and nowhere else', (library, homes) => {
    expect(FILES.filter((file) => importsOf(file).includes(library)).sort()).toEqual(homes.map((home) => path.normalize(home)));
  });

  it.each(DOORS)('the door %s has at most 40 lines', (door) => {
    expect(textOf(door).split('\n').length).toBeLessThanOrEqual(41);
  });

  it('decisions ask nobody: no clock, no environment, no file, no network', () => {
    const asks = /\bawait\b|\basync\b|\bfetch\(|process\.|Date\.now|new Date\(\)|from 'node:/;
    expect(FILES.filter((file) => roomOf(file) === 'decide' && asks.test(textOf(file)))).toEqual([]);
  });

  it('reading and rendering know only the types of who else is called', () => {
    const values = /^import (?!type )[^;]*from '\.\.\/outside\//m;
    expect(FILES.filter((file) => ['read', 'render'].includes(roomOf(file)) && values.test(textOf(file)))).toEqual([]);
  });

  it('charts are drawn by a library that only who draws one waits for', () => {
    expect(FILES.filter((file) => /^(?:import|export) (?!type )[^;]*from 'echarts/m.test(textOf(file)))).toEqual([path.normalize('render/chart-library.ts')]);
    expect(FILES.filter((file) => /^(?:import|export) [^;]*from '\.\/chart-library/m.test(textOf(file)))).toEqual([]);
  });

  it('no file is a drawer', () => {
    expect(FILES.filter((file) => /(?:utils?|helpers?|common|misc)\.ts$/.test(file))).toEqual([]);
  });
});
