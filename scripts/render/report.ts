import type { CallCount, Issue } from '../gitlab/port.ts';
import type { Finding } from '../decide/plan.ts';
import { render } from './engine.ts';
import { isStep, stepLines, type Also, type Paint, type Step } from './steps.ts';

/** What a run has to report; ids, labels, codes and links only, so that nothing confidential enters a job log. */
export type Report = {
  door: string;
  dryRun: boolean;
  count: CallCount;
  tookMs: number;
  incidents: {
    issue: Issue;
    finding: Finding;
    actions: string[];
    bodies: string[];
    planned: Step[];
    warnings: string[];
  }[];
  /** Why there was nothing to look at. */
  nothing?: string;
  /** How many a sweep listed and left alone. */
  untouched?: number;
  /** What the last line says was found, where that is not about one incident or a sweep. */
  told?: string;
  /** Whether a check failed that is to fail the job. */
  failed?: boolean;
  /** What was done beside single incidents, or in a dry run would be. */
  also?: Also[];
  leftOver: { reference: string; reason: string; to: 'next run' | 'operator' | 'us' }[];
};

/** The files of a run and its last line. */
export type Rendered = { summary: string; lines: string[]; exitCode: 0 | 1 | 2 | 3; artifacts: Record<string, string> };

/** A crash of ours is worse than a mistake of the operator's, and that than what the next run does. */
const EXIT_CODES = { us: 1, operator: 2, 'next run': 3 } as const;

/** Renders the job log's lines, which `paint` may colour, the summary, `watchkeeper-report.json` and `junit.xml`. */
export function renderReport(report: Report, paint: Paint = plain): Rendered {
  const codes = report.leftOver.map(({ to }) => EXIT_CODES[to]);
  const exitCode = ([1, 2, 3] as const).find((code) => codes.includes(code)) ?? (report.failed ? 1 : 0);

  const artifacts = {
    'watchkeeper-report.json': `${JSON.stringify(toJson(report, exitCode), null, 2)}\n`,
    'junit.xml': render('junit', { door: report.door, suites: report.incidents.map(toSuite) }),
  };
  return { summary: summarise(report), lines: toLines(report, paint), exitCode, artifacts };
}

function toJson(report: Report, exitCode: number): object {
  const { door, dryRun, count, incidents, nothing, untouched, leftOver } = report;
  const also = wordsOf(report);
  return {
    door,
    exit_code: exitCode,
    dry_run: dryRun,
    calls: count,
    ...(nothing === undefined ? {} : { nothing }),
    ...(untouched === undefined ? {} : { untouched }),
    incidents: incidents.map(({ issue, finding, actions, warnings }) => ({
      reference: issue.reference,
      project_id: issue.projectId,
      iid: issue.iid,
      url: issue.webUrl,
      state: finding.state,
      codes: finding.codes,
      actions,
      warnings,
    })),
    ...(also.length > 0 ? { also } : {}),
    ...(dryRun ? { planned: stepsOf(report) } : {}),
    left_over: leftOver.map(({ reference, reason }) => ({ reference, reason })),
  };
}

function toSuite({ issue, finding }: Report['incidents'][number]): object {
  const cases = finding.checks.map(({ code, status, section, line }) => ({
    code,
    failed: status === 'fail',
    waived: status === 'waived',
    where: line === undefined ? section : `${section}, line ${line}`,
  }));
  const failures = cases.filter(({ failed }) => failed).length;
  const skipped = cases.filter(({ waived }) => waived).length;
  return { name: issue.reference, url: issue.webUrl, cases, failures, skipped };
}

/** What a run did; of a dry run, what it would do as a table, and the comments as they would be written. */
function toLines(report: Report, paint: Paint): string[] {
  const { incidents, dryRun, leftOver } = report;
  const done = incidents.flatMap(({ issue, finding, actions }) =>
    actions.length > 0 ? [`${issue.reference}: ${actions.join(', ')} (${codesOf(finding)})`] : [],
  );
  const warnings = incidents.flatMap((each) =>
    each.warnings.map((warning) => `${each.issue.reference}: warning: ${warning}`),
  );
  return [
    ...(dryRun ? [...stepLines(stepsOf(report), paint), ...incidents.flatMap(bodyLines)] : done),
    ...warnings,
    ...wordsOf(report),
    ...leftOver.map(({ reference, reason }) => `${reference}: left over: ${reason}`),
  ];
}

/** The comments of an incident that would be written; nothing of a confidential one. */
function bodyLines({ issue, bodies }: Report['incidents'][number]): string[] {
  if (issue.confidential) return [];
  return bodies.flatMap((body) => [`${issue.reference} would say:`, ...body.replace(/^/gm, '  | ').split('\n')]);
}

function stepsOf({ incidents, also = [] }: Report): Step[] {
  return [...incidents.flatMap(({ planned }) => planned), ...also.filter(isStep)];
}

function wordsOf({ also = [] }: Report): string[] {
  return also.filter((each): each is string => !isStep(each));
}

function plain(_style: string, text: string): string {
  return text;
}

function summarise(report: Report): string {
  const { door, dryRun, count, incidents, nothing, untouched, leftOver, tookMs, told: given } = report;
  const [only] = incidents;
  const told =
    given !== undefined
      ? given
      : nothing !== undefined
        ? `nothing to do: ${nothing}`
        : untouched === undefined && only
          ? `${only.issue.reference} ${codesOf(only.finding)}`
          : `${incidents.length} examined, ${untouched ?? 0} more listed: ${tally(report)}`;
  const left = leftOver.length > 0 ? `, ${leftOver.length} left over` : '';
  const calls = `${count.reads} reads, ${count.writes} writes, ${(tookMs / 1000).toFixed(1)} s`;
  return `watchkeeper ${door}: ${told}${left}${dryRun ? ' [dry run]' : ''} | ${calls}`;
}

function codesOf({ state, codes }: Finding): string {
  const told = state === 'not an incident' ? 'not an incident, nothing to do' : state;
  return codes.length > 0 ? `${told}: ${codes.join(' ')}` : told;
}

function tally({ incidents, leftOver }: Report): string {
  const counts = new Map<string, number>();
  for (const { finding } of incidents) counts.set(finding.state, (counts.get(finding.state) ?? 0) + 1);
  if (counts.size === 0) return leftOver.length > 0 ? 'nothing was done' : 'nothing to do';
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}
