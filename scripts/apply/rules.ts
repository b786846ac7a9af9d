import { decideAnalysis } from '../decide/analysis-issue.ts';
import { announcedSince } from '../decide/announcement.ts';
import { changesAround } from '../decide/changes.ts';
import { changeFor } from '../decide/handoff-due.ts';
import { decideIncident, type Decided } from '../decide/incident.ts';
import { decideLog } from '../decide/log.ts';
import { engineerOnCall } from '../decide/on-call.ts';
import { reviewSince } from '../decide/review.ts';
import type { Watch } from '../decide/watch.ts';
import type { Issue, User } from '../gitlab/port.ts';
import type { Installation } from '../read/config.ts';
import { isSameUser } from '../read/people.ts';
import type { Beside, Snapshot } from '../read/snapshot.ts';

/** What is read beside an issue, and what is decided of it: incidents, shift logs and analyses differ in that alone. */
export type Rules = {
  beside: (issue: Issue, config: Installation, now: Date) => Omit<Beside, 'observed'>;
  decide: (snapshot: Snapshot, config: Installation, now: Date, commit?: string) => Decided;
};

/** The rules of incidents, and of what is on call; `isSweep` is whether nobody woke us for this very issue. */
export function incidentRules(isSweep: boolean): Rules {
  return {
    beside: (issue, config, now) => {
      const review = reviewSince(issue, config, now, isSweep);
      const announced = announcedSince(issue, config, now);
      const change = changeFor(issue, config, changesAround(config, now));
      const [onCall] = engineerOnCall(config, now);
      return {
        ...(review ? { review } : {}),
        ...(announced ? { announced } : {}),
        ...(onCall === undefined ? {} : { onCall }),
        ...(change ? { change: { at: change.at, names: [change.from, change.to] } } : {}),
      };
    },
    decide: decideIncident,
  };
}

/** The rules of root cause analyses. */
export const analysisRules: Rules = { beside: () => ({}), decide: decideAnalysis };

/** The rules of the log of a shift, by what there is to tell of it. */
export function logRules(watch: Watch): Rules {
  const { began, shift } = watch;
  const names = began ? [began.to, began.from] : [shift.engineer];
  const isEngineer = ({ username }: User): boolean => isSameUser(username, shift.engineer);
  return {
    // Who is still to be assigned has to be known, also once the hand-off is on record.
    beside: ({ assignees }, _config, now) => {
      const at = assignees.some(isEngineer) ? (began?.at ?? shift.start) : now.toISOString();
      return { change: { at, names } };
    },
    decide: (snapshot, config, now, commit) => decideLog(snapshot, watch, config, now, commit),
  };
}
