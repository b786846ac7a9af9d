import type { Issue } from '../gitlab/port.ts';
import { isSameUser } from '../read/people.ts';
import { isIncident, type Snapshot } from '../read/snapshot.ts';
import type { AckFacts } from '../schema/types.gen.ts';
import { isDay } from './day.ts';
import { DONE, isAwaited, isPaged } from './duty.ts';
import { call, NO_PART } from './merge.ts';
import { engineerOnCall } from './on-call.ts';
import type { Part } from './plan.ts';
import { reviewsOf } from './review.ts';
import { hasRoster, type RosterConfig } from './roster.ts';

const DAY_MS = 24 * 3_600_000;
const SLOT = 'on-call';

/**
 * Since when an issue may have come on call without the engineer's having been told, if that is worth a read: by day, and
 * for what is no page that somebody is waited for.
 */
export function announcedSince(issue: Issue, config: RosterConfig, now: Date): string | undefined {
  const { review } = config;
  const isOnCall = issue.state === 'opened' && issue.labels.includes(review.label);
  if (review.mode !== 'enforce' || !isOnCall || !hasRoster(config) || !isDay(now, config)) return undefined;
  const since = new Date(now.getTime() - DAY_MS).toISOString();
  if (issue.updatedAt < since) return undefined;
  const isFresh = issue.createdAt >= since && !issue.labels.includes(DONE);
  const isWaiting = isFresh || isAwaited(issue.labels);
  return isIncident(issue, config) && isWaiting ? undefined : since;
}

/**
 * An issue newly on call, that is no page, is announced to the engineer once (product.md, "The duty"), by day. Whoever put it
 * on call, looked at it since, or took the page after that, knows already.
 */
export function decideAnnouncement(snapshot: Snapshot, facts: AckFacts, config: RosterConfig, now: Date): Part {
  const { issue, marked, labelledAt, labelledBy } = snapshot;
  const since = announcedSince(issue, config, now);
  if (since === undefined || labelledAt === undefined || labelledAt < since) return NO_PART;
  if (marked.some(({ slot }) => slot === SLOT)) return NO_PART;
  const isPage = isPaged(snapshot, config, now) && (facts.at === undefined || facts.at >= labelledAt);
  const [tell] = engineerOnCall(config, now);
  if (isPage || tell === undefined || (labelledBy && isSameUser(labelledBy.username, tell))) return NO_PART;
  if (reviewsOf(snapshot, config).some(({ at }) => at >= labelledAt)) return NO_PART;
  return { ...NO_PART, comment: call(SLOT, 'call', { at: labelledAt }, { words: 'on-call', tell }) };
}
