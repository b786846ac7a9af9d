import type { Config } from '../schema/types.gen.ts';
import { coverOf, type DutyName } from './roster.ts';

/**
 * Nobody, or several, on call: the first such time (ISO 8601 in UTC; no `from` where it has long begun, no `to` where no
 * end is in sight), how many more there are within so many days, and whom it concerns.
 */
export type RosterFlaw = {
  kind: 'gap' | 'overlap';
  duty: DutyName;
  from: string | null;
  to: string | null;
  users: string[];
  more: number;
  days: number;
  timeZone: string;
};

/** A flaw, how bad it is, and where in the configuration (a JSON pointer, and a key there) it is mended. */
export type PlacedFlaw = { flaw: RosterFlaw; level: 'error' | 'warning'; pointer: string; key?: string };

const DAY_MS = 86_400_000;
/** Source: the design; a gap this near is an error, since a weekend may lie between merging it and standing in it. */
const ERROR_DAYS = 14;
const WARNING_DAYS = 90;
const LOOK_BACK_DAYS = 7;

type Found = Pick<PlacedFlaw, 'pointer' | 'key'> & { from: string; to: string; users: string[] };

/** What is wrong with a configured roster in the next 90 days: within 14 an error, beyond a warning; told once per place. */
export function rosterFlaws(config: Config, now: Date): PlacedFlaw[] {
  const duties = (['engineers', 'managers'] as const).filter((duty) => config.roster?.[duty]);
  return duties.flatMap((duty) => {
    const begin = new Date(now.getTime() - LOOK_BACK_DAYS * DAY_MS);
    const end = new Date(now.getTime() + WARNING_DAYS * DAY_MS);
    const { gaps, overlaps } = coverOf(config, duty, begin, end);
    const empty = gaps.map((gap): Found => ({ ...gap, users: [], pointer: '/roster', key: duty }));
    const crowded = overlaps.map(({ from, to, users, layer }): Found => {
      const pointer = `/roster/${duty}`;
      return { from, to, users, ...(layer === undefined ? { pointer } : { pointer: `${pointer}/layers/${layer}` }) };
    });
    const about = { duty, timeZone: config.time_zone, begin, end, now };
    return [...flawsOf('gap', empty, about), ...flawsOf('overlap', crowded, about)];
  });
}

type About = Pick<RosterFlaw, 'duty' | 'timeZone'> & { begin: Date; end: Date; now: Date };

function flawsOf(
  kind: RosterFlaw['kind'],
  found: readonly Found[],
  { begin, end, now, ...about }: About,
): PlacedFlaw[] {
  const ahead = found.filter(({ to }) => Date.parse(to) > now.getTime());
  const near = now.getTime() + ERROR_DAYS * DAY_MS;
  return [...new Set(ahead.map(({ pointer }) => pointer))].flatMap((pointer) =>
    (['error', 'warning'] as const).flatMap((level): PlacedFlaw[] => {
      const here = ahead.filter(
        (each) => each.pointer === pointer && Date.parse(each.from) < near === (level === 'error'),
      );
      const [first] = here;
      if (!first) return [];
      const { from, to, users, key } = first;
      const flaw = {
        ...{ kind, ...about, users, more: here.length - 1, days: level === 'error' ? ERROR_DAYS : WARNING_DAYS },
        from: Date.parse(from) === begin.getTime() ? null : from,
        to: Date.parse(to) === end.getTime() ? null : to,
      };
      return [{ flaw, level, pointer, ...(key === undefined ? {} : { key }) }];
    }),
  );
}
