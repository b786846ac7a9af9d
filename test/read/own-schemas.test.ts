import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decideGate } from '../../scripts/decide/gate.ts';
import { readConfig } from '../../scripts/read/config.ts';
import { readRecord } from '../../scripts/read/record.ts';
import { renderGateComment } from '../../scripts/render/gate.ts';
import { NOW, snapshot } from '../support/snapshot.ts';

const EXAMPLES = fileURLToPath(new URL('../../schemas/examples/own/', import.meta.url));
const inFolder = (name: string, kind: string): { file: string; codes: string[]; description: string }[] =>
  readdirSync(path.join(EXAMPLES, name, kind)).map((file) => ({
    file,
    codes: kind === 'passes' ? [] : file.replace(/\.md$/, '').split(' '),
    description: readFileSync(path.join(EXAMPLES, name, kind, file), 'utf8'),
  }));

describe.each(readdirSync(EXAMPLES))('the worked example %s', (name) => {
  it.each([...inFolder(name, 'passes'), ...inFolder(name, 'fails')])('$file', async ({ description, codes }) => {
    const installation = await readConfig(path.join(EXAMPLES, name, 'oncall.yml'));
    const read = readRecord(description, 'UTC', installation.form);
    const { finding } = decideGate(snapshot({ description }, { read }), installation, NOW);
    expect(finding.codes.sort()).toEqual(codes.sort());
    expect(finding.state).toBe(codes.length === 0 ? 'verified' : 'blocked');
  });
});

/** A repository with these files; what is wrong with its configuration, each mistake on a line of its own. */
async function mistakesIn(files: Record<string, string>, config = 'schemas: { incident: own.json }'): Promise<string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'own-'));
  await mkdir(path.join(folder, '.git'));
  await mkdir(path.join(folder, 'in'));
  await writeFile(path.join(folder, '..', 'outside.json'), '{}');
  await symlink(path.join(folder, '..', 'outside.json'), path.join(folder, 'link.json'));
  const all = { 'oncall.yml': `sources: [{ project: 42 }]\n${config}\n`, ...files };
  for (const [name, text] of Object.entries(all)) await writeFile(path.join(folder, name), text);
  return readConfig(path.join(folder, 'oncall.yml')).then(
    () => [],
    (error: unknown) =>
      (error as Error).message
        .replaceAll(`${folder}/`, '')
        .replace(/\. See docs\/configuration\.md\.$/, '')
        .split('; '),
  );
}

const own = (schema: object): Record<string, string> => ({ 'own.json': JSON.stringify(schema) });
const extending = (properties: object): Record<string, string> => own({ allOf: [{ $ref: 'urn:watchkeeper:incident' }], properties });
const field = { 'x-section': 'Impact' };

describe('a schema that is no good is a setup error with its place', () => {
  it.each([
    { name: 'not there', files: {}, says: 'oncall.yml:2:22: "own.json" does not exist. Paths are read from the file in which they stand' },
    {
      name: 'an address',
      files: {},
      config: 'schemas: { closure: "https://example.com/closure.json" }',
      says: 'oncall.yml:2:21: "https://example.com/closure.json" is an address: schemas are never fetched',
    },
    { name: 'outside', files: {}, config: 'schemas: { closure: ../outside.json }', says: 'oncall.yml:2:21: "../outside.json" lies outside the repository' },
    { name: 'outside by a link', files: {}, config: 'schemas: { closure: link.json }', says: 'oncall.yml:2:21: "link.json" lies outside the repository' },
    { name: 'an absolute path', files: {}, config: 'schemas: { closure: /etc/hosts }', says: '"/etc/hosts" lies outside the repository' },
    { name: 'a folder', files: {}, config: 'schemas: { closure: in }', says: 'oncall.yml:2:21: in cannot be read: EISDIR' },
    { name: 'broken JSON', files: { 'own.json': '{\n  "type": "object",\n  "required": [\n}' }, says: 'own.json:4:1: ' },
    { name: 'a list', files: { 'own.json': '[]' }, says: 'own.json:1:1: is no schema: a JSON Schema is an object' },
    { name: 'a schema that is none', files: { 'own.json': '{\n  "type": "objekt"\n}' }, says: 'own.json:2:11: /type: must be equal to one of the allowed values' },
    { name: 'a misspelt keyword', files: { 'own.json': '{\n  "requird": ["owner"]\n}' }, says: 'own.json:2:14: /requird: is no keyword of JSON Schema, and none of ours' },
    { name: 'an old dialect', files: own({ $schema: 'http://json-schema.org/draft-07/schema#' }), says: 'own.json:1:12: /$schema: only https://json-schema.org/draft/2020-12/schema is read' },
    { name: 'our id', files: own({ $id: 'urn:watchkeeper:incident' }), says: 'own.json:1:8: /$id: ids that begin with urn:watchkeeper: are ours' },
    { name: 'a reference to a URL', files: own({ $ref: 'https://example.com/x.json' }), says: 'own.json:1:9: /$ref: "https://example.com/x.json" leads nowhere. Schemas are never fetched' },
    { name: 'a reference to no part', files: own({ $ref: 'urn:watchkeeper:incident#/properties/ownr' }), says: 'own.json:1:9: /$ref: "urn:watchkeeper:incident#/properties/ownr" leads nowhere' },
    { name: 'a reference outside', files: own({ $ref: '../outside.json' }), says: 'own.json:1:9: "../outside.json" lies outside the repository' },
    { name: 'a code in small letters', files: extending({ dpia: { ...field, 'x-code': 'dpia' } }), says: '/properties/dpia/x-code: must match pattern' },
    { name: 'a way of reading that is none', files: extending({ dpia: { ...field, 'x-reads': 'poem' } }), says: '/properties/dpia: x-reads "poem" is no way of reading. Known are prose, text,' },
    { name: 'a way of reading that is ours', files: extending({ dpia: { ...field, 'x-reads': 'outcome' } }), says: '/properties/dpia: x-reads "outcome" is for our own field' },
    { name: 'a type that no text becomes', files: extending({ dpia: { ...field, type: 'object' } }), says: '/properties/dpia: is of type object, and what is read as text becomes string' },
    { name: 'a field without a section', files: extending({ dpia: { type: 'string' } }), says: '/properties/dpia: has no x-section, so that people can write it nowhere' },
    { name: 'two fields of one name', files: extending({ a: { ...field, title: 'Same' }, b: { ...field, title: 'same' } }), says: '/properties/b: b and a share the name "Same"' },
    {
      name: 'a name that is taken',
      files: extending({ customers: { ...field, title: 'Affected customers' } }),
      says: '/properties/customers: customers and affected_users share the name "Affected customers"',
    },
    { name: 'a code that is taken', files: extending({ dpia: { ...field, 'x-code': 'OWNER' } }), says: '/properties/dpia: dpia and owner share the x-code OWNER' },
    {
      name: 'a demand that nobody can meet',
      files: { 'own.json': '{ "allOf": [{ "$ref": "urn:watchkeeper:closure" }, { "required": ["dpia"] }] }' },
      config: 'schemas: { closure: own.json }',
      says: 'own.json:1:67: /allOf/1/required/0: demands "dpia", which is no field that people can write',
    },
    {
      name: 'a contradiction',
      files: own({ allOf: [{ $ref: 'urn:watchkeeper:closure' }, { properties: { severity: { enum: [3, 4] } } }] }),
      config: 'schemas: { closure: own.json }',
      says: '/allOf/1/properties/severity/enum: no incident with the outcome resolved at severity 1 could ever be closed: severity must be equal to one of the allowed values',
    },
    {
      name: 'a demand for what is forbidden',
      files: own({ allOf: [{ $ref: 'urn:watchkeeper:closure' }], required: ['owner'], not: { required: ['owner'] } }),
      config: 'schemas: { closure: own.json }',
      says: '/not: no incident with the outcome resolved at severity 1 could ever be closed: the record must NOT be valid',
    },
    {
      name: 'a pattern without an example',
      files: { 'own.json': JSON.stringify({ allOf: [{ $ref: 'urn:watchkeeper:closure' }], required: ['ticket'], properties: { ticket: { ...field, type: 'string', pattern: '^CAB-\\d+$' } } }) },
      config: 'schemas: { closure: own.json }',
      says: 'own.json:1:140: /properties/ticket/pattern: no incident with the outcome resolved at severity 1 could ever be closed: ticket must match pattern',
    },
    {
      name: 'a hand-off that is never complete',
      files: own({ allOf: [{ $ref: 'urn:watchkeeper:handoff' }], properties: { bridge: { minLength: 3, maxLength: 2 } } }),
      config: 'schemas: { handoff: own.json }',
      says: '/properties/bridge/minLength: no hand-off could ever be complete: bridge must NOT have fewer than 3 characters',
    },
    {
      name: 'two files of one id',
      files: { 'own.json': '{ "$id": "urn:team:a", "$ref": "b.json" }', 'b.json': '{ "$id": "urn:team:a" }' },
      says: 'b.json:1:10: /$id: own.json has the same $id. Give each its own',
    },
  ])('$name', async ({ files, config, says }) => {
    const mistakes = await mistakesIn(files, config);
    expect(mistakes.join('\n')).toContain(says);
    expect(mistakes[0]).toMatch(/^[\w.]+:\d+:\d+: /);
  });

  it('names all mistakes at once', async () => {
    const mistakes = await mistakesIn(extending({ a: { ...field, 'x-code': 'a' }, b: { ...field, requird: true } }));
    expect(mistakes).toHaveLength(2);
  });
});

type Sound = { name: string; files: Record<string, string>; config?: string };

describe('a schema that is sound', () => {
  it.each<Sound>([
    { name: 'a pattern with an example', files: extending({ ticket: { ...field, type: 'string', pattern: '^CAB-\\d+$', examples: ['CAB-1'] } }) },
    {
      name: 'files that refer to each other',
      files: { 'own.json': '{ "allOf": [{ "$ref": "urn:watchkeeper:incident" }, { "$ref": "b.json" }] }', 'b.json': '{ "$defs": { "x": { "$ref": "own.json#/allOf/0" } } }' },
    },
    { name: 'a narrower field of ours', files: extending({ summary: { minLength: 20 } }) },
    { name: 'one that forbids what it need not', files: own({ allOf: [{ $ref: 'urn:watchkeeper:closure' }], not: { required: ['stakeholders'] } }), config: 'schemas: { closure: own.json }' },
    {
      name: 'a hand-off that closing demands',
      files: own({ allOf: [{ $ref: 'urn:watchkeeper:closure' }, { if: { $ref: 'urn:watchkeeper:closure#/$defs/resolved' }, then: { required: ['handoff'] } }] }),
      config: 'schemas: { closure: own.json }',
    },
    { name: 'a file with a space in its name', files: { 'my own.json': '{ "allOf": [{ "$ref": "urn:watchkeeper:closure" }] }' }, config: 'schemas: { closure: "my own.json" }' },
    ...[
      { type: 'integer', minimum: 3 },
      { type: 'integer', enum: [5, 6] },
      { type: 'number', exclusiveMinimum: 0, maximum: 0.5, examples: [0.1] },
      { const: 'yes' },
      { type: 'string', maxLength: 20 },
      { type: 'string', minLength: 100 },
      ...['email', 'date', 'uri', 'gitlab-reference'].map((format) => ({ type: 'string', format })),
      { type: 'array', minItems: 2, uniqueItems: true, items: { type: 'string' } },
      { 'x-reads': 'users', type: 'array', minItems: 2, items: { format: 'gitlab-user' } },
    ].map((property) => ({
      name: `a demand for ${JSON.stringify(property)}`,
      files: own({ allOf: [{ $ref: 'urn:watchkeeper:closure' }], required: ['a'], properties: { a: { ...field, ...property } } }),
      config: 'schemas: { closure: own.json }',
    })),
    ...[
      { properties: { improvement_notes: { minItems: 2 } } },
      { properties: { summary: { minLength: 80 } } },
      { oneOf: [{ required: ['responsible'] }, { required: ['stakeholders'] }] },
      { dependentRequired: { owner: ['responsible'] } },
    ].map((rule) => ({ name: `ours with ${JSON.stringify(rule)}`, files: own({ allOf: [{ $ref: 'urn:watchkeeper:closure' }], ...rule }), config: 'schemas: { closure: own.json }' })),
    { name: 'in a folder, from a configuration in a folder', files: { 'in/oncall.yml': 'sources: [{ project: 42 }]\nschemas: { incident: ../own.json }\n', ...extending({}) } },
  ])('$name', async ({ files, config }) => {
    expect(await mistakesIn(files, config)).toEqual([]);
  });
});

describe('fields of a project', () => {
  it.each([
    { text: 'Customers told: 12,500', property: { type: 'integer' }, reads: 12_500 },
    { text: 'Customers told: many', property: { type: 'integer' }, reads: 'many' },
    { text: 'Customers told: Yes, we did', property: { type: 'boolean' }, reads: true },
    { text: 'Customers told: no', property: { type: 'boolean' }, reads: false },
    { text: 'Customers told: EU only', property: { enum: ['EU Only', 'all'] }, reads: 'EU Only' },
    { text: 'Customers told: @ana', property: { type: 'string', format: 'gitlab-user' }, reads: '@ana' },
    { text: 'Customers told: 2026-11-20 02:07 UTC', property: { type: 'string', format: 'date-time' }, reads: '2026-11-20T02:07:00Z' },
    { text: 'Customers told:\n  - one\n  - two', property: { type: 'array', items: { type: 'string' } }, reads: ['one', 'two'] },
    { text: 'Customers told: no idea yet, legal is looking', property: { type: 'boolean' }, reads: 'no idea yet, legal is looking' },
    { text: 'Customers told: yes?', property: { type: 'boolean' }, reads: 'yes?' },
    { text: 'Customers told: yes/no', property: { type: 'boolean' }, reads: 'yes/no' },
    { text: 'Customers told: no - nobody was affected', property: { type: 'boolean' }, reads: false },
    { text: 'Customers told: N/A', property: { enum: ['n/a', 'told'] }, reads: 'n/a' },
    { text: 'Customers told: <https://status.example.com/1>', property: { type: 'string', format: 'uri' }, reads: 'https://status.example.com/1' },
    { text: 'Customers told: how many of them', property: { type: 'integer', 'x-hint': 'how many of them' }, reads: undefined },
  ])('$text is read as $reads', async ({ text, property, reads }) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'own-'));
    await writeFile(path.join(folder, 'oncall.yml'), 'sources: [{ project: 42 }]\nschemas: { incident: own.json }\n');
    await writeFile(path.join(folder, 'own.json'), extending({ customers_told: { ...field, ...property } })['own.json']!);
    const { form } = await readConfig(path.join(folder, 'oncall.yml'));
    const { record } = readRecord(`## Impact\n\n- ${text}\n`, 'UTC', form);
    expect((record as Record<string, unknown>)['customers_told']).toEqual(reads);
  });
});

describe('a project with fields of its own', () => {
  const gate = async (schema: object, role: string, description: string): Promise<{ codes: string[]; body: string }> => {
    const folder = await mkdtemp(path.join(tmpdir(), 'own-'));
    await writeFile(path.join(folder, 'oncall.yml'), `sources: [{ project: 42 }]\nschemas: { ${role}: own.json }\n`);
    await writeFile(path.join(folder, 'own.json'), JSON.stringify(schema));
    const installation = await readConfig(path.join(folder, 'oncall.yml'));
    const { finding, plan } = decideGate(snapshot({ description }, { read: readRecord(description, 'UTC', installation.form) }), installation, NOW);
    return { codes: finding.codes, body: plan.comment ? renderGateComment(plan.comment) : '' };
  };
  const demanding = (property: object, rule: object = { required: ['a'] }): object => ({
    allOf: [{ $ref: 'urn:watchkeeper:closure' }],
    properties: { a: { ...field, 'x-code': 'AB', ...property } },
    ...rule,
  });
  const noise = '## Resolution\n\n- Outcome: false positive: the load test tripped rule 311\n';

  it('answers that are the hint of another field count', async () => {
    expect((await gate(demanding({ title: 'The load test tripped rule 311', 'x-hint': 'resolved' }, {}), 'closure', noise)).codes).toEqual([]);
  });

  it('shows numbers and choices as they are', async () => {
    const { codes, body } = await gate(demanding({ type: 'integer' }), 'closure', `${noise}\n## Impact\n\n- A: 12,500\n`);
    expect(codes).toEqual([]);
    expect(body).toContain('- A: `12500`');
  });

  it('reads any text against any pattern in no time', async () => {
    const pattern = demanding({ type: 'string', pattern: '^(\\w+\\s?)+$' });
    expect((await gate(pattern, 'closure', `${noise}\n## Impact\n\n- A: ${'a'.repeat(5000)}!\n`)).codes).toEqual(['AB_INVALID']);
  });

  it('a rule that concerns no single field says what it refuses', async () => {
    const rule = { if: { required: ['affected_users'] }, then: { required: ['affected_systems'], minProperties: 30, 'x-code': 'MORE', 'x-help': 'Say more.' } };
    const { body } = await gate(demanding({}, rule), 'closure', `${noise}\n## Impact\n\n- Affected users: 12\n- Affected systems: all\n`);
    expect(body).toContain('- `MORE_INVALID`: Say more.');
  });
});
