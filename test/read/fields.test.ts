import { describe, expect, it } from 'vitest';
import { readRecord, type ReadRecord } from '../../scripts/read/record.ts';
import { OUR_FORM, type Form } from '../../scripts/schema/form.ts';
import { formFrom } from '../../scripts/schema/soundness.ts';

const inSection = { 'x-section': 'Impact' };
const formed = formFrom({
  roles: {
    incident: {
      ...{ $id: 'urn:test:incident', allOf: [{ $ref: 'urn:watchkeeper:incident' }] },
      properties: {
        hosts: { type: 'integer', ...inSection },
        told: { type: 'boolean', ...inSection },
        data: { type: 'string', enum: ['none', 'Public', 'secret'], ...inSection },
        link: { type: 'string', ...inSection, 'x-hint': 'Address of the page' },
        lead: { type: 'string', format: 'gitlab-user', ...inSection },
        since: { type: 'string', format: 'date-time', ...inSection },
      },
    },
  },
  others: [],
});
if (!formed.ok) throw new Error(JSON.stringify(formed.flaws));
const OWN: Form = formed.form;

const impact = (...lines: string[]): ReadRecord => readRecord(`## Impact\n${lines.map((line) => `- ${line}\n`).join('')}`, 'UTC', OWN);

describe('a field of a project is read by its type', () => {
  it.each([
    { line: 'Hosts: 1,200', record: { hosts: 1200 } },
    { line: 'Hosts: many', record: { hosts: 'many' } },
    { line: 'Told: yes, by phone', record: { told: true } },
    { line: 'Told: no', record: { told: false } },
    { line: 'Told: perhaps', record: { told: 'perhaps' } },
    { line: 'Data: PUBLIC', record: { data: 'Public' } },
    { line: 'Data: None', record: { data: 'none' } },
    { line: 'Data: other', record: { data: 'other' } },
    { line: 'Data: TBD', record: {} },
    { line: 'Lead: @ana (on call)', record: { lead: '@ana' } },
    { line: 'Since: 2026-11-20 02:07', record: { since: '2026-11-20T02:07:00Z' } },
    { line: 'Link: address of the PAGE', record: {} },
    { line: 'Link: none', record: { link: 'none' } },
    { line: 'Link: <https://example.com/a>', record: { link: 'https://example.com/a' } },
    { line: 'Link: <http://example.com/a>', record: { link: 'http://example.com/a' } },
    { line: 'Link: <mailto:ana@example.com>', record: { link: 'mailto:ana@example.com' } },
    { line: 'Link: <ana@example.com>', record: { link: 'ana@example.com' } },
    { line: 'Link: <one two>', record: { link: '<one two>' } },
    { line: 'Link: see <https://example.com/a>', record: { link: 'see <https://example.com/a>' } },
    { line: 'Link: <https://example.com/a> there', record: { link: '<https://example.com/a> there' } },
  ])('$line', ({ line, record }) => {
    expect(impact(line).record).toEqual(record);
  });

  it('contradicts itself under a code of the schema where it has none', () => {
    expect(impact('Hosts: 1', 'Hosts: 2').problems).toEqual([
      { code: 'SCHEMA_CONFLICT', kind: 'conflict', fields: ['hosts'], field: 'hosts', section: 'Impact', line: 3, given: ['1', '2'], at: [2, 3] },
    ]);
  });

  it('does not contradict itself by what reads the same', () => {
    expect(impact('Hosts: 1200', 'Hosts: 1,200', 'Lead: @ana', 'Lead: @ANA', 'Hosts: TBD')).toMatchObject({ record: { hosts: 1200, lead: '@ana' }, problems: [] });
  });

  it('but a text in other case is another text', () => {
    expect(impact('Link: one', 'Link: ONE').problems).toHaveLength(1);
  });
});

describe('several entries in a field', () => {
  const read = (text: string): ReadRecord => readRecord(text, 'UTC', OUR_FORM);
  it.each([
    { written: '@ana, @ben', users: ['@ana', '@ben'] },
    { written: '@ana; @ben and @lea', users: ['@ana', '@ben', '@lea'] },
    { written: '@ana, TBD', users: ['@ana'] },
    { written: '@sand and @andy', users: ['@sand', '@andy'] },
  ])('users: $written', ({ written, users }) => {
    expect(read(`## Ownership\n- Stakeholders: ${written}\n`).record.stakeholders).toEqual(users);
  });

  it.each([
    { written: 'see infra/access#77 for more', reference: 'infra/access#77' },
    { written: 'http://wiki.example.com/a b', reference: 'http://wiki.example.com/a' },
    { written: 'at https://wiki.example.com/a', reference: 'https://wiki.example.com/a' },
    { written: '**the wiki**', reference: 'the wiki' },
  ])('a reference: $written', ({ written, reference }) => {
    expect(read(`## Related issues\n- ${written}\n- TBD\n`).record.related_issues).toEqual([reference]);
  });

  it('of a checklist only what is ticked, where one is chosen', () => {
    expect(read('## Impact\n### Severity\n- [ ] S1\n- [X]  S2\n- or so\n').record.severity).toBe(2);
    expect(read('## Impact\n### Severity\n- [ ] S1\n- [ ] S2\n').record).toEqual({});
    expect(read('## Impact\n- Affected systems: host [x] 1\n').record.affected_systems).toBe('host [x] 1');
  });

  it('take their kind from a line above, where they stand below it', () => {
    expect(read('## Improvement notes\n- **Tooling**\n  - mask tokens\n  - risk: nobody knows\n').record.improvement_notes).toEqual([
      { kind: 'tooling', text: 'mask tokens' },
      { kind: 'risk', text: 'nobody knows' },
    ]);
    expect(read('## Improvement notes\n\nTooling\n\nmask tokens\n').record.improvement_notes).toEqual([{ text: 'mask tokens' }]);
  });

  it('stand on lines of their own', () => {
    const { lines } = read('## Evidence\n\n- one\n- TBD\n- two\n\n## Hand-off\n- Bridge: none\n');
    expect(Object.fromEntries(lines)).toEqual({ evidence: 1, 'evidence/0': 3, 'evidence/1': 5, 'handoff/bridge': 8 });
  });
});

describe('what stands where in a section', () => {
  const read = (text: string): ReadRecord => readRecord(text, 'UTC', OUR_FORM);
  it.each([
    {
      name: 'a heading of another field ends the one before',
      text: '## Impact\n### Affected systems\nhosts\n### Affected users\nnone known\n',
      record: { affected_systems: 'hosts', affected_users: 'none known' },
    },
    { name: 'a heading of nothing within a field is part of it', text: '## Summary\nOne.\n### Details\nTwo.\n', record: { summary: 'One.\nTwo.' } },
    { name: 'a heading of nothing ends a label', text: '## Impact\n- Affected systems: hosts\n### Details\n  more\n', record: { affected_systems: 'hosts' } },
    { name: 'a heading of nothing on the same level ends the section', text: '## Summary\nOne.\n## Chat\nTwo.\n', record: { summary: 'One.' } },
    { name: 'a kind of note is a heading in improvement notes alone', text: '## Evidence\n### Tooling\n- a log\n', record: { evidence: ['a log'] } },
    { name: 'a field of another section is no subheading', text: '## Evidence\n### Bridge\n- a log\n', record: { evidence: ['a log'] } },
    { name: 'a line below a label goes on with it', text: '## Impact\nAffected systems: hosts\nand more\n\nOther.\n', record: { affected_systems: 'hosts\nand more' } },
    { name: 'a bullet on the same depth does not', text: '## Impact\n- Affected systems: hosts\n- and more\n', record: { affected_systems: 'hosts' } },
    { name: 'a bullet below does', text: '## Impact\n- Affected systems:\n  - hosts\n  - and more\n', record: { affected_systems: 'hosts\nand more' } },
    {
      name: 'a label of its section below another counts',
      text: '## Impact\n- Affected systems: hosts\n  - Affected users: none known\n',
      record: { affected_systems: 'hosts', affected_users: 'none known' },
    },
    { name: 'a row of another name is none', text: '## Impact\n| a | b |\n|---|---|\n| Hosts | 12 |\n| Affected users | none known |\n', record: { affected_users: 'none known' } },
    { name: 'a fence of another language is no YAML', text: '## Impact\n```yamlx\naffected_users: none known\n```\n```xyaml\naffected_users: some\n```\n', record: {} },
    { name: 'YAML of the hand-off', text: '## Incident\n```yml\nhand-off:\n  bridge: none\n  owner: "@eve"\n```\n', record: { handoff: { bridge: 'none' } } },
  ])('$name', ({ text, record }) => {
    expect(read(text).record).toEqual(record);
  });

  it('YAML blocks with fields are known by their lines', () => {
    const { blocks } = read('## Incident\n\n```yaml\nowner: "@ana"\nseverity: 2\n```\n\n```yaml\n- one\n```\n');
    expect(blocks).toEqual([{ section: 'Incident', from: 4, to: 5 }]);
  });

  it('a YAML block ends where its bullet does', () => {
    expect(read('## Incident\n\n- ```yaml\n  owner: "@ana"\n- Severity: 2\n').blocks).toEqual([{ section: 'Incident', from: 4, to: 4 }]);
  });

  it('a broken block makes the fields of its section doubtful', () => {
    const fieldsOf = (section: string): string[] | undefined => read(`## ${section}\n\n\`\`\`yaml\na: [\n\`\`\`\n`).problems[0]?.fields;
    expect(fieldsOf('Ownership')).toEqual(['owner', 'acknowledged_at', 'responsible', 'stakeholders']);
    expect(fieldsOf('Incident')).toEqual(expect.arrayContaining(['owner', 'severity', 'handoff', 'improvement_notes']));
  });
});
