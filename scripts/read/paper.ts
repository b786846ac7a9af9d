import type { Installation } from './config.ts';
import { readRecord } from './record.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * A description that lies in a file, as an incident that somebody closes now. What GitLab knows beside it (assignees,
 * labels, its own severity, who acknowledged) is not known.
 */
export function snapshotOfText(text: string, installation: Installation, now: Date): Snapshot {
  const at = now.toISOString();
  const nobody = { id: 0, username: '' };
  const native = {
    closedBy: undefined,
    dueOn: undefined,
    movedToId: undefined,
    duplicateOf: undefined,
    isDuplicate: false,
  } as const;
  return {
    issue: {
      ...{ projectId: 0, iid: 0, reference: '', webUrl: '', title: '', description: text, state: 'closed' },
      ...{ isIncidentType: true, labels: [], assignees: [], severity: undefined, confidential: false, locked: false },
      ...{ createdAt: at, updatedAt: at, closedAt: at, author: nobody, ...native },
    },
    ...{ me: nobody, incident: 'now', marked: [], gate: undefined, ack: undefined, commands: [], warnings: [] },
    ...{ reopenedAt: undefined, duplicate: undefined, closer: undefined, formerSeverity: undefined, off: false },
    ...{
      duty: undefined,
      handoff: undefined,
      observed: {},
      acts: [],
      comments: [],
      named: new Map(),
      people: new Map(),
      done: [],
      emojis: undefined,
      labelledAt: undefined,
    },
    read: readRecord(text, installation.time_zone, installation.form),
  };
}
