import { describe, expect, it } from 'vitest';
import { TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { createLabel } from '../../scripts/sandbox/world/labels.ts';
import type { LimitsPerMinute } from '../../scripts/sandbox/world/limits.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { kindsOf } from './calls.ts';
import { runNaively } from './naive.ts';
import { triage, type Rule } from './triage-model.ts';

const LIMITLESS: LimitsPerMinute = { calls: undefined, notes: undefined, issues: undefined, deliveries: undefined, pipelines: undefined };
const LIST = 'GET /projects/:id/issues';
const NOTES = '/projects/:id/issues/:iid/notes';
const ACT: Rule = { query: { state: 'closed', 'not[labels]': 'closure::blocked' }, comment: 'too early\n\n/label ~"closure::blocked"\n/reopen' };
const LOOK: Rule = { query: { state: 'closed' } };

async function withClosed(count: number, limits = LIMITLESS): Promise<Scene> {
  const scene = await stage({ limits });
  // A quick action knows only labels that are there.
  const { world } = scene.gitlab;
  if (!world.labelOf(scene.project, 'closure::blocked')) createLabel(world, scene.project, { name: 'closure::blocked' });
  for (let each = 0; each < count; each += 1) scene.closed(TOO_EARLY);
  return scene;
}

const access = ({ gitlab, bot }: Scene): { address: string; token: string } => ({ address: gitlab.address, token: bot.token });
const noPause = (): Promise<never> => Promise.reject(new Error('paused'));

describe('the model of gitlab-triage', () => {
  it.each([
    { rules: [LOOK], matches: 105, calls: { [LIST]: 2 } },
    { rules: [LOOK, LOOK, LOOK], matches: 105, calls: { [LIST]: 6 } },
    { rules: [ACT], matches: 105, calls: { [LIST]: 2, [`POST ${NOTES}`]: 105 } },
    { rules: [ACT, LOOK], matches: 20, calls: { [LIST]: 2, [`POST ${NOTES}`]: 20 } },
    { rules: [LOOK], matches: 0, calls: { [LIST]: 1 } },
  ])('lists for each of $rules.length rules a page per hundred of $matches, and comments once for each: $calls', async ({ rules, matches, calls }) => {
    const scene = await withClosed(matches);
    await triage(rules, access(scene), 42, noPause);
    expect(kindsOf(scene.gitlab.faults.calls)).toEqual(calls);
  });

  it('reopens, labels and says why by that one comment, and finds nothing to do when it runs again', async () => {
    const scene = await withClosed(3);
    expect(await triage([ACT], access(scene), 42, noPause)).toBe(3);
    expect(scene.gitlab.world.issues.map(({ state, labels }) => [state, ...labels])).toEqual(Array(3).fill(['opened', 'closure::blocked']));
    expect(scene.gitlab.world.issues.map((issue) => scene.said(issue).map(({ body }) => body))).toEqual(Array(3).fill(['too early']));
    expect(await triage([ACT], access(scene), 42, noPause)).toBe(0);
  });

  it('asks one thing after the other', async () => {
    const scene = await withClosed(3);
    let [under, most] = [0, 0];
    scene.gitlab.faults.turn = async () => {
      most = Math.max(most, (under += 1));
      await new Promise((resolve) => setImmediate(resolve));
      under -= 1;
    };
    await triage([ACT, LOOK], access(scene), 42, noPause);
    expect(most).toBe(1);
  });

  it('pauses when it is told that it asks too often, and gives up after the third time', async () => {
    const scene = await withClosed(5, { ...LIMITLESS, notes: 2 });
    const pauses: number[] = [];
    const pause = (ms: number): Promise<void> => {
      pauses.push(ms);
      scene.clock.now = new Date(scene.clock.now.getTime() + 60_000);
      return Promise.resolve();
    };
    expect(await triage([ACT], access(scene), 42, pause)).toBe(5);
    expect(pauses).toEqual([30_000, 30_000]);
    scene.gitlab.world.limits.perMinute = { ...LIMITLESS, notes: 0 };
    scene.closed(TOO_EARLY);
    await expect(triage([ACT], access(scene), 42, pause)).rejects.toThrow(/429/);
  });

  it('pauses where few calls are left', async () => {
    const scene = await withClosed(1, { ...LIMITLESS, calls: 26 });
    const pauses: number[] = [];
    await triage([LOOK, LOOK, LOOK], access(scene), 42, (ms) => Promise.resolve(pauses.push(ms)));
    expect(pauses).toEqual([30_000, 30_000]);
  });
});

describe('the naive script', () => {
  const script = { state: 'closed', isWrong: () => true, label: 'closure::blocked', comment: 'too early' } as const;

  it('shows each issue, lists its comments, edits it and comments: four calls an issue beside the list', async () => {
    const scene = await withClosed(105);
    expect(await runNaively(script, access(scene), 42)).toBe(105);
    expect(kindsOf(scene.gitlab.faults.calls)).toEqual({
      ...{ [LIST]: 2, 'GET /projects/:id/issues/:iid': 105, [`GET ${NOTES}`]: 105 },
      ...{ 'PUT /projects/:id/issues/:iid': 105, [`POST ${NOTES}`]: 105 },
    });
    expect(new Set(scene.gitlab.world.issues.map(({ state }) => state))).toEqual(new Set(['opened']));
  });

  it('only reads where nothing is wrong', async () => {
    const scene = await withClosed(5);
    expect(await runNaively({ ...script, isWrong: () => false }, access(scene), 42)).toBe(0);
    expect(scene.gitlab.faults.calls.filter((call) => !call.startsWith('GET '))).toEqual([]);
  });
});
