import type { Form } from '../schema/form.ts';
import type { Installation } from '../read/config.ts';
import type { Paper } from '../read/papers.ts';
import type { Mistake } from '../read/source-file.ts';
import { snapshotOfText } from '../read/paper.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { Stray } from '../read/strays.ts';
import { judgeClosure } from './closure.ts';
import { handoffChecks } from './handoff-fields.ts';
import type { Check } from './plan.ts';
import { rosterFlaws, type RosterFlaw } from './roster-flaws.ts';
import { gatherSeverities } from './severity.ts';

/** What a description in a file is held against: nothing but itself, closing, or a hand-off. */
export type Occasion = 'writing' | 'closing' | 'hand-off';

/** Something to say of a file, in one place of it. Warnings fail nothing. */
export type Remark = Omit<Mistake, 'message'> & { level: 'error' | 'warning' } & (
    { check: Check; form: Form } | { stray: Stray } | { flaw: RosterFlaw } | { message: string }
  );

/** What is to be said of a description, and what it already has, for those who show how to mend it. */
export type Judged = { file: string; remarks: Remark[]; failing: Check[]; snapshot: Snapshot };

const STRAY_CODES: Readonly<Record<Stray['kind'], string>> = {
  heading: 'HEADING_UNKNOWN',
  'heading of a field': 'HEADING_UNKNOWN',
  field: 'FIELD_UNKNOWN',
  key: 'KEY_UNKNOWN',
  'homeless field': 'FIELD_OUTSIDE_SECTIONS',
};

/** Holds a description against an occasion. While it is being written, what is missing is no mistake yet. */
export function judgeText(
  { file, text, installation }: { file: string; text: string; installation: Installation },
  occasion: Occasion,
  now: Date,
): Judged {
  const snapshot = snapshotOfText(text, installation, now);
  const checks = occasion === 'hand-off' ? handoffChecks(snapshot.read) : closingChecks(snapshot, installation, now);
  const failing = checks.filter(
    ({ status, kind }) => status === 'fail' && (occasion !== 'writing' || kind !== 'missing'),
  );
  const source = text.split('\n');
  const found = failing.map((check): Remark => {
    const { code, line = 1, given } = check;
    return {
      file,
      line,
      column: columnOf(source[line - 1] ?? '', given),
      code,
      level: 'error',
      check,
      form: installation.form,
    };
  });
  const strays = snapshot.read.strays.map((stray): Remark => {
    const { line, given } = stray;
    const code = STRAY_CODES[stray.kind];
    return { file, line, column: columnOf(source[line - 1] ?? '', [given]), code, level: 'warning', stray };
  });
  const remarks = [...found, ...strays, ...unread(file, snapshot, text)].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  );
  return { file, remarks, failing, snapshot };
}

function closingChecks(snapshot: Snapshot, installation: Installation, now: Date): Check[] {
  const severities = gatherSeverities(snapshot, installation, now.toISOString());
  return judgeClosure(snapshot, severities, installation, now).checks;
}

/** A file of which nothing could be read is not in order, whatever it was asked. */
function unread(file: string, { read }: Snapshot, text: string): Remark[] {
  if (read.sections.size > 0 || Object.keys(read.record).length > 0 || text.trim() === '') return [];
  const names = [...read.form.sections.keys()].filter((name) => name !== 'Incident');
  const message = `nothing was read: no heading is one of ours, which are ${names.join(', ')}.`;
  return [{ file, line: 1, column: 1, code: 'NO_SECTION', level: 'warning', message }];
}

/** Where in a line what somebody wrote begins, counted from 1; else its first letter. */
function columnOf(written: string, given: readonly string[]): number {
  const line = written.replace(/<!--[^]*?(?:-->|$)/g, (comment) => ' '.repeat(comment.length));
  const beginnings = given.map((text) => text.split('\n')[0] ?? '').filter((text) => text !== '');
  const at = beginnings.map((text) => line.lastIndexOf(text)).find((index) => index >= 0);
  return (at ?? Math.max(line.search(/\S/), 0)) + 1;
}

/** All that is to be said of some files, in their order: of configurations what is wrong with them, and with their rosters. */
export function remarksOn(papers: readonly Paper[], judged: readonly Judged[], now: Date): Remark[] {
  return papers.flatMap((paper): Remark[] =>
    paper.kind === 'config'
      ? [...paper.mistakes.map((mistake): Remark => ({ ...mistake, level: 'error' })), ...rosterRemarks(paper, now)]
      : judged.filter(({ file }) => file === paper.file).flatMap(({ remarks }) => remarks),
  );
}

const FLAW_CODES = { gap: 'ROSTER_GAP', overlap: 'ROSTER_OVERLAP' } as const;

function rosterRemarks({ file, inForce }: Extract<Paper, { kind: 'config' }>, now: Date): Remark[] {
  if (!inForce) return [];
  const { installation, placeOf } = inForce;
  return rosterFlaws(installation, now).map(({ flaw, level, pointer, key }) => ({
    ...{ file, ...placeOf(pointer, key), code: FLAW_CODES[flaw.kind] },
    ...{ level, flaw },
  }));
}
