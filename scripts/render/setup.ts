import type { Finding } from '../decide/findings.ts';
import { levelOf } from '../decide/findings.ts';
import type { Step } from '../decide/setup-deeds.ts';
import { FINDINGS } from '../schema/finding-codes.ts';
import { onOneLine } from '../decide/show.ts';
import { render } from './engine.ts';

/** Colours a text on a terminal, and leaves it plain elsewhere. */
type Paint = (style: 'green' | 'yellow' | 'cyan' | 'bold' | 'dim', text: string) => string;

const SIGNS = { add: '+', change: '~', remove: '-' } as const;
const STYLES = { add: 'green', change: 'yellow', remove: 'cyan' } as const;
const LEVELS = { error: 'bold', warning: 'yellow', note: 'dim' } as const;

/** A plan like a diff, by where its steps are: a line for each, and one for each thing that is changed. */
export function renderPlan(steps: readonly Step[], paint: Paint): string[] {
  const places = [...new Set(steps.map(({ where }) => where))];
  return places.flatMap((place) => [
    place,
    ...steps.filter(({ where }) => where === place).flatMap((step) => renderStep(step, paint)),
  ]);
}

/** A step in a line, and one for each thing that it changes. */
function renderStep({ verb, what, changes }: Step, paint: Paint): string[] {
  const line = paint(STYLES[verb], `  ${SIGNS[verb]} ${onOneLine(what)}`);
  const shown = changes.map(({ name, from, to }) =>
    paint('dim', `      ${name}: ${onOneLine(from) || 'nothing'} -> ${onOneLine(to)}`),
  );
  return [line, ...shown];
}

/** What a finding says, and its cure. */
export function wordsOf({ code, about }: Finding): { cause: string; cure: string } {
  const fill = (text: string): string =>
    text.replace(/\{([a-z]{1,20})\}/g, (all, name: string) => onOneLine(about[name] ?? all));
  return { cause: fill(FINDINGS[code].cause), cure: fill(FINDINGS[code].cure) };
}

/** Findings, each with its cure below it; errors first. */
export function renderFindings(findings: readonly Finding[], paint: Paint): string[] {
  return (['error', 'warning', 'note'] as const).flatMap((level) =>
    findings
      .filter((finding) => levelOf(finding) === level)
      .flatMap((finding) => {
        const { cause, cure } = wordsOf(finding);
        const head = paint(LEVELS[level], `${level.padEnd(7)} ${finding.code}`);
        return [`${head} ${finding.where}: ${cause}`, paint('dim', `        ${cure}`)];
      }),
  );
}

/** How many findings there are of each level, in words. */
export function tally(findings: readonly Finding[]): string {
  const counts = (['error', 'warning', 'note'] as const).flatMap((level) => {
    const count = findings.filter((finding) => levelOf(finding) === level).length;
    return count === 0 ? [] : `${count} ${level}${count === 1 ? '' : 's'}`;
  });
  return counts.length > 0 ? counts.join(', ') : 'in order';
}

/** The artifacts of a run: a report for machines, and JUnit with a case for each finding. */
export function renderArtifacts(
  exitCode: number,
  steps: readonly Step[],
  findings: readonly Finding[],
): Record<string, string> {
  const told = findings.map((finding) => ({ ...finding, level: levelOf(finding), ...wordsOf(finding) }));
  const planned = steps.map(({ verb, what, where, changes }) => ({ verb, what, where, changes }));
  const report = { door: 'setup', exit_code: exitCode, steps: planned, findings: told };
  const cases = told.map(({ code, level, where, cause }) => ({
    ...{ code: `${code} ${where}`, failed: level === 'error', waived: level !== 'error', where: cause },
  }));
  const failures = cases.filter(({ failed }) => failed).length;
  const suite = { name: 'installation', url: '', cases, failures, skipped: cases.length - failures };
  return {
    'watchkeeper-report.json': `${JSON.stringify(report, null, 2)}\n`,
    'junit.xml': render('junit', { door: 'setup', suites: [suite] }),
  };
}
