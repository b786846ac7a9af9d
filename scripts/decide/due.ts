import type { Issue } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import { readRecord } from '../read/record.ts';
import { severityOfLabel } from '../read/values.ts';
import { announcedSince } from './announcement.ts';
import { isDay } from './day.ts';
import { DONE, isAwaited, isOnDuty } from './duty.ts';
import { ladderFor } from './escalation.ts';
import { lastWindow } from './review.ts';
import type { Level } from './severity.ts';
import { cadenceFor, mayRemind, UPDATE_DUE } from './updates.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
/** For how long a page that nobody took climbs its ladder. */
export const LADDER_MS = 2 * DAY_MS;
/** `updated_at` may lag a comment by a minute. Source: platform sheet; architecture.md, "State". */
const LAG_MS = 60_000;

/**
 * Whether something may have become due for an open issue since anybody last touched it, by what a list alone tells of it:
 * a step of the ladder, a stakeholder update, a review. What was acted upon was touched, and is not due again.
 */
export function isDue(issue: Issue, config: Installation, now: Date, lookBackMs: number): boolean {
  if (!isOnDuty(config) || issue.state === 'closed') return false;
  const touchedMs = Date.parse(issue.updatedAt) + LAG_MS;
  const isNews = (dueMs: number): boolean => dueMs <= now.getTime() && dueMs > touchedMs - 2 * LAG_MS;
  return (
    stepsDue(issue, config, now).some(isNews) ||
    isNews(updateDue(issue, config, now)) ||
    isReviewDue(issue, config, now, lookBackMs) ||
    isAnnouncementDue(issue, config, now, lookBackMs)
  );
}

/**
 * Since when (ISO 8601) an issue waits to be looked at: since it was closed, or touched of late, or a step or an update became
 * due after that; what waits for another reason does so for no longer than `lookBackMs`.
 */
export function waitsSince(issue: Issue, config: Installation, now: Date, lookBackMs: number): string {
  const { state, closedAt, updatedAt } = issue;
  if (state === 'closed') return closedAt ?? updatedAt;
  const [nowMs, touchedMs] = [now.getTime(), Date.parse(updatedAt)];
  const dueMs = isOnDuty(config) ? [...stepsDue(issue, config, now), updateDue(issue, config, now)] : [];
  const since = dueMs.filter((ms) => ms <= nowMs && ms > touchedMs - LAG_MS);
  if (since.length === 0 || touchedMs >= nowMs - lookBackMs) since.push(Math.max(touchedMs, nowMs - lookBackMs));
  return new Date(Math.min(...since)).toISOString();
}

/** What came on call by night is announced as soon as it is day. */
function isAnnouncementDue(issue: Issue, config: Installation, now: Date, lookBackMs: number): boolean {
  const wasNight = !isDay(new Date(now.getTime() - lookBackMs), config);
  return wasNight && announcedSince(issue, config, now) !== undefined;
}

/** When the steps of the ladder are due for a page that nobody has acknowledged yet; ms since 1970. */
function stepsDue({ labels, createdAt }: Issue, config: Installation, now: Date): number[] {
  const openedMs = Date.parse(createdAt);
  if (labels.includes(DONE) || now.getTime() - openedMs > LADDER_MS) return [];
  if (!isAwaited(labels) && now.getTime() - openedMs > DAY_MS) return [];
  return [1, 2, 3, 4].flatMap((severity) =>
    ladderFor(config, severity as Level).map(({ after_minutes: minutes }) => openedMs + minutes * MINUTE_MS),
  );
}

/**
 * When an update will be due that nobody gave since the issue was last touched; never for what nobody owns, what is paperwork
 * or tracked elsewhere, nor, once it is labelled, while nobody is to be reminded.
 */
function updateDue(issue: Issue, config: Installation, now: Date): number {
  const { labels, updatedAt, description } = issue;
  if (!labels.includes(DONE) || labels.includes('closure::blocked')) return Number.POSITIVE_INFINITY;
  const { record } = readRecord(description, config.time_zone, config.form);
  const severity = severityOf(issue, record.severity);
  const minutes = cadenceFor(config, severity);
  const isTracked = record.outcome?.kind === 'tracked in';
  const isSettled = labels.includes(UPDATE_DUE) && !mayRemind(config, severity, now);
  return minutes === 0 || isTracked || isSettled
    ? Number.POSITIVE_INFINITY
    : Date.parse(updatedAt) + minutes * MINUTE_MS;
}

/** The highest severity that a list alone shows of an issue: by its labels, GitLab's own and its description. */
export function severityShown(issue: Issue, config: Installation): Level | undefined {
  return severityOf(issue, readRecord(issue.description, config.time_zone, config.form).record.severity);
}

/** The same, of a description that is read already: `written` is its severity. */
export function severityOf({ labels, severity }: Issue, written: unknown): Level | undefined {
  const levels = [...labels.map(severityOfLabel), severity, typeof written === 'number' ? written : undefined];
  const known = levels.filter((level) => level !== undefined);
  return known.length > 0 ? (Math.min(...known) as Level) : undefined;
}

/**
 * A review is looked at as soon as a window ends in which nobody touched the issue, and, where somebody did or it is due
 * already, by the sweeps right after the window, since a touch is no look.
 */
function isReviewDue(
  { labels, createdAt, updatedAt }: Issue,
  config: Installation,
  now: Date,
  lookBackMs: number,
): boolean {
  if (config.review.mode === 'off' || !labels.includes(config.review.label) || labels.includes('closure::blocked'))
    return false;
  const window = lastWindow(config, now);
  if (!window || createdAt >= window.start) return false;
  const isFresh = now.getTime() - Date.parse(window.end) <= lookBackMs;
  return isFresh || (!labels.includes('review::due') && updatedAt < window.start);
}
