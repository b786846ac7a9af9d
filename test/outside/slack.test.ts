import { describe, expect, it } from 'vitest';
import { LeftOver, SetupError } from '../../scripts/ci/errors.ts';
import { Declined, MaybePosted, Unreached } from '../../scripts/outside/errors.ts';
import { connectSlack } from '../../scripts/outside/slack.ts';
import type { Slack } from '../../scripts/outside/slack-port.ts';
import { startSlack } from '../../scripts/sandbox/outside/slack.ts';
import { toSlackMessage } from '../../scripts/render/slack.ts';
import { boundsOf, outcomeOf, serve, type Asked, type Planned } from '../support/loopback.ts';

const HOOK = '/services/T0AAA/B0BBB/swordfish';

async function stage(...answers: Planned[]): Promise<{ slack: Slack; asked: Asked[]; clock: { waitedMs: number } }> {
  const { address, asked } = await serve(...answers);
  const clock = { waitedMs: 0 };
  return { slack: connectSlack({ url: address + HOOK, bounds: boundsOf(clock) }), asked, clock };
}

const message = toSlackMessage('*Hand-off*: nothing is open');
const busy = (headers: Record<string, string> = {}): Planned => ({ status: 429, body: { retry_after: 1, ok: false, error: 'rate_limited' }, headers });

describe('a message to Slack', () => {
  it('is posted, with nothing unfolded below it', async () => {
    const { slack, asked } = await stage({ body: 'ok' });
    await slack.send(message);
    expect(asked).toMatchObject([{ method: 'POST', path: HOOK, headers: { 'content-type': 'application/json' } }]);
    expect(JSON.parse(asked[0]!.body)).toEqual({ ...message, unfurl_links: false, unfurl_media: false });
  });

  it.each([
    { name: 'as long as Slack asks', headers: { 'retry-after': '30' }, waitedMs: 30_000 },
    { name: 'a second where it does not say', headers: {}, waitedMs: 1000 },
  ])('waits $name after 429, when it was not posted', async ({ headers, waitedMs }) => {
    const { slack, asked, clock } = await stage(busy(headers), { body: 'ok' });
    await slack.send(message);
    expect([asked.length, clock.waitedMs]).toEqual([2, waitedMs]);
  });

  it.each([
    { name: 'for longer than a minute', headers: { 'retry-after': '61' }, calls: 1 },
    { name: 'for longer than the run lasts', headers: { 'retry-after': '50' }, calls: 3 },
    { name: 'again and again', headers: { 'retry-after': '1' }, calls: 4 },
  ])('is left over where Slack asks to wait $name', async ({ headers, calls }) => {
    const { slack, asked } = await stage(busy(headers));
    await expect(slack.send(message)).rejects.toThrow(Unreached);
    expect(asked).toHaveLength(calls);
  });

  const SETUP = { kind: SetupError, says: /Slack answered \d+ [a-z_]+\. [A-Z].*SLACK_WEBHOOK_URL/ };
  const OURS = { kind: Declined, says: /the fault is ours/ };
  it.each([
    { answer: { status: 400, body: 'invalid_payload' }, ...OURS },
    { answer: { status: 400, body: 'user_not_found' }, ...SETUP },
    { answer: { status: 400, body: 'no_text' }, ...OURS },
    { answer: { status: 400, body: 'invalid_blocks' }, ...OURS },
    { answer: { status: 400, body: 'too_many_attachments' }, ...OURS },
    { answer: { status: 403, body: 'action_prohibited' }, kind: SetupError, says: /ask for it, or set SLACK_WEBHOOK_URL/ },
    { answer: { status: 403, body: 'posting_to_general_channel_denied' }, ...SETUP },
    { answer: { status: 403, body: 'invalid_token' }, ...SETUP },
    { answer: { status: 404, body: 'no_active_hooks' }, ...SETUP },
    { answer: { status: 404, body: 'no_service' }, ...SETUP },
    { answer: { status: 404, body: 'no_service_id' }, ...SETUP },
    { answer: { status: 404, body: 'no_team' }, ...SETUP },
    { answer: { status: 403, body: 'team_disabled' }, ...SETUP },
    { answer: { status: 404, body: 'channel_not_found' }, ...SETUP },
    { answer: { status: 410, body: 'channel_is_archived' }, kind: SetupError, says: /unarchive it, or set SLACK_WEBHOOK_URL/ },
    { answer: { status: 500, body: 'rollup_error' }, kind: Unreached, says: /Slack is in trouble/ },
    { answer: { status: 404, body: '<html>' }, kind: SetupError, says: /Slack answered 404\. The webhook is not taken there/ },
    { answer: { status: 410, body: 'a_word_of_tomorrow' }, kind: SetupError, says: /a_word_of_tomorrow\. The webhook is not taken there/ },
    { answer: { status: 302, headers: { location: 'https://evil.example.com/' } }, kind: SetupError, says: /Slack answered 302/ },
    { answer: { body: '<html>' }, kind: SetupError, says: /what answers is not Slack/ },
    { answer: { status: 204, body: '' }, kind: SetupError, says: /what answers is not Slack/ },
  ])('ends, posted once at most, and names the cure but not the hook: $answer', async ({ answer, kind, says }) => {
    const { slack, asked } = await stage(answer);
    const outcome = await outcomeOf(slack.send(message));
    expect(outcome).toBeInstanceOf(kind);
    expect(String(outcome)).toMatch(says);
    expect(String(outcome)).not.toContain('services');
    expect(asked).toHaveLength(1);
  });

  it('may have been posted where no answer came, and is not sent again', async () => {
    const { slack, asked } = await stage('cut');
    const outcome = await outcomeOf(slack.send(message));
    expect(outcome).toBeInstanceOf(MaybePosted);
    expect(String(outcome)).toMatch(/^MaybePosted: Slack: no answer \(.+\); it may have been posted$/);
    expect(asked).toHaveLength(1);
  });

  it('was not posted where nobody was reached, and is left over', async () => {
    const gone = await startSlack();
    await gone.stop();
    const slack = connectSlack({ url: gone.hookUrl, bounds: boundsOf({ waitedMs: 0 }) });
    const outcome = await outcomeOf(slack.send(message));
    expect(outcome).toBeInstanceOf(Unreached);
    expect(String(outcome)).toMatch(/^Unreached: Slack: no answer \(.*ECONNREFUSED.*\); the next run asks again$/);
  });

  it('is not sent once the time of the run is up', async () => {
    const { slack, asked, clock } = await stage({ body: 'ok' });
    clock.waitedMs = 120_000;
    await expect(slack.send(message)).rejects.toThrow(LeftOver);
    await expect(slack.send(message)).rejects.toThrow(/time of this run is up/);
    expect(asked).toEqual([]);
  });
});
