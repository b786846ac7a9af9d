import { readFile } from 'node:fs/promises';
import { SetupError } from '../ci/errors.ts';
import type { Source } from '../gitlab/port.ts';
import type { Fault } from '../schema/fault.ts';
import { OUR_FORM, type Form } from '../schema/form.ts';
import type { Config } from '../schema/types.gen.ts';
import { validate } from '../schema/validate.ts';
import { contradictionsIn, type Contradiction } from './contradictions.ts';
import { readMajorTemplate } from './major-template.ts';
import { readOwnSchemas } from './own-schemas.ts';
import { parseSource, type Mistake, type SourceFile } from './source-file.ts';
import { nearest } from './strays.ts';

/** A configuration, the form that records are held against (ours, or the project's own), and words of its own. */
export type Installation = Config & { form: Form; majorTemplate?: string; onCalls?: OnCalls };

/** A time in which one person is on call: ISO 8601 in UTC, the user name without its @. */
export type Stretch = { start: string; end: string; user: string };

/** Who is on call by PagerDuty, in the place of layers and overrides. */
export type OnCalls = Record<'engineers' | 'managers', Stretch[]>;

/** A configuration that was checked: in force, or all that is wrong with it and with the schemas that it names. */
export type CheckedConfig =
  { ok: true; installation: Installation; placeOf: SourceFile['placeOf'] } | { ok: false; mistakes: Mistake[] };

const MOST_TOLD = 50;
const MAJOR_TEMPLATE = '/major/template';

/** Reads and checks the configuration file. Throws a SetupError that names file, line and path of each mistake. */
export async function readConfig(path: string): Promise<Installation> {
  const checked = await checkConfig(path, await readText(path));
  if (checked.ok) return checked.installation;
  const mistakes = checked.mistakes.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
  throw new SetupError(`${[...new Set(mistakes)].join('; ')}. See docs/configuration.md.`);
}

/** Checks the text of a configuration file; `path` is where it lies, from where the schemas that it names are read. */
export async function checkConfig(path: string, text: string): Promise<CheckedConfig> {
  const parsed = parseSource(text);
  if (!parsed.ok)
    return { ok: false, mistakes: [{ file: path, ...parsed.place, code: 'YAML_INVALID', message: parsed.says }] };
  const { file } = parsed;
  const checked = validate('config', file.value);
  if (!checked.ok)
    return {
      ok: false,
      mistakes: told(telling(checked.faults), (fault) => toMistake(path, file, fault)),
    };
  const contradictions = contradictionsIn(checked.value);
  if (contradictions.length > 0)
    return { ok: false, mistakes: told(contradictions, (each) => contradicting(path, file, each)) };
  const { schemas } = checked.value;
  const isOurs = Object.keys(schemas).length === 0;
  const formed = isOurs ? { ok: true as const, form: OUR_FORM } : await readOwnSchemas(schemas, path, file);
  if (!formed.ok) return formed;
  const { template } = checked.value.major;
  const own =
    template === undefined ? undefined : await readMajorTemplate(path, template, file.placeOf(MAJOR_TEMPLATE));
  if (own?.ok === false) return { ok: false, mistakes: [own.mistake] };
  const words = own ? { majorTemplate: own.template } : {};
  return { ok: true, installation: { ...checked.value, form: formed.form, ...words }, placeOf: file.placeOf };
}

/** The configuration of a project that has none: everything at its default, nothing watched. */
export function defaultInstallation(): Installation {
  const checked = validate('config', { sources: [{ project: 1 }] });
  if (!checked.ok) throw new Error('the smallest configuration is refused by its own schema');
  return { ...checked.value, form: OUR_FORM };
}

/** The watched projects and groups, in the order of the file. */
export function sourcesOf(config: Config): Source[] {
  return config.sources.map(({ project, group }) =>
    project === undefined ? { kind: 'group', id: toId(group ?? '') } : toSource(project),
  );
}

/** A project as the configuration names it. */
function toSource(project: number | string): Source {
  return { kind: 'project', id: toId(project) };
}

/** The project that an option names, else the first of the sources that is one. */
export function projectOr(named: number | string | undefined, config: Config): Source | undefined {
  return named === undefined ? sourcesOf(config).find(({ kind }) => kind === 'project') : toSource(named);
}

/** The sources, and the projects that options name beside them. */
export function placesOf(named: readonly (number | string | undefined)[], config: Config): Source[] {
  const all = [...sourcesOf(config), ...named.flatMap((project) => (project === undefined ? [] : toSource(project)))];
  return [...new Map(all.map((place) => [`${place.kind} ${place.id}`, place])).values()];
}

function toId(id: number | string): number | string {
  return /^\d+$/.test(String(id)) ? Number(id) : id;
}

/** The mistake of a configured source that GitLab does not show us. */
export function sourceNotThere({ kind, id }: Source, cause?: unknown): SetupError {
  const cure = 'Correct sources in the configuration, or give the bot the role Developer there.';
  return new SetupError(`The ${kind} ${id} does not exist, or the bot may not see it. ${cure}`, { cause });
}

/** The mistake of a project that an option names and GitLab does not show us. */
export function projectNotThere(id: number | string, option: string, cause: unknown): SetupError {
  const cure = 'Correct it, or give the bot the role Developer there.';
  return new SetupError(`The project ${id} of ${option} does not exist, or the bot may not see it. ${cure}`, { cause });
}

/** The mistake of a place that GitLab does not show us: of a source, or of a project that an option names beside them. */
export function placeNotThere(place: Source, option: string, config: Config, cause: unknown): SetupError {
  const isSource = sourcesOf(config).some(({ kind, id }) => kind === place.kind && id === place.id);
  return isSource ? sourceNotThere(place, cause) : projectNotThere(place.id, option, cause);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(`The configuration cannot be read: ${reason}. Write one, or name it in WATCHKEEPER_CONFIG.`, {
      cause,
    });
  }
}

/** Where the faulty value stands (for a superfluous key, the key itself), and what is wrong with it. */
function toMistake(path: string, file: SourceFile, fault: Fault): Mistake {
  const extra = (fault.params as { additionalProperty?: string }).additionalProperty;
  const code = extra === undefined ? 'CONFIG_INVALID' : 'CONFIG_OPTION_UNKNOWN';
  return { file: path, ...file.placeOf(fault.instancePath, extra), code, message: explain(fault) };
}

function contradicting(path: string, file: SourceFile, { pointer, key, says }: Contradiction): Mistake {
  const message = `${pointer.slice(1).replaceAll('/', '.')} ${says}`;
  return { file: path, ...file.placeOf(pointer, key), code: 'CONFIG_INVALID', message };
}

/** One mistake is told once: an option too many in a list of one is named by its name. */
function telling(faults: readonly Fault[]): Fault[] {
  const named = faults
    .filter(({ keyword }) => keyword === 'additionalProperties')
    .map(({ instancePath }) => instancePath);
  return faults.filter(({ keyword, instancePath }) => keyword !== 'maxProperties' || !named.includes(instancePath));
}

/** Mistakes in the order of the file; of very many the first, since each is looked for in the file. */
function told<T>(faults: readonly T[], toMistakeOf: (fault: T) => Mistake): Mistake[] {
  const mistakes = faults.slice(0, MOST_TOLD).map(toMistakeOf).sort(inFileOrder);
  const more = faults.length - mistakes.length;
  const [last] = mistakes.slice(-1);
  return last && more > 0
    ? [...mistakes, { ...last, message: `${more} more mistakes are not told; mend these first` }]
    : mistakes;
}

function inFileOrder(a: Mistake, b: Mistake): number {
  return a.line - b.line || a.column - b.column;
}

function explain({ instancePath, keyword, message, params, refusedBy, known = [] }: Fault): string {
  const where = instancePath === '' ? 'the file' : instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'additionalProperties') {
    const { additionalProperty: given } = params as { additionalProperty: string };
    const meant = nearest(given, known);
    const hint = meant === undefined ? `; it has ${known.join(', ')}` : `; did you mean ${JSON.stringify(meant)}?`;
    return `${where} has no option ${JSON.stringify(given)}${hint}`;
  }
  if (keyword === 'enum')
    return `${where} must be one of ${(params as { allowedValues: unknown[] }).allowedValues.join(', ')}`;
  const { format } = params as { format?: string };
  const [example] = (refusedBy as { examples?: unknown[] } | undefined)?.examples ?? [];
  const such = example === undefined ? '' : `, such as ${JSON.stringify(example)}`;
  return `${where} ${(keyword === 'format' && FORMATS[format ?? '']) || message + such}`;
}

/** What a value must be, where the name of its format says too little. */
const FORMATS: Readonly<Record<string, string>> = {
  'gitlab-user': 'must be a user name such as "@lea", in quotes',
  'gitlab-reference': 'must be a reference such as "#12" or "group/project#12", in quotes',
  'time-zone': 'must be a time zone such as Europe/Berlin',
  'date-time': 'must be a time such as 2026-11-20T02:07:00Z',
  date: 'must be a day such as 2026-12-31',
};
