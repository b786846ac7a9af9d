import type { CallView } from '../../scripts/decide/words.ts';
import type { PageEvent } from '../../scripts/read/pagerduty-event.ts';
import { render } from '../../scripts/render/engine.ts';
import { renderComment } from '../../scripts/render/comment.ts';
import { renderPage } from '../../scripts/render/page.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';

const AT = '2026-11-20T02:07:00.000Z';

/** Each comment of the duty in the states that show people's text, with a text wherever people choose one. */
export const DUTY_VIEWS: readonly { state: string; view: (text: string) => CallView }[] = [
  {
    state: 'acknowledged',
    view: (text) => ({ words: 'ack', pagedAt: AT, acknowledgedAt: AT, by: text, owner: text, engaged: [text, text], escalatedAt: [AT], alarmResolvedAt: AT, updatedAt: AT, how: 'pagerduty' }),
  },
  { state: 'acknowledged by nobody we know', view: () => ({ words: 'ack', pagedAt: AT, acknowledgedAt: AT, engaged: [], escalatedAt: [] }) },
  ...['', AT].map((acknowledgedAt) => ({
    state: acknowledgedAt === '' ? 'escalated' : 'escalated, then acknowledged',
    view: (text: string): CallView => ({
      ...{ words: 'escalation', pagedAt: AT, isObserved: true, policies: [], acknowledgedAt, by: text, isClosed: false, alarmResolvedAt: '' },
      steps: [
        { minutes: 15, tell: [text], isNew: true },
        { minutes: 30, tell: [], isNew: true },
      ],
    }),
  })),
  { state: 'taken off the assignees', view: (text) => ({ words: 'owner', owner: text, by: text }) },
  { state: 'an update due', view: (text) => ({ words: 'update-due', tell: text, since: AT, minutes: 30 }) },
  { state: 'updated', view: (text) => ({ words: 'update', by: text, at: AT, fields: [{ title: 'Severity', text }], lines: text.split('\n'), cannotSee: [text] }) },
  {
    state: 'major',
    view: (text) => ({
      words: 'major',
      tell: [text],
      template: '',
      severity: 1,
      by: text,
      places: [
        { title: 'Active bridge', text },
        { title: 'Slack', text: '' },
      ],
    }),
  },
  {
    state: 'major, by words of our own',
    view: (text) => ({
      words: 'major',
      tell: [text],
      template: '{{#each tell}}{{mention this}}{{/each}} {{inert by}}{{#each places}}{{inert text}}{{/each}}',
      severity: 1,
      by: text,
      places: [{ title: 'Active bridge', text }],
    }),
  },
  { state: 'major, without a bridge', view: (text) => ({ words: 'major-check', tell: text, missing: ['Active bridge'] }) },
  { state: 'asked who is on call', view: (text) => ({ words: 'reply', to: text, lines: [{ command: 'who', why: 'answer', engineer: text, manager: text, owner: text }] }) },
  ...(['role', 'argument', 'unknown user', 'not a member', 'no page', 'not open', 'not there'] as const).map((why) => ({
    state: `refused: ${why}`,
    view: (text: string): CallView => ({ words: 'reply', to: text, lines: [{ command: 'transfer', why }] }),
  })),
  { state: 'noted in PagerDuty', view: (text) => ({ words: 'page-note', by: text, text }) },
  { state: 'new on call', view: (text) => ({ words: 'on-call', tell: text }) },
  ...[[], ['a/b#7']].map((missed) => ({
    state: `reviewed, ${missed.length} missed`,
    view: (text: string): CallView => ({
      words: 'digest',
      start: AT,
      end: AT,
      engineer: text,
      tell: [text],
      missed,
      seen: [{ reference: 'a/b#8', by: text, at: AT, what: 'comment' }],
      updates: missed,
    }),
  })),
];

/** The body of a comment of the duty. */
export function bodyOf(view: CallView): string {
  return renderComment({ slot: 'duty', delivery: 'call', facts: { at: AT }, view });
}

/** What stands in an issue that Watchkeeper creates, with a text wherever people choose one. */
export function createdWith(text: string): { page: string; shiftLog: string } {
  const page: PageEvent = { type: 'triggered', at: AT, incidentId: 'Q1', title: text, service: text, priority: text, urgency: 'high', number: 7, url: text, assignees: [] };
  return { page: renderPage(page, OUR_FORM), shiftLog: render('issues/shift-log', { start: AT, end: AT, engineer: text }) };
}
