import { SetupError } from './errors.ts';

/** What opens PagerDuty, as far as it is set: what is absent is a feature that is off. */
export type PagerDutyAccess = { token?: string; routingKey?: string; apiUrl?: string };

/** The variables of a job, by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What Watchkeeper may call beside GitLab; a variable that is empty counts as not set. */
export function readOutside(variables: Variables): { pagerduty: PagerDutyAccess; slackUrl?: string } {
  const token = readOptional(variables, 'PAGERDUTY_TOKEN', demandToken);
  const routingKey = readOptional(variables, 'PAGERDUTY_ROUTING_KEY', demandRoutingKey);
  const apiUrl = readOptional(variables, 'PAGERDUTY_API_URL', demandSafeAddress);
  const slackUrl = readOptional(variables, 'SLACK_WEBHOOK_URL', demandSafeAddress);
  return {
    pagerduty: { ...(token && { token }), ...(routingKey && { routingKey }), ...(apiUrl && { apiUrl }) },
    ...(slackUrl && { slackUrl }),
  };
}

function readOptional(
  variables: Variables,
  name: string,
  check: (name: string, value: string) => string,
): string | undefined {
  const value = variables[name]?.trim();
  return value ? check(name, value) : undefined;
}

/** The token of whoever sets up, where that is not the bot. */
export function readSetupToken(variables: Variables): { setupToken?: string } {
  const setupToken = readOptional(variables, 'WATCHKEEPER_SETUP_TOKEN', demandToken);
  return setupToken === undefined ? {} : { setupToken };
}

/** The token, if it can be one. Throws a SetupError that does not repeat it. */
export function demandToken(name: string, token: string): string {
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new SetupError(`${name} has characters that no token has: copy it again, whole and alone.`);
  return token;
}

/** Source: PagerDuty developer-docs, events-API-v2/02-Trigger-Events: the integration key has 32 characters. */
function demandRoutingKey(name: string, key: string): string {
  if (!/^[A-Za-z0-9]{32}$/.test(key))
    throw new SetupError(
      `${name} is no integration key of 32 letters and digits. Copy it from the service in PagerDuty.`,
    );
  return key;
}

/** Secrets go over TLS, but for servers on this machine. The address may be a secret, and is not repeated. */
function demandSafeAddress(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(text));
  if (!url || !isSafe || url.username !== '' || url.search !== '' || url.hash !== '')
    throw new SetupError(`${name} is no address that begins with https:// (http:// is for this machine alone).`);
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

/** Whether an address is on this machine. */
export function isLoopback(address: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(new URL(address).hostname);
}
