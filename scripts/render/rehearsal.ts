import type { Finding } from '../decide/plan.ts';
import type { Issue } from '../gitlab/port.ts';
import { stepLines, type Paint, type Step } from './steps.ts';

/** A rehearsal: of what, at which moment (ISO 8601), what would be done, and the comments as they would be written. */
export type Rehearsal = {
  issue: Pick<Issue, 'reference'>;
  at: string;
  finding: Finding;
  steps: readonly Step[];
  bodies: readonly string[];
  warnings: readonly string[];
};

/** A rehearsal as text: the table of what would be done and why, then each comment. The reader has the incident anyway. */
export function renderRehearsal({ steps, bodies, warnings }: Rehearsal, paint: Paint): string {
  const table = steps.length > 0 ? stepLines(steps, paint) : ['Nothing would be done.'];
  const comments = bodies.flatMap((body) => ['', ...body.replace(/^/gm, '  | ').split('\n')]);
  return [...table, ...comments, ...warnings.map((warning) => `warning: ${warning}`)].join('\n');
}

/** The last line of a rehearsal. */
export function summariseRehearsal({ issue, at, finding: { state, codes } }: Rehearsal): string {
  const told = codes.length > 0 ? `${state}: ${codes.join(' ')}` : state;
  return `watchkeeper rehearse: ${issue.reference} ${told} [as of ${at}]`;
}
