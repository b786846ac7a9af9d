import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { reconcileEvent } from '../../scripts/apply/event.ts';
import { type Tools } from '../../scripts/apply/reconcile.ts';
import { sweep } from '../../scripts/apply/sweep.ts';
import { COMPLETE, FALSE_POSITIVE, SMALL, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { INPUTS } from '../support/provided.ts';
import { act, later, say, stateOf } from '../support/scenarios.ts';
import { config } from '../support/snapshot.ts';

const tally = { lives: 0, deeds: 0, delivered: 0, lost: 0, doubled: 0 };
afterAll(() => {
  console.log(
    `any order: ${tally.lives} lives of incidents, ${tally.deeds} deeds; of their events ${tally.delivered} delivered in any order, ${tally.doubled} twice, ${tally.lost} never: each ended as by sweeps alone`,
  );
});

/** What people do to an incident. */
const DEEDS = {
  'ana closes': (scene: Scene, issue: StoredIssue) => {
    act(scene, issue, { stateEvent: 'close' });
  },
  'ben closes': (scene: Scene, issue: StoredIssue) => {
    act(scene, issue, { stateEvent: 'close' }, 'ben');
  },
  'the alert bot closes': (scene: Scene, issue: StoredIssue) => {
    act(scene, issue, { stateEvent: 'close' }, 'alert-bot');
  },
  'ana reopens': (scene: Scene, issue: StoredIssue) => {
    act(scene, issue, { stateEvent: 'reopen' });
  },
  'half is written down': (scene: Scene, issue: StoredIssue) => {
    act(scene, issue, { description: TOO_EARLY });
  },
  'all is written down': (scene: Scene, issue: StoredIssue) => {
    act(scene, issue, { description: COMPLETE });
  },
  'it turns out small': (scene: Scene, issue: StoredIssue) => {
    act(scene, issue, { description: SMALL });
  },
  'it was a false positive': (scene: Scene, issue: StoredIssue) => {
    act(scene, issue, { description: FALSE_POSITIVE });
  },
  'it becomes severe': (scene: Scene, issue: StoredIssue) => {
    act(scene, issue, { addLabels: ['severity::1'], severity: 'CRITICAL' });
  },
  'the severity is taken off': (scene: Scene, issue: StoredIssue) => {
    act(scene, issue, { removeLabels: ['severity::1'], severity: 'UNKNOWN' });
  },
  'a label of ours is forged': (scene: Scene, issue: StoredIssue) => {
    act(scene, issue, { addLabels: ['closure::verified'] });
  },
  'a label of ours is taken off': (scene: Scene, issue: StoredIssue) => {
    act(scene, issue, { removeLabels: ['closure::blocked', 'closure::verified'] });
  },
  'ana speaks': (scene: Scene, issue: StoredIssue) => {
    say(scene, issue, 'still looking');
  },
  'the manager overrides': (scene: Scene, issue: StoredIssue) => {
    say(scene, issue, '/override a pentest that was announced to us last week', 'lea');
  },
  'ben works on': (scene: Scene, issue: StoredIssue) => {
    say(scene, issue, '/active', 'ben');
  },
} as const;

type Deed = keyof typeof DEEDS;
/** A deed, whether its event is lost or comes twice, and how many of the events that wait are delivered after it, which first. */
type Step = { deed: Deed; fate: 'once' | 'twice' | 'never'; deliver: number; first: number };

const step: fc.Arbitrary<Step> = fc.record({
  deed: fc.constantFrom(...(Object.keys(DEEDS) as Deed[])),
  fate: fc.constantFrom('once' as const, 'once' as const, 'twice' as const, 'never' as const),
  deliver: fc.nat(2),
  first: fc.nat(100),
});

function toolsOf(scene: Scene): Tools {
  return { gitlab: scene.connect().gitlab, config: config(), now: scene.clock.now, dryRun: false, commit: undefined, bounds: scene.bounds };
}

async function sweepOnce(scene: Scene): Promise<void> {
  const { leftOver } = await sweep(toolsOf(scene), { deep: true, shard: { index: 1, total: 1 }, progress: () => undefined });
  expect(leftOver).toEqual([]);
}

/** Lives an incident's life; after the steps at which events are delivered, `react` does what becomes of them. */
async function live(steps: readonly Step[], react: (scene: Scene, issue: StoredIssue, events: number[]) => Promise<void>): Promise<object> {
  const scene = await stage();
  const issue = scene.closed(TOO_EARLY, { state: 'opened', closedAt: null });
  const pending: number[] = [];
  for (const [index, { deed, fate, deliver, first }] of steps.entries()) {
    later(scene, 7);
    DEEDS[deed](scene, issue);
    if (fate !== 'never') pending.push(index);
    if (fate === 'twice') pending.push(index);
    const events = Array.from({ length: Math.min(deliver, pending.length) }, () => pending.splice(first % pending.length, 1)).flat();
    if (events.length > 0) await react(scene, issue, events);
  }
  later(scene, 7);
  if (pending.length > 0) await react(scene, issue, pending);
  await sweepOnce(scene);
  expect(scene.said(issue).length).toBeLessThanOrEqual(1);
  const { ours, ...state } = stateOf(scene, issue);
  return { ...state, ours: ours.map(withoutIds), events: scene.gitlab.world.stateChanges.of(issue).map((change) => change.state) };
}

/**
 * Of a comment that names other comments by their ids: these depend on how many things were numbered before; and which
 * commands were answered depends on what a run saw of an incident that has moved on since.
 */
function withoutIds(body: string): string {
  return body
    .replace(/"notes":\[[\d,]*\]/, '"notes":[]')
    .replace(/,"answered":\[[\d,]*\]/, '')
    .replace(/"said":"\w+"/, '"said":""');
}

it('events in any order, lost or doubled, end where sweeps alone end', { timeout: 600_000 }, async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 9 }), async (steps) => {
    const byEvents = await live(steps, async (scene, issue, events) => {
      for (const event of events) {
        // What the event says beside the ids may be old, and whose it is says nothing.
        const userId = scene.gitlab.world.userNamed(event % 2 === 0 ? 'ana' : 'ben').id;
        await reconcileEvent({ kind: 'issue', ref: { projectId: 42, iid: issue.iid }, userId }, toolsOf(scene));
      }
      tally.delivered += events.length;
    });
    expect(byEvents).toEqual(await live(steps, sweepOnce));
    tally.lives += 1;
    tally.deeds += steps.length;
    tally.lost += steps.filter(({ fate }) => fate === 'never').length;
    tally.doubled += steps.filter(({ fate }) => fate === 'twice').length;
  });
  await fc.assert(property, { numRuns: Math.max(20, Math.round(INPUTS / 25)) });
});
