import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { sweep } from '../../scripts/apply/sweep.ts';
import { connect } from '../../scripts/gitlab/connect.ts';
import { IDS_TEMPLATE, installWebhook } from '../../scripts/sandbox/story/company.ts';
import { TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { createLabel } from '../../scripts/sandbox/world/labels.ts';
import { LEVEL, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { dutyConfig } from '../support/duty-room.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { shardsOf } from '../support/sharing.ts';
import { config } from '../support/snapshot.ts';
import { callsOf, costOf, eventsOf, GITLAB_COM, issueWritesOf, minutesOf, PLAN, PLANNED, runnerMinutes, runnerMinutesOf, type Estate } from '../support/sweep-model.ts';

const printed: string[] = [];
afterAll(() => {
  console.log(printed.join('\n'));
});

const LONG_AGO = '2026-11-01T00:00:00.000Z';
/** No shift changes, and no window of reviews has ended of late. */
const NOW = new Date('2026-11-20T12:30:00.000Z');
const OF_LATE = '2026-11-20T12:15:00.000Z';

/** So many issues in each project: untouched for long, touched of late, closed too early of late. */
type World = { untouched: number; touched?: number; acted?: number };

async function settle({ untouched, touched = 0, acted = 0 }: World, { projects: count }: Pick<Estate, 'projects'>): Promise<{ scene: Scene; paths: string[] }> {
  const scene = await stage();
  scene.clock.now = NOW;
  const { world } = scene.gitlab;
  const ana = world.userNamed('ana');
  const projects = [scene.project];
  while (projects.length < count) {
    const project = world.addProject(`sirt/project-${projects.length}`, { ana: LEVEL.developer, [scene.bot.username]: LEVEL.developer });
    for (const name of scene.project.labels.keys()) createLabel(world, project, { name });
    projects.push(project);
  }
  const closed = { state: 'closed', closedAt: OF_LATE, closedById: ana.id, updatedAt: OF_LATE, description: TOO_EARLY } as const;
  for (const project of projects) {
    const put = (many: number, more: Partial<StoredIssue>): void => {
      for (let each = 0; each < many; each += 1) Object.assign(createIssue(world, ana, project, 'Incident', 'incident'), { createdAt: LONG_AGO }, more);
    };
    put(untouched, { updatedAt: LONG_AGO });
    put(touched, { updatedAt: OF_LATE });
    put(acted, closed);
  }
  return { scene, paths: projects.map(({ path }) => path) };
}

type Counted = { lists: number; comments: number; accounts: number; writes: number };

/** The calls that GitLab saw of one sweep by all shards. */
async function sweepAll(scene: Scene, paths: string[], { isGroup, shards, hasDuty, isDeep }: Estate): Promise<Counted> {
  const sources = isGroup ? [{ group: 'sirt' }] : paths.map((project) => ({ project }));
  const installation = hasDuty ? dutyConfig({ sources }) : config({ sources });
  const { calls } = scene.gitlab.faults;
  calls.length = 0;
  const access = { address: scene.gitlab.address, token: scene.bot.token, bounds: scene.bounds };
  await Promise.all(
    shardsOf(shards).map(async (shard) => {
      const { gitlab } = connect({ ...access, shard }, { notes_per_minute: 10_000, issue_writes_per_minute: 10_000 });
      await sweep(scene.tools({ gitlab, config: installation }), { deep: isDeep, shard, progress: () => undefined });
    }),
  );
  const seen = (pattern: RegExp): number => calls.filter((call) => pattern.test(call)).length;
  const counted = { lists: seen(/^GET \/(?:projects|groups)\/[^/]+\/issues$/), comments: seen(/graphql|^GET .*\/notes$/), accounts: seen(/^GET \/user$/), writes: seen(/^POST .*\/notes$/) };
  expect(
    Object.values(counted).reduce((sum, count) => sum + count, 0),
    'calls of a kind that the model does not know',
  ).toBe(calls.length);
  return counted;
}

const ONE: Omit<Estate, 'open' | 'closed' | 'examined' | 'acted'> = { projects: 1, isGroup: false, shards: 1, hasDuty: false, isDeep: false };
const TWENTY = { ...ONE, projects: 20 };

const ROWS: readonly { name: string; estate: typeof ONE; world: World }[] = [
  { name: 'a project, 500 untouched', estate: ONE, world: { untouched: 500 } },
  { name: 'a project with a duty, 500 untouched', estate: { ...ONE, hasDuty: true }, world: { untouched: 500 } },
  { name: 'twenty projects, 200 untouched', estate: TWENTY, world: { untouched: 10 } },
  { name: 'a group of twenty projects, 200 untouched', estate: { ...TWENTY, isGroup: true }, world: { untouched: 10 } },
  { name: 'a project, 200 touched', estate: ONE, world: { untouched: 1, touched: 200 } },
  { name: 'twenty projects, 60 touched', estate: TWENTY, world: { untouched: 1, touched: 3 } },
  { name: 'twenty projects, 20 touched', estate: TWENTY, world: { untouched: 1, touched: 1 } },
  { name: 'a project, 60 acted upon', estate: ONE, world: { untouched: 40, acted: 60 } },
  { name: 'a project, 120 acted upon', estate: ONE, world: { untouched: 1, acted: 120 } },
  { name: 'twenty projects, 60 acted upon', estate: TWENTY, world: { untouched: 1, acted: 3 } },
  { name: 'a group of twenty projects, 60 acted upon', estate: { ...TWENTY, isGroup: true }, world: { untouched: 1, acted: 3 } },
  { name: 'a project, 60 acted upon, by 4 shards', estate: { ...ONE, shards: 4 }, world: { untouched: 1, acted: 60 } },
  { name: 'twenty projects, 60 acted upon, by 4 shards', estate: { ...TWENTY, shards: 4 }, world: { untouched: 1, acted: 3 } },
  { name: 'a group of twenty projects, 80 acted upon, by 4 shards', estate: { ...TWENTY, isGroup: true, shards: 4 }, world: { untouched: 1, acted: 4 } },
  { name: 'a project, 250 untouched, deep', estate: { ...ONE, isDeep: true }, world: { untouched: 250 } },
];

/** What the model is asked about a world. */
function wholeOf({ estate, world: { untouched, touched = 0, acted = 0 } }: (typeof ROWS)[number]): Estate {
  const times = estate.projects;
  const open = times * (touched + (estate.isDeep ? untouched : 0));
  return { ...estate, open, closed: times * acted, examined: open + times * acted, acted: times * acted };
}

const PAGE = readFileSync(new URL('../../docs/scale.md', import.meta.url), 'utf8');
/** The cells of the tables of a section of the page, their headings left out. */
function tablesOf(section: string): string[][] {
  const text = PAGE.split(/^## /m).find((each) => each.startsWith(`${section}\n`)) ?? '';
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  const cells = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return cells.filter((_row, at) => !/^\|[ -]*-/.test(lines[at] ?? '') && !/^\|[ -]*-/.test(lines[at + 1] ?? ''));
}
const written = (figure: number, digits = 0): string => figure.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });

describe('the model of docs/scale.md', () => {
  it.each(ROWS)('tells the calls of a sweep: $name', async (row) => {
    const { name, estate, world } = row;
    const { scene, paths } = await settle(world, estate);
    const whole = wholeOf(row);
    const { comments: range, ...certain } = costOf(whole);
    const { comments, ...counted } = await sweepAll(scene, paths, whole);
    expect(counted).toEqual(certain);
    expect(comments).toBeGreaterThanOrEqual(range.least);
    expect(comments).toBeLessThanOrEqual(range.most);
    const sum = counted.accounts + counted.lists + comments + counted.writes;
    printed.push(`${name}: ${counted.accounts} + ${counted.lists} lists + ${comments} comments (${range.least} to ${range.most}) + ${counted.writes} writes = ${sum}`);
  });
});

describe('docs/scale.md', () => {
  it('tells what the model says of sweeps that are run', () => {
    const told = tablesOf('What a sweep costs').map((row) => row.join(' | '));
    const known = ROWS.map((row) => {
      const { lists, comments, writes } = costOf(wholeOf(row));
      return [row.name, lists, comments.least === comments.most ? comments.most : `${comments.least} to ${comments.most}`, writes].join(' | ');
    });
    expect(told.length).toBeGreaterThan(10);
    expect(told.filter((row) => !known.includes(row))).toEqual([]);
  });

  it('assumes what the plan does', () => {
    const { projects, closedLongAgo, open, listed, closedInAWeek, touchedAnHour, eventsOfATouch, acted, callSeconds, jobSeconds } = PLAN;
    const figures = [projects, closedLongAgo, open, listed, closedInAWeek, touchedAnHour, eventsOfATouch, acted].map((figure) => written(figure));
    expect(tablesOf('What is assumed').map(([, figure]) => figure)).toEqual([...figures, String(callSeconds), String(jobSeconds)]);
    expect(PAGE).toContain(`takes ${PLAN.startSeconds} seconds for an event`);
    expect(PAGE).toContain(`sends ${PLAN.eventsOfABlock} events`);
  });

  it('tells what the plan comes to', () => {
    const sweeps = Object.entries(PLANNED).map(([name, estate]) => {
      const { lists, comments, writes } = costOf(estate);
      return [name, ...[lists, comments.most, writes, callsOf(estate)].map((figure) => written(figure)), written(minutesOf(estate, PLAN.callSeconds), 1), written(runnerMinutesOf(estate), 1)];
    });
    const { pipelinesAnHour, runnerMinutesAnHour } = eventsOf(PLAN);
    const most = GITLAB_COM.pipelines * 60;
    const anHour = [pipelinesAnHour, runnerMinutesAnHour, most, runnerMinutes(most, PLAN), runnerMinutesOf(PLANNED['hourly, 1,000 projects']!)];
    const told = tablesOf('What it comes to');
    expect(told.slice(0, sweeps.length)).toEqual(sweeps);
    expect(told.slice(sweeps.length).map(([, ...figures]) => figures)).toEqual(anHour.map((figure) => [1, 24, 24 * 30].map((times) => written(figure * times))));
  });

  it('tells what more shards bring', () => {
    const rows = [1, 2, 4, 8, 16, 32].map((shards) => [shards, (8 / 0.5) * 60 * shards, issueWritesOf(shards)].map((figure) => written(figure)));
    expect(tablesOf('How many shards')).toEqual(rows);
  });

  it('says how many pipelines a block starts by itself, and events ask for', async () => {
    const { scene } = await settle({ untouched: 0 }, { projects: 1 });
    await installWebhook(scene, IDS_TEMPLATE);
    await scene.run(scene.closed(TOO_EARLY));
    await scene.gitlab.settled();
    expect(scene.gitlab.deliverer.deliveries).toHaveLength(PLAN.eventsOfABlock);
    const [row = []] = tablesOf('Limits of GitLab');
    expect(row.at(-1)).toContain(`${written(eventsOf(PLAN).pipelinesAMinute)} of events, and up to ${GITLAB_COM.issueWrites * PLAN.eventsOfABlock} of what`);
  });
});
