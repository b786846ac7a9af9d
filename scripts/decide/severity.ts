import type { IncidentRecord } from '../read/record.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { Config, GateFacts } from '../schema/types.gen.ts';
import { severityOfLabel } from '../read/values.ts';
import { mayCommand } from './rights.ts';

export type Level = 1 | 2 | 3 | 4;

/** The severities that an incident's record, labels and GitLab field give it, and what follows from them. */
export type Severities = {
  /** The highest of those given now. */
  now: Level | undefined;
  /** What counts for what is demanded: the highest ever seen, unless somebody who may has confirmed a lower one. */
  counted: Level | undefined;
  /** Severity 1 or 2 counts. */
  isMajor: boolean;
  /** All that is given now, with where it stands, when not all agree. */
  conflict: string[];
  facts: Pick<GateFacts, 'severity' | 'severity_at'>;
};

/** What severities are gathered from. */
type SeverityView = Pick<Snapshot, 'issue' | 'read' | 'gate' | 'commands' | 'formerSeverity'>;

/** Gathers the severities of an incident. `at` is the ISO time to remember a new highest one by. */
export function gatherSeverities(
  { issue, read, gate, commands, formerSeverity }: SeverityView,
  config: Config,
  at: string,
): Severities {
  const given = [
    ...recorded(read.record),
    ...issue.labels.flatMap((label) => withLevel(severityOfLabel(label), `label ${label}`)),
    ...withLevel(issue.severity, "GitLab's severity"),
  ];
  const now = highest(given.map(({ level }) => level));
  const distinct = new Set(given.map(({ level }) => level));
  const confirmed = commands.findLast(
    (command) =>
      command.name === 'severity-confirmed' && mayCommand(command, config) && command.at > (gate?.severity_at ?? ''),
  );
  const before = confirmed ? undefined : (gate?.severity ?? formerSeverity);
  const counted = highest([now, before as Level | undefined]);
  const isAsBefore = counted === gate?.severity;
  const isLower = counted !== undefined && gate?.severity !== undefined && counted > gate.severity;
  const seenAt = (isAsBefore ? gate?.severity_at : isLower ? confirmed?.at : undefined) ?? at;
  return {
    now,
    counted,
    isMajor: counted !== undefined && counted <= 2,
    conflict: distinct.size > 1 ? given.map(({ level, where }) => `S${level} (${where})`) : [],
    facts: counted === undefined ? {} : { severity: counted, severity_at: seenAt },
  };
}

function recorded({ severity }: IncidentRecord): { level: Level; where: string }[] {
  return typeof severity === 'number' ? [{ level: severity, where: 'description' }] : [];
}

function withLevel(level: number | undefined, where: string): { level: Level; where: string }[] {
  return level === undefined ? [] : [{ level: level as Level, where }];
}

/** 1 is the highest. */
function highest(levels: (Level | undefined)[]): Level | undefined {
  const known = levels.filter((level) => level !== undefined);
  return known.length > 0 ? (Math.min(...known) as Level) : undefined;
}
