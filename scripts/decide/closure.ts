import type { Installation } from '../read/config.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { Stray } from '../read/strays.ts';
import { digest } from '../schema/digest.ts';
import type { Form } from '../schema/form.ts';
import { askingForAnalysis } from './analysis-demand.ts';
import { fillIn, needsLittle, type Closing } from './closing.ts';
import { conflictChecks, type Contradiction } from './conflicts.ts';
import { demandedFields, unmetDemands, type Unmet } from './demands.ts';
import type { Check, Reason } from './plan.ts';
import type { Severities } from './severity.ts';
import { showTime } from './show.ts';

const ANALYSIS = 'root_cause_analysis';

/** The gate's judgement of an incident's record: every check, and a hash of what closing demands. */
export type Verdict = { checks: Check[]; hash: string };

/**
 * Holds an incident against the closure schema and against itself. What an outcome does not demand is not held against
 * anybody: a false positive wants its reason and nothing more.
 */
export function judgeClosure(snapshot: Snapshot, severities: Severities, config: Installation, now: Date): Verdict {
  // Known noise counts on the day of closing, so that a verified incident does not change with the calendar.
  const day = (snapshot.issue.closedAt ?? now.toISOString()).slice(0, 10);
  const closing = fillIn(snapshot, severities, config, day);
  const bySchema = demandedFields(closing, config.form);
  const asking = bySchema.includes(ANALYSIS) ? undefined : askingForAnalysis(snapshot, closing, config, now);
  // A form of the project's own may have no such field.
  const isAsked = asking !== undefined && config.form.fieldAt([ANALYSIS]) !== undefined;
  const demanded = isAsked ? [...bySchema, ANALYSIS] : bySchema;
  // Where outcomes contradict each other, none of them excuses anything.
  const isUndecided = snapshot.read.problems.some(({ code }) => code === 'OUTCOME_CONFLICT');
  const asksLittle = needsLittle(closing.outcome) && !isUndecided;
  const relevant = (field: string): boolean => !asksLittle || demanded.includes(field);
  const forMajor = askedByMajor(closing, bySchema, config.form);
  const failing = [
    ...checksOf(snapshot, unmetDemands(closing, config.form), relevant).map((check) => forMajor(check)),
    ...(isAsked && closing[ANALYSIS] === undefined ? [lacksAnalysis(snapshot, asking)] : []),
    ...(relevant('severity') ? unreadSeverity(snapshot) : []),
    ...conflictChecks(snapshot, closing, severities)
      .filter(({ field }) => field === '' || relevant(field))
      .map((contradiction) => toCheck(snapshot, contradiction)),
  ];
  const failed = new Set(failing.map(({ field }) => field.split('/')[0]));
  const passing = demanded.filter((field) => !failed.has(field)).map((field) => passed(snapshot, closing, field));
  const inOrder = templateOrder(config.form);
  const required = demanded.map((field) => [field, withoutTicks(closing[field as keyof Closing])]);
  return {
    checks: [...unique(failing).sort(inOrder), ...passing.sort(inOrder)],
    hash: digest(Object.fromEntries(required)),
  };
}

/** Whether a task is ticked is no part of what was verified: follow-ups go on. */
function withoutTicks(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((entry: unknown) => {
    const isNote = typeof entry === 'object' && entry !== null && 'done' in entry;
    return isNote ? Object.fromEntries(Object.entries(entry).filter(([name]) => name !== 'done')) : entry;
  });
}

/** Marks what is missing and would not be asked for at the lowest severity, so that nobody wonders where it came from. */
function askedByMajor(
  { outcome, severity }: Closing,
  demanded: readonly string[],
  form: Form,
): (check: Check) => Check {
  if (typeof severity !== 'number' || severity === 4) return (check) => check;
  const anyway = demandedFields({ ...(outcome ? { outcome } : {}), severity: 4 }, form);
  const special = new Set(demanded.filter((field) => !anyway.includes(field)));
  return (check) =>
    check.kind === 'missing' && special.has(check.field.split('/')[0] ?? '') ? { ...check, because: severity } : check;
}

/** A decision on an analysis is missing, which a label or the incident's length asks for. */
function lacksAnalysis(snapshot: Snapshot, because: Reason): Check {
  const { code = '', help = '' } = snapshot.read.form.fieldAt([ANALYSIS]) ?? {};
  const unmet: Contradiction = {
    code: `${code || 'SCHEMA'}_MISSING`,
    kind: 'missing',
    field: ANALYSIS,
    given: [],
    help,
  };
  return { ...toCheck(snapshot, unmet), because };
}

/** The checks that unmet demands fail, and those that the shape of the relevant fields' sections fails. */
export function checksOf(
  snapshot: Pick<Snapshot, 'read'>,
  unmet: readonly Unmet[],
  relevant: (field: string) => boolean,
): Check[] {
  const demanded = unmet.map((each) => toCheck(snapshot, { ...each, given: givenAt(snapshot, each) }));
  return [...demanded, ...shapeChecks(snapshot, relevant)];
}

/** A severity that cannot be read is a mistake even where a label gives another. */
function unreadSeverity(snapshot: Snapshot): Check[] {
  const { severity } = snapshot.read.record;
  if (typeof severity !== 'string') return [];
  const help = snapshot.read.form.fieldAt(['severity'])?.help ?? '';
  return [toCheck(snapshot, { code: 'SEVERITY_INVALID', kind: 'invalid', field: 'severity', given: [severity], help })];
}

function shapeChecks({ read }: Pick<Snapshot, 'read'>, relevant: (field: string) => boolean): Check[] {
  return read.problems
    .filter(({ fields }) => fields.some(relevant))
    .map(({ code, kind, section, line, given, at, field = '' }) => {
      const help = read.form.fieldAt(field.split('/'))?.help ?? '';
      return { code, kind, status: 'fail', field, section, line, given, help, ...(at ? { at } : {}) };
    });
}

function toCheck({ read }: Pick<Snapshot, 'read'>, found: Contradiction): Check {
  const section = read.form.fieldAt(found.field.split('/'))?.section ?? '';
  const { entries: [entry = ''] = [], ...check } = found;
  const meant = found.kind === 'missing' && found.given.length === 0 ? meantBy(read, found.field, section) : undefined;
  const line = read.lines.get(`${found.field}/${entry}`) ?? read.lines.get(found.field) ?? read.sections.get(section);
  return { ...check, status: 'fail', section, ...(line === undefined ? {} : { line }), ...(meant ? { meant } : {}) };
}

/** What was perhaps meant to be what is missing. */
function meantBy({ strays }: Snapshot['read'], field: string, section: string): Stray | undefined {
  const byField = strays.find(({ means }) => means?.field === field);
  return (
    byField ??
    strays.find(({ means, kind }) => kind === 'heading' && means?.section === section && means.field === undefined)
  );
}

function passed(snapshot: Snapshot, closing: Closing, field: string): Check {
  const known = snapshot.read.form.fieldAt([field]);
  const value = closing[field as keyof Closing];
  const code = known?.code || field.toUpperCase();
  return {
    ...toCheck(snapshot, { code, kind: 'filled', field, given: [show(value, field)], help: '' }),
    status: 'pass',
  };
}

/** A value in a few words, for the list of what is in order. */
function show(value: unknown, field: string): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return `${value.length} ${value.length === 1 ? 'entry' : 'entries'}`;
  if (typeof value === 'number') return field === 'severity' ? `S${value}` : String(value);
  if (typeof value === 'string') return showTime(value);
  return Object.values(value ?? {}).join(': ');
}

function givenAt(
  { read }: Pick<Snapshot, 'read'>,
  { field, entries }: Pick<Contradiction, 'field' | 'entries'>,
): string[] {
  const paths = (entries ?? ['']).map((entry) => [...field.split('/'), ...(entry === '' ? [] : [entry])]);
  return paths.flatMap((path) => {
    let value: unknown = read.record;
    for (const part of path) value = (value as Record<string, unknown> | undefined)?.[part];
    return value === undefined ? [] : [typeof value === 'string' ? value : show(value, field)];
  });
}

/** One check per code and section, the first of each: a description with a thousand errors gets a short answer. */
function unique(checks: Check[]): Check[] {
  const first = new Map<string, Check>();
  for (const check of checks) {
    const key = `${check.code} ${check.section}`;
    if (!first.has(key)) first.set(key, check);
  }
  return [...first.values()];
}

function templateOrder(form: Form): (a: Check, b: Check) => number {
  const order = new Map<string, number>();
  for (const [index, { path }] of form.fields.entries()) if (!order.has(path[0])) order.set(path[0], index);
  const rank = ({ field }: Check): number => order.get(field.split('/')[0] ?? '') ?? -1;
  return (a, b) => rank(a) - rank(b);
}
