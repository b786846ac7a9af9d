import type { Installation } from '../read/config.ts';
import { factsOf } from '../read/markers.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { followUpDueOn } from './deadlines.ts';
import type { LearningFacts } from '../schema/types.gen.ts';
import { ownerOf } from './acknowledgement.ts';
import { analysisOf, type WantedAnalysis } from './analysis.ts';
import { fillIn } from './closing.ts';
import { followUpsOf, isTold, personNamed, type FollowUp } from './follow-ups.ts';
import { NO_PART } from './merge.ts';
import type { Finding, Part } from './plan.ts';
import { isBeside } from './references.ts';
import { gatherSeverities, type Level } from './severity.ts';
import { shortened, onOneLine } from './show.ts';

/**
 * An issue of its own that is to be created for an incident, once: it is found again by its key. `project` is a place of the
 * configuration, or else the incident's own; `assignee` is a user name. Title and `text` are people's text.
 */
export type FollowingIssue = {
  project: number | string;
  title: string;
  labels: string[];
  confidential: boolean;
  assignee?: string;
  dueOn: string;
  text: string;
  severity: Level;
};

/**
 * What follows from a verified incident: its analysis, where one was asked for, and its follow-ups, which are said and not done
 * where they are observed. `before` is what is on record.
 */
export type Learning = {
  analysis?: WantedAnalysis;
  followUps: (FollowUp & { issue: FollowingIssue })[];
  before: LearningFacts | undefined;
  isObserved: boolean;
};

const LOWEST: Level = 4;
const WEEK_MS = 7 * 86_400_000;
const LONGEST_TITLE = 200;

/**
 * What follows from an incident once the gate verifies it (product.md, "The duty"): its improvement notes become issues of
 * their own. Where nothing is wanted and nothing is on record, it is no part at all.
 */
export function decideLearning(snapshot: Snapshot, config: Installation, finding: Finding, now: Date): Part {
  const { mode } = config.follow_ups;
  if (finding.state !== 'verified' || snapshot.issue.state !== 'closed') return NO_PART;
  const before = factsOf('learning', snapshot.marked).facts;
  if (!before && isLongVerified(snapshot, now)) return NO_PART;
  const severities = gatherSeverities(snapshot, config, now.toISOString());
  const day = (snapshot.issue.closedAt ?? now.toISOString()).slice(0, 10);
  const { outcome, owner } = fillIn(snapshot, severities, config, day);
  const judged = { severity: severities.counted, outcome: outcome?.kind };
  const about = { severity: severities.counted ?? LOWEST, owner: owner?.slice(1), now };
  const notes = mode === 'off' ? [] : followUpsOf(snapshot, before, config, judged);
  const analysis = analysisOf(snapshot, config, now);
  if (notes.every(isDone) && (!analysis || before?.rca)) return NO_PART;
  const followUps = notes.map((note) => ({ ...note, issue: issueFor(note, snapshot, config, about) }));
  return {
    ...NO_PART,
    learning: { followUps, ...(analysis ? { analysis } : {}), before, isObserved: mode === 'observe' },
  };
}

/** Whether it was verified so long ago that nothing is to follow any more, as of when follow-ups were not known yet. */
function isLongVerified({ gate }: Snapshot, now: Date): boolean {
  return gate?.verified_at !== undefined && now.getTime() - Date.parse(gate.verified_at) > WEEK_MS;
}

/** Whether what is on record says all that there is to say of a note. */
function isDone(followUp: FollowUp): boolean {
  return isTold(followUp) && (followUp.isGone || followUp.known?.iid !== undefined);
}

/** The issue that a note becomes; that of a confidential incident says nothing of it, unless the configuration lets it. */
function issueFor(
  { kind, text }: FollowUp,
  snapshot: Snapshot,
  config: Installation,
  { severity, owner, now }: { severity: Level; owner: string | undefined; now: Date },
): FollowingIssue {
  const { issue } = snapshot;
  const { follow_ups: wanted } = config;
  const maySay = !issue.confidential || wanted.confidential_text;
  const what = kind === '' ? 'improvement' : kind;
  const said = maySay ? text : `follow-up of ${issue.reference}`;
  const assignee = personNamed(text) ?? ownerOf(snapshot, snapshot.duty ?? {})?.username ?? owner;
  const project = wanted.projects[kind as keyof typeof wanted.projects] ?? wanted.project ?? issue.projectId;
  return {
    project,
    title: `${what}: ${titled(said)}`,
    labels: [
      wanted.label,
      ...(kind === '' ? [] : [`improvement::${kind}`]),
      ...[`severity::${severity}`, `priority::${severity}`],
    ],
    // Elsewhere others may read: not everybody there.
    confidential: issue.confidential || !isBeside(project, issue),
    ...(assignee === undefined ? {} : { assignee }),
    dueOn: followUpDueOn(now.toISOString(), severity, config),
    text: maySay ? text : '',
    severity,
  };
}

function titled(text: string): string {
  const line = onOneLine(text);
  return line.length > LONGEST_TITLE ? `${shortened(line, LONGEST_TITLE)}…` : line;
}
