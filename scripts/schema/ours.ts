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
  const validator = VALIDATORS[id];
  if (validator) return faultsOf(validator, value);
  engine ??= createEngine(MADE, true);
  return engine.check(id, value);
}
