import type { Issue, LabelEvent, User } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import { severityOfLabel } from '../read/values.ts';
import type { AnalysisOnRecord, FollowUpOnRecord } from '../schema/types.gen.ts';
import { analysisDueOn, followUpDueOn } from './deadlines.ts';
import type { Behind } from './incident-behind.ts';
import type { Level } from './severity.ts';

/** The severity of what neither a label nor an incident gives one. */
const LOWEST = 4;

/** When an issue was given a label first; where GitLab does not say, when it was created. */
export function labelledFirst(issue: Issue, label: string, events: readonly LabelEvent[]): string {
  const added = events.filter((event) => event.action === 'add' && event.label === label);
  return added.map(({ createdAt }) => createdAt).sort()[0] ?? issue.createdAt;
}

/** A follow-up that became one at a time (ISO 8601). `behind` is what the incident that it comes from tells of it. */
export function toFollowUp(
  issue: Issue,
  labelledAt: string,
  behind: Behind | undefined,
  config: Installation,
): FollowUpOnRecord {
  const { confidential, state, title, labels } = issue;
  const levels = labels.map(severityOfLabel).filter((level) => level !== undefined);
  const labelled = levels.length > 0 ? (Math.min(...levels) as Level) : undefined;
  const severity = labelled ?? behind?.severity ?? LOWEST;
  return {
    ...shown(issue),
    ...{ confidential, state, labelled_at: labelledAt, severity, due_on: followUpDueOn(labelledAt, severity, config) },
    ...(confidential ? {} : { title }),
    ...(behind?.kind === undefined ? {} : { kind: behind.kind }),
    ...(behind ? { incident: behind.incident } : {}),
  };
}

/** A root cause analysis. `verifiedAt` is when the gate let it be closed, where it did. */
export function toAnalysis(
  issue: Issue,
  verifiedAt: string | undefined,
  behind: Behind | undefined,
  config: Installation,
): AnalysisOnRecord {
  return {
    ...{ ...shown(issue), state: issue.state, due_on: dueOnOf(issue, behind, config) },
    ...(verifiedAt === undefined ? {} : { verified_at: verifiedAt }),
    ...(behind ? { incident: behind.incident } : {}),
  };
}

/** The day that people gave an analysis in GitLab, else the one on record, else that of its working days. */
function dueOnOf({ dueOn, createdAt }: Issue, behind: Behind | undefined, config: Installation): string {
  return dueOn ?? behind?.due_on ?? analysisDueOn(createdAt, config);
}

type Shown = Pick<
  FollowUpOnRecord,
  'project' | 'iid' | 'reference' | 'url' | 'created_at' | 'updated_at' | 'closed_at' | 'assignees'
>;

/** What GitLab's list shows. */
function shown({ projectId: project, iid, reference, webUrl: url, ...issue }: Issue): Shown {
  const { createdAt, updatedAt, closedAt, assignees } = issue;
  return {
    ...{ project, iid, reference, url, created_at: createdAt, updated_at: updatedAt },
    ...(closedAt === undefined ? {} : { closed_at: closedAt }),
    ...(assignees.length > 0 ? { assignees: idsOf(assignees) } : {}),
  };
}

function idsOf(people: readonly User[]): number[] {
  return people.map(({ id }) => id);
}
