import type { Issue } from '../gitlab/port.ts';
import { analysedBy } from '../read/analyses.ts';
import { followedIncident } from '../read/follow-ups.ts';
import type { Life } from '../schema/types.gen.ts';

/** An issue by its project and number, as the history has them. */
type Place = { project: number; iid: number };

/** What an incident tells of an issue that came of it. */
export type Behind = { incident: Place; severity?: Life['severity']; kind?: string; due_on?: string };

/** Whether the bot created an issue on account of an incident, so that its labels are as old as itself. */
export function isCreatedByUs(issue: Issue, botIds: readonly number[]): boolean {
  return botIds.includes(issue.author.id) && incidentOf(issue) !== undefined;
}

/** The incident that the key of an issue names. */
function incidentOf(issue: Issue): Place | undefined {
  const named = followedIncident(issue) ?? analysedBy(issue);
  return named && { project: named.projectId, iid: named.iid };
}

/**
 * From which incident a follow-up or an analysis comes: by the incident that tells of it, else by the key that the bot gave
 * it when it created it.
 */
export function incidentsBehind(
  lives: readonly Life[],
  botIds: readonly number[],
): (issue: Issue) => Behind | undefined {
  const byPlace = new Map(lives.map((life) => [keyOfPlace(life), life]));
  const told = new Map(lives.flatMap((life) => toldBy(life).map((behind) => [behind.key, behind.of] as const)));
  return (issue) => {
    const known = told.get(keyOfPlace({ project: issue.projectId, iid: issue.iid }));
    const incident = botIds.includes(issue.author.id) ? incidentOf(issue) : undefined;
    if (known || !incident) return known;
    return { incident, ...severityOf(byPlace.get(keyOfPlace(incident))) };
  };
}

/** Each issue that an incident tells of. */
function toldBy(life: Life): { key: string; of: Behind }[] {
  const incident = { project: life.project, iid: life.iid };
  const base = { incident, ...severityOf(life) };
  const followed = life.follow_ups.map(({ kind, ...place }) => {
    return { key: keyOfPlace(place), of: { ...base, ...(kind === undefined ? {} : { kind }) } };
  });
  const { project, iid, due_on: dueOn } = life.rca ?? {};
  if (project === undefined || iid === undefined) return followed;
  return [...followed, { key: keyOfPlace({ project, iid }), of: { ...base, ...(dueOn ? { due_on: dueOn } : {}) } }];
}

function severityOf(life: Life | undefined): Pick<Behind, 'severity'> {
  return life?.severity === undefined ? {} : { severity: life.severity };
}

/** What tells an issue of the history from all others. */
export function keyOfPlace({ project, iid }: Place): string {
  return `${project}#${iid}`;
}
