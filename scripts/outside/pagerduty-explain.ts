import { SetupError } from '../ci/errors.ts';
import type { Answer } from './call.ts';
import { Declined, Unreached } from './errors.ts';

/** What PagerDuty says of an error. Source: PagerDuty developer-docs, REST-API/14-Errors; api-schema, reference/events-v2. */
export type Said = { code?: number; message: string; details: string[] };

const TOKEN_CURES: Readonly<Record<number, string>> = {
  401: 'The token is wrong or was deleted: create a new API access key in PagerDuty and set PAGERDUTY_TOKEN.',
  403: 'The token may not do this: set PAGERDUTY_TOKEN to one that may read users and schedules and write incidents.',
};
const LONGEST_SHOWN = 200;

/** What a refused call of the REST API means for the run: the operator's mistake with its cure, or what is left over. */
export function explainRest(name: string, answer: Answer): Error {
  const said = `${name}: PagerDuty answered ${wordsOf(answer)}.`;
  const { status } = answer;
  const cure = TOKEN_CURES[status];
  if (cure !== undefined) return new SetupError(`${said} ${cure}`);
  return explainStatus(said, answer);
}

/** The same for the Events API, which knows its caller by the routing key. */
export function explainEvents(name: string, answer: Answer): Error {
  const said = `${name}: PagerDuty answered ${wordsOf(answer)}.`;
  const { status } = answer;
  const isKey = status === 400 && readSaid(answer.text).details.some((detail) => /routing.?key/i.test(detail));
  if (isKey || status === 401 || status === 403) {
    const cure = 'Set PAGERDUTY_ROUTING_KEY to the key of an Events API v2 integration of the service that is to page.';
    return new SetupError(`${said} ${cure}`);
  }
  return explainStatus(said, answer);
}

function explainStatus(said: string, { status, text }: Answer): Error {
  if (status >= 300 && status < 400) {
    return new SetupError(
      `${said} It sends us elsewhere, and nothing secret is taken there: correct PAGERDUTY_API_URL.`,
    );
  }
  if (status === 429) return new Unreached(`${said} Too many requests: the next run goes on.`);
  if (status === 408 || status >= 500) return new Unreached(`${said} PagerDuty is in trouble; the next run goes on.`);
  return new Declined(said, status, readSaid(text).code);
}

function wordsOf({ status, text }: Answer): string {
  const { message, code } = readSaid(text);
  const words = message === '' || message.length > LONGEST_SHOWN ? '' : `: ${message}`;
  return `${status}${words}${code === undefined ? '' : ` (${code})`}`;
}

/** What stands in the body of an error, in either API's form; other bodies may be a proxy's, and say nothing. */
export function readSaid(text: string): Said {
  try {
    const body = JSON.parse(text) as { error?: unknown; message?: unknown; errors?: unknown } | null;
    const inner = (typeof body?.error === 'object' && body.error !== null ? body.error : (body ?? {})) as {
      code?: unknown;
      message?: unknown;
      errors?: unknown;
    };
    const details = Array.isArray(inner.errors) ? inner.errors.filter((each) => typeof each === 'string') : [];
    const message = typeof inner.message === 'string' ? inner.message.replace(/[\s\p{Cc}]+/gu, ' ').trim() : '';
    return { message, details, ...(typeof inner.code === 'number' ? { code: inner.code } : {}) };
  } catch {
    return { message: '', details: [] };
  }
}
