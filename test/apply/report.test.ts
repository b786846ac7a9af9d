import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { report, type Reported } from '../../scripts/apply/report.ts';
import type { CallCount } from '../../scripts/gitlab/port.ts';
import { COMPLETE } from '../../scripts/sandbox/story/descriptions.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import type { History, Metrics } from '../../scripts/schema/types.gen.ts';
import { validate } from '../../scripts/schema/validate.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { act, later } from '../support/scenarios.ts';
import { fullConfig } from '../support/snapshot.ts';

const INCIDENTS = 300;
const HOUR_MS = 3_600_000;
/** Ten weeks of incidents, one every 5 h 36 min, until an hour before the report; the last of ten stays open, the others were closed two hours later. */
const EVERY_MS = 5.6 * HOUR_MS;

/** Who the bot is and the lists of the history, as history.test.ts has them, two pages more for 300 incidents; two lists of analyses; the review by its key, and its comments. */
const READS = 11 + 2 + 2 + 2;
/** Opening the review: who leads it, whether it is the only one, and whether its comment is. */
const OPENING = 3;

const took: string[] = [];
afterAll(() => {
  console.log(`a quarter of ${INCIDENTS} incidents, whole report: ${took.join('; ')}`);
});

function quarterOf(scene: Scene): StoredIssue[] {
  const { world } = scene.gitlab;
  const first = scene.clock.now.getTime() - HOUR_MS - (INCIDENTS - 1) * EVERY_MS;
  return Array.from({ length: INCIDENTS }, (_none, n) => {
    const issue = createIssue(world, world.userNamed('ana'), scene.project, 'Token leaked', 'incident');
    const [at, end] = [first + n * EVERY_MS, first + n * EVERY_MS + 2 * HOUR_MS].map((ms) => new Date(ms).toISOString());
    const isOpen = n % 10 === 9;
    const closing = isOpen ? {} : { state: 'closed' as const, closedAt: end!, closedById: world.userNamed('ana').id };
    return Object.assign(issue, { description: COMPLETE, createdAt: at!, updatedAt: isOpen ? at! : end!, labels: ['severity::2', ...(isOpen ? [] : ['closure::verified'])], ...closing });
  });
}

it('the whole report of a quarter costs three calls for each incident once, then none where nothing changed, and five times three where five did', { timeout: 120_000 }, async () => {
  // What GitLab answers is judged by all other tests.
  const scene = await stage({ hear: undefined });
  const incidents = quarterOf(scene);
  const outFolder = await mkdtemp(path.join(tmpdir(), 'quarter-'));
  const run = async (what: string): Promise<Reported & { count: CallCount }> => {
    const { gitlab, count } = scene.connect();
    const start = performance.now();
    const reported = await report(scene.tools({ gitlab, config: fullConfig() }), { outFolder, log: () => undefined });
    took.push(`${what} ${Math.round(performance.now() - start)} ms, ${count.reads} reads, ${count.writes} writes`);
    for (const [name, text] of Object.entries(reported.files)) {
      await mkdir(path.dirname(path.join(outFolder, name)), { recursive: true });
      await writeFile(path.join(outFolder, name), text);
    }
    expect(reported.leftOver).toEqual([]);
    return { ...reported, count };
  };
  const said = (): string => scene.said(scene.gitlab.world.issues.at(-1)!)[0]!.body;

  const first = await run('first run');
  expect(first.told).toBe('300 incidents, 0 shifts, 0 follow-ups, 0 analyses: 13 files');
  expect(first.also).toEqual(['opened the review of 2026-W46', 'sirt/incidents#301: post the weekly-review comment']);
  // All incidents of the quarter are three pages of a list; what happened to each is three calls.
  expect(first.count).toEqual({ reads: READS + 3 * INCIDENTS + OPENING, writes: 2 });
  const metrics = JSON.parse(first.files['metrics.json']!) as Metrics;
  expect(validate('metrics', metrics)).toMatchObject({ ok: true });
  expect(validate('history', JSON.parse(first.files['history.json']!))).toMatchObject({ ok: true });
  expect(metrics.whole.incidents).toMatchObject({ opened: INCIDENTS, closed: INCIDENTS * 0.9, open: INCIDENTS * 0.1 });
  const isOfWeek = (at: string | null): boolean => at !== null && at >= '2026-11-09' && at < '2026-11-16';
  const closed = incidents.filter(({ createdAt, closedAt }) => closedAt !== null && (isOfWeek(createdAt) || isOfWeek(closedAt)));
  expect(said().match(/^### .*/gm)).toEqual(['### Open (30)', `### Closed, of that week (${closed.length})`, '### Numbers']);
  expect(said().match(/^ {2}- Scope: /gm)).toHaveLength(30 + closed.length);
  const before = said();

  later(scene, 60);
  const second = await run('nothing changed');
  expect(second.count).toEqual({ reads: READS, writes: 0 });
  expect([second.also, said()]).toEqual([[], before]);
  expect(timeless(second)).toEqual(timeless(first));

  later(scene, 60);
  for (const issue of incidents.slice(-5)) act(scene, issue, { addLabels: ['update::due'] });
  later(scene, 60);
  const third = await run('five changed');
  // Once a comment was written, it is looked whether it is the only one.
  expect(third.count).toEqual({ reads: READS + 3 * 5 + 1, writes: 1 });
  expect(third.also).toEqual(['sirt/incidents#301: edit the weekly-review comment']);
  later(scene, 60);
  expect((await run('nothing changed again')).count).toEqual({ reads: READS, writes: 0 });
});

/** A history without when it was taken. */
const timeless = ({ files }: Reported): object => ({ ...(JSON.parse(files['history.json']!) as History), taken_at: '', since: '' });
