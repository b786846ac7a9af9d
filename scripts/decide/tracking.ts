import type { Snapshot } from '../read/snapshot.ts';
import type { Config } from '../schema/types.gen.ts';
import { NO_PART } from './merge.ts';
import { commandedOutcome } from './outcome-command.ts';
import type { Part } from './plan.ts';

/**
 * An incident that another issue already tracks (product.md: an existing issue keeps the record) is linked with it, which
 * GitLab shows on both. GitLab's own record says whether that was done.
 */
export function decideTracking(snapshot: Snapshot, config: Config): Part {
  const { issue, incident } = snapshot;
  const wanted = trackedIn(snapshot, config);
  if (incident === 'no' || wanted === undefined) return NO_PART;
  const full = fullReference(wanted, issue.reference);
  const isItself = full === issue.reference.toLowerCase();
  return full === undefined || isItself || isRelated(snapshot, full) ? NO_PART : { ...NO_PART, relate: [full] };
}

/** Whether GitLab's own record says that an issue is linked with another, which is named in full. */
export function isRelated({ issue, acts }: Pick<Snapshot, 'issue' | 'acts'>, full: string): boolean {
  return acts.some(
    ({ kind, username }) => kind === 'related' && full.toLowerCase() === fullReference(username, issue.reference),
  );
}

/** The reference of the issue that tracks this one, as its description or a command gives it. */
export function trackedIn(snapshot: Snapshot, config: Config): string | undefined {
  const outcome = snapshot.read.record.outcome ?? commandedOutcome(snapshot, config);
  return outcome?.kind === 'tracked in' ? outcome.tracked_in : undefined;
}

/** `#12`, `other#12` or `group/project#12` as GitLab shows it beside an issue, in full and in small letters. */
export function fullReference(reference: string, beside: string): string | undefined {
  const match = /^([\w./-]*)#(\d+)$/.exec(reference.trim());
  if (!match) return undefined;
  const [, path = '', iid = ''] = match;
  const project = beside.replace(/#\d+$/, '');
  const full =
    path === '' ? project : path.includes('/') ? path : `${project.slice(0, project.lastIndexOf('/') + 1)}${path}`;
  return `${full}#${iid}`.toLowerCase();
}
