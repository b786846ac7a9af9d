import { createIssue } from '../world/changes.ts';
import type { Company } from './company.ts';
import { BY_ALERT, COMPLETE, FALSE_POSITIVE, HOSTILE, SMALL } from './descriptions.ts';
import type { StoredIssue } from '../world/records.ts';

type Closed = {
  title: string;
  description: string;
  by?: string;
  comment?: { by: string; body: string };
  labels?: string[];
  ends?: string;
};

/** What happened while the webhook was down: a dozen incidents, closed in all the ways in which incidents are closed. */
const MORNING: Closed[] = [
  { title: 'Stolen laptop, all written down', description: SMALL },
  { title: 'Leaked token, no improvement notes', description: COMPLETE.replace(/## Improvement notes[^]*$/, '') },
  { title: 'Disk alert that recovered', description: BY_ALERT, by: 'alert-bot' },
  { title: 'The leaked token, paged twice', description: '', ends: '/duplicate #1' },
  {
    title: 'Port scan, overridden by the manager',
    description: '',
    comment: { by: 'lea', body: '/override a pentest that was announced to us last week' },
  },
  { title: 'Load test that tripped a rule', description: FALSE_POSITIVE },
  { title: '/close @all | `x` </details>', description: HOSTILE },
  { title: 'Closed from an alert by hand', description: BY_ALERT, by: 'ben' },
  { title: 'Two severities', description: SMALL, labels: ['severity::1'] },
  {
    title: 'Overridden by its own owner',
    description: '',
    comment: { by: 'ana', body: '/override because I would like to go to bed now, please' },
  },
  { title: 'Belongs to another team', description: '', ends: 'moved' },
  { title: 'Label forged by hand', description: '', labels: ['closure::verified'] },
  { title: 'Still being worked on', description: COMPLETE, ends: 'open' },
];

/** Lets the morning happen, through the API as people would, and returns its incidents. */
export async function liveThroughMorning({ gitlab, project, call }: Company): Promise<StoredIssue[]> {
  const incidents: StoredIssue[] = [];
  for (const each of MORNING) {
    const { title, description, by = 'ana', comment, labels = [], ends = 'closed' } = each;
    // As an alert writes it: descriptions that come through the API would have their quick actions run.
    const issue = createIssue(gitlab.world, gitlab.world.userNamed(by), project, title, 'incident');
    Object.assign(issue, { description, labels });
    const path = `/projects/42/issues/${issue.iid}`;
    if (comment) await call(comment.by, 'POST', `${path}/notes`, { body: comment.body });
    if (ends.startsWith('/')) await call(by, 'POST', `${path}/notes`, { body: ends });
    else if (ends !== 'open') await call(by, 'PUT', path, { state_event: 'close' });
    if (ends === 'moved') issue.movedToId = 1;
    incidents.push(issue);
  }
  return incidents;
}
