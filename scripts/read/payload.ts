import { SetupError } from '../ci/errors.ts';
import type { Fault } from '../schema/fault.ts';
import type { ShapeName } from '../schema/schemas.ts';
import type { Shapes } from '../schema/types.gen.ts';
import { validate } from '../schema/validate.ts';

/** A payload as one of our schemas has it. Throws a SetupError that names the place and the cure, and repeats nothing of it. */
export function demandPayload<N extends ShapeName>(shape: N, payload: object, cure: string): Shapes[N] {
  const checked = validate(shape, payload);
  if (checked.ok) return checked.value;
  const [fault] = checked.faults as [Fault, ...Fault[]];
  throw new SetupError(`The payload at ${fault.instancePath || '/'} ${fault.message}. ${cure}`);
}
