import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Form, Role } from '../schema/form.ts';
import type { Schema } from '../schema/schemas.ts';
import { formFrom } from '../schema/soundness.ts';
import { everyPart, isSchema } from '../schema/tree.ts';
import { parseSource, type Mistake, type Place, type SourceFile } from './source-file.ts';

/** The form that a project's own schemas make, or all that is wrong with them. */
type Read = { ok: true; form: Form } | { ok: false; mistakes: Mistake[] };

type Loaded = { file: string; source: SourceFile; schema: Schema };

const MOST_FILES = 50;
const LONGEST = 1_048_576;
const CODE = 'SCHEMA_FILE_INVALID';

/**
 * Reads the schemas that a configuration names, and the files to which these refer: JSON or YAML files of the repository
 * (the folder with `.git` above the configuration, else the configuration's own folder), never outside it, never a URL.
 */
export async function readOwnSchemas(
  schemas: Partial<Record<Role, string>>,
  configPath: string,
  config: SourceFile,
): Promise<Read> {
  const folder = await realpath(path.dirname(configPath));
  const loader = new Loader(repositoryOf(folder), (file) =>
    path.join(path.dirname(configPath), path.relative(folder, file)),
  );
  const roles: Partial<Record<Role, Loaded>> = {};
  for (const [role, written] of Object.entries(schemas) as [Role, string][]) {
    const place = { file: configPath, ...config.placeOf(`/schemas/${role}`) };
    const loaded = await loader.load(written, folder, place);
    if (loaded) roles[role] = loaded;
  }
  if (loader.mistakes.length > 0) return { ok: false, mistakes: loader.mistakes };
  const files = [...loader.loaded.values()];
  const inRole = Object.fromEntries(Object.entries(roles).map(([role, { schema }]) => [role, schema]));
  const formed = formFrom({ roles: inRole, others: files.map(({ schema }) => schema) });
  if (formed.ok) return formed;
  const mistakes = formed.flaws.map(({ id, pointer, says }) => {
    const found = files.find(({ schema }) => schema['$id'] === id) ?? files[0];
    const place = found?.source.placeOf(pointer) ?? { line: 1, column: 1 };
    return {
      file: found?.file ?? configPath,
      ...place,
      code: CODE,
      message: `${pointer === '' ? '/' : pointer}: ${says.replace(/\.$/, '')}`,
    };
  });
  return { ok: false, mistakes: [...new Map(mistakes.map((one) => [JSON.stringify(one), one])).values()] };
}

/** The folder with `.git` above a folder, else the folder itself. */
export function repositoryOf(folder: string): string {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.git'))) return at;
    if (path.dirname(at) === at) return folder;
  }
}

/** Why a file cannot be a schema of the project, and where that is to be mended. */
class Refused extends Error {
  readonly place: Place & { file: string };

  constructor(message: string, place: Place & { file: string }) {
    super(message);
    this.place = place;
  }
}

class Loader {
  readonly loaded = new Map<string, Loaded>();
  readonly mistakes: Mistake[] = [];
  private readonly root: string;
  private readonly show: (file: string) => string;

  /** `root` is what files may not lie outside of; `show` gives the path by which people know a file. */
  constructor(root: string, show: (file: string) => string) {
    this.root = root;
    this.show = show;
  }

  /** Loads a file and all that it refers to; `asked` is where it is named. What is wrong with it joins the mistakes. */
  async load(written: string, folder: string, asked: Place & { file: string }): Promise<Loaded | undefined> {
    try {
      const file = await this.find(written, folder, asked);
      return this.loaded.get(file) ?? (await this.take(file, asked));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.mistakes.push({ ...error.place, code: CODE, message: error.message });
      return undefined;
    }
  }

  private async find(written: string, folder: string, asked: Place & { file: string }): Promise<string> {
    const shown = JSON.stringify(written);
    if (/^[a-z][a-z0-9+.-]+:/i.test(written))
      throw new Refused(`${shown} is an address: schemas are never fetched, put the file into the repository`, asked);
    const file = await realpath(path.resolve(folder, written)).catch(() => undefined);
    if (file === undefined)
      throw new Refused(`${shown} does not exist. Paths are read from the file in which they stand`, asked);
    if (path.isAbsolute(written) || !isInside(this.root, file))
      throw new Refused(`${shown} lies outside the repository`, asked);
    return file;
  }

  private async take(file: string, asked: Place & { file: string }): Promise<Loaded> {
    const shown = this.show(file);
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      throw new Refused(`${shown} cannot be read: ${error instanceof Error ? error.message : String(error)}`, asked);
    });
    if (text.length > LONGEST) throw new Refused(`${shown} is larger than 1 MiB`, asked);
    if (this.loaded.size >= MOST_FILES) throw new Refused(`${shown} is one too many: ${MOST_FILES} are read`, asked);
    const parsed = parseSource(text);
    if (!parsed.ok) throw new Refused(parsed.says, { file: shown, ...parsed.place });
    const { file: source } = parsed;
    const { value } = source;
    if (!isSchema(value))
      throw new Refused('is no schema: a JSON Schema is an object', { file: shown, line: 1, column: 1 });
    const said = saidOfItself(value) ?? this.twinOf(value);
    if (said) throw new Refused(said.says, { file: shown, ...source.placeOf(said.pointer) });
    const loaded: Loaded = { file: shown, source, schema: { ...value, $id: this.idFor(file, value) } };
    this.loaded.set(file, loaded);
    loaded.schema = (await this.withFiles(loaded.schema, file, loaded)) as Schema;
    return loaded;
  }

  private twinOf({ $id: id }: Schema): { pointer: string; says: string } | undefined {
    const twin = [...this.loaded.values()].find(({ schema }) => schema['$id'] === id);
    return twin && { pointer: '/$id', says: `/$id: ${twin.file} has the same $id. Give each its own` };
  }

  private idFor(file: string, { $id: own }: Schema): string {
    return typeof own === 'string'
      ? own
      : `urn:own:${path.relative(this.root, file).split(path.sep).map(encodeURIComponent).join('/')}`;
  }

  /** The schema with references to files replaced by references to their ids. */
  private async withFiles(schema: Schema, file: string, { file: shown, source }: Loaded): Promise<unknown> {
    const ids = new Map<string, string>();
    for (const { pointer, part } of everyPart(schema)) {
      const { $ref: ref } = part;
      if (typeof ref !== 'string' || /^(?:#|[a-z][a-z0-9+.-]+:)/i.test(ref)) continue;
      const [written = ''] = ref.split('#');
      const target = await this.load(written, path.dirname(file), {
        file: shown,
        ...source.placeOf(`${pointer}/$ref`),
      });
      if (target) ids.set(ref, String(target.schema['$id']) + ref.slice(written.length));
    }
    return ids.size === 0 ? schema : replaceRefs(schema, ids);
  }
}

/** Whether a file lies in a folder, and not in its `.git`; both are real paths. */
export function isInside(folder: string, file: string): boolean {
  const way = path.relative(folder, file);
  return way !== '' && !/^\.\.(?:$|[\\/])/.test(way) && !path.isAbsolute(way) && !way.split(path.sep).includes('.git');
}

/** What a schema may not say of itself. */
function saidOfItself({ $id: id, $schema: dialect }: Schema): { pointer: string; says: string } | undefined {
  if (id !== undefined && (typeof id !== 'string' || !/^(?:urn:[a-z0-9][a-z0-9-]+:|https?:\/\/)[^\s#]+$/i.test(id))) {
    return { pointer: '/$id', says: '/$id: is no id such as urn:TEAM:NAME. Write one, or leave it out' };
  }
  if (id?.startsWith('urn:watchkeeper:')) {
    return { pointer: '/$id', says: '/$id: ids that begin with urn:watchkeeper: are ours. Choose another, or none' };
  }
  const known = 'https://json-schema.org/draft/2020-12/schema';
  if (dialect !== undefined && dialect !== known)
    return { pointer: '/$schema', says: `/$schema: only ${known} is read` };
  return undefined;
}

function replaceRefs(node: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(node)) return node.map((inner) => replaceRefs(inner, ids));
  if (!isSchema(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? (ids.get(value) ?? value) : replaceRefs(value, ids),
    ]),
  );
}
