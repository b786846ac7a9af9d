import type { Fault } from './fault.ts';
import { checkOurs } from './ours.ts';
import type { ShapeName } from './schemas.ts';
import type { Shapes } from './types.gen.ts';

export type Validated<T> = { ok: true; value: T } | { ok: false; faults: Fault[] };

/** Holds a value against one of our schemas. A config gets its defaults filled in, in a copy; nothing else is changed. */
export function validate<N extends ShapeName>(name: N, value: unknown): Validated<Shapes[N]> {
  const copy = name === 'config' ? structuredClone(value) : value;
  const faults = checkOurs(`urn:watchkeeper:${name}`, copy);
  return faults.length === 0 ? { ok: true, value: copy as Shapes[N] } : { ok: false, faults };
}
