import type { ErrorObject } from 'ajv/dist/2020.js';

/**
 * One thing that is wrong with a value: where (JSON pointer) and which keyword refused it. `code` and `help` are what the
 * refusing schema itself says of it (`x-code`, `x-help`); `known` are the names that it does know.
 */
export type Fault = Pick<ErrorObject, 'instancePath' | 'keyword' | 'params'> & {
  message: string;
  code?: string;
  help?: string;
  known?: string[];
  /** The schema that refused it. */
  refusedBy: unknown;
};

/** A schema as the engine compiles it: says whether a value is as it wants, and keeps what is wrong with the last one. */
export type Validator = { (value: unknown): unknown; errors?: ErrorObject[] | null };

/** What is wrong with a value. */
export function faultsOf(validator: Validator, value: unknown): Fault[] {
  const errors = validator(value) ? [] : (validator.errors ?? []);
  return errors.filter(({ keyword }) => keyword !== 'if').map(toFault);
}

type Refusing = { properties?: object; 'x-code'?: string; 'x-help'?: string };

function toFault({ instancePath, keyword, params, message, parentSchema }: ErrorObject): Fault {
  const { properties, 'x-code': code, 'x-help': help } = (parentSchema ?? {}) as Refusing;
  return {
    ...{ instancePath, keyword, params: params as Record<string, unknown>, message: message ?? keyword },
    refusedBy: parentSchema,
    ...(code === undefined ? {} : { code }),
    ...(help === undefined ? {} : { help }),
    ...(keyword === 'additionalProperties' && properties ? { known: Object.keys(properties) } : {}),
  };
}
