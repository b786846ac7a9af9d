import { describe, expect, it } from 'vitest';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { readRecord, type IncidentRecord } from '../../scripts/read/record.ts';

const read = (description: string, timeZone = 'UTC'): IncidentRecord => readRecord(description, timeZone, OUR_FORM).record;

describe('a field in all the forms that people use', () => {
  it.each([
    { name: 'bold label in a bullet', text: '## Ownership\n\n- **Owner**: @ana\n' },
    { name: 'colon inside the bold', text: '## Ownership\n- **Owner:** @ana\n' },
    { name: 'another bullet', text: '## Ownership\n* Owner : @ana\n' },
    { name: 'numbered', text: '## Ownership\n1. Owner: @ana\n' },
    { name: 'checklist', text: '## Ownership\n- [x] Owner: @ana\n' },
    { name: 'plain line', text: '## Ownership\nOwner: @ana\nResponsible: @ben\n' },
    { name: 'table', text: '## Ownership\n\n| Field | Value |\n|---|---|\n| Owner | @ana |\n' },
    { name: 'table without a head', text: '## Ownership\n\n| Owner | @ana |\n|---|---|\n| Responsible | @ben |\n' },
    { name: 'fenced YAML', text: '## Ownership\n\n```yaml\nowner: "@ana"\n```\n' },
    { name: 'YAML with a bare mention', text: '## Ownership\n\n~~~yml\nowner: @ana\n~~~\n' },
    { name: 'heading of its own', text: '## Ownership\n\n### Owner\n\n@ana\n' },
    { name: 'top heading of its own', text: '# owner\n@ana\n' },
    { name: 'code', text: '## Ownership\n- Owner: `@ana`\n' },
    { name: 'link', text: '## Ownership\n- Owner: [@ana](https://gitlab.example.com/ana)\n' },
    { name: 'remark in brackets', text: '## Ownership\n- Owner: @ana (first responder)\n' },
    { name: 'comment between', text: '## Ownership\n- Owner: <!-- who is accountable -->@ana\n' },
    { name: 'comment before, on its line', text: '## Ownership\n<!-- who -->Owner: @ana\n' },
    { name: 'value on the next line', text: '## Ownership\n- **Owner**:\n  @ana\n' },
    { name: 'name of the key', text: '## Ownership\n- owner:@ana\n' },
    { name: 'byte order mark', text: '\uFEFF## Ownership\n- Owner: @ana\n' },
    { name: 'comment opener in code before', text: '## Ownership\n- Responsible: `<!--`\n- Owner: @ana\n' },
    { name: 'the same in other case', text: '## Ownership\n- Owner: @ana\n- Owner: @Ana\n' },
    { name: 'picture before bold', text: '## 👤 Ownership\n- 👤 **Owner**: @ana\n' },
    { name: 'bold without a colon', text: '## Ownership\n- **Owner** @ana\n' },
    { name: 'nested below bold', text: '## Ownership\n- **Owner**\n  - @ana\n' },
    { name: 'remark and link in the heading', text: '## :busts_in_silhouette: [Ownership](https://example.com) (required)\n- Owner: ✅ @ana\n' },
    { name: 'full-width colon', text: '## Ownership\n- Owner：@ana\n' },
    { name: 'setext heading, shouting, punctuation', text: 'OWNERSHIP !!\n-----\n- OWNER: @ana\n' },
    { name: 'Windows line ends', text: '## Ownership\r\n\r\n- **Owner**: @ana\r\n' },
    { name: 'twice the same', text: '## Ownership\n- Owner: @ana\n\n## Incident\n\n```yaml\nowner: "@ana"\n```\n' },
  ])('$name', ({ text }) => {
    expect(read(text).owner).toBe('@ana');
  });
});

describe('what only looks like a field', () => {
  it.each([
    { name: 'a heading in a fence', text: '```\n## Ownership\n- Owner: @eve\n```\n' },
    { name: 'a heading in a longer fence', text: '~~~~\n```\n## Ownership\n- Owner: @eve\n~~~~\n' },
    { name: 'a heading in an HTML comment', text: '<!--\n## Ownership\n\n- Owner: @eve\n-->\n' },
    { name: 'a heading in a quote', text: '> ## Ownership\n> - Owner: @eve\n' },
    { name: 'a heading in a list', text: '- ## Ownership\n- Owner: @eve\n' },
    { name: 'indented code', text: '## Ownership\n\n    Owner: @eve\n' },
    { name: 'a tabbed line', text: '## Ownership\n\n\tOwner: @eve\n' },
    { name: 'a quote of several blocks', text: '>>>\n## Ownership\n\n- Owner: @eve\n>>>\n' },
    { name: 'a bullet of another field', text: '## Hand-off\n- Next steps:\n  - Owner: @eve takes the runners\n' },
    { name: 'a quoted line', text: '## Ownership\n> Owner: @eve\n' },
    { name: 'an unclosed comment', text: '<!-- \n## Ownership\n- Owner: @eve\n' },
    { name: 'a label before any section', text: 'Owner: @eve\n' },
    { name: 'a label in a strange section', text: '## Chat log\n- Owner: @eve\n' },
    { name: 'a label after a strange section', text: '## Ownership\n## Chat log\n- Owner: @eve\n' },
    { name: '__proto__ in YAML', text: '## Incident\n\n```yaml\n__proto__:\n  owner: "@eve"\nconstructor: { owner: "@eve" }\n```\n' },
    { name: 'a YAML alias', text: '## Incident\n\n```yaml\nx: &a "@eve"\nowner: *a\n```\n' },
    { name: 'a merge key', text: '## Incident\n\n```yaml\nbase: &b { owner: "@eve" }\n<<: *b\n```\n' },
    { name: 'a placeholder', text: '## Ownership\n- Owner: TBD\n' },
    { name: 'the hint of the template', text: '## Ownership\n- Owner: @username\n' },
  ])('$name', ({ text }) => {
    const { record } = readRecord(text, 'UTC', OUR_FORM);
    expect(record.owner).toBeUndefined();
    expect(({} as { owner?: string }).owner).toBeUndefined();
  });
});

describe('times', () => {
  it.each([
    { written: '2026-11-20 02:07 UTC', at: '2026-11-20T02:07:00Z' },
    { written: '2026-11-20T02:07:00Z', at: '2026-11-20T02:07:00Z' },
    { written: '2026-11-20T03:07+01:00', at: '2026-11-20T02:07:00Z' },
    { written: '2026-11-20, 3:07 +0100', at: '2026-11-20T02:07:00Z' },
    { written: '2026-11-20 03:07', at: '2026-11-20T02:07:00Z' },
    { written: '2026-07-20 04:07', at: '2026-07-20T02:07:00Z' },
    { written: '2026-11-20 03:07 Europe/Berlin', at: '2026-11-20T02:07:00Z' },
    { written: '2026-11-20 03:07:33.123 Z', at: '2026-11-20T03:07:33Z' },
    { written: '2026-11-20 2:07 PM', at: '2026-11-20 2:07 PM' },
    { written: '2026-11-20 03:07 UTC+1', at: '2026-11-20T02:07:00Z' },
    { written: '2026-11-20 02:07 UTC (03:07 in Berlin)', at: '2026-11-20T02:07:00Z' },
    { written: '2026-11-20 02:07 CET', at: '2026-11-20 02:07 CET' },
    { written: '2026-02-30 02:07 UTC', at: '2026-02-30 02:07 UTC' },
    { written: '20.11.2026 02:07', at: '2026-11-20T01:07:00Z' },
    { written: '20.11.2026 02:07 UTC', at: '2026-11-20T02:07:00Z' },
    { written: '11/20/2026 02:07', at: '11/20/2026 02:07' },
    { written: '31.02.2026 02:07', at: '31.02.2026 02:07' },
    { written: 'around two', at: 'around two' },
  ])('$written', ({ written, at }) => {
    expect(read(`## Ownership\n- Acknowledged at: ${written}\n`, 'Europe/Berlin').acknowledged_at).toBe(at);
  });

  it('stay text in YAML, whatever YAML makes of them', () => {
    expect(read('## Incident\n\n```yaml\nacknowledged_at: 2026-11-20T02:07:00Z\nseverity: 0o4\n```\n')).toEqual({ acknowledged_at: '2026-11-20T02:07:00Z', severity: '0o4' });
  });
});

describe('timelines', () => {
  it('reads two words with a slash as words', () => {
    expect(read('## Timeline\n- 2026-11-20 02:31 read/write tokens revoked\n').timeline).toEqual([{ at: '2026-11-20T02:31:00Z', text: 'read/write tokens revoked' }]);
  });
});

describe('severities', () => {
  it.each(['S2', 's2', '2', 'SEV-2', 'sev2', 'severity::2', '~"severity::2"', 'High', 'S2 (high)', '**S2**'])('%s is 2', (written) => {
    expect(read(`## Impact\n- Severity: ${written}\n`).severity).toBe(2);
  });
  it.each(['- [ ] S1\n- [x] S2\n- [ ] S3', '- 🟠 S2'])('a choice: %j is 2', (written) => {
    expect(read(`## Impact\n### Severity\n${written}\n`).severity).toBe(2);
  });
  it.each(['S5', '22', 'S2.5', 'huge'])('%s is none', (written) => {
    expect(read(`## Impact\n- Severity: ${written}\n`).severity).toBe(written);
  });
});

describe('outcomes', () => {
  it.each([
    { written: 'resolved', outcome: { kind: 'resolved' } },
    { written: '**Resolved**: token revoked', outcome: { kind: 'resolved' } },
    { written: 'false positive: the load test did it', outcome: { kind: 'false positive', reason: 'the load test did it' } },
    { written: 'False-Positive (the load test did it)', outcome: { kind: 'false positive', reason: 'the load test did it' } },
    { written: 'FP - the load test did it', outcome: { kind: 'false positive', reason: 'the load test did it' } },
    { written: 'duplicate of #12', outcome: { kind: 'duplicate', duplicate_of: '#12' } },
    { written: 'duplicate: [#12](https://gitlab.example.com/a/b/-/issues/12)', outcome: { kind: 'duplicate', duplicate_of: 'https://gitlab.example.com/a/b/-/issues/12' } },
    { written: 'tracked in infra/access#77, with the others', outcome: { kind: 'tracked in', tracked_in: 'infra/access#77' } },
    { written: 'transferred to infra/access#77', outcome: { kind: 'transferred', transferred_to: 'infra/access#77' } },
    { written: 'duplicate', outcome: { kind: 'duplicate' } },
    { written: 'resolved?? not yet', outcome: { kind: 'resolved?? not yet' } },
    { written: '✅ resolved', outcome: { kind: 'resolved' } },
    { written: 'no idea', outcome: { kind: 'no idea' } },
  ])('$written', ({ written, outcome }) => {
    expect(read(`## Resolution\n- Outcome: ${written}\n`).outcome).toEqual(outcome);
  });
});

describe('improvement notes', () => {
  const notes = (text: string): unknown => read(`## Improvement notes\n\n${text}\n`).improvement_notes;
  it.each([
    {
      name: 'bullets',
      text: '- process: a\n- **Tooling**: b',
      notes: [
        { kind: 'process', text: 'a' },
        { kind: 'tooling', text: 'b' },
      ],
    },
    {
      name: 'lines of a paragraph',
      text: 'process: a\nKB: b',
      notes: [
        { kind: 'process', text: 'a' },
        { kind: 'knowledge base', text: 'b' },
      ],
    },
    {
      name: 'tasks',
      text: '- [ ] tooling: a\n- [x] risk: b',
      notes: [
        { kind: 'tooling', text: 'a', done: false },
        { kind: 'risk', text: 'b', done: true },
      ],
    },
    { name: 'a table', text: '| Kind | Note |\n|---|---|\n| process | a |', notes: [{ kind: 'process', text: 'a' }] },
    {
      name: 'below a kind',
      text: '- Process:\n  - a\n  - b',
      notes: [
        { kind: 'process', text: 'a' },
        { kind: 'process', text: 'b' },
      ],
    },
    {
      name: 'below headings of kinds',
      text: '### Automation\n- a\n### Question\nb',
      notes: [
        { kind: 'automation', text: 'a' },
        { kind: 'question', text: 'b' },
      ],
    },
    { name: 'prose without a kind', text: 'We should have called\nthe network team.', notes: [{ text: 'We should have called\nthe network team.' }] },
    { name: 'placeholders among notes', text: '- process: n/a\n- risk: TBD\n- question: who owns the token?', notes: [{ kind: 'question', text: 'who owns the token?' }] },
    { name: 'YAML list', text: '```yaml\n- tooling: a\n- b\n```', notes: [{ kind: 'tooling', text: 'a' }, { text: 'b' }] },
    {
      name: 'YAML by kind',
      text: '```yaml\ntooling: a\nrisk: b\n```',
      notes: [
        { kind: 'tooling', text: 'a' },
        { kind: 'risk', text: 'b' },
      ],
    },
  ])('$name', ({ text, notes: wanted }) => {
    expect(notes(text)).toEqual(wanted);
  });
});

describe('what is wrong with the shape is named, with its line', () => {
  it('names the second of two headings', () => {
    const { problems } = readRecord('## Improvement notes\n\n- process: a\n\n## IMPROVEMENT-NOTES\n', 'UTC', OUR_FORM);
    expect(problems).toMatchObject([{ code: 'SECTION_DUPLICATED', section: 'Improvement notes', line: 5 }]);
  });
  it('names two places that disagree, and keeps both texts', () => {
    const { problems } = readRecord('## Ownership\n- Owner: @ana\n- Owner: @ben\n', 'UTC', OUR_FORM);
    expect(problems).toMatchObject([{ code: 'OWNER_CONFLICT', line: 3, given: ['@ana', '@ben'] }]);
  });
  it('does not call a subheading that is another name of its section a duplicate', () => {
    const { record, problems } = readRecord('## Evidence\n\n### Indicators\n\n- 203.0.113.77\n', 'UTC', OUR_FORM);
    expect([record.evidence, problems]).toEqual([['203.0.113.77'], []]);
  });
  it('names a second YAML document, which nobody would read', () => {
    expect(readRecord('## Incident\n\n```yaml\nowner: "@ana"\n---\nowner: "@ben"\n```\n', 'UTC', OUR_FORM).problems).toMatchObject([{ code: 'YAML_INVALID' }]);
  });
  it('names the line of an error in a YAML block', () => {
    const { problems } = readRecord('## Incident\n\n```yaml\nowner: "@ana"\nseverity: [1\n```\n', 'UTC', OUR_FORM);
    expect(problems).toMatchObject([{ code: 'YAML_INVALID', section: 'Incident' }]);
    expect(problems[0]!.line).toBeGreaterThanOrEqual(5);
  });
  it('gives the lines of fields and sections', () => {
    const { lines, sections } = readRecord('intro\n\n## Ownership\n\n- Owner: @ana\n- Responsible: @ben\n\n## Evidence\n\n- a log\n', 'UTC', OUR_FORM);
    expect(Object.fromEntries(lines)).toEqual({ owner: 5, responsible: 6, evidence: 8, 'evidence/0': 10 });
    expect(Object.fromEntries(sections)).toEqual({ Ownership: 3, Evidence: 8 });
  });
  it.each([
    { name: 'of the place that answers', text: '## Ownership\n- Owner: TBD\n- Owner: ana\n', field: 'owner', line: 3 },
    { name: 'below a line with a break of HTML', text: '## Incident\n- Evidence: one<br>two\n  three\n', field: 'evidence/2', line: 3 },
    { name: 'of each of several users', text: '## Ownership\n### Stakeholders\n@ana and\n@ben,\n@cy<br>and @dora\n', field: 'stakeholders/3', line: 5 },
    { name: 'of a user behind a break of HTML', text: '## Ownership\n### Stakeholders\n@ana,<br>@ben\n@cy\n', field: 'stakeholders/2', line: 4 },
    { name: 'of a user in a paragraph below a bullet', text: '## Ownership\n### Stakeholders\n- @ana\n\n  @ben\n  @cy\n', field: 'stakeholders/2', line: 6 },
  ])('gives the line $name', ({ text, field, line }) => {
    expect(readRecord(text, 'UTC', OUR_FORM).lines.get(field)).toBe(line);
  });
});

describe('bold lines instead of headings', () => {
  it('are headings where no heading names a section', () => {
    expect(read('**Summary**\n\nA token leaked.\n\n__Ownership:__\n\n- Owner: @ana\n\n**Impact**\nSeverity: low\n')).toEqual({ summary: 'A token leaked.', owner: '@ana', severity: 4 });
  });
  it('are text where one does, and in quotes and bullets', () => {
    expect(read('## Summary\n\nA token leaked.\n\n**Evidence**\n\nnone kept\n')).not.toHaveProperty('evidence');
    expect(read('> **Summary**\n>\n> A token leaked.\n\n- **Evidence**\n')).toEqual({});
  });
  it('keep the line on which a field stands', () => {
    expect(readRecord('**Impact**\nSeverity: low\n', 'UTC', OUR_FORM).lines.get('severity')).toBe(2);
  });
});

describe('commands that were left in a description', () => {
  it.each(['/label ~incident', '/close', '/override somebody wants to go to bed', '/false-positive the load test tripped rule 311'])('%s is no answer', (line) => {
    expect(read(`## Improvement notes\n\n${line}\n`)).toEqual({});
  });
  it('in a bullet they are words', () => {
    expect(read('## Evidence\n\n- /status page screenshots\n')).toEqual({ evidence: ['/status page screenshots'] });
  });
  it.each(['/var/log was full', '/etc/passwd was world-writable', 'see /close in the docs'])('%s is one', (line) => {
    expect(read(`## Improvement notes\n\n${line}\n`)).toEqual({ improvement_notes: [{ text: line }] });
  });
});

describe('severities that could be two', () => {
  it.each(['S3 -> S1', 'S3 → S2', 'S3, raised to S1 at 04:00', 'S3, was S2', 'low to high', 'medium-high', 'S2/S3', 'S1-S2', 'high or critical', 'low / medium', '2-3'])('%s is none', (text) => {
    expect(read(`## Impact\n- Severity: ${text}\n`)).toEqual({ severity: text });
  });
  it.each([
    { text: 'high - data left the house', severity: 2 },
    { text: '2 (high)', severity: 2 },
    { text: 'S2 - low confidence in the numbers', severity: 2 },
    { text: 'S3 (was S1 while we thought so)', severity: 3 },
    { text: 'S4 (low), 3 hosts', severity: 4 },
    { text: 'S2 - 40 users', severity: 2 },
  ])('$text is S$severity', ({ text, severity }) => {
    expect(read(`## Impact\n- Severity: ${text}\n`)).toEqual({ severity });
  });
});

it('reads YAML entries in the form of the record', () => {
  const yaml =
    'timeline:\n  - at: 2026-11-20T01:58:00Z\n    text: alert fires\ncorrespondence:\n  - { at: 2026-11-20T03:00:00Z, audience: internal, text: told legal }\nimprovement_notes:\n  - kind: tooling\n    text: mask tokens\n    done: true\n';
  expect(read(`## Incident\n\n\`\`\`yaml\n${yaml}\`\`\`\n`)).toEqual({
    timeline: [{ at: '2026-11-20T01:58:00Z', text: 'alert fires' }],
    correspondence: [{ at: '2026-11-20T03:00:00Z', audience: 'internal', text: 'internal: told legal' }],
    improvement_notes: [{ kind: 'tooling', text: 'mask tokens', done: true }],
  });
});

describe('names that are nearly ours', () => {
  it.each([
    { text: '## Ownrship\n', stray: { kind: 'heading', given: 'Ownrship', line: 1, meant: 'Ownership' } },
    { text: '## Improvment notes\n', stray: { kind: 'heading', meant: 'Improvement notes' } },
    { text: '## Impact\n\n- Severty: S2\n', stray: { kind: 'field', line: 3, meant: 'Severity', means: { section: 'Impact', field: 'severity' } } },
    { text: '## Impact\n\n| Feld | |\n| --- | --- |\n| Detectd at | 02:00 |\n', stray: { kind: 'field', given: 'Detectd at', line: 5, meant: 'Detected at' } },
    { text: '## Incident\n\n```yaml\nownr: "@ana"\n```\n', stray: { kind: 'key', line: 4, meant: 'Owner' } },
    { text: '## Owners\n', stray: { kind: 'heading of a field', meant: 'Owner', means: { section: 'Ownership', field: 'owner' } } },
    { text: 'Acked: 02:07\n', stray: { kind: 'homeless field', meant: 'Ownership' } },
    { text: 'Owner: @ana\n', stray: { kind: 'homeless field', meant: 'Ownership' } },
  ])('$text', ({ text, stray }) => {
    expect(readRecord(text, 'UTC', OUR_FORM).strays).toMatchObject([stray]);
  });
  it.each([
    '## Solution\n',
    '## Next steps\n',
    '## Impact\n\n- Dev: 12\n- Locked: yes\n',
    '## Background\n',
    '## Notes\n',
    '## Impact\n\n- Customers: 12\n',
    '> Owner: @ana\n',
    '## Summary\n\nOwnr: is a word here\n',
    'Note: somebody called\n',
    '## To do\n',
  ])('%j has none', (text) => {
    expect(readRecord(text, 'UTC', OUR_FORM).strays).toEqual([]);
  });
});

describe('below a heading that names a field', () => {
  it.each(['## Owner\n\n@ana\n', '## Owner\n\n- **Owner**: @ana\n', '### Owner:\nOwner: @ana\n'])('%j the owner is read', (text) => {
    expect(read(text)).toEqual({ owner: '@ana' });
  });
  it('other fields of its section are read too', () => {
    expect(read('## Owner\n\n- Owner: @ana\n- Responsible: @ben\n')).toEqual({ owner: '@ana', responsible: '@ben' });
  });
  it('what is wrong is on its own line, not in the heading', () => {
    expect(readRecord('## Owner\n\nana\n', 'UTC', OUR_FORM).lines.get('owner')).toBe(3);
  });
  it.each([
    { name: 'a comment over lines stands before it', text: '## Owner\n<!-- who\nleads? --> ana\n', line: 3 },
    { name: 'a line of invisible characters does', text: '## Owner\n\u00a0\nana\n', line: 3 },
    { name: 'empty lines of a fence do', text: '## Owner\n```\n\nana\n```\n', line: 4 },
    { name: 'an empty fence does', text: '## Owner\n```\n```\nana\n', line: 4 },
    { name: 'an empty fence is all there is', text: '## Owner\n```', line: 1 },
  ])('nor where $name', ({ text, line }) => {
    expect(readRecord(text, 'UTC', OUR_FORM).lines.get('owner')).toBe(line);
  });
});
