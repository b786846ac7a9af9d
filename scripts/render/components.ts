import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../templates/', import.meta.url);

/** The CI/CD components of `templates/` by their names, as they are written; the bundle has them inside (`scripts/build`). */
export const COMPONENTS = { watch: readFileSync(new URL('watch.yml', FOLDER), 'utf8') };
