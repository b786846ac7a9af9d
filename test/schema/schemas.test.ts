import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digest } from '../../scripts/schema/digest.ts';
import { OUR_FORM } from '../../scripts/schema/form.ts';
import { findReference, isGitLabReference, isGitLabUser } from '../../scripts/schema/formats.ts';
import { generateTypes, TYPES_FILE } from '../../scripts/schema/generate.ts';
import { isPlaceholder } from '../../scripts/schema/placeholder.ts';
import { SCHEMAS, type ShapeName } from '../../scripts/schema/schemas.ts';
import { validate } from '../../scripts/schema/validate.ts';

const EXAMPLES = new URL('../../schemas/examples/', import.meta.url);

type Invalid = { because: string; value: unknown };

function examples(shape: ShapeName, kind: 'valid' | 'invalid'): { name: string; example: unknown }[] {
  const folder = new URL(`${shape}/${kind}/`, EXAMPLES);
  return readdirSync(folder).map((name) => ({ name, example: JSON.parse(readFileSync(new URL(encodeURIComponent(name), folder), 'utf8')) as unknown }));
}

describe.each(Object.keys(SCHEMAS) as ShapeName[])('%s', (shape) => {
  it.each(examples(shape, 'valid'))('accepts $name', ({ example }) => {
    expect(validate(shape, example)).toMatchObject({ ok: true });
  });
  it.each(examples(shape, 'invalid'))('refuses $name', ({ example }) => {
    const { because, value } = example as Invalid;
    const checked = validate(shape, value);
    expect(checked.ok ? [] : checked.faults.map(({ instancePath, keyword }) => `${instancePath || '/'} ${keyword}`)).toContain(because);
  });
});

it('the generated types are fresh', async () => {
  expect(readFileSync(TYPES_FILE, 'utf8')).toBe(await generateTypes());
});

it('each field lies in a section that exists, and can be written, missed and helped with', () => {
  for (const field of OUR_FORM.fields) {
    expect([...OUR_FORM.sections.keys()]).toContain(field.section);
    expect(field).toMatchObject({
      title: expect.stringMatching(/./) as string,
      code: expect.stringMatching(/^[A-Z_]+$/) as string,
      help: expect.stringMatching(/\.$/) as string,
      hint: expect.stringMatching(/./) as string,
    });
  }
});

describe('placeholders', () => {
  it.each([
    '',
    ' ',
    '-',
    '...',
    '…',
    'TBD',
    'tbd',
    '(TBD)',
    '“TBD”',
    'TODO',
    'TODO: write these notes after the review meeting on friday',
    'TBD by ana',
    'N/A',
    'n/a',
    '"n/a"',
    'N.A.',
    'n / a',
    'N/A (nothing to say)',
    'not applicable',
    '&nbsp;',
    'none',
    '(none)',
    'None.',
    'no improvements',
    'nothing',
    'none: n/a',
    '**TBD**',
    '`-`',
    '@username',
    'YYYY-MM-DD HH:MM UTC',
    'null',
  ])('%j is one', (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });
  it.each([
    '@ana',
    'a disk was full',
    'nationwide outage',
    'Na Li reported it',
    'null pointer in the parser',
    'Todo-App der Kollegen war offen',
    'none of the logs were kept',
    'nothing was stolen',
    'nothing in the playbook covered a stolen token',
    'none: the playbook worked as written and every alert fired in time',
    'nil pointer in the parser',
    '不知道',
    'todos in the ticket system were lost',
  ])('%j is none', (text) => {
    expect(isPlaceholder(text)).toBe(false);
  });
  it.each([
    { letters: 19, counts: false },
    { letters: 20, counts: true },
  ])('none counts with a reason of 20 letters: $letters', ({ letters, counts }) => {
    expect(isPlaceholder(`none: ${'a'.repeat(letters)}`)).toBe(!counts);
  });
  it('a bare none is an answer where none may be said', () => {
    expect([isPlaceholder('none', true), isPlaceholder('TBD', true)]).toEqual([false, true]);
  });
});

describe('formats', () => {
  it.each(['@ana', '@a.b-c_d', '@project_42_bot_1a2b'])('%s is a user', (text) => {
    expect(isGitLabUser(text)).toBe(true);
  });
  it.each(['ana', '@', '@all', '@a b', '@ana,@ben', '@ana\n'])('%j is none', (text) => {
    expect(isGitLabUser(text)).toBe(false);
  });
  it.each([
    '#12',
    'group/project#77',
    'a/b/c!3',
    '!3',
    'https://gitlab.example.com/a/b/-/issues/12',
    'https://gitlab.example.com/a/b/-/issues/incident/12',
    'https://gitlab.example.com/a/b/-/work_items/12',
  ])('%s is a reference', (text) => {
    expect(isGitLabReference(text)).toBe(true);
  });
  it.each(['12', '#', '#x', 'group/project', 'https://example.com/12', '#12 '])('%j is none', (text) => {
    expect(isGitLabReference(text)).toBe(false);
  });
  it('finds a reference in a text', () => {
    expect([findReference('see (infra/access#77).'), findReference('a#b'), findReference('no. 12')]).toEqual(['infra/access#77', undefined, undefined]);
  });
});

it('a digest does not depend on the order of keys', () => {
  expect(digest({ a: 1, b: { c: 2, d: [3] } })).toBe(digest({ b: { d: [3], c: 2 }, a: 1 }));
});
