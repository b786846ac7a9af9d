import fc from 'fast-check';
import type { AnalysisOnRecord, FollowUpOnRecord, History, Life, ShiftOnRecord } from '../../scripts/schema/types.gen.ts';
import { history, life, minute, shift } from './lives.ts';

/** Moments of two weeks around the Tuesday of `minute`, in no order, often the same. */
const times = fc.oneof(fc.integer({ min: -10_000, max: 10_000 }), fc.constantFrom(0, 1440, -1440)).map(minute);
const days = times.map((at) => at.slice(0, 10));
const ids = fc.integer({ min: 1, max: 9 });
const few = fc.integer({ min: 0, max: 4 });
const codes = fc.constantFrom('OWNER_MISSING', 'SUMMARY_MISSING', 'TIMES_OUT_OF_ORDER');
const labels = fc.constantFrom('ack::pending', 'closure::exempt', 'closure::blocked', 'watchkeeper::off', 'oncall');
const anything: { requiredKeys: []; noNullPrototype: boolean } = { requiredKeys: [], noNullPrototype: true };

const act = fc.record({ at: times, by: ids, source: ids }, { requiredKeys: ['at', 'source'] });

const lives: fc.Arbitrary<Life> = fc
  .record(
    {
      ...{ created_at: times, paged_at: times, closed_at: times, detected_at: times, mitigated_at: times, resolved_at: times },
      ...{ state: fc.constantFrom('opened', 'closed'), severity: fc.constantFrom(1, 2, 3, 4), confidential: fc.boolean() },
      outcome: fc.constantFrom('resolved', 'false positive', 'duplicate', 'tracked in', 'transferred'),
      gate: fc.constantFrom('open', 'active', 'blocked', 'observed', 'disputed', 'verified', 'exempt'),
      exemption: fc.constantFrom('DUPLICATE', 'MOVED', 'ALERT_RECOVERED', 'OVERRIDDEN'),
      ...{ override: act, owned: act, acknowledged: fc.record({ at: times, by: ids, source: ids }, { requiredKeys: ['at'] }) },
      verified: fc.record({ at: times, source: ids, notes: fc.array(ids) }, { requiredKeys: ['at', 'source'] }),
      ...{ escalations: fc.array(act, { maxLength: 2 }), closes: fc.array(act, { maxLength: 3 }) },
      reopens: fc.array(fc.record({ at: times, by: ids, source: ids, by_gate: fc.boolean() }), { maxLength: 3 }),
      handoffs: fc.array(fc.record({ at: times, source: ids, from: ids, to: ids, accepted_at: times, accepted_by: ids }, { requiredKeys: ['at', 'source'] }), { maxLength: 2 }),
      ...{ missing: fc.array(codes, { maxLength: 3 }), labels: fc.array(labels, { maxLength: 3 }) },
    },
    anything,
  )
  .map((parts) => ({ ...life(), ...parts }));

const shifts: fc.Arbitrary<ShiftOnRecord> = fc
  .record(
    {
      ...{ start: times, end: times, engineer: ids },
      pages: fc.array(fc.record({ project: fc.constant(42), iid: ids, at: times }), { maxLength: 3 }),
      windows: fc.array(fc.record({ end: times, seen: few, missed: few }), { maxLength: 3 }),
      handoff: fc.record({ at: times, source: ids, from: ids, to: ids, accepted_at: times, accepted_by: ids, incidents: few, complete: few }, { requiredKeys: ['at', 'source'] }),
    },
    anything,
  )
  .map((parts) => ({ ...shift(), ...parts }));

const tasks: fc.Arbitrary<FollowUpOnRecord> = fc
  .record({ created_at: times, labelled_at: times, due_on: days, closed_at: times, state: fc.constantFrom('opened', 'closed') }, { requiredKeys: ['created_at', 'labelled_at', 'due_on', 'state'] })
  .map((parts) => ({ ...{ project: 42, iid: 1, reference: 'a/b#1', url: 'https://gitlab.example.com/a/b/-/issues/1', updated_at: minute(0), confidential: false, severity: 1 }, ...parts }));

const toAnalysis = ({ project, iid, reference, url, state, created_at: made, updated_at: updated, due_on: due }: FollowUpOnRecord): AnalysisOnRecord => ({
  ...{ project, iid, reference, url, state },
  ...{ created_at: made, updated_at: updated, due_on: due },
});

/** Any history: times in no order, anything missing, of people of whom some are not known. Each incident has a number of its own. */
export function histories(): fc.Arbitrary<History> {
  return fc
    .record({ incidents: fc.array(lives, { maxLength: 8 }), shifts: fc.array(shifts, { maxLength: 4 }), followUps: fc.array(tasks, { maxLength: 5 }) })
    .map(({ incidents, shifts: all, followUps }) =>
      history({
        incidents: incidents.map((each, n) => ({ ...each, iid: n + 1, reference: `sirt/incidents#${n + 1}` })),
        ...{ shifts: all, follow_ups: followUps, analyses: followUps.map(toAnalysis) },
      }),
    );
}
