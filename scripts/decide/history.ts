import type { User } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import { digest } from '../schema/digest.ts';
import type { AnalysisOnRecord, History, Life } from '../schema/types.gen.ts';
import { keyOfPlace } from './incident-behind.ts';

/** `updated_at` may lag a comment by a minute. Source: platform sheet; architecture.md, "State". */
const LAG_MS = 60_000;
const WEEK_MS = 7 * 86_400_000;
const WEEKS = 13;

/** What a history is of: the bot, the configuration by its hash, and from when on it is complete (ISO 8601). */
export type Scope = { bot: number; of: string; since: string; now: Date };

/** The time from which on reports look, unless they are told otherwise. */
export function sinceOf(now: Date): string {
  return new Date(now.getTime() - WEEKS * WEEK_MS).toISOString();
}

/** A hash of all options on which a history depends: another configuration has another one. */
export function hashOf(config: Installation): string {
  const { sources, incident, review, shift_log, follow_ups, rca, bot, alert_bots, known_noise, time_zone } = config;
  const { label, project, projects, due_days: dueDays } = follow_ups;
  return digest([
    ...[sources, incident.labels, review.label, shift_log.label, shift_log.project ?? '', bot.former_ids, alert_bots],
    ...[known_noise, time_zone, label, project ?? '', projects, dueDays, rca.label, rca.project ?? ''],
    ...[rca.due_working_days, config.form.hash],
  ]);
}

/** The history of before, if it goes on with this one: of the same bot and configuration, from the same time on or longer. */
export function knownOf(known: History | undefined, { bot, of, since, now }: Scope): History | undefined {
  const isOfNow = known?.of === of && known.bot === bot && known.taken_at <= now.toISOString();
  return isOfNow && known.since !== undefined && known.since <= since ? known : undefined;
}

/** Whether what is known of an issue holds: its time is the same, and was no longer ago than a comment that it lags behind. */
export function isUnchanged(
  known: { updated_at: string } | undefined,
  updatedAt: string,
  history: History | undefined,
): boolean {
  if (!known || !history || known.updated_at !== updatedAt) return false;
  return Date.parse(updatedAt) < Date.parse(history.taken_at) - LAG_MS;
}

/** The lives with what became of their analyses. */
function withAnalyses(lives: readonly Life[], analyses: readonly AnalysisOnRecord[]): Life[] {
  const byPlace = new Map(analyses.map((analysis) => [keyOfPlace(analysis), analysis]));
  return lives.map((life) => {
    const { project, iid } = life.rca ?? {};
    if (!life.rca || project === undefined || iid === undefined) return life;
    const { verified_at: verifiedAt, closed_at: closedAt } = byPlace.get(keyOfPlace({ project, iid })) ?? {};
    const rca = { ...life.rca, ...(closedAt === undefined ? {} : { closed_at: closedAt }) };
    if (verifiedAt === undefined || closedAt === undefined) delete rca.closed_at;
    return { ...life, rca };
  });
}

/** A history of what was read and what stays known: in order, within its time, with the people who occur. */
export function composeHistory(
  parts: Pick<History, 'incidents' | 'shifts' | 'follow_ups' | 'analyses'>,
  people: readonly User[],
  { bot, of, since, now }: Scope,
): History {
  const isWithin = ({ state, updated_at: at }: { state: string; updated_at: string }): boolean =>
    state === 'opened' || at >= since;
  const all = {
    incidents: withAnalyses(parts.incidents.filter(isWithin), parts.analyses).sort(byPlace),
    shifts: firstOfEach(parts.shifts.filter(({ updated_at: at }) => at >= since)),
    follow_ups: parts.follow_ups.filter(isWithin).sort(byPlace),
    analyses: parts.analyses.filter(isWithin).sort(byPlace),
  };
  const ids = idsIn(all);
  const known = [...new Map(people.map((user) => [user.id, user])).values()].sort((a, b) => a.id - b.id);
  const named = known.filter(({ id }) => ids.has(id)).map(({ id, username }) => ({ id, username }));
  return { version: 1, of, taken_at: now.toISOString(), since, bot, people: named, ...all };
}

function byPlace(a: { project: number; iid: number }, b: { project: number; iid: number }): number {
  return a.project - b.project || a.iid - b.iid;
}

/** Of two logs of one shift, which two runs created at once, the first counts. */
function firstOfEach(shifts: History['shifts']): History['shifts'] {
  const sorted = [...shifts].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : byPlace(a, b)));
  return sorted.filter(({ start }, index) => sorted[index - 1]?.start !== start);
}

const OF_PEOPLE = new Set(['by', 'from', 'to', 'owner', 'engineer', 'accepted_by', 'assignees']);

/** The ids of people that occur anywhere. */
function idsIn(value: unknown, key = ''): Set<number> {
  if (typeof value === 'number') return new Set(OF_PEOPLE.has(key) ? [value] : []);
  const inner: [string, unknown][] = Array.isArray(value)
    ? value.map((each: unknown) => [key, each])
    : Object.entries(value ?? {});
  const found = typeof value === 'object' ? inner : [];
  return new Set(found.flatMap(([name, each]) => [...idsIn(each, name)]));
}
