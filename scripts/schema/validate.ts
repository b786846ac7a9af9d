import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import closure from '../../schemas/closure.schema.json' with { type: 'json' };
import config from '../../schemas/config.schema.json' with { type: 'json' };
import eventEmoji from '../../schemas/event-emoji.schema.json' with { type: 'json' };
import eventIds from '../../schemas/event-ids.schema.json' with { type: 'json' };
import eventIssue from '../../schemas/event-issue.schema.json' with { type: 'json' };
import eventNote from '../../schemas/event-note.schema.json' with { type: 'json' };
import factsAck from '../../schemas/facts-ack.schema.json' with { type: 'json' };
import factsGate from '../../schemas/facts-gate.schema.json' with { type: 'json' };
import incident from '../../schemas/incident.schema.json' with { type: 'json' };
import { isGitLabReference, isGitLabUser, isReason, isTimeZone } from './formats.ts';
import { isPlaceholder } from './placeholder.ts';
import type { Shapes } from './types.gen.ts';

/** The name of a shape; `schemas/NAME.schema.json` is its source. */
export type ShapeName = keyof Shapes;

/** One thing that is wrong with a value: where (JSON pointer), which keyword refused it, and in which schema. */
export type Fault = Pick<ErrorObject, 'instancePath' | 'keyword' | 'params'> & { message: string };

export type Validated<T> = { ok: true; value: T } | { ok: false; faults: Fault[] };

/** The schemas as they lie in `schemas/`, for those who generate from them or hash them. */
export const SCHEMAS = {
  closure,
  config,
  'event-emoji': eventEmoji,
  'event-ids': eventIds,
  'event-issue': eventIssue,
  'event-note': eventNote,
  'facts-ack': factsAck,
  'facts-gate': factsGate,
  incident,
} as const satisfies Record<ShapeName, object>;

/** Holds a value against a schema. A config gets its defaults filled in, in a copy; nothing else is changed. */
export function validate<N extends ShapeName>(name: N, value: unknown): Validated<Shapes[N]> {
  const copy = name === 'config' ? structuredClone(value) : value;
  const check = validator(name);
  if (check(copy)) return { ok: true, value: copy as Shapes[N] };
  const faults = (check.errors ?? []).map(({ instancePath, keyword, params, message }) => ({
    instancePath,
    keyword,
    params: params as Record<string, unknown>,
    message: message ?? keyword,
  }));
  return { ok: false, faults: faults.filter(({ keyword }) => keyword !== 'if') };
}

let engine: Ajv2020 | undefined;

function validator(name: ShapeName): ValidateFunction {
  engine ??= createEngine();
  const check = engine.getSchema(`urn:watchkeeper:${name}`);
  if (!check) throw new Error(`no schema is called ${name}`);
  return check;
}

function createEngine(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    useDefaults: true,
    allowUnionTypes: true,
    strictRequired: false,
    strictTypes: false,
  });
  formats.default(ajv, ['date', 'date-time', 'uri']);
  ajv.addFormat('gitlab-user', isGitLabUser);
  ajv.addFormat('gitlab-reference', isGitLabReference);
  ajv.addFormat('time-zone', isTimeZone);
  ajv.addVocabulary(['x-sections', 'x-section', 'x-also', 'x-reads', 'x-code', 'x-help', 'x-hint']);
  ajv.addKeyword({
    keyword: 'filled',
    type: 'string',
    schemaType: ['boolean', 'string'],
    validate: (mode: boolean | string, text: string) => !isPlaceholder(text, mode === 'or none'),
    error: { message: 'must be filled in: placeholders do not count' },
  });
  ajv.addKeyword({
    keyword: 'reasoned',
    type: 'string',
    schemaType: 'number',
    validate: (letters: number, text: string) => isReason(text, letters),
    error: { message: 'must give a reason of 20 letters or digits, or a reference' },
  });
  for (const schema of Object.values(SCHEMAS)) ajv.addSchema(schema);
  return ajv;
}
