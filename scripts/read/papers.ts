import { lstat, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { glob } from 'tinyglobby';
import { SetupError } from '../ci/errors.ts';
import { isSchema } from '../schema/tree.ts';
import { checkConfig, defaultInstallation, readConfig, type CheckedConfig, type Installation } from './config.ts';
import { repositoryOf } from './own-schemas.ts';
import { parseSource, type Mistake } from './source-file.ts';

/**
 * A file that was named: a description with the configuration it is read by, or a configuration with its mistakes; one
 * that has none is in force, and tells where in the file its options stand.
 */
export type Paper =
  | { kind: 'description'; file: string; text: string; installation: Installation }
  | { kind: 'config'; file: string; mistakes: Mistake[]; inForce?: InForce };

type InForce = Omit<Extract<CheckedConfig, { ok: true }>, 'ok'>;

/** The files that were named, read; `skipped` are those that are neither descriptions nor configurations. */
export type Papers = { papers: Paper[]; skipped: string[] };

/** What names files, and how else to read: `configPath` where one is named, `readStdin` for the name `-`. */
type Asked = { files: string[]; configPath: string | undefined; readStdin: () => Promise<string> };

const CONFIG_NAME = 'oncall.yml';
const LONGEST = 1_048_576;

/**
 * Reads the files, folders and globs that were named. Descriptions are read by the configuration named, else by the
 * nearest `oncall.yml` above them, else by our defaults. Throws a SetupError for what does not exist or is no text.
 */
export async function readPapers({ files, configPath, readStdin }: Asked): Promise<Papers> {
  if (files.length === 0)
    throw new SetupError('validate wants the names of files, or - for its input. --help tells more.');
  const installations = new Installations(configPath);
  const found = (await Promise.all(files.map(expand))).flat();
  if (found.length === 0) throw new SetupError(`There is nothing to check in ${files.join(', ')}.`);
  const papers: Paper[] = [];
  const skipped: string[] = [];
  for (const file of [...new Set(found.map((each) => path.normalize(each)))]) {
    const isNamed = files.some((named) => path.normalize(named) === file);
    const text = file === '-' ? await readStdin() : await readText(file);
    if (/\.(?:ya?ml|json)$/i.test(file)) {
      if (isConfig(file, text, isNamed)) papers.push(await configPaper(file, text));
      else skipped.push(file);
    } else {
      const installation = await installations.for(file === '-' ? 'description.md' : file);
      papers.push({ kind: 'description', file: file === '-' ? '<stdin>' : file, text, installation });
    }
  }
  return { papers, skipped };
}

/** The configurations that lie above files, each read once. */
class Installations {
  private readonly read = new Map<string, Promise<Installation>>();
  private readonly named: string | undefined;

  constructor(named: string | undefined) {
    this.named = named;
  }

  async for(file: string): Promise<Installation> {
    const config = this.named ?? (await nearestConfig(path.dirname(path.resolve(file))));
    if (config === undefined) return defaultInstallation();
    const shown = this.named ?? path.relative('', config);
    const known = this.read.get(config) ?? readConfig(shown);
    this.read.set(config, known);
    return known;
  }
}

async function nearestConfig(folder: string): Promise<string | undefined> {
  const candidate = path.join(folder, CONFIG_NAME);
  if (await isFile(candidate)) return candidate;
  const above = path.dirname(folder);
  return above === folder || repositoryOf(folder) === folder ? undefined : nearestConfig(above);
}

async function expand(named: string): Promise<string[]> {
  if (named === '-' || (await isFile(named))) return [named];
  const folder = await stat(named).catch(() => undefined);
  const pattern = folder ? '**/*.{md,markdown,txt,yml,yaml,json}' : named.replaceAll('\\', '/');
  const ignore = ['**/node_modules/**', '**/.git/**'];
  const inside = await glob([pattern], {
    cwd: folder ? named : '.',
    dot: true,
    ignore,
    expandDirectories: false,
    followSymbolicLinks: false,
  });
  if (inside.length === 0 && !folder) throw new SetupError(`There is no file ${JSON.stringify(named)}.`);
  const placed = inside.map((file) => (folder ? path.join(named, file) : file)).sort();
  const regular = await Promise.all(placed.map(async (file) => [file, (await lstat(file)).isFile()] as const));
  return regular.filter(([, isRegular]) => isRegular).map(([file]) => file);
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > LONGEST) throw new SetupError(`${file} is larger than 1 MiB, GitLab's limit for a description.`);
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (cause) {
    if (cause instanceof SetupError) throw cause;
    const reason =
      cause instanceof TypeError ? 'it is no UTF-8 text' : cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(`${file} cannot be read: ${reason}.`, { cause });
  }
}

/**
 * A YAML or JSON file is a configuration when somebody names it, when it is called so, or when it has sources; others
 * (schemas, records) that a search finds are not.
 */
function isConfig(file: string, text: string, isNamed: boolean): boolean {
  if (path.basename(file) === CONFIG_NAME) return true;
  if (isNamed && !/\.schema\.\w+$/i.test(file)) return true;
  const parsed = parseSource(text);
  return parsed.ok && isSchema(parsed.file.value) && 'sources' in parsed.file.value;
}

async function configPaper(file: string, text: string): Promise<Paper> {
  const checked = await checkConfig(file, text);
  if (!checked.ok) return { kind: 'config', file, mistakes: checked.mistakes };
  const { installation, placeOf } = checked;
  return { kind: 'config', file, mistakes: [], inForce: { installation, placeOf } };
}
