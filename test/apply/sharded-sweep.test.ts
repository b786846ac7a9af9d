import { afterAll, describe, expect, it } from 'vitest';
import type { Bounds } from '../../scripts/ci/network.ts';
import type { Swept } from '../../scripts/apply/sweep.ts';
import { GITLAB_COM } from '../../scripts/sandbox/world/limits.ts';
import type { Scene } from '../support/gitlab.ts';
import { later } from '../support/scenarios.ts';
import { endOf, PLACES, settle, shardsOf, sweepAs, type Place } from '../support/sharing.ts';

const printed: string[] = [];
afterAll(() => {
  console.log(printed.join('\n'));
});

/** What a sweep has looked at, by reference, what it left, and what is true then. */
type Shared = { examined: string[]; left: number; end: ReturnType<typeof endOf> };

/** Sweeps by some of so many shards at once, all of them unless some are lost. */
async function sweepBy(scene: Scene, place: Place, total: number, lost: readonly number[] = [], bounds?: Bounds): Promise<Shared & { calls: number }> {
  const swept = await Promise.all(
    shardsOf(total)
      .filter(({ index }) => !lost.includes(index))
      .map((shard) => sweepAs(scene, place, shard, bounds)),
  );
  const left = swept.flatMap(({ leftOver }) => leftOver).length;
  return { examined: referencesOf(swept), left, end: endOf(scene), calls: swept.reduce((sum, { calls }) => sum + calls, 0) };
}

function referencesOf(swept: readonly Swept[]): string[] {
  return swept.flatMap(({ incidents }) => incidents.map(({ issue }) => issue.reference)).sort();
}

/** What one process makes of a place; the same however often it is asked. */
const alone = new Map<string, Promise<Shared & { calls: number }>>();
function byOne(place: Place): Promise<Shared & { calls: number }> {
  const known = alone.get(place.name) ?? settle(place).then((scene) => sweepBy(scene, place, 1));
  alone.set(place.name, known);
  return known;
}

/** How issues look from afar, without the words of comments, in which times stand. */
function outlineOf(end: Shared['end']): string[] {
  return Object.entries(end).map(([reference, { state, labels, ours }]) => [reference, state, ...labels, `${ours.length} comments`].join(' '));
}

it('one process alone has something of everything to do', async () => {
  const { end, examined, left } = await byOne(PLACES[0]!);
  expect([examined.length, left]).toEqual([12, 0]);
  expect([...new Set(Object.values(end).map(({ title, state, labels }) => [title, state, ...labels].join(' ')))]).toEqual([
    'blocked before opened closure::blocked',
    'closed too early opened closure::blocked',
    'closed in order closed closure::verified',
    'closed as a false positive closed closure::verified',
    'closed, by its label alone opened closure::blocked incident',
    'a page that nobody took opened ack::escalated',
    'nobody touched opened',
    'settled long ago closed',
  ]);
});

describe.each(PLACES)('a sweep of $name', (place) => {
  it.each([2, 4, 8])('by %i shards at once examines what one does, each incident once, and ends as one does', async (total) => {
    const { calls: least, ...wanted } = await byOne(place);
    const scene = await settle(place);
    const { calls, ...shared } = await sweepBy(scene, place, total);
    expect(shared).toEqual(wanted);
    printed.push(`a sweep of ${place.name}: ${least} calls by one, ${calls} by ${total} shards`);
  });

  it.each([
    { total: 4, lost: [2, 3], next: 1 },
    { total: 2, lost: [1], next: 3 },
  ])('where of $total shards $lost never ran is made up for by the next, by $next, which ends as one does', async ({ total, lost, next }) => {
    const scene = await settle(place);
    const first = await sweepBy(scene, place, total, lost);
    expect((await sweepBy(scene, place, next)).end).toEqual((await byOne(place)).end);
    expect(first.left).toBe(0);
  });
});

describe.each(PLACES.filter(({ projects }) => projects.length !== 2))('a sweep of $name', (place) => {
  it('where all but one shard are lost is made up for an hour later, by however many', async () => {
    const [scene, other] = [await settle(place), await settle(place)];
    await sweepBy(scene, place, 8, [1, 2, 3, 5, 6, 7, 8]);
    await sweepBy(other, place, 1);
    for (const each of [scene, other]) later(each, 60);
    const [late, prompt] = [await sweepBy(scene, place, 3), await sweepBy(other, place, 1)];
    expect(outlineOf(late.end)).toEqual(outlineOf(prompt.end));
  });

  it('by other numbers of shards each time has nothing to write any more', async () => {
    const scene = await settle(place);
    const ends = [];
    for (const total of [4, 1, 3, 8, 2]) ends.push((await sweepBy(scene, place, total)).end);
    const writes = scene.gitlab.faults.calls.filter((call) => /^(?:POST (?!\/graphql)|PUT|DELETE)/.test(call)).length;
    await sweepBy(scene, place, 5);
    for (const end of ends) expect(end).toEqual((await byOne(place)).end);
    expect(scene.gitlab.faults.calls.filter((call) => /^(?:POST (?!\/graphql)|PUT|DELETE)/.test(call))).toHaveLength(writes);
  });
});

describe('all shards of a sweep together', () => {
  it.each([1, 4, 8])('are never refused, though they need several minutes for what GitLab allows: %i of them', async (total) => {
    const place = PLACES.find(({ name }) => name === 'three projects')!;
    const statuses: number[] = [];
    const scene = await settle(place, { limits: { ...GITLAB_COM, calls: 50 }, hear: ({ status }) => void statuses.push(status) });
    statuses.length = 0;
    // Whoever waits moves the clock, GitLab's too.
    const now = (): number => scene.clock.now.getTime();
    const sleep = (ms: number): Promise<void> => {
      scene.clock.now = new Date(now() + ms);
      return Promise.resolve();
    };
    const startMs = now();
    const { examined, left } = await sweepBy(scene, place, total, [], { now, sleep, deadlineMs: startMs + 3_000_000 });
    expect(left).toBe(0);
    expect(examined).toEqual((await byOne(place)).examined);
    expect(now()).toBeGreaterThan(startMs);
    expect(statuses.filter((status) => status === 429)).toEqual([]);
    printed.push(`50 calls a minute, ${total} shards at once: ${statuses.length} calls, none refused`);
  });
});
