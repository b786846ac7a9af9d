import { isSameUser } from '../read/people.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { Closing } from './closing.ts';
import type { Check } from './plan.ts';
import type { Severities } from './severity.ts';
import { showTime } from './show.ts';

/** Two places that disagree, or a value that the rest of the incident contradicts. */
export type Contradiction = Pick<Check, 'code' | 'kind' | 'field' | 'given' | 'help'> & { entries?: string[] };

const ACK_TOLERANCE_MS = 5 * 60_000;

/** Which of two times must not come after the other, as people write an incident's life. */
const ORDER = [
  ['detected_at', 'acknowledged_at'],
  ['detected_at', 'mitigated_at'],
  ['acknowledged_at', 'resolved_at'],
  ['mitigated_at', 'resolved_at'],
] as const;

/** Where an incident contradicts itself, its native fields, or what was recorded when it was acknowledged. */
export function conflictChecks(snapshot: Snapshot, closing: Closing, severities: Severities): Contradiction[] {
  return [
    ...ownerConflicts(snapshot, closing),
    ...acknowledgementConflicts(snapshot),
    ...severityConflicts(snapshot, severities),
    ...timesOutOfOrder(snapshot, closing),
    ...nativeConflicts(snapshot),
  ];
}

/** Whoever took over by a hand-off is assigned in the place of the owner, or before them: that contradicts nothing. */
function ownerConflicts({ issue, ack, read, handoff }: Snapshot, { owner, responsible }: Closing): Contradiction[] {
  const found: Contradiction[] = [];
  const help = read.form.fieldAt(['owner'])?.help ?? '';
  const recordedOwner = ack && `@${ack.by.username}`;
  if (recordedOwner && read.record.owner && !isSameUser(read.record.owner, recordedOwner)) {
    const given = [read.record.owner, `${recordedOwner} (recorded at acknowledgement)`];
    found.push({ code: 'OWNER_CONFLICT', kind: 'conflict', field: 'owner', given, help });
  }
  const present = [owner, responsible].filter((user) => user !== undefined);
  const assigned = issue.assignees.map(({ username }) => `@${username}`);
  const isHandedOver = issue.assignees.some(({ id }) => id === handoff?.to);
  const isUser = owner?.startsWith('@') === true && !/\s/.test(owner);
  const isThere = isHandedOver || assigned.some((user) => present.some((one) => isSameUser(one, user)));
  if (isUser && assigned.length > 0 && !isThere) {
    found.push({ code: 'OWNER_NOT_ASSIGNED', kind: 'not assigned', field: 'owner', given: [owner, ...assigned], help });
  }
  return found;
}

function acknowledgementConflicts({ ack, read }: Snapshot): Contradiction[] {
  const written = read.record.acknowledged_at;
  const apartMs = Math.abs(instant(written) - instant(ack?.at));
  if (written === undefined || !ack || !(apartMs > ACK_TOLERANCE_MS)) return [];
  const given = [showTime(written), `${showTime(ack.at)} (recorded)`];
  const help = read.form.fieldAt(['acknowledged_at'])?.help ?? '';
  return [{ code: 'ACKNOWLEDGED_AT_CONFLICT', kind: 'conflict', field: 'acknowledged_at', given, help }];
}

function severityConflicts({ read }: Snapshot, { conflict }: Severities): Contradiction[] {
  const help = read.form.fieldAt(['severity'])?.help ?? '';
  return conflict.length === 0
    ? []
    : [{ code: 'SEVERITY_CONFLICT', kind: 'conflict', field: 'severity', given: conflict, help }];
}

/** Only times that somebody wrote or that were recorded are compared, not the time of closing that stands in for one. */
function timesOutOfOrder({ read, ack }: Snapshot, closing: Closing): Contradiction[] {
  const times = { ...read.record, acknowledged_at: closing.acknowledged_at ?? ack?.at };
  return ORDER.flatMap(([early, late]) => {
    const [first, second] = [instant(times[early]), instant(times[late])];
    if (!(first > second)) return [];
    const given = [late, early].map(
      (field) => `${read.form.fieldAt([field])?.title ?? field} ${showTime(times[field] ?? '')}`,
    );
    return [{ code: 'TIMES_OUT_OF_ORDER', kind: 'order', field: late, given, help: '' } as const];
  }).slice(0, 1);
}

function nativeConflicts({ incident, duplicate, issue }: Snapshot): Contradiction[] {
  const found: Contradiction[] = [];
  if (incident === 'once') {
    found.push({ code: 'INCIDENT_MARK_REMOVED', kind: 'mark removed', field: '', given: [], help: '' });
  }
  if (issue.isDuplicate && duplicate && (!duplicate.isIncident || duplicate.isExempt)) {
    found.push({ code: 'DUPLICATE_OF_INVALID', kind: 'duplicate', field: '', given: [duplicate.reference], help: '' });
  }
  return found;
}

/** A time that was read, in ms; NaN for what is missing or stayed prose. */
function instant(time: string | undefined): number {
  return time !== undefined && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time) ? Date.parse(time) : Number.NaN;
}
