import type { Issue } from '../gitlab/port.ts';
import type { IncidentRecord } from '../read/record.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { Config, Outcome } from '../schema/types.gen.ts';
import { commandedAnalysis, commandedOutcome } from './outcome-command.ts';
import type { Severities } from './severity.ts';

/** The record as closing sees it: what the description leaves out, filled in from native fields and recorded facts. */
export type Closing = IncidentRecord;

/** The label that says, for bulk edits, that an incident was a false positive. */
const FALSE_POSITIVE_LABEL = 'outcome::false-positive';

/** Fills in what the description leaves out. `day` is the day of closing, YYYY-MM-DD, for known noise that expires. */
export function fillIn(snapshot: Snapshot, severities: Severities, config: Config, day: string): Closing {
  const { record } = snapshot.read;
  const given = record.outcome ?? commandedOutcome(snapshot, config);
  const outcome = given ? withNativeDuplicate(given, snapshot) : outcomeElsewhere(snapshot.issue, config, day);
  const analysis = record.root_cause_analysis ?? commandedAnalysis(snapshot, config);
  const owner = record.owner ?? ownerElsewhere(snapshot, outcome);
  const acknowledgedAt =
    record.acknowledged_at ?? snapshot.ack?.at ?? (needsLittle(outcome) ? snapshot.issue.closedAt : undefined);
  const severity = severities.counted ?? record.severity;
  const resolvedAt = record.resolved_at ?? snapshot.issue.closedAt;
  return {
    ...record,
    ...(outcome ? { outcome } : {}),
    ...(owner === undefined ? {} : { owner }),
    ...(acknowledgedAt === undefined ? {} : { acknowledged_at: acknowledgedAt }),
    ...(severity === undefined ? {} : { severity }),
    ...(resolvedAt === undefined ? {} : { resolved_at: resolvedAt }),
    ...(analysis === undefined ? {} : { root_cause_analysis: analysis }),
  };
}

/** Outcomes other than `resolved` take owner and acknowledgement from whoever closed. */
export function needsLittle(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && ['false positive', 'duplicate', 'tracked in', 'transferred'].includes(outcome.kind);
}

/** The recorded acknowledgement, else a sole assignee, else, for what needs little, whoever closed. */
function ownerElsewhere({ ack, issue }: Snapshot, outcome: Outcome | undefined): string | undefined {
  if (ack) return `@${ack.by.username}`;
  const [first, second] = issue.assignees;
  if (first) return second ? undefined : `@${first.username}`;
  return needsLittle(outcome) && issue.closedBy ? `@${issue.closedBy.username}` : undefined;
}

function withNativeDuplicate(outcome: Outcome, { duplicate }: Snapshot): Outcome {
  const fits = outcome.kind === 'duplicate' && outcome.duplicate_of === undefined && duplicate?.reference;
  return fits ? { ...outcome, duplicate_of: duplicate.reference } : outcome;
}

/** The outcome that labels give: of noise that is known until a day, and of false positives. `day` is YYYY-MM-DD. */
export function outcomeElsewhere(issue: Issue, config: Config, day: string): Outcome | undefined {
  const noise = config.known_noise.find(({ label, until }) => issue.labels.includes(label) && day <= until);
  if (noise) {
    const reason = noise.reference === undefined ? noise.reason : `${noise.reason} (${noise.reference})`;
    return { kind: 'false positive', reason };
  }
  if (!issue.labels.includes(FALSE_POSITIVE_LABEL)) return undefined;
  return { kind: 'false positive', reason: `labelled ${FALSE_POSITIVE_LABEL}` };
}
