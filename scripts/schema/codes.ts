import type { Field, Reads } from './fields.ts';
import { FILE_CODES } from './file-codes.ts';
import { OUR_FORM, type Form } from './form.ts';
import { analysisForm } from './rca-form.ts';
import { isSchema } from './tree.ts';

/** A reason code: what gives it, and what to do about it. */
export type Code = { code: string; cause: string; cure: string };

const LISTS: readonly Reads[] = ['users', 'items', 'entries', 'correspondence', 'references', 'notes', 'actions'];
const FREE: readonly Reads[] = ['prose', 'text', 'items', 'notes'];
const SEVERITIES = [1, 2, 3, 4];
const OUTCOMES = ['resolved', 'false positive', 'duplicate', 'tracked in', 'transferred'];

/** The codes that a form's fields give: what closing or a hand-off demands, what can be unreadable, what can disagree. */
export function fieldCodes(form: Form): Code[] {
  const demanded = demandedIn(form);
  return form.fields
    .filter(({ code }) => code !== '')
    .flatMap((field) => [
      ...(demanded.has(field.path.join('/')) ? [missing(field)] : []),
      ...partCodes(field, form),
      ...(FREE.includes(field.reads) && !isNarrow(field, form) ? [] : [invalid(field)]),
      ...(LISTS.includes(field.reads) ? [] : [conflict(field)]),
    ]);
}

/** The codes that root cause analyses give and incidents do not. */
export function analysisCodes(): Code[] {
  const known = new Set(fieldCodes(OUR_FORM).map(({ code }) => code));
  return fieldCodes(analysisForm()).filter(({ code }) => !known.has(code));
}

function missing({ code, title, section, help }: Field): Code {
  const cause = `Nothing is written for **${title}** (section ${section}), or a placeholder.`;
  return { code: `${code}_MISSING`, cause, cure: help };
}

function invalid({ code, title, section, help, hint }: Field): Code {
  return {
    code: `${code}_INVALID`,
    cause: `What is written for **${title}** (section ${section}) cannot be read.`,
    cure: `${help} Write it as: \`${hint}\`.`,
  };
}

function conflict({ code, title, section }: Field): Code {
  const places = ['two lines', 'a section and a YAML block', ...(ELSEWHERE[code] ?? [])];
  const cause = `**${title}** (section ${section}) is given twice, and differently: ${places.slice(0, -1).join(', ')} or ${places.at(-1) ?? ''}.`;
  return { code: `${code}_CONFLICT`, cause, cure: 'Make the places agree, or take one of them out.' };
}

/** Where else GitLab or Watchkeeper knows a field from. */
const ELSEWHERE: Readonly<Record<string, string[]>> = {
  OWNER: ['the recorded acknowledgement'],
  ACKNOWLEDGED_AT: ['the recorded acknowledgement (by more than 5 minutes)'],
  SEVERITY: ['a label `severity::N`', "GitLab's own severity"],
};

/**
 * The codes of a field's parts, such as the reason of an outcome or the owner of an action; what has a format can also be
 * unreadable.
 */
function partCodes({ path, title }: Field, form: Form): Code[] {
  const field = form.propertyAt(path);
  const isList = isSchema(field['items']);
  const schema = isSchema(field['items']) ? field['items'] : field;
  const parts = isSchema(schema['properties']) ? Object.values(schema['properties']).filter(isSchema) : [];
  return parts.flatMap(({ 'x-code': code, 'x-help': help, format }) => {
    if (typeof code !== 'string' || typeof help !== 'string') return [];
    const absent = {
      code: `${code}_MISSING`,
      cause: isList
        ? `A line of **${title}** does not say it.`
        : `**${title}** lacks a part that its kind asks for, or says too little.`,
      cure: help,
    };
    const unread = {
      code: `${code}_INVALID`,
      cause: isList
        ? `A line of **${title}** says it in a way that cannot be read.`
        : `**${title}** names no issue where its kind asks for one.`,
      cure: help,
    };
    return typeof format === 'string' ? [absent, unread] : [absent];
  });
}

/** Whether a text field takes only some texts. */
function isNarrow({ path }: Field, form: Form): boolean {
  const schema = form.propertyAt(path);
  return ['format', 'pattern', 'maxLength', 'not'].some((keyword) => keyword in schema);
}

/** The fields that some closing, or a hand-off, cannot do without; as paths. */
function demandedIn(form: Form): Set<string> {
  const closings = OUTCOMES.flatMap((kind) => SEVERITIES.map((severity) => ({ outcome: { kind }, severity })));
  const names = [{}, ...closings].flatMap((record) =>
    form.check('closure', record).flatMap(({ keyword, instancePath, params }) => {
      const { missingProperty: name } = params as { missingProperty?: string };
      return keyword === 'required' && instancePath === '' && name !== undefined ? [name] : [];
    }),
  );
  const handoff = form
    .check('handoff', {})
    .map(({ params }) => `handoff/${String((params as { missingProperty?: string }).missingProperty)}`);
  return new Set([...names, ...handoff]);
}

/** Codes that concern no single field of the form. */
export const OTHER_CODES: Readonly<Record<'checks' | 'excuses' | 'validate', readonly Code[]>> = {
  checks: [
    {
      code: 'OWNER_NOT_ASSIGNED',
      cause: 'The incident has assignees, and neither the owner nor whoever is responsible is among them.',
      cure: 'Assign the owner, or correct the name.',
    },
    {
      code: 'TIMES_OUT_OF_ORDER',
      cause:
        'It was acknowledged or mitigated before it was detected, or resolved before it was acknowledged or mitigated.',
      cure: 'Correct the time that is wrong; times without a zone are read in `time_zone`.',
    },
    {
      code: 'SECTION_DUPLICATED',
      cause: 'Two headings name the same section.',
      cure: 'Keep one of the two, with all that belongs there.',
    },
    {
      code: 'YAML_INVALID',
      cause: 'A fenced `yaml` block (or a configuration) is no YAML.',
      cure: 'Mend it at the line that is named: quotes, indentation without tabs, each key once.',
    },
    {
      code: 'INCIDENT_MARK_REMOVED',
      cause: 'It was an incident, and its type or label was taken away.',
      cure: 'Put it back, or have a Maintainer comment `/override` with the reason.',
    },
    {
      code: 'DUPLICATE_OF_INVALID',
      cause:
        'The issue that this one duplicates is no reference, no incident, or exempt itself, so the work goes on nowhere.',
      cure: 'Name an incident that goes on: duplicate of #12.',
    },
    {
      code: 'SCHEMA_KEYWORD',
      cause:
        "A project's own schema refuses the record by that keyword (`SCHEMA_PATTERN`, `SCHEMA_MIN_PROPERTIES`, ...), and gives no `x-code`.",
      cure: 'Do what the message says; who keeps the schema gives the property an `x-code` and an `x-help`.',
    },
  ],
  excuses: [
    { code: 'DUPLICATE', cause: 'Closed by GitLab as a duplicate of an incident that goes on.', cure: 'Nothing.' },
    { code: 'MOVED', cause: 'Moved to another project.', cure: 'Nothing: it goes on there.' },
    {
      code: 'ALERT_RECOVERED',
      cause: 'One of `alert_bots` closed it before anybody took it, and its severity is below 2.',
      cure: 'Nothing.',
    },
    {
      code: 'OVERRIDDEN',
      cause: 'A Maintainer or an on-call manager commented `/override <reason>`.',
      cure: 'Nothing: it is audited.',
    },
    {
      code: 'CHANGED',
      cause: 'A required field was changed after the incident was verified.',
      cure: 'Look at it in the weekly review; nothing is reopened.',
    },
  ],
  validate: FILE_CODES,
};
