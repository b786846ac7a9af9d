import { isRelated } from '../decide/tracking.ts';
import { NotFound } from '../gitlab/errors.ts';
import type { Issue, NewIssue } from '../gitlab/port.ts';
import { projectNotThere } from '../read/config.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { Target } from './apply.ts';
import { closeDuplicates, createOnce, type Keeper } from './keyed.ts';
import type { Tools } from './reconcile.ts';

/** An incident from which issues follow, and what a run works with. */
export type Work = { snapshot: Snapshot; tools: Tools; target: Target };

/** An issue that is to follow from an incident; `assignee` is a user name, `option` the one that names its project. */
export type Following = Omit<NewIssue, 'assigneeIds' | 'isIncident'> & {
  project: number | string;
  option: 'follow_ups.project' | 'rca.project';
  assignee: string | undefined;
};

/** Opens an issue that follows from an incident, once, by its key, and links the two. */
export async function openFollowing(key: string, following: Following, work: Work): Promise<Issue> {
  const { project, option, assignee: name, ...described } = following;
  const { gitlab, config, bounds } = work.tools;
  const keeper: Keeper = {
    ...{ gitlab, me: work.target.me, formerIds: config.bot.former_ids, sleep: bounds.sleep },
    project: { kind: 'project', id: project },
  };
  const assignee = name === undefined ? undefined : await gitlab.userNamed(name);
  const assigneeIds = assignee ? [assignee.id] : [];
  const describe = (): NewIssue => ({ ...described, assigneeIds, isIncident: false });
  const all = await createOnce(key, describe, keeper).catch((error: unknown) => {
    if (!(error instanceof NotFound)) throw error;
    throw projectNotThere(project, option, error);
  });
  await closeDuplicates(all, keeper);
  await linkWith(all[0], work);
  return all[0];
}

/** Links an incident with what follows from it, unless GitLab says that it is. */
export async function linkWith(other: Issue, { snapshot, tools, target }: Work): Promise<void> {
  if (!isRelated(snapshot, other.reference)) await tools.gitlab.relate(target.issue, other);
}
