import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../templates/', import.meta.url));
const SUFFIX = '.hbs';

const names = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(SUFFIX));

/** The text of `templates/NAME.hbs` by NAME; the bundle has them compiled in the place of this file (`scripts/build`). */
export const TEMPLATES: Readonly<Partial<Record<string, string | TemplateSpecification>>> = Object.fromEntries(
  names
    .sort()
    .map((name) => [name.slice(0, -SUFFIX.length).replaceAll('\\', '/'), readFileSync(FOLDER + name, 'utf8')]),
);
