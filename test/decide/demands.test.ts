import { describe, expect, it } from 'vitest';
import { demandedFields, merged, toUnmet, unmetDemands, type Unmet } from '../../scripts/decide/demands.ts';
import type { Closing } from '../../scripts/decide/closing.ts';
import type { Fault } from '../../scripts/schema/fault.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';

const RESOLVED = ['outcome', 'summary', 'owner', 'acknowledged_at', 'severity', 'improvement_notes'];
const MAJOR = ['timeline', 'evidence', 'root_cause_analysis'];

describe('what closing demands, by outcome and severity', () => {
  it.each<{ name: string; closing: Closing; fields: string[] }>([
    { name: 'no outcome', closing: {}, fields: RESOLVED },
    { name: 'resolved', closing: { outcome: { kind: 'resolved' } }, fields: RESOLVED },
    { name: 'resolved at severity 3', closing: { outcome: { kind: 'resolved' }, severity: 3 }, fields: RESOLVED },
    { name: 'resolved at severity 2', closing: { outcome: { kind: 'resolved' }, severity: 2 }, fields: [...RESOLVED, ...MAJOR] },
    { name: 'resolved at severity 1', closing: { outcome: { kind: 'resolved' }, severity: 1 }, fields: [...RESOLVED, ...MAJOR] },
    { name: 'no outcome at severity 1', closing: { severity: 1 }, fields: [...RESOLVED, ...MAJOR] },
    { name: 'a false positive', closing: { outcome: { kind: 'false positive', reason: 'the load test tripped rule 311' } }, fields: ['outcome'] },
    { name: 'a false positive at severity 2', closing: { outcome: { kind: 'false positive', reason: 'the load test tripped rule 311' }, severity: 2 }, fields: ['outcome', 'evidence'] },
    { name: 'a duplicate at severity 1', closing: { outcome: { kind: 'duplicate', duplicate_of: '#12' }, severity: 1 }, fields: ['outcome'] },
  ])('$name', ({ closing, fields }) => {
    expect(demandedFields(closing, OUR_FORM).sort()).toEqual([...fields].sort());
  });

  it('is not an outcome that is there and wrong', () => {
    expect(
      unmetDemands(
        { outcome: { kind: 'resolved' }, owner: 'ana and ben', severity: 4, summary: 'A token leaked.', acknowledged_at: '2026-11-20T02:07:00Z', improvement_notes: [{ text: 'revoke first' }] },
        OUR_FORM,
      ),
    ).toEqual([expect.objectContaining({ code: 'OWNER_INVALID', kind: 'invalid', field: 'owner' })]);
  });
});

describe('a fault as a demand', () => {
  const fault = (more: Partial<Fault>): Fault => ({ instancePath: '', keyword: 'type', params: {}, message: 'must be string', refusedBy: undefined, ...more });
  it.each<{ name: string; fault: Fault; within?: string[]; unmet: Partial<Unmet> }>([
    {
      name: 'a field that is missing',
      fault: fault({ keyword: 'required', params: { missingProperty: 'owner' } }),
      unmet: { code: 'OWNER_MISSING', kind: 'missing', field: 'owner', help: OUR_FORM.fieldAt(['owner'])!.help },
    },
    { name: 'a field that is empty', fault: fault({ instancePath: '/evidence', keyword: 'minItems' }), unmet: { code: 'EVIDENCE_MISSING', kind: 'missing', field: 'evidence' } },
    { name: 'a field that is too short', fault: fault({ instancePath: '/summary', keyword: 'minLength' }), unmet: { code: 'SUMMARY_MISSING', kind: 'missing' } },
    { name: 'a placeholder', fault: fault({ instancePath: '/summary', keyword: 'filled' }), unmet: { code: 'SUMMARY_MISSING', kind: 'missing' } },
    { name: 'a field that cannot be read', fault: fault({ instancePath: '/owner', keyword: 'format' }), unmet: { code: 'OWNER_INVALID', kind: 'invalid', field: 'owner' } },
    { name: 'the reason of an outcome', fault: fault({ instancePath: '/outcome/reason', keyword: 'reasoned' }), unmet: { code: 'OUTCOME_REASON_MISSING', kind: 'missing', field: 'outcome' } },
    {
      name: 'what is missing in an entry of a list',
      fault: fault({ instancePath: '/timeline/12', keyword: 'required', params: { missingProperty: 'at' } }),
      unmet: { code: 'TIMELINE_INVALID', kind: 'invalid', field: 'timeline', entries: ['12'] },
    },
    { name: 'a key that only looks like an entry', fault: fault({ instancePath: '/timeline/12a/b3' }), unmet: { code: 'TIMELINE_INVALID', field: 'timeline' } },
    {
      name: 'a field of the hand-off',
      fault: fault({ keyword: 'required', params: { missingProperty: 'bridge' } }),
      within: ['handoff'],
      unmet: { code: 'HANDOFF_BRIDGE_MISSING', kind: 'missing', field: 'handoff/bridge' },
    },
    {
      name: 'a fault of no field, by its keyword',
      fault: fault({ keyword: 'minContainsNow', message: 'must contain at least 2 valid items' }),
      unmet: { code: 'SCHEMA_MIN_CONTAINS_NOW', kind: 'invalid', field: '', help: 'It must contain at least 2 valid items.' },
    },
    { name: 'a fault of an unknown field, by its keyword', fault: fault({ instancePath: '/dpia', keyword: 'minLength' }), unmet: { code: 'SCHEMA_MIN_LENGTH', kind: 'missing', field: 'dpia' } },
    {
      name: 'a fault of a field that the schema has words for',
      fault: fault({ instancePath: '/dpia', code: 'DPIA', help: 'The number.' }),
      unmet: { code: 'DPIA_INVALID', field: 'dpia', help: 'The number.' },
    },
    { name: 'another fault that names a property', fault: fault({ keyword: 'dependentRequired', params: { missingProperty: 'owner' } }), unmet: { field: '', code: 'SCHEMA_DEPENDENT_REQUIRED' } },
    { name: 'a demand that names none', fault: fault({ instancePath: '/owner', keyword: 'required' }), unmet: { field: 'owner', code: 'OWNER_MISSING' } },
  ])('$name', ({ fault: given, within = [], unmet }) => {
    const found = toUnmet(given, within, OUR_FORM);
    expect(found).toMatchObject(unmet);
    expect(found.entries).toEqual(unmet.entries);
  });

  it('comes once for each code and field, with all its entries', () => {
    const [a, b] = [
      { code: 'A', kind: 'invalid', field: 'timeline', help: 'first' },
      { code: 'B', kind: 'missing', field: 'timeline', help: 'second' },
    ] as const;
    const unmet: Unmet[] = [{ ...a, entries: ['1'] }, b, { ...a, help: 'other' }, { ...a, entries: ['2', '1'] }, { ...a, field: 'evidence' }];
    expect(merged(unmet)).toStrictEqual([{ ...a, entries: ['1', '2'] }, b, { ...a, field: 'evidence' }]);
  });
});
