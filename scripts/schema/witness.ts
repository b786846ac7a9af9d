import type { Fault } from './fault.ts';
import { propertiesOf, type Field } from './fields.ts';
import { idIn, type Form, type OwnSchemas, type Role } from './form.ts';
import { sampleOf, TEXT } from './sample.ts';
import type { Schema } from './schemas.ts';
import type { Flaw } from './soundness.ts';
import { everyPart } from './tree.ts';

const OUTCOMES = [
  { kind: 'resolved' },
  { kind: 'false positive', reason: TEXT },
  { kind: 'duplicate', duplicate_of: '#12' },
  { kind: 'tracked in', tracked_in: '#12' },
  { kind: 'transferred', transferred_to: '#12' },
];

type Sample = Record<string, unknown>;

/**
 * What a project's own schemas make impossible: outcomes with which no incident could ever be closed at some severity, and
 * hand-offs that could never be complete. Shown by trying, with everything written down and with only what is demanded.
 */
export function impossibilities(own: OwnSchemas, form: Form): Flaw[] {
  const limits = limitsOf('closure', own, form);
  const closings = OUTCOMES.flatMap((outcome) =>
    [1, 2, 3, 4].map((severity) => ({ outcome, severity, refusal: refusalOf(form, limits, { outcome, severity }) })),
  );
  const [first] = closings.filter(({ refusal }) => refusal !== undefined);
  const closing = first?.refusal
    ? [
        toFlaw(
          first.refusal,
          own,
          `no incident with the outcome ${first.outcome.kind} at severity ${first.severity} could ever be closed`,
        ),
      ]
    : [];
  const inner = form.fields.filter(({ path }) => path[0] === 'handoff');
  const handoffLimits = limitsOf('handoff', own, form);
  const sample = (field: Field): unknown => sampleOf(field, handoffLimits.get(field.path[1] ?? '') ?? {});
  const handoff = Object.fromEntries(inner.map((field) => [field.path[1] ?? '', sample(field)]));
  const [refused] = form.check('handoff', handoff);
  return [...closing, ...(refused ? [toFlaw(refused, own, 'no hand-off could ever be complete')] : [])];
}

/** All that a schema in force says of each property, in its conditions too. */
function limitsOf(role: Role, own: OwnSchemas, { registry }: Form): Map<string, Schema> {
  const base = own.roles[role] ? idIn(own.roles[role]) : `urn:watchkeeper:${role}`;
  const incident = own.roles.incident ? idIn(own.roles.incident) : 'urn:watchkeeper:incident';
  const at = (id: string): Map<string, Schema> =>
    propertiesOf({ schema: registry.get(id) ?? {}, base: id }, registry, true);
  const merged = role === 'closure' ? at(incident) : new Map<string, Schema>();
  for (const [name, schema] of at(base)) merged.set(name, { ...merged.get(name), ...schema });
  return merged;
}

/** Why no record that we can think of can be closed; undefined where one can. */
function refusalOf(form: Form, limits: ReadonlyMap<string, Schema>, decided: Sample): Fault | undefined {
  const full: Sample = { ...decided };
  for (const field of form.fields) {
    const [name] = field.path;
    if (field.path.length === 1 && !Object.hasOwn(full, name)) full[name] = sampleOf(field, limits.get(name) ?? {});
  }
  const inner = form.fields.filter(({ path }) => path[0] === 'handoff');
  full['handoff'] = Object.fromEntries(inner.map((field) => [field.path[1] ?? '', sampleOf(field, {})]));
  const [refusal] = form.check('closure', full);
  if (!refusal) return undefined;
  const least = leastOf(form, decided, full);
  const names = Object.keys(full).filter((name) => !Object.hasOwn(decided, name));
  const fewer = names.flatMap((name) => [without(full, name), without(least, name)]);
  const others = form.fields.flatMap(({ path: [name], choices, examples, reads }) =>
    [...choices, ...examples, ...(reads === 'yes or no' ? [false] : [])].map((value) => [name, value] as const),
  );
  const changed = others.flatMap(([name, value]) => [full, least].map((record) => ({ ...record, [name]: value })));
  const candidates = [least, ...fewer, ...names.map((name) => ({ ...least, [name]: full[name] })), ...changed];
  return candidates.some((record) => form.check('closure', record).length === 0) ? undefined : refusal;
}

/** Only what is demanded, added until nothing more is. */
function leastOf(form: Form, decided: Sample, full: Sample): Sample {
  let least: Sample = { ...decided };
  for (let added = true; added;) {
    const missing = form.check('closure', least).flatMap(missingIn);
    const known = missing.filter((name) => !Object.hasOwn(least, name) && Object.hasOwn(full, name));
    added = known.length > 0;
    least = { ...least, ...Object.fromEntries(known.map((name) => [name, full[name]])) };
  }
  return least;
}

function without(record: Sample, name: string): Sample {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

function missingIn({ keyword, instancePath, params }: Fault): string[] {
  const { missingProperty } = params as { missingProperty?: string };
  return keyword === 'required' && instancePath === '' && missingProperty !== undefined ? [missingProperty] : [];
}

/** Points at the schema that refused, where that is one of the project's own. */
function toFlaw({ instancePath, message, keyword, refusedBy }: Fault, own: OwnSchemas, says: string): Flaw {
  const documents = [...Object.values(own.roles), ...own.others];
  const found = documents.flatMap((document) =>
    everyPart(document)
      .filter(({ part }) => part === refusedBy)
      .map(({ pointer }) => ({ id: idIn(document), pointer: `${pointer}/${keyword}` })),
  );
  const [place] = [...found, ...documents.map((document) => ({ id: idIn(document), pointer: '' }))];
  const where = instancePath === '' ? 'the record' : instancePath.slice(1).replaceAll('/', '.');
  const cure = 'Mend the rule, or give the property `examples` that fit it.';
  return { id: '', pointer: '', ...place, says: `${says}: ${where} ${message}. ${cure}` };
}
