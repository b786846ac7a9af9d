import { changesAround, type Change } from '../decide/changes.ts';
import type { Looked } from '../decide/digest.ts';
import { severityShown } from '../decide/due.ts';
import { handoffFields } from '../decide/handoff-fields.ts';
import { isOnHand } from '../decide/handoff-due.ts';
import type { Neighbour, OnHand, PageOfShift, Watch } from '../decide/watch.ts';
import type { Issue } from '../gitlab/port.ts';
import { readRecord } from '../read/record.ts';
import { isIncident } from '../read/snapshot.ts';
import type { Reconciled, Tools } from './reconcile.ts';
import { pagesKnown, type Log, type Logs } from './shift-log.ts';

/** All that a run knows: what GitLab listed, what was looked at, the logs, and whether windows are to be told. */
export type Room = { listed: Issue[]; done: readonly Reconciled[]; logs: Logs; isTold: boolean };

/** What a log is to tell, of what a run knows. */
export function watchOf(log: Log, { listed, done, logs, isTold }: Room, tools: Tools): Watch {
  const { config, now } = tools;
  const { shift } = log;
  const examined = new Map(done.map((each) => [keyOf(each.issue), each]));
  const issues = listed.map((issue) => examined.get(keyOf(issue))?.issue ?? issue);
  const { last, next } = changesAround(config, now);
  const changeAt = (at: string): Change | undefined => [last, next].find((change) => change?.at === at);
  const [began, ends] = [changeAt(shift.start), changeAt(shift.end)];
  const before = neighbour(logs.known.findLast((other) => other.shift.start < shift.start));
  const after = neighbour(logs.known.find((other) => other.shift.start >= shift.end));
  const incidents = issues.filter((issue) => isIncident(issue, config));
  return {
    shift,
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    ...(began ? { began } : {}),
    ...(ends ? { ends } : {}),
    onHand: incidents.filter(isOnHand).flatMap((issue) => toOnHand(issue, examined.get(keyOf(issue)), tools)),
    paperwork: incidents.filter(isPaperwork).map(({ reference }) => reference),
    pages: pagesOf(log, incidents, examined),
    ...(isTold ? { looked: lookedAt(issues, examined, tools) } : {}),
    isWhole: true,
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
  const missing = fields.flatMap(({ title, isMissing }) => (isMissing ? [title] : []));
  const { handoff } = examined?.remembered ?? {};
  return [{ issue, severity: severityShown(issue, config), fields, missing, ...(handoff ? { handoff } : {}) }];
}

/** The incidents that came in a shift; when somebody took them the log remembers, or what was looked at just now. */
function pagesOf(log: Log, incidents: Issue[], examined: ReadonlyMap<string, Reconciled>): PageOfShift[] {
  const { start, end } = log.shift;
  const known = new Map(pagesKnown(log).pages.map((page) => [`${page.project}#${page.iid}`, page]));
  const pages = incidents.filter(({ createdAt }) => createdAt >= start && createdAt < end);
  return pages
    .map((issue): PageOfShift => {
      const before = known.get(keyOf(issue));
      const { ack } = examined.get(keyOf(issue))?.remembered ?? {};
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
    const known = examined.get(keyOf(issue));
    return { issue, ...(known ? { examined: { reviews: known.reviews, since: known.onCallSince } } : {}) };
  });
}

function keyOf({ projectId, iid }: Issue): string {
  return `${projectId}#${iid}`;
}
