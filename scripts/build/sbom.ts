import { createHash } from 'node:crypto';
import type { Package } from './packages.ts';

/** What package-lock.json says of a package, as far as it is told here. */
type Locked = { integrity?: string };

/** What is told of: the one file, its version, what is inside, and what package-lock.json says of that. */
export type Told = {
  text: string;
  version: string;
  packages: readonly Package[];
  lock: Readonly<Partial<Record<string, Locked>>>;
};

/**
 * What the bundle is made of, as CycloneDX 1.6 has it. It says nothing of when or where it was made, and its serial number
 * comes from the bundle, so that one commit has one bill. Source: CycloneDX specification, JSON reference v1.6.
 */
export function billOf({ text, version, packages, lock }: Told): object {
  const digest = createHash('sha256').update(text).digest('hex');
  const self = `pkg:npm/watchkeeper@${version}`;
  const refOf = new Map(packages.map((each) => [each.folder, purlOf(each)]));
  // A package may lie in several folders.
  const once = [...new Map(packages.map((each) => [purlOf(each), each])).values()];
  return {
    ...{ $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json', bomFormat: 'CycloneDX', specVersion: '1.6' },
    ...{ serialNumber: `urn:uuid:${toUuid(digest)}`, version: 1 },
    metadata: {
      component: {
        ...{ type: 'application', 'bom-ref': self, name: 'watchkeeper', version, purl: self },
        ...{ licenses: [{ license: { id: 'MIT' } }], hashes: [{ alg: 'SHA-256', content: digest }] },
      },
    },
    components: once.map((each) => toComponent(each, lock[each.folder])),
    dependencies: [
      { ref: self, dependsOn: [...new Set(refOf.values())] },
      ...once.map((each) => ({ ref: purlOf(each), dependsOn: dependenciesOf(each, refOf) })),
    ],
  };
}

function toComponent(each: Package, locked: Locked | undefined): object {
  const [, group, name = each.name] = /^(@[^/]+)\/(.+)$/.exec(each.name) ?? [];
  const [algorithm, sum] = (locked?.integrity ?? '').split('-');
  const hashes =
    algorithm === 'sha512' && sum ? [{ alg: 'SHA-512', content: Buffer.from(sum, 'base64').toString('hex') }] : [];
  return {
    ...{ type: 'library', 'bom-ref': purlOf(each), ...(group ? { group } : {}), name, version: each.version },
    ...(hashes.length > 0 ? { hashes } : {}),
    licenses: [/^[\w.+-]+$/.test(each.licence) ? { license: { id: each.licence } } : { expression: each.licence }],
    purl: purlOf(each),
  };
}

/** Source: package-url/purl-spec, types/npm: the @ of a scope is percent-encoded. */
function purlOf({ name, version }: Package): string {
  return `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
}

/** Those of its dependencies that are inside: each is looked for in its own folder, then in those above, as Node does. */
function dependenciesOf({ folder, dependencies }: Package, refOf: ReadonlyMap<string, string>): string[] {
  const above = folder
    .split('/node_modules/')
    .map((_, index, all) => all.slice(0, all.length - index).join('/node_modules/'));
  const places = [...above.map((at) => `${at}/node_modules`), 'node_modules'];
  const found = dependencies.flatMap((name) => places.map((at) => refOf.get(`${at}/${name}`)).find(Boolean) ?? []);
  return [...new Set(found)].sort();
}

/** A digest as a UUID of version 8, which is for such uses. Source: RFC 9562, 5.8. */
function toUuid(digest: string): string {
  const [, a, b, c, d, e] = /^(.{8})(.{4}).(.{3}).(.{3})(.{12})/.exec(digest) ?? [];
  return `${a}-${b}-8${c}-8${d}-${e}`;
}
