import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Part } from './parts.ts';

/** A package of which something is inside the bundle: where it lies, what it says of itself, and the texts of its licence. */
export type Package = {
  folder: string;
  name: string;
  version: string;
  licence: string;
  texts: string[];
  dependencies: string[];
};

type Manifest = {
  name: string;
  version: string;
  license?: string | { type?: string };
  dependencies?: Record<string, string>;
};

/** The packages inside, in the order of their names. Throws where one says nothing of its licence. */
export async function packagesIn(root: string, parts: readonly Part[]): Promise<Package[]> {
  const inside = parts.flatMap(({ inputs }) => Object.keys(inputs).filter((file) => (inputs[file] ?? 0) > 0));
  const folders = inside.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
  const packages = await Promise.all([...new Set(folders)].map((folder) => readPackage(root, folder)));
  return packages.sort((a, b) => compare(a.name, b.name) || compare(a.folder, b.folder));
}

/** By code units, so that the order is the same on all machines. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function readPackage(root: string, folder: string): Promise<Package> {
  const at = path.join(root, folder);
  const manifest = JSON.parse(await readFile(path.join(at, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license, dependencies = {} } = manifest;
  const files = (await readdir(at))
    .filter((file) => /^(?:licen[cs]e|copying|notice)(?:[.-]|$)/i.test(file))
    .sort(compare);
  const texts = await Promise.all(files.map((file) => readFile(path.join(at, file), 'utf8')));
  const said = typeof license === 'string' ? license : (license?.type ?? '');
  if (said === '')
    throw new Error(
      `${folder} does not say under which licence it is: it cannot be in the bundle before that is known.`,
    );
  return { folder, name, version, licence: said, texts, dependencies: Object.keys(dependencies) };
}

/** The licences of all packages, one after the other. */
export function licencesOf(packages: readonly Package[], own: string): string {
  const blocks = packages.map(({ name, version, licence, texts }) => {
    const none = `(The package has no text of its licence; its package.json says: ${licence}.)`;
    const words = texts.length === 0 ? none : texts.map((text) => text.replaceAll('\r', '').trim()).join('\n\n');
    return `${name} ${version} (${licence})\n\n${words}`;
  });
  return [`Watchkeeper\n\n${own.trim()}`, 'It has parts of these packages inside:', ...blocks].join(RULE);
}

const RULE = `\n\n${'-'.repeat(72)}\n\n`;
