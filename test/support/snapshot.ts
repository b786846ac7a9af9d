import type { Issue, User } from '../../scripts/gitlab/port.ts';
import { readRecord } from '../../scripts/read/record.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import type { Installation } from '../../scripts/read/config.ts';
import { OUR_FORM, type Form } from '../../scripts/schema/form.ts';
import { validate } from '../../scripts/schema/validate.ts';

export const NOW = new Date('2026-11-20T10:00:00.000Z');
export const CLOSED_AT = '2026-11-20T09:45:00.000Z';

export const ana: User = { id: 1, username: 'ana' };
export const ben: User = { id: 2, username: 'ben' };
export const lea: User = { id: 3, username: 'lea' };
export const bot: User = { id: 9, username: 'watchkeeper-bot' };

/** A configuration with its defaults, and what a test wants different; follow-ups have tests of their own. */
export function config(more: object = {}, form: Form = OUR_FORM): Installation {
  const checked = validate('config', { sources: [{ project: 42 }], managers: ['@lea'], follow_ups: { mode: 'off' }, rca: { mode: 'off' }, ...more });
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
  return { ...checked.value, form };
}

/** A configuration with its defaults in all things, also in what follows from an incident. */
export function fullConfig(more: object = {}, form: Form = OUR_FORM): Installation {
  return config({ follow_ups: {}, rca: {}, ...more }, form);
}

/** A closed incident of @ana's; a test says what is different. */
function issue(more: Partial<Issue> = {}): Issue {
  return {
    ...{
      projectId: 42,
      iid: 7,
      reference: 'sirt/incidents#7',
      webUrl: 'https://gitlab.example.com/sirt/incidents/-/issues/7',
    },
    ...{ title: 'Token leaked', description: '', state: 'closed', isIncidentType: true, labels: [], assignees: [] },
    ...{
      severity: undefined,
      confidential: false,
      locked: false,
      createdAt: '2026-11-20T01:58:00.000Z',
      updatedAt: CLOSED_AT,
      closedAt: CLOSED_AT,
    },
    ...{ author: ana, closedBy: ana, dueOn: undefined, movedToId: undefined, duplicateOf: undefined, isDuplicate: false },
    ...more,
  };
}

/** The incident as it is read; a test says what is different of the issue and of what was read around it. */
export function snapshot(changes: Partial<Issue> = {}, around: Partial<Snapshot> = {}): Snapshot {
  const read = issue(changes);
  return {
    ...{
      issue: read,
      me: bot,
      incident: 'now',
      read: readRecord(read.description, 'UTC', OUR_FORM),
      marked: [],
      gate: undefined,
    },
    ...{
      ack: undefined,
      commands: [],
      reopenedAt: undefined,
      duplicate: undefined,
      formerSeverity: undefined,
      closer: read.closedBy,
      off: false,
      warnings: [],
      ...{ duty: undefined, handoff: undefined, observed: {}, acts: [], comments: [], named: new Map(), people: new Map(), done: [], emojis: undefined, labelledAt: undefined },
    },
    ...around,
  };
}
