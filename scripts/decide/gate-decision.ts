import type { GateFacts } from '../schema/types.gen.ts';
import { viewGate } from './gate-view.ts';
import type { Decision, Part } from './plan.ts';
import type { Situation } from './situation.ts';

const LABELS = ['closure::blocked', 'closure::verified', 'closure::exempt', 'closure::disputed', 'closure::changed'];

/** A decision of the gate: its comment with these facts, and at most one of its labels. */
export function decision(
  situation: Situation,
  facts: GateFacts,
  delivery: 'call' | 'board',
  label: string | undefined,
): Decision {
  const { failing, checks } = situation;
  const plan: Decision['plan'] = {
    labels: only(label),
    comment: { slot: 'gate', delivery, ...viewGate(situation, facts) },
  };
  return { plan, finding: { state: facts.state, codes: failing.map(({ code }) => code), checks } };
}

/** One of the gate's labels, and none of the others. */
export function only(label: string | undefined): Part['labels'] {
  return { present: label === undefined ? [] : [label], absent: LABELS.filter((other) => other !== label) };
}

/** An open incident that the gate never judged cannot be settled; `blocked` may be left of a comment that was deleted. */
export function clearLabels(): Decision {
  const labels = { present: [], absent: LABELS.filter((label) => label !== 'closure::blocked') };
  return { plan: { labels }, finding: { state: 'open', codes: [], checks: [] } };
}

/** Nothing to be done about it. */
export function wait(state: Decision['finding']['state']): Decision {
  return { plan: { labels: { present: [], absent: [] } }, finding: { state, codes: [], checks: [] } };
}
