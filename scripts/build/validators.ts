import standalone from 'ajv/dist/standalone/index.js';
import { createAjv } from '../schema/engine.ts';
import { MADE } from '../schema/made.ts';
import { SCHEMAS } from '../schema/schemas.ts';

/** The validators of our schemas as JavaScript modules, by the ids of the schemas. */
export function compileValidators(): Record<string, string> {
  const ids = [...Object.values(SCHEMAS), ...MADE].map(({ $id }) => String($id));
  return Object.fromEntries(
    ids.map((id) => {
      // An engine for each, since what one was asked before is in the names that it gives.
      const ajv = createAjv(MADE, true);
      const validator = ajv.getSchema(id);
      if (!validator) throw new Error(`no schema is called ${id}`);
      return [
        id,
        `import { FORMATS, KEYWORDS } from 'scripts/schema/keywords.ts';\n${standalone.default(ajv, validator)}`,
      ];
    }),
  );
}
