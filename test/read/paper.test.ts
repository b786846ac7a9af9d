import { expect, it } from 'vitest';
import { snapshotOfText } from '../../scripts/read/paper.ts';
import { config, NOW } from '../support/snapshot.ts';

it('a description in a file is an incident that somebody closes now, of which GitLab knows nothing', () => {
  const { read, ...around } = snapshotOfText('## Ownership\n- Acknowledged at: 2026-11-20 03:07\n', config({ time_zone: 'Europe/Berlin' }), NOW);
  const at = NOW.toISOString();
  expect(read.record).toEqual({ acknowledged_at: '2026-11-20T02:07:00Z' });
  expect(around).toEqual({
    issue: {
      ...{ projectId: 0, iid: 0, reference: '', webUrl: '', title: '', description: '## Ownership\n- Acknowledged at: 2026-11-20 03:07\n' },
      ...{ state: 'closed', isIncidentType: true, labels: [], assignees: [], severity: undefined, confidential: false, locked: false },
      ...{ createdAt: at, updatedAt: at, closedAt: at, author: { id: 0, username: '' }, closedBy: undefined, movedToId: undefined, duplicateOf: undefined, isDuplicate: false },
    },
    ...{ me: { id: 0, username: '' }, incident: 'now', marked: [], gate: undefined, ack: undefined, commands: [], warnings: [] },
    ...{ duty: undefined, observed: {}, acts: [], comments: [], done: [], named: new Map(), people: new Map(), emojis: undefined, labelledAt: undefined },
    ...{ reopenedAt: undefined, duplicate: undefined, closer: undefined, formerSeverity: undefined, off: false },
  });
});
