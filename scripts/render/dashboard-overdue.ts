import type { AnalysisOnRecord, FollowUpOnRecord, History } from '../schema/types.gen.ts';
import { isLate } from '../decide/deadlines.ts';
import { nameIn } from '../decide/lives.ts';
import { named, type Named } from './dashboard-incidents.ts';

/** A follow-up or an analysis that is past its last day, as a row of a table. */
export type OverdueRow = Named & {
  what: string;
  severity: string | null;
  dueOn: string;
  days: number;
  assignees: string[];
  incident: { reference: string; url: string } | null;
};

const DAY_MS = 86_400_000;

/** Follow-ups that are open past their last day, the longest overdue first. `today` is a day as `2026-11-20`. */
export function overdueFollowUps(history: History, today: string): OverdueRow[] {
  return sorted(
    history.follow_ups.filter((each) => isLate(each, today)),
    (each) => ({
      ...named(each),
      what: each.kind === undefined ? 'follow-up' : `follow-up: ${each.kind}`,
      severity: `S${each.severity}`,
      ...lateness(each, history, today),
    }),
  );
}

/** Root cause analyses that are open past their last day, the longest overdue first; records of them have no titles. */
export function overdueAnalyses(history: History, today: string): OverdueRow[] {
  return sorted(
    history.analyses.filter((each) => isLate(each, today)),
    (each) => {
      const severity = incidentOf(each, history)?.severity;
      const { reference, url } = each;
      return {
        ...{ reference, url, title: null, isConfidential: false, what: 'root cause analysis' },
        severity: severity === undefined ? null : `S${severity}`,
        ...lateness(each, history, today),
      };
    },
  );
}

type OnRecord = FollowUpOnRecord | AnalysisOnRecord;

function sorted<T extends OnRecord>(records: T[], toRow: (record: T) => OverdueRow): OverdueRow[] {
  const before = (a: T, b: T): number => (a.due_on < b.due_on ? -1 : a.due_on > b.due_on ? 1 : 0);
  return records.sort((a, b) => before(a, b) || a.project - b.project || a.iid - b.iid).map(toRow);
}

function lateness(
  each: OnRecord,
  history: History,
  today: string,
): Pick<OverdueRow, 'dueOn' | 'days' | 'assignees' | 'incident'> {
  const incident = incidentOf(each, history);
  return {
    dueOn: each.due_on,
    days: Math.round((Date.parse(today) - Date.parse(each.due_on)) / DAY_MS),
    assignees: (each.assignees ?? []).flatMap((id) => nameIn(history, id) ?? []),
    incident: incident ? { reference: incident.reference, url: incident.url } : null,
  };
}

function incidentOf({ incident }: OnRecord, { incidents }: History): History['incidents'][number] | undefined {
  return incident && incidents.find(({ project, iid }) => project === incident.project && iid === incident.iid);
}
