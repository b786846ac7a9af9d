import { Hono, type Context } from 'hono';
import { Faults } from '../api/faults.ts';
import type { Served } from '../server.ts';
import { serveOnLoopback, type Running } from '../listen.ts';
import { faultOf, LONGEST_TEXT, type Posted } from './slack-limits.ts';

/** What Slack answers, by its word; of the last seven the status is not documented. Source: Slack docs, changelog/2016-05-17. */
export const SLACK_ERRORS = {
  invalid_payload: 400,
  user_not_found: 400,
  no_text: 400,
  invalid_blocks: 400,
  action_prohibited: 403,
  channel_not_found: 404,
  channel_is_archived: 410,
  rollup_error: 500,
  too_many_attachments: 400,
  posting_to_general_channel_denied: 403,
  invalid_token: 403,
  no_active_hooks: 404,
  no_team: 404,
  team_disabled: 403,
  no_service: 404,
  no_service_id: 404,
} as const;

/** One of the words by which Slack says what is wrong. */
export type SlackError = keyof typeof SLACK_ERRORS;

/** An embedded Slack: one channel with one incoming webhook, and ways to make it answer badly. */
export type EmbeddedSlack = Running & {
  /** The address of the incoming webhook, which is a secret. */
  hookUrl: string;
  /** What stands in the channel, oldest first. */
  messages: Posted[];
  faults: Faults;
  /** Answers the next messages so; they are not posted. */
  failWith: (error: SlackError, times?: number) => void;
  /** Answers the next messages with 429 and, where given, `Retry-After`; they are not posted. */
  limit: (retryAfterSeconds?: number, times?: number) => void;
};

const HOOK = '/services/T0SIRT000/B0SIRT000/embeddedWebhookOfTheTeam';
const BUSY = JSON.stringify({ retry_after: 1, ok: false, error: 'rate_limited' });

/** Starts a Slack on loopback that keeps messages, and refuses what Slack would refuse in the words of Slack. */
export async function startSlack(): Promise<EmbeddedSlack> {
  const messages: Posted[] = [];
  const faults = new Faults();
  const app = new Hono<Served>();
  app.use((c, next) => faults.answer(c, next));
  app.post(HOOK, (c) => take(c, messages));
  app.all('*', (c) => refuse(c, 'no_service'));
  const running = await serveOnLoopback(app);
  return {
    ...{ ...running, hookUrl: running.address + HOOK, messages, faults },
    failWith: (error, times = 1) => {
      faults.plan(/^POST /, { kind: 'status', status: SLACK_ERRORS[error], body: error }, times);
    },
    limit: (retryAfterSeconds, times = 1) => {
      const asks = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
      faults.plan(/^POST /, { kind: 'status', status: 429, body: BUSY, ...asks }, times);
    },
  };
}

async function take(c: Context<Served>, messages: Posted[]): Promise<Response> {
  const payload = await c.req.json<unknown>().catch(() => undefined);
  if (payload === null || typeof payload !== 'object') return refuse(c, 'invalid_payload');
  const fault = faultOf(payload);
  if (fault) return refuse(c, fault);
  const { text = '', blocks = [] } = payload as Partial<Posted>;
  messages.push({ text: text.slice(0, LONGEST_TEXT), blocks });
  return c.text('ok');
}

function refuse(c: Context<Served>, error: SlackError): Response {
  return c.text(error, SLACK_ERRORS[error]);
}
