import type { Check, GateComment, Reason } from '../decide/plan.ts';
import { showTime } from '../decide/show.ts';
import { marker } from '../read/markers.ts';
import type { Form } from '../schema/form.ts';
import { isLogForm } from '../schema/log-form.ts';
import { isAnalysisForm } from '../schema/rca-form.ts';
import { SCHEMAS } from '../schema/schemas.ts';
import { render, tidy } from './engine.ts';
import { pasteFor, wholeTemplate } from './paste.ts';

const MOST_GIVEN = 5;

/** The whole body of the gate comment: its marker, then the words. */
export function renderGateComment({ slot, facts, view }: GateComment): string {
  const isOutcomeAlone = view.failing.every(({ field }) => field.split('/')[0] === 'outcome');
  const isBare = view.sections.size === 0 && view.failing.length > 0 && !isOutcomeAlone;
  const outcomeMissing = view.failing.some(({ code }) => code === 'OUTCOME_MISSING');
  const isOutcomeAsked = view.failing.some(({ field }) => field.split('/')[0] === 'outcome');
  const toItem = (check: Check): object => checkItem(check, view.form);
  const text = render('comments/gate', {
    ...view,
    thing: thingOf(view.form),
    closer: view.closer ?? '',
    asker: view.asker ?? '',
    exemption: view.exemption ? { by: '', reason: '', ...view.exemption } : null,
    recordedSeverity: view.recordedSeverity ?? null,
    failing: view.failing.map(toItem),
    passing: view.passing.map(toItem),
    waived: view.waived.map(toItem),
    pastes: isBare
      ? []
      : pasteFor(view.failing, view).map((paste) => ({ into: null, instead: null, yaml: null, ...paste })),
    template: isBare ? wholeTemplate(view.form) : '',
    outcomeMissing,
    isOutcomeAsked,
    resolutionLine: view.sections.get('Resolution') ?? null,
    falsePositive: `- **Outcome**: false positive: ${SCHEMAS.incident.properties.outcome.properties.reason['x-hint']}`,
    isPaperwork: ['blocked', 'observed'].includes(view.state),
    verifiedAt: showTime(facts.verified_at ?? ''),
    record: facts.record ?? '',
  });
  return `${marker(slot, facts)}\n${tidy(text)}`;
}

/** A check for a template: the first and second thing that stand against each other by name, so that templates stay simple. */
export function checkItem(check: Check, form: Form): object {
  const given = check.given.slice(0, MOST_GIVEN);
  const [first = '', second = ''] = given;
  const title = form.fieldAt(check.field.split('/'))?.title ?? check.section;
  return {
    ...check,
    title,
    first,
    second,
    given,
    others: given.slice(1),
    line: check.line ?? null,
    places: given.map((text, index) => ({ text, line: check.at?.[index] ?? null })),
    meant: check.meant ?? null,
    ...becauseOf(check.because),
  };
}

/** The severity, the label or the hours on whose account something is asked for; the others are null. */
function becauseOf(because: number | Reason = Number.NaN): { because: unknown; label: unknown; hours: unknown } {
  const none = { because: null, label: null, hours: null };
  if (typeof because !== 'number') return { ...none, ...because };
  return Number.isNaN(because) ? none : { ...none, because };
}

/** What is closed here. */
function thingOf(form: Form): string {
  if (isLogForm(form)) return 'shift log';
  return isAnalysisForm(form) ? 'analysis' : 'incident';
}
