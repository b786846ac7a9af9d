import type { Config } from '../schema/types.gen.ts';
import type { Names } from './redact-names.ts';

/** Options whose texts are people's words. */
const WORDS = ['name', 'policy', 'reason', 'reference'];
/** Options that name projects. */
const PLACES = ['project', 'group'];

/**
 * A configuration by which a redacted recording is judged as the original was by its own: its people renamed alike, its
 * words, places and accounts elsewhere gone. Schemas and templates of one's own are files, and are not taken along.
 */
export function redactConfig(config: Config, projectId: number, names: Names, text: (text: string) => string): object {
  const around = { names, text, projectId };
  return { ...(redactAt('', config, around) as object), sources: [{ project: names.project(projectId) }] };
}

/** What names accounts elsewhere, or files; and what is no option but made of others. */
const LEFT_OUT = ['installation', 'people', 'schemas', 'template', 'form', 'onCalls', 'majorTemplate'];

type Around = { names: Names; text: (text: string) => string; projectId: number };

function redactAt(key: string, value: unknown, around: Around): unknown {
  const { names, text, projectId } = around;
  if (Array.isArray(value)) return value.map((each: unknown) => redactAt(key, each, around));
  if (key === 'former_ids') return typeof value === 'number' ? names.user(value) : value;
  if (PLACES.includes(key) && value !== undefined) return names.project(projectId);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !LEFT_OUT.includes(name) && !(key === 'roster' && name === 'pagerduty'))
        .map(([name, inner]) => [name, redactAt(key === 'projects' ? 'project' : name, inner, around)]),
    );
  if (typeof value !== 'string') return value;
  if (value.startsWith('@')) return `@${names.person(value.slice(1))}`;
  if (key === 'alert_bots') return names.person(value);
  return WORDS.includes(key) ? text(value) : value;
}
