import { ConfigurationError } from './errors.ts';

/** What a CI file says of an input. Source: GitLab docs, ci/inputs; lib/ci/pipeline_creation/inputs. */
export type InputSpec = { type?: string; default?: unknown; options?: unknown[]; regex?: string } | null;

export type Inputs = Record<string, unknown>;

const TYPES: Readonly<Record<string, { name: string; fits: (value: unknown) => boolean }>> = {
  string: { name: 'a string', fits: (value) => typeof value === 'string' },
  number: { name: 'a number', fits: (value) => typeof value === 'number' },
  boolean: { name: 'a boolean', fits: (value) => typeof value === 'boolean' },
  array: { name: 'an array', fits: Array.isArray },
};

/**
 * Texts that read as JSON are taken for what they say, so that forms can give numbers, and a text that looks like a number
 * is no text any more. Source: lib/ci/pipeline_creation/inputs.rb, parse_params.
 */
export function readInputs(given: unknown): Inputs {
  return Object.fromEntries(Object.entries(given ?? {}).map(([name, value]) => [name, fromText(value)]));
}

function fromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/**
 * The inputs of a pipeline with the defaults of its CI file. Throws the errors that GitLab joins into one.
 * Source: lib/gitlab/ci/config/interpolation/interpolator.rb, inputs.rb; lib/ci/pipeline_creation/inputs/base_input.rb.
 */
export function withDefaults(specs: Record<string, InputSpec> | undefined, given: Inputs): Inputs {
  if (!specs) {
    if (Object.keys(given).length === 0) return {};
    throw new ConfigurationError('Given inputs not defined in the `spec` section of the included configuration file');
  }
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(specs, name));
  const errors = unknown.length > 0 ? [`unknown input arguments: ${unknown.join(', ')}`] : [];
  for (const [name, spec] of Object.entries(specs)) {
    errors.push(...faultsOf(spec ?? {}, given[name]).map((says) => `\`${name}\` input: ${says}`));
  }
  if (errors.length > 0) throw new ConfigurationError(errors.slice(0, 3).join(', '));
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, given[name] ?? spec?.default]));
}

function faultsOf(spec: NonNullable<InputSpec>, value: unknown): string[] {
  const isGiven = value !== undefined && value !== null;
  if (!('default' in spec))
    return isGiven ? faultsOfValue(spec, value, 'provided') : ['required value has not been provided'];
  return [...faultsOfValue(spec, spec.default, 'default'), ...(isGiven ? faultsOfValue(spec, value, 'provided') : [])];
}

function faultsOfValue(
  { type = 'string', options, regex }: NonNullable<InputSpec>,
  value: unknown,
  which: string,
): string[] {
  const wanted = TYPES[type];
  const isListed = !options || options.includes(value);
  const isMatched = regex === undefined || typeof value !== 'string' || new RegExp(regex).test(value);
  return [
    wanted?.fits(value) ? '' : `${which} value is not ${wanted?.name ?? `of a known type`}`,
    isListed ? '' : `\`${String(value)}\` cannot be used because it is not in the list of allowed options`,
    isMatched ? '' : `${which} value does not match required RegEx pattern`,
  ].filter((says) => says !== '');
}
