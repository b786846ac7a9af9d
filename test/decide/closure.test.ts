import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgeClosure } from '../../scripts/decide/closure.ts';
import type { Check } from '../../scripts/decide/plan.ts';
import { gatherSeverities } from '../../scripts/decide/severity.ts';
import type { Issue } from '../../scripts/gitlab/port.ts';
import { readRecord } from '../../scripts/read/record.ts';
import type { Snapshot } from '../../scripts/read/snapshot.ts';
import { OUR_FORM, type Form } from '../../scripts/schema/form.ts';
import { formFrom } from '../../scripts/schema/soundness.ts';
import { ben, config, lea, NOW, snapshot } from '../support/snapshot.ts';

const read = (name: string): string => readFileSync(new URL(`../../schemas/examples/descriptions/passes/${name}.md`, import.meta.url), 'utf8');
const COMPLETE = read('resolved%20at%20severity%202');
const FALSE_POSITIVE = '## Resolution\n- Outcome: false positive: the load test from 198.51.100.0/24 tripped rule 311\n';

type Row = { name: string; issue?: Partial<Issue>; around?: Partial<Snapshot>; form?: Form };

function judge({ issue = {}, around = {}, form = OUR_FORM }: Omit<Row, 'name'>): ReturnType<typeof judgeClosure> {
  const installation = config({}, form);
  const seen = snapshot(issue, { read: readRecord(issue.description ?? '', 'UTC', form), ...around });
  return judgeClosure(seen, gatherSeverities(seen, installation, NOW.toISOString()), installation, NOW);
}

const failing = (row: Omit<Row, 'name'>): Check[] => judge(row).checks.filter(({ status }) => status === 'fail');
const codes = (row: Omit<Row, 'name'>): string[] => failing(row).map(({ code }) => code);
const helpOf = (...path: string[]): string => OUR_FORM.fieldAt(path)!.help;

describe('what is not demanded is not held against anybody', () => {
  it.each<Row & { says: string[] }>([
    { name: 'two owners, for a false positive', issue: { description: `## Ownership\n- Owner: @ana\n- Owner: @ben\n\n${FALSE_POSITIVE}` }, says: [] },
    { name: 'another assignee, for a false positive', issue: { description: `## Ownership\n- Owner: @ana\n\n${FALSE_POSITIVE}`, assignees: [ben] }, says: [] },
    { name: 'a severity that cannot be read, for a false positive', issue: { description: `## Impact\n- Severity: huge\n\n${FALSE_POSITIVE}`, labels: ['severity::4'] }, says: [] },
    { name: 'the same, for what is resolved', issue: { description: COMPLETE.replace(/\| S2 +\|/, '| huge |'), labels: ['severity::2'] }, says: ['SEVERITY_INVALID'] },
    { name: 'but that its mark was removed', issue: { description: FALSE_POSITIVE }, around: { incident: 'once' }, says: ['INCIDENT_MARK_REMOVED'] },
    { name: 'but a block that may hold what is demanded', issue: { description: `## Incident\n\n\`\`\`yaml\nowner: [\n\`\`\`\n\n${FALSE_POSITIVE}` }, says: ['YAML_INVALID'] },
    {
      name: 'but all that is written, where two outcomes contradict each other',
      issue: { description: `## Ownership\n- Owner: @ana\n- Owner: @ben\n\n${FALSE_POSITIVE}- Outcome: resolved\n`, severity: 4 },
      says: ['OWNER_CONFLICT', 'OUTCOME_CONFLICT'],
    },
  ])('$name', ({ says, ...row }) => {
    expect(codes(row)).toEqual(says);
  });
});

describe('a check says where, what, and what to write', () => {
  it.each<Row & { check: Partial<Check> }>([
    {
      name: 'of what is missing under its heading',
      issue: { description: COMPLETE.replace(/- \*\*Owner.*\n/, '') },
      check: { code: 'OWNER_MISSING', kind: 'missing', field: 'owner', section: 'Ownership', line: 5, given: [], help: helpOf('owner') },
    },
    {
      name: 'of a placeholder, on its line',
      issue: { description: COMPLETE.replace('@ana', 'TBD') },
      check: { code: 'OWNER_MISSING', section: 'Ownership', line: 7, given: [] },
    },
    {
      name: 'of a severity that cannot be read although a label gives one',
      issue: { description: COMPLETE.replace(/\| S2 +\|/, '| huge |'), labels: ['severity::2'] },
      check: { code: 'SEVERITY_INVALID', kind: 'invalid', field: 'severity', section: 'Impact', given: ['huge'], help: helpOf('severity') },
    },
    {
      name: 'of two answers, with the line of each',
      issue: { description: COMPLETE.replace('- **Responsible**', '- **Owner**: @ben\n- **Responsible**') },
      check: { code: 'OWNER_CONFLICT', kind: 'conflict', field: 'owner', section: 'Ownership', line: 9, given: ['@ana', '@ben'], at: [7, 9], help: helpOf('owner') },
    },
    {
      name: 'of a heading that stands twice',
      issue: { description: `${COMPLETE}\n## Summary\n` },
      check: { code: 'SECTION_DUPLICATED', kind: 'section duplicated', field: '', section: 'Summary', given: ['Summary'], help: '' },
    },
    {
      name: 'of an entry of a list, on its line, as it is written',
      issue: { description: `${COMPLETE}\n## Correspondence\n\n- 2026-11-20 04:00 UTC: external, the customer\n- told the board\n` },
      check: { code: 'CORRESPONDENCE_INVALID', kind: 'invalid', field: 'correspondence', section: 'Correspondence', given: ['told the board'], help: helpOf('correspondence') },
    },
    {
      name: 'of a mark that was removed, which stands nowhere',
      issue: { description: COMPLETE },
      around: { incident: 'once' },
      check: { code: 'INCIDENT_MARK_REMOVED', kind: 'mark removed', field: '', section: '', given: [], help: '' },
    },
  ])('$name', ({ check, ...row }) => {
    const [found] = failing(row).filter(({ code }) => code === check.code);
    expect(found).toMatchObject({ ...check, status: 'fail' });
    expect(found?.at).toEqual(check.at);
  });

  it('of what has no section has no line', () => {
    const [check] = failing({ issue: { description: FALSE_POSITIVE, severity: 1 } });
    expect(check).toStrictEqual({ code: 'EVIDENCE_MISSING', kind: 'missing', help: helpOf('evidence'), field: 'evidence', given: [], status: 'fail', section: 'Evidence', because: 1 });
  });

  it('comes once for each code and section', () => {
    expect(codes({ issue: { description: `${COMPLETE}\n## Summary\n\n## Summary\n` } })).toEqual(['SECTION_DUPLICATED']);
    expect(codes({ issue: { description: `${COMPLETE}\n## Summary\n\n## Evidence\n` } })).toEqual(['SECTION_DUPLICATED', 'SECTION_DUPLICATED']);
  });

  it('comes in the order of the template, and before all what concerns no field', () => {
    const { checks } = judge({ issue: { description: COMPLETE.replace(/## Summary[^]*?## Own/, '## Own').replace(/## Evidence[^]*?## Rel/, '## Rel') }, around: { incident: 'once' } });
    expect(checks.map(({ code, status }) => `${code} ${status}`)).toEqual([
      ...['INCIDENT_MARK_REMOVED fail', 'SUMMARY_MISSING fail', 'EVIDENCE_MISSING fail'],
      ...['OWNER pass', 'ACKNOWLEDGED_AT pass', 'SEVERITY pass', 'TIMELINE pass', 'OUTCOME pass', 'RCA pass', 'IMPROVEMENT_NOTES pass'],
    ]);
  });
});

describe('a severity on account of which something is asked for', () => {
  const becauses = (row: Omit<Row, 'name'>): [string, unknown][] => failing(row).map(({ code, because }) => [code, because]);
  const bare = COMPLETE.replace(/## Evidence[^]*?## Rel/, '## Rel').replace(/## Summary[^]*?## Own/, '## Own');
  it('is named where a lower one would not ask', () => {
    expect(becauses({ issue: { description: bare } })).toEqual([
      ['SUMMARY_MISSING', undefined],
      ['EVIDENCE_MISSING', 2],
    ]);
  });
  it('is not named for what is there and wrong', () => {
    expect(becauses({ issue: { description: COMPLETE.replace('**: #31', '**: somebody slept') } })).toEqual([['RCA_INVALID', undefined]]);
  });
  it('is not named at the lowest', () => {
    expect(becauses({ issue: { description: bare.replace(/\| S2 +\|/, '| S4 |') } })).toEqual([['SUMMARY_MISSING', undefined]]);
  });
});

describe('a name that was perhaps meant', () => {
  const meant = (description: string): (string | undefined)[][] => failing({ issue: { description } }).flatMap(({ code, meant: stray }) => (stray ? [[code, stray.given]] : []));
  it.each([
    { name: 'is a label that is nearly that of the field', description: '## Impact\n- Severty: S2\n', says: [['SEVERITY_MISSING', 'Severty']] },
    {
      name: 'is a heading that is nearly that of its section',
      description: '## Ownrship\n- Owner: @ana\n',
      says: [
        ['OWNER_MISSING', 'Owner'],
        ['ACKNOWLEDGED_AT_MISSING', 'Ownrship'],
      ],
    },
    { name: 'is not a heading that is nearly another field', description: '## Owners\n', says: [['OWNER_MISSING', 'Owners']] },
    { name: 'is none where something is written', description: '## Ownership\n- Ownr: @ana\n- Owner: ana and ben\n', says: [] },
  ])('$name', ({ description, says }) => {
    expect(meant(description)).toEqual(says);
  });
});

describe('what is in order is shown in a few words', () => {
  it('of our fields', () => {
    const passing = judge({ issue: { description: COMPLETE } }).checks;
    expect(passing.map(({ code, given }) => [code, ...given])).toEqual([
      ['SUMMARY', expect.stringMatching(/^A leaked deploy token/)],
      ['OWNER', '@ana'],
      ['ACKNOWLEDGED_AT', '2026-11-20 02:07 UTC'],
      ['SEVERITY', 'S2'],
      ['TIMELINE', '3 entries'],
      ['EVIDENCE', '2 entries'],
      ['OUTCOME', 'resolved'],
      ['RCA', 'reference: #31'],
      ['IMPROVEMENT_NOTES', '3 entries'],
    ]);
    expect(passing[1]).toStrictEqual({ code: 'OWNER', kind: 'filled', field: 'owner', given: ['@ana'], help: '', status: 'pass', section: 'Ownership', line: 7 });
  });

  it('of fields of a project', () => {
    const formed = formFrom({
      roles: {
        closure: {
          ...{ $id: 'urn:test:closure', allOf: [{ $ref: 'urn:watchkeeper:closure' }], required: ['told', 'asked', 'hosts'] },
          properties: {
            told: { type: 'boolean', 'x-section': 'Impact', 'x-code': 'TOLD' },
            asked: { type: 'boolean', 'x-section': 'Impact', 'x-code': 'ASKED' },
            hosts: { type: 'integer', 'x-section': 'Impact', 'x-code': 'HOSTS' },
          },
        },
      },
      others: [],
    });
    if (!formed.ok) throw new Error(JSON.stringify(formed.flaws));
    const description = `## Impact\n- Told: yes\n- Asked: no\n- Hosts: 12\n\n## Evidence\n- one\n\n${FALSE_POSITIVE}`;
    expect(judge({ issue: { description, severity: 2 }, form: formed.form }).checks.map(({ code, given }) => [code, ...given])).toEqual(
      expect.arrayContaining([
        ['TOLD', 'yes'],
        ['ASKED', 'no'],
        ['HOSTS', '12'],
        ['EVIDENCE', '1 entry'],
      ]),
    );
  });
});

describe('the hash of what closing demands', () => {
  const hash = (description: string): string => judge({ issue: { description } }).hash;
  it.each([
    { name: 'changes with a field that is demanded', description: COMPLETE.replace('@ana', '@lea'), same: false },
    { name: 'stays where another changes', description: COMPLETE.replace('@legal-oncall', '@press'), same: true },
    { name: 'stays where words around it change', description: `${COMPLETE}\n## Chat\n\nMore.\n`, same: true },
  ])('$name', ({ description, same }) => {
    expect(hash(description) === hash(COMPLETE)).toBe(same);
  });
  it('is that of the incident, whoever looks at it', () => {
    expect(judge({ issue: { description: COMPLETE, assignees: [lea, ben] } }).hash).toBe(hash(COMPLETE));
  });
});
