import { describe, expect, it } from 'vitest';
import { isCommandLine } from '../../scripts/read/command-line.ts';
import { fieldNamed, fieldTitled, sectionNamed } from '../../scripts/read/names.ts';
import { readRecord } from '../../scripts/read/record.ts';
import { nearest, type Stray } from '../../scripts/read/strays.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';

describe('a section by its name', () => {
  it.each([
    { heading: 'Ownership', section: 'Ownership' },
    { heading: '**OWNERSHIP** :', section: 'Ownership' },
    { heading: '2. Improvement-notes (required)', section: 'Improvement notes' },
    { heading: 'Handoff', section: 'Hand-off' },
    { heading: 'Indicators', section: 'Evidence' },
    { heading: `Ownership${' '.repeat(191)}`, section: 'Ownership' },
    { heading: `Ownership${' '.repeat(192)}`, section: undefined },
    { heading: 'Owner', section: undefined },
    { heading: '', section: undefined },
  ])('$heading is $section', ({ heading, section }) => {
    expect(sectionNamed(heading, OUR_FORM)).toBe(section);
  });
});

describe('a field by its name', () => {
  it.each([
    { label: 'Owner', section: 'Ownership', field: 'owner' },
    { label: 'acknowledged_at', section: 'Ownership', field: 'acknowledged_at' },
    { label: 'Acked at', section: 'Ownership', field: 'acknowledged_at' },
    { label: 'DRI', section: 'Impact', field: 'owner' },
    { label: 'Owner', section: undefined, field: 'owner' },
    { label: 'Summary', section: 'Hand-off', field: 'handoff/issue_summary' },
    { label: 'Related issues', section: 'Hand-off', field: 'handoff/related_issues' },
    { label: 'Related issues', section: 'Ownership', field: 'related_issues' },
    { label: 'Bridge', section: 'Hand-off', field: 'handoff/bridge' },
    { label: 'Bridge', section: 'Ownership', field: undefined },
    { label: 'Owner', section: 'Hand-off', field: undefined },
    { label: `Owner${' '.repeat(195)}`, section: 'Ownership', field: 'owner' },
    { label: `Owner${' '.repeat(196)}`, section: 'Ownership', field: undefined },
  ])('$label in $section is $field', ({ label, section, field }) => {
    expect(fieldNamed(label, section, OUR_FORM)?.path.join('/')).toBe(field);
  });

  it.each([
    { heading: 'Owner:', field: 'owner' },
    { heading: 'Root cause analysis', field: 'root_cause_analysis' },
    { heading: 'RCA', field: 'root_cause_analysis' },
    { heading: 'Root cause', field: undefined },
    { heading: 'Resolved', field: undefined },
    { heading: 'DRI', field: undefined },
    { heading: 'Active bridge', field: undefined },
  ])('$heading is the title of $field', ({ heading, field }) => {
    expect(fieldTitled(heading, OUR_FORM)?.path.join('/')).toBe(field);
  });
});

describe('the name that was meant', () => {
  it.each([
    { given: 'tool', names: ['tools', 'tooling'], meant: 'tools' },
    { given: 'toolz', names: ['stool', 'tools'], meant: 'tools' },
    { given: 'ownr', names: ['owner'], meant: 'owner' },
    { given: 'wner', names: ['owner'], meant: undefined },
    { given: 'own', names: ['owns'], meant: undefined },
    { given: 'OWN', names: ['own'], meant: 'own' },
    { given: 'sevrty', names: ['severity'], meant: undefined },
    { given: 'severtyxx', names: ['severity'], meant: undefined },
    { given: 'mitigtedat', names: ['Mitigated at'], meant: 'Mitigated at' },
    { given: 'mitigttedatt', names: ['Mitigated at'], meant: 'Mitigated at' },
    { given: 'mittiggateddatt', names: ['Mitigated at'], meant: undefined },
    { given: 'acknowlegded', names: ['Acknowledge', 'Acknowledged'], meant: 'Acknowledged' },
    { given: 'a'.repeat(40), names: ['a'.repeat(41)], meant: 'a'.repeat(41) },
    { given: 'a'.repeat(41), names: ['a'.repeat(41)], meant: undefined },
    { given: 'owner', names: [], meant: undefined },
  ])('by $given of $names is $meant', ({ given, names, meant }) => {
    expect(nearest(given, names)).toBe(meant);
  });
});

describe('names that are nearly ours, with all that is known of them', () => {
  const strays = (text: string): Stray[] => readRecord(text, 'UTC', OUR_FORM).strays;
  it.each<{ text: string; found: Stray[] }>([
    { text: '## Ownrship\n', found: [{ kind: 'heading', given: 'Ownrship', line: 1, meant: 'Ownership', means: { section: 'Ownership' } }] },
    { text: '\n## Indicatrs\n', found: [{ kind: 'heading', given: 'Indicatrs', line: 2, meant: 'Indicators', means: { section: 'Evidence' } }] },
    { text: '## Mitigatd at\n', found: [{ kind: 'heading of a field', given: 'Mitigatd at', line: 1, meant: 'Mitigated at', means: { section: 'Impact', field: 'mitigated_at' } }] },
    { text: '## Sumary\n', found: [{ kind: 'heading', given: 'Sumary', line: 1, meant: 'Summary', means: { section: 'Summary' } }] },
    { text: '## Ownership\n- mitigatd_at: two\n', found: [] },
    { text: '## Impact\n- mitigatd_at: two\n', found: [{ kind: 'field', given: 'mitigatd_at', line: 2, meant: 'Mitigated at', means: { section: 'Impact', field: 'mitigated_at' } }] },
    { text: '## Hand-off\n- Brdge: none\n', found: [{ kind: 'field', given: 'Brdge', line: 2, meant: 'bridge', means: { section: 'Hand-off', field: 'handoff/bridge' } }] },
    {
      text: '## Incident\n```yaml\nownr: "@ana"\nhosts: 12\n```\n',
      found: [
        { kind: 'key', given: 'ownr', line: 3, meant: 'Owner', means: { section: 'Ownership', field: 'owner' } },
        { kind: 'key', given: 'hosts', line: 4 },
      ],
    },
    { text: '## Impact\n```yaml\nhosts: 12\n```\n', found: [] },
    {
      text: 'Hello.\nOwner: @ana\nSeverity: S2\n',
      found: [
        { kind: 'homeless field', given: 'Owner', line: 2, meant: 'Ownership', means: { section: 'Ownership', field: 'owner' } },
        { kind: 'homeless field', given: 'Severity', line: 3, meant: 'Impact', means: { section: 'Impact', field: 'severity' } },
      ],
    },
    { text: '## Chat\n- Owner: @ana\n', found: [{ kind: 'homeless field', given: 'Owner', line: 2, meant: 'Ownership', means: { section: 'Ownership', field: 'owner' } }] },
    { text: '```\nOwner: @ana\n```\n', found: [] },
  ])('$text', ({ text, found }) => {
    expect(strays(text)).toEqual(found);
  });

  it('are looked for among the first thousand', () => {
    expect(strays(`## Impact\n\n${'- Foo: 1\n'.repeat(999)}- Severty: S2\n`)).toHaveLength(1);
    expect(strays(`## Impact\n\n${'- Foo: 1\n'.repeat(1000)}- Severty: S2\n`)).toHaveLength(0);
    expect(strays('- Owner: @ana\n'.repeat(1001))).toHaveLength(1000);
  });
});

describe('a line that is a command', () => {
  it.each(['/close', '/LABEL ~incident', '/assign @ana', '/promote_to_incident', '/false-positive the load test', '/severity-confirmed', '/rca requested', '/help', '/zoom\thttps://example.com'])(
    '%s is',
    (line) => {
      expect(isCommandLine(line)).toBe(true);
    },
  );
  it.each(['/closed', '/close: the door', ' /close', 'see /close', '/', '/var/log', '/nothing of ours', '//close', ''])('%j is none', (line) => {
    expect(isCommandLine(line)).toBe(false);
  });
});
