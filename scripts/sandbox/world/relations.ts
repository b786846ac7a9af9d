import { canSee, levelOf } from './access.ts';
import { setState } from './changes.ts';
import { withoutCode } from './extractor.ts';
import { LEVEL, type Account, type IssueLink, type Project, type StoredIssue } from './records.ts';
import { writeSystemNote } from './system-notes.ts';
import type { World } from './world.ts';

/** How an issue is named from a project: `#12`, or `group/project#12` from elsewhere. */
function referenceTo(world: World, issue: StoredIssue, from: { projectId: number }): string {
  return issue.projectId === from.projectId ? `#${issue.iid}` : `${world.projectOf(issue).path}#${issue.iid}`;
}

/** The issue that `#12` or `group/project#12` names, if the reader may see it. */
export function referred(
  world: World,
  reader: Account,
  from: { projectId: number },
  text: string,
): StoredIssue | undefined {
  const match = /^([\w./-]+)?#(\d+)$/.exec(text.trim());
  const project = match?.[1] === undefined ? world.projectOf(from) : world.projectAt(match[1]);
  const issue = match && project && world.issue(project.id, Number(match[2]));
  return issue && canSee(world, reader, issue) ? issue : undefined;
}

/** Links two issues, once. Source: app/services/issue_links/create_service.rb. */
export function relate(world: World, actor: Account, issue: StoredIssue, target: StoredIssue): IssueLink | undefined {
  if (issue === target || linkBetween(world, issue, target)) return undefined;
  writeSystemNote(world, actor, issue, `marked this issue as related to ${referenceTo(world, target, issue)}`);
  writeSystemNote(world, actor, target, `marked this issue as related to ${referenceTo(world, issue, target)}`);
  const link = { id: world.nextId(), issueId: issue.id, targetId: target.id, createdAt: world.now() };
  return world.links.add({ ...link, type: 'relates_to' });
}

/** The links of an issue, whichever end it is. */
export function linksOf(world: World, issue: StoredIssue): { link: IssueLink; other: StoredIssue }[] {
  const all = world.links.all.filter(({ issueId, targetId }) => issueId === issue.id || targetId === issue.id);
  return all.flatMap((link) => {
    const other = world.issueById(link.issueId === issue.id ? link.targetId : link.issueId);
    return other ? [{ link, other }] : [];
  });
}

function linkBetween(world: World, one: StoredIssue, two: StoredIssue): IssueLink | undefined {
  return linksOf(world, one).find(({ other }) => other === two)?.link;
}

/** Closes towards another issue. Source: app/services/issues/duplicate_service.rb. */
export function markDuplicate(world: World, actor: Account, issue: StoredIssue, target: StoredIssue): void {
  writeSystemNote(world, actor, issue, `marked this issue as a duplicate of ${referenceTo(world, target, issue)}`);
  writeSystemNote(world, actor, target, `marked ${referenceTo(world, issue, target)} as a duplicate of this issue`);
  setState(world, actor, issue, 'closed');
  issue.duplicatedToId = target.id;
  relate(world, actor, issue, target);
}

/**
 * Moves an issue: a new one in the other project, with its comments and those labels that are known there; the old one is
 * closed. Source: GitLab docs, user/project/issues/managing_issues, move; app/services/issues/move_service.rb.
 */
export function moveIssue(world: World, actor: Account, issue: StoredIssue, target: Project): StoredIssue | undefined {
  if (levelOf(actor, target) < LEVEL.reporter || target.id === issue.projectId || issue.movedToId !== null)
    return undefined;
  const labels = issue.labels.filter((name) => world.labelOf(target, name));
  const iid = target.nextIid;
  target.nextIid += 1;
  const at = world.now();
  const copy = { ...structuredClone(issue), id: world.nextId(), iid, projectId: target.id, labels, updatedAt: at };
  const moved = world.addIssue({ ...copy, state: 'opened', closedAt: null, closedById: null });
  for (const note of [...world.notes.of(issue)]) world.notes.add({ ...note, id: world.nextId(), issueId: moved.id });
  writeSystemNote(world, actor, moved, `moved from ${referenceTo(world, issue, moved)}`);
  writeSystemNote(world, actor, issue, `moved to ${referenceTo(world, moved, issue)}`);
  issue.movedToId = moved.id;
  setState(world, actor, issue, 'closed');
  world.tell({ kind: 'issue', issue: moved, actorId: actor.id, action: 'open', before: undefined });
  return moved;
}

/** Notes on each issue that a text names, once for each that names it. Source: app/models/concerns/mentionable.rb. */
export function crossReference(world: World, author: Account, from: StoredIssue, text: string): void {
  for (const [name] of withoutCode(text).matchAll(/(?<![\w/&])(?:[\w./-]+)?#\d+\b/g)) {
    const target = referred(world, author, from, name);
    if (!target || target === from) continue;
    const body = `mentioned in issue ${referenceTo(world, from, target)}`;
    if (!world.notes.of(target).some((note) => note.system && note.body === body)) {
      writeSystemNote(world, author, target, body);
    }
  }
}
