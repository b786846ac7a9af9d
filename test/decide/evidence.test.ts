import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideEvidence, type Asked, type Evidence } from '../../scripts/decide/evidence.ts';
import { CLASSES, type EvidenceLine } from '../../scripts/decide/evidence-incidents.ts';
import type { Period } from '../../scripts/decide/clocks.ts';
import type { History, Life } from '../../scripts/schema/types.gen.ts';
import { histories } from '../support/any-history.ts';
import { closedLife, history, life, minute, shift } from '../support/lives.ts';
import { AFTER_QUARTER, QUARTER, quarter, quarterConfig } from '../support/quarter.ts';
import { ana, ben, bot, config, lea } from '../support/snapshot.ts';

/** Monday to Sunday; the times of the rows lie on its Tuesday. */
const WEEK: Period = { from: new Date('2026-11-16T00:00:00Z'), to: new Date('2026-11-23T00:00:00Z') };
const LATER = new Date('2026-12-01T00:00:00Z');
const NOTHING: Asked = { created: undefined, runs: undefined, commit: undefined };

const evidence = (more: Partial<History>, asked: Partial<Asked> = {}, settings: object = {}, now = LATER): Evidence =>
  decideEvidence(history(more), WEEK, config(settings), { ...NOTHING, ...asked }, now);
const lineOf = (incident: Life, settings: object = {}): EvidenceLine | undefined => evidence({ incidents: [incident] }, {}, settings).incidents[0];

const verified = { at: minute(11), source: 900, schema: 'a'.repeat(32), config: 'b'.repeat(40), notes: [901, 902] };
const override = { at: minute(8), by: lea.id, source: 800 };

describe('the class of an incident', () => {
  it.each([
    { name: 'verified', incident: closedLife(10, { gate: 'verified', verified }), class: 'verified', code: null, because: null },
    { name: 'exempt as a duplicate', incident: closedLife(10, { gate: 'exempt', exemption: 'DUPLICATE' }), class: 'exempt', code: 'DUPLICATE', because: null },
    { name: 'exempt without a comment', incident: closedLife(10, { exemption: 'ALERT_RECOVERED' }), class: 'exempt', code: 'ALERT_RECOVERED', because: null },
    { name: 'exempt by its label alone', incident: closedLife(10, { labels: ['closure::exempt'] }), class: 'exempt', code: null, because: null },
    { name: 'blocked, and made a duplicate', incident: closedLife(10, { gate: 'blocked', exemption: 'DUPLICATE' }), class: 'exempt', code: 'DUPLICATE', because: null },
    { name: 'overridden', incident: closedLife(10, { gate: 'exempt', exemption: 'OVERRIDDEN', override }), class: 'overridden', code: 'OVERRIDDEN', because: null },
    { name: 'disputed', incident: closedLife(10, { gate: 'disputed' }), class: 'disputed', code: null, because: null },
    { name: 'open', incident: life(), class: 'open', code: null, because: null },
    { name: 'verified, and opened again by a person', incident: life({ gate: 'verified', verified }), class: 'open', code: null, because: null },
    { name: 'closed and never judged', incident: closedLife(10), class: 'unjudged', code: null, because: 'never judged' },
    { name: 'closed before gate.since', incident: closedLife(10), settings: { gate: { since: minute(11) } }, class: 'unjudged', code: null, because: 'before the gate' },
    { name: 'closed as gate.since began', incident: closedLife(10), settings: { gate: { since: minute(10) } }, class: 'unjudged', code: null, because: 'never judged' },
    { name: 'closed while the gate only observes', incident: closedLife(10, { gate: 'observed' }), class: 'unjudged', code: null, because: 'observed' },
    { name: 'closed a moment ago', incident: closedLife(10, { gate: 'blocked' }), class: 'unjudged', code: null, because: 'closed since' },
    { name: 'silenced', incident: closedLife(10, { labels: ['watchkeeper::off'] }), class: 'unjudged', code: null, because: 'silenced' },
  ])('$name: $class', ({ incident, settings, class: expected, code, because }) => {
    expect(lineOf(incident, settings)).toMatchObject({ class: expected, code, because });
  });

  it('is one of six, which add up to the total', () => {
    const incidents = [closedLife(1), life(), closedLife(2, { gate: 'verified' }), closedLife(3, { gate: 'verified' }), closedLife(4, { exemption: 'OVERRIDDEN' })].map((each, n) => ({
      ...each,
      iid: n + 1,
    }));
    const { classes, total } = evidence({ incidents });
    expect([classes, total]).toEqual([{ verified: 2, exempt: 0, overridden: 1, disputed: 0, open: 1, unjudged: 1 }, 5]);
  });

  it('is asked of what was created in the period alone, whenever the page came', () => {
    const created = ['2026-11-15T23:59:59Z', '2026-11-16T00:00:00Z', '2026-11-22T23:59:59Z', '2026-11-23T00:00:00Z'];
    const incidents = created.map((at, n) => life({ iid: n + 1, reference: `sirt/incidents#${n + 1}`, created_at: at, paged_at: minute(0) }));
    expect(evidence({ incidents }).incidents.map(({ reference }) => reference)).toEqual(['sirt/incidents#2', 'sirt/incidents#3']);
  });
});

describe('the line of an incident', () => {
  it('has every time with who did it and where that stands', () => {
    const incident = closedLife(10, {
      ...{ page_source: 100, acknowledged: { at: minute(3), by: ana.id, source: 101 }, owned: { at: minute(4), by: 77, source: 102 } },
      ...{ escalations: [{ at: minute(2), source: 103 }], detected_at: minute(-5), mitigated_at: minute(6), resolved_at: minute(7) },
      reopens: [
        { at: minute(11), by: bot.id, source: 1001, by_gate: true },
        { at: minute(12), by: ben.id, source: 1002, by_gate: false },
      ],
      ...{ gate: 'verified', verified },
    });
    expect(lineOf(incident)?.moments.map(({ what, at, by, source: { kind, id } }) => [what, at, by, kind, id])).toEqual([
      ['detected', minute(-5), null, 'description', null],
      ['opened', minute(0), null, 'issue', null],
      ['paged', minute(0), null, 'note', 100],
      ['escalated', minute(2), null, 'note or event', 103],
      ['acknowledged', minute(3), 'ana', 'note', 101],
      ['owned', minute(4), 'user 77', 'note or event', 102],
      ['mitigated', minute(6), null, 'description', null],
      ['resolved', minute(7), null, 'description', null],
      ['closed', minute(10), 'ana', 'event', 1000],
      ['reopened by the gate', minute(11), null, 'event', 1001],
      ['verified', minute(11), null, 'note', 900],
      ['reopened', minute(12), 'ben', 'event', 1002],
    ]);
  });

  it.each([
    { name: 'a page of which no comment tells', incident: life(), what: 'paged', kind: 'issue' },
    { name: 'a closing of which GitLab has the time alone', incident: closedLife(10, { closes: [] }), what: 'closed', kind: 'issue' },
    { name: 'a closing of which GitLab keeps no event', incident: closedLife(10, { closes: [{ at: minute(10), source: 0 }] }), what: 'closed', kind: 'event' },
    { name: 'an owner of whom GitLab keeps no note', incident: life({ owned: { at: minute(1), source: 0 } }), what: 'owned', kind: 'note or event' },
    { name: 'an acknowledgement without a comment', incident: life({ acknowledged: { at: minute(1) } }), what: 'acknowledged', kind: 'note' },
  ])('says so of $name', ({ incident, what, kind }) => {
    expect(lineOf(incident)?.moments.find((moment) => moment.what === what)?.source).toEqual({ kind, id: null });
  });

  it('says by whom it was overridden, where an override is why it is closed', () => {
    const told = (incident: Life): unknown => lineOf(incident)?.moments.find(({ what }) => what === 'overridden');
    expect(told(closedLife(10, { exemption: 'OVERRIDDEN', override }))).toEqual({ what: 'overridden', at: minute(8), by: 'lea', source: { kind: 'note', id: 800 } });
    expect(told(closedLife(10, { gate: 'verified', override }))).toBeUndefined();
  });

  it('says by which schema and configuration it was verified, on which notes, and whether it was changed since', () => {
    expect(lineOf(closedLife(10, { gate: 'verified', verified, labels: ['closure::changed'] }))).toMatchObject({
      verified: { schema: 'a'.repeat(32), config: 'b'.repeat(40), notes: [901, 902] },
      changed: true,
    });
    expect(lineOf(closedLife(10, { gate: 'verified' }))).toMatchObject({ verified: { schema: null, config: null, notes: [] }, changed: false });
    expect(lineOf(closedLife(10, { gate: 'disputed', verified }))).toMatchObject({ verified: null });
  });

  it('has no text of people', () => {
    const incident = closedLife(10, { confidential: false, title: 'Token leaked' });
    expect(JSON.stringify(evidence({ incidents: [incident] }))).not.toContain('leaked');
  });
});

describe('the count of GitLab', () => {
  it.each([
    { name: 'equal', created: 2, gitlab: 2, difference: 0 },
    { name: 'one more, which we do not know', created: 3, gitlab: 3, difference: 1 },
    { name: 'one less, which we alone have', created: 1, gitlab: 1, difference: -1 },
    { name: 'not asked', created: undefined, gitlab: null, difference: null },
  ])('$name', ({ created, gitlab, difference }) => {
    expect(evidence({ incidents: [life({ iid: 1 }), life({ iid: 2 })] }, { created }).reconciled).toEqual({ ours: 2, gitlab, difference });
  });
});

describe('what is in force', () => {
  it('is the schema of now and the commit of now, and those by which incidents were verified', () => {
    const by = (schema: string): Life => closedLife(10, { gate: 'verified', verified: { ...verified, schema } });
    const found = evidence({ incidents: [by('a'.repeat(32)), by('d'.repeat(32)), by('d'.repeat(32)), life()] }, { commit: 'c'.repeat(40) });
    expect(found.in_force).toEqual({ schema: config().form.hash, config: 'c'.repeat(40) });
    expect(found.verified_by).toEqual([
      { schema: 'd'.repeat(32), config: 'b'.repeat(40), count: 2 },
      { schema: 'a'.repeat(32), config: 'b'.repeat(40), count: 1 },
    ]);
    expect(evidence({}).in_force.config).toBeNull();
  });
});

describe('the longest time without a sweep', () => {
  const day = (text: string): string => `2026-11-${text}:00:00Z`;
  it.each([
    { name: 'lies between two runs', runs: [day('16T12'), day('18T12'), day('20T00'), day('21T12')], from: day('16T12'), to: day('18T12'), hours: 48, inside: 4 },
    { name: 'lies before the first run', runs: [day('19T00'), day('21T00')], from: day('16T00'), to: day('19T00'), hours: 72, inside: 2 },
    { name: 'lies after the last run', runs: [day('17T00'), day('18T00')], from: day('18T00'), to: day('23T00'), hours: 120, inside: 2 },
    { name: 'is the whole period where none ran in it', runs: [day('15T00'), day('23T00')], from: day('16T00'), to: day('23T00'), hours: 168, inside: 0 },
    { name: 'is the whole period where none ran at all', runs: [], from: day('16T00'), to: day('23T00'), hours: 168, inside: 0 },
    { name: 'does not mind the order of runs', runs: [day('21T12'), day('16T12'), day('20T00'), day('18T12')], from: day('16T12'), to: day('18T12'), hours: 48, inside: 4 },
    { name: 'ends now, where the period is not over', runs: [day('16T12'), day('17T00')], now: day('17T06'), from: day('16T00'), to: day('16T12'), hours: 12, inside: 2 },
  ])('$name', ({ runs, now, from, to, hours, inside }) => {
    expect(evidence({}, { runs }, {}, new Date(now ?? LATER)).sweeps).toEqual({ runs: inside, longest: { from, to, minutes: hours * 60 } });
  });

  it('is unknown where nobody could tell when they ran', () => {
    expect(evidence({}).sweeps).toBeNull();
  });
});

describe('reviews and hand-offs', () => {
  it('are told by shift: windows that ended in the period, with the log', () => {
    const windows = [
      { end: minute(720), seen: 2, missed: 1 },
      { end: minute(360), seen: 3, missed: 0 },
      { end: '2026-11-23T00:00:00Z', seen: 1, missed: 0 },
    ];
    const shifts = [shift({ windows }), shift({ reference: 'sirt/incidents#99' })];
    expect(evidence({ shifts }).reviews).toMatchObject([{ on: 'sirt/incidents#100', engineer: 'ana', start: minute(0), end: minute(720), windows: [{ end: minute(360) }, { end: minute(720) }] }]);
  });

  it('are told from whom to whom, and who accepted when', () => {
    const atChange = { at: minute(0), from: ben.id, to: ana.id, accepted_at: minute(4), accepted_by: ana.id, source: 500, incidents: 2, complete: 1 };
    const byCommand = { at: minute(60), from: ana.id, to: lea.id, source: 501 };
    const late = { at: '2026-11-23T00:00:00Z', source: 502 };
    const found = evidence({ shifts: [shift({ handoff: atChange })], incidents: [life({ handoffs: [late, byCommand] })] }).handoffs;
    expect(found).toEqual([
      { on: 'sirt/incidents#100', url: 'https://gitlab.example.com/sirt/incidents/-/issues/100', at: minute(0), from: 'ben', to: 'ana', accepted_at: minute(4), accepted_by: 'ana', note: 500 },
      { on: 'sirt/incidents#7', url: 'https://gitlab.example.com/sirt/incidents/-/issues/7', at: minute(60), from: 'ana', to: 'lea', accepted_at: null, accepted_by: null, note: 501 },
    ]);
  });
});

it('a quarter of 300 incidents is told whole', () => {
  const found = decideEvidence(quarter(), QUARTER, quarterConfig(), { ...NOTHING, created: 301 }, AFTER_QUARTER);
  // Three are open, three disputed, five overridden (5, 65, ... 245), six duplicates (11, 61, ... 261).
  expect(found.classes).toEqual({ verified: 283, exempt: 6, overridden: 5, disputed: 3, open: 3, unjudged: 0 });
  expect([found.total, found.reconciled.difference, found.verified_by.map(({ count }) => count)]).toEqual([300, 1, [283]]);
  // 182 shifts, the last window of the last of which ended as the quarter did; all but the first took over.
  expect([found.reviews.length, found.reviews.flatMap(({ windows }) => windows).length, found.handoffs.length]).toEqual([182, 363, 181]);
});

describe('of any history', () => {
  const all = (of: History): Evidence => decideEvidence(of, WEEK, config({ gate: { since: minute(0) } }), { ...NOTHING, created: 3 }, LATER);

  it('each incident is in one class, and none is left out', () => {
    fc.assert(
      fc.property(histories(), (any) => {
        const { incidents, classes, total, reconciled } = all(any);
        const created = any.incidents.filter(({ created_at: at }) => new Date(at) >= WEEK.from && new Date(at) < WEEK.to);
        expect(incidents.map(({ reference }) => reference).sort()).toEqual(created.map(({ reference }) => reference).sort());
        expect(CLASSES.map((name) => classes[name]).reduce((sum, count) => sum + count, 0)).toBe(total);
        expect((reconciled.gitlab ?? 0) - (reconciled.difference ?? 0)).toBe(total);
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it('the evidence does not depend on its order', () => {
    fc.assert(
      fc.property(histories(), (any) => {
        const shifts = any.shifts.map((each, n) => ({ ...each, reference: `sirt/logs#${n}` }));
        expect(all({ ...any, incidents: [...any.incidents].reverse(), shifts: [...shifts].reverse() })).toEqual(all({ ...any, shifts }));
      }),
      { numRuns: 200, seed: 4 },
    );
  });
});
