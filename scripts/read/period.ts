import { SetupError } from '../ci/errors.ts';
import { beginOfDay, readMoment } from './time.ts';

/** A period of whole days: from when on, and until when (ISO 8601 in UTC), the latter not included. */
export type Period = { from: string; to: string };

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The period that somebody asks evidence of by `--evidence --from DAY --to DAY`, both days included, in a time zone; nothing
 * where no evidence is asked for. Throws a SetupError that names what is wrong.
 */
export function readPeriod(
  { flags, given }: { flags: ReadonlySet<string>; given: ReadonlyMap<string, string> },
  timeZone: string,
  now: Date,
): Period | undefined {
  if (!flags.has('--evidence')) {
    if (given.size > 0) throw new SetupError('--from and --to are for --evidence: ask for that too.');
    return undefined;
  }
  const [from, last] = ['--from', '--to'].map((option) => dayOf(option, given.get(option), timeZone));
  if (!from || !last) throw new SetupError('--evidence wants a period: --from YYYY-MM-DD --to YYYY-MM-DD.');
  const to = beginOfDay(last, 1, timeZone);
  if (from >= to) throw new SetupError('--from is after --to: the period has no day.');
  if (from > now) throw new SetupError('--from is a day to come: there is no evidence of it yet.');
  return { from: from.toISOString(), to: to.toISOString() };
}

function dayOf(option: string, text: string | undefined, timeZone: string): Date | undefined {
  if (text === undefined) return undefined;
  const day = DAY.test(text) ? readMoment(text, timeZone) : undefined;
  if (!day) throw new SetupError(`${option} is no day such as 2026-07-01.`);
  return day;
}
