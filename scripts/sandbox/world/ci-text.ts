import { parse } from 'yaml';
import { withDefaults, type Inputs, type InputSpec } from './ci-inputs.ts';
import { ConfigurationError } from './errors.ts';

/** What stands in a CI file below its header, by key. */
export type CiContent = Record<string, unknown>;

/**
 * Reads a CI file: inputs are checked against its header and put into its text, before that is read. Throws a
 * ConfigurationError. Source: GitLab docs, ci/inputs; lib/gitlab/ci/config/interpolation/text_interpolator.rb.
 */
export function readCiText(text: string, given: Inputs): { inputs: Inputs; content: CiContent } {
  const [first = '', ...rest] = text.split(/^---[ \t]*$/m);
  const header = rest.length > 0 ? (read(first) as { spec?: { inputs?: Record<string, InputSpec> } } | null) : null;
  const inputs = withDefaults(header?.spec?.inputs, given);
  const body = rest.length > 0 ? rest.join('---') : first;
  return { inputs, content: (read(interpolate(body, inputs)) ?? {}) as CiContent };
}

/** What was read last, by its text: pipelines by the thousand read the same files, and change nothing in them. */
const known = new Map<string, unknown>();
const MOST_KNOWN = 64;

function read(text: string): unknown {
  const found = known.get(text) ?? parsed(text);
  known.delete(text);
  known.set(text, found);
  const [oldest] = known.keys();
  if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
  return found;
}

function parsed(text: string): unknown {
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
