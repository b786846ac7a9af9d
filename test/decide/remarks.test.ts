import { describe, expect, it } from 'vitest';
import { judgeText, remarksOn, type Judged, type Occasion, type Remark } from '../../scripts/decide/remarks.ts';
import type { Paper } from '../../scripts/read/papers.ts';
import { config, NOW } from '../support/snapshot.ts';

const judge = (text: string, occasion: Occasion = 'writing', file = 'a.md'): Judged => judgeText({ file, text, installation: config() }, occasion, NOW);
const tell = ({ file, line, column, code, level }: Remark): string => `${file}:${line}:${column} ${level} ${code}`;
const FALSE_POSITIVE = '## Resolution\n- Outcome: false positive: the load test tripped rule 311\n';

describe('a description is held against', () => {
  const half = '## Ownership\n\n- Owner: ana and ben\n\n## Outcome\n\nresolved\n';
  it.each<{ name: string; occasion: Occasion; text: string; says: string[] }>([
    { name: 'itself, while it is written', occasion: 'writing', text: half, says: ['a.md:3:10 error OWNER_INVALID'] },
    { name: 'what closing asks for', occasion: 'closing', text: FALSE_POSITIVE, says: [] },
    {
      name: 'what closing asks for and it lacks',
      occasion: 'closing',
      text: half,
      says: ['SUMMARY_MISSING', 'ACKNOWLEDGED_AT_MISSING', 'SEVERITY_MISSING', 'IMPROVEMENT_NOTES_MISSING', 'OWNER_INVALID'].map(
        (code) => `a.md:${code === 'OWNER_INVALID' ? '3:10' : '1:1'} error ${code}`,
      ),
    },
    {
      name: 'a hand-off that tells nothing',
      occasion: 'hand-off',
      text: FALSE_POSITIVE,
      says: ['ISSUE_SUMMARY', 'RELATED_ISSUES', 'ENGAGED', 'BRIDGE', 'SLACK', 'NEXT_STEPS'].map((part) => `a.md:1:1 error HANDOFF_${part}_MISSING`),
    },
    {
      name: 'a hand-off that lacks something, whatever else is wrong',
      occasion: 'hand-off',
      text: '## Ownership\n- Owner: @ana\n- Owner: @ben\n\n## Hand-off\n- Issue summary: reading logs\n- Related issues: none\n- Engaged: @ben\n- Bridge: none\n- Slack: none\n- Next steps: TBD\n',
      says: ['a.md:11:1 error HANDOFF_NEXT_STEPS_MISSING'],
    },
    {
      name: 'a hand-off that contradicts itself',
      occasion: 'hand-off',
      text: '## Hand-off\n- Issue summary: reading logs\n- Related issues: none\n- Engaged: @ben\n- Bridge: none\n- Bridge: https://call.example.com\n- Slack: none\n- Next steps: go on\n',
      says: ['a.md:6:11 error HANDOFF_BRIDGE_CONFLICT'],
    },
  ])('$name', ({ occasion, text, says }) => {
    expect(judge(text, occasion).remarks.map(tell)).toEqual(says);
  });
});

describe('a remark stands', () => {
  it.each([
    { name: 'where the wrong answer begins', text: '## Ownership\n\n- Owner:   ana and ben\n', says: ['a.md:3:12 error OWNER_INVALID'] },
    { name: 'where it stands last, if twice in a line', text: '## Ownership\n\n- Owner: Owner\n', says: ['a.md:3:10 error OWNER_INVALID'] },
    { name: 'not in a comment', text: '## Ownership\n\n- Owner: ana <!-- not ana -->\n', says: ['a.md:3:10 error OWNER_INVALID'] },
    { name: 'not in a comment that is closed elsewhere', text: '## Ownership\n\n- Owner: ana <!-- not ana\n-->\n', says: ['a.md:3:10 error OWNER_INVALID'] },
    { name: 'behind a comment', text: '## Ownership\n\n<!-- who -->Owner: ana\n', says: ['a.md:3:20 error OWNER_INVALID'] },
    { name: 'where its line begins, if the answer is in none of it', text: '## Ownership\n\n  - Owner: [ana](https://example.com/ana) and ben\n', says: ['a.md:3:3 error OWNER_INVALID'] },
    { name: 'at the first letter of the file', text: 'ana\n===\n## Ownrship\n', says: ['a.md:3:4 warning HEADING_UNKNOWN', 'a.md:1:1 warning NO_SECTION'].sort() },
  ])('$name', ({ text, says }) => {
    expect(judge(text).remarks.map(tell)).toEqual(says);
  });

  it('in the order of the lines, and of the columns within one', () => {
    const text = '## Ownership\n\n- Ownr: @ben\n- Owner: ana\n- Responsible: ben\n\n## Ownership\n';
    expect(judge(text).remarks.map(tell)).toEqual(['a.md:3:3 warning FIELD_UNKNOWN', 'a.md:4:10 error OWNER_INVALID', 'a.md:5:16 error RESPONSIBLE_INVALID', 'a.md:7:4 error SECTION_DUPLICATED']);
  });
});

describe('a name that is nearly ours is warned of', () => {
  it.each([
    { text: '## Ownrship\n\n## Summary\n', says: 'a.md:1:4 warning HEADING_UNKNOWN' },
    { text: '## Owners\n\n## Summary\n', says: 'a.md:1:4 warning HEADING_UNKNOWN' },
    { text: '## Impact\n\n- Severty: S2\n', says: 'a.md:3:3 warning FIELD_UNKNOWN' },
    { text: '## Incident\n\n```yaml\nownr: "@ana"\n```\n', says: 'a.md:4:1 warning KEY_UNKNOWN' },
    { text: 'Owner: @ana\n\n## Summary\n', says: 'a.md:1:1 warning FIELD_OUTSIDE_SECTIONS' },
  ])('$text', ({ text, says }) => {
    const { remarks, failing } = judge(text);
    expect(remarks.map(tell)).toEqual([says]);
    expect(failing).toEqual([]);
  });
});

describe('a file of which nothing is read', () => {
  it.each([
    { name: 'is warned of', text: 'We were attacked.\n', warned: true },
    { name: 'is not, where it is empty', text: ' \n\n', warned: false },
    { name: 'is not, where it has a section', text: '## Summary\n', warned: false },
  ])('$name', ({ text, warned }) => {
    expect(judge(text).remarks).toEqual(
      warned
        ? [
            {
              ...{ file: 'a.md', line: 1, column: 1, code: 'NO_SECTION', level: 'warning' },
              message: expect.stringMatching(/^nothing was read: no heading is one of ours, which are Summary, Ownership, (?!.*Incident)/) as string,
            },
          ]
        : [],
    );
  });
  it('has its field by a heading of its own', () => {
    expect(judge('# Owner\n\n@ana\n').remarks).toEqual([]);
  });
});

describe('remarks on several files', () => {
  it('come in the order of the files, each with its own', () => {
    const installation = config();
    const mistake = { file: 'oncall.yml', line: 2, column: 1, code: 'CONFIG_OPTION_UNKNOWN', message: 'the file has no option "timezone"' };
    const papers: Paper[] = [
      { kind: 'description', file: 'b.md', text: '', installation },
      { kind: 'config', file: 'oncall.yml', mistakes: [mistake] },
      { kind: 'description', file: 'a.md', text: '', installation },
    ];
    const judged = [judge('## Ownrship\n', 'writing', 'a.md'), judge('## Sumary\n\n## Impct\n', 'writing', 'b.md')];
    expect(remarksOn(papers, judged, NOW).map(tell)).toEqual([
      ...['b.md:1:1 warning NO_SECTION', 'b.md:1:4 warning HEADING_UNKNOWN', 'b.md:3:4 warning HEADING_UNKNOWN'],
      'oncall.yml:2:1 error CONFIG_OPTION_UNKNOWN',
      ...['a.md:1:1 warning NO_SECTION', 'a.md:1:4 warning HEADING_UNKNOWN'],
    ]);
    expect(remarksOn(papers, judged, NOW)[3]).toEqual({ ...mistake, level: 'error' });
  });
});
