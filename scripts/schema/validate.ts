import { createEngine, type Engine, type Fault } from './engine.ts';
import { isPlaceholder } from './placeholder.ts';
import type { ShapeName } from './schemas.ts';
import type { Shapes } from './types.gen.ts';

export type Validated<T> = { ok: true; value: T } | { ok: false; faults: Fault[] };

let engine: Engine | undefined;

/** Holds a value against one of our schemas. A config gets its defaults filled in, in a copy; nothing else is changed. */
export function validate<N extends ShapeName>(name: N, value: unknown): Validated<Shapes[N]> {
  engine ??= createEngine({
    isPlaceholder,
    useDefaults: true,
    more: [{ $id: 'urn:watchkeeper:incident:in-force', $ref: 'urn:watchkeeper:incident' }],
  });
  const copy = name === 'config' ? structuredClone(value) : value;
  const faults = engine.check(`urn:watchkeeper:${name}`, copy);
  return faults.length === 0 ? { ok: true, value: copy as Shapes[N] } : { ok: false, faults };
}
