import type { Inputs } from './ci-inputs.ts';
import { ruleThatHolds, type Rule } from './ci-rules.ts';
import { readCiText, type CiContent } from './ci-text.ts';
import { ConfigurationError } from './errors.ts';

/** A job that a pipeline has, and how long it is put off (ms). */
export type PlannedJob = { name: string; delayMs: number };

type Entry = { extends?: string | string[]; script?: unknown; rules?: Rule[]; when?: string; start_in?: string };
type CiFile = CiContent & { workflow?: { rules?: Rule[] } };

const UNIT_MS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};
const NO_JOBS = ['default', 'include', 'stages', 'variables', 'workflow', 'image', 'services', 'cache'];

/**
 * The jobs of a pipeline by a CI file and what it includes, which `complete` puts in: the first rule of each job that holds
 * decides. Throws a ConfigurationError. Source: GitLab docs, ci/inputs, ci/yaml.
 */
export function planJobs(
  text: string,
  given: Inputs,
  variables: Readonly<Record<string, string>>,
  complete: (content: CiContent) => CiContent,
): { inputs: Inputs; jobs: PlannedJob[] } {
  const { inputs, content } = readCiText(text, given);
  const file = complete(content) as CiFile;
  const rule = file.workflow?.rules ? ruleThatHolds('workflow', file.workflow.rules, variables) : {};
  if (!rule || rule.when === 'never') return { inputs, jobs: [] };
  const names = Object.keys(file).filter((name) => !name.startsWith('.') && !NO_JOBS.includes(name));
  const jobs = names.flatMap((name) => planJob(name, whole(file, name), variables));
  return { inputs, jobs };
}

/** An entry with what it extends; its own keys come first. Source: lib/gitlab/ci/config/extendable/entry.rb. */
function whole(file: CiFile, name: string): Entry {
  const entry = file[name] as Entry;
  const names = [entry.extends ?? []].flat();
  const unknown = names.filter((base) => file[base] === undefined);
  if (unknown.length > 0) throw new ConfigurationError(`${name}: unknown keys in \`extends\` (${unknown.join(', ')})`);
  return Object.assign({}, ...names.map((base) => whole(file, base)), entry) as Entry;
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
