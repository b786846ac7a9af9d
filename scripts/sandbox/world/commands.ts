import { canSee, may, mayEdit, maySetMetadata } from './access.ts';
import type { IssueChanges } from './changes.ts';
import { awardEmoji } from './emoji.ts';
import { addTimelineEvent } from './incidents.ts';
import type { Account, Severity, StoredIssue } from './records.ts';
import { markDuplicate, moveIssue, referred, relate } from './relations.ts';
import { SEVERITY_WORDS } from './system-notes.ts';
import type { World } from './world.ts';

/** What a command would change, and GitLab's message for it. */
export type Change = { message: string; changes?: IssueChanges; effect?: () => void };

type Given = { world: World; actor: Account; issue: StoredIssue; name: string; argument: string };
type Permission = (world: World, actor: Account, issue: StoredIssue) => boolean;
type QuickAction = { may: Permission; read: (given: Given) => Change | undefined };

const isSeverityAllowed: Permission = (world, actor, issue) =>
  issue.type === 'incident' && may(actor, world.projectOf(issue), 'set the severity');
const isTimelineAllowed: Permission = (world, actor, issue) =>
  issue.type === 'incident' && may(actor, world.projectOf(issue), 'write the timeline');
const isPromotable: Permission = (world, actor, issue) =>
  issue.type === 'issue' && may(actor, world.projectOf(issue), 'create an incident');

const isClosable: Permission = (world, actor, issue) => issue.state === 'opened' && mayEdit(world, actor, issue);
const isReopenable: Permission = (world, actor, issue) =>
  issue.state === 'closed' && !issue.locked && mayEdit(world, actor, issue);

const always = (message: string, changes: IssueChanges) => (): Change => ({ message, changes });

/** The quick actions that do something here, with who may give them. Source: GitLab docs, user/project/quick_actions. */
export const COMMANDS: Readonly<Record<string, QuickAction>> = {
  close: { may: isClosable, read: always('Closed this issue.', { stateEvent: 'close' }) },
  reopen: { may: isReopenable, read: always('Reopened this issue.', { stateEvent: 'reopen' }) },
  title: { may: mayEdit, read: title },
  label: { may: maySetMetadata, read: labelling },
  labels: { may: maySetMetadata, read: labelling },
  unlabel: { may: maySetMetadata, read: unlabelling },
  relabel: { may: maySetMetadata, read: relabelling },
  assign: { may: maySetMetadata, read: assigning },
  reassign: { may: maySetMetadata, read: assigning },
  unassign: { may: maySetMetadata, read: unassigning },
  confidential: { may: maySetMetadata, read: always('Made this issue confidential.', { confidential: true }) },
  lock: { may: maySetMetadata, read: always('Locked the discussion.', { locked: true }) },
  due: { may: maySetMetadata, read: due },
  remove_due_date: { may: maySetMetadata, read: always('Removed the due date.', { dueDate: null }) },
  severity: { may: isSeverityAllowed, read: severity },
  promote_to_incident: { may: isPromotable, read: always('Issue has been promoted to incident', { type: 'incident' }) },
  timeline: { may: isTimelineAllowed, read: timeline },
  duplicate: { may: mayEdit, read: duplicating },
  relate: { may: canSee, read: relating },
  move: { may: maySetMetadata, read: moving },
  react: { may: canSee, read: reacting },
  todo: { may: canSee, read: always('Added a to-do item.', {}) },
  subscribe: { may: canSee, read: always('Subscribed to notifications.', {}) },
  unsubscribe: { may: canSee, read: always('Unsubscribed from notifications.', {}) },
};

function title({ argument }: Given): Change | undefined {
  return argument === '' ? undefined : { message: `Changed the title to "${argument}".`, changes: { title: argument } };
}

/** `/label` never creates a label, unlike the REST parameters. Source: traps 12. */
function labelling({ world, issue, argument }: Given): Change | undefined {
  const known = knownLabels(world, issue, argument);
  if (known.length === 0) return undefined;
  return { message: `Added ${known.map((label) => `~${label}`).join(' ')} label.`, changes: { addLabels: known } };
}

function unlabelling({ issue, argument }: Given): Change {
  const removed = argument === '' ? [...issue.labels] : labelNames(argument);
  return { message: 'Removed labels.', changes: { removeLabels: removed } };
}

function relabelling({ world, issue, argument }: Given): Change | undefined {
  const known = knownLabels(world, issue, argument);
  return known.length === 0 ? undefined : { message: 'Replaced all labels.', changes: { labels: known } };
}

function knownLabels(world: World, issue: StoredIssue, argument: string): string[] {
  return labelNames(argument).filter((label) => world.labelOf(world.projectOf(issue), label));
}

function labelNames(argument: string): string[] {
  return [...argument.matchAll(/~?"([^"]+)"|~?([^\s~"]+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

function assigning({ world, actor, issue, name, argument }: Given): Change | undefined {
  const ids = peopleIn(world, actor, argument);
  if (ids.length === 0) return undefined;
  const assigneeIds = name === 'assign' ? [...new Set([...issue.assigneeIds, ...ids])] : ids;
  return { message: `Assigned ${argument}.`, changes: { assigneeIds } };
}

function unassigning({ world, actor, issue, argument }: Given): Change {
  const ids = peopleIn(world, actor, argument);
  const assigneeIds = issue.assigneeIds.filter((id) => argument !== '' && !ids.includes(id));
  return { message: 'Removed assignees.', changes: { assigneeIds } };
}

function peopleIn(world: World, actor: Account, argument: string): number[] {
  const names = argument.split(/[\s,]+/).map((word) => word.replace(/^@/, ''));
  const named = world.users.filter(({ username }) => names.includes(username)).map(({ id }) => id);
  return names.includes('me') ? [...named, actor.id] : named;
}

function due({ argument }: Given): Change | undefined {
  return isDay(argument) ? { message: `Set the due date to ${argument}.`, changes: { dueDate: argument } } : undefined;
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

function severity({ argument }: Given): Change | undefined {
  const word = argument.toUpperCase();
  const levels = Object.keys(SEVERITY_WORDS) as Severity[];
  const level = levels.find((one) => one === word || SEVERITY_WORDS[one].endsWith(` - ${word}`));
  return level && { message: `Set the severity to ${level}.`, changes: { severity: level } };
}

/** `/timeline text | YYYY-MM-DD HH:MM`, both parts of the time optional. */
function timeline({ world, actor, issue, argument }: Given): Change | undefined {
  const [note = '', when = ''] = argument.split('|').map((part) => part.trim());
  const at = /^(?:(\d{4}-\d{2}-\d{2}) ?)?(?:(\d{1,2}:\d{2}))?$/.exec(when);
  if (note === '' || !at) return undefined;
  const [day, time] = [at[1] ?? world.now().slice(0, 10), at[2]?.padStart(5, '0')];
  const occurredAt = time === undefined ? world.now() : `${day}T${time}:00.000Z`;
  if (Number.isNaN(Date.parse(occurredAt))) return undefined;
  return {
    message: 'Timeline event added successfully.',
    effect: () => {
      addTimelineEvent(world, actor, issue, { note, occurredAt });
    },
  };
}

function duplicating({ world, actor, issue, argument }: Given): Change | undefined {
  const target = referred(world, actor, issue, argument);
  if (!target || target === issue) return undefined;
  return {
    message: `Closed this issue. Marked as related to, and a duplicate of, ${argument}.`,
    effect: () => {
      markDuplicate(world, actor, issue, target);
    },
  };
}

function relating({ world, actor, issue, argument }: Given): Change | undefined {
  const targets = argument.split(/\s+/).flatMap((name) => referred(world, actor, issue, name) ?? []);
  if (targets.length === 0) return undefined;
  return {
    message: `Added ${argument} as a linked item related to this issue.`,
    effect: () => {
      for (const target of targets) relate(world, actor, issue, target);
    },
  };
}

function moving({ world, actor, issue, argument }: Given): Change | undefined {
  const target = world.projects.find(({ path }) => path === argument);
  if (!target) return undefined;
  return {
    message: `Moved this issue to ${argument}.`,
    effect: () => {
      moveIssue(world, actor, issue, target);
    },
  };
}

function reacting({ world, actor, issue, argument }: Given): Change | undefined {
  const name = /^:([\w+-]+):$/.exec(argument)?.[1];
  if (name === undefined) return undefined;
  return {
    message: `Toggled ${argument} emoji reaction.`,
    effect: () => {
      awardEmoji(world, actor, issue, name);
    },
  };
}
