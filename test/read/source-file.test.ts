import { describe, expect, it } from 'vitest';
import { parseSource, type Place } from '../../scripts/read/source-file.ts';

describe('a file that people keep', () => {
  it('has the value of its YAML or JSON', () => {
    expect(parseSource('a: [1, "b", null, true]\n')).toMatchObject({ ok: true, file: { value: { a: [1, 'b', null, true] } } });
    expect(parseSource('{"a": {"b": 2}}')).toMatchObject({ ok: true, file: { value: { a: { b: 2 } } } });
    expect(parseSource('a: &x { b: 1 }\nc: *x\n')).toMatchObject({ ok: true, file: { value: { a: { b: 1 }, c: { b: 1 } } } });
    expect(parseSource('a: { <<: { b: 1 } }\n')).toMatchObject({ ok: true, file: { value: { a: { '<<': { b: 1 } } } } });
  });

  it.each<{ name: string; text: string; place: Place; says: string }>([
    { name: 'a key that stands twice', text: 'a: 1\na: 2\n', place: { line: 2, column: 1 }, says: 'Map keys must be unique' },
    { name: 'a mention without quotes', text: 'a: 1\nmanagers: @lea\n', place: { line: 2, column: 11 }, says: 'a value that begins with @ must stand in quotes' },
    { name: 'a backtick', text: 'a: `b`\n', place: { line: 1, column: 4 }, says: 'a value that begins with ` must stand in quotes' },
    { name: 'a tag that is unknown', text: 'a: !b c\n', place: { line: 1, column: 4 }, says: 'Unresolved tag: !b' },
    { name: 'a second document', text: 'a: 1\n---\nb: 2\n', place: { line: 2, column: 1 }, says: 'Source contains multiple documents; please use YAML.parseAllDocuments()' },
    { name: 'an anchor that contains itself', text: 'a: 1\nb: &x [*x]\n', place: { line: 1, column: 1 }, says: 'an anchor contains itself' },
    { name: 'an alias of nothing', text: 'a: *x\n', place: { line: 1, column: 1 }, says: 'Unresolved alias (the anchor must be set before the alias): x' },
  ])('is refused for $name', ({ text, place, says }) => {
    expect(parseSource(text)).toEqual({ ok: false, place, says });
  });

  it('is refused for masses of aliases', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd']
      .map(
        (key, index) =>
          `${key}: &${key} [${Array(9)
            .fill(`*${'abc'.charAt(index)}`)
            .join(',')}]`,
      )
      .join('\n')}\n`;
    expect(parseSource(bomb)).toMatchObject({ ok: false, place: { line: 1, column: 1 }, says: expect.stringContaining('alias') as string });
  });
});

describe('the place of a value', () => {
  const text = 'sources:\n  - project: 42\n  - group: sirt\n"a/b": { c~d: 1, 7: seven }\n';
  const placeOf = (pointer: string, key?: string): Place | undefined => {
    const parsed = parseSource(text);
    return parsed.ok ? parsed.file.placeOf(pointer, key) : undefined;
  };
  it.each([
    { pointer: '', line: 1, column: 1 },
    { pointer: '/sources', line: 2, column: 3 },
    { pointer: '/sources/1', line: 3, column: 5 },
    { pointer: '/sources/1/group', line: 3, column: 12 },
    { pointer: '/a~1b/c~0d', line: 4, column: 15 },
    { pointer: '/a~1b/7', line: 4, column: 21 },
    { pointer: '/nowhere', line: 1, column: 1 },
  ])('at $pointer is line $line, column $column', ({ pointer, line, column }) => {
    expect(placeOf(pointer)).toEqual({ line, column });
  });
  it.each([
    { pointer: '', key: 'a/b', line: 4, column: 1 },
    { pointer: '/sources/0', key: 'project', line: 2, column: 5 },
    { pointer: '/sources/0', key: 'nothing', line: 2, column: 5 },
    { pointer: '/sources', key: 'project', line: 2, column: 3 },
  ])('for the key $key at $pointer is line $line, column $column', ({ pointer, key, line, column }) => {
    expect(placeOf(pointer, key)).toEqual({ line, column });
  });
});
