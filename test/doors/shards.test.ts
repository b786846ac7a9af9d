import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { GITLAB_COM } from '../../scripts/sandbox/world/limits.ts';
import type { Shard } from '../../scripts/read/shards.ts';
import { startDoor } from '../support/bundle.ts';
import { configFile, runAgainst, type Ran } from '../support/door.ts';
import type { Scene } from '../support/gitlab.ts';
import { INPUTS } from '../support/provided.ts';
import { endOf, optionsOf, PLACES, settle, shardsOf, type Place } from '../support/sharing.ts';

/** All numbers of processes, all places and many moments in `npm run test:long`. */
const IS_LONG = INPUTS > 300;
const TOTALS = IS_LONG ? [1, 2, 4, 8] : [4];
const SOME = IS_LONG ? PLACES : PLACES.filter(({ name }) => ['one project', 'a group, one of its projects, and another'].includes(name));
const KILLED_AT = IS_LONG ? Array.from({ length: 20 }, (_none, each) => 3 + 3 * each) : [6, 40];

const variablesOf = async (place: Place, { index, total }: Shard): Promise<Record<string, string>> => ({
  ...{ WATCHKEEPER_CONFIG: await configFile(JSON.stringify(optionsOf(place))), CI_NODE_INDEX: String(index), CI_NODE_TOTAL: String(total) },
});

/** A sweep by so many processes at once, each of which must end well and leave nothing. */
async function sweepBy(scene: Scene, place: Place, total: number): Promise<{ examined: string[]; end: ReturnType<typeof endOf> }> {
  const runs = await Promise.all(shardsOf(total).map(async (shard) => runAgainst(scene, 'sweep', '', await variablesOf(place, shard))));
  expect(runs.map(({ exitCode, report }) => [exitCode, report['left_over']])).toEqual(runs.map(() => [0, []]));
  return { examined: runs.flatMap(referencesOf).sort(), end: endOf(scene) };
}

function referencesOf({ report }: Ran): string[] {
  return (report['incidents'] as { reference: string }[]).map(({ reference }) => reference);
}

const alone = new Map<string, ReturnType<typeof sweepBy>>();
function byOne(place: Place): ReturnType<typeof sweepBy> {
  const known = alone.get(place.name) ?? settle(place).then((scene) => sweepBy(scene, place, 1));
  alone.set(place.name, known);
  return known;
}

describe.each(SOME)('the sweep of $name', { timeout: 300_000 }, (place) => {
  it.each(TOTALS)('by %i processes at once examines each incident once, ends as one does, and is within the limits of calls of gitlab.com', async (total) => {
    const statuses: number[] = [];
    const scene = await settle(place, { limits: GITLAB_COM, hear: ({ status }) => void statuses.push(status) });
    expect(await sweepBy(scene, place, total)).toEqual(await byOne(place));
    expect(statuses.length).toBeGreaterThan(20);
    expect(statuses.filter((status) => status === 429)).toEqual([]);
  });

  it.each(KILLED_AT)('of which one of three is killed at call %i of all is made up for by the next', async (at) => {
    const scene = await settle(place);
    const folder = await mkdtemp(path.join(tmpdir(), 'killed-'));
    const access = { GITLAB_URL: scene.gitlab.address, WATCHKEEPER_TOKEN: scene.bot.token, WATCHKEEPER_NOW: scene.clock.now.toISOString(), WATCHKEEPER_OUT: folder };
    const started = await Promise.all(shardsOf(3).map(async (shard) => startDoor('sweep', { ...access, ...(await variablesOf(place, shard)) })));
    scene.gitlab.faults.follow((_call, number) => {
      if (number === at) started[1]!.child.kill('SIGKILL');
      return undefined;
    });
    const [first, killed, third] = await Promise.all(started.map(({ over }) => over));
    expect([first, third]).toEqual([0, 0]);
    // It may have been done by then.
    expect(['SIGKILL', 0]).toContain(killed);
    scene.gitlab.faults.clear();
    expect((await sweepBy(scene, place, at % 2 === 0 ? 1 : 4)).end).toEqual((await byOne(place)).end);
  });
});
