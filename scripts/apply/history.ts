import { composeHistory, hashOf, knownOf, sinceOf, type Scope } from '../decide/history.ts';
import { incidentsBehind } from '../decide/incident-behind.ts';
import type { LifeContext } from '../decide/life.ts';
import { resolverOf } from '../decide/references.ts';
import type { GitLab, Issue, User } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import { listPast } from '../read/past-lists.ts';
import type { History } from '../schema/types.gen.ts';
import { readLives, readShifts } from './history-lives.ts';
import type { Reading } from './history-reading.ts';
import { recordAnalyses, recordFollowUps } from './history-records.ts';

/** When it is, from when on to look (ISO 8601; by default the last 13 weeks), and what an earlier reading came to. */
export type HistoryOptions = {
  now: Date;
  since?: string;
  known?: History | undefined;
  progress?: (line: string) => void;
};

/** A history, and the issues of all kinds that GitLab listed for it: what is open, and what changed since then. */
export type TakenHistory = { history: History; issues: Issue[] };

/**
 * Reads what reports are made of (schemas/history.schema.json): a few lists, and three calls for each incident that changed
 * since the reading before; the others are taken over. What is closed and older than `since` is left out. Throws what the
 * lists and reads throw: half a history is none.
 */
export async function takeHistory(
  gitlab: GitLab,
  me: User,
  config: Installation,
  { now, since = sinceOf(now), known, progress = () => undefined }: HistoryOptions,
): Promise<TakenHistory> {
  const botIds = [me.id, ...config.bot.former_ids];
  const scope: Scope = { bot: me.id, of: hashOf(config), since, now };
  const before = knownOf(known, scope);
  const lists = await listPast(gitlab, config, since, botIds);
  const issues = [...lists.incidents, ...lists.followUps, ...lists.analyses, ...lists.logs];
  const people = new Map([...(before?.people ?? []), ...issues.flatMap(peopleOn)].map((user) => [user.id, user]));
  const reading: Reading = { gitlab, config, scope, lists, before, people, botIds };
  const context = contextOf(reading, issues);
  const incidents = await readLives(reading, context, progress);
  const shifts = await readShifts(reading, context);
  const behind = incidentsBehind(incidents, botIds);
  const followUps = await recordFollowUps(reading, behind);
  const analyses = await recordAnalyses(reading, behind);
  const parts = { incidents, shifts, follow_ups: followUps, analyses };
  return { history: composeHistory(parts, [...people.values()], scope), issues };
}

function peopleOn({ author, assignees, closedBy }: Issue): User[] {
  return [author, ...assignees, ...(closedBy ? [closedBy] : [])];
}

function contextOf({ before, people, botIds, config, scope }: Reading, issues: readonly Issue[]): LifeContext {
  const known = [...(before?.incidents ?? []), ...(before?.analyses ?? []), ...(before?.follow_ups ?? [])];
  const listed = issues.map(({ reference, projectId: project }) => ({ reference, project }));
  return {
    ...{ me: scope.bot, config, botIds, alertBots: config.alert_bots, people: [...people.values()] },
    resolve: resolverOf([...known, ...listed]),
  };
}
