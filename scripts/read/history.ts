import { LEVELS } from '../gitlab/levels.ts';
import type { Issue, Note, Questions, User } from '../gitlab/port.ts';
import type { Config } from '../schema/types.gen.ts';
import { factsOf, readMarkers } from './markers.ts';
import { isIncident, type DuplicateTarget, type Snapshot } from './snapshot.ts';
import { severityOfLabel } from './values.ts';

/** The label that silences Watchkeeper for an issue, once a Maintainer has set it. */
const OFF_LABEL = 'watchkeeper::off';

/**
 * When, and by whom, a label was last added since the earliest of some times; what was not touched since then was not
 * labelled since then.
 */
export async function labelledSince(
  gitlab: Questions,
  issue: Issue,
  label: string,
  times: readonly (string | undefined)[],
): Promise<Pick<Snapshot, 'labelledAt' | 'labelledBy'>> {
  const [since] = times.filter((time) => time !== undefined).sort();
  if (since === undefined || issue.updatedAt < since) return { labelledAt: undefined };
  const events = await gitlab.labelEvents(issue);
  const added = events.filter((event) => event.action === 'add' && event.label === label && event.createdAt >= since);
  const last = added.at(-1);
  return { labelledAt: last?.createdAt, ...(last?.user ? { labelledBy: last.user } : {}) };
}

/** The highest severity by GitLab's own notes on that field. Source: GitLab's system notes, severity of incidents. */
export function notedSeverity(notes: readonly Note[]): number | undefined {
  const changed = /^changed the severity to \*\*.{1,40} - S([1-4])\*\*/;
  const levels = notes.flatMap(({ system, body }) => (system ? (changed.exec(body)?.[1] ?? []) : []));
  return levels.length > 0 ? Math.min(...levels.map(Number)) : undefined;
}

/**
 * What a low severity was before the gate had facts of its own, by the history of its labels. It costs a read, so it is
 * asked for only where an incident would be verified; `undefined` where there is nothing to ask.
 */
export async function readHistory(gitlab: Questions, snapshot: Snapshot): Promise<Snapshot | undefined> {
  const { issue, gate, formerSeverity } = snapshot;
  if (gate || !issue.labels.some((label) => (severityOfLabel(label) ?? 0) > 2)) return undefined;
  const events = await gitlab.labelEvents(issue);
  const levels = events.flatMap(({ label }) => severityOfLabel(label ?? '') ?? []);
  return { ...snapshot, formerSeverity: Math.min(formerSeverity ?? 4, ...levels) };
}

/** A target that cannot be read gets the benefit of the doubt; one that is exempt itself would end the trail. */
export async function readDuplicate(
  gitlab: Questions,
  issue: Issue,
  me: User,
  config: Config,
): Promise<DuplicateTarget | undefined> {
  if (!issue.isDuplicate) return undefined;
  const target = issue.duplicateOf && (await gitlab.issue(issue.duplicateOf));
  if (!target) return { reference: '', isIncident: true, isExempt: false };
  const native = target.isDuplicate || target.movedToId !== undefined;
  const isExempt =
    native || (target.labels.includes('closure::exempt') && (await isMarkedExempt(gitlab, target, me, config)));
  return { reference: target.reference, isIncident: isIncident(target, config), isExempt };
}

async function isMarkedExempt(gitlab: Questions, target: Issue, me: User, config: Config): Promise<boolean> {
  const marked = readMarkers(await gitlab.notes(target), me, config.bot.former_ids);
  return factsOf('gate', marked).facts?.state === 'exempt';
}

/** Whether a Maintainer has silenced Watchkeeper for an issue. */
export async function isOff(gitlab: Questions, issue: Issue, warnings: string[]): Promise<boolean> {
  if (!issue.labels.includes(OFF_LABEL)) return false;
  const events = await gitlab.labelEvents(issue);
  const setBy = events.filter(({ action, label }) => action === 'add' && label === OFF_LABEL).at(-1)?.user;
  if (setBy && (await gitlab.accessLevel(issue.projectId, setBy.id)) >= LEVELS.maintainer) return true;
  warnings.push(`the label ${OFF_LABEL} was not set by a Maintainer and does not count`);
  return false;
}
