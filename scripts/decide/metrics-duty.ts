import type {
  Config,
  HandoffNumbers,
  History,
  Numbers,
  PageNumbers,
  PersonPages,
  ReviewNumbers,
  ShiftOnRecord,
} from '../schema/types.gen.ts';
import { isSameUser } from '../read/people.ts';
import { isIn, minutesBetween, rateOf, round, type Period } from './clocks.ts';
import { nameOf } from './lives.ts';
import { dayClockOf, isOutOfHours, type DayClock } from './day.ts';

/** A page, and whether it came out of hours where whoever was on call lives. */
type Page = { engineer: number | undefined; isOutOfHours: boolean };

/** The numbers of the shifts on record: review windows by their end, hand-offs and pages by when they came. */
export function measureDuty(
  history: History,
  period: Period,
  config: Config,
): Pick<Numbers, 'reviews' | 'handoffs' | 'pages'> {
  const { shifts } = history;
  return {
    reviews: reviewsOf(shifts, period),
    handoffs: handoffsOf(shifts, period, config.handoff.accept_minutes),
    pages: pagesOf(history, period, config),
  };
}

function reviewsOf(shifts: readonly ShiftOnRecord[], period: Period): ReviewNumbers {
  const ended = shifts.flatMap(({ windows }) => windows).filter(({ end }) => isIn(end, period));
  const windows = ended.filter((window) => window.seen + window.missed > 0);
  const [seen, missed] = [sum(windows.map((window) => window.seen)), sum(windows.map((window) => window.missed))];
  return { windows: windows.length, seen, missed, rate: rateOf(seen, seen + missed) };
}

/** A change that handed over nothing has nothing to accept, and an acceptance before its change is none. */
function handoffsOf(shifts: readonly ShiftOnRecord[], period: Period, acceptMinutes: number): HandoffNumbers {
  const changes = shifts.flatMap(({ handoff }) =>
    handoff && isIn(handoff.at, period) && handoff.incidents !== 0 ? [handoff] : [],
  );
  const waits = changes.flatMap(({ at, accepted_at: accepted }) => minutesBetween(at, accepted) ?? []);
  const onTime = waits.filter((minutes) => acceptMinutes === 0 || minutes <= acceptMinutes).length;
  const incidents = sum(changes.map((change) => change.incidents ?? 0));
  const complete = sum(changes.map((change) => Math.min(change.complete ?? 0, change.incidents ?? 0)));
  return {
    ...{ changes: changes.length, accepted: waits.length, on_time: onTime },
    acceptance_rate: rateOf(onTime, changes.length),
    ...{ incidents, complete, completeness_rate: rateOf(complete, incidents) },
  };
}

function pagesOf(history: History, period: Period, config: Config): PageNumbers {
  const clocks = clocksOfPeople(history, config);
  const pages: Page[] = history.shifts.flatMap(({ engineer, pages: all }) =>
    all
      .filter(({ at }) => isIn(at, period))
      .map(({ at }) => ({ engineer, isOutOfHours: isOutOfHours(clocks(engineer)(new Date(at)), config.day) })),
  );
  const begun = history.shifts.filter(({ start }) => isIn(start, period));
  return {
    ...{ count: pages.length, out_of_hours: pages.filter((page) => page.isOutOfHours).length },
    ...{ shifts: begun.length, per_shift: begun.length === 0 ? null : round(pages.length / begun.length, 2) },
    per_person: perPerson(pages, begun, history),
  };
}

/** Shifts and pages of each who had one of either; those of nobody known are in the totals alone. */
function perPerson(pages: readonly Page[], begun: readonly ShiftOnRecord[], history: History): PersonPages[] {
  const ids = new Set([...pages, ...begun].flatMap(({ engineer }) => engineer ?? []));
  const rows = [...ids].map((id) => {
    const own = pages.filter(({ engineer }) => engineer === id);
    return {
      user: nameOf(id, history),
      shifts: begun.filter(({ engineer }) => engineer === id).length,
      ...{ pages: own.length, out_of_hours: own.filter((page) => page.isOutOfHours).length },
    };
  });
  return rows.sort((a, b) => b.pages - a.pages || (a.user < b.user ? -1 : 1));
}

/** The clock where somebody lives, by `people` of the configuration; else that of the team. */
function clocksOfPeople(history: History, config: Config): (id: number | undefined) => DayClock {
  const ofTeam = dayClockOf(config.time_zone);
  const known = new Map(
    history.people.flatMap(({ id, username }): [number, DayClock][] => {
      const zone = config.people.find(({ gitlab }) => isSameUser(gitlab, username))?.time_zone;
      return zone === undefined ? [] : [[id, dayClockOf(zone)]];
    }),
  );
  return (id) => (id === undefined ? ofTeam : (known.get(id) ?? ofTeam));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
