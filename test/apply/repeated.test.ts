import { describe, expect, it } from 'vitest';
import { COMPLETE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { act, later, say } from '../support/scenarios.ts';
import { config } from '../support/snapshot.ts';

const ON_DUTY = { config: config({ escalation: {} }) };

/** The labels of the duty and of the gate that an issue bears. */
const labelsOf = ({ labels }: StoredIssue): string[] => labels.filter((label) => /^(?:ack|closure)::/.test(label)).sort();

describe('with a duty, a run that is repeated writes nothing', () => {
  it.each<{ name: string; set: (scene: Scene) => Promise<StoredIssue>; labels: string[] }>([
    { name: 'on a closed one that nobody took, which is paperwork once it is blocked', set: (scene) => Promise.resolve(scene.closed(TOO_EARLY)), labels: ['closure::blocked'] },
    {
      name: 'on one whose owner may not override, and is told so at once',
      set: (scene) => {
        const issue = scene.closed(TOO_EARLY);
        say(scene, issue, '/override because I would like to go to bed now, please');
        return Promise.resolve(issue);
      },
      labels: ['closure::blocked'],
    },
    {
      name: 'on one that was escalated, taken, and closed',
      set: async (scene) => {
        const issue = scene.closed(COMPLETE, { state: 'opened', closedAt: null, closedById: null });
        later(scene, 16);
        await scene.run(issue, ON_DUTY);
        say(scene, issue, '/ack');
        await scene.run(issue, ON_DUTY);
        act(scene, issue, { stateEvent: 'close', description: COMPLETE.replace('2026-11-20 02:07', '2026-11-20 10:16').replace(/(Mitigated|Resolved) at \|[^|]*/g, '$1 at | 2026-11-20 10:16 UTC ') });
        return issue;
      },
      labels: ['ack::done', 'closure::verified'],
    },
  ])('$name', async ({ set, labels }) => {
    const scene = await stage();
    const issue = await set(scene);
    const first = await scene.run(issue, ON_DUTY);
    expect(first.writes).toBeGreaterThan(0);
    expect(labelsOf(issue)).toEqual(labels);
    expect(await scene.run(issue, ON_DUTY)).toMatchObject({ writes: 0, actions: [] });
  });

  it('closing what was acknowledged leaves the escalation alone, which is over already', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE, { state: 'opened', closedAt: null, closedById: null });
    later(scene, 16);
    await scene.run(issue, ON_DUTY);
    say(scene, issue, '/ack');
    await scene.run(issue, ON_DUTY);
    act(scene, issue, { stateEvent: 'close' });
    const { actions } = await scene.run(issue, ON_DUTY);
    expect(actions.filter((action) => action.includes('escalation'))).toEqual([]);
  });
});
