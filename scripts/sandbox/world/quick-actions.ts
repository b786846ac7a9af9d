import { COMMANDS, type Change } from './commands.ts';
import { changeIssue, type IssueChanges } from './changes.ts';
import { extract } from './extractor.ts';
import type { Account, StoredIssue } from './records.ts';
import type { World } from './world.ts';

/** What quick actions ask for, once it is known who may: the text without them, GitLab's messages, and what to change. */
export type Interpreted = {
  text: string;
  commands: number;
  applied: number;
  summary: string[];
  changes: IssueChanges;
  /** What is more than a change of the issue. */
  effects: (() => void)[];
  /** `commands_changes` of the answer. */
  reported: Record<string, unknown>;
};

/**
 * Reads the quick actions of a text with the rights of the user who wrote it. What several of them change is changed at
 * once. Source: app/services/quick_actions/interpret_service.rb; GitLab docs, user/project/quick_actions.
 */
export function interpret(world: World, actor: Account, issue: StoredIssue, text: string): Interpreted {
  const { rest, commands } = extract(text);
  const result: Interpreted = {
    ...{ text: rest, commands: commands.length, applied: 0, summary: [], changes: {}, effects: [], reported: {} },
  };
  for (const { name, argument } of commands) {
    const command = COMMANDS[name];
    const change = command?.may(world, actor, issue)
      ? command.read({ world, actor, issue, name, argument })
      : undefined;
    if (change) take(change, result, idsOf(world, issue));
    else result.summary.push(`Could not apply ${name} command.`);
  }
  return result;
}

/** Makes true what quick actions asked for. */
export function applyInterpreted(world: World, actor: Account, issue: StoredIssue, asked: Interpreted): void {
  if (Object.keys(asked.changes).length > 0) changeIssue(world, actor, issue, asked.changes);
  for (const effect of asked.effects) effect();
}

const REPORTED: Readonly<Partial<Record<keyof IssueChanges, string>>> = {
  stateEvent: 'state_event',
  addLabels: 'add_label_ids',
  removeLabels: 'remove_label_ids',
  assigneeIds: 'assignee_ids',
  dueDate: 'due_date',
  type: 'issue_type',
  locked: 'discussion_locked',
};

/** Labels are reported by their ids. Source: app/services/quick_actions/interpret_service.rb, updates. */
function idsOf(world: World, issue: StoredIssue): (names: readonly string[]) => number[] {
  return (names) => names.flatMap((name) => world.labelOf(world.projectOf(issue), name)?.id ?? []);
}

function take(
  { message, changes = {}, effect }: Change,
  result: Interpreted,
  ids: (names: readonly string[]) => number[],
): void {
  result.applied += 1;
  result.summary.push(message);
  if (effect) result.effects.push(effect);
  const { addLabels = [], removeLabels = [] } = result.changes;
  Object.assign(result.changes, changes);
  if (changes.addLabels) result.changes.addLabels = [...addLabels, ...changes.addLabels];
  if (changes.removeLabels) result.changes.removeLabels = [...removeLabels, ...changes.removeLabels];
  for (const [key, value] of Object.entries(result.changes)) {
    const isLabels = key === 'addLabels' || key === 'removeLabels';
    result.reported[REPORTED[key as keyof IssueChanges] ?? key] = isLabels ? ids(value as string[]) : value;
  }
}
