import type { Issue, IssueRef, Source } from '../gitlab/port.ts';
import { analysisForm } from '../schema/rca-form.ts';
import type { Config } from '../schema/types.gen.ts';
import { placesOf } from './config.ts';
import { keyOf } from './keys.ts';
import { readRecord } from './record.ts';
import { isIncident } from './snapshot.ts';

const KEY = /^rca (\d{1,15})-(\d{1,10})$/;

/** The key of the root cause analysis of an incident, which its first line bears: `rca` and where the incident is. */
export function analysisKey({ projectId, iid }: IssueRef): string {
  return `rca ${projectId}-${iid}`;
}

/** The incident that an issue analyses by its first line. Anybody may have written that: see `isAnalysisIssue`. */
export function analysedBy({ description }: Pick<Issue, 'description'>): IssueRef | undefined {
  const [, projectId, iid] = KEY.exec(keyOf(description) ?? '') ?? [];
  return projectId === undefined ? undefined : { projectId: Number(projectId), iid: Number(iid) };
}

/**
 * Whether an issue is a root cause analysis, whose closing the gate may judge:
 * - one that the bot created, by its first line, or, where people took that away, by its label. Whoever else writes such a
 *   line has written text;
 * - one that people opened, by its label (which takes the role Reporter) and the heading of the root cause together: a label
 *   alone is on tasks of an analysis too, and those close as they like.
 *
 * An incident is none, whatever is written on it, nor is any other issue that the bot keeps. Where it must be is for the
 * caller to see: `analysisPlaces`.
 */
export function isAnalysisIssue(issue: Issue, botIds: readonly number[], config: Config): boolean {
  const { author, description, labels } = issue;
  if (isIncident(issue, config)) return false;
  const isOurs = botIds.includes(author.id);
  if (isOurs && keyOf(description) !== undefined) return analysedBy(issue) !== undefined;
  return labels.includes(config.rca.label) && (isOurs || hasRootCause(issue, config));
}

function hasRootCause({ description }: Issue, config: Config): boolean {
  return readRecord(description, config.time_zone, analysisForm()).sections.has('Root cause');
}

/** Where analyses are: the sources of the configuration, and the project that it names for them. */
export function analysisPlaces(config: Config): Source[] {
  return placesOf([config.rca.project], config);
}
