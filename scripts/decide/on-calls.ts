import type { Config } from '../schema/types.gen.ts';
import { isSameUser, personInPagerDuty, withoutAt } from '../read/people.ts';
import type { OnCalls, Stretch } from '../read/config.ts';
import { toIso } from './roster.ts';

/** An entry of PagerDuty's list of on-calls. Source: PagerDuty REST API, GET /oncalls; `start` and `end` are null where it never begins or ends. */
export type OnCallEntry = {
  user: { id: string; email?: string };
  start: string | null;
  end: string | null;
  escalation_level: number;
};

/** What PagerDuty's entries that touch [from, to) say, whole, and the PagerDuty ids of those whom `people` does not know. */
type FromOnCalls = OnCalls & { unknown: string[] };

/**
 * PagerDuty's on-calls as a roster, for the `onCalls` of a configuration. Of an escalation policy level 1 are the engineers
 * and level 2 the managers, of a schedule all are engineers. People are known by PagerDuty's id, else by their e-mail.
 */
export function rosterFromOnCalls(
  onCalls: readonly OnCallEntry[],
  { people, roster }: Config,
  from: Date,
  to: Date,
): FromOnCalls {
  const isSchedule = roster?.pagerduty?.schedule !== undefined;
  const known = onCalls.map((entry) => ({ ...entry, name: nameOf(entry, people) }));
  const ofLevel = (level: number): Stretch[] =>
    merged(
      known.flatMap(({ name, start, end, escalation_level: given }): Stretch[] => {
        if (name === undefined || (isSchedule ? 1 : given) !== level) return [];
        const begin = start === null ? from.getTime() : Date.parse(start);
        const finish = end === null ? to.getTime() : Date.parse(end);
        const isAsked = begin < Math.min(finish, to.getTime()) && finish > from.getTime();
        return isAsked ? [{ start: toIso(begin), end: toIso(finish), user: name }] : [];
      }),
    );
  const unknown = known.filter(({ name }) => name === undefined).map(({ user }) => user.id);
  return { engineers: ofLevel(1), managers: ofLevel(2), unknown: [...new Set(unknown)] };
}

function nameOf({ user }: OnCallEntry, people: Config['people']): string | undefined {
  const person = personInPagerDuty(people, user);
  return person && withoutAt(person.gitlab);
}

/** Who is on call twice over at one time, by two schedules or two policies, is so once. */
function merged(stretches: readonly Stretch[]): Stretch[] {
  const sorted = stretches.toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const result: Stretch[] = [];
  for (const stretch of sorted) {
    const same = result.find(({ user, end }) => isSameUser(user, stretch.user) && end > stretch.start);
    if (same) same.end = same.end > stretch.end ? same.end : stretch.end;
    else result.push({ ...stretch });
  }
  return result;
}
