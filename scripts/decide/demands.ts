import { fieldAt, partAt } from '../schema/fields.ts';
import { validate, type Fault } from '../schema/validate.ts';
import type { Closing } from './closing.ts';

/** A demand of the closure schema that is not met: its reason code, the field, and which entry of it, if it is a list. */
export type Unmet = { code: string; kind: 'missing' | 'invalid'; field: string; help: string; entry?: string };

const MISSING = new Set(['required', 'filled', 'reasoned', 'minLength', 'minItems']);

/** What the closure schema finds wrong with a record, one entry per reason code and field. */
export function unmetDemands(closing: Closing): Unmet[] {
  const checked = validate('closure', closing);
  const faults = checked.ok ? [] : checked.faults;
  const unmet = faults.map(toUnmet).reverse();
  return [...new Map(unmet.map((each) => [`${each.field} ${each.code}`, each])).values()].reverse();
}

/** The fields that the closure schema demands of a record with this outcome and severity. */
export function demandedFields({ outcome, severity }: Closing): string[] {
  const withOutcome: Closing = outcome ? { outcome } : {};
  const withSeverity: Closing = severity === undefined ? withOutcome : { ...withOutcome, severity };
  // Severity decides what else is demanded, and is demanded itself where leaving it out is refused.
  const unmet = [...unmetDemands(withOutcome), ...unmetDemands(withSeverity)];
  const missing = unmet.filter(({ kind, code }) => kind === 'missing' && !code.startsWith('OUTCOME_'));
  return [...new Set(['outcome', ...missing.map(({ field }) => field)])];
}

function toUnmet({ instancePath, keyword, params }: Fault): Unmet {
  const missing = (params as { missingProperty?: string }).missingProperty;
  const path = instancePath.split('/').slice(1);
  if (keyword === 'required' && missing !== undefined) path.push(missing);
  const part = partAt(path);
  // What is wrong inside an entry of a list makes the field invalid: the field itself is there.
  const isWhole = part === undefined || part.depth === path.length;
  const kind = MISSING.has(keyword) && isWhole ? 'missing' : 'invalid';
  const field = fieldAt(path) ?? fieldAt(path.slice(0, 1));
  const ownCode = `SCHEMA_${keyword.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  const code = part ? `${part.code}_${kind.toUpperCase()}` : ownCode;
  const entry = path.find((segment) => /^\d+$/.test(segment));
  const name = field?.path.join('/') ?? path[0] ?? '';
  return { code, kind, field: name, help: part?.help ?? '', ...(entry === undefined ? {} : { entry }) };
}
