import { decideEvidence } from '../../scripts/decide/evidence.ts';
import type { CallView } from '../../scripts/decide/words.ts';
import type { PageEvent } from '../../scripts/read/pagerduty-event.ts';
import { renderComment } from '../../scripts/render/comment.ts';
import { render } from '../../scripts/render/engine.ts';
import { renderFollowUp } from '../../scripts/render/follow-up.ts';
import { renderEvidence } from '../../scripts/render/evidence.ts';
import { renderPage } from '../../scripts/render/page.ts';
import { renderSlackMessage } from '../../scripts/render/slack.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { closedLife, history, shift } from '../support/lives.ts';
import { config } from '../support/snapshot.ts';

const AT = '2026-11-20T10:00:00.000Z';

/** What a review lists, where there is more than it shows. */
const listed = <T>(row: T): { rows: T[]; count: number; more: number } => ({ rows: [row], count: 2, more: 1 });

/** All that the duty's comments say, with a text of people's wherever they have one. */
function dutyViews(text: string): CallView[] {
  const person = `-${text}`;
  const places = [{ title: 'Active bridge', text }];
  const row = { reference: 'sirt/incidents#7', severity: 'S2', responsible: person, missing: ['Active bridge'], fields: places };
  const fields = [
    { title: 'Active bridge', text, isMissing: false },
    { title: 'Next steps', text, isMissing: true },
  ];
  const handoff = {
    words: 'handoff' as const,
    at: AT,
    from: person,
    to: person,
    owner: `${person}x`,
    isCommanded: true,
    isObserved: false,
    asks: true,
    fields,
    missing: ['Next steps'],
    acceptedAt: '',
    acceptedBy: '',
  };
  const escalation = { words: 'escalation' as const, pagedAt: AT, isObserved: false, policies: [], acknowledgedAt: '', by: person, isClosed: false, alarmResolvedAt: '' };
  return [
    { words: 'ack', pagedAt: AT, acknowledgedAt: AT, by: person, owner: person, engaged: [person, person], escalatedAt: [AT], alarmResolvedAt: AT, updatedAt: AT },
    { ...escalation, steps: [{ minutes: 15, tell: [person], isNew: true }] },
    { ...escalation, steps: [{ minutes: 15, tell: [person], isNew: false }], acknowledgedAt: AT },
    { words: 'owner', owner: person, by: person },
    { words: 'update-due', tell: person, since: AT, minutes: 30 },
    { words: 'update', by: person, at: AT, fields: places, lines: [text, text], cannotSee: [person] },
    { words: 'major', tell: [person], template: '', severity: 1, by: person, places },
    { words: 'major-check', tell: person, missing: ['Active bridge'] },
    { words: 'reply', to: person, lines: [{ command: 'update', why: 'argument' }] },
    { words: 'reply', to: person, lines: [{ command: 'who', why: 'answer', engineer: person, manager: person, owner: person }] },
    { words: 'page-note', by: person, text },
    handoff,
    { ...handoff, asks: false, acceptedAt: AT, acceptedBy: person },
    { words: 'handoff-late', tell: person, to: person, minutes: 31, references: ['sirt/incidents#7'] },
    { words: 'handoff-due', tell: person, at: AT, to: person, rows: [row], paperwork: ['sirt/incidents#5'], lacksNotes: true },
    {
      words: 'shift-handoff',
      at: AT,
      from: person,
      to: person,
      asks: true,
      isObserved: false,
      rows: [row],
      paperwork: ['sirt/incidents#5'],
      before: 'sirt/incidents#4',
      acceptedAt: AT,
      acceptedBy: person,
    },
    {
      ...{ words: 'log', engineer: person, start: AT, end: AT, paperwork: ['sirt/incidents#5'], more: 1 },
      open: [{ severity: 'S2', references: ['sirt/incidents#7'] }],
      windows: [{ start: AT, end: AT, state: 'told', seen: 1, missed: 1 }],
      pages: [{ reference: 'sirt/incidents#7', at: AT, isOpen: true, minutes: 7 }],
      ...{ before: 'sirt/incidents#4', beforeBy: person, after: 'sirt/incidents#6', afterBy: person, handedAt: AT },
    },
    { words: 'on-call', tell: person },
    { words: 'learning', rows: [{ kind: text, reference: 'sirt/incidents#9', state: 'created' }] },
    {
      ...{ words: 'weekly-review', week: '2026-W47', from: '2026-11-16', to: '2026-11-22', numbers: [{ title: 'Pages', unit: 'count', now: 3, before: null }] },
      ...{ missing: [{ code: 'OWNER_MISSING', count: 2 }], weeks: [{ name: 'W47', opened: 1, closed: 1 }], most: 1, disputes: ['sirt/incidents#4'], changed: ['sirt/incidents#5'] },
      open: listed({ reference: 'sirt/incidents#7', severity: 'S2', status: 'open', since: AT, blockers: ['blocked'], missing: ['OWNER_MISSING'], told: [{ title: 'Scope', text }] }),
      closed: listed({ reference: 'sirt/incidents#8', severity: 'S2', status: 'closed, verified', since: AT, blockers: [], missing: [], told: [{ title: 'Impact', text }] }),
      ...{ overrides: [{ reference: 'sirt/incidents#3', by: person }], unaccepted: [{ reference: 'sirt/incidents#2', by: person }] },
      followUps: listed({ reference: 'sirt/incidents#9', dueOn: '2026-11-01', tell: [person] }),
      analyses: listed({ reference: 'sirt/incidents#10', dueOn: '2026-11-01', tell: [person] }),
    },
    { words: 'doctor', rows: [{ code: 'BOT_ROLE', where: text, cause: text, cure: 'Give it the role.' }] },
    { words: 'nudge', tell: [person], dueOn: '2026-12-20', isAssigned: true },
    { words: 'note', became: 'changed', incident: 'sirt/incidents#7', lines: [text, text] },
    { words: 'analysis-overdue', tell: [person, person], dueOn: '2026-12-01', isAssigned: false },
    {
      words: 'digest',
      start: AT,
      end: AT,
      engineer: person,
      tell: [person],
      missed: ['sirt/incidents#7'],
      seen: [{ reference: 'sirt/incidents#8', by: person, at: AT, what: 'emoji' }],
      updates: ['sirt/incidents#7'],
    },
  ];
}

/** The duty's comments as they are posted. */
export function dutyComments(text: string): string[] {
  return dutyViews(text).map((view) => renderComment({ slot: view.words, delivery: 'call', facts: { at: AT }, view }));
}

/** The descriptions of issues that the duty opens: of a page, and of a shift's log without our own hints, which are comments of HTML. */
export function dutyDescriptions(text: string): { page: string; log: string; followUp: string; calls: string } {
  const page: PageEvent = { type: 'triggered', at: AT, incidentId: 'PGR0VU2', title: text, service: text, urgency: 'high', priority: text, number: 7, url: text, assignees: [] };
  const about = { project: 42, title: text, labels: [], confidential: false, dueOn: '2026-12-20', severity: 2 as const };
  const followUp = renderFollowUp({ ...about, text }, 'sirt/incidents#7');
  const people = { managers: [text], bot: text };
  const calls = render('issues/doctor', people) + render('issues/token-expiry', { ...people, day: '2026-12-11', days: 21 });
  return { calls, page: renderPage(page, OUR_FORM), log: render('issues/shift-log', { start: AT, end: AT }).replaceAll(/<!-- [a-z, ]+ -->/g, ''), followUp };
}

/** The evidence of incidents, shifts and hand-offs of somebody who is called so. */
export function dutyEvidence(text: string): string {
  const act = { at: AT, by: 5, source: 1 };
  const handoff = { at: AT, from: 5, to: 5, accepted_at: AT, accepted_by: 5, source: 1 };
  const incidents = [closedLife(1, { confidential: false, title: text, created_at: AT, acknowledged: act, owned: act, closes: [act], exemption: 'OVERRIDDEN', override: act, handoffs: [handoff] })];
  const shifts = [shift({ engineer: 5, windows: [{ end: AT, seen: 1, missed: 1 }], handoff })];
  const period = { from: new Date(AT), to: new Date('2026-11-21T00:00:00Z') };
  const told = history({ people: [{ id: 5, username: `-${text}` }], incidents, shifts });
  return renderEvidence(decideEvidence(told, period, config(), { created: 1, runs: [AT], commit: undefined }, period.to));
}

/** All text of a stakeholder update as Slack is sent it. */
export function slackText(text: string): string {
  const { text: first, blocks } = renderSlackMessage({ text: `sirt/incidents#7: stakeholder update by ana`, lines: [text, `Outcome: ${text}`], link: 'https://gitlab.example.com/x' });
  return [first, ...blocks.map((block) => block.text.text)].join('\n');
}
