import type { Evidence } from '../decide/evidence.ts';
import { MOMENTS, type EvidenceLine, type Moment } from '../decide/evidence-incidents.ts';
import { shown } from './comment.ts';
import { renderCsv, type Cell } from './csv.ts';
import { render, tidy } from './engine.ts';

/** evidence.md: the evidence for people to read. */
export function renderEvidence(evidence: Evidence): string {
  const { gitlab, difference } = evidence.reconciled;
  const view = { ...evidence, isCounted: gitlab !== null, gitlab, difference };
  const apart = { missing: Math.max(0, difference ?? 0), more: Math.max(0, -(difference ?? 0)) };
  return tidy(render('evidence/report', shown({ ...view, ...apart }) as object));
}

/** The columns of evidence.csv; what has a time of its own has one too. */
export const EVIDENCE_COLUMNS = [
  ...(['reference', 'url', 'severity', 'class', 'code', 'because', 'changed', 'schema', 'config', 'notes'] as const),
  ...MOMENTS,
] as const;

/** evidence.csv: a row for each incident. A time stands with who did it and its source: `2026-11-20T02:07:00Z ana note 12`. */
export function renderEvidenceCsv({ incidents }: Evidence): string {
  return renderCsv(EVIDENCE_COLUMNS, incidents.map(rowOf));
}

function rowOf({ moments, verified, changed, ...line }: EvidenceLine): Record<string, Cell> {
  const told = MOMENTS.map((what) => [
    what,
    moments
      .filter((moment) => moment.what === what)
      .map(tell)
      .join('; '),
  ]);
  return {
    ...line,
    ...{ changed: changed ? 'yes' : 'no', schema: verified?.schema ?? null, config: verified?.config ?? null },
    notes: verified?.notes.join(' ') ?? null,
    ...(Object.fromEntries(told) as Record<string, string>),
  };
}

function tell({ at, by, source: { kind, id } }: Moment): string {
  return [at, by, kind, id].filter((part) => part !== null).join(' ');
}
