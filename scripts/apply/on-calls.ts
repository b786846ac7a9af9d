import { LeftOver, SetupError } from '../ci/errors.ts';
import type { PagerDuty } from '../outside/pagerduty-port.ts';
import type { Installation } from '../read/config.ts';
import { rosterFromOnCalls } from '../decide/on-calls.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * The configuration with who is on call by PagerDuty, where its roster is kept there. Without PAGERDUTY_TOKEN, or where
 * PagerDuty does not answer, its `fallback` stands in, which the log says.
 */
export async function withOnCalls(
  config: Installation,
  pagerduty: PagerDuty | undefined,
  now: Date,
  log: (line: string) => void,
): Promise<Installation> {
  const { escalation_policy: escalationPolicy, schedule } = config.roster?.pagerduty ?? {};
  const of = { ...(escalationPolicy && { escalationPolicy }), ...(schedule && { schedule }) };
  if (Object.keys(of).length === 0) return config;
  if (!pagerduty) {
    log('PAGERDUTY_TOKEN is not set: who is on call is not known, and the fallback stands in');
    return { ...config, onCalls: { engineers: [], managers: [] } };
  }
  // By whole days, so that what never begins or ends has the same edges all day.
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const [from, to] = [new Date(today - 2 * DAY_MS), new Date(today + 3 * DAY_MS)];
  const listed = await pagerduty.onCalls(of, from.toISOString(), to.toISOString()).catch((error: unknown) => {
    if (!(error instanceof LeftOver) && !(error instanceof SetupError)) throw error;
    log(`who is on call is not known, and the fallback stands in: ${error.message}`);
    return [];
  });
  const entries = listed.map(({ user, level, start = null, end = null }) => ({
    user,
    start,
    end,
    escalation_level: level,
  }));
  const { engineers, managers, unknown } = rosterFromOnCalls(entries, config, from, to);
  if (unknown.length > 0) log(`people names nobody for ${unknown.join(', ')} of PagerDuty`);
  return { ...config, onCalls: { engineers, managers } };
}
