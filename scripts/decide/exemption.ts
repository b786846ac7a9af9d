import type { Snapshot } from '../read/snapshot.ts';
import { countLetters, REASON_LETTERS } from '../schema/placeholder.ts';
import type { Config } from '../schema/types.gen.ts';
import type { Exemption, Refusal } from './plan.ts';
import { mayCommand } from './rights.ts';
import type { Severities } from './severity.ts';

/** Why a closed incident may stay closed as it is, and the overrides that were tried and do not count. */
export type Exemptions = { exemption?: Exemption; refusals: Refusal[] };

/** Looks for what exempts an incident: GitLab's own duplicate or move, a recovered alert, or an override. */
export function findExemption(snapshot: Snapshot, severities: Severities, config: Config): Exemptions {
  const native = nativeExemption(snapshot) ?? alertRecovered(snapshot, severities, config);
  if (native) return { exemption: native, refusals: [] };
  const refusals: Refusal[] = [];
  let exemption: Exemption | undefined;
  for (const command of snapshot.commands.filter(({ name }) => name === 'override')) {
    if (snapshot.reopenedAt !== undefined && command.at <= snapshot.reopenedAt) continue;
    const why = refuse(command, snapshot, config);
    const by = command.author.username;
    if (why) refusals.push({ command: 'override', by, why });
    else exemption = { code: 'OVERRIDDEN', by, noteId: command.noteId, reason: command.argument };
  }
  return exemption ? { exemption, refusals: [] } : { refusals };
}

function nativeExemption({ issue, duplicate }: Snapshot): Exemption | undefined {
  if (issue.movedToId !== undefined) return { code: 'MOVED' };
  if (!issue.isDuplicate || !duplicate?.isIncident || duplicate.isExempt) return undefined;
  return { code: 'DUPLICATE', ...(duplicate.reference === '' ? {} : { reason: duplicate.reference }) };
}

/** GitLab closes the incident of an alert that has recovered; nobody had taken it, and it was not major. */
function alertRecovered(snapshot: Snapshot, severities: Severities, config: Config): Exemption | undefined {
  const { issue, ack, read } = snapshot;
  const byAlertBot = issue.closedBy !== undefined && config.alert_bots.includes(issue.closedBy.username);
  const { owner, acknowledged_at: acknowledgedAt } = read.record;
  const taken = ack ?? issue.assignees[0] ?? owner ?? acknowledgedAt;
  return byAlertBot && taken === undefined && !severities.isMajor ? { code: 'ALERT_RECOVERED' } : undefined;
}

function refuse(command: Snapshot['commands'][number], snapshot: Snapshot, config: Config): Refusal['why'] | undefined {
  if (!mayCommand(command, config)) return 'role';
  if (countLetters(command.argument) < REASON_LETTERS) return 'reason';
  return !config.commands.override_own && isOwn(command.author.username, command.author.id, snapshot)
    ? 'own'
    : undefined;
}

/** Whether the incident is one's own by anything that says so: description, record, sole assignee, or having closed it. */
function isOwn(username: string, id: number, { issue, ack, read, gate }: Snapshot): boolean {
  const written = [
    read.record.owner ?? '',
    ...read.problems.filter(({ code }) => code === 'OWNER_CONFLICT').flatMap(({ given }) => given),
  ];
  const recorded = ack ? [ack.by.username] : [];
  const sole = issue.assignees.length === 1 ? issue.assignees.map((user) => user.username) : [];
  const owners = [...written.flatMap(mentionsIn), ...recorded, ...sole].map((name) => name.toLowerCase());
  const closer = issue.state === 'closed' ? issue.closedBy?.id : gate?.closed_by;
  return owners.includes(username.toLowerCase()) || closer === id;
}

function mentionsIn(text: string): string[] {
  return [...text.matchAll(/@([\w.-]*\w)/g)].map((match) => match[1] ?? '');
}
