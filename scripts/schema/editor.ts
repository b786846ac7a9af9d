import { REASON_LETTERS } from './placeholder.ts';
import { SCHEMAS, type Schema } from './schemas.ts';
import { isSchema } from './tree.ts';

/** What only our own engine understands; editors are told as much of it as they can use. */
const FOR_EDITORS: Readonly<Record<string, (value: unknown) => Schema>> = {
  reasoned: () => ({ minLength: REASON_LETTERS }),
  filled: () => ({ minLength: 1 }),
};
const OWN_FORMATS = ['gitlab-user', 'gitlab-reference', 'time-zone'];

/**
 * The schema of `oncall.yml` for editors (`# yaml-language-server: $schema=`): draft-07, which all of them read, with the
 * words that only our engine knows left out or put into standard ones.
 */
export function editorSchema(): Schema {
  const { $defs, ...config } = SCHEMAS.config;
  const dialect = { $schema: 'http://json-schema.org/draft-07/schema#', $id: 'urn:watchkeeper:oncall.yml' };
  return forEditors({ ...config, ...dialect, definitions: $defs }) as Schema;
}

function forEditors(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(forEditors);
  if (!isSchema(node)) return typeof node === 'string' ? node.replace(/^#\/\$defs\//, '#/definitions/') : node;
  const entries = Object.entries(node).flatMap(([key, value]): [string, unknown][] => {
    const translate = FOR_EDITORS[key];
    if (translate) return Object.entries(translate(value));
    if (key === 'format' && typeof value === 'string' && OWN_FORMATS.includes(value)) return [];
    return [[key, forEditors(value)]];
  });
  const { $ref, ...beside } = Object.fromEntries(entries);
  // In draft-07 nothing beside a reference counts.
  return $ref === undefined ? Object.fromEntries(entries) : { allOf: [{ $ref }], ...beside };
}
