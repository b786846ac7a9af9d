import type { CommitStatus } from '../gitlab/merge-request-port.ts';
import type { Issue, User } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { digest } from '../schema/digest.ts';
import { gatherDuty, withDuty } from './acknowledgement.ts';
import type { Check, Finding } from './plan.ts';
import { assess } from './situation.ts';

/** The slot of the one comment on a merge request, and the name of the status of its head commit. */
export const MERGE_SLOT = 'merge-gate';
export const STATUS_NAME = 'watchkeeper/closure-gate';

/** An incident that a merge would close, and what the gate would say to that. */
export type Judged = { issue: Issue; finding: Finding };

/** What the comment on a merge request says; of confidential incidents it has the reference and the codes alone. */
export type MergeView = {
  failing: { reference: string; confidential: boolean; checks: Check[] }[];
  ready: string[];
  isObserved: boolean;
};

/** What must be true of a merge request: the status of its head, and its comment with the facts that it remembers. */
export type MergePlan = {
  status?: CommitStatus;
  comment?: { facts: { said: string }; view: MergeView };
};

const LONGEST_DESCRIPTION = 255;

/** An incident as it would be if somebody closed it now. */
export function asIfClosed(issue: Issue, by: User, now: Date): Issue {
  return { ...issue, state: 'closed', closedBy: by, closedAt: now.toISOString() };
}

/** What the gate would say of an incident that was read as if it were closed: it asks for the same, and waits for nothing. */
export function judgeClosing(snapshot: Snapshot, config: Installation, now: Date): Finding {
  if (snapshot.incident === 'no') return { state: 'not an incident', codes: [], checks: [] };
  if (snapshot.off) return { state: 'off', codes: [], checks: [] };
  const known = withDuty(snapshot, gatherDuty(snapshot, config, now));
  const { exemption, failing, checks } = assess(known, config, now, undefined);
  if (exemption) return { state: 'exempt', codes: [exemption.code], checks: checks.map(waived) };
  const codes = failing.map(({ code }) => code);
  if (failing.length === 0) return { state: 'ready', codes, checks };
  return { state: config.gate.mode === 'observe' ? 'observed' : 'blocked', codes, checks };
}

function waived(check: Check): Check {
  return check.status === 'fail' ? { ...check, status: 'waived' } : check;
}

/** Whether the gate would not let a merge close an incident. */
export function stands({ finding }: Judged): boolean {
  return finding.state === 'blocked';
}

/**
 * What must be true of a merge request by the incidents that it would close. One that closes none, and of which nothing was
 * said before (`isKnown`), is left alone; one that closes only what is in order has the status, and needs no comment.
 */
export function decideMergeRequest(judged: readonly Judged[], isKnown: boolean): MergePlan {
  const counted = judged.filter(({ finding }) => !['not an incident', 'off'].includes(finding.state));
  if (counted.length === 0 && !isKnown) return {};
  const failing = counted.filter(({ finding }) => ['blocked', 'observed'].includes(finding.state));
  const status = toStatus(counted, failing);
  if (failing.length === 0 && !isKnown) return { status };
  const view: MergeView = {
    failing: failing.map(({ issue: { reference, confidential }, finding }) => ({
      ...{ reference, confidential },
      checks: finding.checks.filter((check) => check.status === 'fail'),
    })),
    ready: counted.filter((each) => !failing.includes(each)).map(({ issue }) => issue.reference),
    isObserved: status.state === 'success',
  };
  const said = view.failing.map(({ checks, ...rest }) => ({ ...rest, codes: checks.map(({ code }) => code) }));
  return { status, comment: { facts: { said: digest([said, view.ready, view.isObserved]) }, view } };
}

/** Codes and counts alone: whoever sees the commit reads it. */
function toStatus(counted: readonly Judged[], failing: readonly Judged[]): CommitStatus {
  const state = failing.some(stands) ? 'failed' : 'success';
  const codes = [...new Set(failing.flatMap(({ finding }) => finding.codes))];
  if (failing.length === 0) {
    const all = counted.length === 0 ? 'closes no incident' : `closes ${incidents(counted)}, all in order`;
    return { name: STATUS_NAME, state, description: all };
  }
  const begin = `${failing.length} of ${incidents(counted)} not in order${state === 'failed' ? '' : ' (the gate only observes)'}: `;
  return { name: STATUS_NAME, state, description: begin + fitting(codes, LONGEST_DESCRIPTION - begin.length) };
}

function incidents({ length }: readonly unknown[]): string {
  return `${length} ${length === 1 ? 'incident' : 'incidents'}`;
}

/** As many codes as there is room for, and how many more there are. */
function fitting(codes: readonly string[], room: number): string {
  for (let count = codes.length; count > 0; count -= 1) {
    const more = codes.length - count;
    const text = codes.slice(0, count).join(' ') + (more > 0 ? ` and ${more} more` : '');
    if (text.length <= room) return text;
  }
  return `${codes.length} codes`;
}
