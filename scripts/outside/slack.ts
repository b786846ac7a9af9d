import { IncomingWebhook, IncomingWebhookHTTPError, IncomingWebhookRequestError } from '@slack/webhook';
import { SetupError } from '../ci/errors.ts';
import type { Bounds } from '../ci/network.ts';
import { callPatiently } from './call.ts';
import { Declined, Unreached } from './errors.ts';
import type { Slack } from './slack-port.ts';

/** The address of the incoming webhook, which is a secret, and what bounds the calls. */
export type SlackOptions = { url: string; bounds: Bounds };

const NAME = 'Slack';

/** What the operator has to do, by what Slack says. Source: Slack docs, changelog/2016-05-17 and messaging/webhooks. */
const CURES: Readonly<Record<string, string>> = {
  invalid_token: 'The webhook is gone: create a new one and set SLACK_WEBHOOK_URL.',
  no_active_hooks: 'The webhook is switched off: create a new one and set SLACK_WEBHOOK_URL.',
  no_service: 'The webhook is gone or switched off: create a new one and set SLACK_WEBHOOK_URL.',
  no_service_id: 'The address of the webhook is not whole: copy it again and set SLACK_WEBHOOK_URL.',
  no_team: 'The workspace is gone: create a webhook in another one and set SLACK_WEBHOOK_URL.',
  team_disabled: 'The workspace is switched off: create a webhook in another one and set SLACK_WEBHOOK_URL.',
  channel_not_found: 'The channel is gone: create a webhook for another one and set SLACK_WEBHOOK_URL.',
  channel_is_archived: 'The channel is archived: unarchive it, or set SLACK_WEBHOOK_URL to a webhook of another one.',
  user_not_found: 'The webhook posts to a person who is gone: set SLACK_WEBHOOK_URL to a webhook of a channel.',
  action_prohibited:
    'An administrator has restricted posting there: ask for it, or set SLACK_WEBHOOK_URL to another webhook.',
  posting_to_general_channel_denied: 'Posting to #general is restricted: set SLACK_WEBHOOK_URL to another channel.',
};

/**
 * The one client of Slack's incoming webhooks. Slack's own client does not wait when Slack asks it to, and follows no
 * redirect; `call.ts` does the first for it. A message is sent again only after 429, when it was not posted.
 */
export function connectSlack({ url, bounds }: SlackOptions): Slack {
  const webhook = new IncomingWebhook(url, {
    fetch: async (address, { method = 'POST', headers = {}, body = '' } = {}) => {
      // Slack's client sends a form only with files, and there are none.
      const init = { method, headers, body: body as string };
      const answer = await callPatiently({ name: NAME, url: String(address), init, isRepeatable: false }, bounds);
      return new Response(answer.text === '' ? null : answer.text, { status: answer.status, headers: answer.headers });
    },
  });
  return {
    send: async (message) => {
      const said = await webhook.send({ ...message, unfurl_links: false, unfurl_media: false }).catch(rethrow);
      if (said.text.trim() !== 'ok')
        throw new SetupError(
          `${NAME}: what answers is not Slack. Set SLACK_WEBHOOK_URL to the address of an incoming webhook.`,
        );
    },
  };
}

function rethrow(error: unknown): never {
  if (error instanceof IncomingWebhookRequestError) throw error.original;
  if (error instanceof IncomingWebhookHTTPError) throw explain(error.statusCode, error.body);
  throw error;
}

/** Slack says what is wrong by one word; statuses are a hint, since they are not documented for all of them. */
function explain(status: number, body: string): Error {
  const word = /^[a-z_]{1,60}$/.exec(body.trim())?.[0] ?? '';
  const said = `Slack answered ${wordsOf(status, word)}.`;
  const cure = CURES[word];
  if (cure !== undefined) return new SetupError(`${said} ${cure}`);
  if (status === 429) return new Unreached(`${said} Too many messages: the next run goes on.`);
  if (status >= 500) return new Unreached(`${said} Slack is in trouble; the next run goes on.`);
  if (word === '' || [403, 404, 410].includes(status))
    return new SetupError(`${said} The webhook is not taken there: create a new one and set SLACK_WEBHOOK_URL.`);
  return new Declined(`${said} It would not take the message, and the fault is ours: please report it.`, status);
}

function wordsOf(status: number, word: string): string {
  return word === '' ? String(status) : `${status} ${word}`;
}
