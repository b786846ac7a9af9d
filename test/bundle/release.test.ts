import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRelease } from '../../scripts/build/bundle.ts';
import { licencesOf, packagesIn } from '../../scripts/build/packages.ts';
import { FILE } from '../support/bundle.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SCHEMAS = `${ROOT}node_modules/@cyclonedx/cyclonedx-library/res/schema`;

type Bill = { components: { name: string; group?: string; version: string; licenses: object[] }[]; serialNumber: string };

const made: string[] = [];
let release: Awaited<ReturnType<typeof makeRelease>>;

beforeAll(async () => {
  release = await makeRelease();
});

afterAll(async () => {
  await Promise.all(made.map((folder) => rm(folder, { recursive: true })));
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(`${ROOT}node_modules/.twin-`);
  made.push(folder);
  return folder;
}

/** Another checkout, with the packages that are inside; they may lie in `node_modules` of this one, which is in no commit. */
async function twin(): Promise<string> {
  const folder = await newFolder();
  const inside = release.bundle.parts.flatMap(({ inputs }) => Object.keys(inputs)).filter((file) => file.includes('node_modules/'));
  const packages = new Set(inside.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? ''));
  const needed = ['scripts', 'schemas', 'templates', 'package.json', 'package-lock.json', 'LICENSE', ...packages];
  // What lies in a package beside its programs is large.
  const filter = (file: string): boolean => !/\/echarts\/(?:dist|types)$|\.map$/.test(file.slice(ROOT.length));
  for (const file of needed) await cp(path.join(ROOT, file), path.join(folder, file), { recursive: true, filter });
  return folder;
}

describe('a release', () => {
  it('has the same bytes wherever it is made, and says nothing of where', async () => {
    const other = await makeRelease(await twin());
    expect(other.files['watchkeeper.cdx.json']).toBe(release.files['watchkeeper.cdx.json']);
    expect(other.bundle.text === release.bundle.text).toBe(true);
    expect((await readFile(FILE, 'utf8')) === release.bundle.text).toBe(true);
    for (const text of Object.values(release.files)) expect(text.includes(ROOT)).toBe(false);
  });

  it('has the digest of the file, as sha256sum writes it', () => {
    const digest = createHash('sha256').update(release.bundle.text).digest('hex');
    expect(release.files['watchkeeper.cjs.sha256']).toBe(`${digest}  watchkeeper.cjs\n`);
  });

  it('has a bill of materials that CycloneDX knows as its own', async () => {
    const read = async (name: string): Promise<object> => JSON.parse(await readFile(`${SCHEMAS}/${name}.SNAPSHOT.schema.json`, 'utf8')) as object;
    const ajv = new Ajv({ strict: false, allErrors: true });
    formats.default(ajv);
    for (const format of ['iri-reference', 'idn-email']) ajv.addFormat(format, true);
    for (const name of ['spdx', 'jsf-0.82']) ajv.addSchema(await read(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
    const isBill = ajv.compile(await read('bom-1.6'));
    const bill = JSON.parse(release.files['watchkeeper.cdx.json'] ?? '') as Bill;
    expect([isBill(bill), isBill.errors]).toEqual([true, null]);
    expect(isBill({ ...bill, serialNumber: 'urn:uuid:none' })).toBe(false);
    expect(bill.components).toContainEqual(expect.objectContaining({ group: '@gitbeaker', name: 'core', licenses: [{ license: { id: 'MIT' } }] }));
  });

  it('names every package that is inside, with its licence, in both', () => {
    const bill = JSON.parse(release.files['watchkeeper.cdx.json'] ?? '') as Bill;
    const named = new Set(bill.components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name} ${version}`));
    const inside = new Set(release.bundle.packages.map(({ name, version }) => `${name} ${version}`));
    expect(named).toEqual(inside);
    for (const name of inside) expect(release.bundle.text).toContain(`\n${name} (`);
    expect([...inside].filter((name) => /^(?:ajv|yaml|handlebars|echarts|zrender|markdown-it|re2js) /.test(name))).toHaveLength(7);
    // What is only there to be tested with, or never called, is not.
    expect([...inside].filter((name) => /vitest|esbuild|rate-limiter|typescript/.test(name))).toEqual([]);
  });

  it('is not made of a package that says nothing of its licence', async () => {
    const root = await newFolder();
    const folder = 'node_modules/nameless';
    await cp(`${ROOT}test/bundle/nameless`, path.join(root, folder), { recursive: true });
    const part = { name: 'a', code: '', inputs: { [`${folder}/index.js`]: 1 } };
    await expect(packagesIn(root, [part])).rejects.toThrow('node_modules/nameless does not say under which licence it is');
  });

  it('says so where a package has no text of its licence', () => {
    const bare = { folder: '', name: 'bare', version: '1.0.0', licence: 'ISC', texts: [], dependencies: [] };
    expect(licencesOf([bare], 'MIT')).toContain('bare 1.0.0 (ISC)\n\n(The package has no text of its licence; its package.json says: ISC.)');
  });
});
