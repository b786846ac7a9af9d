import { SetupError } from '../ci/errors.ts';
import type { Config } from '../schema/types.gen.ts';
import { beginOfDay, readMoment } from './time.ts';

/** What is asked of the roster: who is on call at an instant, or all of a time. */
export type RosterQuestion = { at: Date } | { from: Date; to: Date };

/** What stands on a command line. */
type Asked = {
  has: (option: string) => boolean;
  given: (option: string) => string | undefined;
  files: string[];
  now: Date;
};

const USUAL_DAYS = 14;
const LONGEST_MS = 2 * 366 * 86_400_000;

/**
 * Reads what is asked: `--who` with a time or none, else `--from` and `--to`, by default two weeks from today on. Days are
 * those of the configuration's zone. Throws a SetupError for what is no time, and where the configuration keeps no roster.
 */
export function readRosterQuestion(
  { has, given, files, now }: Asked,
  { roster, time_zone: zone }: Config,
): RosterQuestion {
  if (!roster) throw new SetupError('The configuration has no roster: docs/on-call.md tells how to write one.');
  if (roster.pagerduty) throw new SetupError('The roster is kept in PagerDuty, which shows it: look there.');
  const momentOf = (name: string, text: string): Date => {
    const moment = readMoment(text, zone);
    if (moment) return moment;
    throw new SetupError(`${name} is a day or a time such as 2026-11-23 or 2026-11-23T08:00Z, not ${text}.`);
  };
  const [time, ...more] = files;
  if (has('who') ? more.length > 0 : time !== undefined)
    throw new SetupError('roster takes one TIME, and that with --who; a stretch of time is --from and --to.');
  if (has('who')) return { at: time === undefined ? now : momentOf('TIME', time) };
  const [first, last] = [given('from'), given('to')];
  const from = first === undefined ? beginOfDay(now, 0, zone) : momentOf('--from', first);
  const to = last === undefined ? beginOfDay(from, USUAL_DAYS, zone) : momentOf('--to', last);
  if (to <= from) throw new SetupError('--to must be later than --from.');
  if (to.getTime() - from.getTime() > LONGEST_MS) throw new SetupError('--to must be within two years of --from.');
  return { from, to };
}
