import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { decideEvidence } from '../../scripts/decide/evidence.ts';
import { measureAll } from '../../scripts/decide/metrics.ts';
import { renderCsv } from '../../scripts/render/csv.ts';
import { renderEvidence, renderEvidenceCsv } from '../../scripts/render/evidence.ts';
import { renderIncidentsCsv, renderMetricsCsv } from '../../scripts/render/metrics.ts';
import type { History } from '../../scripts/schema/types.gen.ts';
import { closedLife, history, life, minute, shift } from '../support/lives.ts';
import { AFTER_QUARTER, QUARTER, quarter, quarterConfig } from '../support/quarter.ts';
import { ana, ben, bot, config, lea } from '../support/snapshot.ts';

const WEEK = { from: new Date('2026-11-16T00:00:00Z'), to: new Date('2026-11-23T00:00:00Z') };
const LATER = new Date('2026-12-01T00:00:00Z');
const rowsOf = (csv: string): Record<string, string>[] => parse(csv, { columns: true });

describe('CSV', () => {
  it.each([
    { what: 'a formula', text: '=HYPERLINK("http://x","y")', cell: `'=HYPERLINK("http://x","y")` },
    { what: 'one that begins with +', text: '+1+cmd|x', cell: "'+1+cmd|x" },
    { what: 'one that begins with -', text: '-2+3', cell: "'-2+3" },
    { what: 'one that begins with @', text: '@SUM(A1)', cell: "'@SUM(A1)" },
    { what: 'a tab before it', text: '\t=1+1', cell: "'\t=1+1" },
    { what: 'a line end before it', text: '\r=1+1', cell: "'\r=1+1" },
    { what: 'one in full width', text: '＝1+1', cell: "'＝1+1" },
    { what: 'commas, quotation marks and line ends', text: 'a, "b"\r\nc', cell: 'a, "b"\r\nc' },
    { what: 'a plain text', text: 'a=b', cell: 'a=b' },
    { what: 'nothing', text: null, cell: '' },
    { what: 'a number', text: 0, cell: '0' },
  ])('of $what', ({ text, cell }) => {
    expect(rowsOf(renderCsv(['a', 'b'], [{ a: text, b: 'x' }]))).toEqual([{ a: cell, b: 'x' }]);
  });

  it('has its head where there is no row', () => {
    expect(renderCsv(['a', 'b'], [])).toBe('a,b\r\n');
  });
});

describe('metrics.csv', () => {
  const rows = rowsOf(renderMetricsCsv(measureAll(quarter(), QUARTER, quarterConfig(), AFTER_QUARTER)));

  it('has a row for the whole and one for each week', () => {
    expect(rows.map(({ period }) => period)).toEqual(['whole', ...Array.from({ length: 13 }, () => 'week')]);
    expect(rows[0]).toMatchObject({
      ...{ from: '2026-07-06T00:00:00Z', to: '2026-10-05T00:00:00Z', 'incidents.opened': '300', 'incidents.severity_1': '72', 'incidents.severity_none': '12' },
      ...{ 'time_to_acknowledge.median_minutes': '9.5', 'gate.reopen_rate': '0.1111', 'gate.missing': 'IMPROVEMENT_NOTES_MISSING 33; OWNER_MISSING 15' },
      ...{ 'pages.per_shift': '1.65', 'pages.per_person': 'ana 150; ben 150' },
    });
    expect(rows[1]).toMatchObject({ from: '2026-07-06T00:00:00Z', to: '2026-07-13T00:00:00Z', 'incidents.opened': '24' });
  });

  it('leaves empty what nothing could be divided for', () => {
    const [quiet] = rowsOf(renderMetricsCsv(measureAll(history(), WEEK, config(), LATER)));
    expect(quiet).toMatchObject({ 'gate.reopen_rate': '', 'time_to_own.p90_minutes': '', 'incidents.opened': '0' });
  });
});

describe('incidents.csv', () => {
  const csv = (of: History): Record<string, string>[] => rowsOf(renderIncidentsCsv(of, WEEK, config(), LATER));

  it('has a row for each incident of the numbers', () => {
    const rows = rowsOf(renderIncidentsCsv(quarter(), QUARTER, quarterConfig(), AFTER_QUARTER));
    expect(rows.length).toBe(300);
    // Incident 13: @ben, after 13 minutes; closed after 60 + 3 x 30, reopened, closed an hour later; severity 13 % 4 + 1.
    expect(rows[13]).toMatchObject({
      ...{ reference: 'sirt/incidents#14', title: 'Incident 13', confidential: 'no', severity: '2', state: 'closed', gate: 'verified', outcome: 'resolved' },
      ...{ minutes_to_acknowledge: '13', minutes_to_own: '13', minutes_to_mitigate: '', minutes_to_resolve: '150', acknowledged_by: 'ben', owner: 'ben' },
      ...{ escalations: '0', reopened_by_gate: '1', reopened_by_people: '0', missing: 'IMPROVEMENT_NOTES_MISSING' },
    });
  });

  it('has what was paged or first closed in the period, or is open at its end', () => {
    const before = '2026-11-01T00:00:00Z';
    const incidents = [
      life({ iid: 1, created_at: before, paged_at: before }),
      closedLife(5, { iid: 2, created_at: before, paged_at: before }),
      closedLife(5, { iid: 3, created_at: before, paged_at: before, closed_at: before, closes: [{ at: before, by: 1, source: 1 }] }),
      life({ iid: 4, created_at: '2026-11-24T00:00:00Z', paged_at: '2026-11-24T00:00:00Z' }),
    ].map((each) => ({ ...each, reference: `#${each.iid}` }));
    expect(csv(history({ incidents })).map(({ reference }) => reference)).toEqual(['#1', '#2']);
  });

  it("keeps titles of what is confidential to itself, and makes people's text one harmless line", () => {
    const titles = csv(
      history({
        incidents: [
          life({ iid: 1, confidential: true, title: 'Token leaked' }),
          life({ iid: 2, confidential: false, title: '=cmd|" /C calc"!A0\r\n`x`' }),
          life({ iid: 3, confidential: false, title: 'x'.repeat(1000) }),
        ],
      }),
    ).map(({ title }) => title);
    expect(titles).toEqual(['', `'=cmd " /C calc"!A0 x`, `${'x'.repeat(200)}…`]);
  });
});

/** An incident of each class, a shift and its hand-offs. */
function someHistory(): History {
  const verified = { at: minute(91), source: 612, schema: '0f1e2d3c4b5a69788796a5b4c3d2e1f0', config: '4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a', notes: [601] };
  const taken = { at: minute(4), by: ana.id, source: 502 };
  const whole = closedLife(30, {
    ...{ page_source: 501, severity: 2, acknowledged: taken, owned: taken, escalations: [{ at: minute(3), source: 503 }], mitigated_at: minute(20) },
    ...{ closes: [30, 90].map((at) => ({ at: minute(at), by: ana.id, source: 700 + at })), reopens: [{ at: minute(31), by: bot.id, source: 731, by_gate: true }] },
    ...{ closed_at: minute(90), gate: 'verified', verified, labels: ['closure::changed'] },
    handoffs: [{ at: minute(15), from: ana.id, to: ben.id, accepted_at: minute(18), accepted_by: ben.id, source: 505 }],
  });
  const others = [
    closedLife(10, { exemption: 'DUPLICATE' }),
    closedLife(10, { exemption: 'OVERRIDDEN', override: { at: minute(9), by: lea.id, source: 640 } }),
    closedLife(10, { gate: 'disputed', severity: 1 }),
    life({ severity: 3 }),
    ...[
      closedLife(-1380, { created_at: minute(-1400), paged_at: minute(-1400) }),
      closedLife(10, { gate: 'observed' }),
      closedLife(10),
      closedLife(10, { gate: 'blocked' }),
      closedLife(10, { labels: ['watchkeeper::off'] }),
    ],
  ];
  const handoff = { at: minute(0), from: ben.id, to: ana.id, source: 400, incidents: 1, complete: 1 };
  const windows = [
    { end: minute(360), seen: 2, missed: 0 },
    { end: minute(720), seen: 1, missed: 1 },
  ];
  return history({ incidents: [whole, ...others].map((each, n) => ({ ...each, iid: 7 + n, reference: `sirt/incidents#${7 + n}` })), shifts: [shift({ windows, handoff })] });
}

describe('the evidence', () => {
  const settings = config({ gate: { since: minute(-1200) } });
  const asked = { created: 11, runs: [minute(0), minute(60)], commit: 'c'.repeat(40) };
  const found = decideEvidence(someHistory(), WEEK, { ...settings, form: { ...settings.form, hash: 'e'.repeat(32) } }, asked, LATER);

  it('reads like this', async () => {
    await expect(renderEvidence(found)).toMatchFileSnapshot('evidence/evidence.md');
    await expect(renderEvidenceCsv(found)).toMatchFileSnapshot('evidence/evidence.csv');
  });

  it.each([
    {
      name: 'nothing',
      of: history(),
      created: 0,
      says: ['GitLab counts 0 incidents created in this time, as this report does.', '\nNone.\n', 'No review window is on record.', 'No hand-off is on record.'],
    },
    { name: 'a count that is larger', of: history({ incidents: [life()] }), created: 3, says: ['GitLab counts 3 incidents created in this time, this report 1: 2 are not in this report.'] },
    { name: 'a count that is smaller', of: history({ incidents: [life()] }), created: 0, says: ['GitLab counts 0 incidents created in this time, this report 1: 1 is in this report alone.'] },
    { name: 'no count', of: history(), created: undefined, says: ['GitLab was not asked', 'is **unknown**', 'the commit of the configuration is not known'] },
  ])('says so of $name', ({ of, created, says }) => {
    const text = renderEvidence(decideEvidence(of, WEEK, config(), { created, runs: undefined, commit: undefined }, LATER));
    expect(says.filter((each) => !text.includes(each))).toEqual([]);
  });

  it('has a row for each incident in evidence.csv', () => {
    const rows = rowsOf(renderEvidenceCsv(found));
    expect(rows.length).toBe(found.total);
    expect(rows[0]).toMatchObject({ class: 'verified', changed: 'yes', notes: '601', acknowledged: `${minute(4)} ana note 502`, closed: `${minute(30)} ana event 730; ${minute(90)} ana event 790` });
    expect(rows[2]).toMatchObject({ class: 'overridden', code: 'OVERRIDDEN', overridden: `${minute(9)} lea note 640` });
  });
});
