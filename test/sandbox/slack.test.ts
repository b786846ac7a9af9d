import { afterEach, describe, expect, it } from 'vitest';
import { connectSlack } from '../../scripts/outside/slack.ts';
import { toSlackMessage } from '../../scripts/render/slack.ts';
import { SLACK_ERRORS, startSlack, type EmbeddedSlack, type SlackError } from '../../scripts/sandbox/outside/slack.ts';
import { boundsOf, outcomeOf } from '../support/loopback.ts';

const running: EmbeddedSlack[] = [];
afterEach(() => Promise.all(running.splice(0).map(({ stop }) => stop())));

async function start(): Promise<EmbeddedSlack> {
  const slack = await startSlack();
  running.push(slack);
  return slack;
}

const post = async (slack: EmbeddedSlack, payload: unknown, url = slack.hookUrl): Promise<string> => {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: typeof payload === 'string' ? payload : JSON.stringify(payload) });
  return `${answer.status} ${await answer.text()}`;
};
const section = (length: number): object => ({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(length) } });

describe('the embedded Slack', () => {
  it('keeps what the client posts', async () => {
    const slack = await start();
    const message = toSlackMessage('*Hand-off*\n\nnothing is open');
    await connectSlack({ url: slack.hookUrl, bounds: boundsOf({ waitedMs: 0 }) }).send(message);
    expect(slack.messages).toEqual([message]);
  });

  it.each([
    { name: 'words', payload: { text: 'x' }, answer: '200 ok' },
    { name: 'the longest section', payload: { blocks: [section(3000)] }, answer: '200 ok' },
    { name: '50 blocks', payload: { blocks: Array.from({ length: 50 }, () => ({ type: 'divider' })) }, answer: '200 ok' },
    { name: 'fields', payload: { blocks: [{ type: 'section', fields: [{ type: 'mrkdwn', text: 'x' }] }] }, answer: '200 ok' },
    { name: 'no JSON', payload: '{', answer: '400 invalid_payload' },
    { name: 'no object', payload: '"x"', answer: '400 invalid_payload' },
    { name: 'nothing said', payload: {}, answer: '400 no_text' },
    { name: 'nothing said in no blocks', payload: { text: '', blocks: [] }, answer: '400 no_text' },
    { name: 'a section that is too long', payload: { text: 'x', blocks: [section(3001)] }, answer: '400 invalid_blocks' },
    { name: 'an empty section', payload: { text: 'x', blocks: [section(0)] }, answer: '400 invalid_blocks' },
    { name: 'a section of nothing', payload: { text: 'x', blocks: [{ type: 'section' }] }, answer: '400 invalid_blocks' },
    { name: '51 blocks', payload: { text: 'x', blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }, answer: '400 invalid_blocks' },
    { name: '11 fields', payload: { text: 'x', blocks: [{ type: 'section', fields: Array.from({ length: 11 }, () => ({ type: 'mrkdwn', text: 'x' })) }] }, answer: '400 invalid_blocks' },
    { name: 'a long header', payload: { text: 'x', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }] }, answer: '400 invalid_blocks' },
    { name: 'a block of no kind', payload: { text: 'x', blocks: [{ type: 'constructor' }] }, answer: '400 invalid_blocks' },
    { name: '101 attachments', payload: { attachments: Array.from({ length: 101 }, () => ({})) }, answer: '400 too_many_attachments' },
  ])('answers $answer to $name', async ({ payload, answer }) => {
    const slack = await start();
    expect(await post(slack, payload)).toBe(answer);
    expect(slack.messages).toHaveLength(answer === '200 ok' ? 1 : 0);
  });

  it('cuts off a text that is too long', async () => {
    const slack = await start();
    await post(slack, { text: 'x'.repeat(40_001) });
    expect(slack.messages[0]!.text).toHaveLength(40_000);
  });

  it('knows no other hook', async () => {
    const slack = await start();
    expect(await post(slack, { text: 'x' }, `${slack.address}/services/T0/B0/other`)).toBe('404 no_service');
  });

  it.each(Object.keys(SLACK_ERRORS) as SlackError[])('can be told to answer %s, once', async (error) => {
    const slack = await start();
    slack.failWith(error);
    expect(await post(slack, { text: 'x' })).toBe(`${SLACK_ERRORS[error]} ${error}`);
    expect(await post(slack, { text: 'x' })).toBe('200 ok');
    expect(slack.messages).toHaveLength(1);
  });

  it.each(Object.keys(SLACK_ERRORS) as SlackError[])('%s never reads as crash to the client, nor shows the hook', async (error) => {
    const slack = await start();
    slack.failWith(error);
    const outcome = await outcomeOf(connectSlack({ url: slack.hookUrl, bounds: boundsOf({ waitedMs: 0 }) }).send(toSlackMessage('x')));
    expect(String(outcome)).toMatch(new RegExp(`^(?:SetupError|Declined|Unreached): Slack answered ${SLACK_ERRORS[error]} ${error}\\. `));
    expect(String(outcome)).not.toContain('services');
  });

  it('can be told to be too busy, and is waited for', async () => {
    const slack = await start();
    const clock = { waitedMs: 0 };
    slack.limit(7, 2);
    await connectSlack({ url: slack.hookUrl, bounds: boundsOf(clock) }).send(toSlackMessage('x'));
    expect([slack.messages.length, clock.waitedMs]).toEqual([1, 14_000]);
  });
});
