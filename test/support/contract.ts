import { existsSync } from 'node:fs';

/** Where GitLab's own data lies: schemas, an OpenAPI document, documented answers and payloads. */
export const CONTRACT = new URL('../../../shared/contract/', import.meta.url);

/** Whether it lies there; without it nothing is judged. */
export const HAS_CONTRACT = existsSync(CONTRACT);
