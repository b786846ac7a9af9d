/**
 * How long the process of the door `on-event` lives, and how much of the processors it takes, against those of a bare `node`:
 * `npx tsx test/bundle/time.ts [-n RUNS] [--compiled] [FILE ...]`, where each FILE is a bundle, dist/watchkeeper.cjs where none is
 * named; with `--compiled`, also as in an image, where V8 has compiled it before.
 * What is compared takes turns, so that what else the machine does falls upon all alike; shown are medians in ms.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startGitLab } from '../../scripts/sandbox/server.ts';
import { hireTeam, type Company } from '../../scripts/sandbox/story/company.ts';
import { COMPLETE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';

const NOW = new Date('2026-11-20T10:00:00Z');
const CLOSED = { state: 'closed', closedAt: '2026-11-20T09:45:00.000Z' } as const;

type Measured = { wallMs: number; cpuMs: number };

/** What wakes the door: an issue of a type, described so; `says` is in what the door says of it. */
const CASES: Record<string, { type: 'issue' | 'incident'; description: string; more?: Partial<StoredIssue>; says: string }> = {
  'not an incident': { type: 'issue', description: COMPLETE, says: 'nothing' },
  'in order': { type: 'incident', description: COMPLETE, says: 'open' },
  'blocked close': { type: 'incident', description: TOO_EARLY, more: CLOSED, says: 'blocked: OWNER_MISSING' },
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { runs: { type: 'string', short: 'n', default: '15' }, compiled: { type: 'boolean', default: false } } });
const folder = mkdtempSync(path.join(tmpdir(), 'time-'));
const bundles = (positionals.length > 0 ? positionals : ['dist/watchkeeper.cjs']).flatMap((file, index) => {
  const plain = { label: file, file: path.resolve(file), more: {} };
  return values.compiled ? [plain, { ...plain, label: `${file}, compiled`, more: { WATCHKEEPER_COMPILED: compile(plain.file, index) } }] : [plain];
});
writeFileSync(path.join(folder, 'oncall.yml'), 'sources: [{ project: 42 }]\n');

const gitlab = await startGitLab(() => NOW);
const company = hireTeam(gitlab);
const found = new Map<string, Measured[]>();
for (let run = 0; run < Number(values.runs); run += 1) {
  keep('bare node', await time(['-e', '0'], {}, ''));
  for (const [name, { says }] of Object.entries(CASES))
    for (const { label, file, more } of bundles) keep(`${name}, ${label}`, await time([file, 'on-event'], { ...variables(company, name), ...more }, says));
}
await gitlab.stop();

const bare = medianOf(found.get('bare node') ?? [], 'cpuMs');
for (const [name, all] of found) {
  const cpu = medianOf(all, 'cpuMs');
  console.log(`${name.padEnd(48)} CPU ${cpu.toFixed(0).padStart(4)}  wall ${medianOf(all, 'wallMs').toFixed(0).padStart(4)}  CPU / bare ${(cpu / bare).toFixed(1)}`);
}

function compile(file: string, index: number): string {
  const compiled = path.join(folder, `${index}.compiled`);
  execFileSync(process.execPath, [file, '--compile', compiled]);
  return compiled;
}

function keep(name: string, measured: Measured): void {
  found.set(name, [...(found.get(name) ?? []), measured]);
}

function medianOf(all: readonly Measured[], what: keyof Measured): number {
  const sorted = all.map((each) => each[what]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** What a job has in its environment that an event on a new issue of this case has started. */
function variables({ gitlab: { world, address }, project, bot }: Company, name: string): Record<string, string> {
  const { type = 'issue', description = '', more = {} } = CASES[name] ?? {};
  const ana = world.userNamed('ana');
  const { iid } = Object.assign(createIssue(world, ana, project, 'Token leaked', type), { description, closedById: more.state ? ana.id : null }, more);
  const payload = { object_kind: 'issue', user: { id: ana.id }, project: { id: project.id }, object_attributes: { iid, action: 'update' } };
  return { GITLAB_URL: address, WATCHKEEPER_TOKEN: bot.token, TRIGGER_PAYLOAD: JSON.stringify(payload), WATCHKEEPER_NOW: NOW.toISOString() };
}

/** Runs node under a shell, which tells what its children took of the processors, from their start to their end. */
function time(words: readonly string[], env: Record<string, string>, says: string): Promise<Measured> {
  const started = performance.now();
  const child = spawn('bash', ['-c', '"$@"; echo "ended $?" >&2; times >&2', 'bash', process.execPath, ...words], { cwd: folder, env });
  let [told, times] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (times += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('close', () => {
      const [, user = 0, system = 0] = (/(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(times) ?? [])
        .slice(1)
        .map(Number)
        .reduce<number[]>((sums, part, index, all) => (index % 2 === 1 ? [...sums, (all[index - 1] ?? 0) * 60_000 + part * 1000] : sums), [0]);
      if (!times.includes('ended 0') || !told.includes(says)) reject(new Error(`it did something else: ${told}${times}`));
      else resolve({ wallMs: performance.now() - started, cpuMs: user + system });
    });
  });
}
