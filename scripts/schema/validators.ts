import type { Validator } from './fault.ts';

/** Validators of our schemas, by their ids: none here; the bundle has them compiled in the place of this file (`scripts/build`). */
export const VALIDATORS: Readonly<Partial<Record<string, Validator>>> = {};
