import { expect } from 'vitest';
import { takeHistory, type HistoryOptions, type TakenHistory } from '../../scripts/apply/history.ts';
import type { CallCount } from '../../scripts/gitlab/port.ts';
import type { Installation } from '../../scripts/read/config.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { createIssue } from '../../scripts/sandbox/world/changes.ts';
import { LEVEL } from '../../scripts/sandbox/world/records.ts';
import type { Life } from '../../scripts/schema/types.gen.ts';
import { validate } from '../../scripts/schema/validate.ts';
import type { Happening } from './duty.ts';
import { stage, type Scene } from './gitlab.ts';
import { rosterOf } from './handoff.ts';
import { fullConfig } from './snapshot.ts';

/** Takes the history as a run of its own does, at the clock's time; it must be one by its schema. */
export async function take(scene: Scene, installation: Installation = fullConfig(), more: Partial<HistoryOptions> = {}): Promise<TakenHistory & { count: CallCount; told: string[] }> {
  const { gitlab, count } = scene.connect();
  const told: string[] = [];
  const me = await gitlab.me();
  const taken = await takeHistory(gitlab, me, installation, { now: scene.clock.now, progress: (line) => told.push(line), ...more });
  expect(validate('history', JSON.parse(JSON.stringify(taken.history)))).toMatchObject({ ok: true });
  expect(count.writes).toBe(0);
  return { ...taken, count, told };
}

/** @ana and @ben on call, from 08:00 and from 20:00, @lea and @kim their managers; without shift logs. */
const dutyOf = (different: object = {}): Installation =>
  fullConfig({ managers: ['@lea', '@kim'], roster: rosterOf({}), shift_log: { mode: 'off' }, ...(JSON.parse(JSON.stringify(different)) as object) });

/** One incident of @rae's, opened at 10:00 on 2026-11-20, and what happens to it. */
export type Lived = { issue?: Partial<StoredIssue>; config?: object; happens?: Happening[] };

/** Lives it, lets two minutes go by, and tells what the history says of it, with who is who, and which ids its comments and events have. */
export async function lived({ issue: more = {}, config: different = {}, happens = [] }: Lived): Promise<{ scene: Scene; issue: StoredIssue; life: Life | undefined }> {
  const scene = await stage();
  const { world } = scene.gitlab;
  for (const [name, level] of [
    ['kim', LEVEL.maintainer],
    ['rae', LEVEL.reporter],
  ] as const)
    scene.project.members.set(world.addUser(name).id, level);
  const installation = dutyOf(different);
  const issue = createIssue(world, world.userNamed('rae'), scene.project, 'Token leaked', more.type ?? 'incident');
  Object.assign(issue, structuredClone(more));
  for (const happening of happens) await happening(scene, issue, installation);
  scene.clock.now = new Date(scene.clock.now.getTime() + 120_000);
  const { history } = await take(scene, installation);
  const life = history.incidents.find(({ iid }) => iid === issue.iid);
  if (life) expectSources(scene, issue, life);
  return { scene, issue, life };
}

/** Every id of a comment or an event that a life names is one of its incident. */
function expectSources({ gitlab: { world } }: Scene, issue: StoredIssue, life: Life): void {
  const known = [...world.notes.of(issue), ...world.stateChanges.of(issue), ...world.labelChanges.of(issue)].map(({ id }) => id);
  const named = [...JSON.stringify(life).matchAll(/"source":(\d+)/g)].map((match) => Number(match[1]));
  expect(named.filter((id) => id !== 0 && !known.includes(id))).toEqual([]);
}

/** A life with people by their names, times of that day as the clock shows them, and without what says where it is. */
export function told(scene: Scene, life: Life | undefined): unknown {
  const people = new Map(scene.gitlab.world.users.map(({ id, username }) => [id, username]));
  const text = JSON.stringify(life ?? null, (key, value: unknown) => {
    if (['source', 'url', 'reference'].includes(key)) return undefined;
    if (['by', 'from', 'to', 'owner', 'accepted_by'].includes(key)) return people.get(value as number) ?? value;
    return typeof value === 'string' && value.startsWith('2026-11-20T') ? value.slice(11, 16) : value;
  });
  return JSON.parse(text);
}
