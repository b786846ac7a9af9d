import { createEngine, type Engine } from './engine.ts';
import { faultsOf, type Fault } from './fault.ts';
import { MADE } from './made.ts';
import { VALIDATORS } from './validators.ts';

let engine: Engine | undefined;

/**
 * What is wrong with a value by a schema of ours. Defaults are filled in, which changes the value. In the bundle the validators
 * are compiled already; otherwise this is done here.
 */
export function checkOurs(id: string, value: unknown): Fault[] {
  if (VALIDATORS[briefly(id)]?.(value)) return [];
  const validator = VALIDATORS[id];
  if (validator) return faultsOf(validator, value);
  engine ??= createEngine(MADE, true);
  return engine.check(id, value);
}

/** The id of a validator, in the bundle, that says only whether a value is in order, and is smaller for it. */
export function briefly(id: string): string {
  return `${id}:briefly`;
}
