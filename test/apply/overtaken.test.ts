import { describe, expect, it } from 'vitest';
import { LeftOver } from '../../scripts/ci/errors.ts';
import { Busy, Overtaken } from '../../scripts/gitlab/errors.ts';
import { COMPLETE, TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { changeIssue } from '../../scripts/sandbox/world/changes.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { NOW } from '../support/snapshot.ts';
import { stage, type Scene } from '../support/gitlab.ts';

const asAna = (scene: Scene, issue: StoredIssue, changes: Parameters<typeof changeIssue>[3]): void => {
  changeIssue(scene.gitlab.world, scene.gitlab.world.userNamed('ana'), issue, changes);
};

/** What happens just before a call that matches is answered. */
function meanwhile(scene: Scene, call: RegExp, happens: () => void): void {
  let isOver = false;
  scene.gitlab.faults.plan(call, { kind: 'reset' }, 1, () => {
    if (!isOver) happens();
    isOver = true;
    return false;
  });
}

/** A clock that takes so long from one look at it to the next. */
const taking = (scene: Scene, ms: number): { bounds: { now: () => number; sleep: (ms: number) => Promise<void> } } => ({
  bounds: { now: () => (scene.clock.waitedMs += ms), sleep: () => Promise.resolve() },
});

const busy = (scene: Scene, times: number, happens: () => void = () => undefined): void => {
  scene.gitlab.faults.plan(/PUT .*issues/, { kind: 'status', status: 429, retryAfterSeconds: 6 }, times, () => {
    happens();
    return true;
  });
};

describe('an incident that moves on while a run takes its time', () => {
  type Row = { name: string; description?: string; answered?: string; happens: (scene: Scene, issue: StoredIssue) => void; state: string; closed: string; labels: string[] };
  it.each<Row>([
    {
      name: 'because its description was completed is judged anew',
      happens: (scene, issue) => {
        asAna(scene, issue, { description: COMPLETE });
      },
      // Our comment had opened it: it was closed again.
      answered: NOW.toISOString(),
      state: 'verified',
      closed: 'closed',
      labels: ['closure::verified'],
    },
    {
      name: 'because it was closed again is open all the same',
      happens: (_scene, issue) => {
        issue.closedAt = '2026-11-20T09:50:00.000Z';
      },
      state: 'blocked',
      closed: 'opened',
      labels: ['closure::blocked'],
    },
    {
      name: 'because it was reopened as wanted is labelled all the same',
      happens: (scene, issue) => {
        asAna(scene, issue, { stateEvent: 'reopen' });
      },
      state: 'blocked',
      closed: 'opened',
      labels: ['closure::blocked'],
    },
    {
      name: 'because it was reopened is not verified',
      description: COMPLETE,
      happens: (scene, issue) => {
        asAna(scene, issue, { stateEvent: 'reopen' });
      },
      state: 'open',
      closed: 'opened',
      labels: [],
    },
  ])('$name', async ({ description = TOO_EARLY, happens, answered = '2026-11-20T09:45:00.000Z', state, closed, labels }) => {
    const scene = await stage();
    const issue = scene.closed(description);
    meanwhile(scene, /POST .*notes/, () => {
      happens(scene, issue);
    });
    const { finding } = await scene.run(issue, taking(scene, 2_000));
    expect(finding.state).toBe(state);
    expect(issue).toMatchObject({ state: closed, labels });
    expect(scene.said(issue)).toHaveLength(state === 'open' ? 0 : 1);
    expect(scene.said(issue).every(({ body }) => body.includes(`"closed_at":"${answered}"`))).toBe(true);
  });

  it('is closed by whoever had closed it, where we opened it too early', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    let edits = 0;
    meanwhile(scene, /POST .*notes/, () => {
      edits += 1;
      asAna(scene, issue, { description: `${TOO_EARLY}\n## Edit\n` });
    });
    const { bodies } = await scene.run(issue, taking(scene, 2_000));
    expect(edits).toBe(1);
    expect(bodies.join()).toContain('@ana, reopened: 4 items missing.');
    expect(issue).toMatchObject({ state: 'opened', labels: ['closure::blocked'] });
    expect(scene.said(issue)).toHaveLength(1);
  });

  it('stays open where a person opened it to complete it, before our comment was there', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    meanwhile(scene, /POST .*notes/, () => {
      asAna(scene, issue, { stateEvent: 'reopen' });
      asAna(scene, issue, { description: COMPLETE });
    });
    const { finding } = await scene.run(issue, taking(scene, 2_000));
    expect(finding.state).toBe('open');
    expect(issue).toMatchObject({ state: 'opened', labels: [] });
    expect(scene.said(issue)).toEqual([]);
    expect((await scene.run(issue)).writes).toBe(0);
  });

  it('is not asked for again within two seconds', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    meanwhile(scene, /POST .*notes/, () => {
      asAna(scene, issue, { description: COMPLETE });
    });
    const { finding } = await scene.run(issue, taking(scene, 900));
    expect(finding.state).toBe('blocked');
  });

  it('is judged three times, and then left to the next run', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    let edits = 0;
    scene.gitlab.faults.plan(/POST .*notes/, { kind: 'reset' }, 1, () => {
      edits += 1;
      asAna(scene, issue, { description: `${TOO_EARLY}\n## Edit ${edits}\n` });
      return false;
    });
    const running = scene.run(issue, taking(scene, 2_000));
    await expect(running).rejects.toThrow(new LeftOver('sirt/incidents#1: it changes faster than it can be judged; the next run goes on.'));
    await expect(running).rejects.toHaveProperty('cause', expect.any(Overtaken));
    expect(edits).toBe(3);
    expect(scene.said(issue)).toEqual([]);
    expect(issue.state).toBe('closed');
  });

  it('is left to the next run where it is gone', async () => {
    const scene = await stage({ labels: false });
    const issue = scene.closed(TOO_EARLY);
    busy(scene, 1, () => {
      scene.gitlab.world.removeIssue(issue);
    });
    const running = scene.run(issue);
    await expect(running).rejects.toThrow(new LeftOver('sirt/incidents#1 is gone: deleted, or the bot may not see it any more; there is nothing left to do.'));
    await expect(running).rejects.toHaveProperty('cause', expect.any(Busy));
  });
});

/** Where a label is to be made first, the issue is edited by a call of its own. */
describe('a GitLab that is busy', () => {
  it('is given the pause that it asks for', async () => {
    const scene = await stage({ labels: false });
    const issue = scene.closed(TOO_EARLY);
    busy(scene, 1);
    await scene.run(issue);
    expect(scene.clock.waitedMs).toBe(6_000);
    expect(issue).toMatchObject({ state: 'opened', labels: ['closure::blocked'] });
    expect(scene.said(issue)).toHaveLength(1);
  });

  it('is asked three times, and then left in peace', async () => {
    const scene = await stage({ labels: false });
    const issue = scene.closed(TOO_EARLY);
    busy(scene, 99);
    const running = scene.run(issue);
    await expect(running).rejects.toThrow(/^sirt\/incidents#1: /);
    await expect(running).rejects.toHaveProperty('cause', expect.any(Busy));
    expect(scene.gitlab.faults.calls.filter((call) => call.startsWith('PUT'))).toHaveLength(3);
    expect(scene.clock.waitedMs).toBe(12_000);
  });

  it('that fails in another way is not asked again', async () => {
    const scene = await stage({ labels: false });
    const issue = scene.closed(TOO_EARLY);
    scene.gitlab.faults.plan(/PUT .*issues/, { kind: 'status', status: 422, body: '{"message":"no"}' }, 9);
    await expect(scene.run(issue)).rejects.toMatchObject({ name: 'Refused', status: 422 });
    expect(scene.gitlab.faults.calls.filter((call) => call.startsWith('PUT'))).toHaveLength(1);
  });
});

describe('what a run tells', () => {
  it('is what it wrote, and the words of its comment', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const { actions, bodies, warnings } = await scene.run(issue, { dryRun: true });
    expect(actions).toEqual(['post the gate comment', 'reopen +closure::blocked']);
    expect(bodies).toEqual([expect.stringMatching(/^<!-- watchkeeper:gate .*\n@ana, reopened: 4 items missing\./)]);
    expect(warnings).toEqual([]);
    expect(scene.said(issue)).toEqual([]);
  });

  it('is also what is not in order', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY, { labels: ['watchkeeper::off'] });
    expect((await scene.run(issue)).warnings).toEqual(['the label watchkeeper::off was not set by a Maintainer and does not count']);
  });

  it('rests on the commit of the configuration', async () => {
    const scene = await stage();
    const issue = scene.closed(COMPLETE);
    await scene.run(issue, { commit: 'abcdef1' });
    expect(scene.said(issue)[0]!.body).toContain('"config":"abcdef1"');
  });
});
