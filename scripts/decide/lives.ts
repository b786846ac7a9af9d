import type { Config, History, Life } from '../schema/types.gen.ts';
import { isIn, minutesBetween, type Period } from './clocks.ts';
import { ACK_LABELS } from './duty.ts';

/** How long an incident took, in minutes from its page; without what is not known, or out of order, or not asked of it. */
export type LifeClocks = Record<'acknowledge' | 'own' | 'mitigate' | 'resolve', number | undefined>;

/** A closing; without its event where GitLab has the time alone. */
export type Close = { at: string; by?: number; source?: number };

const ELSEWHERE = ['false positive', 'duplicate', 'tracked in', 'transferred'];

/** User ids of the bot, the accounts that it had before included. */
export function botsOf({ bot }: History, config: Config): readonly number[] {
  return [bot, ...config.bot.former_ids];
}

/** Somebody's user name, where it is known. */
export function nameIn({ people }: History, id: number | undefined): string | undefined {
  return people.find((person) => person.id === id)?.username;
}

/** Somebody's user name; `user 12`, which none can be called, where it is not known. */
export function nameOf(id: number, history: History): string {
  return nameIn(history, id) ?? `user ${id}`;
}

/** The same, where somebody may not be on record at all. */
export function whoIs(id: number | undefined, history: History): string | null {
  return id === undefined ? null : nameOf(id, history);
}

/** What the numbers of a period are made of: incidents paged or first closed in it, or open at its end; by project and number. */
export function livesIn(lives: readonly Life[], period: Period, now: Date, bots: readonly number[]): Life[] {
  const end = now < period.to ? now : period.to;
  return lives
    .filter((life) => isIn(life.paged_at, period) || isIn(firstCloseOf(life, bots)?.at, period) || isOpenAt(life, end))
    .sort((a, b) => a.project - b.project || a.iid - b.iid);
}

/** All clocks of an incident. What was no incident, or went elsewhere, was acknowledged, but is neither mitigated nor resolved. */
export function clocksOf(life: Life, bots: readonly number[]): LifeClocks {
  const { paged_at: page, acknowledged, owned, mitigated_at: mitigated } = life;
  const isResolved = !isElsewhere(life);
  return {
    acknowledge: minutesBetween(page, acknowledged?.at),
    own: minutesBetween(page, owned?.at),
    mitigate: isResolved ? minutesBetween(page, mitigated) : undefined,
    resolve: isResolved ? minutesBetween(page, firstCloseOf(life, bots)?.at) : undefined,
  };
}

/**
 * The first closing by a person, or by the bot for somebody who commanded it. All that the bot closes by itself are
 * duplicates of pages, which are exempt.
 */
export function firstCloseOf(life: Life, bots: readonly number[]): Close | undefined {
  return closesOf(life).find(({ by }) => by === undefined || !bots.includes(by) || !isExempt(life));
}

/** Each closing, oldest first. */
export function closesOf({ closes, closed_at: closedAt }: Life): Close[] {
  return closes.length === 0 && closedAt !== undefined ? [{ at: closedAt }] : closes;
}

/** Whether an incident was open just before a moment: it was there, and no closing came last. */
export function isOpenAt(life: Life, moment: Date): boolean {
  const isBefore = ({ at }: { at: string }): boolean => Date.parse(at) < moment.getTime();
  if (!isBefore({ at: life.created_at })) return false;
  const closes = closesOf(life).map((act) => ({ ...act, isClose: true }));
  const reopens = life.reopens.map((act) => ({ ...act, isClose: false }));
  const acts = [...closes, ...reopens].filter(isBefore);
  const [last] = acts.sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || (b.source ?? 0) - (a.source ?? 0));
  return !last?.isClose;
}

/** Whether GitLab shows why it is exempt: a duplicate, a move, a recovered alert. An override is another thing. */
export function isExempt({ exemption, gate, labels }: Life): boolean {
  if (exemption !== undefined) return exemption !== 'OVERRIDDEN';
  return gate === 'exempt' || (gate === undefined && labels.includes('closure::exempt'));
}

/** Whether somebody was to acknowledge it: somebody did, or it was escalated, or its label says so. */
export function isPaged({ acknowledged, escalations, labels }: Life): boolean {
  return acknowledged !== undefined || escalations.length > 0 || labels.some((label) => ACK_LABELS.includes(label));
}

/** Whether the gate reopened it at least once. */
export function isReopened({ reopens }: Life): boolean {
  return reopens.some(({ by_gate: byGate }) => byGate);
}

function isElsewhere(life: Life): boolean {
  return isExempt(life) || (life.outcome !== undefined && ELSEWHERE.includes(life.outcome));
}
