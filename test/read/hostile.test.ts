import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { readRecord } from '../../scripts/read/record.ts';

describe('hostile descriptions', () => {
  const MIB = 1_048_576;
  const fill = (text: string, length = MIB): string => text.repeat(Math.ceil(length / text.length)).slice(0, length);
  it.each([
    { name: 'list items', text: fill('- process: something to do\n') },
    { name: 'loose list items', text: fill('- a\n\n') },
    { name: 'lines of notes', text: `## Improvement notes\n\n${fill('kb: a\n')}` },
    { name: 'lines of kinds', text: `## Timeline\n\n${fill('kb:\n')}` },
    { name: 'open quotes', text: fill('>>>\na\n\n') },
    { name: 'headings', text: fill('## Evidence\n') },
    { name: 'fields', text: `## Ownership\n${fill('- Owner: @ana\n')}` },
    { name: 'a table', text: `## Impact\n|a|b|\n|-|-|\n${fill('| Severity | S2 |\n')}` },
    { name: 'quotes', text: fill('>') },
    { name: 'nested lists', text: fill('- ') },
    { name: 'open comments', text: `## Summary\n\nx ${fill('<!-- ')}` },
    { name: 'brackets', text: `## Summary\n\n${fill('[')}` },
    { name: 'links', text: `## Summary\n\n${fill('[a](')}` },
    { name: 'backticks', text: `## Summary\n\n${fill('` `` ')}` },
    { name: 'spaces', text: `## Ownership\nOwner${fill(' ')}x\n- Owner: @a${fill(' ')}b` },
    { name: 'one long line', text: `## Evidence\n- ${fill('a')}` },
    { name: 'colons', text: `## Ownership\n${fill(':')}` },
    { name: 'references', text: `## Related issues\n- ${fill('a/')}` },
    { name: 'digits', text: `## Ownership\n- Acknowledged at: ${fill('2026-11-20 ')}` },
    { name: 'YAML flow', text: `## Incident\n\n\`\`\`yaml\n${fill('[')}\n\`\`\`` },
    { name: 'YAML nesting', text: `## Incident\n\n\`\`\`yaml\n${fill('- ', 60_000)}\n\`\`\`` },
    { name: 'a YAML bomb', text: `## Incident\n\n\`\`\`yaml\na: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nowner: [*c,*c]\n\`\`\`` },
  ])('1 MiB of $name is read', ({ text }) => {
    expect(() => readRecord(text, 'UTC', OUR_FORM)).not.toThrow();
  });

  it('reads ten thousand items', () => {
    expect(readRecord(`## Improvement notes\n\n${'- process: call earlier\n'.repeat(10_000)}`, 'UTC', OUR_FORM).record.improvement_notes).toHaveLength(10_000);
  });

  const fragment = fc.oneof(
    fc.constantFrom(
      '## Ownership',
      '## Incident',
      '```yaml',
      '```',
      '- ',
      '| a | b |',
      '|-|-|',
      '<!--',
      '-->',
      '> ',
      '\t',
      'Owner: ',
      'owner: "@ana"',
      '&a',
      '*a',
      '<<: ',
      '__proto__: ',
      '\r\n',
      '\n',
      '\n\n',
      '\u2028',
      '~~~',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  it('never throws, whatever stands in a description', () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 60 }), (parts) => {
        const { record } = readRecord(parts.join(''), 'UTC', OUR_FORM);
        expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
      }),
      { numRuns: 2000 },
    );
  });
});
