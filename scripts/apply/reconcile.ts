import { decideGate } from '../decide/gate.ts';
import type { Finding } from '../decide/plan.ts';
import type { GitLab, Issue, Source, User } from '../gitlab/port.ts';
import type { Event } from '../read/event.ts';
import { sourcesOf } from '../read/config.ts';
import { readSnapshot } from '../read/snapshot.ts';
import type { Config } from '../schema/types.gen.ts';
import { applyActions } from './apply.ts';
import { describe, difference } from './difference.ts';

/** What a run works with. */
export type Tools = { gitlab: GitLab; config: Config; now: Date; dryRun: boolean; commit: string | undefined };

/** What became of an incident in a run. */
export type Reconciled = { issue: Issue; finding: Finding; actions: string[]; bodies: string[]; warnings: string[] };

/** What became of an event: an incident was looked at, or there was nothing to look at. */
export type Handled = { incident: Reconciled } | { nothing: string };

/** Reads an incident as it stands, decides what must be true of it, and makes it so. */
export async function reconcile(issue: Issue, me: User, tools: Tools): Promise<Reconciled> {
  const { gitlab, config, now, dryRun, commit } = tools;
  const snapshot = await readSnapshot(gitlab, issue, me, config);
  const { plan, finding } = decideGate(snapshot, config, now, commit);
  const actions = difference(plan, snapshot);
  if (!dryRun) await applyActions(actions, issue, me, gitlab);
  const bodies = actions.flatMap((action) => ('body' in action ? [action.body] : []));
  return { issue, finding, actions: actions.map(describe), bodies, warnings: snapshot.warnings };
}

/** Reconciles the issue that an event names, if it is ours to look at. What the event says is a hint; GitLab is asked. */
export async function reconcileEvent(event: Event, tools: Tools): Promise<Handled> {
  if (event.kind === 'nothing') return { nothing: event.reason };
  const { gitlab, config } = tools;
  const sources = sourcesOf(config);
  const outside = `project ${event.ref.projectId} is not among the sources of the configuration`;
  if (sources.every(({ kind, id }) => kind === 'project' && typeof id === 'number' && id !== event.ref.projectId)) {
    return { nothing: outside };
  }
  const me = await gitlab.me();
  if (event.userId !== undefined && [me.id, ...config.bot.former_ids].includes(event.userId)) {
    return { nothing: 'caused by the bot itself' };
  }
  const issue = await gitlab.issue(event.ref);
  if (!issue)
    return {
      nothing: `project ${event.ref.projectId} shows no issue ${event.ref.iid}: deleted, or the bot may not see it`,
    };
  if (!(await isWatched(issue, sources, gitlab))) return { nothing: outside };
  return { incident: await reconcile(issue, me, tools) };
}

async function isWatched(issue: Issue, sources: readonly Source[], gitlab: GitLab): Promise<boolean> {
  const path = issue.reference.replace(/#\d+$/, '').toLowerCase();
  for (const { kind, id } of sources) {
    if (kind === 'project' && (id === issue.projectId || String(id).toLowerCase() === path)) return true;
    if (kind === 'group') {
      const group = typeof id === 'number' ? await gitlab.groupPath(id) : id;
      if (path.startsWith(`${group.toLowerCase()}/`)) return true;
    }
  }
  return false;
}
