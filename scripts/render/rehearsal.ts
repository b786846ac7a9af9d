import type { Finding } from '../decide/plan.ts';
import type { Issue } from '../gitlab/port.ts';
import { stepLines, type Paint, type Step } from './steps.ts';

/** A rehearsal: of what, at which moment (ISO 8601), what would be done, and the comments as they would be written. */
type Rehearsal = {
  issue: Pick<Issue, 'reference'>;
  at: string;
  finding: Finding;
  steps: readonly Step[];
  bodies: readonly string[];
  warnings: readonly string[];
};

/** A recording: where it lies, what it is judged as, and what it gives otherwise than the original. */
type Recorded = { folder: string; original: { finding: Finding }; differences: readonly string[] };

/** How a tool ends that leaves no files beside what it was asked for. */
type Told = { summary: string; exitCode: 0 | 1; artifacts: Record<string, never> };

/**
 * Prints what would be done and why, as a table, then each comment as it would be written, also of a confidential incident:
 * whoever rehearses has its text.
 */
export function renderRehearsal(
  { issue, at, finding, steps, bodies, warnings }: Rehearsal,
  paint: Paint,
  print: (text: string) => void,
): Told {
  const table = steps.length > 0 ? stepLines(steps, paint) : ['Nothing would be done.'];
  const comments = bodies.flatMap((body) => ['', ...body.trimEnd().replace(/^/gm, '  | ').split('\n')]);
  print([...table, ...comments, ...warnings.map((warning) => `warning: ${warning}`)].join('\n'));
  const summary = `watchkeeper rehearse: ${issue.reference} ${wordsOf(finding)} [as of ${at}]`;
  return { summary, exitCode: 0, artifacts: {} };
}

/** Prints what a record gives otherwise than the original, if anything, and says where it lies. */
export function renderRecorded(
  { folder, original: { finding }, differences }: Recorded,
  isKept: boolean,
  print: (text: string) => void,
): Told {
  if (differences.length === 0) {
    const summary = `watchkeeper rehearse: recorded into ${folder}, which gives the same as the original (${wordsOf(finding)})`;
    return { summary, exitCode: 0, artifacts: {} };
  }
  print(differences.join('\n'));
  const kept = isKept ? `it lies in ${folder}` : 'it was not kept, --keep would keep it';
  return {
    ...{ summary: `watchkeeper rehearse: the record does not give the same as the original; ${kept}` },
    ...{ exitCode: 1, artifacts: {} },
  };
}

function wordsOf({ state, codes }: Finding): string {
  return codes.length > 0 ? `${state}: ${codes.join(' ')}` : state;
}
