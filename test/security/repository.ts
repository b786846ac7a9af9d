import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { SetupError } from '../../scripts/ci/errors.ts';
import { readConfig, type Installation } from '../../scripts/read/config.ts';

/** The smallest configuration. */
export const SMALL = 'sources: [{ project: 42 }]\n';
/** Stands in all that lies outside the repository. */
export const SECRET = 'zebra-secret';

export type Files = Record<string, string>;

/** A repository `project` with these files, beside it `outside` with secrets; links are `[at, to]`, both read from `project`. */
export async function place(files: Files, links: [string, string][] = []): Promise<string> {
  const around = await mkdtemp(path.join(tmpdir(), 'hostile-'));
  const root = path.join(around, 'project');
  const all: Files = {
    'oncall.yml': SMALL,
    '.git/config': SECRET,
    '../outside/own.json': `{ "${SECRET}": true }`,
    '../outside/oncall.yml': `${SMALL}${SECRET}: 1\n`,
    '../project-twin/own.json': '{}',
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  for (const [at, to] of links) await symlink(path.relative(path.dirname(path.join(root, at)), path.join(root, to)), path.join(root, at));
  return root;
}

/** Every file of a folder with what it says. */
async function everythingIn(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.sort().map(async (file) => [file, await readFile(file, 'utf8')] as const)));
}

/** What reading a configuration gives: the installation, or the words of a setup error. */
export type Told = { installation?: Installation; says: string };

/** Reads a configuration. Nothing but a setup error may be thrown, and nothing may change on the disk or in JavaScript. */
export async function read(root: string, file = 'oncall.yml'): Promise<Told> {
  const [before, builtIn] = [await everythingIn(path.dirname(root)), Object.getOwnPropertyNames(Object.prototype).join()];
  try {
    const installation = await readConfig(path.join(root, file));
    return { installation, says: '' };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return { says: error.message };
  } finally {
    expect(await everythingIn(path.dirname(root))).toEqual(before);
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(builtIn);
  }
}
