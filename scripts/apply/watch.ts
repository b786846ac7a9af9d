import { changesAround, type Change, type Changes } from '../decide/changes.ts';
import type { Looked } from '../decide/digest.ts';
import { severityOf } from '../decide/due.ts';
import { handoffFields, missingAmong } from '../decide/handoff-fields.ts';
import { isOnHand } from '../decide/handoff-due.ts';
import type { Neighbour, OnHand, PageOfShift, Watch } from '../decide/watch.ts';
import type { Issue } from '../gitlab/port.ts';
import { issueKey } from '../read/candidates.ts';
import { readRecord } from '../read/record.ts';
import { isIncident } from '../read/snapshot.ts';
import type { Reconciled, Tools } from './reconcile.ts';
import { pagesKnown, type Log, type Logs } from './shift-log.ts';

/** What a run knows: what GitLab listed, what was looked at, the logs, and whether windows are to be told. */
type Known = { listed: Issue[]; done: readonly Reconciled[]; logs: Logs; isTold: boolean };

/** All that the logs of a run are to tell of, worked out once for all of them. */
export type Room = Pick<Watch, 'onHand' | 'paperwork' | 'looked'> & {
  logs: Logs;
  incidents: Issue[];
  examined: ReadonlyMap<string, Reconciled>;
  changes: Changes;
};

/** Works out what there is to tell, whatever the log. */
export function roomOf({ listed, done, logs, isTold }: Known, tools: Tools): Room {
  const { config, now } = tools;
  const examined = new Map(done.map((each) => [issueKey(each.issue), each]));
  const issues = listed.map((issue) => examined.get(issueKey(issue))?.issue ?? issue);
  const incidents = issues.filter((issue) => isIncident(issue, config));
  return {
    ...{ logs, incidents, examined, changes: changesAround(config, now) },
    onHand: incidents.filter(isOnHand).flatMap((issue) => toOnHand(issue, examined.get(issueKey(issue)), tools)),
    paperwork: incidents.filter(isPaperwork).map(({ reference }) => reference),
    ...(isTold ? { looked: lookedAt(issues, examined, tools) } : {}),
  };
}

/** What one log is to tell, of all that there is. */
export function watchOf(log: Log, { logs, incidents, examined, changes, ...all }: Room): Watch {
  const { shift } = log;
  const { last, next } = changes;
  const changeAt = (at: string): Change | undefined => [last, next].find((change) => change?.at === at);
  const [began, ends] = [changeAt(shift.start), changeAt(shift.end)];
  const before = neighbour(logs.known.findLast((other) => other.shift.start < shift.start));
  const after = neighbour(logs.known.find((other) => other.shift.start >= shift.end));
  return {
    ...{ ...all, shift, isWhole: true, pages: pagesOf(log, incidents, examined) },
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    ...(began ? { began } : {}),
    ...(ends ? { ends } : {}),
  };
}

function neighbour(log: Log | undefined): Neighbour | undefined {
  return log && { reference: log.issue.reference, engineer: log.shift.engineer };
}

function isPaperwork({ state, labels }: Issue): boolean {
  return state === 'opened' && labels.includes('closure::blocked');
}

/** What another issue tracks, or a Maintainer silenced, is nobody's to hand over. */
function toOnHand(issue: Issue, examined: Reconciled | undefined, { config }: Tools): OnHand[] {
  const read = readRecord(issue.description, config.time_zone, config.form);
  if (read.record.outcome?.kind === 'tracked in' || examined?.finding.state === 'off') return [];
  const fields = handoffFields(read);
  const { handoff } = examined?.remembered ?? {};
  const severity = severityOf(issue, read.record.severity);
  return [{ issue, severity, fields, missing: missingAmong(fields), ...(handoff ? { handoff } : {}) }];
}

/** The incidents that came in a shift; when somebody took them the log remembers, or what was looked at just now. */
function pagesOf(log: Log, incidents: Issue[], examined: ReadonlyMap<string, Reconciled>): PageOfShift[] {
  const { start, end } = log.shift;
  const known = new Map(
    pagesKnown(log).pages.map((page) => [issueKey({ projectId: page.project, iid: page.iid }), page]),
  );
  const pages = incidents.filter(({ createdAt }) => createdAt >= start && createdAt < end);
  return pages
    .map((issue): PageOfShift => {
      const before = known.get(issueKey(issue));
      const { ack } = examined.get(issueKey(issue))?.remembered ?? {};
      const acknowledgedAt = ack?.at ?? before?.acknowledged_at;
      const at = ack?.paged_at ?? before?.at ?? issue.createdAt;
      return { issue, at, ...(acknowledgedAt === undefined ? {} : { acknowledgedAt }) };
    })
    .sort((a, b) => (a.issue.createdAt < b.issue.createdAt ? -1 : 1));
}

/** The open issues on call, and who looked at those that were examined. */
function lookedAt(issues: Issue[], examined: ReadonlyMap<string, Reconciled>, { config }: Tools): Looked[] {
  const onCall = issues.filter(({ state, labels }) => state === 'opened' && labels.includes(config.review.label));
  return onCall.map((issue) => {
    const known = examined.get(issueKey(issue));
    return { issue, ...(known ? { examined: { reviews: known.reviews, since: known.onCallSince } } : {}) };
  });
}
