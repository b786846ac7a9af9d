import { levelOf } from './access.ts';
import { changeIssue, writeSystemNote, type IssueChanges } from './changes.ts';
import { LEVEL, type Account, type StoredIssue } from './records.ts';
import type { World } from './world.ts';

/** A quick action found in a text. */
type Command = { name: string; argument: string };

/** What quick actions did: GitLab's messages, and the changes it reports in `commands_changes`. */
export type Executed = {
  text: string;
  commands: number;
  applied: number;
  summary: string[];
  changes: Record<string, unknown>;
};

const KNOWN = new Set(
  `close reopen label labels unlabel relabel assign reassign unassign severity confidential duplicate title due remove_due_date
  lock unlock promote_to_incident move clone todo subscribe unsubscribe estimate spend milestone relate timeline link page zoom
  react shrug tableflip copy_metadata create_merge_request add_email`.split(/\s+/),
);

/**
 * Finds quick actions as GitLab's extractor does: `/name` at the very start of a line, known names only. Backtick fences,
 * inline code (also over lines), HTML blocks and `>>>` quotes are exempt; `~~~` fences and HTML comments are not.
 * Source: platform sheet, section 3, read in lib/gitlab/quick_actions/extractor.rb.
 */
function extract(text: string): { rest: string; commands: Command[] } {
  const commands: Command[] = [];
  const rest = text
    .replace(/\r/g, '')
    .split(EXEMPT)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part.replace(COMMAND, (whole: string, name: string, argument?: string) => {
            if (!KNOWN.has(name.toLowerCase())) return whole;
            commands.push({ name: name.toLowerCase(), argument: (argument ?? '').trim() });
            return '';
          }),
    )
    .join('');
  return { rest: rest.trim(), commands };
}

const EXEMPT =
  /(^```[^\n]*\n[^]*?\n```(?=\n|$)|^>>>[ \t]*\n[^]*?\n>>>(?=\n|$)|^<[a-z]+[^>\n]*>\n[^]*?\n<\/[a-z]+>(?=\n|$)|`[^`]+`)/m;
const COMMAND = /^\/([a-z_]+)(?:[ \t]+([^\n]*))?(?:\n|$)/gim;

/** Executes the quick actions of a text with the rights of the user who wrote it. */
export function executeQuickActions(world: World, actor: Account, issue: StoredIssue, text: string): Executed {
  const { rest, commands } = extract(text);
  const result: Executed = { text: rest, commands: commands.length, applied: 0, summary: [], changes: {} };
  for (const command of commands) {
    const change =
      levelOf(actor, world.projectOf(issue)) >= LEVEL.planner ? toChange(world, issue, command) : undefined;
    if (!change) {
      result.summary.push(`Could not apply ${command.name} command.`);
      continue;
    }
    change.run(actor);
    result.applied += 1;
    result.summary.push(change.message);
    Object.assign(result.changes, change.reported);
  }
  return result;
}

type Change = { message: string; reported: Record<string, unknown>; run: (actor: Account) => void };

function toChange(world: World, issue: StoredIssue, { name, argument }: Command): Change | undefined {
  const edit = (message: string, changes: IssueChanges): Change => ({
    message,
    reported: changes.stateEvent === undefined ? { ...changes } : { state_event: changes.stateEvent },
    run: (actor) => {
      changeIssue(world, actor, issue, changes);
    },
  });
  if (name === 'close' || name === 'reopen')
    return edit(name === 'close' ? 'Closed this issue.' : 'Reopened this issue.', { stateEvent: name });
  if (name === 'label' || name === 'labels') return labelling(world, issue, argument, edit);
  if (name === 'unlabel') return edit('Removed labels.', { removeLabels: labelNames(argument) });
  if (name === 'severity') return severity(argument, edit);
  if (name === 'confidential') return edit('Made this issue confidential.', { confidential: true });
  if (name === 'title')
    return argument === '' ? undefined : edit(`Changed the title to "${argument}".`, { title: argument });
  if (name === 'promote_to_incident') return edit('Issue has been promoted to incident', { type: 'incident' });
  if (name === 'assign' || name === 'reassign' || name === 'unassign')
    return assigning(world, issue, name, argument, edit);
  return name === 'duplicate' ? duplicating(world, issue, argument) : undefined;
}

type Edit = (message: string, changes: IssueChanges) => Change;

/** `/label` never creates a label, unlike the REST parameters. Source: traps 12. */
function labelling(world: World, issue: StoredIssue, argument: string, edit: Edit): Change | undefined {
  const known = labelNames(argument).filter((label) => world.projectOf(issue).labels.has(label));
  return known.length === 0
    ? undefined
    : edit(`Added ${known.map((label) => `~${label}`).join(' ')} label.`, { addLabels: known });
}

function labelNames(argument: string): string[] {
  return [...argument.matchAll(/~?"([^"]+)"|~?([^\s~"]+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

function severity(argument: string, edit: Edit): Change | undefined {
  const levels = {
    s1: 'CRITICAL',
    critical: 'CRITICAL',
    s2: 'HIGH',
    high: 'HIGH',
    s3: 'MEDIUM',
    medium: 'MEDIUM',
    s4: 'LOW',
    low: 'LOW',
    unknown: 'UNKNOWN',
  } as const;
  const level = levels[argument.toLowerCase() as keyof typeof levels] as StoredIssue['severity'] | undefined;
  return level ? edit(`Set the severity to ${level}.`, { severity: level }) : undefined;
}

function assigning(world: World, issue: StoredIssue, name: string, argument: string, edit: Edit): Change | undefined {
  const names = argument.split(/[\s,]+/).map((word) => word.replace(/^@/, ''));
  const ids = world.users.filter(({ username }) => names.includes(username)).map(({ id }) => id);
  if (name === 'unassign')
    return edit('Removed assignees.', {
      assigneeIds: issue.assigneeIds.filter((id) => argument !== '' && !ids.includes(id)),
    });
  if (ids.length === 0) return undefined;
  return edit(`Assigned ${argument}.`, {
    assigneeIds: name === 'assign' ? [...new Set([...issue.assigneeIds, ...ids])] : ids,
  });
}

/** Closes towards another issue of the project. Source: GitLab docs, user/project/quick_actions, /duplicate. */
function duplicating(world: World, issue: StoredIssue, argument: string): Change | undefined {
  const target = world.issue(issue.projectId, Number(/^#(\d+)$/.exec(argument)?.[1]));
  if (!target || target === issue) return undefined;
  return {
    message: `Closed this issue. Marked as related to, and a duplicate of, ${argument}.`,
    reported: { canonical_issue_id: target.id },
    run: (actor) => {
      writeSystemNote(world, actor, issue, `marked this issue as a duplicate of ${argument}`);
      changeIssue(world, actor, issue, { stateEvent: 'close' });
      issue.duplicatedToId = target.id;
    },
  };
}
