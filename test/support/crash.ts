import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { startDoor } from './bundle.ts';
import { GATE_ALONE } from './door.ts';
import { stage, type Scene } from './gitlab.ts';
import { SCENARIOS, stateOf, type Scenario } from './scenarios.ts';

async function variablesFor(scene: Scene, { iid, authorId }: StoredIssue): Promise<Record<string, string>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'crash-'));
  const payload = path.join(folder, 'payload.json');
  await writeFile(payload, JSON.stringify({ object_kind: 'issue', user: { id: authorId }, project: { id: 42 }, object_attributes: { iid, action: 'close' } }));
  return {
    ...{ GITLAB_URL: scene.gitlab.address, WATCHKEEPER_TOKEN: scene.bot.token, WATCHKEEPER_CONFIG: GATE_ALONE },
    ...{ TRIGGER_PAYLOAD: payload, WATCHKEEPER_OUT: folder, WATCHKEEPER_NOW: scene.clock.now.toISOString() },
  };
}

/** Runs a door to its end, or until it is killed at a call: before the call is done, or after, its answer never heard. */
async function run(scene: Scene, issue: StoredIssue, door: string, kill?: { at: number; isDone: boolean }): Promise<{ calls: number; over: number | string | null }> {
  const before = scene.gitlab.faults.calls.length;
  const { child, over } = startDoor(door, await variablesFor(scene, issue), door === 'sweep' ? ['--deep'] : []);
  scene.gitlab.faults.follow((_call, number) => {
    if (number !== before + (kill?.at ?? 0) || !kill) return undefined;
    child.kill('SIGKILL');
    return { kind: kill.isDone ? 'lose' : 'reset' };
  });
  const ended = await over;
  scene.gitlab.faults.clear();
  return { calls: scene.gitlab.faults.calls.length - before, over: ended };
}

async function set(scenario: Scenario): Promise<{ scene: Scene; issue: StoredIssue }> {
  const scene = await stage();
  return { scene, issue: await scenario.set(scene) };
}

/** Kills a door at every call of every scenario, before the call is done and after, and asks what the next run makes of it. */
export function killEverywhere(door: 'on-event' | 'sweep'): void {
  let points = 0;
  afterAll(() => {
    console.log(`${door} killed at every call: ${points} points, before and after the call was done; nothing lost or doubled`);
  });
  describe(`${door} killed at every call`, () => {
    it.each(SCENARIOS)('$name: the next run ends where an undisturbed one does', { timeout: 300_000 }, async (scenario) => {
      const undisturbed = await set(scenario);
      const { calls } = await run(undisturbed.scene, undisturbed.issue, door);
      const wanted = stateOf(undisturbed.scene, undisturbed.issue);
      for (let at = 1; at <= calls; at += 1) {
        for (const isDone of [false, true]) {
          const { scene, issue } = await set(scenario);
          expect((await run(scene, issue, door, { at, isDone })).over).toBe('SIGKILL');
          await scene.run(issue);
          expect({ at, isDone, ...stateOf(scene, issue) }).toEqual({ at, isDone, ...wanted });
          expect({ at, isDone, writes: (await scene.run(issue)).writes }).toEqual({ at, isDone, writes: 0 });
          points += 1;
        }
      }
    });
  });
}
