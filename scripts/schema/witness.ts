import type { Fault } from './engine.ts';
import type { Field, Reads } from './fields.ts';
import { idIn, type Form, type OwnSchemas } from './form.ts';
import type { Flaw } from './soundness.ts';
import { everyPart } from './tree.ts';

const AT = '2026-11-20T02:07:00Z';
const TEXT = 'a sentence that says enough for somebody who was not there';

/** A value that any sensible schema takes, by how a field is read. */
const SAMPLES: Record<Exclude<Reads, 'group' | 'severity' | 'outcome'>, unknown> = {
  prose: TEXT,
  text: TEXT,
  user: '@ana',
  users: ['@ana'],
  time: AT,
  entries: [{ at: AT, text: TEXT }],
  items: [TEXT],
  correspondence: [{ at: AT, audience: 'internal', text: TEXT }],
  references: ['#12'],
  rca: { decision: 'requested' },
  notes: [{ kind: 'process', text: TEXT }],
  number: 1,
  'yes or no': true,
  choice: TEXT,
};

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
  const closings = OUTCOMES.flatMap((outcome) =>
    [1, 2, 3, 4].map((severity) => ({ outcome, severity, refusal: refusalOf(form, { outcome, severity }) })),
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
  const handoff = Object.fromEntries(inner.map((field) => [field.path[1] ?? '', sampleOf(field)]));
  const [refused] = form.check('handoff', handoff);
  return [...closing, ...(refused ? [toFlaw(refused, own, 'no hand-off could ever be complete')] : [])];
}

/** Why neither a full record nor the least one can be closed; undefined where one of them can. */
function refusalOf(form: Form, decided: { outcome: object; severity: number }): Fault | undefined {
  const full: Sample = { ...decided };
  for (const field of form.fields) if (field.path.length === 1) full[field.path[0]] ??= sampleOf(field);
  const [refusal] = form.check('closure', full);
  if (!refusal) return undefined;
  let least: Sample = { ...decided };
  for (let added = true; added;) {
    const missing = form
      .check('closure', least)
      .flatMap(missingIn)
      .filter((name) => !(name in least) && name in full);
    added = missing.length > 0;
    least = { ...least, ...Object.fromEntries(missing.map((name) => [name, full[name]])) };
  }
  return form.check('closure', least).length === 0 ? undefined : refusal;
}

function missingIn({ keyword, instancePath, params }: Fault): string[] {
  const { missingProperty } = params as { missingProperty?: string };
  return keyword === 'required' && instancePath === '' && missingProperty !== undefined ? [missingProperty] : [];
}

function sampleOf({ examples, choices, reads }: Field): unknown {
  return examples[0] ?? choices[0] ?? (SAMPLES as Partial<Record<Reads, unknown>>)[reads];
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
