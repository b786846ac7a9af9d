import type { Emoji, Issue } from '../gitlab/port.ts';
import { isSameUser } from '../read/people.ts';
import { EYES, type Remarked, type Snapshot } from '../read/snapshot.ts';
import type { Around } from './duty.ts';
import { NO_PART } from './merge.ts';
import type { Part } from './plan.ts';
import { mayCommand } from './rights.ts';
import { hasRoster, shiftsBetween, windowsOf, type RosterConfig, type Shift } from './roster.ts';

const DAY_MS = 24 * 3_600_000;
const LABEL = 'review::due';

/** A review window and whose shift it belongs to; ISO 8601 in UTC, the user name without its @. */
export type ReviewWindow = { start: string; end: string; engineer: string };

/** Who looked at an issue, when, and what shows it. */
export type Review = { by: string; at: string; what: 'comment' | 'command' | 'emoji' };

/** The review windows that end in (from, to], in order; their times in the form of GitLab's, so that they compare as text. */
export function windowsEnding(config: RosterConfig, from: Date, to: Date): ReviewWindow[] {
  const [since, until] = [from.toISOString(), to.toISOString()];
  return shiftsBetween(config, new Date(from.getTime() - 1), to)
    .flatMap((shift) => reviewWindows(config, shift))
    .filter(({ end }) => end > since && end <= until);
}

/** The review windows of a shift, in order; their times in the form of GitLab's. */
export function reviewWindows(config: RosterConfig, shift: Shift): ReviewWindow[] {
  return windowsOf(config, shift).map(({ start, end }) => ({
    ...{ start: new Date(start).toISOString(), end: new Date(end).toISOString() },
    engineer: shift.engineer,
  }));
}

/** The review window that ended last; none without a roster. */
export function lastWindow(config: RosterConfig, now: Date): ReviewWindow | undefined {
  return hasRoster(config) ? windowsEnding(config, new Date(now.getTime() - 4 * DAY_MS), now).at(-1) : undefined;
}

/**
 * Since when an issue is to be read for its review, if its emoji are to be read at all: while it is due, and, where nobody
 * woke us for it, when it may have become due in the window that ended last.
 */
export function reviewSince(issue: Issue, config: RosterConfig, now: Date, isSweep: boolean): string | undefined {
  if (config.review.mode === 'off' || issue.state === 'closed' || !issue.labels.includes(config.review.label))
    return undefined;
  const window = lastWindow(config, now);
  if (!window || (!isSweep && !issue.labels.includes(LABEL))) return undefined;
  // By day the digests of a night, and of the evening before it, are told too.
  return windowsEnding(config, new Date(now.getTime() - DAY_MS), now)[0]?.start ?? window.start;
}

/**
 * The review of issues on call (product.md: at least twice a shift): an issue that nobody looked at in the window that
 * ended last, nor since, is due. A look is a comment or an eyes emoji by the engineer on call, or `/reviewed`. What is mere
 * paperwork is not reviewed.
 */
export function decideReview(
  snapshot: Snapshot,
  config: RosterConfig,
  { now, isPaperwork }: Pick<Around, 'now' | 'isPaperwork'>,
): Part {
  const { issue, emojis, labelledAt } = snapshot;
  if (config.review.mode === 'off' || !hasRoster(config)) return NO_PART;
  const isOnCall = issue.state === 'opened' && issue.labels.includes(config.review.label);
  const window = isOnCall && !isPaperwork ? lastWindow(config, now) : undefined;
  if (!window) return { labels: { present: [], absent: [LABEL] } };
  // Unread emoji may show a look: what stands, stands.
  if (emojis === undefined) return NO_PART;
  const isNew = issue.createdAt >= window.start || (labelledAt ?? '') >= window.start;
  const isSeen = reviewsOf(snapshot, config).some(({ at }) => at >= window.start);
  return isNew || isSeen ? { labels: { present: [], absent: [LABEL] } } : { labels: { present: [LABEL], absent: [] } };
}

/** Who looked at an issue on call, oldest first. */
export function reviewsOf({ issue, comments, emojis = [], commands, done }: Snapshot, config: RosterConfig): Review[] {
  if (!issue.labels.includes(config.review.label)) return [];
  const isEngineer = (username: string, at: string): boolean =>
    shiftsBetween(config, new Date(at), new Date(Date.parse(at) + 1)).some(({ engineer }) =>
      isSameUser(engineer, username),
    );
  const looks = [
    ...comments.map(({ author, at }: Remarked) => ({ by: author.username, at, what: 'comment' as const })),
    ...emojis
      .filter(({ name }: Emoji) => name === EYES)
      .map(({ user, createdAt }: Emoji) => ({ by: user.username, at: createdAt, what: 'emoji' as const })),
  ].filter(({ by, at }) => isEngineer(by, at));
  const allowed = [...done, ...commands.filter((command) => mayCommand(command, config))];
  const commanded = allowed
    .filter(({ name }) => name === 'reviewed')
    .map(({ author, at }) => ({ by: author.username, at, what: 'command' as const }));
  return [...looks, ...commanded].sort((a, b) => (a.at < b.at ? -1 : 1));
}
