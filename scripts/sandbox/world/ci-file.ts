import { parse } from 'yaml';
import { withDefaults, type Inputs, type InputSpec } from './ci-inputs.ts';
import { ruleThatHolds, type Rule } from './ci-rules.ts';
import { ConfigurationError } from './errors.ts';

/** A job that a pipeline has, and how long it is put off (ms). */
export type PlannedJob = { name: string; delayMs: number };

type Entry = { extends?: string | string[]; script?: unknown; rules?: Rule[]; when?: string; start_in?: string };
type CiFile = Record<string, unknown> & { workflow?: { rules?: Rule[] } };

const UNIT_MS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};
const NO_JOBS = ['default', 'include', 'stages', 'variables', 'workflow', 'image', 'services', 'cache'];

/**
 * The jobs of a pipeline by a CI file: inputs are checked against its header and put into its text, then the first rule of
 * each job that holds decides. Throws a ConfigurationError. Source: GitLab docs, ci/inputs, ci/yaml;
 * lib/gitlab/ci/config/interpolation/text_interpolator.rb.
 */
export function planJobs(
  text: string,
  given: Inputs,
  variables: Readonly<Record<string, string>>,
): { inputs: Inputs; jobs: PlannedJob[] } {
  const [first = '', ...rest] = text.split(/^---[ \t]*$/m);
  const header = rest.length > 0 ? (read(first) as { spec?: { inputs?: Record<string, InputSpec> } } | null) : null;
  const inputs = withDefaults(header?.spec?.inputs, given);
  const file = (read(interpolate(rest.length > 0 ? rest.join('---') : first, inputs)) ?? {}) as CiFile;
  const rule = file.workflow?.rules ? ruleThatHolds('workflow', file.workflow.rules, variables) : {};
  if (!rule || rule.when === 'never') return { inputs, jobs: [] };
  const names = Object.keys(file).filter((name) => !name.startsWith('.') && !NO_JOBS.includes(name));
  const jobs = names.flatMap((name) => planJob(name, whole(file, file[name] as Entry), variables));
  return { inputs, jobs };
}

function read(text: string): unknown {
  try {
    return parse(text, { logLevel: 'error' });
  } catch {
    throw new ConfigurationError('Invalid configuration format');
  }
}

/** Texts go in as they are, and all else as JSON. Functions of interpolation are not spoken here. */
function interpolate(text: string, inputs: Inputs): string {
  return text.replace(/\$\[\[\s*inputs\.(\w+)\s*\]\]/g, (_all, name: string) => {
    if (!Object.hasOwn(inputs, name)) throw new ConfigurationError(`unknown interpolation key: \`${name}\``);
    const value = inputs[name];
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

/** An entry with what it extends; its own keys come first. */
function whole(file: CiFile, entry: Entry): Entry {
  const bases = [entry.extends ?? []].flat().map((name) => whole(file, (file[name] ?? {}) as Entry));
  return Object.assign({}, ...bases, entry) as Entry;
}

/** None where no rule holds. A job that waits for a person's click is none that runs by itself. */
function planJob(name: string, entry: Entry, variables: Readonly<Record<string, string>>): PlannedJob[] {
  const rule = entry.rules ? ruleThatHolds(`jobs:${name}`, entry.rules, variables) : {};
  const when = rule?.when ?? entry.when ?? 'on_success';
  if (!rule || when === 'never' || when === 'manual') return [];
  if (when !== 'delayed') return [{ name, delayMs: 0 }];
  return [{ name, delayMs: durationOf(name, rule.start_in ?? entry.start_in) }];
}

/** A week at the most. Source: GitLab docs, ci/yaml, when, delayed; lib/gitlab/ci/config/entry/processable.rb. */
function durationOf(name: string, startIn = ''): number {
  const [, count, unit = ''] = /^(\d+)\s*(second|minute|hour|day|week)s?$/.exec(startIn) ?? [];
  const unitMs = UNIT_MS[unit];
  if (unitMs === undefined) throw new ConfigurationError(`jobs:${name} start in should be a duration`);
  const durationMs = Number(count) * unitMs;
  if (durationMs > 604_800_000) throw new ConfigurationError(`jobs:${name} start in should not exceed the limit`);
  return durationMs;
}
