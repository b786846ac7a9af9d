import type { Fault } from '../schema/fault.ts';
import type { Form } from '../schema/form.ts';
import type { Closing } from './closing.ts';

/** A demand of the closure schema that is not met: its reason code, the field, and which entries of it, if it is a list. */
export type Unmet = { code: string; kind: 'missing' | 'invalid'; field: string; help: string; entries?: string[] };

const MISSING = new Set(['required', 'filled', 'reasoned', 'minLength', 'minItems']);

/** What the closure schema finds wrong with a record, one entry per reason code and field. */
export function unmetDemands(closing: Closing, form: Form): Unmet[] {
  return merged(form.check('closure', closing).map((fault) => toUnmet(fault, [], form)));
}

/** One of each reason code and field, with all the entries that it concerns. */
export function merged(unmet: readonly Unmet[]): Unmet[] {
  const merged = new Map<string, { first: Unmet; entries: Set<string> }>();
  for (const each of unmet) {
    const key = `${each.field} ${each.code}`;
    const known = merged.get(key) ?? { first: each, entries: new Set() };
    for (const entry of each.entries ?? []) known.entries.add(entry);
    merged.set(key, known);
  }
  return [...merged.values()].map(({ first, entries }) =>
    entries.size > 0 ? { ...first, entries: [...entries] } : first,
  );
}

/** The fields that the closure schema demands of a record with this outcome and severity. */
export function demandedFields({ outcome, severity }: Closing, form: Form): string[] {
  const withOutcome: Closing = outcome ? { outcome } : {};
  const withSeverity: Closing = severity === undefined ? withOutcome : { ...withOutcome, severity };
  // Outcome and severity decide what else is demanded, and are demanded themselves where leaving them out is refused.
  const unmet = [{}, withOutcome, withSeverity].map((given) => unmetDemands(given, form));
  const [bare = [], ...decided] = unmet.map((each) =>
    each.filter(({ kind }) => kind === 'missing').map(({ field }) => field),
  );
  return [...new Set([...bare.filter((field) => field === 'outcome'), ...decided.flat()])];
}

/** What the engine says, where that is words; a pattern, a key or a constant of the schema may be anything. */
function wordsOf({ keyword, message }: Fault): string {
  const isPlain = /^[\w '"(),.=>-]{1,200}$/.test(message) && keyword !== 'pattern';
  return isPlain || /^must be [<>=]{1,2} -?[\d.e+-]+$/.test(message)
    ? message
    : `must satisfy ${keyword} of the schema`;
}

/** A fault as a demand; `within` is where in the record the value stands that was checked. */
export function toUnmet(fault: Fault, within: string[], form: Form): Unmet {
  const { instancePath, keyword, params } = fault;
  const missing = (params as { missingProperty?: string }).missingProperty;
  const path = [...within, ...instancePath.split('/').slice(1)];
  if (keyword === 'required' && missing !== undefined) path.push(missing);
  const part = form.partAt(path);
  // What is wrong inside an entry of a list makes the field invalid: the field itself is there.
  const isWhole = part === undefined || part.depth === path.length;
  const kind = MISSING.has(keyword) && isWhole ? 'missing' : 'invalid';
  const field = form.fieldAt(path) ?? form.fieldAt(path.slice(0, 1));
  const stem = part?.code ?? fault.code;
  const ownCode = `SCHEMA_${keyword.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  const code = stem === undefined ? ownCode : `${stem}_${kind.toUpperCase()}`;
  const help = part?.help ?? fault.help ?? `It ${wordsOf(fault)}.`;
  const entry = path.find((segment) => /^\d+$/.test(segment));
  return {
    ...{ code, kind, help },
    field: field?.path.join('/') ?? path[0] ?? '',
    ...(entry === undefined ? {} : { entries: [entry] }),
  };
}
