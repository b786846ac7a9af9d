import { describe, expect, it } from 'vitest';
import { tellFindings } from '../../scripts/apply/doctor-issue.ts';
import { reconcileEvent } from '../../scripts/apply/event.ts';
import type { Finding } from '../../scripts/decide/findings.ts';
import { readEvent } from '../../scripts/read/event.ts';
import type { StoredIssue } from '../../scripts/sandbox/world/records.ts';
import { stage, type Scene } from '../support/gitlab.ts';
import { config } from '../support/snapshot.ts';

const disabled: Finding = { code: 'HOOK_DISABLED', where: 'sirt/incidents', about: { until: 'somebody tests it', status: '404' } };
const observes: Finding = { code: 'RULE_OBSERVES', where: 'gate', about: { rule: 'gate' } };

function issues({ gitlab: { world } }: Scene): StoredIssue[] {
  return world.issues.filter(({ title }) => title.includes('Watchkeeper'));
}

describe('what a check finds', () => {
  it('is told in one confidential issue, kept current, that closes once all is in order', async () => {
    const scene = await stage();
    const tell = (found: Finding[], more = {}): Promise<string> => tellFindings(found, 7, scene.tools({ config: config({ managers: ['@lea'] }), ...more }));
    expect(await tell([observes])).toBe('nothing to tell');
    expect(await tell([disabled], { dryRun: true })).toBe('would keep an issue that tells what is wrong');
    expect(issues(scene)).toEqual([]);
    expect(await tell([disabled, observes])).toBe('told in sirt/incidents#1');
    const [issue] = issues(scene);
    expect(issue).toMatchObject({ confidential: true, state: 'opened', type: 'issue', description: expect.stringContaining('@lea') as string });
    const said = (): string =>
      scene
        .said(issue as StoredIssue)
        .map(({ body }) => body)
        .join('\n');
    expect(said()).toMatch(/\*\*1 thing is not in order\*\*[^]*`HOOK_DISABLED`, `sirt\/incidents`: `GitLab has switched the webhook off/);
    scene.clock.now = new Date('2026-11-21T03:40:00Z');
    expect(await tell([disabled])).toBe('told in sirt/incidents#1');
    expect([issues(scene).length, scene.said(issue as StoredIssue).length]).toEqual([1, 1]);
    expect(await tell([])).toBe('sirt/incidents#1 is closed: all is in order again');
    expect(issue?.state).toBe('closed');
    expect(said()).toContain('All is in order again');
    scene.clock.now = new Date('2026-11-22T03:40:00Z');
    expect(await tell([disabled])).toBe('told in sirt/incidents#2');
    expect(await tell([])).toBe('sirt/incidents#2 is closed: all is in order again');
    expect(await tell([disabled])).toBe('told in sirt/incidents#2');
    expect(scene.gitlab.world.issue(42, 2)?.state).toBe('opened');
  });
});

describe('the end of a token', () => {
  const payload = JSON.stringify({ object_kind: 'access_token', action: '', type: '', project_id: '42', iid: '', issue_iid: '', note_id: '25', user_id: '' });
  const hear = async (scene: Scene): Promise<unknown> => reconcileEvent(await readEvent(payload), scene.tools({ config: config({ managers: ['@lea'] }) }));

  it('is told to the managers, once for each last day, however often GitLab says so', async () => {
    const scene = await stage();
    scene.bot.grant.expiresAt = '2026-12-11';
    expect(await hear(scene)).toEqual({ nothing: "the bot's token ends on 2026-12-11: told in sirt/incidents#1" });
    expect(await hear(scene)).toEqual({ nothing: "the bot's token ends on 2026-12-11: told in an issue" });
    expect(issues(scene)).toMatchObject([
      {
        title: 'The token of Watchkeeper ends on 2026-12-11',
        confidential: true,
        dueDate: '2026-12-11',
        description: expect.stringContaining('@lea the access token of @watchkeeper-bot ends on 2026-12-11, in 21 days') as string,
      },
    ]);
  });

  it.each([
    { expiresAt: '2027-11-20', says: "the bot's token lasts until 2027-11-20" },
    { expiresAt: null, says: "the bot's token has no end" },
  ])('is not told where a forged hook says so: $says', async ({ expiresAt, says }) => {
    const scene = await stage();
    scene.bot.grant.expiresAt = expiresAt;
    expect(await hear(scene)).toEqual({ nothing: says });
    expect(issues(scene)).toEqual([]);
  });
});
