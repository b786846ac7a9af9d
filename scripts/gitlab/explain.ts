import { LeftOver, SetupError } from '../ci/errors.ts';
import { Forbidden, Moved, NotFound, Refused } from './errors.ts';

/** A call that GitLab refused; `asBot` if it went with the bot's token. */
export type FailedCall = {
  name: string;
  status: number;
  text: string;
  location: string | undefined;
  asBot: boolean;
};

const CURES: Readonly<Record<number, string>> = {
  401: 'The token is wrong, expired or revoked: create a new one with scope api and set WATCHKEEPER_TOKEN.',
  403: 'The token may not do this: it needs scope api, and the bot the role Developer in the project.',
};

/** What a refused call means for the run: the operator's mistake with its cure, or work that the next run does. */
export function explainStatus({ name, status, text, location, asBot }: FailedCall): Error {
  const said = `${name}: GitLab answered ${status}${bodyMessage(text)}.`;
  if (status >= 300 && status < 400) {
    const moved = `It sends us to ${location ?? 'nowhere'}, and the token is not taken there.`;
    return new Moved(`${said} ${moved} Set GITLAB_URL or the project in oncall.yml to the new place.`, location);
  }
  const cure = CURES[status];
  if (cure !== undefined && asBot)
    return status === 403 ? new Forbidden(`${said} ${cure}`) : new SetupError(`${said} ${cure}`);
  if (status === 404) return new NotFound(`${said} It is gone, or the bot may not see it.`);
  if (status === 429) return new LeftOver(`${said} Too many requests: the next run goes on.`);
  if (status >= 500) return new LeftOver(`${said} GitLab is in trouble; the next run goes on.`);
  return new Refused(said, status);
}

/** Longer ones are not cut, but left out: half a secret could no longer be masked. */
const LONGEST_SHOWN = 300;

/** GitLab's errors come as `message` (text or fields) or `error`; other bodies may be a proxy's and are not shown. */
function bodyMessage(text: string): string {
  try {
    const body = JSON.parse(text) as { message?: unknown; error?: unknown } | null;
    const said = body?.message ?? body?.error;
    return said === undefined ? '' : inOneLine(said);
  } catch {
    return '';
  }
}

/** GitLab's words as the end of a sentence; nothing where they are too long to be shown. */
export function inOneLine(said: unknown): string {
  const line = (typeof said === 'string' ? said : JSON.stringify(said)).replace(/[\s\p{Cc}]+/gu, ' ');
  return line.length > LONGEST_SHOWN ? '' : `: ${line}`;
}
