import type { Inputs } from './ci-inputs.ts';
import { findComponent, placeOf, textOf, type Included, type Place, type Reach } from './ci-places.ts';
import { ruleThatHolds, type Rule } from './ci-rules.ts';
import { readCiText, type CiContent } from './ci-text.ts';
import { ConfigurationError } from './errors.ts';

type Include = Record<string, unknown> & { inputs?: Inputs; rules?: Rule[] };
type Count = { files: number };

const KINDS = ['local', 'project', 'remote', 'template', 'artifact', 'component'] as const;
type Kind = (typeof KINDS)[number];
const MOST_FILES = 150;

/**
 * A CI file with all that it includes, theirs too: in their order, and what stands in the file itself goes before. Throws
 * a ConfigurationError in GitLab's words. Source: GitLab docs, ci/yaml/includes; lib/gitlab/ci/config/external/mapper.rb,
 * file/*.rb. Not spoken here: wildcards.
 */
export function withIncludes(content: CiContent, place: Place, reach: Reach, count: Count = { files: 0 }): CiContent {
  const { include, ...own } = content;
  const includes = [include ?? []].flat().map((each) => expanded(each, reach.variables));
  const wanted = includes.filter(({ rules }) => !rules || ruleThatHolds('include', rules, reach.variables));
  const contents = wanted.flatMap((each) => {
    return filesOf(each, place, reach).map(({ location, text, place: there }) => {
      count.files += 1;
      if (count.files > MOST_FILES)
        throw new ConfigurationError(`Maximum of ${MOST_FILES} nested includes are allowed!`);
      return withIncludes(contentOf(location, text, each.inputs ?? {}), there, reach, count);
    });
  });
  return [...contents, own].reduce<CiContent>(merged, {});
}

function contentOf(location: string, text: string, inputs: Inputs): CiContent {
  try {
    return readCiText(text, inputs).content;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(`\`${location}\`: ${error.message}`);
  }
}

/** The files that one include names. */
function filesOf(include: Include, place: Place, reach: Reach): Included[] {
  const kinds = KINDS.filter((kind) => include[kind] !== undefined);
  const [kind] = kinds;
  const subkeys = `\`${KINDS.join('`, `')}\``;
  if (kind === undefined)
    throw new ConfigurationError(
      `\`${JSON.stringify(include)}\` does not have a valid subkey for include. Valid subkeys are: ${subkeys}`,
    );
  if (kinds.length > 1) throw new ConfigurationError(`Each include must use only one of: ${subkeys}`);
  const named = kind === 'project' ? include['file'] : include[kind];
  return [named].flat().map((each) => {
    if (typeof each !== 'string')
      throw new ConfigurationError(`Included file \`${String(each)}\` needs to be a string`);
    if (kind === 'component') return findComponent(each, reach);
    if (!/\.ya?ml$/i.test(each))
      throw new ConfigurationError(`Included file \`${each}\` does not have YAML extension!`);
    return find(kind, each, include, place, reach);
  });
}

function find(kind: Exclude<Kind, 'component'>, file: string, include: Include, place: Place, reach: Reach): Included {
  const location = file.replace(/^\/+/, '');
  switch (kind) {
    case 'local':
      return { location, text: textOf(place, location, 'Local'), place };
    case 'project': {
      const there = placeOf(String(include['project']), include['ref'], reach);
      return {
        location,
        text: textOf(there, location, `Project \`${there.project.path.toLowerCase()}\``),
        place: there,
      };
    }
    case 'remote': // of the network there is only the machine itself
      throw new ConfigurationError(`Remote file \`${file}\` could not be fetched because of a socket error!`);
    case 'template':
      throw new ConfigurationError(`Template file \`${file}\` is not a valid location!`);
    case 'artifact':
      throw new ConfigurationError('`artifact` includes are for child pipelines, which are not spoken here');
  }
}

/** An include with the variables in its addresses put in; its inputs stay as they are. Source: mapper/variables_expander.rb. */
function expanded(include: unknown, variables: Readonly<Record<string, string>>): Include {
  const expand = (text: string): string =>
    text.replace(
      /\$(?:(\w+)|\{(\w+)\})/g,
      (_all, bare?: string, braced?: string) => variables[bare ?? braced ?? ''] ?? '',
    );
  if (typeof include === 'string') {
    const location = expand(include);
    return URL.canParse(location) ? { remote: location } : { local: location };
  }
  const entries = Object.entries((include ?? {}) as Include).map(([key, value]) => {
    const values = Array.isArray(value) && key !== 'rules' ? value.map((each) => expand(String(each))) : value;
    return [key, typeof values === 'string' ? expand(values) : values];
  });
  return Object.fromEntries(entries) as Include;
}

/** Hashes are merged with what they hold, and all else is replaced. Source: GitLab docs, ci/yaml/includes, merge method. */
function merged(base: CiContent, over: CiContent): CiContent {
  const isHash = (value: unknown): value is CiContent =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = Object.entries(over).map(([key, value]) => {
    const before = base[key];
    return [key, isHash(before) && isHash(value) ? merged(before, value) : value];
  });
  return { ...base, ...(Object.fromEntries(entries) as CiContent) };
}
