import { truncate } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runBundled } from '../support/bundle.ts';
import { readRecord } from '../../scripts/read/record.ts';
import { place, read, SECRET, SMALL, type Files, type Told } from './repository.ts';

describe('a path to a schema leads nowhere outside the repository', () => {
  it.each<{ name: string; schema: string; links?: [string, string][] }>([
    { name: 'up and out', schema: '../outside/own.json' },
    { name: 'down, up and out', schema: 'in/../../outside/own.json' },
    { name: 'into a folder whose name begins like ours', schema: '../project-twin/own.json' },
    { name: 'absolute', schema: '/etc/hosts' },
    { name: 'absolute, by an address', schema: 'file:///etc/hosts' },
    { name: 'an address', schema: 'https://example.com/own.json' },
    { name: 'an address without its scheme', schema: '//example.com/own.json' },
    { name: "the home folder's sign", schema: '~/own.json' },
    { name: 'with a NUL in it', schema: 'own.json\\0.txt' },
    { name: 'encoded', schema: '..%2foutside%2fown.json' },
    { name: 'with backslashes', schema: '..\\\\outside\\\\own.json' },
    { name: "into git's own folder", schema: '.git/config' },
    { name: 'the project itself', schema: '.' },
    { name: 'a link to a file outside', schema: 'link.json', links: [['link.json', '../outside/own.json']] },
    {
      name: 'a link to a link to a file outside',
      schema: 'one.json',
      links: [
        ['one.json', 'two.json'],
        ['two.json', '../outside/own.json'],
      ],
    },
    { name: 'through a link to a folder outside', schema: 'elsewhere/own.json', links: [['elsewhere', '../outside']] },
    { name: "a link into git's own folder", schema: 'link.json', links: [['link.json', '.git/config']] },
    { name: 'a link to itself', schema: 'link.json', links: [['link.json', 'link.json']] },
    { name: 'a device', schema: 'zero.json', links: [['zero.json', '../../../../../../../../dev/zero']] },
  ])('$name', async ({ schema, links }) => {
    const root = await place({ 'oncall.yml': `${SMALL}schemas: { closure: "${schema}" }\n`, 'in/x': '' }, links);
    const { says } = await read(root);
    expect(says).toMatch(/oncall\.yml:2:\d+: .*(?:lies outside the repository|does not exist|is an address|cannot be read)/);
    expect(says).not.toContain(SECRET);
  });

  it('a link to a file inside is followed', async () => {
    const root = await place({ 'oncall.yml': `${SMALL}schemas: { closure: link.json }\n`, 'in/own.json': '{ "$ref": "urn:watchkeeper:closure" }' }, [['link.json', 'in/own.json']]);
    expect((await read(root)).says).toBe('');
  });

  it('a reference in a schema that is linked to is read from where the schema lies, and stays inside', async () => {
    const root = await place({ 'oncall.yml': `${SMALL}schemas: { closure: link.json }\n`, 'in/own.json': '{ "$ref": "../../outside/own.json" }' }, [['link.json', 'in/own.json']]);
    expect((await read(root)).says).toContain('"../../outside/own.json" lies outside the repository');
  });
});

describe('a configuration that is itself a link', () => {
  it('is followed, as the folders of mounted configurations need it', async () => {
    const root = await place({ '../outside/mounted.yml': `${SMALL}time_zone: Europe/Berlin\n` }, [['linked.yml', '../outside/mounted.yml']]);
    expect((await read(root, 'linked.yml')).installation?.time_zone).toBe('Europe/Berlin');
  });
  it('names schemas of the repository in which the link lies, not of the place to which it leads', async () => {
    const root = await place({ '../outside/mounted.yml': `${SMALL}schemas: { closure: own.json }\n` }, [['linked.yml', '../outside/mounted.yml']]);
    expect((await read(root, 'linked.yml')).says).toContain('"own.json" does not exist');
  });
  it('that leads nowhere is a setup error', async () => {
    const root = await place({}, [['linked.yml', '../outside/none.yml']]);
    expect((await read(root, 'linked.yml')).says).toContain('The configuration cannot be read: ENOENT');
  });
});

const many = (count: number, line: (index: number) => string): string => Array.from({ length: count }, (_empty, index) => line(index)).join('');
const laughs = (each: number): string => `a0: &a0 [ha]\n${many(12, (index) => `a${index + 1}: &a${index + 1} [${many(each, () => `*a${index},`)}]\n`)}`;

describe('YAML that does harm is a setup error in its place', () => {
  it.each([
    { name: 'a billion laughs', yaml: laughs(9), says: 'Excessive alias count' },
    { name: 'laughs by twos', yaml: laughs(2), says: 'Excessive alias count' },
    { name: 'an anchor in itself', yaml: 'a: &a [*a]\n', says: 'an anchor contains itself' },
    { name: 'an anchor in itself, deeper', yaml: 'a: &a { b: [{ c: *a }] }\n', says: 'an anchor contains itself' },
    { name: 'an alias of nothing', yaml: 'a: *b\n', says: 'Unresolved alias' },
    { name: 'a function', yaml: 'time_zone: !!js/function "function () { throw 1 }"\n', says: 'Unresolved tag' },
    { name: 'a regular expression', yaml: 'time_zone: !!js/regexp /a/\n', says: 'Unresolved tag' },
    { name: "another language's object", yaml: 'time_zone: !!python/object/apply:os.system [id]\n', says: 'Unresolved tag' },
    { name: 'a tag of its own', yaml: '%TAG ! tag:example.com,2026:\n---\ntime_zone: !x y\n', says: 'Unresolved tag' },
    { name: 'a key twice', yaml: 'sweep: {}\nsweep: {}\n', says: 'Map keys must be unique' },
    { name: '__proto__ twice', yaml: '__proto__: {}\n__proto__: {}\n', says: 'Map keys must be unique' },
    { name: 'two documents', yaml: '---\nmanagers: []\n', says: 'multiple documents' },
    { name: 'a merge key', yaml: 'gate: { <<: { mode: observe } }\n', says: 'gate has no option "<<"' },
    { name: '__proto__', yaml: '__proto__: { managers: ["@eve"] }\n', says: 'the file has no option "__proto__"' },
    { name: '__proto__ further in', yaml: 'gate: { __proto__: { mode: observe } }\n', says: 'gate has no option "__proto__"' },
    { name: 'constructor', yaml: 'constructor: { prototype: { x: 1 } }\n', says: 'the file has no option "constructor"' },
    { name: 'toString in a list', yaml: 'known_noise: [{ toString: 1 }]\n', says: 'has no option "toString"' },
    { name: 'a scalar of 8 MiB', yaml: `time_zone: ${'x'.repeat(8 << 20)}\n`, says: 'time_zone must be a time zone' },
    { name: 'a number of a million digits', yaml: `sweep: { interval_minutes: ${'9'.repeat(1_000_000)} }\n`, says: 'sweep.interval_minutes must be' },
    { name: 'NUL', yaml: 'time_zone: "U\\0TC"\n', says: 'time_zone must be a time zone' },
    { name: 'an escaped lone surrogate', yaml: 'managers: ["@\\ud800"]\n', says: 'managers.0 must be a user name' },
    { name: 'a control character', yaml: 'managers: ["@a\\u001b[31m"]\n', says: 'managers.0 must be a user name' },
  ])('$name', async ({ yaml, says }) => {
    const told = (await read(await place({ 'oncall.yml': yaml.startsWith('%') ? yaml : SMALL + yaml }))).says;
    expect(told).toContain(says);
    expect(told).toMatch(/oncall\.yml:\d+:\d+: /);
    expect(told.length).toBeLessThan(2000);
  });

  it.each([
    { name: 'flow lists', text: '['.repeat(50_000) },
    { name: 'flow mappings', text: '{a: '.repeat(50_000) },
    { name: 'lists in a line', text: '- '.repeat(50_000) },
    { name: 'mappings by indentation', text: many(1400, (index) => `${' '.repeat(index)}a:\n`) },
  ])('$name, nested without end', async ({ text }) => {
    const root = await place({ 'deep.yml': text });
    const { exitCode, output } = await runBundled('validate', {}, [path.join(root, 'deep.yml')]);
    expect(output).toContain('is nested too deeply');
    expect(exitCode).toBe(1);
  });

  it('a file of a gigabyte is refused by validate unread', async () => {
    const root = await place({ 'huge.yml': '' });
    await truncate(path.join(root, 'huge.yml'), 1 << 30);
    const { exitCode, output } = await runBundled('validate', {}, [path.join(root, 'huge.yml')]);
    expect(output).toContain('is larger than 1 MiB');
    expect(exitCode).toBe(2);
  });
});

const field = { 'x-section': 'Impact', type: 'string' };
const closure = (more: object): string => JSON.stringify({ allOf: [{ $ref: 'urn:watchkeeper:closure' }], ...more });
const withProperty = (name: string, property: object = field): string => closure({}).replace(/\}$/, `,"properties":{"${name}":${JSON.stringify(property)}}}`);

describe('an own schema changes nothing but the form', () => {
  const readOwn = async (own: string, more: Files = {}): Promise<Told> => read(await place({ 'oncall.yml': `${SMALL}schemas: { closure: own.json }\n`, 'own.json': own, ...more }));

  it.each([
    { name: 'a field __proto__', own: withProperty('__proto__', { ...field, polluted: true }), says: '/properties/__proto__' },
    { name: 'a field constructor', own: withProperty('constructor'), says: '"constructor" is no name for a field' },
    { name: 'a field toString', own: withProperty('toString'), says: '"toString" is no name for a field' },
    { name: 'a keyword __proto__', own: closure({}).replace(/\}$/, ',"__proto__":{"required":["owner"]}}'), says: '/__proto__: is no keyword' },
    { name: 'a field with a keyword __proto__', own: withProperty('a').replace('"x-section"', '"__proto__":{"x":1},"x-section"'), says: '/properties/a/__proto__: is no keyword' },
    { name: 'a section __proto__', own: withProperty('a', { ...field, 'x-section': '__proto__' }), says: '/properties/a/x-section: must match pattern' },
    { name: 'a reference to __proto__', own: closure({ properties: { a: { $ref: '#/__proto__' } } }), says: '"#/__proto__" leads nowhere' },
    { name: 'a reference to constructor', own: closure({ properties: { a: { $ref: '#/properties/constructor' } } }), says: 'leads nowhere' },
    { name: 'a reference to itself', own: '{ "$ref": "#" }', says: 'it refers to itself without end' },
    { name: 'a pattern that looks ahead', own: withProperty('a', { ...field, pattern: '^(?=a)' }), says: '/properties/a/pattern: ' },
    { name: 'a pattern that refers back', own: withProperty('a', { ...field, pattern: '(a)\\1' }), says: '/properties/a/pattern: ' },
    { name: 'a pattern of a thousand thousands', own: withProperty('a', { ...field, pattern: '(a{1000}){1000}' }), says: '/properties/a/pattern: ' },
    { name: 'a schema that is computed', own: closure({ $async: true }), says: '/$async: is not read here' },
    { name: 'code among its words', own: withProperty('a', { ...field, 'x-code': 'A"]};process.exit()//' }), says: '/properties/a/x-code: must match pattern' },
    { name: 'a schema of more than 1 MiB', own: closure({ description: 'x'.repeat(1 << 20) }), says: 'own.json is larger than 1 MiB' },
  ])('$name is refused in its place', async ({ own, says }) => {
    const told = (await readOwn(own)).says;
    expect(told).toContain(says);
    expect(told).toMatch(/own\.json:\d+:\d+: |is larger/);
  });

  it('fifty files are read, and no more', async () => {
    const chain = Object.fromEntries(Array.from({ length: 60 }, (_empty, index) => [`${index}.json`, `{ "$ref": "${index + 1}.json" }`]));
    expect((await readOwn('{ "$ref": "0.json" }', chain)).says).toContain('is one too many: 50 are read');
  });

  it.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '^(.*a){12}$', '^(\\w+\\s?)+$', '(x+x+)+y'])('%s, which would hang JavaScript, is held against a hostile text', async (pattern) => {
    const { installation, says } = await readOwn(withProperty('a', { ...field, title: 'Ticket', pattern }));
    expect(says).toBe('');
    const { form, record } = readRecord(`## Impact\n\n- Ticket: ${'a'.repeat(50_000)}!\n`, 'UTC', installation!.form);
    expect(form.check('closure', record).map(({ keyword, instancePath }) => `${instancePath} ${keyword}`)).toContain('/a pattern');
  });
});
