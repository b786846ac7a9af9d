import { sweep, type Swept } from '../../scripts/apply/sweep.ts';
import type { Bounds } from '../../scripts/ci/network.ts';
import { connect } from '../../scripts/gitlab/connect.ts';
import type { Shard } from '../../scripts/read/shards.ts';
import { COMPLETE, FALSE_POSITIVE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import type { EmbeddedOptions } from '../../scripts/sandbox/server.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { createLabel } from '../../scripts/sandbox/world/labels.ts';
import { addNote } from '../../scripts/sandbox/world/notes.ts';
import { LEVEL, type Project, type StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { dutyConfig, ENGINEERS, MANAGERS } from './duty-room.ts';
import { stage, type Scene } from './gitlab.ts';
import { stateOf } from './scenarios.ts';

/** No window of reviews has ended of late, nobody hands over, and it is day. */
const NOW = new Date('2026-11-20T12:30:00.000Z');
const LONG_AGO = '2026-11-01T00:00:00.000Z';
const TODAY = '2026-11-20T12:00:00.000Z';

/** Projects by their paths, and which sources name them. */
export type Place = { name: string; projects: string[]; sources: ({ project: string | number } | { group: string })[] };

const named = (...paths: string[]): Place['sources'] => paths.map((project) => ({ project }));
const SEVERAL = ['sirt/incidents', 'sirt/alerts', 'soc/tickets'];

/** Where the same incidents may lie. */
export const PLACES: readonly Place[] = [
  { name: 'one project', projects: SEVERAL.slice(0, 1), sources: named('sirt/incidents') },
  { name: 'one project, named twice', projects: SEVERAL.slice(0, 1), sources: [...named('sirt/incidents'), { project: 42 }] },
  { name: 'three projects', projects: SEVERAL, sources: named(...SEVERAL) },
  { name: 'a group', projects: SEVERAL.slice(0, 2), sources: [{ group: 'sirt' }] },
  { name: 'a group, one of its projects, and another', projects: SEVERAL, sources: [{ group: 'sirt' }, ...named('sirt/alerts', 'soc/tickets')] },
];

/** The configuration of a place, with a whole duty, as an object that a file may hold. */
export function optionsOf({ sources }: Pick<Place, 'sources'>): object {
  return Object.fromEntries(Object.entries(dutyConfig({ sources })).filter(([name]) => name !== 'form'));
}

/** What an incident is that something is to be done about, or nothing. */
type Kind = { name: string; count: number; more: (scene: Scene) => Partial<StoredIssue> };

const closedBy = (scene: Scene, description: string): Partial<StoredIssue> => ({
  ...{ description, state: 'closed', closedAt: TODAY, closedById: scene.gitlab.world.userNamed('ana').id },
});
const KINDS: readonly Kind[] = [
  { name: 'closed too early', count: 3, more: (scene) => closedBy(scene, TOO_EARLY) },
  { name: 'closed in order', count: 2, more: (scene) => closedBy(scene, COMPLETE) },
  { name: 'closed as a false positive', count: 1, more: (scene) => closedBy(scene, FALSE_POSITIVE) },
  { name: 'closed, by its label alone', count: 1, more: (scene) => ({ ...closedBy(scene, TOO_EARLY), type: 'issue', labels: ['incident'] }) },
  { name: 'a page that nobody took', count: 2, more: () => ({ createdAt: '2026-11-20T12:10:00.000Z', labels: ['ack::pending'], severity: 'HIGH' }) },
  { name: 'nobody touched', count: 4, more: () => ({ createdAt: LONG_AGO, updatedAt: LONG_AGO }) },
  { name: 'settled long ago', count: 2, more: (scene) => ({ ...closedBy(scene, TOO_EARLY), closedAt: LONG_AGO, updatedAt: LONG_AGO }) },
  { name: 'blocked before', count: 3, more: (scene) => closedBy(scene, TOO_EARLY) },
];

/** A place as it stands before a sweep: each kind of incident in each project, half of those that were blocked being in order by now. */
export async function settle(place: Place, options: EmbeddedOptions = {}): Promise<Scene> {
  const scene = await stage(options);
  const { world } = scene.gitlab;
  for (const name of [...ENGINEERS, ...MANAGERS]) if (!world.users.some(({ username }) => username === name)) world.addUser(name);
  const projects = place.projects.map((path) => projectAt(scene, path));
  scene.clock.now = new Date('2026-11-20T12:15:00.000Z');
  for (const project of projects) for (const kind of KINDS.filter(({ name }) => name === 'blocked before')) fill(scene, project, kind);
  await sweepAs(scene, place, { index: 1, total: 1 });
  scene.clock.now = NOW;
  for (const project of projects) {
    for (const issue of world.issues.filter(({ projectId }) => projectId === project.id)) if (issue.iid % 2 === 0) Object.assign(issue, { description: COMPLETE, updatedAt: NOW.toISOString() });
    for (const kind of KINDS.filter(({ name }) => name !== 'blocked before')) fill(scene, project, kind);
  }
  scene.gitlab.faults.calls.length = 0;
  return scene;
}

function projectAt(scene: Scene, path: string): Project {
  if (path === scene.project.path) return scene.project;
  const { world } = scene.gitlab;
  const project = world.addProject(path, { ana: LEVEL.developer, ben: LEVEL.developer, lea: LEVEL.maintainer, 'alert-bot': LEVEL.reporter, [scene.bot.username]: LEVEL.developer });
  for (const name of scene.project.labels.keys()) createLabel(world, project, { name });
  return project;
}

function fill(scene: Scene, project: Project, { name, count, more }: Kind): void {
  const { world } = scene.gitlab;
  for (let each = 0; each < count; each += 1) {
    const author = world.userNamed(name.startsWith('a page') ? 'alert-bot' : 'ana');
    const issue = Object.assign(createIssue(world, author, project, name, 'incident'), more(scene));
    if (issue.state === 'opened' && issue.updatedAt !== LONG_AGO) addNote(world, world.userNamed('ben'), issue, 'still looking', false);
  }
}

/** Sweeps as one of several shards, in this process. */
export async function sweepAs(scene: Scene, place: Pick<Place, 'sources'>, shard: Shard, bounds: Bounds = scene.bounds): Promise<Swept & { calls: number }> {
  const { gitlab, count } = connect({ address: scene.gitlab.address, token: scene.bot.token, bounds, shard }, { notes_per_minute: 100_000, issue_writes_per_minute: 100_000 });
  const swept = await sweep(scene.tools({ gitlab, bounds, config: dutyConfig({ sources: place.sources }) }), { deep: false, shard, progress: () => undefined });
  return { ...swept, calls: count.reads + count.writes };
}

/** All shards of a total. */
export function shardsOf(total: number): Shard[] {
  return Array.from({ length: total }, (_none, index) => ({ index: index + 1, total }));
}

/** What is true of all issues of a world in the end, whoever did it and in which order. */
export function endOf(scene: Scene): Record<string, ReturnType<typeof stateOf>> {
  const { world } = scene.gitlab;
  return Object.fromEntries(world.issues.map((issue) => [`${world.projectOf(issue).path}#${issue.iid}`, stateOf(scene, issue)]));
}
