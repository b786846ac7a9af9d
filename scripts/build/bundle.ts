import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { layOut } from './layout.ts';
import { licencesOf, packagesIn, type Package } from './packages.ts';
import { partsOf, type Part } from './parts.ts';
import { billOf, type Told } from './sbom.ts';
import { seams } from './seams.ts';

/** The doors of the bundle: `scripts/NAME.ts` each. */
const DOORS = [
  'on-event',
  'sweep',
  'shift',
  'report',
  'check-merge-request',
  'validate',
  'roster',
  'setup',
  'rehearse',
];

/** The name of the one file. */
export const BUNDLE = 'watchkeeper.cjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The text of the bundle, the parts and packages that are inside, and its version. */
export type Bundle = { text: string; parts: Part[]; packages: Package[]; version: string };

/** Makes the one file of the folder of a checkout, where its dependencies are installed. */
async function makeBundle(root = ROOT): Promise<Bundle> {
  const read = (file: string): Promise<string> => readFile(path.join(root, file), 'utf8');
  const { version } = JSON.parse(await read('package.json')) as { version: string };
  const files = DOORS.map((door) => `scripts/${door}.ts`);
  const parts = await partsOf(root, files, seams(root));
  const packages = await packagesIn(root, parts);
  const helps = await Promise.all(files.map(async (file) => helpIn(file, await read(file))));
  const known = { VERSION: version, DOORS: Object.fromEntries(DOORS.map((door, index) => [door, helps[index]])) };
  const bodies = parts.map(({ name, code }) => ({ name, body: code }));
  const licences = { name: 'licences', body: licencesOf(packages, await read('LICENSE')) };
  return {
    text: await layOut(await read('scripts/build/shell.ts'), known, [...bodies, licences]),
    parts,
    packages,
    version,
  };
}

/** Writes the bundle alone into a folder, and gives its path. */
export async function writeBundle(folder: string): Promise<string> {
  const file = path.join(folder, BUNDLE);
  const { text } = await makeBundle();
  await mkdir(folder, { recursive: true });
  await writeFile(file, text);
  return file;
}

/** All files of a release by their names: the bundle, its digest as sha256sum writes it, and what it is made of. */
export async function makeRelease(root = ROOT): Promise<{ bundle: Bundle; files: Record<string, string> }> {
  const bundle = await makeBundle(root);
  const lock = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')) as { packages: Told['lock'] };
  const digest = createHash('sha256').update(bundle.text).digest('hex');
  const bill = billOf({ ...bundle, lock: lock.packages });
  const files = {
    [BUNDLE]: bundle.text,
    [`${BUNDLE}.sha256`]: `${digest}  ${BUNDLE}\n`,
    'watchkeeper.cdx.json': `${JSON.stringify(bill, null, 2)}\n`,
  };
  return { bundle, files };
}

/** What a door does: the first of what the help in its source says. */
function helpIn(file: string, source: string): string {
  const [, help] = /^const help =\s{0,9}['"`]([^'"`]{3,300}?)[.:;](?:\s|['"`])/m.exec(source) ?? [];
  if (help === undefined) throw new Error(`${file} has no help: write it as \`const help = '...'\`.`);
  return help.replaceAll('\n', ' ');
}
