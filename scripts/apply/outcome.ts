import type { Report } from '../render/report.ts';
import type { Outcome } from './event.ts';
import { leftOf, toLeft } from './left.ts';

/** What the report has of an event's outcome; `failed` is whether a check of a merge request failed. */
export function outcomeReport(
  outcome: Outcome,
): Pick<Report, 'incidents' | 'nothing' | 'also' | 'leftOver' | 'told' | 'failed'> {
  if ('nothing' in outcome) return { incidents: [], nothing: outcome.nothing, leftOver: [] };
  if ('incident' in outcome) {
    const { incident, also = [], leftOver = [] } = outcome;
    return { incidents: [incident], also, leftOver: [...leftOf(incident), ...leftOver] };
  }
  const { reference, judged, isFailing, also, failures } = outcome.mergeRequest;
  const each = judged.map(({ issue, finding }) => `${issue.reference} ${[finding.state, ...finding.codes].join(' ')}`);
  return {
    ...{ incidents: judged, also, failed: isFailing },
    told: `${reference} ${each.length > 0 ? `would close ${each.join(', ')}` : 'would close no incident'}`,
    leftOver: failures.map((failure) => toLeft(reference, failure)),
  };
}
