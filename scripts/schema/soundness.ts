import { createEngine } from './engine.ts';
import { createForm, idIn, ROLES, type Form, type OwnSchemas, type Role } from './form.ts';
import { flawsOfFields } from './own-fields.ts';
import { SCHEMAS, type Schema } from './schemas.ts';
import { everyPart, follow, layersOf, type Registry } from './tree.ts';
import { impossibilities } from './witness.ts';

/** Something that is wrong with a project's own schema: in which one (by its `$id`), where (JSON pointer), and what. */
export type Flaw = { id: string; pointer: string; says: string };

/** A form, or why there can be none. */
export type Formed = { ok: true; form: Form } | { ok: false; flaws: Flaw[] };

/** Makes the form of a project with schemas of its own, or says why they are no good: broken, or impossible to satisfy. */
export function formFrom(own: OwnSchemas): Formed {
  const documents = [...new Set([...Object.values(own.roles), ...own.others])];
  const flaws = documents.flatMap((document) => flawsOfDocument(document, documents));
  if (flaws.length > 0) return { ok: false, flaws };
  const form = createForm(own);
  const unsound = compileFlaws(form, own);
  if (unsound.length > 0) return { ok: false, flaws: unsound };
  const unwritten = [...flawsOfFields(own, form), ...unwritable(own, form)];
  const remaining = unwritten.length > 0 ? unwritten : impossibilities(own, form);
  return remaining.length > 0 ? { ok: false, flaws: remaining } : { ok: true, form };
}

/** What is wrong with one document by itself: no schema, a keyword that nobody knows, a reference that leads nowhere. */
function flawsOfDocument(document: Schema, documents: readonly Schema[]): Flaw[] {
  const id = idIn(document);
  const engine = createEngine();
  const all = [...Object.values(SCHEMAS), ...documents];
  const registry: Registry = new Map(all.map((schema) => [idIn(schema), schema]));
  const broken = engine.flawsOf(document);
  const nowhere = everyPart(document).flatMap(({ pointer, part }) => {
    const { $ref: ref } = part;
    if (typeof ref !== 'string' || ref === 'urn:watchkeeper:incident:in-force' || follow(ref, id, registry)) return [];
    return [{ pointer: `${pointer}/$ref`, says: `${JSON.stringify(ref)} leads nowhere. ${cureOf(ref)}` }];
  });
  return [...broken, ...nowhere].map((flaw) => ({ id, ...flaw }));
}

function cureOf(ref: string): string {
  if (/^https?:/.test(ref))
    return 'Schemas are never fetched: put the file into the repository and refer to it by its path.';
  return 'Ours are urn:watchkeeper:incident, urn:watchkeeper:closure and urn:watchkeeper:handoff; others are files, by their path.';
}

/** The engine's own refusals, which it gives when it first meets a schema. */
function compileFlaws(form: Form, own: OwnSchemas): Flaw[] {
  return ROLES.flatMap((role) => {
    try {
      form.check(role, {});
      return [];
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const [document = {}] = [own.roles[role] ?? [], Object.values(own.roles)].flat();
      return [
        {
          id: idIn(document),
          pointer: '',
          says:
            error instanceof RangeError ? 'it refers to itself without end, or is nested too deeply.' : error.message,
        },
      ];
    }
  }).slice(0, 1);
}

/** Demands that nobody could meet, because what is demanded is no field that people can write. */
function unwritable(own: OwnSchemas, form: Form): Flaw[] {
  const record = new Set(['handoff', ...form.fields.map(({ path }) => path[0])]);
  const handoff = new Set(form.fields.flatMap(({ path }) => (path[0] === 'handoff' && path[1] ? [path[1]] : [])));
  return ROLES.flatMap((role) => {
    const document = own.roles[role];
    if (!document) return [];
    const known = role === 'handoff' ? handoff : record;
    return demandsOf(document, role, form)
      .filter(({ name }) => !known.has(name))
      .map(({ name, ...place }) => ({
        ...place,
        says: `demands ${JSON.stringify(name)}, which is no field that people can write. ${role === 'handoff' ? 'Give the hand-off schema a property of that name.' : 'Give the incident or closure schema a property of that name with an x-section.'}`,
      }));
  });
}

type Demand = { id: string; pointer: string; name: string };

function demandsOf(document: Schema, role: Role, { registry }: Form): Demand[] {
  const id = idIn(document);
  return layersOf({ schema: document, base: id }, registry, role === 'closure').flatMap(({ schema, base }) => {
    const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
    const root = registry.get(base);
    const place = root ? (everyPart(root).find(({ part }) => part === schema)?.pointer ?? '') : '';
    const isOurs = base.startsWith('urn:watchkeeper:');
    return isOurs ? [] : required.map((name, index) => ({ id: base, pointer: `${place}/required/${index}`, name }));
  });
}
