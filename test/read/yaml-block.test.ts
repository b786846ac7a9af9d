import { describe, expect, it } from 'vitest';
import { lineIn } from '../../scripts/read/markdown.ts';
import { readYaml } from '../../scripts/read/yaml-block.ts';

/** What a block that begins on line 10 holds: each key with its line and the texts of its value. */
const keysOf = (text: string): [string, number, string[]][] => readYaml(text, 10).entries.map(({ key, line, units }) => [key, line, units.map((unit) => (unit.kind === 'text' ? unit.text : ''))]);
const saysOf = (text: string): string[] => readYaml(text, 10).problems.map(({ line, says }) => `${line}: ${says}`);

describe('a value of a YAML block', () => {
  it.each([
    { name: 'a text', text: 'owner: "@ana"', keys: [['owner', 10, ['@ana']]] },
    {
      name: 'a number as text',
      text: 'a: 1\nseverity: 0x02',
      keys: [
        ['a', 10, ['1']],
        ['severity', 11, ['0x02']],
      ],
    },
    { name: 'a time as text', text: 'at: 2026-11-20T02:07:00Z', keys: [['at', 10, ['2026-11-20T02:07:00Z']]] },
    { name: 'a mention without quotes', text: 'owner: @ana', keys: [['owner', 10, ['@ana']]] },
    { name: 'several lines', text: 'summary: |\n  one\n  two\n', keys: [['summary', 10, ['one\ntwo']]] },
    {
      name: 'nothing',
      text: 'a:\nb: ""\nc: ~',
      keys: [
        ['a', 10, []],
        ['b', 11, []],
        ['c', 12, ['~']],
      ],
    },
    { name: 'a list', text: 'evidence:\n  - one\n  - two', keys: [['evidence', 10, ['one', 'two']]] },
    { name: 'lists in a list', text: 'a: [[one, two], three]', keys: [['a', 10, ['one', 'two', 'three']]] },
    { name: 'a mapping', text: 'notes:\n  tooling: one\n  risk: [two, three]', keys: [['notes', 10, ['tooling: one', 'risk: two; three']]] },
    { name: 'a list of mappings', text: 'notes:\n  - tooling: one\n  - risk: two', keys: [['notes', 10, ['tooling: one', 'risk: two']]] },
    { name: 'a mapping in a mapping', text: 'a: { b: { c: d, e: [f, g] } }', keys: [['a', 10, ['b: c: d; e: f; g']]] },
    { name: 'keys that are no text', text: '? [a]\n: b\nc: d', keys: [['c', 12, ['d']]] },
  ])('is $name', ({ text, keys }) => {
    expect(keysOf(text)).toEqual(keys);
    expect(saysOf(text)).toEqual([]);
  });

  it.each([
    { entry: '{ at: 2026-11-20 01:58 UTC, text: alert fires }', text: '2026-11-20 01:58 UTC: alert fires' },
    { entry: '{ text: told legal, audience: internal, at: 2026-11-20 03:00 UTC }', text: '2026-11-20 03:00 UTC: internal: told legal' },
    { entry: '{ kind: tooling, text: mask tokens, done: true }', text: '[x] tooling: mask tokens' },
    { entry: '{ text: mask tokens, done: false }', text: '[ ] mask tokens' },
    { entry: '{ text: "" }', text: '' },
  ])('in the form of the record is read as one line: $entry', ({ entry, text }) => {
    expect(keysOf(`notes:\n  - ${entry}`)).toEqual([['notes', 10, [text]]]);
  });

  it('knows its lines, and that it stands in a list', () => {
    const [entry] = readYaml('evidence:\n  - one\n  - two\nowner: "@ana"\n', 10).entries;
    expect(entry?.units).toEqual([
      { kind: 'text', line: 11, depth: 1, bullet: true, quoted: false, text: 'one' },
      { kind: 'text', line: 12, depth: 1, bullet: true, quoted: false, text: 'two' },
    ]);
    expect(readYaml('owner: "@ana"', 3).entries[0]?.units).toEqual([{ kind: 'text', line: 3, depth: 0, bullet: false, quoted: false, text: '@ana' }]);
  });

  it.each([
    { name: 'as they stand', text: 'a: |\n  one\n  two\n', lines: [11, 12] },
    { name: 'an empty one where the next is', text: 'a: |\n  one\n\n  two\n', lines: [11, 13, 13] },
    { name: 'as they stand, empty ones before them left out', text: 'a: |2- # remark\n\n  one\n  two\n', lines: [12, 13] },
    { name: 'folded', text: 'a: >-\n  one\n  and more\n\n\n  two\n', lines: [11, 15, 15] },
    { name: 'folded, without a sign', text: 'a: one\n  and more\n\n  two\n', lines: [10, 13] },
    { name: 'below their key', text: 'a:\n  one\n\n  two\n', lines: [11, 13] },
    { name: 'in single quotes', text: "a: 'it''s one\n\n  two'\n", lines: [10, 12] },
    { name: 'in double quotes', text: 'a: "one\n\n  \\x20\\U0001F600two\n\n  three"\n', lines: [10, 12, 14] },
    { name: 'escaped, all in one', text: 'a: "\\tone\\n\\_two\\u000athree"\n', lines: [10, 10, 10] },
    { name: 'escaped, in two', text: 'a: "one\\n\\\n  two\\n\n  three"\n', lines: [10, 11, 12] },
    { name: 'of a mapping', text: 'a:\n  tooling: |\n    one\n    two\n', lines: [11, 13] },
    { name: 'of an entry as the record has it', text: 'a:\n  - text: |\n      one\n      two\n    at: "2026-11-20 02:07"\n', lines: [11, 13] },
    { name: 'of a list in a mapping', text: 'a:\n  - tooling:\n    - one\n    - |\n      two\n      three\n', lines: [11, 15] },
  ])('knows on which line each of its lines stands: $name', ({ text, lines }) => {
    const [unit] = readYaml(text, 10).entries[0]!.units.filter((each) => each.kind === 'text');
    expect(unit!.text.split('\n').map((_line, index) => lineIn(unit!, index))).toEqual(lines);
  });

  it('has a key whose lines are known too', () => {
    expect(readYaml('"one\n\n  two\\nthree": four\n', 10).entries.map(({ key, keyLines }) => [key, keyLines])).toEqual([['one\ntwo\nthree', [10, 12, 12]]]);
  });

  it('gives the keys of a mapping below a key, each with its line', () => {
    const [entry] = readYaml('handoff:\n  bridge: none\n  slack: "#sirt"\n', 10).entries;
    expect(entry?.nested.map(({ key, line, units }) => [key, line, units.length])).toEqual([
      ['bridge', 11, 1],
      ['slack', 12, 1],
    ]);
    expect(readYaml('a: { b: { c: d } }', 10).entries[0]?.nested[0]?.nested).toEqual([]);
  });
});

describe('a YAML block that is a list', () => {
  it('has items and no keys', () => {
    expect(readYaml('- one\n- tooling: two\n', 10)).toEqual({
      entries: [],
      units: [
        { kind: 'text', line: 10, depth: 1, bullet: true, quoted: false, text: 'one' },
        { kind: 'text', line: 11, depth: 2, bullet: true, quoted: false, text: 'tooling: two' },
      ],
      problems: [],
    });
  });
  it.each(['', '# remark', 'just words'])('%j has neither', (text) => {
    expect(readYaml(text, 10)).toEqual({ entries: [], units: [], problems: [] });
  });
});

describe('what is wrong with a YAML block is said in plain words, on its line', () => {
  it.each([
    { text: 'owner: "@ana"\nsummary: one: two', says: ['11: a line has a second colon: put its value in quotes'] },
    { text: 'owner: "@ana"\nowner: "@ben"', says: ['11: a key stands twice'] },
    { text: 'a:\n\tb: c', says: ['11: a line begins with a tab: indent with spaces'] },
    { text: 'a: `b`', says: ['10: a value begins with a character that YAML reserves: put it in quotes'] },
    { text: 'a: "b" c', says: ['10: something stands behind a value: put the whole value in quotes, or on a line of its own'] },
    { text: 'a: b\njust words\nc: d', says: ['11: a line has no colon after its key, or a quote is not closed'] },
    { text: 'a: &x b\nc: d\ne: *x', says: ['12: aliases are not read'] },
    {
      text: 'a: &x b\n\n\n- c\n',
      says: ['13: a line has a second colon: put its value in quotes', '13: a line has no colon after its key, or a quote is not closed', '13: Implicit map keys need to be followed by map values'],
    },
    { text: `\na: ${'['.repeat(21)}`, says: ['11: the block is nested too deeply'] },
    { text: 'a: "b\n\n', says: ['10: Missing closing "quote'] },
    { text: 'owner: [1', says: ['10: Flow sequence in block collection must be sufficiently indented and end with a ]'] },
  ])('$text', ({ text, says }) => {
    expect(saysOf(text)).toEqual(says);
  });

  it.each([
    { name: 'longer than 65,536 characters', text: `a: ${'b'.repeat(65_534)}`, says: 'the block is longer than 65,536 characters' },
    { name: 'of 21 brackets in one another', text: `a: ${'['.repeat(21)}${']'.repeat(21)}`, says: 'the block is nested too deeply' },
    { name: 'of 21 braces in one another', text: `a: ${'{'.repeat(21)}${'}'.repeat(21)}`, says: 'the block is nested too deeply' },
    { name: 'of 20 dashes in a line', text: `${'- '.repeat(20)}a`, says: 'the block is nested too deeply' },
    { name: 'of 20 question marks in a line', text: `${'? '.repeat(20)}a`, says: 'the block is nested too deeply' },
  ])('a block $name is not read', ({ text, says }) => {
    expect(readYaml(text, 10)).toEqual({ entries: [], units: [], problems: [{ line: 10, says }] });
  });

  it.each([
    { name: 'of 65,536 characters', text: `a: ${'b'.repeat(65_533)}` },
    { name: 'of 20 brackets in one another', text: `a: ${'['.repeat(20)}${']'.repeat(20)}` },
    { name: 'of many brackets one after another', text: `a: [${'[], '.repeat(30)}[]]` },
    { name: 'of many braces one after another', text: `a: [${'{}, '.repeat(30)}{}]` },
    { name: 'of 19 dashes in a line', text: `${'- '.repeat(19)}a` },
  ])('a block $name is read', ({ text }) => {
    expect(readYaml(text, 10).problems).toEqual([]);
  });
});
