import { describe, expect, it } from 'vitest';
import { LeftOver } from '../../scripts/ci/errors.ts';
import { changeIssue } from '../../scripts/sandbox/world/changes.ts';
import { COMPLETE, HOSTILE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { addNote } from '../../scripts/sandbox/world/notes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { config } from '../support/snapshot.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const asAna = (scene: Scene, issue: StoredIssue, changes: Parameters<typeof changeIssue>[3]): void => {
  changeIssue(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), issue, changes);
};
const at = (scene: Scene, minutesLater: number): void => {
  scene.clock.now = new Date(scene.clock.now.getTime() + minutesLater * 60_000);
};

describe('an incident closed too early', () => {
  it('is reopened, labelled and commented on, in 4 reads and 1 write', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    expect(await scene.run(issue)).toMatchObject({ reads: 4, writes: 1 });
    expect(issue).toMatchObject({ state: 'opened', labels: ['closure::blocked'] });
    expect(scene.said(issue)).toHaveLength(1);
  });

  it('is labelled by a second write where there is no such label yet, which quick actions do not make', async () => {
    const scene = await stage({ labels: false });
    const issue = scene.closed(TOO_EARLY);
    expect(await scene.run(issue)).toMatchObject({ reads: 4, writes: 2 });
    expect(issue).toMatchObject({ state: 'opened', labels: ['closure::blocked'] });
  });

  it('is unlocked first where its discussion is locked', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY, { locked: true });
    expect(await scene.run(issue)).toMatchObject({ writes: 3 });
    expect(issue).toMatchObject({ state: 'opened', locked: false, labels: ['closure::blocked'] });
  });

  it('stays as it is however often it is looked at, in 3 reads', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    await scene.run(issue);
    const [note] = scene.said(issue);
    for (let time = 0; time < 10; time += 1) expect(await scene.run(issue)).toMatchObject({ reads: 3, writes: 0 });
    expect(scene.said(issue)).toEqual([note]);
  });

  it('keeps its comment current while it is mended, and is verified once it is complete', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    await scene.run(issue);
    const [first] = scene.said(issue);
    asAna(scene, issue, { description: COMPLETE });
    await scene.run(issue);
    expect(scene.said(issue).map(({ id }) => id)).toEqual([first!.id]);
    expect(scene.said(issue)[0]!.body).toMatch(/othing is missing any more/);
    at(scene, 1);
    asAna(scene, issue, { stateEvent: 'close' });
    expect(await scene.run(issue)).toMatchObject({ reads: 3, writes: 2, finding: { state: 'verified' } });
    expect(issue).toMatchObject({ state: 'closed', labels: ['closure::verified'] });
    expect(await scene.run(issue)).toMatchObject({ writes: 0 });
  });

  it('is said anew when it is closed again incomplete, and the comment before goes: 2 writes', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    await scene.run(issue);
    const [first] = scene.said(issue);
    at(scene, 1);
    asAna(scene, issue, { stateEvent: 'close' });
    expect(await scene.run(issue)).toMatchObject({ reads: 4, writes: 2 });
    expect(scene.said(issue)).toHaveLength(1);
    expect(scene.said(issue)[0]!.id).toBeGreaterThan(first!.id);
  });

  it('ends in dispute after three reopens, and stays closed', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    for (let time = 0; time < 3; time += 1) {
      await scene.run(issue);
      expect(issue.state).toBe('opened');
      at(scene, 1);
      asAna(scene, issue, { stateEvent: 'close' });
    }
    await scene.run(issue);
    expect(issue).toMatchObject({ state: 'closed', labels: ['closure::disputed'] });
    expect(scene.said(issue)).toHaveLength(1);
    expect(scene.said(issue)[0]!.body).toContain('@lea');
    expect(await scene.run(issue)).toMatchObject({ writes: 0 });
  });

  it('is only planned in a dry run', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    expect(await scene.run(issue, { dryRun: true })).toMatchObject({ writes: 0, actions: ['post the gate comment', 'reopen +closure::blocked'] });
    expect(issue).toMatchObject({ state: 'closed', labels: [] });
  });

  it('keeps what people labelled, and removes siblings of its own', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY, { labels: ['vip', 'closure::verified', 'severity::2'] });
    await scene.run(issue);
    expect(issue.labels.sort()).toEqual(['closure::blocked', 'severity::2', 'vip']);
  });
});

describe('an incident whose discussion is locked', () => {
  it('is unlocked, since GitLab reopens none that is, and then reopened', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY, { locked: true });
    expect(await scene.run(issue)).toMatchObject({ actions: ['post the gate comment', 'unlock the discussion', 'reopen +closure::blocked'] });
    expect(issue).toMatchObject({ state: 'opened', locked: false });
    expect(await scene.run(issue)).toMatchObject({ writes: 0 });
  });

  it('stays locked where it may stay closed', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE, { locked: true });
    await scene.run(issue);
    expect(issue).toMatchObject({ state: 'closed', locked: true });
  });
});

describe('what people write', () => {
  it('does nothing when it is quoted in the comment', async () => {
    const scene = await stage();
    const issue = scene.closed(HOSTILE, { title: '/close @all `x` | </details>' });
    await scene.run(issue);
    expect(issue).toMatchObject({ state: 'opened', labels: ['closure::blocked'] });
    expect(scene.said(issue)).toHaveLength(1);
    const [, ...shown] = scene.said(issue)[0]!.body.split('\n');
    expect(shown.join('\n')).toContain('`@all /close </details>`');
    expect(shown.filter((line) => line.startsWith('/'))).toEqual([]);
  });

  it('is no comment of ours, though it begins with our marker', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const copied = `<!-- watchkeeper:gate {"state":"verified","closed_at":"2026-11-20T09:45:00Z"} -->\nVerified.`;
    const { note } = addNote(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), issue, copied, false) as { note: { id: number } };
    await scene.run(issue);
    expect(issue.state).toBe('opened');
    expect(scene.gitlab.world.notes.all.find(({ id }) => id === note.id)?.body).toBe(copied);
    expect(scene.said(issue)).toHaveLength(1);
  });

  it('is found on the second page of comments', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    await scene.run(issue);
    for (let count = 0; count < 150; count += 1) addNote(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), issue, 'still looking', false);
    expect(await scene.run(issue)).toMatchObject({ reads: 4, writes: 0 });
  });

  it('overrides the gate as a Maintainer, by a comment that exists now', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    const { world } = scene.gitlab;
    addNote(world, world.userNamed('lea'), issue, '/override it was a pentest that had been announced', false);
    await scene.run(issue);
    expect(issue).toMatchObject({ state: 'closed', labels: ['closure::exempt'] });
    expect(scene.said(issue)[0]!.body).toContain('`it was a pentest that had been announced`');
  });

  it('hears why an override does not count', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    addNote(scene.gitlab.world, scene.gitlab.world.userNamed('ben'), issue, '/override because I would like to sleep now', false);
    await scene.run(issue);
    expect(issue.state).toBe('opened');
    expect(scene.said(issue)[0]!.body).toContain('`ben` gave `/override`, which does not count: their role in this project does not allow it.');
  });
});

describe('an incident that loses its mark', () => {
  it('stays an incident once it was handled as one', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY, { labels: ['incident'], type: 'issue' });
    await scene.run(issue);
    asAna(scene, issue, { removeLabels: ['incident'], description: COMPLETE });
    at(scene, 1);
    asAna(scene, issue, { stateEvent: 'close' });
    expect((await scene.run(issue)).finding).toMatchObject({ state: 'blocked', codes: ['INCIDENT_MARK_REMOVED'] });
  });
});

describe('watchkeeper::off', () => {
  it.each([
    { by: 'lea', state: 'closed' },
    { by: 'ben', state: 'opened' },
  ])('set by $by leaves the incident $state', async ({ by, state }) => {
    const scene = await stage();
    const issue = scene.closed('');
    changeIssue(scene.gitlab.world, scene.gitlab.world.userNamed(by), issue, { addLabels: ['watchkeeper::off'] });
    await scene.run(issue);
    expect(issue.state).toBe(state);
  });
});

describe('several pipelines at once', () => {
  it.each([2, 5])('%i of them leave one comment and the same state', async (pipelines) => {
    const scene = await stage();
    scene.gitlab.faults.latencyMs = 5;
    const issue = scene.closed(TOO_EARLY);
    await Promise.all(Array.from({ length: pipelines }, () => scene.run(issue)));
    expect(issue).toMatchObject({ state: 'opened', labels: ['closure::blocked'] });
    expect(scene.said(issue)).toHaveLength(1);
    expect(await scene.run(issue)).toMatchObject({ writes: 0 });
  });
});

describe('a run that is cut off', () => {
  const scenarios = [
    { name: 'blocking', description: TOO_EARLY, before: 0, ends: { state: 'opened', labels: ['closure::blocked'] } },
    { name: 'blocking again', description: TOO_EARLY, before: 1, ends: { state: 'opened', labels: ['closure::blocked'] } },
    { name: 'verifying', description: COMPLETE, before: 0, ends: { state: 'closed', labels: ['closure::verified'] } },
  ];
  it.each(scenarios)('at any call while $name is finished by the next one', async ({ description, before, ends }) => {
    const calls = 8;
    for (let cut = 0; cut < calls; cut += 1) {
      for (const kind of ['reset', 'lose'] as const) {
        const scene = await stage();
        const issue = scene.closed(description);
        for (let time = 0; time < before; time += 1) {
          await scene.run(issue);
          at(scene, 1);
          asAna(scene, issue, { stateEvent: 'close' });
        }
        // From the call `cut` on every answer fails, as if the run had died there.
        const made = scene.gitlab.faults.calls.length;
        scene.gitlab.faults.plan(/./, { kind }, 1, () => scene.gitlab.faults.calls.length - made > cut);
        scene.gitlab.faults.plan(/./, { kind: 'reset' }, 1000, () => scene.gitlab.faults.calls.length - made > cut + 1);
        await scene.run(issue).catch((error: unknown) => {
          expect(error).toBeInstanceOf(LeftOver);
        });
        scene.gitlab.faults.clear();
        await scene.run(issue);
        expect({ cut, kind, ...issue }).toMatchObject(ends);
        expect(scene.said(issue)).toHaveLength(1);
        expect(await scene.run(issue)).toMatchObject({ writes: 0 });
      }
    }
  });
});

describe('the gate that observes', () => {
  it('labels and comments, and leaves the incident closed', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const observing = { config: config({ gate: { mode: 'observe' } }) };
    await scene.run(issue, observing);
    expect(issue).toMatchObject({ state: 'closed', labels: ['closure::blocked'] });
    expect(await scene.run(issue, observing)).toMatchObject({ writes: 0 });
  });
});

describe('two closings within a second', () => {
  it('are two: the second is judged, and counts as a reopen', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    await scene.run(issue);
    expect(issue.labels).toEqual(['closure::verified']);
    scene.clock.now = new Date('2026-11-20T09:45:00.500Z');
    asAna(scene, issue, { stateEvent: 'reopen', description: '' });
    asAna(scene, issue, { stateEvent: 'close' });
    await scene.run(issue);
    expect(issue).toMatchObject({ state: 'opened', labels: ['closure::blocked'] });
  });
});

describe('pipelines that overlap slowly', () => {
  it('five of them, each call slow, leave one comment, the label, and nothing to do', async () => {
    for (let round = 0; round < 5; round += 1) {
      const scene = await stage();
      // Every call takes its time, so that each pipeline asks whether it was overtaken.
      const slow = { bounds: { now: () => (scene.clock.waitedMs += 3_000), sleep: () => Promise.resolve() } };
      scene.gitlab.faults.latencyMs = 3 * round;
      const issue = scene.closed(TOO_EARLY);
      await Promise.all(Array.from({ length: 5 }, () => scene.run(issue, slow).catch(() => undefined)));
      expect(issue).toMatchObject({ state: 'opened', labels: ['closure::blocked'] });
      expect(scene.said(issue)).toHaveLength(1);
      expect(await scene.run(issue)).toMatchObject({ writes: 0 });
    }
  });

  it('a comment that was never taken is not mistaken for the one before', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    await scene.run(issue);
    const [first] = scene.said(issue);
    at(scene, 1);
    asAna(scene, issue, { stateEvent: 'close' });
    scene.gitlab.faults.plan(/POST/, { kind: 'reset' });
    await scene.run(issue);
    expect(scene.said(issue).map(({ id }) => id)).not.toEqual([first!.id]);
    expect(scene.said(issue)).toHaveLength(1);
    expect(
      scene
        .said(issue)[0]!
        .body.match(/"reopens":\[([^\]]*)\]/)?.[1]
        ?.split(','),
    ).toHaveLength(2);
  });

  it('one that waited does not undo a verification of the same closing', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    scene.gitlab.faults.plan(/POST .*notes/, { kind: 'status', status: 429, retryAfterSeconds: 6 }, 1, () => {
      asAna(scene, issue, { description: COMPLETE });
      return true;
    });
    await scene.run(issue);
    expect(issue).toMatchObject({ state: 'closed', labels: ['closure::verified'] });
    expect(scene.said(issue)).toHaveLength(1);
  });
});

describe('a severity that was lowered before the gate ever saw the incident', () => {
  const small =
    '## Summary\n\nA laptop was stolen.\n\n## Ownership\n- Owner: @ana\n- Acknowledged at: 2026-11-20 02:07 UTC\n\n## Outcome\nresolved\n\n## Improvement notes\n- process: lock the cupboard\n';
  it('counts by the history of its labels', async () => {
    const scene = await stage();
    const issue = scene.closed(small);
    asAna(scene, issue, { addLabels: ['severity::1'] });
    asAna(scene, issue, { addLabels: ['severity::4'], removeLabels: ['severity::1'] });
    expect((await scene.run(issue)).finding.codes).toEqual(['TIMELINE_MISSING', 'EVIDENCE_MISSING', 'RCA_MISSING']);
  });
  it('is verified where it never was higher', async () => {
    const scene = await stage();
    const issue = scene.closed(small);
    asAna(scene, issue, { addLabels: ['severity::4'] });
    expect((await scene.run(issue)).finding.state).toBe('verified');
  });
});
