import { describe, expect, it } from 'vitest';
import { LeftOver, SetupError } from '../../scripts/ci/errors.ts';
import { AnswerLost } from '../../scripts/gitlab/errors.ts';
import { changeIssue } from '../../scripts/sandbox/world/changes.ts';
import type { Fault } from '../../scripts/sandbox/api/faults.ts';
import { TOO_EARLY } from '../../scripts/sandbox/story/descriptions.ts';
import { stage } from '../support/gitlab.ts';

const status = (code: number, more: object = {}): Fault => ({ kind: 'status', status: code, ...more });

describe('a read that fails', () => {
  it.each([
    { name: '429 with Retry-After', fault: status(429, { retryAfterSeconds: 7 }), waitedMs: 7000 },
    { name: '429 without', fault: status(429), waitedMs: 250 },
    { name: '429 that says when the limit begins anew', fault: { ...status(429), limitResetsAt: '2026-11-20T10:00:09Z' } as Fault, waitedMs: 9000 },
    { name: '500', fault: status(500), waitedMs: 250 },
    { name: '502', fault: status(502), waitedMs: 250 },
    { name: '503 with Retry-After', fault: status(503, { retryAfterSeconds: 3 }), waitedMs: 3000 },
    { name: 'a cut connection', fault: { kind: 'reset' } as const, waitedMs: 250 },
    { name: 'broken JSON', fault: { kind: 'text', body: '{"id":', contentType: 'application/json' } as const, waitedMs: 250 },
    { name: 'an empty answer', fault: { kind: 'text', body: '', contentType: 'application/json' } as const, waitedMs: 250 },
  ])('is tried again after $waitedMs ms: $name', async ({ fault, waitedMs }) => {
    const scene = await stage();
    scene.gitlab.faults.plan(/GET \/user/, fault);
    const { gitlab, count } = scene.connect();
    expect(await gitlab.me()).toEqual({ id: scene.bot.id, username: 'watchkeeper-bot' });
    expect([scene.clock.waitedMs, count.reads]).toEqual([waitedMs, 2]);
  });

  it('is tried four times at most', async () => {
    const scene = await stage();
    scene.gitlab.faults.plan(/user/, status(500), 99);
    await expect(scene.connect().gitlab.me()).rejects.toThrow(LeftOver);
    expect(scene.gitlab.faults.calls).toHaveLength(4);
  });

  it.each([
    { name: 'asked to wait for more than a minute', fault: status(429, { retryAfterSeconds: 61 }), error: LeftOver, says: /wait for 61 s, until 2026-11-20T10:01:01Z/ },
    { name: 'a refused token', fault: status(401), error: SetupError, says: /WATCHKEEPER_TOKEN/ },
    { name: 'a missing right', fault: status(403), error: SetupError, says: /role Developer/ },
    { name: 'a page for people', fault: { kind: 'text', body: '<html>', contentType: 'text/html' } as const, error: SetupError, says: /instead of JSON.*GITLAB_URL/ },
    { name: 'no API at all', fault: status(404), error: SetupError, says: /no GitLab API/ },
    { name: 'a redirect', fault: status(302), error: SetupError, says: /sends us to/ },
    { name: 'something else than a user', fault: { kind: 'text', body: '{}', contentType: 'application/json' } as const, error: LeftOver, says: /something else than a user/ },
  ])('ends at once: $name', async ({ fault, error, says }) => {
    const scene = await stage();
    scene.gitlab.faults.plan(/user/, fault);
    const answer = scene.connect().gitlab.me();
    await expect(answer).rejects.toThrow(error);
    await expect(answer).rejects.toThrow(says);
    expect(scene.gitlab.faults.calls).toHaveLength(1);
  });

  it('is not tried once the time of the run is up', async () => {
    const scene = await stage();
    scene.clock.waitedMs = 120_001;
    await expect(scene.connect().gitlab.me()).rejects.toThrow(/time of this run is up/);
    expect(scene.gitlab.faults.calls).toEqual([]);
  });
});

describe('a comment whose answer is lost', () => {
  it.each([{ kind: 'lose' } as const, { kind: 'reset' } as const, status(502), status(500), status(503, { retryAfterSeconds: 2 })])('is not posted blindly again: %j', async (fault) => {
    const scene = await stage();
    const issue = scene.closed('');
    scene.gitlab.faults.plan(/POST/, fault);
    await expect(scene.connect().gitlab.addNote({ projectId: 42, iid: issue.iid }, 'hello')).rejects.toThrow(AnswerLost);
    expect(scene.gitlab.faults.calls).toHaveLength(1);
  });

  it('is posted again after 429, which GitLab answers before it does anything', async () => {
    const scene = await stage();
    const issue = scene.closed('');
    scene.gitlab.faults.plan(/POST/, status(429, { retryAfterSeconds: 5 }), 2);
    await scene.connect().gitlab.addNote({ projectId: 42, iid: issue.iid }, 'hello');
    expect(scene.said(issue).map(({ body }) => body)).toEqual(['hello']);
    expect(scene.clock.waitedMs).toBe(10_000);
  });

  it.each([{ kind: 'lose' } as const, { kind: 'reset' } as const, status(502)])('stands once in the end: %j', async (fault) => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    scene.gitlab.faults.plan(/POST/, fault);
    await scene.run(issue);
    expect(scene.said(issue)).toHaveLength(1);
    expect(issue.state).toBe('opened');
  });
});

describe('a run that had to wait', () => {
  it('does not undo what another pipeline decided meanwhile', async () => {
    const scene = await stage();
    const issue = scene.closed(TOO_EARLY);
    const { world } = scene.gitlab;
    scene.gitlab.faults.plan(/POST/, status(429, { retryAfterSeconds: 6 }), 1, () => {
      // While the first run waits, the owner mends the record and closes again.
      const ana = world.userNamed('ana');
      scene.clock.now = new Date(scene.clock.now.getTime() + 60_000);
      changeIssue(world, ana, issue, { stateEvent: 'reopen' });
      changeIssue(world, ana, issue, { description: '## Outcome\n\nfalse positive: the load test tripped rule 311\n\n## Evidence\n\n- the log of the load test\n', stateEvent: 'close' });
      return true;
    });
    expect((await scene.run(issue)).finding.state).toBe('verified');
    expect(issue).toMatchObject({ state: 'closed', labels: ['closure::verified'] });
    expect(scene.said(issue)).toHaveLength(1);
    expect(scene.said(issue)[0]!.body).toContain('Verified');
  });
});

describe('a pause that outlasts the run', () => {
  it('is not begun, also where an incident would be decided again', async () => {
    const scene = await stage({ labels: false });
    const issue = scene.closed(TOO_EARLY);
    scene.gitlab.faults.plan(/POST/, status(429, { retryAfterSeconds: 59 }), 2);
    scene.gitlab.faults.plan(/PUT/, status(429, { retryAfterSeconds: 60 }), 9);
    await expect(scene.run(issue)).rejects.toThrow(LeftOver);
    expect(scene.clock.waitedMs).toBeLessThanOrEqual(120_000);
  });
});

describe('an edit that has to wait', () => {
  const mendAndClose = (scene: Awaited<ReturnType<typeof stage>>, issue: ReturnType<typeof scene.closed>): true => {
    const ana = scene.gitlab.world.userNamed('ana');
    scene.clock.now = new Date(scene.clock.now.getTime() + 60_000);
    changeIssue(scene.gitlab.world, ana, issue, { stateEvent: 'reopen' });
    changeIssue(scene.gitlab.world, ana, issue, { description: '## Outcome\n\nduplicate of #12\n', stateEvent: 'close' });
    return true;
  };

  it('is decided anew after the pause', async () => {
    const scene = await stage({ labels: false });
    const issue = scene.closed(TOO_EARLY);
    scene.gitlab.faults.plan(/PUT .*issues\/\d+$/, status(429, { retryAfterSeconds: 6 }), 1, () => mendAndClose(scene, issue));
    expect((await scene.run(issue)).finding.state).toBe('verified');
    expect(issue).toMatchObject({ state: 'closed', labels: ['closure::verified'] });
    expect(scene.said(issue)).toHaveLength(1);
  });

  it('is not made where a slow read let the incident move on', async () => {
    const scene = await stage({ labels: false });
    const issue = scene.closed(TOO_EARLY);
    await scene.run(issue);
    // As a run leaves it whose comment stands, and whose quick actions GitLab did not follow.
    Object.assign(issue, { state: 'closed', closedAt: '2026-11-20T09:45:00.000Z', labels: [] });
    expect(scene.said(issue)).toHaveLength(1);
    scene.gitlab.faults.plan(/GET .*notes/, status(429, { retryAfterSeconds: 6 }), 1, () => mendAndClose(scene, issue));
    await scene.run(issue);
    expect(issue).toMatchObject({ state: 'closed', labels: ['closure::verified'] });
  });
});

describe('a redirect to another place', () => {
  it.each([301, 302, 307])('%i is not followed, so that the token stays here', async (code) => {
    const here = await stage();
    const elsewhere = await stage();
    here.gitlab.faults.plan(/user/, status(code, { location: `${elsewhere.gitlab.address}/api/v4/user` }));
    await expect(here.connect().gitlab.me()).rejects.toThrow(SetupError);
    expect(elsewhere.gitlab.faults.calls).toEqual([]);
  });
});

describe('lists', () => {
  it('are read to the last page, by key and by number', async () => {
    const scene = await stage();
    for (let count = 0; count < 230; count += 1) scene.closed('');
    const { gitlab, count } = scene.connect();
    const query = { state: 'closed', type: 'incident' } as const;
    expect(await gitlab.issues({ kind: 'project', id: 42 }, query)).toHaveLength(230);
    expect(await gitlab.issues({ kind: 'group', id: 'sirt' }, query)).toHaveLength(230);
    expect(count.reads).toBe(6);
    expect(scene.gitlab.faults.calls.every((call) => call.startsWith('GET '))).toBe(true);
  });

  it('forget after one refusal that GitLab might page by key', async () => {
    const scene = await stage();
    scene.gitlab.faults.plan(/GET .*issues/, status(405));
    const { gitlab, count } = scene.connect();
    for (let time = 0; time < 3; time += 1) await gitlab.issues({ kind: 'project', id: 42 }, { state: 'closed', type: 'incident' });
    expect(count.reads).toBe(4);
  });
});
