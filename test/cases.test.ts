import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analysisCodes, fieldCodes, OTHER_CODES } from '../scripts/schema/codes.ts';
import { OUR_FORM } from '../scripts/schema/form.ts';
import { tellCase } from './support/case.ts';

const FOLDER = fileURLToPath(new URL('cases/', import.meta.url));
const NAMES = readdirSync(FOLDER);
const textOf = (name: string, file: string): string => readFileSync(path.join(FOLDER, name, file), 'utf8');

describe('incidents as people write them', () => {
  it.each(NAMES)('%s', async (name) => {
    const told = await tellCase(path.join(FOLDER, name));
    for (const [file, text] of Object.entries(told)) await expect(text).toMatchFileSnapshot(path.join('cases', name, file));
  });

  it('leave no file behind that nothing tells', () => {
    const known = ['description.md', 'issue.yml', 'record.json', 'plan.json', 'comment.md', 'oncall.yml', 'own.json', 'major.hbs', 'validate.txt'];
    expect(NAMES.flatMap((name) => readdirSync(path.join(FOLDER, name)).filter((file) => !known.includes(file)))).toEqual([]);
  });

  it('are at least forty', () => {
    expect(NAMES.filter((name) => readdirSync(path.join(FOLDER, name)).includes('description.md')).length).toBeGreaterThanOrEqual(40);
  });
});

describe('each reason code', () => {
  const documented = [...fieldCodes(OUR_FORM), ...analysisCodes(), ...Object.values(OTHER_CODES).flat()].map(({ code }) => code);
  const told = NAMES.flatMap((name) =>
    readdirSync(path.join(FOLDER, name))
      .filter((file) => /^(?:plan\.json|validate\.txt)$/.test(file))
      .map((file) => textOf(name, file)),
  );
  const given = new Set(told.flatMap((text) => text.match(/\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:DUPLICATE|MOVED|OVERRIDDEN|CHANGED)\b/g) ?? []));

  it.each([...new Set(documented)].filter((code) => code !== 'SCHEMA_KEYWORD'))('%s has a case that gives it', (code) => {
    expect(given).toContain(code);
  });

  it('that a case gives is documented, with cause and cure', () => {
    const docs = readFileSync(new URL('../docs/codes.md', import.meta.url), 'utf8');
    const codes = NAMES.flatMap((name) => (readdirSync(path.join(FOLDER, name)).includes('plan.json') ? (JSON.parse(textOf(name, 'plan.json')) as { codes: string[] }).codes : []));
    expect([...new Set(codes)].filter((code) => !docs.includes(`| \`${code}\` | `))).toEqual([]);
  });
});
