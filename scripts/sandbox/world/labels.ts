import { dropLists } from './boards.ts';
import { ApiError } from './errors.ts';
import { projectsIn } from './groups.ts';
import type { Account, Group, Label, Project, StoredIssue } from './records.ts';
import type { World } from './world.ts';

const COLOR = '#6699cc';

/**
 * Sets an issue's labels and writes an event for each that came or went. Unknown ones are created, and siblings of a scope
 * stay: labels are exclusive on paid tiers only. Source: platform sheet, traps 12.
 */
export function setLabels(world: World, actor: Account, issue: StoredIssue, names: readonly string[]): void {
  const wanted = [...new Set(names)];
  const project = world.projectOf(issue);
  for (const name of wanted) if (!world.labelOf(project, name)) addLabel(world, project, { name });
  const log = (label: string, action: 'add' | 'remove'): void => {
    const change = { id: world.nextId(), issueId: issue.id, userId: actor.id, action, label, createdAt: world.now() };
    world.labelChanges.add(change);
  };
  for (const name of wanted.filter((one) => !issue.labels.includes(one))) log(name, 'add');
  for (const name of issue.labels.filter((one) => !wanted.includes(one))) log(name, 'remove');
  issue.labels = wanted;
}

/** Throws 409 where the project or a group above it has it. Source: lib/api/helpers/label_helpers.rb. */
export function createLabel(world: World, project: Project, label: Partial<Label> & { name: string }): Label {
  if (world.labelOf(project, label.name)) throw new ApiError(409, { message: 'Label already exists' });
  return addLabel(world, project, label);
}

/** Renaming takes the issues with it, and the events that name it. */
export function editLabel(world: World, project: Project, label: Label, changes: Partial<Label>): void {
  const { name: before } = label;
  Object.assign(label, changes);
  if (label.name === before) return;
  project.labels.delete(before);
  project.labels.set(label.name, label);
  const rename = (name: string): string => (name === before ? label.name : name);
  for (const issue of issuesOf(world, project)) {
    issue.labels = issue.labels.map(rename);
    for (const change of world.labelChanges.of(issue)) change.label = rename(change.label);
  }
}

/** Takes a label off the project and off its issues, without a word to anybody; events keep standing, with no label. */
export function deleteLabel(world: World, project: Project, label: Label): void {
  project.labels.delete(label.name);
  dropLists(project.boards, label);
  for (const issue of issuesOf(world, project)) issue.labels = issue.labels.filter((name) => name !== label.name);
}

/** Renaming takes the issues of all projects below the group with it. */
export function renameGroupLabel(world: World, group: Group, label: Label, name: string): void {
  const before = label.name;
  group.labels.delete(before);
  label.name = name;
  group.labels.set(name, label);
  for (const issue of projectsIn(world, group).flatMap((project) => issuesOf(world, project))) {
    issue.labels = issue.labels.map((one) => (one === before ? name : one));
  }
}

/** Takes a label off a group, its projects' boards and their issues, without a word to anybody. */
export function deleteGroupLabel(world: World, group: Group, label: Label): void {
  group.labels.delete(label.name);
  for (const project of projectsIn(world, group)) {
    dropLists(project.boards, label);
    for (const issue of issuesOf(world, project)) issue.labels = issue.labels.filter((name) => name !== label.name);
  }
}

function addLabel(
  world: World,
  project: Project,
  { name, color = COLOR, description = null }: Partial<Label> & { name: string },
): Label {
  const label = { id: world.nextId(), name, color, description };
  project.labels.set(name, label);
  return label;
}

function issuesOf(world: World, project: Project): StoredIssue[] {
  return world.issues.filter(({ projectId }) => projectId === project.id);
}
